"""What the office could not read when it came is read by itself once its program can."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.journal import Entry
from sync.server.cases import list_cases
from sync.server.devices import revoke_device
from sync.server.ingest import applying, judging
from sync.server.letting_in import kept_days
from sync.server.office import Office
from sync.server.people.tables import DEED_ROWS
from sync.server.reading_again import read_again
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, outcomes, person


def said(entry: Entry) -> dict[str, Any]:
    assert entry.body
    return dict(from_canonical(entry.body))


def subject_of(entry: Entry) -> UUID:
    return UUID(entry.fields["subject"])


def states(office: Office) -> dict[str, int]:
    found: dict[str, int] = standing(office)["by_state"]
    return found


def deeds(office: Office) -> int:
    query = select(DEED_ROWS.c.n).where(DEED_ROWS.c.deed == "entries_read_again")
    with office.database.reading() as connection:
        return len(connection.execute(query).all())


@pytest.fixture
def old_program(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The office's program of before its upgrade; calling it is the upgrade."""
    monkeypatch.setattr(judging, "BODY_SCHEMA", 0)
    monkeypatch.setattr(applying, "KINDS", applying.KINDS - {"withdraw"})
    return monkeypatch.undo


def agrees(office: Office, laptop: Laptop) -> bool:
    laptop.pull()
    return bool(laptop.hello()["digest_ok"]) and verify_office(office) == []


def test_records_of_a_newer_form_count_after_the_upgrade(
    office: Office, laptop: Laptop, old_program: Callable[[], None]
):
    first = laptop.register()
    changed = said(first) | {"phone": "081200000001"}
    later = laptop.write("correct", changed, subject=subject_of(first), base=first.hash)
    assert set(outcomes(laptop.push(laptop.journal)).values()) == {"quarantined"}
    assert states(office) == {"quarantined": 1}
    assert agrees(office, laptop)
    assert read_again(office) == 0
    old_program()
    assert read_again(office) == 2
    assert states(office) == {"registered": 1}
    told = [item["revision"] for item in laptop.pull() if item["kind"] == "accepted"]
    assert told[-1] == later.hash
    assert agrees(office, laptop)
    assert laptop.push(laptop.journal)["others"] == []
    assert (read_again(office), deeds(office)) == (0, 1)


def test_a_kind_that_was_unknown_has_its_effect_after_the_upgrade(
    office: Office, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(applying, "KINDS", applying.KINDS - {"withdraw"})
    first = laptop.register()
    gone = laptop.write("withdraw", {"reason": "x"}, subject=subject_of(first), base=first.hash)
    stranger = laptop.write("from_the_future", {"x": 1}, subject=uuid4())
    receipt = laptop.push(laptop.journal)
    assert outcomes(receipt) == dict.fromkeys((gone.hash, stranger.hash), "quarantined")
    assert states(office) == {"registered": 1}
    monkeypatch.undo()
    assert read_again(office) == 1
    assert states(office) == {"withdrawn": 1}
    assert agrees(office, laptop)
    assert outcomes(laptop.push(laptop.journal)) == {stranger.hash: "quarantined"}


def test_a_newer_form_of_a_record_that_stands_is_taken_and_its_case_ends(
    office: Office, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
):
    first = laptop.register()
    laptop.push(laptop.journal)
    laptop.pull()
    monkeypatch.setattr(judging, "BODY_SCHEMA", 0)
    changed = said(first) | {"phone": "081200000001"}
    later = laptop.write("correct", changed, subject=subject_of(first), base=first.hash)
    assert outcomes(laptop.push([later])) == {later.hash: "case"}
    assert len(list_cases(office)) == 1
    monkeypatch.undo()
    assert read_again(office) == 1
    assert list_cases(office) == []
    assert laptop.push([later])["others"] == []
    assert agrees(office, laptop)


def test_what_came_from_a_laptop_that_was_stopped_meanwhile_waits_for_an_officer(
    office: Office, laptop: Laptop, old_program: Callable[[], None]
):
    laptop.push([laptop.journal[0], laptop.register()])
    revoke_device(office, "A01")
    old_program()
    assert read_again(office) == 1
    assert states(office) == {"quarantined": 1}
    assert [one.people for one in kept_days(office, "A01")] == [1]
    assert verify_office(office) == []


def test_what_is_still_unknown_stays_as_it_came(
    office: Office, laptop: Laptop, old_program: Callable[[], None]
):
    first = laptop.register()
    newer = laptop.write("correct", person(), subject=subject_of(first), base=first.hash, schema=99)
    laptop.push(laptop.journal)
    old_program()
    assert read_again(office) == 1
    assert outcomes(laptop.push(laptop.journal)) == {newer.hash: "quarantined"}
    assert states(office) == {"registered": 1}
    assert agrees(office, laptop)

"""What a stopped laptop saved before it was lost is let in by a deed of the office."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from enumerator_app.domain.instants import instant_from_text, instant_to_text
from sync.server import letting_in
from sync.server.cases import list_cases
from sync.server.device_standing import device_standings
from sync.server.devices import add_device, revoke_device
from sync.server.errors import LetInGrown
from sync.server.letting_in import kept_days, let_in
from sync.server.office import Office
from sync.server.people.audit import wrong_deeds_of
from sync.server.people.tables import DEED_ROWS
from sync.server.standing import standing
from sync.server.tables import SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.server.laptops import NOON, Laptop, fields_of, nik, outcomes, person

LOST_ON = date(2026, 11, 23)
"""The day after the laptop was last in the enumerator's hands."""


def at(days: int) -> str:
    return instant_to_text(instant_from_text(NOON) + timedelta(days=days))


def stopped(office: Office, laptop: Laptop) -> None:
    laptop.push(laptop.journal)
    laptop.pull()
    revoke_device(office, "A01")


def states(office: Office) -> dict[str, int]:
    found: dict[str, int] = standing(office)["by_state"]
    return found


def deeds(office: Office) -> list[str]:
    with office.database.reading() as connection:
        return list(connection.execute(select(DEED_ROWS.c.deed).order_by(DEED_ROWS.c.n)).scalars())


def test_what_was_saved_before_that_day_counts_and_the_rest_does_not(
    office: Office, laptop: Laptop
):
    stopped(office, laptop)
    sent = [laptop.register(nik=nik(n + 1), claimed_time=at(n)) for n in range(3)]
    assert set(outcomes(laptop.push(sent)).values()) == {"quarantined"}
    assert [(one.day, one.people) for one in kept_days(office, "A01")] == [
        (LOST_ON - timedelta(days=1), 1), (LOST_ON, 1), (LOST_ON + timedelta(days=1), 1),
    ]  # fmt: skip
    done = let_in(office, "A01", LOST_ON)
    assert (done.entries, done.people, done.left) == (1, 1, 2)
    assert done.outcomes == {"accepted": 1}
    assert states(office) == {"registered": 1, "quarantined": 2}
    assert (device_standings(office)[0]["quarantined"], verify_office(office)) == (2, [])
    assert outcomes(laptop.push(sent)) == {one.hash: "quarantined" for one in sent[1:]}
    laptop.pull()
    assert laptop.hello()["digest_ok"]


def test_who_counts_what_is_kept_reads_no_entry(office: Office, laptop: Laptop):
    """A lost laptop may have left thousands, and each list of laptops counts them."""
    stopped(office, laptop)
    laptop.push([laptop.register(nik=nik(n + 1)) for n in range(3)])
    asked: list[str] = []

    @event.listens_for(office.database._reader, "before_cursor_execute")
    def note(_connection, _cursor, said, *_):
        asked.append(said)

    assert device_standings(office)[0]["quarantined"] == 3
    assert any("quarantined" in said or "entry.outcome" in said for said in asked)
    assert [said for said in asked if "header" in said] == []
    kept_days(office, "A01")
    assert any("header" in said for said in asked), "the control"


def test_a_clock_that_is_put_back_lets_nothing_in_behind_what_came_later(
    office: Office, laptop: Laptop
):
    stopped(office, laptop)
    sent = [laptop.register(nik=nik(n + 1), claimed_time=at(days)) for n, days in enumerate((5, 0))]
    laptop.push(sent)
    assert let_in(office, "A01", LOST_ON).entries == 0


def test_it_is_done_once_and_stands_in_the_trail(office: Office, laptop: Laptop):
    stopped(office, laptop)
    laptop.push([laptop.register(nik=nik(1))])
    before = deeds(office)
    assert let_in(office, "A01", LOST_ON, dry_run=True).entries == 1
    assert deeds(office) == before
    let_in(office, "A01", LOST_ON)
    assert let_in(office, "A01", LOST_ON).entries == 0
    assert deeds(office) == [*before, "device_let_in"]
    assert wrong_deeds_of(office) == []


def test_a_correction_of_somebody_known_is_merged_and_its_case_ends(office: Office, laptop: Laptop):
    first = laptop.register(nik=nik(1))
    stopped(office, laptop)
    subject, number = first.fields["subject"], dict(person(nik=nik(1)))
    body = {**number, "phone": "081234567890", "phone_owner": "self"}
    laptop.push([laptop.write("correct", body, subject=subject, base=first.hash)])
    assert [case["kind"] for case in list_cases(office)] == ["parked"]
    assert let_in(office, "A01", LOST_ON).outcomes == {"accepted": 1}
    assert list_cases(office) == []
    said = [fields_of(one) for one in laptop.pull()]
    assert any(one["kind"] == "case" and one.get("answer") == "let_in" for one in said)
    with office.database.reading() as connection:
        state, revision = connection.execute(
            select(SUBJECT_ROWS.c.state, SUBJECT_ROWS.c.revision)
        ).one()
    assert (state, revision) == ("registered", laptop.head.hash)


def test_who_is_let_in_only_in_part_is_what_was_said_before_that_day(
    office: Office, laptop: Laptop
):
    stopped(office, laptop)
    first = laptop.register(nik=nik(1))
    subject = first.fields["subject"]
    later = {**person(nik=nik(1)), "name": "ORANG LAIN"}
    second = laptop.write("correct", later, subject=subject, base=first.hash, claimed_time=at(3))
    laptop.push([first, second])
    let_in(office, "A01", LOST_ON)
    with office.database.reading() as connection:
        assert connection.execute(select(SUBJECT_ROWS.c.name)).scalar_one() == "SITI AMINAH"
    done = let_in(office, "A01", LOST_ON + timedelta(days=9))
    assert (done.entries, done.left) == (1, 0)
    with office.database.reading() as connection:
        assert connection.execute(select(SUBJECT_ROWS.c.name)).scalar_one() == "ORANG LAIN"
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    assert verify_office(office) == []


def test_who_was_registered_again_elsewhere_meanwhile_is_a_case_of_one_nik(
    office: Office, laptop: Laptop, new_laptop: Any
):
    stopped(office, laptop)
    laptop.push([laptop.register(nik=nik(1))])
    other = new_laptop()
    other.register(nik=nik(1))
    other.push(other.journal)
    let_in(office, "A01", LOST_ON)
    assert [case["kind"] for case in list_cases(office)] == ["same_nik"]


def test_more_than_was_agreed_to_is_not_let_in(office: Office, laptop: Laptop):
    stopped(office, laptop)
    laptop.push([laptop.register(nik=nik(n + 1)) for n in range(2)])
    with pytest.raises(LetInGrown):
        let_in(office, "A01", LOST_ON, most=1)
    assert states(office) == {"quarantined": 2}


def test_many_entries_are_let_in_at_once(
    office: Office, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(letting_in, "_AT_ONCE", 2)
    stopped(office, laptop)
    laptop.push([laptop.register(nik=nik(n + 1)) for n in range(5)])
    assert let_in(office, "A01", LOST_ON).people == 5
    assert states(office) == {"registered": 5}
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    assert add_device(office, "Pengganti").device_code == "A02"

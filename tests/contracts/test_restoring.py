from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import FileUnreadable, WrongPassphrase
from sync.server.backing_up import back_up, restore
from sync.server.cases import list_cases
from sync.server.deciding import Verdict, approve, decide_one, find_by_number
from sync.server.erasing import erase
from sync.server.errors import OfficeRecovering
from sync.server.home import Home
from sync.server.insurer import export_to_insurer
from sync.server.office import Office, open_office
from sync.server.reading_contents import stream, with_contents
from sync.server.standing import standing
from sync.server.tls import authority_pem
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, nik
from tests.server.offices import PASSPHRASE, serving


def url_of(office: Office) -> str | None:
    place = office.database.place
    return None if isinstance(place, Path) else place


def number_in(laptop: Laptop) -> str:
    return from_canonical(laptop.journal[-1].body)["number"]


@pytest.fixture
def put_back(office: Office, tmp_path: Path) -> Callable[[], Office]:
    """Puts the copy back and opens the office anew, as after a disaster."""

    def work() -> Office:
        office.database.close()
        restore(office.home, url_of(office), tmp_path / "copy", PASSPHRASE)
        return open_office(office.home, url_of(office))

    return work


def test_after_a_restore_laptops_bring_back_what_came_after_the_copy(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    laptop.pull()
    old_epoch, before = office.server_epoch, standing(office)
    again = put_back()
    with serving(again) as place:
        laptop.place = place
        assert again.server_epoch != old_epoch
        assert standing(again)["by_state"] == {"registered": 1}
        with pytest.raises(OfficeRecovering):
            export_to_insurer(again, tmp_path / "list.xlsx", officer="Ratna")
        answer = laptop.hello()
        assert not answer["feed_ok"]
        laptop.reoffer()
        laptop.push(laptop.journal)
        reread(laptop)
        assert standing(again)["by_state"] == before["by_state"] == {"verified": 2}
        assert laptop.hello()["digest_ok"]
        laptop.hello()
        assert not standing(again)["recovering"]
    assert verify_office(again) == []
    again.close()


def reread(laptop: Laptop) -> None:
    laptop.feed_n, laptop.feed_hash, laptop.acknowledged = 0, None, {}
    laptop.pull()


def test_a_decision_that_the_office_forgot_is_told_again_in_the_feed(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    decision = laptop.pull()[-1]
    again = put_back()
    with serving(again) as place:
        laptop.place = place
        assert laptop.reoffer() == ["known", "known", "adopted"]
        assert laptop.reoffer() == ["known", "known", "known"]
        forged = {**decision, "bytes": decision["bytes"].replace("verified", "enrolled")}
        laptop.notices = [forged]
        assert laptop.reoffer() == ["bad_signature"]
        reread(laptop)
        assert fields_of(laptop.notices[-1])["revision"] == decision["revision"]
    again.close()


def test_what_an_officer_decided_after_the_restore_stands(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    laptop.pull()
    again = put_back()
    record = find_by_number(again, number_in(laptop))
    verdict = Verdict(record.id, "returned", "nama salah", "name")
    decide_one(again, verdict, officer="Ratna", actor="officer")
    with serving(again) as place:
        laptop.place = place
        laptop.reoffer()
        reread(laptop)
        assert standing(again)["by_state"] == {"returned": 1}
        assert fields_of(last_of(laptop, "decision"))["state"] == "returned"
        assert [case["kind"] for case in list_cases(again)] == ["decided_twice"]
        assert laptop.hello()["digest_ok"]
        assert set(laptop.reoffer()) == {"known"}
    assert verify_office(again) == []
    again.close()


def test_a_person_already_sent_to_the_insurer_is_not_sent_back_by_a_later_officer(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    laptop.pull()
    again = put_back()
    record = find_by_number(again, number_in(laptop))
    verdict = Verdict(record.id, "returned", "nama salah", "name")
    decide_one(again, verdict, officer="Ratna", actor="officer")
    with serving(again) as place:
        laptop.place = place
        laptop.reoffer()
        reread(laptop)
        assert standing(again)["by_state"] == {"submitted": 1}
        assert [case["kind"] for case in list_cases(again)] == ["decided_twice"]
        assert laptop.hello()["digest_ok"]
    assert verify_office(again) == []
    again.close()


def test_an_older_decision_offered_last_does_not_undo_a_later_one(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    laptop.pull()
    laptop.notices.reverse()
    again = put_back()
    with serving(again) as place:
        laptop.place = place
        laptop.reoffer()
        reread(laptop)
        assert standing(again)["by_state"] == {"submitted": 1}
        assert list_cases(again) == []
        assert laptop.hello()["digest_ok"]
    assert verify_office(again) == []
    again.close()


def test_a_decision_that_comes_back_takes_nothing_from_a_later_correction(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    first = laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    other = laptop.copy()
    approve(office, officer="Ratna")
    laptop.pull()
    again = put_back()
    with serving(again) as place:
        laptop.place = other.place = place
        other.counter = 50
        record = find_by_number(again, number_in(other))
        body = {**from_canonical(first.body), "address": "KP. BARU"}
        other.write("correct", body, subject=record.id, base=first.hash)
        other.push(other.journal)
        laptop.counter = 99
        assert laptop.reoffer()[-1] == "adopted"
        reread(laptop)
        ((row, content),) = contents(again)
        assert content["address"] == "KP. BARU"
        assert row.state == "registered"  # nobody looked at the new address yet
        assert laptop.hello()["digest_ok"]
    assert verify_office(again) == []
    again.close()


def contents(office: Office) -> list[tuple[Any, dict[str, Any]]]:
    with office.database.reading() as connection:
        return list(stream(connection, with_contents()))


def last_of(laptop: Laptop, kind: str) -> dict[str, Any]:
    return [item for item in laptop.notices if item["kind"] == kind][-1]


def test_who_was_erased_stays_erased_after_a_restore(
    office: Office, laptop: Laptop, tmp_path: Path, put_back
):
    laptop.register(nik=nik(1), name="NAMA RAHASIA")
    laptop.push(laptop.journal)
    back_up(office, tmp_path / "copy")
    record = find_by_number(office, number_in(laptop))
    erase(office, record.id, ground="permintaan")
    assert "erase" in {item["kind"] for item in laptop.pull()}
    again = put_back()
    assert standing(again)["by_state"] == {"erased": 1}
    assert verify_office(again) == []
    with serving(again) as place:
        laptop.place = place
        later = laptop.write(
            "correct", {"name": "NAMA RAHASIA"}, subject=record.id, base=record.revision
        )
        receipt = laptop.push(laptop.journal)
        assert {"hash": later.hash, "outcome": "erased", "code": None} in receipt["others"]
    if url_of(again) is None:
        again.close()
        files = [again.home.database_file, Path(f"{again.home.database_file}-wal")]
        with_name = [path for path in files if path.exists() and b"RAHASIA" in path.read_bytes()]
        assert not with_name
    again.close()


def test_a_copy_makes_the_office_anew_on_another_machine(
    sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path
):
    laptop = laptop_on(sqlite_office)
    gone = laptop.register(nik=nik(1), name="NAMA RAHASIA")
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    laptop.pull()
    erase(sqlite_office, str(UUID(from_canonical(gone.header)["subject"])), ground="permintaan")
    back_up(sqlite_office, tmp_path / "copy")
    new = Home(tmp_path / "new machine")
    new.path.mkdir()
    with pytest.raises(WrongPassphrase):
        restore(new, None, tmp_path / "copy", "lain sekali dari yang benar")
    assert not new.public_file.exists()

    restore(new, None, tmp_path / "copy", PASSPHRASE)

    again = open_office(new, None)
    assert again.public == sqlite_office.public
    assert standing(again)["by_state"] == {"erased": 1, "registered": 1}
    assert authority_pem(new) == authority_pem(sqlite_office.home)
    with serving(again) as place:
        laptop.place = place
        assert laptop.hello()["known"] == laptop.head.hash  # signed by a key the laptop knows
        assert approve(again, officer="Ratna") == 1
        laptop.pull()
    assert verify_office(again) == []
    restore(new, None, tmp_path / "copy", PASSPHRASE)  # over an office that is there
    again.close()


def test_a_copy_is_sealed_and_opens_with_the_right_passphrase_only(
    office: Office, laptop: Laptop, tmp_path: Path
):
    laptop.register(name="NAMA RAHASIA")
    laptop.push(laptop.journal)
    back_up(office, tmp_path / "copy")
    assert b"RAHASIA" not in (tmp_path / "copy").read_bytes()
    with pytest.raises(WrongPassphrase):
        restore(office.home, url_of(office), tmp_path / "copy", "lain sekali dari yang benar")
    (tmp_path / "other").write_bytes((tmp_path / "copy").read_bytes()[:-100])
    with pytest.raises(FileUnreadable):
        restore(office.home, url_of(office), tmp_path / "other", PASSPHRASE)
    assert standing(office)["registrations"] == 1


def test_a_database_put_back_by_hand_is_noticed_by_its_head(sqlite_office: Office, laptop_on):
    laptop = laptop_on(sqlite_office)
    laptop.register()
    laptop.push(laptop.journal)
    sqlite_office.database.close()
    old = sqlite_office.home.database_file.read_bytes()
    wal = Path(f"{sqlite_office.home.database_file}-wal")
    old_wal = wal.read_bytes() if wal.exists() else b""
    approve(sqlite_office, officer="Ratna")
    sqlite_office.database.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{sqlite_office.home.database_file}{suffix}").unlink(missing_ok=True)
    sqlite_office.home.database_file.write_bytes(old)
    if old_wal:
        wal.write_bytes(old_wal)
    again = open_office(sqlite_office.home, None)
    assert again.server_epoch != sqlite_office.server_epoch
    assert standing(again)["recovering"]
    again.close()

"""A server put back from a copy older than the insurer's answer: laptops bring the answer back."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import day_in_wib
from sync.server.backing_up import back_up, restore
from sync.server.batches import register
from sync.server.batches.checking import check_people
from sync.server.batches.keeping import list_batches
from sync.server.batches.recovering import bring_back
from sync.server.batches.trouble import NothingToPay
from sync.server.covering.ending import end_cover, ending_of, undo_end
from sync.server.covering.kept_beside import KIND
from sync.server.covering.paying import list_payments, record_payment
from sync.server.covering.stopping import stop_payment
from sync.server.covering.unpaying import undo_payment
from sync.server.covering.unstopping import list_stops, undo_stop
from sync.server.covering.updating import monthly_update
from sync.server.deciding import approve, find_by_number
from sync.server.home import Home
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office, open_office
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.contracts.test_restoring import reread, url_of
from tests.server.laptops import Laptop, nik, person
from tests.server.offices import PASSPHRASE, serving
from tests.server.people import signed_in
from tests.server.test_months_paid import cover_four

COVER = Cover(date(2027, 1, 1), date(2027, 12, 31))
MONTH = date(2027, 1, 1)


def numbers_of(laptop: Laptop) -> list[str]:
    """The numbers that the laptop gave, in the order of its registrations."""
    said = [from_canonical(entry.body) for entry in laptop.journal]
    return [body["number"] for body in said if "number" in body]


@pytest.fixture
def sent(office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    """Three people who stand on a list; the copy is younger than the list."""
    laptop = laptop_on(office)
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    approve(office, officer="Ratna")
    made = export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    laptop.pull()
    back_up(office, tmp_path / "copy")
    return office, laptop, made


def reply_to(laptop: Laptop) -> list[ReplyRow]:
    """One accepted, two refused."""
    first, second, third = numbers_of(laptop)
    return [
        ReplyRow(2, first, "", "accepted", "26000000001", ""),
        ReplyRow(3, second, "", "refused", "", "NIK INVALID"),
        ReplyRow(4, third, "", "refused", "", "data ganda"),
    ]


def put_back(office: Office, laptop: Laptop, copy: Path) -> Office:
    """Put the copy back in the same home; the laptop was heard and offered its notices again."""
    url = url_of(office)
    office.database.close()
    restore(Home(office.home.path), url, copy, PASSPHRASE)
    again = open_office(office.home, url)
    with serving(again) as place:
        laptop.place = place
        laptop.hello()
        laptop.reoffer()
        laptop.push(laptop.journal)
        reread(laptop)
        laptop.hello()
    return again


def test_who_was_refused_and_corrected_goes_out_anew(sent, tmp_path: Path):
    office, laptop, made = sent
    import_from_insurer(office, reply_to(laptop), COVER, officer="Ratna")
    laptop.pull()
    again = put_back(office, laptop, tmp_path / "copy")
    (batch,) = list_batches(again)
    assert (batch.id, batch.accepted, batch.refused, batch.sent) == (made.id, 1, 2, 0)
    refused = laptop.journal[2]
    said = from_canonical(refused.body)
    subject = UUID(refused.fields["subject"])
    changed = {**person(nik=nik(77)), "number": said["number"]}
    at = laptop.acknowledged[str(subject)]
    corrected = laptop.write("correct", changed, subject=subject, base=at)
    with serving(again) as place:
        laptop.place = place
        laptop.push([corrected])
    approve(again, officer="Ratna")
    bring_back(again)
    assert standing(again)["by_state"] == {"enrolled": 1, "refused": 1, "verified": 1}
    assert len(check_people(again, "", MONTH).ready) == 1
    assert verify_office(again) == []
    again.close()


def test_who_ended_and_which_month_was_paid_is_known_again(sent, tmp_path: Path):
    office, laptop, _ = sent
    import_from_insurer(office, reply_to(laptop), COVER, officer="Ratna")
    number = numbers_of(laptop)[0]
    today = day_in_wib(office.clock())
    record_payment(office, MONTH, officer="Ratna")
    paid = list_payments(office)
    end_cover(office, number, "moved", today, officer="Ratna")
    laptop.pull()
    again = put_back(office, laptop, tmp_path / "copy")
    record = find_by_number(again, number)
    with again.database.reading() as connection:
        assert (record.state, ending_of(connection, record.id)) == ("ended", today)
    assert "tidak ada lagi di sini" not in signed_in(again, "coordinator").get("/updates").text
    assert (list_payments(again), len(paid)) == (paid, 1)
    undo_end(again, number, officer="Ratna")
    assert find_by_number(again, number).state == "enrolled"
    with pytest.raises(NothingToPay):
        record_payment(again, MONTH, officer="Ratna")
    assert verify_office(again) == []
    again.close()


def test_what_was_taken_back_stays_so_and_without_the_files_money_would_go_twice(
    sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path
):
    office, laptop, numbers = cover_four(sqlite_office, laptop_on(sqlite_office), tmp_path)
    back_up(office, tmp_path / "older")
    february = date(2027, 2, 1)
    paid = [record_payment(office, month, officer="Ratna").id for month in (MONTH, february)]
    back_up(office, tmp_path / "copy")
    undo_payment(office, paid[1], officer="Ratna")
    stop = stop_payment(office, MONTH, "", officer="Ratna").id
    end_cover(office, numbers[0], "moved", date(2027, 2, 3), officer="Ratna")
    undo_end(office, numbers[0], officer="Ratna")
    laptop.pull()
    again = put_back(office, laptop, tmp_path / "copy")
    assert [one["id"] for one in list_payments(again)] == paid[:1]
    assert [(one["id"], one["people"], one["undone_at"]) for one in list_stops(again)] == [
        (stop, 4, None)
    ]
    assert monthly_update(again, february).stopped == 4
    undo_stop(again, stop, officer="Budi")
    again = put_back(again, laptop, tmp_path / "older")
    assert [one["id"] for one in list_payments(again)] == paid[:1]
    assert [(one["id"], one["undone_by"]) for one in list_stops(again)] == [(stop, "Budi")]
    with pytest.raises(NothingToPay):
        record_payment(again, MONTH, officer="Ratna")
    shutil.rmtree(register.folder_of(again.home, KIND))
    again = put_back(again, laptop, tmp_path / "older")
    assert "tidak ada lagi di sini" in signed_in(again, "coordinator").get("/updates").text
    assert record_payment(again, MONTH, officer="Ratna").people == 4, "the control"
    again.close()


def test_lists_that_the_copy_lacks_are_answered_as_well(office, laptop_on, tmp_path: Path):
    laptop = laptop_on(office)
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    import_from_insurer(office, reply_to(laptop), COVER, officer="Ratna")
    laptop.pull()
    again = put_back(office, laptop, tmp_path / "copy")
    bring_back(again)
    (batch,) = list_batches(again)
    assert (batch.accepted, batch.refused, batch.sent) == (1, 2, 0)
    assert standing(again)["by_state"] == {"enrolled": 1, "refused": 2}
    again.close()


def test_what_was_corrected_after_the_list_is_not_approved_unseen(
    office, laptop_on, tmp_path: Path
):
    laptop = laptop_on(office)
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    entry = laptop.journal[-1]
    body = {**from_canonical(entry.body), "nik": nik(77)}
    laptop.now = "2099-01-01T05:00:00.000Z"
    laptop.write("correct", body, subject=entry.fields["subject"], base=entry.hash)
    again = put_back(office, laptop, tmp_path / "copy")
    bring_back(again)
    assert standing(again)["by_state"] == {"registered": 1}, "somebody looks at it first"
    approve(again, officer="Ratna")
    bring_back(again)
    assert standing(again)["by_state"] == {"submitted": 1}, "and nobody is sent twice"
    again.close()

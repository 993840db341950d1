"""Deeds on months one at a time; files beside the database that are damaged or half done."""

from argparse import Namespace
from datetime import date

import pytest

from sync.server.batches import register
from sync.server.batches.trouble import (
    MonthsBusy,
    PaymentFollowed,
    PaymentUnreadable,
    StopUnreadable,
)
from sync.server.commands.opening import opened
from sync.server.cover_tables import (
    PAID_MONTH_ROWS,
    PAYMENT_ROWS,
    PAYMENT_STOP_ROWS,
    STOPPED_COVER_ROWS,
)
from sync.server.covering import alone, paying, unpaying
from sync.server.covering.alone import take_in
from sync.server.covering.correcting import Told, correct_cover
from sync.server.covering.ending import end_cover, undo_end
from sync.server.covering.kept_beside import KIND
from sync.server.covering.paying import list_payments, record_payment
from sync.server.covering.stopping import stop_payment
from sync.server.covering.unpaying import Undone, undo_payment
from sync.server.covering.unstopping import list_stops, undo_stop
from tests.server.people import signed_in
from tests.server.test_months_paid import FEBRUARY, JANUARY, MARCH, covered  # noqa: F401 - a fixture
from tests.server.test_stop_page import ends
from tests.server.test_updates_page import seen

LAST_OF_JANUARY, LAST_OF_FEBRUARY = "2027-01-31", "2027-02-28"


@pytest.fixture
def to_january(covered, monkeypatch):  # noqa: F811 - the fixture
    """Four people whose cover ends with January; nobody waits for another deed."""
    office, _, numbers = covered
    monkeypatch.setattr(alone, "WAIT_S", 0)
    stop_payment(office, JANUARY, "", officer="Ratna")
    assert ends(office, numbers) == [LAST_OF_JANUARY] * 4
    return office, numbers


def pay(office, month):
    return record_payment(office, month, officer="Ratna", with_stopped=True).id


def test_a_command_leaves_alone_what_is_just_being_written(to_january, monkeypatch):
    office, _ = to_january
    whole, seen_by_command = paying.write_payment, []

    def meanwhile(office, connection, name):
        whole(office, connection, name)
        options = Namespace(
            home=office.home.path, photos=None, database=None, command="status", subcommand=None
        )
        with opened(options) as other:
            take_in(other)  # as a server that starts
            seen_by_command.append(list_payments(other))

    monkeypatch.setattr(paying, "write_payment", meanwhile)
    name = pay(office, FEBRUARY)
    assert seen_by_command == [[]]
    assert [one["id"] for one in list_payments(office)] == [name]


def test_while_a_payment_is_taken_back_nobody_notes_months_or_ends(to_january, monkeypatch):
    office, numbers = to_january
    name, whole = pay(office, FEBRUARY), unpaying.move_ends
    (stop,) = [one["id"] for one in list_stops(office)]
    deeds = [
        lambda: pay(office, FEBRUARY),
        lambda: stop_payment(office, date(2026, 12, 1), "", officer="Budi"),
        lambda: undo_stop(office, stop, officer="Budi"),
        lambda: end_cover(office, numbers[0], "moved", FEBRUARY, officer="Budi"),
        lambda: undo_end(office, numbers[0], officer="Budi"),
    ]

    def meanwhile(*args, **how):
        moved = whole(*args, **how)
        for deed in deeds:
            with pytest.raises(MonthsBusy):
                deed()
        return moved

    monkeypatch.setattr(unpaying, "move_ends", meanwhile)
    undo_payment(office, name, officer="Ratna")
    assert (ends(office, numbers), list_payments(office)) == ([LAST_OF_JANUARY] * 4, [])
    pay(office, FEBRUARY)
    assert ends(office, numbers) == [LAST_OF_FEBRUARY] * 4, "the control"


def test_a_damaged_file_hides_nothing_and_no_month_is_paid_over_it(to_january):
    office, _ = to_january
    folder, name = register.folder_of(office.home, KIND), pay(office, FEBRUARY)
    (stop,) = [one["id"] for one in list_stops(office)]
    paid, undone = folder / f"{name}.paid.json", folder / f"{stop}.undone.json"
    good = paid.read_bytes()
    paid.write_bytes(good[:-20])
    undone.write_bytes(b"")
    take_in(office)
    assert paid.read_bytes() == good, "the database has it, and it is written anew"
    assert [one["undone_at"] for one in list_stops(office)] == [None]
    paid.write_bytes(b"")
    with office.database.writing() as connection:  # as a database put back from an older copy
        for column in (PAID_MONTH_ROWS.c.payment, PAYMENT_ROWS.c.id, PAYMENT_STOP_ROWS.c.id):
            connection.execute(column.table.delete().where(column.in_([name, stop])))
    (folder / f"{stop}.stop.json").write_bytes(b"[]")
    take_in(office)
    browser = signed_in(office, "coordinator")
    page = seen(browser.get("/updates?month=2027-02"))
    assert f"payments/{stop}.stop.json, payments/{name}.paid.json." in page
    assert "pindahkan berkasnya ke luar folder" in page
    with pytest.raises(PaymentUnreadable):
        pay(office, FEBRUARY)
    paid.write_bytes(good)
    take_in(office)
    assert [(one["id"], one["people"]) for one in list_payments(office)] == [(name, 4)]


def test_nobody_is_paid_or_covered_past_a_stop_that_cannot_be_read(to_january):
    """After a restore only the file knew of it; laptops brought back ends, not why they moved."""
    office, numbers = to_january
    end_cover(office, numbers[0], "moved", date(2027, 1, 3), officer="Ratna")
    (stop,) = [one["id"] for one in list_stops(office)]
    file = register.folder_of(office.home, KIND) / f"{stop}.stop.json"
    good = file.read_bytes()
    with office.database.writing() as connection:
        for column in (STOPPED_COVER_ROWS.c.stop, PAYMENT_STOP_ROWS.c.id):
            connection.execute(column.table.delete().where(column == stop))
    file.write_bytes(good[:-20])
    later = Told("surat 7", end=date(2027, 3, 31))
    for deed in (
        lambda: record_payment(office, FEBRUARY, officer="Ratna"),
        lambda: undo_stop(office, stop, officer="Ratna"),
        lambda: undo_end(office, numbers[0], officer="Ratna"),
        lambda: correct_cover(office, numbers[1], later, officer="Ratna"),
    ):
        with pytest.raises(StopUnreadable):
            deed()
    assert ends(office, numbers[1:]) == [LAST_OF_JANUARY] * 3
    assert list_payments(office) == []
    assert record_payment(office, JANUARY, officer="Ratna").people == 3, "the stop's own month"
    file.write_bytes(good)
    undo_end(office, numbers[0], officer="Ratna")
    assert ends(office, numbers) == [LAST_OF_JANUARY] * 4
    assert [one["id"] for one in list_stops(office)] == [stop]


def test_no_order_of_taking_back_leaves_an_end_that_nobody_paid_for(to_january):
    office, numbers = to_january
    february, march = pay(office, FEBRUARY), pay(office, MARCH)
    with pytest.raises(PaymentFollowed):
        undo_payment(office, february, officer="Ratna")
    stop = stop_payment(office, FEBRUARY, "", officer="Ratna").id
    end_cover(office, numbers[0], "moved", date(2027, 2, 3), officer="Ratna")
    browser = signed_in(office, "coordinator")
    done = browser.post("/updates/undo", {"month": "2027-03", "payment": march})
    page = seen(browser.get(done.headers["location"]))
    assert "Untuk 4 orang akhir jaminannya tidak berubah." in page
    assert undo_stop(office, stop, officer="Ratna") == 0
    assert ends(office, numbers[1:]) == [LAST_OF_FEBRUARY] * 3
    assert undo_payment(office, february, officer="Ratna") == Undone(3, 1)
    undo_end(office, numbers[0], officer="Ratna")
    assert ends(office, numbers) == [LAST_OF_JANUARY] * 4

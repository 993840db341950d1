"""The whole round on PostgreSQL: checked, sent, answered, paid, ended, and put back."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import openpyxl
import pytest

from sync.server.backing_up import back_up, restore
from sync.server.batches.checking import check_people, people_checked
from sync.server.batches.keeping import list_batches
from sync.server.batches.listed import close_listed, list_open
from sync.server.batches.recovering import recover, settle
from sync.server.batches.trouble import BatchesUnsettled, NobodyReady
from sync.server.covering.ending import end_cover
from sync.server.covering.paying import record_payment
from sync.server.covering.updating import monthly_update
from sync.server.deciding import approve
from sync.server.home import Home
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office, open_office
from sync.server.serving.finding import find_people
from sync.server.serving.person import read_person
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, nik
from tests.server.offices import PASSPHRASE, serving

COVER = Cover(date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.postgres
def test_the_round_of_a_list_and_of_its_people(
    postgres_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path
):
    office, laptop = postgres_office, laptop_on(postgres_office)
    for n in range(5):
        laptop.register(nik=nik(n + 1), name=f"ORANG {n}", mother_name="X" if n else "")
    laptop.push(laptop.journal)
    laptop.pull()
    back_up(office, tmp_path / "copy")
    approve(office, officer="Ratna")
    found = check_people(office, "", date(2027, 1, 1))
    assert found.summary()["held_by"] == {"no_mother": 1}
    assert len(people_checked(office, "", "no_mother", limit=5)) == 1
    made = export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    header, *rows = sheet.iter_rows(values_only=True)
    numbers = [row[header.index("number")] for row in rows]
    reply = [
        ReplyRow(2, numbers[0], "", "accepted", "26000000001", ""),
        ReplyRow(3, numbers[1], "", "refused", "", "NIK INVALID"),
        ReplyRow(4, "", "", "accepted", "26000000002", "", "ORANG 3", "1985-03-12"),
    ]
    result = import_from_insurer(office, reply, COVER, officer="Ratna")
    assert (result.accepted, result.refused, len(result.unmatched)) == (1, 1, 1)
    (listed,) = list_open(office)
    whose = listed["perhaps"][0]
    assert close_listed(office, listed["reply"], 4, whose, COVER, officer="R") == "accepted"
    again = import_from_insurer(office, reply[:2], COVER, officer="Ratna")
    assert (again.accepted, again.unchanged) == (0, 2)
    office.clock = lambda: datetime(2027, 2, 20, tzinfo=UTC)
    assert record_payment(office, date(2027, 1, 1), officer="Ratna").people == 2
    end_cover(office, numbers[0], "moved", date(2027, 2, 1), officer="Ratna")
    update = monthly_update(office, date(2027, 2, 1))
    assert (update.people, len(update.of_kind("leaves"))) == (1, 1)
    ((one,), is_cut) = find_people(office, "orang 3", date(1985, 3, 12), None)
    file = read_person(office, one.row.id)
    assert (is_cut, sorted(file.paid), file.cards) == (False, ["2027-01"], 1)
    assert verify_office(office) == []
    assert list_batches(office)[0].accepted == 2
    _put_back_elsewhere(office, laptop, made.id, tmp_path)


def _put_back_elsewhere(office: Office, laptop: Laptop, name: str, tmp_path) -> None:
    url = office.database.place
    office.database.close()
    home = Home(tmp_path / "other")
    home.path.mkdir()
    restore(home, url, tmp_path / "copy", PASSPHRASE)
    again = open_office(home, url)
    with serving(again) as place:
        laptop.place = place
        laptop.hello()
        laptop.push(laptop.journal)
        laptop.hello()
    approve(again, officer="Ratna")
    with pytest.raises(BatchesUnsettled):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")
    done = recover(again, tmp_path / "list.xlsx", officer="Ratna")
    assert (done.id, done.rows, done.marked) == (name, 4, 4)
    settle(again, name)
    with pytest.raises(NobodyReady):
        export_to_insurer(again, tmp_path / "twice.xlsx", officer="Ratna")
    assert standing(again)["by_state"] == {"submitted": 4, "verified": 1}
    again.close()

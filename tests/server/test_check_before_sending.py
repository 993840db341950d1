"""Before a list goes out everybody is counted once: ready, or held back with a reason."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sync.server.batches.checking import check_people, last_check, load_check_rules, people_checked
from sync.server.batches.held_file import write_checked
from sync.server.cases import list_cases
from sync.server.deciding import Verdict, approve, decide
from sync.server.insurer import export_to_insurer
from sync.server.office import Office
from sync.server.resolving.answering import Given, answer_case
from sync.server.resolving.officer import Officer
from tests.server.laptops import Laptop, nik

START = date(2027, 5, 1)
# What is said of whom, and what must come of it: written by hand from the rules' own words.
PEOPLE = {
    "ready": {},
    "no_birth_date": {"birth_date": None},
    "no_mother": {"mother_name": " "},
    "age_reached": {"birth_date": "1962-05-01"},  # 65 on the first day
    "age_young": {"birth_date": "2010-05-02"},  # 16 on the first day
    "no_nik": {"nik": "", "document_seen": "none"},
}
NOTED = {
    "age_soon": {"birth_date": "1962-08-01"},  # 65 three months later, to the day
    "not_working": {"works_now": "ill"},
}


@pytest.fixture
def office_with(sqlite_office: Office, laptop_on: Callable[[Office], Laptop]):
    laptop = laptop_on(sqlite_office)

    def fill(people: dict[str, dict]) -> dict[str, str]:
        """Register and approve; return what was planned by record."""
        planned = {}
        for n, (name, said) in enumerate(people.items()):
            entry = laptop.register(**{"nik": nik(n + 1), "phone": f"0812000{n:05}", **said})
            planned[str(entry.fields["subject"])] = name
        laptop.push(laptop.journal)
        approve(sqlite_office, officer="Ratna")
        return planned

    return sqlite_office, laptop, fill


def test_everybody_is_ready_or_held_with_the_reason_that_was_planted(office_with):
    office, _, fill = office_with
    planned = fill(PEOPLE | NOTED)
    found = check_people(office, "", START)
    reasons = {subject: found.held.get(subject, "ready") for subject in planned}
    expected = {s: "ready" if name in NOTED else name for s, name in planned.items()}
    assert reasons == expected
    assert {planned[subject]: code for subject, code in found.noted} == {
        name: name for name in NOTED
    }
    summary = last_check(office, "")
    assert summary["looked_at"] == len(planned) == summary["ready"] + summary["held"]
    assert sum(summary["held_by"].values()) == summary["held"]


def test_a_day_earlier_or_later_is_another_matter(office_with):
    office, _, fill = office_with
    planned = fill(
        {
            "64": {"birth_date": "1962-05-02"},
            "17": {"birth_date": "2010-05-01"},
            "later": {"birth_date": "1962-08-02"},
        }
    )
    found = check_people(office, "", START)
    assert found.held == {}
    assert {planned[one]: code for one, code in found.noted} == {"64": "age_soon"}


def test_a_number_that_more_than_five_call_their_own_is_noted(office_with):
    office, _, fill = office_with
    own = {f"own{n}": {"phone": "081211112222", "phone_owner": "self"} for n in range(6)}
    said = {f"said{n}": {"phone": "081233334444", "phone_owner": "village"} for n in range(6)}
    planned = fill(own | said)
    found = check_people(office, "", START)
    assert {planned[one] for one, code in found.noted if code == "phone_shared"} == set(own)


def test_two_records_with_one_nik_and_open_cases_wait_for_people(office_with):
    office, _, fill = office_with
    fill({"a": {"nik": nik(50)}, "b": {"nik": nik(50)}, "c": {}})
    found = check_people(office, "", START)
    assert Counter(found.held.values()) == {"same_nik": 2}
    assert len(found.ready) == 1


@pytest.mark.parametrize(("answer", "note"), [("separate", ""), ("as_is", "kata Dukcapil benar")])
def test_two_with_one_nik_go_once_an_officer_let_them_and_not_a_third(
    office_with, tmp_path, answer, note
):
    office, _, fill = office_with
    fill({"a": {"nik": nik(50)}, "b": {"nik": nik(50)}})
    let_through(office, answer, note)
    assert check_people(office, "", START).held == {}
    assert export_to_insurer(office, tmp_path / "one.xlsx", officer="Ratna").rows == 2
    fill({"c": {"nik": nik(50)}})
    assert len(check_people(office, "", START).held) == 1
    let_through(office, answer, note)  # with one of the two; the other pair is still asked about
    assert len(check_people(office, "", START).held) == 1
    let_through(office, answer, note)
    assert check_people(office, "", START).held == {}


def let_through(office, answer, note):
    given = Given(list_cases(office, "same_nik")[0]["id"], answer, 0, note)
    with office.database.writing() as connection:
        answer_case(office, connection, Officer("ratna", "Ratna"), given)


def test_the_same_person_in_a_new_record_is_not_sent_beside_the_first(office_with, tmp_path):
    office, _, fill = office_with
    fill({"a": {"nik": nik(50)}})
    export_to_insurer(office, tmp_path / "one.xlsx", officer="Ratna")
    fill({"again": {"nik": nik(50)}, "new": {"nik": nik(51)}})
    found = check_people(office, "", START)
    assert list(found.held.values()) == ["in_other_list"]
    made = export_to_insurer(office, tmp_path / "two.xlsx", officer="Ratna")
    assert made.rows == 1


def test_who_was_refused_and_corrected_may_go_again(office_with, tmp_path):
    office, _, fill = office_with
    (subject,) = fill({"a": {}})
    first = export_to_insurer(office, tmp_path / "one.xlsx", officer="Ratna")
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE insurer_row SET state = 'refused'")
    decide(office, [Verdict(subject, "refused")], officer="BPJS", actor="insurer")
    decide(office, [Verdict(subject, "verified")], officer="Ratna", actor="officer")
    second = export_to_insurer(office, tmp_path / "two.xlsx", officer="Ratna")
    assert (first.rows, second.rows) == (1, 1)
    assert first.id != second.id


def test_who_was_ended_and_is_registered_again_may_go_again(office_with, tmp_path):
    office, _, fill = office_with
    (subject,) = fill({"a": {}})
    export_to_insurer(office, tmp_path / "one.xlsx", officer="Ratna")
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE insurer_row SET state = 'accepted'")
    decide(office, [Verdict(subject, "enrolled")], officer="BPJS", actor="insurer")
    for step in ("ended", "registered", "verified"):
        decide(office, [Verdict(subject, step)], officer="Ratna", actor="officer")
    assert export_to_insurer(office, tmp_path / "two.xlsx", officer="Ratna").rows == 1


def test_who_is_held_stands_in_a_table_with_the_reason(office_with, tmp_path: Path):
    office, _, fill = office_with
    fill(PEOPLE)
    check_people(office, "", START)
    rows = write_checked(office, "", tmp_path / "held.xlsx", "id")
    sheet = openpyxl.load_workbook(tmp_path / "held.xlsx").active
    header, *found = sheet.iter_rows(values_only=True)
    assert rows == len(found) == len(PEOPLE) - 1
    assert {row[header.index("code")] for row in found} == set(PEOPLE) - {"ready"}
    assert len(people_checked(office, "", "no_mother", limit=9)) == 1


def test_the_rules_are_all_known():
    codes = set(load_check_rules().effects)
    assert codes >= {*PEOPLE, *NOTED} - {"ready"}
    assert set(load_check_rules().effects.values()) <= {"hold", "note", "off"}

"""People recorded twice under different NIKs become cases, once, with their reasons; and end."""

import threading

import pytest

from enumerator_app.domain.canonical import from_canonical
from sync.server.case_tables import PERSON_KEY_ROWS, PERSON_ROWS
from sync.server.cases import list_cases
from sync.server.deciding import Verdict, decide_one
from sync.server.erasing import erase
from sync.server.matching import looking
from sync.server.matching.looking import find_alike
from sync.server.matching.watching import watching
from sync.server.resolving.telling import ALIKE
from sync.server.verifying import verify_office
from tests.server.laptops import fields_of, nik, person

SITI = {
    "name": "SITI MAEMUNAH",
    "birth_date": "1974-03-12",
    "mother_name": "RUMINAH",
    "rt": "003",
    "rw": "001",
}


def recorded(new_laptop, **fields):
    return recorded_by(new_laptop(), **fields)


def recorded_by(laptop, **fields):
    entry = laptop.register(**{**SITI, **fields})
    laptop.push(laptop.journal)
    return str(entry.fields["subject"])


def said_of_cases(laptop):
    """What new notices say of cases: (still to decide, answer)."""
    told = [fields_of(item) for item in laptop.pull() if item["kind"] == "case"]
    return [(fields["case_kind"], fields.get("answer")) for fields in told]


@pytest.fixture
def pair(new_laptop):
    """Two laptops with a record each of what may be one person."""
    one, other = new_laptop(), new_laptop()
    return (one, recorded_by(one, nik=nik(1))), (
        other,
        recorded_by(other, nik="", document_seen="none"),
    )


def test_another_spelling_without_a_nik_is_a_case_with_reasons(office, new_laptop):
    recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik="", document_seen="none", name="St. Maimunah")
    recorded(new_laptop, nik=nik(3), name="KARTA", birth_date="1960-01-02", mother_name="ENCUM")
    assert find_alike(office).opened == 1
    (case,) = list_cases(office, ALIKE)
    assert case["score"] >= 70
    assert {"same_birth_date", "same_mother", "name_twin_spelling"} <= set(case["reasons"])


def test_looking_again_finds_nothing_new_and_equal_niks_are_left_to_their_own_case(
    office, new_laptop
):
    recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik="", document_seen="none")
    assert find_alike(office).opened == 2
    assert find_alike(office).opened == 0
    assert len(list_cases(office, ALIKE)) == 2
    assert len(list_cases(office, "same_nik")) == 1


def test_what_the_enumerator_said_is_one_of_the_reasons(office, new_laptop):
    first = recorded(new_laptop, nik=nik(1))
    recorded(new_laptop, nik="", document_seen="none", other_than=[first])
    find_alike(office)
    (case,) = list_cases(office, ALIKE)
    assert "said_other_person" in case["reasons"]


def test_both_laptops_are_told_of_a_case_and_of_its_end(office, pair):
    (one, _), (other, second) = pair
    find_alike(office)
    assert said_of_cases(one) == said_of_cases(other) == [("alike", None)]
    decide_one(office, Verdict(second, "withdrawn"), officer="R", actor="officer")
    assert find_alike(office).closed == 1
    assert list_cases(office, ALIKE) == []
    assert said_of_cases(one) == said_of_cases(other) == [(None, "gone")]
    assert verify_office(office) == []


def test_a_correction_that_makes_them_differ_ends_the_case_and_another_brings_it_back(office, pair):
    (one, _), _ = pair
    find_alike(office)
    entry = one.journal[-1]
    number = from_canonical(entry.body)["number"]
    other_day = {**SITI, "name": "KARTINAH", "birth_date": "1991-07-30", "mother_name": "ENCUM"}
    away = person(**other_day, nik=nik(1), number=number)
    there = one.write("correct", away, subject=entry.fields["subject"], base=entry.hash)
    one.push([there])
    assert find_alike(office).closed == 1
    back = person(**SITI, nik=nik(1), number=number)
    one.push([one.write("correct", back, subject=entry.fields["subject"], base=there.hash)])
    assert find_alike(office).opened == 1
    assert [number in case["numbers"] for case in list_cases(office, ALIKE)] == [True]


def test_an_equal_nik_that_was_a_slip_ends_its_case_when_it_is_corrected(office, new_laptop):
    one = new_laptop()
    recorded_by(one, nik=nik(1))
    recorded(new_laptop, nik=nik(1), name="KARTA", birth_date="1960-01-02", mother_name="ENCUM")
    find_alike(office)
    assert len(list_cases(office, "same_nik")) == 1
    entry = one.journal[-1]
    right = {**from_canonical(entry.body), "nik": nik(2)}
    one.push([one.write("correct", right, subject=entry.fields["subject"], base=entry.hash)])
    find_alike(office)
    assert list_cases(office, "same_nik") == []
    assert said_of_cases(one) == [("same_nik", None), (None, "differs_now")]


def test_while_another_case_is_open_the_end_of_one_says_so(office, new_laptop):
    one = new_laptop()
    recorded_by(one, nik=nik(1))
    second = recorded(new_laptop, nik="", document_seen="none")
    recorded(new_laptop, nik=nik(1), name="KARTA", birth_date="1960-01-02", mother_name="ENCUM")
    find_alike(office)
    one.pull()
    decide_one(office, Verdict(second, "withdrawn"), officer="R", actor="officer")
    find_alike(office)
    assert said_of_cases(one) == [("same_nik", "gone")]


def test_nothing_of_an_erased_person_stays_in_the_tables_of_comparison(office, pair):
    (one, first), (other, _) = pair
    find_alike(office)
    one.pull(), other.pull()
    erase(office, first, ground="permintaan")
    with office.database.reading() as connection:
        kept = [
            row.subject
            for table in (PERSON_ROWS, PERSON_KEY_ROWS)
            for row in connection.execute(table.select())
        ]
    assert kept
    assert first not in kept
    assert list_cases(office, ALIKE) == []
    assert said_of_cases(one) == []
    assert said_of_cases(other) == [(None, "gone")]


def test_a_serving_office_finds_it_by_itself_after_the_batch(office, new_laptop):
    with watching(office, every_s=0.05):
        laptop = new_laptop()
        recorded_by(laptop, nik=nik(1))
        recorded_by(laptop, nik="", document_seen="none")
        assert _until(lambda: list_cases(office, ALIKE))


def test_two_that_arrive_at_once_are_seen_whoever_looks_at_which(office, pair, monkeypatch):
    """Each look stops after its keys are written: both then find the other, one case in all."""
    together = threading.Barrier(2, timeout=20)
    real = looking.find_like

    def after_both_wrote(*arguments):
        together.wait()
        return real(*arguments)

    monkeypatch.setattr(looking, "find_like", after_both_wrote)
    monkeypatch.setattr(looking, "_changed", _one_each(looking._changed))
    looks = [threading.Thread(target=looking.look_at_news, args=(office,)) for _ in range(2)]
    for look in looks:
        look.start()
    for look in looks:
        look.join()
    assert len(list_cases(office, ALIKE)) == 1


def test_looking_before_the_keys_are_written_would_miss_them(office, pair, monkeypatch):
    """The control: with the keys written last, none of the two finds the other."""
    monkeypatch.setattr(looking, "keep_people", lambda *_: None)
    assert find_alike(office).opened == 0


def _one_each(changed):
    """Give each of two lookers one of the two records."""
    left = [0, 1]
    lock = threading.Lock()

    def one_of_them(connection, most):
        rows = list(changed(connection, most))
        with lock:
            return rows[(n := left.pop(0)) : n + 1]

    return one_of_them


def _until(condition, tries=400):
    waiting = threading.Event()
    for _ in range(tries):
        if found := condition():
            return found
        waiting.wait(0.05)
    return None

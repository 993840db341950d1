"""Cases answered, records united and separated, visits signed: what laptops then hear, and when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from enumerator_app.domain.canonical import from_canonical
from sync.server.cases import list_cases
from sync.server.deciding import find_by_number
from sync.server.matching.looking import find_alike
from sync.server.office import Office
from sync.server.people.tables import DEED_ROWS
from sync.server.resolving.answering import Given, answer_case, open_case, set_waiting
from sync.server.resolving.errors import (
    AnswerNotPossible,
    DecidedBefore,
    MinutesMissing,
    NothingClean,
    ReasonNeeded,
    RecordByRecord,
    SampleNotSeen,
    ScanUnusable,
    UndoTooLate,
)
from sync.server.resolving.holding import UNDO_WITHIN_S, hasten, hold, take_back
from sync.server.resolving.linking import links_of, separate, unite
from sync.server.resolving.officer import Officer
from sync.server.resolving.records import Said, answer_record, possible_answers
from sync.server.resolving.sampling import drawn_review, look, sample_size
from sync.server.resolving.signing import attach_minutes, read_minutes, sign
from sync.server.resolving.visit_queue import count_visits, waiting_visits
from sync.server.resolving.watching import CASE, payload_of, settle_held
from sync.server.standing import standing
from sync.server.tables import SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.server.laptops import Laptop, fields_of, nik, person

RATNA, BUDI = Officer("acc-ratna", "Ratna"), Officer("acc-budi", "Budi")
VISIT = "0198e4a0-0000-7000-8000-000000000001"
SITI = {"name": "SITI MAEMUNAH", "birth_date": "1985-03-12", "mother_name": "RUMINAH"}
PDF = b"%PDF-1.7 signed"


def later(office: Office, seconds: float = UNDO_WITHIN_S) -> None:
    """Let this many seconds pass at the office."""
    before = office.clock
    office.clock = lambda: before() + timedelta(seconds=seconds)


def decisions(laptop: Laptop) -> list[tuple[str, str | None]]:
    told = [fields_of(item) for item in laptop.pull() if item["kind"] == "decision"]
    return [(fields["decision"], fields["reason"]) for fields in told]


def deeds(office: Office) -> list[tuple[str, str]]:
    with office.database.reading() as connection:
        query = select(DEED_ROWS.c.account, DEED_ROWS.c.deed).order_by(DEED_ROWS.c.n)
        return [tuple(row) for row in connection.execute(query)]


def in_one(office: Office, work: Callable) -> None:
    with office.database.writing() as connection:
        work(connection)
    office.keep_head_outside()


@pytest.fixture
def pair(office: Office, new_laptop) -> tuple[Laptop, Laptop, str]:
    """Two laptops that may have recorded one person, and the case about it."""
    one, other = new_laptop(), new_laptop()
    one.register(nik=nik(1), **SITI)
    one.push(one.journal)
    other.register(nik="", document_seen="none", rt="009", **SITI)
    other.push(other.journal)
    find_alike(office)
    one.pull(), other.pull()
    (case,) = list_cases(office, "alike")
    return one, other, case["id"]


def answer(office: Office, case: str, said: str, **more) -> None:
    with office.database.reading() as connection:
        version = open_case(connection, case).row.version
    given = Given(case, said, version, **more)
    in_one(office, lambda connection: answer_case(office, connection, RATNA, given))


def subject_of(laptop: Laptop) -> str:
    return str(laptop.journal[-1].fields["subject"])


# Cases


def test_two_people_stay_two_and_nobody_is_asked_again(office, pair):
    one, other, case = pair
    answer(office, case, "separate")
    assert list_cases(office) == []
    for laptop in (one, other):
        (told,) = [fields_of(item) for item in laptop.pull() if item["kind"] == "case"]
        assert (told["answer"], told["case_kind"]) == ("separate", None)
    assert find_alike(office, everybody=True).opened == 0
    assert ("acc-ratna", "case_separate") in deeds(office)
    assert verify_office(office) == []


def test_whose_ktp_is_asked_for_comes_back_and_then_is_looked_at_again(office, pair):
    _, other, case = pair
    answer(office, case, "ask_ktp")
    (told,) = decisions(other)
    assert told[0] == "returned"
    assert "KTP" in told[1]
    find_alike(office)
    with office.database.reading() as connection:
        assert open_case(connection, case).row.answer == "ask_ktp"  # it waits for the laptop
    entry = other.journal[-1]
    number = from_canonical(entry.body)["number"]
    body = person(**SITI, nik=nik(2), rt="009", number=number)
    base = other.acknowledged[subject_of(other)]
    other.push([other.write("correct", body, subject=entry.fields["subject"], base=base)])
    find_alike(office)
    with office.database.reading() as connection:
        assert open_case(connection, case).row.answer is None  # both still look like one person


def test_as_it_is_needs_a_reason_and_approves_who_waits_for_approval(office, pair):
    one, other, case = pair
    with pytest.raises(ReasonNeeded):
        answer(office, case, "as_is", note=" ")
    answer(office, case, "as_is", note="Kades menjamin keduanya")
    assert decisions(one) == [("verified", None)]
    assert decisions(other) == []  # without a NIK it cannot go to BPJS
    assert standing(office)["by_state"] == {"verified": 1, "waiting_nik": 1}


def test_the_second_who_decides_is_told_that_somebody_was_first(office, pair):
    _, _, case = pair
    given = Given(case, "separate", 0)
    in_one(office, lambda connection: answer_case(office, connection, RATNA, given))
    with pytest.raises(DecidedBefore):
        in_one(office, lambda connection: answer_case(office, connection, BUDI, given))


def test_an_answer_to_what_was_shown_before_a_change_is_refused(office, pair):
    _, _, case = pair
    in_one(office, lambda connection: set_waiting(office, connection, RATNA, case, None))
    given = Given(case, "separate", 0)
    with pytest.raises(DecidedBefore):
        in_one(office, lambda connection: answer_case(office, connection, BUDI, given))


def test_an_answer_of_another_kind_of_case_is_not_possible(office, pair):
    with pytest.raises(AnswerNotPossible):
        answer(office, pair[2], "keep")


# One person


def unite_them(office: Office, pair, **choices: str) -> str:
    one, other, case = pair
    made: list[str] = []

    def work(connection):
        made.append(
            unite(
                office, connection, kept=subject_of(one), laid_aside=subject_of(other),
                choices=choices, case=case, officer=BUDI,
            )
        )  # fmt: skip

    in_one(office, work)
    return made[0]


def state_of(office: Office, subject: str) -> str:
    with office.database.reading() as connection:
        query = select(SUBJECT_ROWS.c.state).where(SUBJECT_ROWS.c.id == subject)
        return connection.execute(query).scalar_one()


def body_told(laptop: Laptop) -> dict:
    (told,) = [fields_of(item) for item in laptop.pull() if item["kind"] == "revision"]
    return told


def test_one_of_two_is_laid_aside_and_takes_nothing_with_it_but_what_was_chosen(office, pair):
    one, other, _ = pair
    unite_them(office, pair, rt="b")
    told = body_told(one)
    assert told["body"]["rt"] == "009"
    assert told["body"]["nik"] == nik(1)
    assert [(lost["field"], lost["value"]) for lost in told["kept"]] == [("rt", "001")]
    assert decisions(other) == [("duplicate", None)]
    assert one.hello()["digest_ok"]
    assert other.hello()["digest_ok"]
    numbers = [from_canonical(laptop.journal[-1].body)["number"] for laptop in (one, other)]
    assert [find_by_number(office, number).state for number in numbers] == [
        "registered", "duplicate",
    ]  # fmt: skip
    find_alike(office)
    assert list_cases(office) == []
    assert verify_office(office) == []


def test_separating_puts_both_back_where_they_were(office, pair):
    one, other, _ = pair
    link = unite_them(office, pair, rt="b")
    one.pull(), other.pull()
    in_one(office, lambda connection: separate(office, connection, link, RATNA))
    assert body_told(one)["body"]["rt"] == "001"
    assert decisions(other) == [("waiting_nik", None)]
    with office.database.reading() as connection:
        assert links_of(connection, subject_of(one)) == []
    assert one.hello()["digest_ok"]
    assert verify_office(office) == []


def test_separating_leaves_alone_what_was_corrected_after_uniting(office, pair):
    one, _, _ = pair
    link = unite_them(office, pair, rt="b")
    one.pull()
    base, subject = one.acknowledged[subject_of(one)], one.journal[-1].fields["subject"]
    number = from_canonical(one.journal[-1].body)["number"]
    body = person(**SITI, nik=nik(1), rt="010", number=number)
    one.push([one.write("correct", body, subject=subject, base=base)])
    in_one(office, lambda connection: separate(office, connection, link, RATNA))
    assert [item for item in one.pull() if item["kind"] == "revision"] == []


def test_a_returned_record_that_was_laid_aside_comes_back_with_what_was_asked(office, pair):
    _, other, case = pair
    answer(office, case, "ask_ktp", note="Cocokkan nama ibu")
    link = unite_them(office, pair)
    other.pull()
    in_one(office, lambda connection: separate(office, connection, link, RATNA))
    assert decisions(other) == [("returned", "Cocokkan nama ibu")]


def test_who_is_with_the_insurer_is_never_laid_aside(office, pair, tmp_path):
    from sync.server.insurer import export_to_insurer  # noqa: PLC0415 - only this test needs it

    one, other, case = pair
    answer(office, case, "as_is", note="Kades menjamin")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    with pytest.raises(AnswerNotPossible):
        unite_them(office, (other, one, case))


# Ten seconds


def hold_case(office: Office, case: str, officer: Officer = RATNA) -> str:
    made: list[str] = []
    given = Given(case, "separate", 0)

    def work(connection):
        made.append(hold(office, connection, officer, CASE, case, payload_of(given)))

    in_one(office, work)
    return made[0]


def test_nothing_reaches_a_laptop_before_the_time_to_undo_is_over(office, pair):
    one, _, case = pair
    hold_case(office, case)
    later(office, UNDO_WITHIN_S - 2)
    assert settle_held(office) == 0
    assert one.pull() == []
    later(office, 3)
    assert settle_held(office) == 1
    assert [item["kind"] for item in one.pull()] == ["case"]
    assert settle_held(office) == 0


def test_what_was_undone_in_time_never_happens(office, pair):
    one, _, case = pair
    name = hold_case(office, case)
    take_back(office, RATNA, name)
    later(office)
    assert settle_held(office) == 0
    assert one.pull() == []
    assert [deed for _, deed in deeds(office)][-2:] == ["case_decided", "case_undone"]


def test_nobody_undoes_too_late_or_for_somebody_else(office, pair):
    name = hold_case(office, pair[2])
    with pytest.raises(UndoTooLate):
        take_back(office, BUDI, name)
    later(office)
    with pytest.raises(UndoTooLate):
        take_back(office, RATNA, name)


def test_two_decisions_about_one_case_are_not_held_at_once(office, pair):
    hold_case(office, pair[2])
    with pytest.raises(DecidedBefore):
        hold_case(office, pair[2], BUDI)


# Visits


@pytest.fixture
def visit(office: Office, laptop: Laptop) -> Laptop:
    """A laptop whose visit has 45 records: 40 clean, 4 with a warning, 1 without NIK."""
    for n in range(40):
        laptop.register(nik=nik(n + 1), name=f"ORANG {chr(65 + n // 26)}{chr(65 + n % 26)}",
                        visit_id=VISIT)  # fmt: skip
    for n in range(4):
        laptop.register(nik=nik(100 + n), sex="P", visit_id=VISIT)  # the NIK says a man
    laptop.register(nik="", document_seen="none", visit_id=VISIT)
    laptop.push(laptop.journal)
    laptop.pull()
    return laptop


def look_at_all(office: Office) -> None:
    for one in drawn_review(office, VISIT).sample:
        look(office, RATNA, VISIT, one.record.id, content=one.record.content, fits=True)


@pytest.mark.parametrize(
    ("clean", "size"), [(0, 0), (1, 1), (2, 2), (40, 2), (41, 3), (60, 3), (61, 4), (400, 20)]
)
def test_the_sample_is_five_in_a_hundred_and_at_least_two(clean, size):
    assert sample_size(clean) == size


def test_the_sample_is_drawn_once_and_kept(office, visit):
    first = drawn_review(office, VISIT)
    assert (len(first.clean), len(first.noted), len(first.sample)) == (40, 5, 2)
    names = [one.record.id for one in first.sample]
    for _ in range(3):
        assert [one.record.id for one in drawn_review(office, VISIT).sample] == names


def test_samples_of_many_visits_are_not_always_the_first_records(office, laptop):
    """Drawn by chance: of 12 visits with 20 clean records each, not all samples are the same."""
    visits = [f"{VISIT[:-2]}{n:02d}" for n in range(10, 22)]
    for place, name in enumerate(visits):
        for n in range(20):
            laptop.register(nik=nik(100 * place + n + 1), name=f"NAMA {chr(65 + n)}", visit_id=name)
    laptop.push(laptop.journal)
    drawn = set()
    for name in visits:
        found = drawn_review(office, name)
        order = [row.id for row in found.clean]
        drawn.add(frozenset(order.index(one.record.id) for one in found.sample))
    assert len(drawn) > 1


def test_a_signature_is_refused_with_its_reason_until_everything_is_there(office, visit):
    drawn_review(office, VISIT)
    with pytest.raises(SampleNotSeen) as said:
        sign(office, RATNA, VISIT)
    assert said.value.parameters == {"n": 2}
    look_at_all(office)
    with pytest.raises(MinutesMissing):
        sign(office, RATNA, VISIT)
    with pytest.raises(ScanUnusable):
        attach_minutes(office, RATNA, VISIT, b"MZ not a scan", "2026-11-22")
    attach_minutes(office, RATNA, VISIT, PDF, "2026-11-22")
    assert read_minutes(office, VISIT) == (PDF, "application/pdf")
    _, count = sign(office, RATNA, VISIT)
    assert count == 40
    assert visit.pull() == []
    later(office)
    assert settle_held(office) == 1
    assert [said for said, _ in decisions(visit)] == ["verified"] * 40
    assert standing(office)["by_state"] == {"registered": 4, "verified": 40, "waiting_nik": 1}
    assert ("acc-ratna", "visit_approved") in deeds(office)
    with pytest.raises(NothingClean):
        sign(office, RATNA, VISIT)


def test_one_that_does_not_fit_turns_the_visit_into_record_by_record(office, visit):
    attach_minutes(office, RATNA, VISIT, PDF, "2026-11-22")
    first, second = drawn_review(office, VISIT).sample
    look(office, RATNA, VISIT, first.record.id, content=first.record.content, fits=True)
    look(office, RATNA, VISIT, second.record.id, content=second.record.content, fits=False)
    with pytest.raises(RecordByRecord):
        sign(office, RATNA, VISIT)
    look(office, RATNA, VISIT, second.record.id, content=second.record.content, fits=True)
    with pytest.raises(RecordByRecord):  # no second thought brings the signature back
        sign(office, RATNA, VISIT)


def test_what_was_corrected_after_the_signature_is_not_approved_by_it(office, visit):
    look_at_all(office)
    attach_minutes(office, RATNA, VISIT, PDF, "2026-11-22")
    sign(office, RATNA, VISIT)
    entry = visit.journal[1]
    body = {**from_canonical(entry.body), "address": "KP. LAIN"}
    visit.push([visit.write("correct", body, subject=entry.fields["subject"], base=entry.hash)])
    later(office)
    settle_held(office)
    assert standing(office)["by_state"] == {"registered": 5, "verified": 39, "waiting_nik": 1}


def test_a_verdict_is_about_the_content_that_was_seen(office, visit):
    look_at_all(office)
    seen = drawn_review(office, VISIT).sample[0].record
    entry = next(e for e in visit.journal if str(e.fields.get("subject")) == seen.id)
    body = {**from_canonical(entry.body), "address": "KP. LAIN"}
    visit.push([visit.write("correct", body, subject=entry.fields["subject"], base=entry.hash)])
    found = drawn_review(office, VISIT)
    assert found.unseen == 1
    with pytest.raises(DecidedBefore):
        look(office, RATNA, VISIT, seen.id, content=seen.content, fits=True)


def test_who_is_in_an_open_case_is_not_clean(office, visit, new_laptop):
    other = new_laptop()
    other.register(nik=nik(1), name="LAIN SEKALI", birth_date="1960-01-02", mother_name="ENCUM")
    other.push(other.journal)
    assert len(drawn_review(office, VISIT).clean) == 39


# Records, one by one


def answer_one(office: Office, number: str, said: str, **more: str) -> None:
    record = find_by_number(office, number)
    given = Said(said, record.revision, **more)
    in_one(office, lambda connection: answer_record(office, connection, RATNA, record.id, given))


@pytest.fixture
def noted(office: Office, laptop: Laptop) -> tuple[Laptop, str]:
    laptop.register(nik=nik(1), sex="P")
    laptop.push(laptop.journal)
    laptop.pull()
    return laptop, from_canonical(laptop.journal[-1].body)["number"]


def test_a_return_reaches_the_laptop_and_can_be_withdrawn(office, noted):
    laptop, number = noted
    answer_one(office, number, "fix", field="sex", reason="NIK laki-laki")
    assert decisions(laptop) == [("returned", "NIK laki-laki")]
    answer_one(office, number, "take_back")
    assert decisions(laptop) == [("registered", None)]
    assert laptop.hello()["digest_ok"]
    assert verify_office(office) == []


def test_answers_that_need_a_reason_are_refused_without_one(office, noted):
    _, number = noted
    for said, more in (("fix", {"field": "sex"}), ("as_is", {}), ("withdraw", {})):
        with pytest.raises(ReasonNeeded):
            answer_one(office, number, said, **more)
    with pytest.raises(AnswerNotPossible):
        answer_one(office, number, "take_back")
    assert find_by_number(office, number).state == "registered"


def test_only_answers_that_the_state_allows_are_offered(office, noted):
    _, number = noted
    assert possible_answers(find_by_number(office, number)) == (
        "ask_ktp", "fix", "as_is", "withdraw",
    )  # fmt: skip
    answer_one(office, number, "ask_ktp")
    assert possible_answers(find_by_number(office, number)) == ("withdraw", "take_back")


def test_what_changed_since_it_was_shown_is_not_decided(office, noted):
    _, number = noted
    shown = find_by_number(office, number)
    answer_one(office, number, "ask_ktp")
    given = Said("as_is", shown.revision, reason="benar")
    with pytest.raises(DecidedBefore):
        in_one(office, lambda c: answer_record(office, c, BUDI, shown.id, given))


def test_records_of_no_visit_are_counted_by_village_and_approved(office, new_laptop):
    laptop = new_laptop()
    for n, name in enumerate(("KARTA", "ENCUM")):
        laptop.register(nik=nik(n + 1), name=name, mother_name=f"IBU {name}")
    laptop.push(laptop.journal)
    with office.database.reading() as connection:
        (group,) = waiting_visits(connection, None)
        for districts, n in ((None, 1), (frozenset({"321601"}), 1), (frozenset({"321602"}), 0)):
            assert count_visits(connection, districts, without=True) == n
        assert count_visits(connection, None) == 0
    assert (group.total, group.clean, group.has_visit) == (2, 2, False)
    for one in drawn_review(office, group.id).sample:
        look(office, RATNA, group.id, one.record.id, content=one.record.content, fits=True)
    name, n = sign(office, RATNA, group.id)
    assert n == 2
    with office.database.reading() as connection:
        assert count_visits(connection, None, without=True) == 0  # signed, and held
    hasten(office, name)
    settle_held(office)
    assert standing(office)["by_state"] == {"verified": 2}

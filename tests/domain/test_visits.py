"""Visits: their ids, the check code of a recap, and who is called next."""

import hashlib
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.ticket_queue import queue_of, ticket_number
from enumerator_app.domain.tickets import ticket_words
from enumerator_app.domain.visits import (
    Visit,
    VisitCounts,
    VisitGroup,
    body_of_visit,
    check_code,
    counts_from_body,
    group_id,
    read_code,
    visit_from_body,
    visit_id,
)

DEVICE = UUID("01890f3c-7b00-7000-8000-000000000a07")
VISIT = UUID("01890f3c-7b00-7000-8000-0000000000b1")
HEAD = "ab" * 32
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

people = st.integers(0, 500)
counted = st.builds(VisitCounts, people, people, people, people)
heads = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64)


def written_by_hand(visit, head, counts):
    """Work the code out once more, with long division instead of shifts."""
    numbers = f"{counts.recorded} {counts.waiting_nik} {counts.attended} {counts.no_show}"
    said = "\n".join(["TP1-visit", str(visit), head or "", numbers])
    number = int(hashlib.sha256(said.encode()).hexdigest()[:5], 16)
    signs = ""
    for _ in range(4):
        number, rest = divmod(number, 32)
        signs = SIGNS[rest] + signs
    return signs


@given(st.uuids(), heads, counted)
def test_the_code_is_the_one_that_another_hand_works_out(visit, head, counts):
    assert check_code(visit, head, counts) == written_by_hand(visit, head, counts)


@given(st.uuids(), heads, counted)
def test_a_code_is_read_as_it_was_copied(visit, head, counts):
    code = check_code(visit, head, counts)
    copied = code.lower().replace("0", "o").replace("1", "l")
    assert read_code(f" {copied} ") == code


@given(counted, counted)
def test_the_same_code_for_other_counts_is_rare(mine, other):
    if mine != other:
        # One pair in a million may meet: what is checked is that the counts enter at all.
        several = [HEAD.replace("a", sign) for sign in "0123"]
        codes = [(check_code(VISIT, h, mine), check_code(VISIT, h, other)) for h in several]
        assert any(one != two for one, two in codes)


def test_the_code_depends_on_head_and_visit():
    counts = VisitCounts(39, 3, 3, 1)
    codes = {check_code(VISIT, f"{n:064x}", counts) for n in range(500)}
    codes |= {check_code(UUID(int=n), HEAD, counts) for n in range(500)}
    assert len(codes) > 995  # 1000 throws into 1,048,576 boxes meet about once in two


@given(st.dates(date(2026, 1, 1), date(2036, 1, 1)), st.text(max_size=20))
def test_one_place_on_one_day_is_one_visit_on_one_device(day, place):
    first = visit_id(DEVICE, day=day, village_code="3216182001", place=place)
    spaced = visit_id(DEVICE, day=day, village_code="3216182001", place=f"  {place} ")
    other = visit_id(VISIT, day=day, village_code="3216182001", place=place)
    assert first == spaced
    assert first != other


def test_a_group_is_known_by_its_name_however_it_is_written():
    assert group_id(VISIT, "Poktan Sri Mukti") == group_id(VISIT, "POKTAN  sri-mukti")
    assert group_id(VISIT, "Poktan Sri Mukti") != group_id(VISIT, "Poktan Tunas")


def test_a_visit_comes_back_from_its_body_with_what_a_newer_program_wrote():
    group = VisitGroup(id=VISIT, name="Sri Mukti", monthly_income=1_000_000)
    visit = Visit(id=DEVICE, village_code="3216182001", day=date(2026, 11, 22), groups=(group,))
    body = {**body_of_visit(visit), "schema": 1, "weather": "hujan"}
    read = visit_from_body(body)
    assert read.groups == (group,)
    assert body_of_visit(read)["weather"] == "hujan"


def test_counts_that_are_no_counts_are_none():
    whole = {"recorded": 1, "waiting_nik": 0, "attended": 0, "no_show": 0}
    assert counts_from_body({"counts": whole}) == VisitCounts(1, 0, 0, 0)
    for wrong in (None, {}, {**whole, "recorded": -1}, {**whole, "no_show": True}):
        assert counts_from_body({"counts": wrong}) is None


def test_tickets_are_called_in_order_and_those_set_back_come_after_them():
    queue = queue_of(6, {1, 2}, {4: "skipped", 5: "no_show"}, now=3)
    assert queue.upcoming == (6, 4)
    assert queue.no_show == (5,)
    assert queue.waiting == 2


def test_without_slips_the_numbers_simply_go_on():
    queue = queue_of(0, {1, 3}, {2: "later"}, now=4)
    assert (queue.upcoming, queue.later, queue.waiting) == ((5, 6, 7), (2,), None)


@given(
    st.integers(1, 40),
    st.sets(st.integers(1, 40)),
    st.dictionaries(st.integers(1, 40), st.sampled_from(["skipped", "later", "no_show"])),
)
def test_nobody_is_called_who_is_done_or_did_not_come(tickets, done, answers):
    queue = queue_of(tickets, done, answers)
    gone = {n for n, said in answers.items() if said in ("later", "no_show")} | done
    assert not set(queue.upcoming) & gone
    assert set(queue.later) | set(queue.no_show) | set(queue.skipped) == answers.keys() - done


def test_a_ticket_is_read_and_written_in_one_form():
    assert [ticket_words(n) for n in (1, 14, 1234)] == ["001", "014", "1234"]
    assert [ticket_number(t) for t in ("014", " 7 ", "", "000", "A7")] == [14, 7, None, None, None]

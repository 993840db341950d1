"""A visit on a real encrypted file: opened, worked, paused, closed, opened again."""

from datetime import timedelta

import pytest

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NoVisit, NumberUnknown, VillageUnknown, VisitUnknown
from enumerator_app.domain.visits import check_code
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text
from tests.ui.open_laptops import new_laptop, noon, opened_again, registered

MUKTI = GroupDraft("Poktan Sri Mukti", "Odih", "Buruh tani")


class Hands:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now = noon()

    def __call__(self):
        return self.now

    def later(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def laptop(tmp_path, clock):
    made = new_laptop(tmp_path)
    made.store._file.now = clock
    yield Laptop(made.store, clock)
    made.close()


def kinds(laptop):
    with laptop.store.read_session() as session:
        rows = session.connection().exec_driver_sql("SELECT kind, body FROM entry ORDER BY n")
        return [(kind, from_canonical(body) if body else None) for kind, body in rows]


def opened(laptop, **changes):
    return laptop.visits.open(village="Karangharja", **{"groups": [MUKTI], "tickets": 5} | changes)


def somebody(laptop, serial, visit=None, **values):
    if visit is not None:
        values |= {"visit_id": str(visit.visit.id), "group_id": str(visit.group.id)}
    return registered(laptop, f"WARGA {serial}", f"321613520374{serial:04d}", **values)


def test_opening_is_journalled_with_the_groups(laptop):
    visit = opened(laptop)
    kind, body = kinds(laptop)[-1]
    assert kind == "visit_open"
    assert body["visit"] == str(visit.visit.id)
    assert (body["day"], body["tickets"]) == ("2026-11-22", 5)
    assert [group["name"] for group in body["groups"]] == ["Poktan Sri Mukti"]


def test_the_same_place_on_the_same_day_is_the_same_visit(laptop):
    first = opened(laptop)
    entries = len(kinds(laptop))
    again = opened(laptop)
    assert again.visit == first.visit
    assert len(kinds(laptop)) == entries, "nothing new was said, so nothing is written"
    joined = opened(laptop, groups=[GroupDraft("Tunas Harapan")])
    assert [g.name for g in joined.visit.groups] == ["Poktan Sri Mukti", "Tunas Harapan"]


def test_an_unknown_village_opens_nothing(laptop):
    with pytest.raises(VillageUnknown):
        laptop.visits.open(village="Entah")
    assert laptop.visits.book.current() is None


def test_whoever_is_registered_under_the_visit_is_counted_and_their_ticket_is_done(laptop):
    visit = opened(laptop)
    somebody(laptop, 1, visit, ticket="001")
    somebody(laptop, 2)
    standing = laptop.visits.book.current(now=2)
    assert standing.counts.recorded == 1
    assert standing.tally.by_group == {visit.group.id: 1}
    assert standing.queue.upcoming == (3, 4, 5)


def test_an_undone_save_gives_the_ticket_back(laptop):
    visit = opened(laptop)
    saved = somebody(laptop, 1, visit, ticket="001")
    laptop.undo(saved.subject)
    assert laptop.visits.book.current().queue.upcoming == (1, 2, 3)


def test_attendance_makes_no_second_record_and_takes_the_new_telephone_number(laptop):
    earlier = somebody(laptop, 1)
    visit = opened(laptop)
    before = laptop.counts().registrations
    standing = laptop.visits.table.attend(earlier.number, ticket="002", phone="081200001111")
    assert laptop.counts().registrations == before
    assert laptop.find(earlier.number) is not None
    assert laptop.registration(earlier.subject).phone == "081200001111"
    assert [kind for kind, _ in kinds(laptop)][-2:] == ["attend", "correct"]
    assert standing.counts.attended == 1
    assert standing.queue.upcoming == (1, 3, 4)
    again = laptop.visits.table.attend(earlier.number, ticket="002")
    assert again.counts.attended == 1, "told twice, it is one person still"
    undone = laptop.visits.table.attend(earlier.subject, visit=visit.visit.id, present=False)
    assert undone.counts.attended == 0


def test_attendance_of_nobody_and_without_a_visit_is_refused(laptop):
    known = somebody(laptop, 1)
    with pytest.raises(NoVisit):
        laptop.visits.table.attend(known.number)
    opened(laptop)
    with pytest.raises(NumberUnknown):
        laptop.visits.table.attend("3216-A07-00042-K7QC")


def test_answers_to_tickets_outlive_the_process(laptop, tmp_path):
    visit = opened(laptop)
    laptop.visits.table.answer(visit.visit.id, 1, "no_show")
    laptop.visits.table.answer(visit.visit.id, 2, "later")
    laptop.close()
    with opened_again(tmp_path) as again:
        queue = again.visits.book.current().queue
        assert (queue.upcoming, queue.later, queue.no_show) == ((3, 4, 5), (2,), (1,))
        assert again.visits.table.answer(visit.visit.id, 2, None).queue.upcoming == (2, 3, 4)


def test_the_time_of_the_table_stands_still_in_a_rest(laptop, clock):
    visit = opened(laptop).visit.id
    clock.later(minutes=30)
    laptop.visits.table.pause(visit)
    clock.later(minutes=20)
    assert laptop.visits.book.standing(visit).worked_s == 30 * 60
    laptop.visits.table.resume(visit)
    clock.later(minutes=5)
    assert laptop.visits.book.standing(visit).worked_s == 35 * 60


def test_what_is_said_of_a_slip_and_a_rest_are_journalled(laptop, clock):
    visit = opened(laptop).visit.id
    laptop.visits.table.answer(visit, 1, "no_show")
    laptop.visits.table.answer(visit, 1, None)
    began = clock()
    laptop.visits.table.pause(visit)
    clock.later(minutes=20)
    laptop.visits.table.resume(visit)
    said = [
        (kind, {name: value for name, value in body.items() if name != "schema"})
        for kind, body in kinds(laptop)
        if kind in ("ticket", "rest")
    ]
    start = began.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    end = clock().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert said == [
        ("ticket", {"visit": str(visit), "ticket": 1, "answer": "no_show"}),
        ("ticket", {"visit": str(visit), "ticket": 1, "answer": None}),
        ("rest", {"visit": str(visit), "began_at": start, "ended_at": None}),
        ("rest", {"visit": str(visit), "began_at": start, "ended_at": end}),
    ]


def test_closing_is_journalled_with_counts_and_a_code_over_the_head(laptop):
    visit = opened(laptop)
    somebody(laptop, 1, visit, ticket="001")
    laptop.visits.table.answer(visit.visit.id, 2, "no_show")
    head = laptop.store.position().head
    closed = laptop.visits.close(visit.visit.id)
    kind, body = kinds(laptop)[-1]
    assert kind == "visit_close"
    assert body["counts"] == {
        "present": 1, "recorded": 1, "waiting_nik": 0, "attended": 0, "no_show": 1,
    }  # fmt: skip
    assert body["no_show_tickets"] == ["002"]
    assert body["code"] == closed.code == check_code(visit.visit.id, head, closed.counts)
    assert laptop.visits.book.current() is None


def test_closing_twice_writes_once_and_a_late_record_closes_it_anew(laptop):
    visit = opened(laptop)
    first = laptop.visits.close(visit.visit.id)
    entries = len(kinds(laptop))
    assert laptop.visits.close(visit.visit.id).code == first.code
    assert len(kinds(laptop)) == entries
    somebody(laptop, 1, visit)
    assert laptop.visits.close(visit.visit.id).counts.recorded == 1
    assert [kind for kind, _ in kinds(laptop)].count("visit_close") == 2


def test_what_is_unfinished_is_said_before_a_close(laptop):
    visit = opened(laptop)
    assert laptop.visits.left_over(visit.visit.id).waiting == 5
    somebody(laptop, 1, visit, ticket="001")
    laptop.keep_draft("form:x", {"values": {"name": "siti"}})
    left = laptop.visits.left_over(visit.visit.id)
    assert (left.unprinted, left.drafts, left.unsent, left.waiting) == (1, 1, 1, 4)


def test_consent_of_the_group_names_text_time_and_witness(laptop, clock):
    visit = opened(laptop)
    laptop.visits.note_consent(visit.visit.id, witness="Odih", witness_role="mandor")
    consent = kinds(laptop)[-1][1]["consent"]
    assert consent["at"] == "2026-11-22T05:00:00.000Z"
    assert consent["text_version"]
    assert (consent["explained_by"], consent["witness"], consent["witness_role"]) == (
        "Petugas Uji", "Odih", "mandor",
    )  # fmt: skip


def test_a_visit_is_found_by_the_beginning_of_its_id(laptop):
    visit = opened(laptop).visit.id
    assert laptop.visits.book.find(str(visit)[:8]) == visit
    for wrong in ("", "zz", str(visit)[::-1]):
        with pytest.raises(VisitUnknown):
            laptop.visits.book.find(wrong)


def test_nothing_is_wrong_with_the_file_after_all_of_it(laptop):
    visit = opened(laptop)
    known = somebody(laptop, 1, visit)
    laptop.visits.table.attend(known.number)
    laptop.visits.close(visit.visit.id)
    assert laptop.doctor() == []


def test_attendance_is_a_step_in_the_life_of_a_person(laptop):
    known = somebody(laptop, 1)
    opened(laptop)
    laptop.visits.table.attend(known.number)
    steps = laptop.detail(known.subject).timeline
    assert [text(step.text_key, **step.parameters) for step in steps][-1] == (
        "Dicatat hadir di kunjungan."
    )

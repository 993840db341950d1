"""What the office makes of visits: taken, listed, told twice, cloned, erased."""

from uuid import UUID, uuid4

import pytest

from enumerator_app.domain.errors import VisitUnknown
from sync.server.deciding import approve
from sync.server.erasing import erase
from sync.server.office import Office
from sync.server.visits import full_id, list_visits, recap_matches
from tests.domain.test_visits import written_by_hand
from tests.server.laptops import NOON, Laptop, nik, outcomes

VISIT = UUID("01890f3c-7b00-7000-8000-0000000000b1")
GROUP = UUID("01890f3c-7b00-7000-8000-0000000000c1")


def opened(laptop: Laptop, *names: str):
    groups = [
        {"id": str(UUID(int=GROUP.int + n)), "name": name, "foreman": "Odih", "programmes": ["JKK"]}
        for n, name in enumerate(names or ("Sri Mukti",))
    ]
    return laptop.write("visit_open", {
        "visit": str(VISIT), "village_code": "3216012001", "place": "Balai Desa",
        "day": "2026-11-22", "groups": groups, "tickets": 5, "consent": None,
    })  # fmt: skip


class Counts:
    def __init__(self, recorded=0, waiting_nik=0, attended=0, no_show=0):
        self.recorded, self.waiting_nik = recorded, waiting_nik
        self.attended, self.no_show = attended, no_show


def closed(laptop: Laptop, code=None, **numbers):
    counts = Counts(**numbers)
    body = {
        "visit": str(VISIT), "closed_at": NOON, "worked_s": 60, "no_show_tickets": [],
        "counts": vars(counts), "code": code or written_by_hand(VISIT, laptop.head.hash, counts),
    }  # fmt: skip
    return laptop.write("visit_close", body)


def attended(laptop: Laptop, subject: str, present=True):  # noqa: FBT002 - one word in a test
    body = {"visit": str(VISIT), "group": str(GROUP), "ticket": "002", "present": present}
    return laptop.write("attend", body, subject=UUID(subject))


def accepted(laptop: Laptop, receipt, count: int) -> None:
    assert outcomes(receipt) == {}
    assert sum(last - first + 1 for first, last in receipt["accepted"]) == count


def only(office: Office):
    (visit,) = list_visits(office)
    return visit.as_dict()


def test_a_whole_visit_is_accepted_and_listed_with_its_counts_and_code(
    office: Office, laptop: Laptop
):
    opened(laptop, "Sri Mukti", "Tunas Harapan")
    first = laptop.register(nik=nik(1), visit_id=str(VISIT), group_id=str(GROUP))
    laptop.register(nik=nik(2))
    attended(laptop, laptop.journal[-1].fields["subject"])
    end = closed(laptop, recorded=1, attended=1, no_show=3)
    receipt = laptop.push(laptop.journal)
    accepted(laptop, receipt, len(laptop.journal))
    row = only(office)
    assert (row["state"], row["device"], row["day"]) == ("closed", laptop.code, "2026-11-22")
    assert [group["name"] for group in row["groups"]] == ["Sri Mukti", "Tunas Harapan"]
    assert row["counts"] == {
        "present": 2, "recorded": 1, "waiting_nik": 0, "attended": 1, "no_show": 3,
    }  # fmt: skip
    assert row["code_agrees"] is True
    assert (row["registrations"], row["attendances"], row["to_approve"]) == (1, 1, 1)
    assert first.hash
    assert end.hash
    laptop.pull()
    assert laptop.hello()["digest_ok"], "visits are no subjects: both digests meet as before"


def test_a_visit_is_approved_alone_and_by_the_beginning_of_its_id(office: Office, laptop: Laptop):
    opened(laptop)
    laptop.register(nik=nik(1), visit_id=str(VISIT))
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal)
    assert approve(office, officer="R", visit=full_id(office, str(VISIT)[:13])) == 1
    assert only(office)["to_approve"] == 0
    with pytest.raises(VisitUnknown):
        full_id(office, "ffff")


def test_a_close_that_comes_twice_and_one_that_comes_late_do_no_harm(
    office: Office, laptop: Laptop
):
    opened(laptop)
    closed(laptop, recorded=0)
    laptop.push(laptop.journal)
    laptop.push(laptop.journal)
    assert only(office)["closes"] == 1
    laptop.register(nik=nik(1), visit_id=str(VISIT))
    closed(laptop, recorded=1)
    laptop.push(laptop.journal[-2:])
    row = only(office)
    assert (row["closes"], row["counts"]["recorded"], row["code_agrees"]) == (2, 1, True)


def test_two_copies_of_a_laptop_make_one_visit_with_both_their_groups(
    office: Office, laptop: Laptop
):
    opened(laptop, "Sri Mukti")
    laptop.push(laptop.journal)
    copy = laptop.copy()
    copy.start_epoch("restored")
    opened(laptop, "Sri Mukti", "Tunas Harapan")
    opened(copy, "Sri Mukti")
    laptop.register(nik=nik(1), visit_id=str(VISIT))
    copy.register(nik=nik(2), visit_id=str(VISIT))
    laptop.push(laptop.journal)
    copy.counter = laptop.counter
    copy.push(copy.journal[-3:])
    row = only(office)
    assert {group["name"] for group in row["groups"]} == {"Sri Mukti", "Tunas Harapan"}
    assert row["registrations"] == 2


def test_bodies_that_say_nothing_are_kept_without_effect(office: Office, laptop: Laptop):
    bad = [
        laptop.write("visit_open", {"visit": "x"}),
        laptop.write("visit_close", {"visit": str(VISIT), "counts": {"recorded": -1}}),
        laptop.write("attend", {"visit": str(VISIT), "present": True}),
        laptop.write("attend", {"visit": str(VISIT), "present": "yes"}, subject=uuid4()),
    ]
    receipt = laptop.push(laptop.journal)
    assert outcomes(receipt) == {entry.hash: "quarantined" for entry in bad}
    assert list_visits(office) == []


def test_a_code_that_does_not_fit_is_said(office: Office, laptop: Laptop):
    opened(laptop)
    closed(laptop, code="ZZZZ", recorded=1)
    laptop.push(laptop.journal)
    assert only(office)["code_agrees"] is False


def test_an_attendance_taken_back_and_one_of_an_erased_person_count_no_more(
    office: Office, laptop: Laptop
):
    opened(laptop)
    subjects = [laptop.register(nik=nik(n)).fields["subject"] for n in (1, 2)]
    for subject in subjects:
        attended(laptop, subject)
    laptop.push(laptop.journal)
    assert only(office)["attendances"] == 2
    laptop.push([attended(laptop, subjects[0], present=False)])
    assert only(office)["attendances"] == 1
    erase(office, subjects[1], ground="uji")
    assert only(office)["attendances"] == 0


def test_a_copied_recap_finds_its_visit_and_a_slip_of_the_pen_does_not(
    office: Office, laptop: Laptop
):
    opened(laptop)
    closed(laptop, recorded=39, waiting_nik=3, attended=3)
    laptop.push(laptop.journal)
    code = only(office)["code"]
    visits = list_visits(office)
    said = f"Karangharja 22-11: 45 hadir, 39 didata, 3 sudah terdaftar, 3 tanpa NIK. Kode {code}"
    assert recap_matches(visits, said) is not None
    assert recap_matches(visits, said.lower()) is not None
    assert recap_matches(visits, said.replace("39", "93")) is None
    assert recap_matches(visits, "") is None


def answered(laptop: Laptop, ticket: int, answer: str | None):
    return laptop.write("ticket", {"visit": str(VISIT), "ticket": ticket, "answer": answer})


def test_what_was_said_of_slips_and_rests_is_there_before_any_close(office: Office, laptop: Laptop):
    opened(laptop)
    answered(laptop, 1, "no_show")
    answered(laptop, 2, "later")
    answered(laptop, 3, "no_show")
    answered(laptop, 4, "skipped")
    answered(laptop, 4, None)
    answered(laptop, 5, "later")
    later = "2026-11-22T05:20:00.000Z"
    for ended in (None, later):
        rest = {"visit": str(VISIT), "began_at": NOON, "ended_at": ended}
        laptop.write("rest", rest)
    laptop.register(nik=nik(1), visit_id=str(VISIT), ticket="003")
    laptop.register(nik=nik(2))
    body = {"visit": str(VISIT), "group": str(GROUP), "ticket": "005", "present": True}
    laptop.write("attend", body, subject=UUID(laptop.journal[-1].fields["subject"]))
    accepted(laptop, laptop.push(laptop.journal), len(laptop.journal))
    row = only(office)
    assert row["state"] == "open"
    assert row["slips"] == {"skipped": [], "later": [2], "no_show": [1]}, "3 and 5 came after all"
    assert row["rests"] == [{"began_at": NOON, "ended_at": later}]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("ticket", {"ticket": 0, "answer": "later"}),
        ("ticket", {"ticket": True, "answer": "later"}),
        ("ticket", {"ticket": 3, "answer": "flew"}),
        ("ticket", {"answer": "later"}),
        ("rest", {"began_at": "noon", "ended_at": None}),
        ("rest", {"ended_at": NOON}),
    ],
)
def test_nonsense_about_a_slip_or_a_rest_is_chained_and_set_aside(
    office: Office, laptop: Laptop, kind, body
):
    opened(laptop)
    bad = laptop.write(kind, {"visit": str(VISIT), **body})
    receipt = laptop.push(laptop.journal)
    assert outcomes(receipt) == {bad.hash: "quarantined"}
    assert only(office)["slips"] == {"skipped": [], "later": [], "no_show": []}

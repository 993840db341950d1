"""The visit page and the page before leaving in each size, contrast, text and language: whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from enumerator_app.domain.ticket_queue import queue_of
from enumerator_app.domain.visits import GroupConsent, Visit, VisitGroup
from enumerator_app.services.brought import DistrictCheck
from enumerator_app.services.readiness import Readiness
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visits import GroupDraft
from enumerator_app.storage.visits import VisitTally
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.home.state import home_state
from enumerator_app.ui.home.view import HomeView
from enumerator_app.ui.ready.state import Around, ReadyState, ready_rows
from enumerator_app.ui.ready.view import ReadyView
from enumerator_app.ui.visit.state import OpeningDraft, VisitState, Witness
from enumerator_app.ui.visit.view import VisitView
from tests.ui.test_home_audit import LONG_NAME, checked, window  # noqa: F401 - a fixture by import

AT = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
LONG_PLACE = "Aula Gabungan Kelompok Tani Sumber Rejeki Makmur Sejahtera"
LONG_GROUP = "Gabungan Kelompok Tani Sumber Rejeki Makmur Sejahtera Bersama"


def standing(*, is_open=True, paused=False, consent=True):
    groups = tuple(
        VisitGroup(id=UUID(int=n), name=name, foreman=LONG_NAME, occupation="Buruh tani harian")
        for n, name in enumerate((LONG_GROUP, "Mandor Odih", "Poktan Tunas"), start=1)
    )
    said = GroupConsent(
        at=AT, text_version="2026-11", explained_by="Nining", witness=LONG_NAME, witness_role="RT"
    )
    visit = Visit(
        id=UUID(int=9), village_code="3216132001", place=LONG_PLACE, day=date(2026, 11, 22),
        groups=groups, tickets=120, consent=said if consent else None,
    )  # fmt: skip
    tally = VisitTally(99, 3, 12, 40, frozenset(range(1, 103)), {UUID(int=1): 60, UUID(int=2): 42})
    answers = {110: "later", 111: "no_show"}
    return VisitStanding(
        visit=visit, is_open=is_open, opened_at=AT, paused_at=AT if paused else None,
        worked_s=12_345, group=groups[0], tally=tally, answers=answers,
        queue=queue_of(120, tally.done, answers), closing=None if is_open else {"code": "W8MW"},
    )  # fmt: skip


def visit_states():
    earlier = tuple(GroupDraft(name) for name in (LONG_GROUP, "Mandor Odih"))
    names = frozenset(group.name for group in earlier)
    draft = OpeningDraft("3216132001", LONG_PLACE, "45", earlier, names)
    opening = VisitState(kind="opening", draft=draft, village="Desa Karangharja")
    running = VisitState(kind="running", standing=standing(), village="Karangharja")
    left = tuple(
        text(f"visits.left_{name}", n=1203) for name in ("waiting", "drafts", "unprinted", "unsent")
    )
    recap = "Karangharja 22-11: 114 hadir, 99 didata, 12 sudah terdaftar, 3 tanpa NIK. Kode W8MW"
    ended = replace(running, kind="closed", standing=standing(is_open=False), recap=recap)
    witness = Witness(LONG_NAME, "ketua kelompok tani")
    return {
        "first": VisitState(kind="opening", panel="village"),
        "again": replace(opening, can_show_last=True),
        "trouble": replace(opening, trouble=text("errors.database_damaged")),
        "running": running,
        "no consent": replace(running, standing=standing(consent=False)),
        "paused": replace(running, standing=standing(paused=True)),
        "adding": replace(running, panel="group"),
        "witness": replace(running, panel="consent", witness=witness),
        "closing": replace(running, kind="closing", left=left),
        "nothing left": replace(running, kind="closing"),
        "closed": ended,
        "closed by battery": replace(ended, notice=text("battery.close", n=7)),
    }


def test_the_visit_page(shown, window, qapp):  # noqa: F811 - the fixture imported above
    from enumerator_app.domain.reference import load_places  # noqa: PLC0415 - only here

    _, size = window
    places = load_places()
    assert checked(shown, VisitView(places), size, visit_states()) == {}


def test_the_page_before_leaving(shown, window):  # noqa: F811 - as above
    _, size = window
    now = AT + timedelta(days=9)
    old = DistrictCheck("too_old", AT.date(), 3)
    bad = Readiness(
        clock_is_sure=False, last_sync=AT, pending=1203, listed=0, seats_left=0, has_paper=False,
        district=old,
    )  # fmt: skip
    good = replace(bad, clock_is_sure=True, pending=0, listed=48, seats_left=19, has_paper=True)
    good = replace(good, district=DistrictCheck("not_checked", AT.date(), 3))
    alone = replace(bad, district=DistrictCheck("no_list"))
    low = Around(Battery(12, is_plugged=False), has_camera=False, has_drive=False)
    full = Around(Battery(96, is_plugged=False), has_camera=True, has_drive=True)
    states = {
        "loading": ReadyState(),
        "stopped": ReadyState(
            ready_rows(replace(bad, is_stopped=True), low, now, is_practice=False)
        ),
        "halted": ReadyState(
            ready_rows(replace(bad, is_halted=True, held_back=1203), low, now, is_practice=False)
        ),
        "bad": ReadyState(ready_rows(bad, low, now, is_practice=False)),
        "without a list": ReadyState(ready_rows(alone, low, now, is_practice=False)),
        "good": ReadyState(ready_rows(good, full, AT, is_practice=False)),
        "practice": ReadyState(ready_rows(good, full, AT, is_practice=True)),
        "failed": ReadyState((), text("errors.database_damaged")),
    }
    assert checked(shown, ReadyView(), size, states) == {}


def test_home_with_a_visit(shown, window):  # noqa: F811 - as above
    from types import SimpleNamespace  # noqa: PLC0415 - only here

    _, size = window
    counts = SimpleNamespace(
        registrations=120, pending=12, received=108, photos_pending=3, to_correct=2,
        waiting_print=40, waiting_nik=3, today=99, by_state={"registered": 120},
        entries_pending=12, is_stopped=False,
    )  # fmt: skip
    states = {
        name: home_state(counts, (), (), None, AT, standing=one)
        for name, one in {"open": standing(), "paused": standing(paused=True)}.items()
    }
    assert checked(shown, HomeView(), size, states) == {}

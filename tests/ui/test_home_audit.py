"""Home, sending, printing and benefits in each size, contrast, text size and language: whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from enumerator_app.texts import set_language, text
from enumerator_app.ui.benefits.view import BenefitsView
from enumerator_app.ui.home.state import Figure, HomeState, Stretch, Task, WeekDay
from enumerator_app.ui.home.view import HomeView
from enumerator_app.ui.kit import install_theme, theme_for
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.printing.state import (
    SHEETS,
    PaperRow,
    Preview,
    PrintingState,
    Settling,
    Work,
)
from enumerator_app.ui.printing.view import PrintingView
from enumerator_app.ui.sending.held import Held
from enumerator_app.ui.sending.state import Amount, SendingState, recap_words
from enumerator_app.ui.sending.view import SendingView
from sync.client.progress import SyncResult
from tests.ui.test_benefits import at as benefit_page

WINDOWS = {"small": QSize(1280, 650), "usual": QSize(1366, 768), "wide": QSize(1920, 1040)}
FRAME = {100: (80, 56), 125: (96, 56), 200: (0, 64)}
"""What rail and strip take of the window, by text size."""
AT = datetime(2026, 11, 25, 9, 9, tzinfo=UTC)
LONG_NAME = "RADEN AJENG SITI MAEMUNAH KUSUMANINGRUM BINTI ABDURRACHMAN WIRANATAKUSUMAH"
LONG_TROUBLE = "errors.database_damaged"


EVERY_RUN = {
    "light-100-usual-id", "light-100-usual-en", "light-100-small-id", "light-100-wide-en",
    "light-125-small-en", "sun-200-small-id", "sun-200-small-en",
}  # fmt: skip


@pytest.fixture(params=[
    pytest.param(name, marks=() if name in EVERY_RUN else pytest.mark.slow)
    for contrast, percent, size in (
        ("light", 100, "usual"), ("light", 100, "small"), ("sun", 100, "usual"),
        ("light", 100, "wide"), ("light", 125, "usual"), ("light", 125, "small"),
        ("light", 200, "usual"), ("sun", 200, "small"),
    )
    for language in ("id", "en")
    for name in [f"{contrast}-{percent}-{size}-{language}"]
])  # fmt: skip
def window(request, qapp):
    """Return the window's size and what its frame leaves for a page."""
    contrast, percent, size, language = request.param.split("-")
    whole = WINDOWS[size]
    theme = theme_for(
        whole.width(), whole.height(), contrast=contrast, text_percent=int(percent), motion=False
    )
    set_language(language)
    install_theme(qapp, theme)
    rail, strip = FRAME[int(percent)]
    if size == "wide":
        rail = 200
    return whole, QSize(whole.width() - rail, whole.height() - strip)


def checked(shown, view, size, states):
    view.setFixedSize(size)
    shown(view)
    found = {}
    for name, state in states.items():
        view.render_state(state)
        for _ in range(4):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        if lines := faults(view):
            found[name] = lines
    return found


def home_states():
    figures = tuple(
        Figure(number, text(f"home.{key}"), text(f"home.{key}_detail"))
        for key, number in (
            ("today", 47), ("not_sent", 12_345), ("received", 75_903), ("waiting_nik", 0),
        )
    )  # fmt: skip
    tasks = (
        Task("corrections", "check", text("home.task_correct", n=1203),
             "Tanggal lahir, nama ibu kandung, ahli waris", text("home.do_correct"), "F5"),
        Task("printing", "printer", text("home.task_print", n=1203),
             text("home.task_print_detail"), text("home.do_print"), "F4"),
        Task("workers", "waiting", text("home.task_nik", n=1203), text("home.task_nik_detail"),
             text("home.do_look"), "F3"),
    )  # fmt: skip
    journey = tuple(
        Stretch(text(f"home.{key}"), 75_903, 1000, 88_248)
        for key in ("received", "verified", "submitted", "enrolled")
    )
    names = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
    week = tuple(WeekDay(name, 1234, 99, name == "Min") for name in names)
    last = text("home.last_send", when="Minggu 22-11, 16.12")
    full = HomeState(
        is_ready=True, figures=figures, tasks=tasks, journey=journey, week=week,
        week_total=9331, last_send=last, reminder=text("home.overdue"),
    )  # fmt: skip
    empty = replace(full, tasks=(), journey=(), last_send=text("home.practice"), reminder="")
    trouble = text(LONG_TROUBLE)
    return {
        "loading": HomeState(),
        "failed": HomeState(trouble=trouble),
        "full": full,
        "full and failed": replace(full, trouble=trouble),
        "empty": empty,
    }


def sending_states():
    held = Held(75_903, 1234, 987, 12, 60_000)
    before = SendingState(held=held, before=held, last_at=AT, device="A07")
    ended = tuple(
        (name, AT + timedelta(seconds=n))
        for n, name in enumerate(("hello", "entries", "feed", "photos", "closing"))
    )
    during = replace(
        before, phase="sending", stage="entries", records=Amount(390, 1300), ended=ended[:1],
        photos=Amount(0, 987), record_bytes=300_000, elapsed_s=7.0,
    )  # fmt: skip
    result = SyncResult(
        pushed=1300, outcomes={}, photos=27, pulled=14, pending=0, heads_agree=True,
        digest_ok=True, requests=5, bytes_up=1, bytes_down=1, photos_pending=960,
    )  # fmt: skip
    done = replace(
        before, phase="done", stage="closing", ended=ended, result=result,
        held=Held(75_903, 0, 960, 13, 60_004), after=Held(75_903, 0, 960, 13, 60_004), closed_at=AT,
    )  # fmt: skip
    stopped = replace(during, phase="stopped", is_stopping=True, result=result, ended=ended[:2])
    return {
        "before": before,
        "nothing": replace(before, held=Held(0, 0, 0, 0, 0), last_at=None),
        "practice": replace(before, is_practice=True),
        "during": during,
        "photos": replace(during, stage="photos", photos=Amount(100, 987)),
        "stopping": replace(during, is_stopping=True),
        "done": done,
        "all done": replace(done, held=Held(75_903, 0, 0, 0, 60_004)),
        "locked": replace(done, held=replace(done.held, without_effect=1234, is_stopped=True)),
        "stopped": stopped,
        "stopped, all received": replace(stopped, held=done.held),
        "failed": replace(during, phase="failed", trouble=text("errors.server_unreachable")),
        "failed early": replace(
            before, phase="failed", held=done.held, trouble=text("errors.office_not_proven")
        ),
    }


def printing_states():
    rows = tuple(
        PaperRow(UUID(int=n + 1), name, f"3216-A07-0012{n}-H9RA", paper, None)
        for n, (name, paper) in enumerate(
            (
                ("KARSIH", text("printing.waiting_nik", paper=text("printing.slip"))),
                (LONG_NAME, text("printing.slip")),
                ("SITI", text("printing.copy", paper=text("printing.card"), n=12)),
                *((f"ORANG {n}", text("printing.slip")) for n in range(9)),
            )
        )
    )
    ticked = frozenset(row.subject for row in rows)
    preview = Preview("drawing")
    full = PrintingState(phase="ready", rows=rows, ticked=ticked, preview=preview, free=3)
    again = replace(full, mode="again", ticked=frozenset())
    settling = Settling(rows, "")
    states = {
        "loading": PrintingState(),
        "failed": PrintingState(phase="failed", trouble=text(LONG_TROUBLE)),
        "empty": PrintingState(phase="ready"),
        "nobody ticked": replace(full, ticked=frozenset()),
        "printing": replace(full, work=Work("printing", 5, 12)),
        "stopping": replace(full, work=Work("saving", 5, 12, is_stopping=True)),
        "marking": replace(full, work=Work("marking", 0, 12)),
        "all out?": replace(full, settling=settling),
        "which was the last?": replace(full, settling=replace(settling, asks_last=True)),
        "printer failed": replace(full, settling=settling, trouble=text("printing.printer_failed")),
        "said": replace(full, said=text("printing.rest", n=3, rest=9)),
        "battery": replace(full, trouble=text("printing.battery", n=18)),
        "no printer": replace(full, trouble=text("printing.no_printer")),
        "again": again,
        "again, reason": replace(again, ticked=ticked, reason="changed"),
        "again, none": PrintingState(phase="ready", mode="again"),
        "again, no match": PrintingState(phase="ready", mode="again", typed="zzz"),
    }
    return states | {name: replace(full, sheet=name) for name in SHEETS}


def test_home(shown, window):
    assert checked(shown, HomeView(), window[1], home_states()) == {}


def test_sending(shown, window):
    view, states = SendingView(), sending_states()
    view.show_recap(recap_words(states["before"], AT.date()))

    assert checked(shown, view, window[1], states) == {}


def test_printing(shown, window):
    assert checked(shown, PrintingView(), window[1], printing_states()) == {}


def test_the_sheet_in_the_lists_place_for_text_twice_as_large(shown, window):
    view = PrintingView()
    size = window[1]
    assert checked(shown, view, size, {"full": printing_states()["a4-10"]}) == {}
    if view._preview.isVisible():
        return
    view._turn_over()
    assert checked(shown, view, size, {"turned": printing_states()["a4-10"]}) == {}
    assert view._preview.isVisible()


def test_benefits(shown, window):
    pages = {number: benefit_page(number, phone="0812-0000-0000") for number in range(4)}

    assert checked(shown, BenefitsView(), window[0], pages) == {}

"""The pages at the table, in each size, contrast, text size and language: nothing is cut."""

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QApplication

from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import set_language, text
from enumerator_app.ui.corrections.page import CorrectionsPage
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import ScrollPane, current_theme, install_theme, theme_for
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.registration.page import RegistrationPage
from enumerator_app.ui.workers.page import WorkersPage
from enumerator_app.ui.workers.photo_state import Match, PhotosState
from enumerator_app.ui.workers.state import Export
from tests.storage.laptops import new_laptop
from tests.ui.open_laptops import PERSON, registered, village_of
from tests.ui.test_corrections import sent_back

WINDOWS = {"small": QSize(1280, 650), "usual": QSize(1366, 768), "wide": QSize(1920, 1040)}
FRAME = {100: (80, 56), 125: (96, 56), 200: (0, 64)}
"""What rail and strip take of the window, by text size."""

LONG_NAME = "RADEN AJENG SITI MAEMUNAH KUSUMANINGRUM BINTI ABDURRACHMAN WIRANATAKUSUMAH"


@pytest.fixture(scope="module")
def laptop(tmp_path_factory):
    laptop = Laptop(new_laptop(tmp_path_factory.mktemp("laptop") / "home"))
    sent_back(laptop)
    registered(laptop, LONG_NAME, "3216135203740009")
    registered(laptop, "ENDAH", "", document_seen="suket")
    yield laptop
    laptop.close()


ELSEWHERE = ("light-100-usual-en", "sun-100-usual-id", "light-100-small-en", "light-125-usual-en",
             "light-200-usual-id")  # fmt: skip


@pytest.fixture(params=[
    "light-100-usual-id", "light-100-small-id", "light-100-wide-id", "light-125-usual-id",
    "sun-200-usual-en", *(pytest.param(name, marks=pytest.mark.slow) for name in ELSEWHERE),
])  # fmt: skip
def place(request, qapp):
    """Return the room that a page has in that window."""
    contrast, percent, size, language = request.param.split("-")
    window = WINDOWS[size]
    theme = theme_for(
        window.width(), window.height(), contrast=contrast, text_percent=int(percent), motion=False
    )
    set_language(language)
    install_theme(qapp, theme)
    rail, strip = FRAME[int(percent)]
    if size == "wide":
        rail = 200
    return QSize(window.width() - rail, window.height() - strip)


@pytest.fixture
def opened(qtbot, shown, place):
    pages = []

    def open_page(page):
        pages.append(page)
        view = page.build()
        view.setFixedSize(place)
        shown(view)
        return view

    yield open_page
    for page in pages:
        page.stop()
        assert finish_jobs(page)


def cut(view):
    """Return the faults once every layout that was asked for has been made."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    return faults(view)


def owned(kind, laptop):
    owner = QObject()
    page = kind(laptop, parent=owner)
    page.owner = owner
    return page


def test_the_empty_form(opened, laptop, qtbot):
    page = owned(RegistrationPage, laptop)
    view = opened(page)
    qtbot.waitUntil(lambda: page.presenter.state.done_count > 0)
    assert cut(view) == []


def test_the_full_form_with_all_that_can_be_said_of_it(opened, laptop, qtbot):
    page = owned(RegistrationPage, laptop)
    view = opened(page)
    mind = page.presenter
    qtbot.waitUntil(lambda: mind.state.done_count > 0)
    mind.edit("village_code", village_of(laptop, "Karangharja"))
    for name, typed in PERSON.items():
        mind.edit({"rt": "rt_rw"}.get(name, name), typed)
        mind.leave(name)
    for name, typed in (
        ("nik", "3216135203740008"), ("nik_again", "0003"), ("name", LONG_NAME),
        ("birth_date", "22-03-1974"), ("phone", "0812 34"), ("works_now", "ill"),
        ("heir.0.name", LONG_NAME), ("heir.0.relation", "parent_in_law"),
    ):  # fmt: skip
        mind.edit(name, typed)
        mind.leave(name)
    mind.add_heir()
    mind.edit("heir.1.name", "SARMIN")
    mind.rules.speak()
    qtbot.waitUntil(lambda: bool(mind.state.same and mind.state.checks.lines), timeout=5000)
    assert cut(view) == []
    mind.choose_panel("group")
    mind.edit("consent_method", "thumbprint")
    mind.rules.speak()
    qtbot.waitUntil(lambda: mind.rules.is_idle)
    assert cut(view) == []
    mind.choose_panel("village")
    assert cut(view) == []
    mind.keeper.drop(mind.state.form)


def test_the_form_without_a_nik(opened, laptop, qtbot):
    page = owned(RegistrationPage, laptop)
    view = opened(page)
    page.presenter.edit("nik", "-")
    page.presenter.leave("nik")
    page.presenter.rules.speak()
    qtbot.waitUntil(lambda: bool(page.presenter.state.checks.lines))
    assert cut(view) == []
    page.presenter.keeper.drop(page.presenter.state.form)


def test_the_list_and_one_person(opened, laptop, qtbot):
    page = owned(WorkersPage, laptop)
    view = opened(page)
    qtbot.waitUntil(lambda: page.presenter.state.detail is not None)
    assert cut(view) == []
    for row in page.presenter.state.rows:
        page.open_person(str(row.subject))
        qtbot.waitUntil(lambda wanted=row: page.presenter.state.detail.subject == wanted.subject)
        assert cut(view) == []
    page.presenter.open(page.presenter.state.rows[0].subject)
    page.presenter.ask_why()
    assert cut(view) == []


def test_those_who_are_ticked_and_their_table(opened, laptop, qtbot):
    page = owned(WorkersPage, laptop)
    view = opened(page)
    mind = page.presenter
    qtbot.waitUntil(lambda: mind.state.detail is not None)
    mind.picking.pick_all()
    qtbot.waitUntil(lambda: bool(mind.state.picked))
    assert cut(view) == []
    if not current_theme().has_rail:
        view._show_person()
    assert cut(view) == []
    for export in (
        Export("asking", problem=text("errors.wrong_passphrase")),
        Export("running", done=12_000, total=75_903),
        Export("done", said=text("people.table.done", n="75.903", file="data-pekerja.xlsx")),
    ):
        mind.update(export=export)
        assert cut(view) == []
    mind.picking.clear()


def test_the_pictures_of_a_folder(opened, laptop, qtbot):
    page = owned(WorkersPage, laptop)
    view = opened(page)
    mind = page.presenter
    qtbot.waitUntil(lambda: mind.state.detail is not None)
    words = text("photos.reason.closed")
    matches = (
        Match(0, "IMG_0001.jpg", LONG_NAME, words, None, can_be_saved=True, fresh=b"", old=b"",
              old_hash=""),
    )  # fmt: skip
    for photos in (
        PhotosState("reading", done=12, total=4_000),
        PhotosState("review"),
        PhotosState("review", matches, frozenset({0})),
        PhotosState("saving", matches, done=1, total=3, is_stopping=True),
        PhotosState("done", matches, said=text("photos.saved", n=120, left=14)),
    ):
        mind.update(photos=photos)
        assert cut(view) == []
    mind.matching.leave()


def test_a_search_without_a_match(opened, laptop, qtbot):
    page = owned(WorkersPage, laptop)
    view = opened(page)
    page.presenter.look_for("zzz")
    qtbot.waitUntil(lambda: page.presenter.state.phase == "ready" and not page.presenter.state.rows)
    assert cut(view) == []


def test_each_task(opened, laptop, qtbot):
    page = owned(CorrectionsPage, laptop)
    view = opened(page)
    mind = page.presenter
    qtbot.waitUntil(lambda: mind.state.task is not None)
    for row in mind.state.rows:
        mind.choose(row.subject)
        qtbot.waitUntil(
            lambda wanted=row: mind.state.task and mind.state.task.subject == wanted.subject
        )
        assert cut(view) == []
        mind.edit("31-02-1947")
        mind.check()
        qtbot.waitUntil(lambda: mind._checking.is_idle)
        assert cut(view) == []


@pytest.mark.parametrize("place", ["light-100-usual-id", "light-100-usual-en"], indirect=True)
def test_one_worker_with_an_heir_stands_whole_on_the_usual_screen(opened, laptop, qtbot):
    page = owned(RegistrationPage, laptop)
    view = opened(page)
    mind = page.presenter
    qtbot.waitUntil(lambda: mind.state.done_count > 0)
    mind.edit("heir.0.relation", "child")
    mind.edit("heir.0.name", "ADI")
    mind.edit("heir.0.born", "2008")
    qtbot.waitUntil(lambda: bool(mind.state.heir_order))
    assert cut(view) == []
    (bar,) = {
        pane.verticalScrollBar()
        for pane in view.findChildren(ScrollPane)
        if pane.isAncestorOf(view.form)
    }
    assert bar.maximum() == 0, "nothing has to be scrolled at the table"
    mind.keeper.drop(mind.state.form)

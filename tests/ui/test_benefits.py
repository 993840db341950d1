"""Pages that are turned to everybody: true sums, nobody's data, readable from three metres."""

import tomllib
from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from enumerator_app.domain.benefit_words import rupiah_words
from enumerator_app.domain.programme import ProgrammeTables
from enumerator_app.domain.reference import load_programme_tables
from enumerator_app.resource_files import resource_path
from enumerator_app.texts import set_language
from enumerator_app.ui.benefits.page import BenefitsPage
from enumerator_app.ui.benefits.sheet import HEIGHT, WIDTH, laid_out, spoken
from enumerator_app.ui.benefits.state import benefits_state
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Theme, sized_font
from tests.ui.open_laptops import new_laptop, noon, registered

TODAY = date(2026, 11, 22)
PAGES = range(4)


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    yield laptop
    laptop.close()


@pytest.fixture
def turned(qtbot, shown, laptop):
    owner = QObject()
    page = BenefitsPage(laptop, clock=noon, parent=owner)
    view = shown(page.build())
    view.setFocus()
    yield page, view
    page.stop()
    assert finish_jobs(page)


def at(number, tables=None, phone=""):
    return benefits_state(tables or load_programme_tables(), TODAY, phone, at=number)


def everything(tables=None, phone=""):
    return " ".join(spoken(at(number, tables, phone)) for number in PAGES)


def test_the_arrows_turn_the_pages_and_the_last_one_ends(turned, qtbot):
    page, view = turned
    for number in (1, 2, 3):
        QTest.keyClick(view, Qt.Key.Key_Right)
        assert page.presenter.state.at == number
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert page.presenter.state.at == 2
    QTest.keyClick(view, Qt.Key.Key_PageDown)

    with qtbot.waitSignal(page.closed):
        QTest.keyClick(view, Qt.Key.Key_Right)

    assert page.presenter.state.at == 0


def test_escape_closes_from_any_page_and_the_next_time_begins_at_the_first(turned, qtbot):
    page, view = turned
    QTest.keyClick(view, Qt.Key.Key_Right)

    with qtbot.waitSignal(page.closed):
        QTest.keyClick(view, Qt.Key.Key_Escape)

    assert page.presenter.state.at == 0


def test_before_the_first_page_there_is_none(turned):
    page, view = turned

    QTest.keyClick(view, Qt.Key.Key_Left)

    assert page.presenter.state.at == 0


def test_a_view_built_anew_shows_the_page_that_was_open(turned, shown):
    page, view = turned
    QTest.keyClick(view, Qt.Key.Key_Right)

    shown(page.build())

    assert page.presenter.state.at == 1


def test_the_help_desk_is_named_with_the_number_that_the_office_gave(turned, laptop, qtbot):
    page, _ = turned
    assert page.presenter.state.contact == "Tanya kantor desa"
    laptop.set_setting("posko_phone", "0812-0000-0000")

    page.presenter.refresh()

    qtbot.waitUntil(lambda: "0812-0000-0000" in page.presenter.state.contact)


def test_nobodys_data_is_on_the_pages(turned, laptop, qtbot):
    page, view = turned
    saved = registered(laptop, "SITI MAEMUNAH", "3216135203740003")
    page.presenter.refresh()
    qtbot.waitUntil(lambda: page.presenter._asking.is_idle)

    said = everything() + " ".join(child.accessibleName() for child in view.findChildren(QObject)
                                   if hasattr(child, "accessibleName"))  # fmt: skip

    assert "MAEMUNAH" not in said.upper()
    assert str(saved.number) not in said
    assert laptop.operator_name not in said


def test_the_sums_are_those_of_the_file_of_that_day():
    raw = tomllib.loads((resource_path("programmes") / "benefits.toml").read_text(encoding="utf-8"))
    amounts = raw["tables"][0]["amounts"]
    death = sum(amounts[part] for part in ("death_lump", "death_periodic", "death_funeral"))

    said = everything()

    assert f"Rp{death // 1_000_000} juta" in said
    assert f"Rp{amounts['early_death'] // 1_000_000} juta" in said
    assert f"{amounts['work_death_months']} kali penghasilan" in said
    assert f"Rp{amounts['scholarship_most'] // 1_000_000} juta" in said


def test_a_new_table_changes_the_pages_from_its_day_on():
    raw, contributions = (
        tomllib.loads((resource_path("programmes") / name).read_text(encoding="utf-8"))
        for name in ("benefits.toml", "contributions.toml")
    )
    old = raw["tables"][0]
    new = {
        **old,
        "version": "benefits-later",
        "valid_from": TODAY,
        "amounts": {**old["amounts"], "death_lump": 24_500_000, "early_death_months": 4},
    }
    tables = ProgrammeTables.from_tables(
        contributions, {"tables": [{**old, "valid_to": date(2026, 11, 21)}, new]}
    )

    assert "Rp46.500.000" in everything(tables)
    assert "Belum 4 bulan" in everything(tables)
    assert "benefits-later" in at(0, tables).source
    assert "Rp42 juta" in spoken(benefits_state(tables, date(2026, 11, 21), "", at=2))


@pytest.mark.parametrize(
    ("amount", "words"),
    [(42_000_000, "Rp42 juta"), (16_800, "Rp16.800"), (1_500_000, "Rp1.500.000")],
)
def test_rupiah_are_read_as_people_say_them(amount, words):
    assert rupiah_words(amount) == words


def test_it_is_said_on_every_page_that_nobody_is_covered_yet():
    assert all("Belum dijamin." in spoken(at(number)) for number in PAGES)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("room", [(WIDTH, HEIGHT), (1920 / 1.39, HEIGHT), (WIDTH, HEIGHT * 1.2)])
@pytest.mark.parametrize("number", PAGES)
def test_every_line_fits_into_its_place_and_none_lies_on_another(qapp, number, room, language):
    set_language(language)
    width, height = room

    lines = laid_out(at(number, phone="0812-0000-0000"), width, height)

    body = [line for line in lines if line.room.top() > 80 and line.room.bottom() < height - 80]
    assert len(body) == 3 + 3 * 3
    for line in lines:
        assert line.room.left() >= 0
        assert line.room.right() <= width
        needed = QFontMetricsF(sized_font(line.px, line.weight, Theme())).boundingRect(
            line.room, line.flags, line.words
        )
        assert needed.height() <= line.room.height() + 1
        assert needed.width() <= line.room.width() + 1
    texts = [line for line in body if not line.words.isdecimal()]
    assert all(a.room.bottom() <= b.room.top() + 1 for a, b in pairwise(texts))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("number", PAGES)
def test_nothing_is_smaller_than_can_be_read_from_three_metres(qapp, number, language):
    set_language(language)

    lines = laid_out(at(number, phone="0812-0000-0000"), WIDTH, HEIGHT)

    assert min(line.px for line in lines) >= 20


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_two_sentences_of_the_band_stand_beside_one_another(qapp, language):
    set_language(language)
    band = laid_out(at(0, phone="0812-0000-0000"), WIDTH, HEIGHT)[-2:]

    widths = [
        QFontMetricsF(sized_font(line.px, line.weight, Theme())).horizontalAdvance(line.words)
        for line in band
    ]

    assert sum(widths) + 24 <= band[0].room.width()

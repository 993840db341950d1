"""A card before the camera: offered field by field, taken with a key, and nothing by itself."""

import random

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.texts import set_language
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import install_theme, theme_for
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.registration.card_reading import offers_of
from enumerator_app.ui.registration.page import RegistrationPage
from tests.benchmarks.drawn_cards import as_seen, drawn_person
from tests.ui.open_laptops import new_laptop
from tests.ui.table import ALT, CTRL, of_the_group

READ = {"nik": "3216135203740003", "name": "SITI MAEMUNAH", "sex": "P", "rt": "003", "rw": "001"}


@pytest.fixture(scope="module")
def laptop(tmp_path_factory):
    laptop = new_laptop(tmp_path_factory.mktemp("laptop"))
    of_the_group(laptop, consent_method="group")
    yield laptop
    laptop.close()


@pytest.fixture
def page(qtbot, shown, laptop):
    owner = QObject()
    page = RegistrationPage(laptop, parent=owner)
    page.owner = owner
    page.view = shown(page.build())
    page.view.setFocus()
    qtbot.waitUntil(lambda: bool(page.presenter.state.form.value("village_code")))
    yield page
    page.presenter.keeper.drop(page.presenter.state.form)
    page.stop()
    assert finish_jobs(page)


def reading_of(page, monkeypatch, proposals):
    """Let the page's reader answer this; the process with its models has tests of its own."""
    monkeypatch.setattr(page.reading._reader, "read", lambda _pictures: proposals)


def key(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def hold(qtbot, page, frame):
    """Feed the camera's sink until two pictures were taken."""

    def fed():
        page._camera.sink.setVideoFrame(QVideoFrame(frame))
        return page.reading.state.status != "watching"

    qtbot.waitUntil(fed, timeout=5000)


def grey():
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(0x808080)
    return image


@pytest.fixture
def offered(qtbot, page, monkeypatch):
    reading_of(page, monkeypatch, READ)
    page._camera.sink.setVideoFrame(QVideoFrame(grey()))
    qtbot.waitUntil(lambda: page._camera.is_there)
    key(Qt.Key.Key_I, CTRL)
    assert page.reading.state.status == "watching"
    hold(qtbot, page, grey())
    qtbot.waitUntil(lambda: page.reading.state.status == "offering")
    return page


def test_nothing_is_in_the_form_until_it_was_compared(offered):
    form = offered.presenter.state.form
    assert [form.value(name) for name in ("nik", "name", "sex")] == ["", "", ""]
    assert offered.view.reading._value.text() == "321613 520374 0003"  # in the groups of the card


def test_one_key_takes_an_offer_and_another_leaves_it(offered):
    key(Qt.Key.Key_U, ALT)
    assert offered.presenter.state.form.value("nik") == READ["nik"]
    assert offered.presenter.state.form.value("nik_again") == ""  # still typed by a person
    key(Qt.Key.Key_X, ALT)
    assert offered.presenter.state.form.value("name") == ""
    key(Qt.Key.Key_U, ALT)
    key(Qt.Key.Key_U, ALT)
    form = offered.presenter.state.form
    assert (form.value("sex"), form.value("rt_rw")) == ("P", "003 / 001")
    assert offered.reading.state.status == ""
    assert not offered.view.reading.isVisible()


def test_a_card_is_never_taken_into_the_form_of_somebody_else(offered):
    offered.reading._form = "an earlier form"
    key(Qt.Key.Key_U, ALT)
    assert offered.presenter.state.form.value("nik") == ""
    assert offered.reading.state.status == ""


def test_a_card_that_cannot_be_read_says_so_and_typing_goes_on(qtbot, page, monkeypatch):
    reading_of(page, monkeypatch, {})
    page._camera.sink.setVideoFrame(QVideoFrame(grey()))
    qtbot.waitUntil(lambda: page._camera.is_there)
    key(Qt.Key.Key_I, CTRL)
    hold(qtbot, page, grey())
    qtbot.waitUntil(lambda: page.reading.state.status == "nothing")
    assert "Ketik seperti biasa" in page.view.reading._value.text()


def test_without_the_reader_the_key_says_what_can_be_done(qtbot, page, monkeypatch):
    page.reading._is_installed = lambda: False
    key(Qt.Key.Key_I, CTRL)
    assert "tidak terpasang" in page.view.reading._value.text()
    QTest.mouseClick(page.view.reading._close, Qt.MouseButton.LeftButton)
    assert not page.view.reading.isVisible()


def test_fields_come_in_the_order_of_the_form():
    assert [offer.field for offer in offers_of(READ)] == ["nik", "name", "sex", "rt_rw"]
    assert offers_of({"rt": "003"}) == ()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("percent", [100, 200])
def test_the_strip_fits_in_every_size(qtbot, qapp, shown, laptop, monkeypatch, language, percent):
    set_language(language)
    install_theme(qapp, theme_for(1366, 768, contrast="light", text_percent=percent, motion=False))
    owner = QObject()
    page = RegistrationPage(laptop, parent=owner)
    view = page.build()
    view.setFixedSize(1366 - (80 if percent == 100 else 0), 704)
    shown(view)
    qtbot.waitUntil(lambda: bool(page.presenter.state.form.value("village_code")))
    for status, offers in (("watching", ()), ("offering", offers_of(READ)), ("nothing", ())):
        page.reading._show(status=status, offers=offers, sentence="")
        for _ in range(4):
            qapp.sendPostedEvents()
            qapp.processEvents()
        assert faults(view) == []
    page.stop()
    assert finish_jobs(page)
    owner.deleteLater()


def test_a_drawn_card_before_the_camera_is_read_by_the_real_reader(qtbot, page, monkeypatch):
    dice = random.Random(11)
    card = drawn_person(dice)
    frame = QImage.fromData(as_seen(card, dice, 0.05))
    page._camera.sink.setVideoFrame(QVideoFrame(frame))
    qtbot.waitUntil(lambda: page._camera.is_there)
    key(Qt.Key.Key_I, CTRL)
    hold(qtbot, page, frame)
    qtbot.waitUntil(lambda: page.reading.state.status == "offering", timeout=60_000)
    assert page.reading.state.offer.value == card.nik
    key(Qt.Key.Key_U, ALT)
    assert page.presenter.state.form.value("nik") == card.nik

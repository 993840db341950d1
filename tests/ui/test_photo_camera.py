"""The live picture in the form: frames fed into the sink that a camera feeds."""

import io
import json

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.registration.camera import Camera, best_device
from enumerator_app.ui.registration.light import light_of
from enumerator_app.ui.registration.page import RegistrationPage
from enumerator_app.ui.registration.photo_screen import PhotoScreen
from tests.ui.open_laptops import new_laptop, village_of


def frame(face=150, around=150) -> QImage:
    """Return a picture with so bright a middle and so bright an edge."""
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor(around, around, around))
    painter = QPainter(image)
    middle = image.rect().adjusted(170, 120, -170, -120)
    painter.fillRect(middle, QColor(face, face, face))
    painter.end()
    return image


class Device:
    def __init__(self, words, *, null=False):
        self._words, self._null = words, null

    def description(self):
        return self._words

    def isNull(self):  # noqa: N802 - Qt's own name
        return self._null


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (("Integrated Camera", "HD USB Webcam"), "HD USB Webcam"),
        (("HD USB Webcam", "Integrated Camera"), "HD USB Webcam"),
        (("Integrated Camera",), "Integrated Camera"),
    ],
)
def test_a_camera_on_a_cable_comes_before_the_built_in_one(words, chosen):
    assert best_device([Device(word) for word in words]).description() == chosen


def test_without_a_usable_camera_there_is_none():
    assert best_device([]) is None
    assert best_device([Device("USB", null=True)]) is None


@pytest.mark.parametrize(
    ("face", "around", "light"),
    [(150, 150, "good"), (30, 40, "dark"), (240, 240, "bright"), (70, 230, "behind")],
)
def test_the_light_is_judged_by_the_face_and_by_what_is_around(face, around, light):
    assert light_of(frame(face, around)) == light
    assert light_of(QImage()) == ""


def test_frames_of_the_sink_arrive_as_pictures(qtbot):
    camera = Camera()
    assert not camera.is_there
    with qtbot.waitSignal(camera.frame_arrived) as arrived:
        camera.sink.setVideoFrame(QVideoFrame(frame()))
    assert arrived.args[0].size() == QSize(640, 480)
    assert camera.is_there
    camera.stop()
    assert camera.last_frame().isNull()


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    shared = {"village_code": village_of(laptop, "Karangharja"), "consent_method": "group"}
    laptop.set_setting("form.shared", json.dumps(shared))
    yield laptop
    laptop.close()


@pytest.fixture
def page(qtbot, shown, laptop):
    owner = QObject()
    page = RegistrationPage(laptop, parent=owner)
    page.owner = owner
    page.view = shown(page.build())
    page.camera = page._camera
    yield page
    page.stop()
    assert finish_jobs(page)


def feed(qtbot, page, picture):
    with qtbot.waitSignal(page.camera.frame_arrived):
        page.camera.sink.setVideoFrame(QVideoFrame(picture))


def screen():
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, PhotoScreen)), None)


def test_space_takes_the_live_picture(qtbot, page):
    feed(qtbot, page, frame())
    page.view.photo.frame.setFocus()
    QTest.keyClick(page.view.photo.frame, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.presenter.state.form.photo is not None, timeout=20_000)
    taken = Image.open(io.BytesIO(page.presenter.state.form.photo))
    assert taken.size == (640, 480)


def test_a_dark_hall_is_said_in_the_caption(qtbot, page):
    feed(qtbot, page, frame(20, 20))
    assert page.view.photo._caption.text() == "Gelap"


def test_f11_shows_face_and_guide_and_nothing_of_the_person(qtbot, page):
    page.presenter.edit("name", "KENARI RAHASIA")
    feed(qtbot, page, frame(20, 20))
    page.view.photo.open_screen()
    whole = screen()
    qtbot.waitUntil(whole.isVisible)
    assert whole.isFullScreen()
    said = f"{whole.windowTitle()} {whole.accessibleName()} {whole.accessibleDescription()}"
    assert "KENARI" not in said
    assert "Terlalu gelap. Geser ke pintu." in said
    assert whole.findChildren(QObject) == []  # no field, no list, no number: paint alone
    feed(qtbot, page, frame())
    assert "Wajah di dalam garis" in whole.accessibleDescription() or page.view.photo._frames < 8
    QTest.keyClick(whole, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.presenter.state.form.photo is not None)
    qtbot.waitUntil(lambda: screen() is None)


def test_escape_leads_back_to_the_form_without_a_picture(qtbot, page):
    feed(qtbot, page, frame())
    page.view.photo.open_screen()
    qtbot.waitUntil(screen().isVisible)
    QTest.keyClick(screen(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: screen() is None)
    assert page.presenter.state.form.photo is None


def test_without_a_camera_f11_leads_to_the_place_that_says_what_can_be_done(page):
    page.view.photo.open_screen()
    assert screen() is None
    assert QApplication.focusWidget() is page.view.photo.frame
    assert "Kamera tidak ditemukan" in page.view.checks._tip.text()


@pytest.mark.parametrize(
    "raw", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\x89PNG\r\n\x1a\n" * 9]
)
def test_a_file_that_is_no_photo_is_refused_with_a_sentence(qtbot, page, tmp_path, raw):
    (tmp_path / "x.jpg").write_bytes(raw)
    page.view.photo.file_chosen.emit(str(tmp_path / "x.jpg"))
    qtbot.waitUntil(lambda: page.presenter.state.notice is not None)
    assert page.presenter.state.notice.tone == "stop"
    assert page.presenter.state.form.photo is None


def test_a_file_leaves_place_and_device_behind(qtbot, page, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Canary Camera"
    Image.new("RGB", (900, 1200), "red").save(tmp_path / "x.jpg", exif=exif)
    page.view.photo.file_chosen.emit(str(tmp_path / "x.jpg"))
    qtbot.waitUntil(lambda: page.presenter.state.form.photo is not None)
    assert b"Canary" not in page.presenter.state.form.photo

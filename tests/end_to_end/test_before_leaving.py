"""From the office's file to its status again: both programs for real, the window by keys alone."""

import pytest
from PySide6.QtCore import Qt

from enumerator_app.bootstrap.window import doors_of
from enumerator_app.demo.programs import OfficeProcess
from enumerator_app.ui.session.session import WindowSession
from enumerator_app.ui.walkthrough.hands import Hands
from enumerator_app.ui.walkthrough.walk import _send
from tests.end_to_end.test_first_day import server, set_up

__all__ = ["server"]
pytestmark = pytest.mark.qt_log_ignore("Couldn't (load|resolve) ", "Using Qt multimedia")
NIK = "3216135203740003"
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def session(tmp_path, qtbot):
    made = WindowSession(doors_of(tmp_path / "laptop"), motion=False)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    yield made
    made.close()


def send(hands, session):
    _send(hands, session, "kirim")
    return session.pages.sending.presenter.state


def test_a_list_and_two_places_go_out_and_come_back_as_answers(server, session, tmp_path):
    (tmp_path / "daftar.csv").write_text(
        "Nama;NIK;Tgl lahir;Kampung;Desa;Poktan\n"
        f"Siti Maimunah;{NIK};12-03-1974;Kp. Rawa;Karangharja;Sri Mukti\n"
        "Udin Saepudin;0042;;Kp. Pulo;Karangharja;\n"
        "Karta;;;Kp. Pulo;Karangharja;\n",
        encoding="utf-8",
    )
    (tmp_path / "kuota.csv").write_text("desa;kuota\nKarangharja;1\n", encoding="utf-8")
    hands = Hands(session.window)
    with OfficeProcess(server, tmp_path / "server.log") as serving:
        code = server.ask("device", "add", "Laptop")["code"]
        set_up(hands, session, serving.url, code)
        assert server.ask("worklist", "import", tmp_path / "daftar.csv")["listed"] == 3
        assert server.ask("quota", "import", tmp_path / "kuota.csv")["seats"] == 1
        send(hands, session)
        mind = session.pages.registration.presenter
        hands.press(Qt.Key.Key_F2)
        hands.wait("form", lambda: hands.place("form.nik"))
        hands.press(Qt.Key.Key_F7)
        hands.type_in("form.village", "karangharja")
        hands.press(Qt.Key.Key_Return)
        hands.type_in("form.nik", NIK[:7])
        hands.wait("a hit on the list", lambda: mind.state.brought.hits)
        assert mind.state.brought.seats.sentence.startswith("Kuota desa ini tinggal 1.")
        hands.press(Qt.Key.Key_D, ALT)
        hands.wait("the form begun", lambda: mind.state.form.listed)
        finish(hands, mind)
        hands.press(Qt.Key.Key_D, CTRL)
        hands.wait("the list", lambda: len(mind.state.listed_page.rows) == 3)
        hands.type_in("form.listed", "karta")
        hands.wait("one line", lambda: len(mind.state.listed_page.rows) == 1)
        hands.press(Qt.Key.Key_Down)
        hands.press(Qt.Key.Key_M)
        hands.wait("noted", lambda: mind.state.listed_page.said)
        state = send(hands, session)
        lists, seats = server.ask("worklist", "status"), server.ask("quota", "status")

    assert state.may_close
    total = lists["total"]
    assert (total["registered"], total["died"], total["open"]) == (1, 1, 1)
    assert (seats["total"]["confirmed"], seats["total"]["left"]) == (1, 0)
    here = session.pages.laptop.brought.seats.of("3216132001")
    assert (here.confirmed, here.left) == (1, 0)


def finish(hands, mind):
    """Type what the KTP and the person say besides, and save."""
    hands.type_in("form.nik_again", NIK[-4:])
    hands.wait("the question", lambda: mind.state.question)
    hands.go_to("form.sex")
    hands.press(Qt.Key.Key_Y)
    hands.wait("confirmed", lambda: mind.state.form.value("birth_date"))
    for name, words in (
        ("birth_place", "bekasi"), ("mother_name", "ruminah"), ("rt_rw", "3/1"), ("phone", "-"),
    ):  # fmt: skip
        hands.type_in(f"form.{name}", words)
    hands.go_to("form.works_now")
    hands.press(Qt.Key.Key_B)
    hands.go_to("form.consent")
    hands.press(Qt.Key.Key_Y)
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.wait("saved", lambda: mind.state.saved is not None)

"""A laptop's first day in its window, by key presses, against a real office."""

import pytest
from PySide6.QtCore import Qt

from enumerator_app.bootstrap.window import doors_of
from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.demo.programs import OfficeProcess, program
from enumerator_app.ui.session.session import WindowSession
from enumerator_app.ui.walkthrough.hands import Hands
from enumerator_app.ui.walkthrough.people import PEOPLE
from enumerator_app.ui.walkthrough.walk import _fill, _register, _save, _send

PASSPHRASE = "sawah padi hujan kerbau pematang"
# Which sound and video libraries this machine has is no business of this test.
pytestmark = pytest.mark.qt_log_ignore("Couldn't (load|resolve) ", "Using Qt multimedia")


@pytest.fixture
def server(tmp_path):
    (tmp_path / "pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    made = program(
        "district-server", "--home", tmp_path / "office", "--passphrase-file", tmp_path / "pass"
    )
    made.ask("init", "--regency", "32.16", "--admin", "Admin")
    return made


@pytest.fixture
def session(tmp_path, qtbot):
    made = WindowSession(doors_of(tmp_path / "laptop"), motion=False)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    yield made
    made.close()


def set_up(hands, session, url, code):
    hands.type_in("first_start_server", url)
    hands.type_in("first_start_code", code)
    hands.type_in("first_start_operator", "Nining Suryani")
    hands.press(Qt.Key.Key_Return)
    hands.type_in("passphrase", PASSPHRASE)
    hands.type_in("passphrase_again", PASSPHRASE)
    hands.press(Qt.Key.Key_Return)
    hands.wait("printer and camera", session.window.current_view().devices.isVisible)
    hands.press(Qt.Key.Key_Return)
    hands.wait("home", lambda: session.window.open_key == "home")


def test_set_up_register_print_and_send_by_keys_alone(server, session, tmp_path):
    hands = Hands(session.window)
    with OfficeProcess(server, tmp_path / "server.log") as serving:
        code = server.ask("device", "add", "Laptop")["code"]
        set_up(hands, session, serving.url, code)
        registered = _register(hands, session)
        laptop = session.pages.laptop
        slips = tmp_path / "slips.pdf"
        hands.press(Qt.Key.Key_F4)
        printing = session.pages.printing.presenter
        hands.wait("people to print", lambda: len(printing.state.chosen) == registered)
        printing.work.save_to(slips)
        hands.wait("papers", slips.exists)
        hands.wait("marked", lambda: laptop.counts().waiting_print == 0)
        _send(hands, session, "kirim")
        sending = session.pages.sending.presenter.state
        there = server.ask("status")

    assert registered == len(PEOPLE)
    assert sending.may_close
    assert there["registrations"] == registered
    codes = read_codes_from_pdf(slips)
    assert len(codes) == registered
    assert {verdict.word for verdict in laptop.checking.judge(codes)} == {"genuine"}


def test_a_mononym_born_on_1_july_with_a_foreign_nik_gets_notes_and_is_saved(
    server, session, tmp_path
):
    hands = Hands(session.window)
    with OfficeProcess(server, tmp_path / "server.log") as serving:
        code = server.ask("device", "add", "Laptop")["code"]
        set_up(hands, session, serving.url, code)
    hands.press(Qt.Key.Key_F2)
    hands.wait("form", lambda: hands.place("form.nik"))
    hands.press(Qt.Key.Key_F7)
    hands.type_in("form.village", "karangharja")
    hands.press(Qt.Key.Key_Return)
    _fill(hands, PEOPLE[0])
    hands.settle()
    draft = session.pages.registration.presenter.state.form
    _save(hands, session, 1)

    saved = session.pages.laptop.search("rukmini")[0]
    findings = session.pages.laptop.check(session.pages.laptop.draft_of(saved.subject)).findings
    assert draft.value("name").upper() == "RUKMINI"
    assert {"nik_area"} <= {finding.code for finding in findings}
    assert {finding.severity for finding in findings} == {"note"}

"""A forgotten passphrase, in the window: the request, the answer, and everybody still there."""

import pyrage
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from enumerator_app.bootstrap.laptops import ask_for_help
from enumerator_app.services.laptop import Laptop
from enumerator_app.storage.helping import open_with_help
from enumerator_app.texts import set_language, text
from enumerator_app.ui.kit import Theme, install_theme
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.unlock.presenter import Help, UnlockPresenter
from enumerator_app.ui.unlock.state import Mode, OperatorEntry, Surroundings
from enumerator_app.ui.unlock.view import UnlockView
from sync.protocol.help import HelpAnswer, HelpRequest, sealed_to, unsealed
from tests.storage.laptops import CHEAP, OPERATOR, new_laptop, person

NEW = "sawah baru hujan deras pagi"
RECOVERY = pyrage.x25519.Identity.generate()


class Files:
    """What a person chooses in the system's dialogs."""

    def __init__(self, folder):
        self.request, self.answer = folder / "minta.json", folder / "jawab.json"

    def ask_request(self, _parent):
        return self.request

    def ask_answer(self, _parent):
        return self.answer


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "laptop"
    with new_laptop(path, recovery_recipient=str(RECOVERY.to_public())) as store:
        for i in range(3):
            store.register(person(i))
    return path


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def opened_by(home):
    def open_with(path, name, passphrase):
        answer = path.read_bytes()
        return Laptop(
            open_with_help(home, answer, operator_name=name, passphrase=passphrase, cost=CHEAP)
        )

    return open_with


@pytest.fixture
def page(shown, home, files):
    def refuse(_name, _passphrase):
        raise AssertionError("nobody knows a passphrase here")

    presenter = UnlockPresenter(
        [OperatorEntry(OPERATOR)],
        refuse,
        help_by_office=Help(lambda path: ask_for_help(home, path), opened_by(home)),
        files=files,
    )
    view = shown(UnlockView(Surroundings()))
    presenter.attach(view)
    view.presenter = presenter
    view.presenter._on_mode(Mode.FORGOTTEN)
    view.setFocus()
    return view


def office_answers(files):
    request = HelpRequest.model_validate_json(files.request.read_bytes())
    key = unsealed(request.sealed, str(RECOVERY))
    answer = HelpAnswer(device=request.device, sealed=sealed_to(key, request.reply_to))
    files.answer.write_text(answer.model_dump_json())


def ask(page, qtbot, files):
    QTest.keyClick(page.forgotten.ask, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.forgotten.words()), timeout=10_000)
    assert files.request.exists()


def choose(page, passphrase):
    form = page.new_passphrase.form
    QTest.keyClicks(form.first.line, passphrase)
    QTest.keyClicks(form.second.line, passphrase)
    QTest.keyClick(page.new_passphrase.go, Qt.Key.Key_Return)


def test_by_keys_alone_and_everybody_is_there(page, qtbot, files):
    ask(page, qtbot, files)
    assert "minta.json" in page.forgotten.words()
    office_answers(files)
    QTest.keyClick(page.forgotten.answer, Qt.Key.Key_Return)
    assert page.presenter.state.mode is Mode.HELPED
    assert page.new_passphrase.name.text() == OPERATOR
    with qtbot.waitSignal(page.presenter.unlocked, timeout=20_000) as done:
        choose(page, NEW)
    (laptop,) = done.args
    with laptop:
        assert laptop.counts().registrations == 3
        assert laptop.operator_name == OPERATOR


def test_a_file_that_is_no_answer_is_said_and_nothing_is_lost(page, qtbot, files):
    ask(page, qtbot, files)
    files.answer.write_text("{}")
    QTest.keyClick(page.forgotten.answer, Qt.Key.Key_Return)
    choose(page, NEW)
    qtbot.waitUntil(lambda: bool(page.presenter.state.problem), timeout=10_000)
    assert page.presenter.state.problem == text("errors.bundle_unreadable")
    assert page.presenter.state.mode is Mode.HELPED


def test_a_weak_passphrase_cannot_be_sent(page, qtbot, files):
    ask(page, qtbot, files)
    office_answers(files)
    QTest.keyClick(page.forgotten.answer, Qt.Key.Key_Return)
    QTest.keyClicks(page.new_passphrase.form.first.line, "pendek")
    assert not page.new_passphrase.go.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.presenter.state.mode is Mode.PASSPHRASE


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("mode", [Mode.FORGOTTEN, Mode.HELPED])
def test_nothing_is_clipped(shown, qapp, qtbot, percent, language, mode):
    install_theme(qapp, Theme(text_percent=percent, motion=False))
    set_language(language)
    try:
        view = shown(UnlockView(Surroundings(office_phone="0812-0000-0000")))
        presenter = UnlockPresenter([OperatorEntry(OPERATOR)], lambda *_: None)
        presenter.attach(view)
        view.resize(1366, 768)
        presenter._on_mode(mode)
        qtbot.waitUntil(lambda: faults(view) == [], timeout=5_000)
    finally:
        set_language("id")

"""A laptop that speaks another version of the protocol than its office hears which one is asked."""

import contextlib

import pytest
from PySide6.QtCore import QObject

from enumerator_app import __version__
from enumerator_app.commands.line import parse
from enumerator_app.commands.running import run
from enumerator_app.domain.errors import OfficeRefused, ProtocolTooOld
from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import text
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.sending.presenter import SendingPresenter
from tests.storage.laptops import PASSPHRASE, person
from tests.sync_client.memory_office import MemoryOffice, serving
from tests.sync_client.office_fixtures import enrolled_store, synced
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

OTHER = 2


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = founded(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.stop()


@pytest.fixture
def laptop(office, tmp_path, request):
    with contextlib.closing(enrolled_laptop(office, tmp_path / request.node.name[:40])) as store:
        store.register(person(1, village_code="3216132001", photo=None))
        yield store


def of_another_version(monkeypatch):
    for place in ("hello", "http", "enrol"):
        monkeypatch.setattr(f"sync.client.{place}.PROTOCOL", OTHER)


def test_the_office_names_the_version_it_asks_for_and_nothing_is_sent(laptop, monkeypatch):
    of_another_version(monkeypatch)
    result = really_synced(laptop)
    assert (result.too_old, result.pushed, result.requests) == (__version__, 0, 1)
    monkeypatch.undo()
    assert really_synced(laptop).heads_agree


def test_a_new_laptop_is_told_the_same_and_its_code_stays_good(office, tmp_path, monkeypatch):
    code = office.ask("device", "add", "Laptop baru")["code"]
    of_another_version(monkeypatch)
    with pytest.raises(ProtocolTooOld) as refused:
        enrolled_laptop(office, tmp_path / "baru", code=code)
    assert refused.value.parameters == {"version": __version__, "own": __version__}
    monkeypatch.undo()
    enrolled_laptop(office, tmp_path / "baru", code=code).close()


def test_the_page_and_the_command_say_which(laptop, monkeypatch, qtbot, tmp_path, capsys):
    of_another_version(monkeypatch)
    said = text("errors.protocol_too_old", version=__version__, own=__version__)
    assert f"versi {__version__}" in said
    with Laptop(laptop) as services:
        owner = QObject()
        presenter = SendingPresenter(services, parent=owner)
        presenter.send()
        qtbot.waitUntil(lambda: not presenter.is_sending)
        finish_jobs(owner)
        assert (presenter.state.phase, presenter.state.trouble) == ("failed", said)
    secret = tmp_path / "sandi.txt"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    home = ["--home", str(laptop.path), "--passphrase-file", str(secret)]
    assert run(parse(["sync", *home])) == ProtocolTooOld.exit_code
    assert said in capsys.readouterr().err


def test_an_office_of_another_version_that_names_none_is_not_obeyed():
    office = MemoryOffice()
    office.protocol = OTHER
    with serving(office) as url, pytest.raises(OfficeRefused) as refused:
        synced(enrolled_store(office, url))
    assert refused.value.parameters == {"reason": "protocol_unknown"}


def test_an_office_that_went_on_names_its_version_to_a_laptop_that_stayed():
    office = MemoryOffice()
    office.protocol, office.too_old = OTHER, "2.0"
    with serving(office) as url:
        assert synced(enrolled_store(office, url)).too_old == "2.0"

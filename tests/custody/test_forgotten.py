"""A forgotten passphrase: laptop and office as real programs, and what neither file gives away."""

import json
import sys

import pyrage
import pytest

from enumerator_app.domain.errors import DatabaseDamaged, PassphraseTooWeak, WrongPassphrase
from enumerator_app.storage.helping import NoRecovery, help_request, open_with_help
from enumerator_app.storage.opening import open_home
from sync.protocol.bundle import BundleForeign, BundleUnreadable
from sync.protocol.help import HelpAnswer, HelpRequest, sealed_to, unsealed
from tests import processes
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, new_laptop, person, reopened
from tests.sync_client.real_office import enrolled_laptop, founded

NEW = "sawah baru hujan deras pagi"
OFFICE = pyrage.x25519.Identity.generate()


def locked_laptop(folder, people=3):
    with new_laptop(folder, recovery_recipient=str(OFFICE.to_public())) as store:
        for i in range(people):
            store.register(person(i))
    return folder


def answered(raw, identity=OFFICE):
    """What an office does, written from the shapes of the two files."""
    request = HelpRequest.model_validate_json(raw)
    key = unsealed(request.sealed, str(identity))
    return HelpAnswer(device=request.device, sealed=sealed_to(key, request.reply_to))


def helped(home, answer, **changed):
    words = {"operator_name": "Rina", "passphrase": NEW, "cost": CHEAP} | changed
    return open_with_help(home, answer.model_dump_json().encode(), **words)


def test_everybody_is_there_and_the_new_passphrase_opens(tmp_path):
    home = locked_laptop(tmp_path)
    with helped(home, answered(help_request(home))) as store:
        assert store.counts().registrations == 3
        assert store.operator.name == "Rina"
    with open_home(home, operator_name="Rina", passphrase=NEW) as store:
        assert store.counts().registrations == 3
    with reopened(home) as store:  # the old operator's still opens, too
        assert {slot.name for slot in store.operators()} == {OPERATOR, "Rina"}


def test_a_known_name_gets_the_new_passphrase_in_place_of_the_old(tmp_path):
    home = locked_laptop(tmp_path)
    helped(home, answered(help_request(home)), operator_name=OPERATOR.upper()).close()
    with pytest.raises(WrongPassphrase):
        open_home(home, operator_name=None, passphrase=PASSPHRASE)
    with open_home(home, operator_name=OPERATOR, passphrase=NEW) as store:
        assert len(store.operators()) == 1


def test_an_answer_opens_once_and_for_the_last_request_only(tmp_path):
    home = locked_laptop(tmp_path)
    first, second = help_request(home), help_request(home)
    with pytest.raises(BundleForeign):
        helped(home, answered(first))
    answer = answered(second)
    helped(home, answer).close()
    with pytest.raises(BundleForeign):
        helped(home, answer)


def test_another_laptops_answer_changes_nothing(tmp_path):
    home, other = locked_laptop(tmp_path / "a"), locked_laptop(tmp_path / "b")
    before = (home / "keys.json").read_bytes()
    help_request(home)
    with pytest.raises(BundleForeign):
        helped(home, answered(help_request(other)))
    assert (home / "keys.json").read_bytes() == before


def test_a_wrong_key_in_an_answer_changes_nothing(tmp_path):
    home = locked_laptop(tmp_path)
    request = HelpRequest.model_validate_json(help_request(home))
    before = (home / "keys.json").read_bytes()
    lie = HelpAnswer(device=request.device, sealed=sealed_to(bytes(32), request.reply_to))
    with pytest.raises(DatabaseDamaged):
        helped(home, lie)
    assert (home / "keys.json").read_bytes() == before


def test_a_weak_passphrase_is_refused_and_the_answer_stays_good(tmp_path):
    home = locked_laptop(tmp_path)
    answer = answered(help_request(home))
    with pytest.raises(PassphraseTooWeak):
        helped(home, answer, passphrase="pendek")
    helped(home, answer).close()


def test_neither_file_opens_anything_by_itself(tmp_path):
    home = locked_laptop(tmp_path)
    raw = help_request(home)
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(BundleForeign):
        answered(raw, stranger)
    with pytest.raises(BundleForeign):
        unsealed(answered(raw).sealed, str(stranger))
    assert OPERATOR.encode() not in raw


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff\xfe", b'{"kind":"help_answer"}'])
def test_a_file_that_is_no_answer(tmp_path, raw):
    home = locked_laptop(tmp_path)
    help_request(home)
    with pytest.raises(BundleUnreadable):
        open_with_help(home, raw, operator_name="Rina", passphrase=NEW, cost=CHEAP)


def test_a_laptop_without_an_office_says_so(tmp_path):
    new_laptop(tmp_path, enrolled=False).close()
    with pytest.raises(NoRecovery):
        help_request(tmp_path)


def test_the_commands_of_laptop_and_office(tmp_path):
    (tmp_path / "kantor").mkdir()
    office = founded(tmp_path / "kantor")
    office.start()
    with enrolled_laptop(office, tmp_path / "laptop") as store:
        store.register(person(1, village_code="3216132001", photo=None))
    office.stop()
    secret = tmp_path / "baru.txt"
    secret.write_text(f"{NEW}\n")

    def ask(*words, code=0):
        base = [sys.executable, "-m", "enumerator_app", "--home", str(tmp_path / "laptop")]
        line = [*base, *map(str, words), "--json"]
        done = processes.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr[-2000:]
        return json.loads(done.stdout)

    request, answer = tmp_path / "minta.json", tmp_path / "jawab.json"
    ask("forgotten", "ask", request)
    given = office.ask("device", "unlock", request, "--output", answer)
    assert given["device"] == "A01"
    said = ask("forgotten", "answer", answer, "--operator", "Rina", "--passphrase-file", secret)
    assert said == {"operator": "Rina", "registrations": 1}
    assert ask("status", "--passphrase-file", secret)["registrations"] == 1
    (tmp_path / "lain").mkdir()
    stranger = founded(tmp_path / "lain")
    line = stranger._line("device", "unlock", str(request), "--output", str(answer))
    done = processes.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "bundle_foreign"

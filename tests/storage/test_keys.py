"""Passphrases and the key file: who gets in, who waits, and what a damaged file says."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pyrage
import pytest
from argon2.low_level import Type, hash_secret_raw

from enumerator_app.domain.errors import (
    HomeInUse,
    KeyFileDamaged,
    PassphraseTooWeak,
    WrongPassphrase,
)
from enumerator_app.storage.attempts import PassphraseTooSoon, wait_s
from enumerator_app.storage.key_file import (
    KeyFile,
    key_file_bytes,
    key_file_from_bytes,
    new_key,
    operators,
)
from enumerator_app.storage.open_file import utc_now
from enumerator_app.storage.opening import HomeExists, NoHome, create_home, open_home, recover_home
from enumerator_app.storage.passphrases import (
    FLOOR_KIB,
    KdfCost,
    check_passphrase,
    derived_key,
    product_cost,
)
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, new_laptop, person, reopened

DEVICE = UUID("01890000-0000-7000-8000-00000000000d")


@pytest.mark.parametrize(
    "weak", ["", "rahasia", "ini empat kata", "12345678901234", "aaaaaaaaaaaaaaaaaaaa"]
)
def test_a_passphrase_that_can_be_guessed_is_refused(tmp_path, weak):
    with pytest.raises(PassphraseTooWeak):
        create_home(tmp_path / "h", operator_name="A", passphrase=weak, cost=CHEAP)
    assert not (tmp_path / "h" / "keys.json").exists()


@pytest.mark.parametrize("strong", ["lima kata ini ya ok", "TujuhBelasHuruf!!"])
def test_five_words_or_fifteen_characters_are_enough(strong):
    check_passphrase(strong)


def test_the_product_refuses_a_cost_below_the_floor():
    with pytest.raises(ValueError, match="floor"):
        product_cost(memory_kib=FLOOR_KIB - 1)
    assert product_cost(memory_kib=FLOOR_KIB).memory_kib == 64 * 1024


def test_the_derived_key_is_argon2id_of_the_normal_form():
    salt = bytes(range(16))
    expected = hash_secret_raw(
        "kopi susu é".encode(), salt, time_cost=2, memory_cost=16, parallelism=1, hash_len=32,
        type=Type.ID,
    )  # fmt: skip
    assert derived_key("  kopi  susu e\u0301 ", salt, KdfCost(16, 2, 1)) == expected


def test_only_the_right_passphrase_opens(tmp_path):
    new_laptop(tmp_path).close()
    with pytest.raises(WrongPassphrase):
        open_home(tmp_path, operator_name=None, passphrase=PASSPHRASE + "x")
    with pytest.raises(WrongPassphrase):
        open_home(tmp_path, operator_name="Orang Lain", passphrase=PASSPHRASE)
    open_home(tmp_path, operator_name=OPERATOR.upper(), passphrase=PASSPHRASE).close()


def test_operators_are_known_before_opening_and_each_has_a_slot_of_their_own(tmp_path):
    with new_laptop(tmp_path) as store:
        other = store.add_operator("Petugas Dua", "sandi milik petugas dua", CHEAP)
        assert [o.name for o in operators(tmp_path)] == [OPERATOR, "Petugas Dua"]
    with open_home(tmp_path, operator_name=None, passphrase="sandi milik petugas dua") as store:
        assert store.operator == other
        saved = store.register(person(1))
        assert json.loads(header_of(store, saved.entry_hash))["operator"] == str(other.id)
        first = next(o for o in store.operators() if o != other)
        store.remove_operator(first.id)
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path)


def header_of(store, entry_hash):
    return store.lines_of([entry_hash])[0].split(b"\t")[0]


def test_the_office_opens_a_laptop_whose_passphrase_was_forgotten(tmp_path):
    recovery = pyrage.x25519.Identity.generate()
    recipient = str(recovery.to_public())
    with new_laptop(tmp_path, recovery_recipient=recipient) as store:
        saved = store.register(person(1))
    fresh = {"operator_name": "Baru", "passphrase": "sandi yang baru sekali", "cost": CHEAP}
    other = str(pyrage.x25519.Identity.generate())
    with pytest.raises(WrongPassphrase):
        recover_home(tmp_path, recovery_identity=other, **fresh)
    with recover_home(tmp_path, recovery_identity=str(recovery), **fresh) as store:
        assert store.record(saved.number).registration.name == person(1).name
    open_home(tmp_path, operator_name="Baru", passphrase="sandi yang baru sekali").close()


def test_a_cheap_slot_is_sealed_anew_at_the_cost_asked_for(tmp_path):
    new_laptop(tmp_path).close()
    stronger = KdfCost(16, 1, 1)
    reopened(tmp_path, cost=stronger).close()
    kept = json.loads((tmp_path / "keys.json").read_bytes())["keys"]["slots"][0]["cost"]
    assert kept == {"memory_kib": 16, "time": 1, "lanes": 1}
    reopened(tmp_path).close()


def test_every_damaged_byte_of_a_key_file_is_noticed():
    key = new_key()
    recovery = str(pyrage.x25519.Identity.generate().to_public())
    keys = KeyFile(DEVICE).with_operator(key, "A", PASSPHRASE, CHEAP).with_recovery(key, recovery)
    raw = key_file_bytes(keys)
    assert key_file_from_bytes(raw) == keys
    for place in range(len(raw)):
        damaged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        try:
            read = key_file_from_bytes(damaged)
        except KeyFileDamaged:
            continue
        assert read == keys, place  # a blank of the layout


def test_whoever_changes_a_slot_and_its_checksum_gets_no_further():
    key = new_key()
    keys = KeyFile(DEVICE).with_operator(key, "A", PASSPHRASE, CHEAP)
    slot = keys.slots[0]
    for changed in (
        replace(slot, name="B"),
        replace(slot, cost=KdfCost(8, 2, 1)),
        replace(slot, id=UUID(int=7)),
    ):
        forged = key_file_from_bytes(key_file_bytes(replace(keys, slots=(changed,))))
        with pytest.raises(WrongPassphrase):
            forged.unlock(None, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        replace(keys, device=UUID(int=1)).unlock(None, PASSPHRASE)
    assert keys.unlock("a", PASSPHRASE)[1] == key


def test_a_missing_or_emptied_key_file_is_damage_and_not_a_new_laptop(tmp_path):
    new_laptop(tmp_path).close()
    (tmp_path / "keys-second.json").unlink()
    (tmp_path / "keys.json").write_bytes(b"")
    with pytest.raises(KeyFileDamaged):
        reopened(tmp_path)
    (tmp_path / "keys.json").unlink()
    with pytest.raises(KeyFileDamaged):
        reopened(tmp_path)


def test_a_laptop_whose_key_file_is_gone_is_set_aside_not_overwritten(tmp_path):
    with new_laptop(tmp_path) as store:
        store.register(person(1))
    keys = (tmp_path / "keys.json").read_bytes()
    (tmp_path / "keys.json").unlink()
    (tmp_path / "keys-second.json").unlink()
    new_laptop(tmp_path).close()
    aside = next(tmp_path.glob("set-aside-*"))
    (aside / "keys.json").write_bytes(keys)
    with reopened(aside) as old:
        assert old.counts().registrations == 1


def test_after_five_failures_each_next_try_waits_longer_and_nothing_is_ever_wiped(tmp_path):
    new_laptop(tmp_path).close()
    moment = utc_now()
    waits = []

    def at_the_moment():
        return moment

    for _ in range(17):
        with pytest.raises(WrongPassphrase) as wrong:
            open_home(tmp_path, operator_name=None, passphrase="salah", now=at_the_moment)
        if isinstance(wrong.value, PassphraseTooSoon):
            waits.append(wrong.value.parameters["wait_s"])
            moment += timedelta(seconds=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32]  # five free tries, then wait and try in turn
    with pytest.raises(PassphraseTooSoon):  # the right one has to wait as well
        open_home(tmp_path, operator_name=None, passphrase=PASSPHRASE, now=at_the_moment)
    later = moment + timedelta(seconds=300)
    open_home(tmp_path, operator_name=None, passphrase=PASSPHRASE, now=lambda: later).close()
    assert not (tmp_path / "attempts.json").exists()


def test_no_wait_is_longer_than_five_minutes_even_if_the_clock_went_back(tmp_path):
    assert [wait_s(n) for n in (4, 5, 6, 7, 13, 14, 10_000)] == [0, 1, 2, 4, 256, 300, 300]
    new_laptop(tmp_path).close()
    future = utc_now() + timedelta(days=3650)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            open_home(tmp_path, operator_name=None, passphrase="salah", now=lambda: future)
    with pytest.raises(PassphraseTooSoon) as soon:
        reopened(tmp_path)
    assert soon.value.parameters["wait_s"] <= 2


def test_a_home_is_made_once_and_opened_by_one(tmp_path):
    with pytest.raises(NoHome):
        reopened(tmp_path / "nothing")
    with new_laptop(tmp_path), pytest.raises(HomeInUse):
        reopened(tmp_path)
    with pytest.raises(HomeExists):
        new_laptop(tmp_path)
    reopened(tmp_path).close()


def test_folder_and_files_are_closed_to_other_accounts(tmp_path):
    home = tmp_path / "h"
    with new_laptop(home) as store:
        store.register(person(1))
        modes = {p.name: p.stat().st_mode & 0o777 for p in home.iterdir()}
    assert home.stat().st_mode & 0o777 == 0o700
    assert modes.pop("temporary") == 0o700
    assert set(modes.values()) == {0o600}, modes

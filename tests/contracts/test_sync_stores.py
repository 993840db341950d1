"""The fake and the encrypted file keep the same contract."""

import contextlib
import itertools

import pytest

from enumerator_app.storage.records import PreparedPhoto
from sync.protocol.signing import new_private_key, public_hex
from tests.contracts.sync_store_contract import SyncStoreContract
from tests.storage.laptops import new_laptop, person
from tests.sync_client.memory_store import MemoryStore, new_identity

_people = itertools.count(1)


class TestMemoryStore(SyncStoreContract):
    @pytest.fixture
    def store(self):
        root = public_hex(new_private_key())
        return MemoryStore(new_identity(server_url="http://127.0.0.1:9", root_key=root, office="o"))

    def save(self, store, photo=None):
        return store.register(f"Pekerja {next(_people)}", photo=photo)


class TestEncryptedFile(SyncStoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        with contextlib.closing(new_laptop(tmp_path / "laptop")) as store:
            yield store

    def save(self, store, photo=None):
        prepared = PreparedPhoto.of(photo, b"thumbnail") if photo else None
        return store.register(person(next(_people)), photo=prepared).entry_hash

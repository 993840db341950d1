"""Every sync is noted as it ended, in words, and stays."""

import contextlib
from datetime import UTC, datetime

import pytest

from enumerator_app.domain.errors import ServerUnreachable
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.sync_log import how_words, outcome_words
from enumerator_app.storage.sync_log import MOST_KEPT, SyncNote
from enumerator_app.texts import catalogue, text
from tests.storage.laptops import new_laptop, person


@pytest.fixture
def laptop(tmp_path):
    with contextlib.closing(Laptop(new_laptop(tmp_path / "laptop"))) as laptop:
        yield laptop


def test_a_sync_without_an_office_is_noted_with_its_reason(laptop):
    laptop.store.register(person(1))
    with pytest.raises(ServerUnreachable):
        laptop.sync(lambda _: None, lambda: False, "alone")
    (note,) = laptop.sync_log.read()
    assert (note.how, note.outcome) == ("alone", "server_unreachable")
    assert outcome_words(note) == "Kantor belum terhubung."
    assert how_words(note) == "otomatis"


def test_what_is_written_to_a_drive_is_noted_as_not_received(laptop, tmp_path):
    laptop.store.register(person(1))
    with contextlib.suppress(Exception):
        laptop.carrying.write(tmp_path / "berkas.tpb")
    assert [note.how for note in laptop.sync_log.read()] == ["drive_out"]


def test_the_log_keeps_the_newest_and_reads_them_first(laptop):
    at = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
    for n in range(5):
        laptop.store.note_sync(SyncNote(at.replace(minute=n), "key", "agreed", pushed=n))
    assert [note.pushed for note in laptop.sync_log.read(3)] == [4, 3, 2]
    assert MOST_KEPT >= 1000


OUTCOMES = ("agreed", "part", "stopped", "locked", "too_old", "written", "answered")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_way_to_end_has_a_sentence_in_both_languages(outcome):
    assert set(catalogue()[f"sync_log.{outcome}"]) == {"id", "en"}
    words = outcome_words(SyncNote(datetime.now(UTC), "key", outcome, pushed=1200))
    assert words.endswith(".")
    assert "{" not in words
    assert text("sync_log.title")

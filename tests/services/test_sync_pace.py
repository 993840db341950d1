"""What the command line says while a sync runs: words, amounts, and how long it will take."""

from types import SimpleNamespace
from typing import get_args

import pytest

from enumerator_app.services.sync_pace import SyncPace
from enumerator_app.texts import set_language
from sync.client.progress import Progress, Stage

GREETINGS = ("hello", "closing")  # of these nothing is counted


@pytest.fixture
def watch():
    return SimpleNamespace(at=100.0)


@pytest.fixture
def pace(watch):
    return SyncPace(400, 10, lambda: watch.at)


def test_a_sync_is_told_in_words_with_what_is_left(pace, watch):
    assert pace.line(Progress("hello")) == "Menghubungi kantor"
    first = pace.line(Progress("entries", 0, 400, 0, 600_000))
    assert first == "Mengirim data: 0 dari 400 catatan, 0 MB"
    watch.at += 60
    words = pace.line(Progress("entries", 200, 400, 300_000, 600_000))
    assert words == "Mengirim data: 200 dari 400 catatan, 0,3 MB, kira-kira 2 menit lagi"
    news = pace.line(Progress("feed", 30, 30))
    assert news == "Menerima kabar dari kantor: 30 dari 30 kabar"


def test_at_the_end_no_time_is_left(pace, watch):
    watch.at += 60
    pace.line(Progress("entries", 400, 400, 600_000, 600_000))
    last = pace.line(Progress("photos", 10, 10, 450_000, 450_000))
    assert last == "Mengirim foto: 10 dari 10 foto, 1,1 MB"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_stage_has_words_in_both_languages(pace, stage, language):
    set_language(language)
    alone = pace.line(Progress(stage))
    assert " " in alone
    if stage not in GREETINGS:
        assert pace.line(Progress(stage, 1, 2)).startswith(f"{alone}: 1 ")

"""Stopping a sync while it waits: at once, and with nothing doubled or lost."""

import contextlib
import itertools
import json
import sys
import time
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests import processes
from tests.storage.laptops import ENROLMENT, PASSPHRASE, new_laptop, person, reopened
from tests.sync_client.bad_ways import KeptBack, full_queue, silent_office
from tests.sync_client.memory_office import MemoryOffice, serving
from tests.sync_client.office_fixtures import enrolled_store, synced

WAIT_S = 60.0
MOST_S = 5.0  # far below the wait; on an idle machine it is 0.2
PHOTO = bytes(range(256)) * 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"POST /v1/hello",
        b"POST /v1/batches",
        b"GET /v1/feed",
        b"HEAD /v1/photos",
        b"PATCH /v1/photos",
    ],
)
def test_a_sync_that_waits_for_an_answer_ends_at_once_and_the_next_one_goes_on(request_line):
    office = MemoryOffice()
    with serving(office) as url:
        store = enrolled_store(office, url)
        saved = [store.register(f"Pekerja {n}", photo=PHOTO + bytes([n])) for n in range(3)]
        line = KeptBack(urlsplit(url).port, request_line)
        try:
            began = time.monotonic()
            result = synced(store, url=line.url, read_s=WAIT_S, cancelled=line.was_met.is_set)
            took = time.monotonic() - began
        finally:
            line.close()
        assert took < MOST_S
        assert not result.heads_agree
        assert synced(store).heads_agree
    registered = [h for h, e in office.state.entries.items() if e["kind"] == "register"]
    assert sorted(registered) == sorted(saved)
    assert len(office.state.photos) == 3
    assert all(len(raw) == len(PHOTO) + 1 for raw in office.state.photos.values())


def test_a_sync_that_is_still_connecting_ends_at_once():
    office = MemoryOffice()
    asked = itertools.count()
    with full_queue() as port:
        store = enrolled_store(office, f"http://127.0.0.1:{port}")
        began = time.monotonic()
        result = synced(store, cancelled=lambda: next(asked) >= 2)
        assert time.monotonic() - began < MOST_S
    assert result.pending == 1


def test_ctrl_c_ends_the_command_with_its_answer_and_closes_the_line(tmp_path):
    secret = tmp_path / "passphrase.txt"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    with silent_office() as (url, has_come, ends):
        with contextlib.closing(new_laptop(tmp_path / "laptop", enrolled=False)) as store:
            store.set_identity(replace(ENROLMENT, server_url=url))
            store.register(person(1))
        line = [sys.executable, "-m", "enumerator_app", "--home", str(tmp_path / "laptop")]
        line += ["--passphrase-file", str(secret), "sync", "--json"]
        with (tmp_path / "told").open("wb") as told:
            command = processes.Popen(line, stdout=processes.PIPE, stderr=told)
        assert has_come.wait(WAIT_S)
        began = time.monotonic()
        command.send_signal(2)
        assert command.wait(MOST_S) == 0
        took = time.monotonic() - began
        answer = json.loads(command.stdout.read())
        command.stdout.close()
    assert took < MOST_S
    assert (answer["pending"], answer["heads_agree"]) == (2, False)
    assert ends == ["closed"]
    with contextlib.closing(reopened(tmp_path / "laptop")) as store:
        (note,) = store.syncs(5)
    assert (note.outcome, note.pending) == ("stopped", 2)

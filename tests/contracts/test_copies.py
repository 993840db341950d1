"""What the office says its copies hold: read out of the copy itself, and only of a tested one."""

import hashlib
import json
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from sync.server import backing_up
from sync.server.backing_up import back_up
from sync.server.copies import copies, forget_copy
from sync.server.erasing import erase
from sync.server.office import Office
from sync.server.tables import ENTRY_ROWS
from tests.server.laptops import Laptop, nik

PHOTO = b"\xff\xd8" + b"p" * 4000 + b"\xff\xd9"


def asked(laptop: Laptop, things: list[str]) -> dict:
    message = {"things": things, "nonce": secrets.token_hex(8)}
    answer = laptop.ask("POST", "/v1/watermark", json.dumps(message).encode())
    assert answer.status == 200, answer.body
    found: dict = answer.json
    return found


def registered(laptop: Laptop, n: int) -> str:
    entry = laptop.register(nik=nik(n))
    laptop.push(laptop.journal)
    return entry.hash


def test_nothing_is_safe_before_there_is_a_copy(office: Office, laptop: Laptop):
    entry = registered(laptop, 1)
    answer = asked(laptop, [entry])
    assert (answer["held"], answer["newest"], answer["oldest"]) == ([], None, None)


def test_what_a_tested_copy_holds_is_said_and_what_came_later_is_not(
    office: Office, laptop: Laptop, tmp_path: Path
):
    early = registered(laptop, 1)
    copy = back_up(office, tmp_path / "copy")
    late = registered(laptop, 2)
    answer = asked(laptop, [early, late, "00" * 32])
    assert answer["held"] == [early]
    assert answer["newest"]["id"] == answer["oldest"]["id"] == copy.id
    assert copy.verified_at
    raw = (tmp_path / "copy").read_bytes()
    assert (copy.sha256, copy.size) == (hashlib.sha256(raw).hexdigest(), len(raw))


def test_every_copy_that_is_kept_must_hold_it(office: Office, laptop: Laptop, tmp_path: Path):
    first = back_up(office, tmp_path / "first")
    entry = registered(laptop, 1)
    back_up(office, tmp_path / "second")
    assert asked(laptop, [entry])["held"] == []
    forget_copy(office.home, first.id, office.clock())
    assert asked(laptop, [entry])["held"] == [entry]


def test_a_copy_that_is_not_in_its_place_any_more_makes_nothing_safe(
    office: Office, laptop: Laptop, tmp_path: Path
):
    entry = registered(laptop, 1)
    back_up(office, tmp_path / "copy")
    (tmp_path / "copy").rename(tmp_path / "elsewhere")
    assert asked(laptop, [entry])["held"] == []


def test_a_copy_of_ninety_days_ago_is_not_kept_any_more(
    office: Office, laptop: Laptop, tmp_path: Path
):
    back_up(office, tmp_path / "old")
    entry = registered(laptop, 1)
    now = office.clock()
    office.clock = lambda: now + timedelta(days=91)
    back_up(office, tmp_path / "new")
    assert asked(laptop, [entry])["held"] == [entry]


def test_a_copy_that_is_not_whole_counts_for_nothing(
    office: Office, laptop: Laptop, tmp_path: Path
):
    entry = registered(laptop, 1)
    with office.database.writing() as connection:
        change = update(ENTRY_ROWS).where(ENTRY_ROWS.c.hash == entry)
        connection.execute(change.values(body=b'{"name":"SITI"}'))
    copy = back_up(office, tmp_path / "copy")
    assert copy.verified_at is None
    assert asked(laptop, [entry])["held"] == []
    assert (tmp_path / "copy").exists(), "a doubtful copy is better than none"


def test_a_disk_that_gives_back_other_bytes_is_found_by_the_test(
    office: Office, laptop: Laptop, tmp_path: Path, monkeypatch
):
    entry = registered(laptop, 1)
    seal = backing_up._seal

    def sealed_on_a_bad_disk(packed, beside, *rest):
        seal(packed, beside, *rest)
        raw = bytearray(beside.read_bytes())
        raw[-100] ^= 1
        beside.write_bytes(raw)

    monkeypatch.setattr(backing_up, "_seal", sealed_on_a_bad_disk)
    assert back_up(office, tmp_path / "copy").verified_at is None
    assert asked(laptop, [entry])["held"] == []


def test_what_was_erased_is_not_said_to_be_held(office: Office, laptop: Laptop, tmp_path: Path):
    registered(laptop, 1)
    subject = laptop.journal[-1].fields["subject"]
    back_up(office, tmp_path / "copy")
    erase(office, subject, ground="diminta")
    assert asked(laptop, [laptop.journal[-1].hash])["held"] == []


def test_a_photo_is_safe_when_its_bytes_are_in_the_copy(
    office: Office, laptop: Laptop, tmp_path: Path
):
    name = hashlib.sha256(PHOTO).hexdigest()
    laptop.register(nik=nik(1), photos=(name,))
    laptop.push(laptop.journal)
    back_up(office, tmp_path / "before")
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(PHOTO))}
    assert laptop.ask("PATCH", f"/v1/photos/{name}", PHOTO, headers).status == 204
    assert asked(laptop, [name])["held"] == []
    back_up(office, tmp_path / "after")
    assert asked(laptop, [name])["held"] == []
    forget_copy(office.home, copies(office.home)[0].id, office.clock())
    assert asked(laptop, [name])["held"] == [name]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_too_many_things_at_once_are_refused(office: Office, laptop: Laptop):
    message = {"things": ["00" * 32] * 2001, "nonce": secrets.token_hex(8)}
    answer = laptop.ask("POST", "/v1/watermark", json.dumps(message).encode())
    assert (answer.status, answer.json["code"]) == (413, "body_too_large")

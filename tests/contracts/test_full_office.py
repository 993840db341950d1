"""An office whose disk is full says so, asks to wait, and keeps what it had; nothing is a bug."""

import errno
import hashlib
import secrets

import pytest

from sync.server.office import Office
from sync.server.standing import standing
from tests.server.laptops import Laptop, nik

PHOTO = secrets.token_bytes(1000)


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_full_disk_of_the_database_is_said_as_such(office: Office, laptop: Laptop):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    for engine in (office.database._writer, office.database._light):
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            pages = driver.execute("PRAGMA page_count").fetchone()[0]
            driver.execute(f"PRAGMA max_page_count={pages}")
    lines = [laptop.register(nik=nik(n + 2), name="A" * 200) for n in range(60)]
    answer = laptop.send(
        [b"\t".join((one.header, one.salt.hex().encode(), one.body)) + b"\n" for one in lines],
        lines[-1].hash,
    )
    assert (answer.status, answer.json["code"]) == (507, "disk_full")
    assert int(answer.headers["retry-after"]) >= 60
    assert standing(office)["by_state"] == {"registered": 1}


def test_a_full_disk_of_the_photos_is_said_as_such(office: Office, laptop: Laptop, monkeypatch):
    name = hashlib.sha256(PHOTO).hexdigest()
    laptop.register(nik=nik(1), photos=(name,))
    laptop.push(laptop.journal)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(office.photos), "write", full)
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(PHOTO))}
    answer = laptop.ask("PATCH", f"/v1/photos/{name}", PHOTO, headers)
    assert (answer.status, answer.json["code"]) == (507, "disk_full")
    assert laptop.ask("HEAD", f"/v1/photos/{name}").headers["upload-offset"] == "0"

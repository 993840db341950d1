import hashlib
import secrets

import pytest

from sync.server.office import Office
from tests.server.laptops import Laptop


@pytest.fixture
def photo(laptop: Laptop) -> bytes:
    """A photo that a received record names."""
    raw = secrets.token_bytes(1000)
    laptop.register(photos=[hashlib.sha256(raw).hexdigest()])
    laptop.push(laptop.journal)
    return raw


def send(laptop: Laptop, name: str, offset: int, piece: bytes, size: int | None = None):
    headers = {"Upload-Offset": str(offset)}
    if size is not None:
        headers["Upload-Length"] = str(size)
    return laptop.ask("PATCH", f"/v1/photos/{name}", piece, headers)


def name_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_a_photo_goes_on_where_it_stopped(office: Office, laptop: Laptop, photo: bytes):
    name = name_of(photo)
    assert laptop.hello()["photos_missing"] == [name]
    assert laptop.ask("HEAD", f"/v1/photos/{name}").headers["upload-offset"] == "0"
    assert send(laptop, name, 0, photo[:400], 1000).headers["upload-offset"] == "400"
    assert laptop.ask("HEAD", f"/v1/photos/{name}").headers["upload-offset"] == "400"
    assert office.photos.read(name) is None
    done = send(laptop, name, 400, photo[400:], 1000)
    assert (done.headers["upload-offset"], done.headers["upload-length"]) == ("1000", "1000")
    assert office.photos.read(name) == photo
    assert laptop.hello()["photos_missing"] == []


def test_a_wrong_offset_is_answered_with_the_right_one(laptop: Laptop, photo: bytes):
    name = name_of(photo)
    send(laptop, name, 0, photo[:400], 1000)
    answer = send(laptop, name, 500, photo[500:], 1000)
    assert (answer.status, answer.headers["upload-offset"]) == (409, "400")


def test_a_photo_that_is_here_is_not_written_again(laptop: Laptop, photo: bytes):
    name = name_of(photo)
    send(laptop, name, 0, photo, 1000)
    again = send(laptop, name, 0, b"other", 1000)
    assert (again.status, again.headers["upload-offset"]) == (204, "1000")


def test_bytes_of_another_photo_start_again_from_nothing(laptop: Laptop, photo: bytes):
    name = name_of(photo)
    answer = send(laptop, name, 0, b"\x00" * 1000, 1000)
    assert (answer.status, answer.headers["upload-offset"]) == (409, "0")
    assert send(laptop, name, 0, photo, 1000).headers["upload-offset"] == "1000"


def test_a_photo_without_a_stated_size_is_whole_when_its_hash_is(laptop: Laptop, photo: bytes):
    name = name_of(photo)
    assert "upload-length" not in send(laptop, name, 0, photo[:10]).headers
    assert send(laptop, name, 10, photo[10:]).headers["upload-length"] == "1000"


def test_a_photo_that_no_record_names_is_not_taken(laptop: Laptop):
    for name in ("0" * 64, "..", "x", "%2e%2e%2fetc%2fpasswd"):
        assert laptop.ask("HEAD", f"/v1/photos/{name}").status == 404
        assert send(laptop, name, 0, b"x").status == 404


def test_pieces_and_photos_have_their_limits(laptop: Laptop, photo: bytes):
    assert send(laptop, name_of(photo), 0, b"x" * (257 * 1024)).status == 413
    assert send(laptop, name_of(photo), 0, b"x", 600 * 1024).status == 413

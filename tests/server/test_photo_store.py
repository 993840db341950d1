"""Photos in a folder and in a bucket: the same answers, pieces, erasure, copies and moves."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from obstore.store import S3Store

from sync.server.backing_up import back_up, restore
from sync.server.devices import add_device
from sync.server.erasing import erase
from sync.server.home import Home
from sync.server.office import Office, open_office
from sync.server.photo_store import BucketStore, FolderStore, copy_photos
from tests.server.buckets import running_bucket
from tests.server.laptops import Laptop
from tests.server.offices import PASSPHRASE, serving
from tests.server.test_command_line import Program

PHOTO = b"\xff\xd8" + bytes(range(256)) * 150
NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    with running_bucket() as url:
        yield url


@pytest.fixture(params=["folder", "bucket"])
def pictured(request: pytest.FixtureRequest, sqlite_office: Office) -> Iterator[Office]:
    if request.param == "folder":
        yield sqlite_office
        return
    url = f"{request.getfixturevalue('bucket')}/{uuid4().hex}"
    made = open_office(Home(sqlite_office.home.path, url), None)
    yield made
    made.close()


@pytest.fixture
def registered(pictured: Office) -> Iterator[tuple[Office, Laptop, str]]:
    with serving(pictured) as place:
        laptop = Laptop(place)
        assert laptop.enrol(add_device(pictured, "Laptop").code).status == 200
        laptop.start_epoch()
        subject = uuid4()
        laptop.register(subject, photos=(NAME,), photo=NAME)
        laptop.push(laptop.journal)
        yield pictured, laptop, str(subject)


def put(laptop: Laptop, offset: int, piece: bytes, size: int = len(PHOTO)) -> tuple[int, str]:
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(size)}
    answer = laptop.ask("PATCH", f"/v1/photos/{NAME}", piece, headers)
    return answer.status, answer.headers.get("upload-offset", "")


def test_a_photo_in_one_piece_is_there_byte_for_byte(registered):
    office, laptop, _ = registered
    assert put(laptop, 0, PHOTO) == (204, str(len(PHOTO)))
    assert office.photos.read(NAME) == PHOTO
    assert put(laptop, 0, PHOTO) == (204, str(len(PHOTO)))
    assert list(office.photos.names()) == [NAME]


def test_pieces_go_on_where_they_were_and_leave_nothing_behind(registered):
    office, laptop, _ = registered
    assert put(laptop, 0, PHOTO[:1000]) == (204, "1000")
    assert put(laptop, 500, PHOTO[500:]) == (409, "1000")
    assert put(laptop, 1000, PHOTO[1000:9000]) == (204, "9000")
    assert put(laptop, 9000, PHOTO[9000:]) == (204, str(len(PHOTO)))
    assert (office.photos.read(NAME), list(office.photos.names())) == (PHOTO, [NAME])


def test_other_bytes_of_the_same_length_start_again(registered):
    office, laptop, _ = registered
    assert put(laptop, 0, PHOTO[:1000]) == (204, "1000")
    wrong = bytes(len(PHOTO) - 1000)
    assert put(laptop, 1000, wrong) == (409, "0")
    assert office.photos.read(NAME) is None
    assert put(laptop, 0, PHOTO) == (204, str(len(PHOTO)))
    assert office.photos.read(NAME) == PHOTO


def test_who_is_erased_has_no_photo_left(registered):
    office, laptop, subject = registered
    put(laptop, 0, PHOTO)
    erase(office, subject, ground="diminta sendiri")
    assert office.photos.read(NAME) is None
    assert put(laptop, 0, PHOTO)[0] == 410
    assert office.photos.read(NAME) is None


def test_a_copy_of_the_office_brings_its_photos_back(registered, tmp_path: Path):
    office, laptop, _ = registered
    put(laptop, 0, PHOTO)
    back_up(office, tmp_path / "copy")
    office.photos.remove(NAME)
    restore(office.home, None, tmp_path / "copy", PASSPHRASE)
    assert office.photos.read(NAME) == PHOTO


def test_photos_move_between_stores_and_nothing_is_copied_twice(bucket: str, tmp_path: Path):
    folder, other = FolderStore(tmp_path), BucketStore(f"{bucket}/{uuid4().hex}")
    folder.write(NAME, PHOTO)
    (tmp_path / NAME[:2] / f".{NAME}.0000").write_bytes(b"half")  # being written just now
    assert [copy_photos(folder, other), copy_photos(folder, other)] == [1, 0]
    folder.remove(NAME)
    assert copy_photos(other, folder) == 1
    assert folder.read(NAME) == PHOTO


@pytest.mark.parametrize("pictured", ["bucket"], indirect=True)
def test_a_bucket_that_does_not_answer_delays_photos_and_nothing_else(
    registered, monkeypatch: pytest.MonkeyPatch
):
    office, laptop, _ = registered
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(office.photos, "_store", _nobody())
    answer = laptop.ask(
        "PATCH", f"/v1/photos/{NAME}", PHOTO,
        {"Upload-Offset": "0", "Upload-Length": str(len(PHOTO))},
    )  # fmt: skip
    assert (answer.status, answer.json["code"]) == (503, "photo_store_unreachable")
    assert answer.headers["retry-after"] == "30"
    laptop.push([laptop.register(nik="3216061203850002")])


def _nobody() -> S3Store:
    return S3Store(
        "photos", virtual_hosted_style_request=False, retry_config={"max_retries": 0},
        client_options={"allow_http": True, "timeout": "1s"},
    )  # fmt: skip


def test_the_command_copies_to_a_bucket(tmp_path: Path, bucket: str):
    program = Program(tmp_path)
    program.ask("init", "--regency", "32.16", "--admin", "Ratna")
    FolderStore(program.home / "photos").write(NAME, PHOTO)
    url = f"{bucket}/{uuid4().hex}"
    assert program.ask("photos", "copy", "--to", url) == {"copied": 1, "to": url}
    assert BucketStore(url).read(NAME) == PHOTO
    wrong = program.run("photos", "copy", "--to", "ftp://somewhere")
    assert (wrong.returncode, json.loads(wrong.stdout)["error"]["code"]) == (2, "usage_wrong")

"""The lives of one file: copied, put back, cloned, rolled back, opened twice."""

import errno
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from enumerator_app.domain.errors import (
    DatabaseDamaged,
    FileUnreadable,
    FileUnwritable,
    HomeInUse,
    KeyFileDamaged,
    WrongPassphrase,
)
from enumerator_app.domain.journal import from_line
from enumerator_app.storage.home import Home, Outside, machine_id
from enumerator_app.storage.opening import restore_home
from tests.storage.laptops import CHEAP, PASSPHRASE, new_laptop, person, portrait, reopened

ROOT = Path(__file__).parents[2]


def last_entry(store):
    lines = store.lines_after(None, max_bytes=2**30, max_entries=10_000)
    return from_line(lines[-1])


def restored(backup, home, passphrase=PASSPHRASE):
    return restore_home(backup, home, operator_name=None, passphrase=passphrase)


@pytest.fixture
def backup(tmp_path):
    """Return a backup of a laptop with three people, and the laptop's home with a fourth."""
    home, copy = tmp_path / "home", tmp_path / "copy.backup"
    with new_laptop(home) as store:
        for i in range(3):
            store.register(person(i), photo=portrait(i, 4_000))
        store.backup(copy)
        store.register(person(3))
    return copy, home


def test_a_backup_put_back_goes_on_in_a_new_epoch_and_deletes_nothing(backup):
    copy, home = backup
    with reopened(home) as store:
        lost = store.position()
    with restored(copy, home) as store:
        assert store.went_back == "restore"
        assert store.set_aside == next(home.glob("set-aside-*"))
        assert store.counts().registrations == 3
        assert store.photo(portrait(1, 4_000).sha256) == portrait(1, 4_000).jpeg
        start = last_entry(store)
        assert start.fields["kind"] == "epoch_start"
        assert b'"reason":"restore"' in start.body
        assert store.position().epoch != lost.epoch
        assert not store.holds(lost.head)
        saved = store.register(person(4))
        assert saved.number[:14] == "3216-A07-00004"
        assert store.doctor() == []
    with reopened(home) as store:
        assert store.went_back is None
    aside = next(home.glob("set-aside-*"))
    with reopened(aside) as store:
        assert store.holds(lost.head)


def test_a_backup_opens_on_another_laptop(backup, tmp_path):
    copy, _ = backup
    with restored(copy, tmp_path / "other") as store:
        assert store.counts().registrations == 3


def test_two_serials_from_one_backup_differ_in_their_tag(backup, tmp_path):
    copy, _ = backup
    numbers = []
    for place in ("one", "two"):
        with restored(copy, tmp_path / place) as store:
            numbers.append(store.register(person(9)).number)
    assert numbers[0][:14] == numbers[1][:14]
    assert numbers[0] != numbers[1]


def test_nothing_is_replaced_by_what_is_no_backup(backup, tmp_path):
    copy, home = backup
    with pytest.raises(WrongPassphrase):
        restored(copy, home, "sandi yang salah sama sekali")
    other = tmp_path / "other.txt"
    other.write_bytes(b"bukan cadangan")
    for bad in (other, tmp_path / "missing"):
        with pytest.raises(FileUnreadable):
            restored(bad, home)
    with tarfile.open(other, "w") as archive:
        archive.add(__file__, "keys.json")
    with pytest.raises(FileUnreadable):
        restored(other, home)
    with reopened(home) as store:
        assert store.counts().registrations == 4
        assert store.went_back is None


def test_every_damaged_part_of_a_backup_is_noticed_before_it_is_put_back(backup, tmp_path):
    copy, home = backup
    raw = copy.read_bytes()
    names = {}
    for place in range(300, len(raw), len(raw) // 60):
        harmed = tmp_path / "harmed"
        harmed.write_bytes(raw[:place] + bytes([raw[place] ^ 16]) + raw[place + 1 :])
        try:
            with restored(harmed, tmp_path / f"at-{place}") as store:
                assert store.counts().registrations == 3
                assert store.doctor() == []
            names[place] = "right"
        except (DatabaseDamaged, KeyFileDamaged, FileUnreadable) as error:
            names[place] = error.code
    assert "database_damaged" in names.values()
    with reopened(home) as store:
        assert store.counts().registrations == 4


def test_a_backup_that_cannot_be_written_leaves_the_older_one(backup, tmp_path):
    copy, home = backup
    before = copy.read_bytes()
    with reopened(home) as store:
        with pytest.raises(FileUnwritable):
            store.backup(tmp_path / "missing folder" / "copy.backup")
        assert list(store.temporary.iterdir()) == []
    assert copy.read_bytes() == before


def test_a_silent_image_of_yesterday_is_noticed_offline(tmp_path):
    home, image = tmp_path / "home", tmp_path / "image.db"
    with new_laptop(home) as store:
        store.register(person(1))
        epoch = store.position().epoch
    shutil.copy(home / "registrations.db", image)
    with reopened(home) as store:
        gone = store.register(person(2))
    shutil.copy(image, home / "registrations.db")  # the rest of the folder stays as it is
    with reopened(home) as store:
        assert store.went_back == "went_back"
        assert store.position().epoch != epoch
        assert not store.holds(gone.entry_hash)
        assert store.register(person(3)).number != gone.number
    with reopened(home) as store:
        assert store.went_back is None


def test_a_clone_on_another_machine_opens_an_epoch_of_its_own(tmp_path):
    with new_laptop(tmp_path / "a") as store:
        store.register(person(1))
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    home = Home(tmp_path / "b")
    known = home.outside()
    assert known.machine == machine_id()
    home.remember_outside(Outside(known.head, known.epoch, "another machine"))
    home.close()
    with reopened(tmp_path / "b") as store:
        assert store.went_back == "other_machine"
    with reopened(tmp_path / "a") as store:
        assert store.went_back is None


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"head": 3}', b"\x00" * 512])
def test_without_a_second_place_the_past_is_unknown_once(tmp_path, content):
    with new_laptop(tmp_path) as store:
        store.register(person(1))
    if content is None:
        (tmp_path / "outside.json").unlink()
    else:
        (tmp_path / "outside.json").write_bytes(content)
    for expected in ("unknown_past", None):
        with reopened(tmp_path) as store:
            assert store.went_back == expected


def test_a_second_place_that_is_behind_is_no_reason(tmp_path):
    with new_laptop(tmp_path) as store:
        store.register(person(1))
        behind = (tmp_path / "outside.json").read_bytes()
        store.register(person(2))
    (tmp_path / "outside.json").write_bytes(behind)
    with reopened(tmp_path) as store:
        assert store.went_back is None


def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path):
    holder = (
        "import sys; from pathlib import Path; from tests.storage.laptops import reopened; "
        "store = reopened(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    new_laptop(tmp_path).close()
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "open\n"
        with pytest.raises(HomeInUse) as refused:
            reopened(tmp_path)
        assert refused.value.exit_code == 8
        process.kill()
    reopened(tmp_path).close()


def test_temporary_files_are_gone_at_the_next_start(tmp_path):
    with new_laptop(tmp_path) as store:
        (store.temporary / "daftar.xlsx").write_text("Siti Aminah")
    with reopened(tmp_path) as store:
        assert list(store.temporary.iterdir()) == []


def test_another_operator_changes_nothing_in_the_chain_of_epochs(tmp_path):
    with new_laptop(tmp_path) as store:
        store.add_operator("Petugas Dua", "sandi milik petugas dua", CHEAP)
        epoch = store.position().epoch
    with reopened(tmp_path) as store:
        assert store.position().epoch == epoch


def test_a_backup_whose_rest_cannot_even_be_removed_is_refused_in_words(tmp_path, monkeypatch):
    with new_laptop(tmp_path / "home") as store:
        unlink = Path.unlink

        def refuse(path, *, missing_ok=False):
            if path.name.endswith(".new"):
                raise OSError(errno.EIO, "refused")
            unlink(path, missing_ok=missing_ok)

        def full(_):
            raise OSError(errno.ENOSPC, "full")

        monkeypatch.setattr(Path, "unlink", refuse)
        monkeypatch.setattr("enumerator_app.storage.backup.os.fsync", full)
        with pytest.raises(FileUnwritable):
            store.backup(tmp_path / "copy.backup")
        monkeypatch.undo()

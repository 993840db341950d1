"""A disk that fills up: nothing is said to be saved that is not, and all before it stays."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from enumerator_app.domain.errors import DiskFull, NotSaved
from tests.storage.laptops import new_laptop, person, portrait, reopened

ROOT = Path(__file__).parents[2]
SIZES_KIB = tuple(range(1024, 3 * 1024, 1024 // int(os.environ.get("STORAGE_DISK_STEPS", "2"))))

# Run in a process of its own, under a limit on the size of every file it writes.
_LIMITED = """
import resource, sys
from pathlib import Path
from enumerator_app.domain.errors import KnownError
from tests.storage.laptops import person, portrait, reopened
store = reopened(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
said = refused = 0
for i in range(400):
    try:
        saved = store.register(person(i), photo=portrait(i, 20_000))
    except KnownError as error:
        assert not error.data_safe, error.code
        refused += 1
        if refused > 5:
            break
    else:
        said += 1
        print(saved.number, saved.entry_hash, flush=True)
print("refused", refused, flush=True)
"""


def test_a_limit_on_file_size_loses_nothing_that_was_said(tmp_path):
    new_laptop(tmp_path).close()
    run = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path), str(1024 * 1024)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )  # fmt: skip
    *said, last = [line.split() for line in run.stdout.splitlines()]
    assert last[0] == "refused", run.stderr
    assert int(last[1]) > 0
    assert said
    with reopened(tmp_path) as store:
        assert all(store.holds(entry) for _, entry in said)
        assert store.counts().registrations == len(said)
        assert store.doctor() == []


@pytest.fixture
def small_disk(tmp_path):
    """Return a function that makes a disk of some KiB; skips where one cannot be mounted."""
    mounted = []

    def mount(size_kib):
        folder = tmp_path / f"disk-{size_kib}"
        folder.mkdir()
        line = ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(folder)]
        if subprocess.run(line, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not let tests mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=False)


@pytest.mark.parametrize("size_kib", SIZES_KIB)
def test_a_full_disk_says_so_and_saves_again_once_there_is_room(small_disk, size_kib):
    disk = small_disk(size_kib)
    said, refused = [], 0
    with new_laptop(disk / "home") as store:
        for i in range(400):
            try:
                photo = portrait(i, 20_000) if i % 3 == 0 else None
                said.append(store.register(person(i), photo=photo))
            except (DiskFull, NotSaved):
                refused += 1
                if refused == 5:
                    break
        assert said
        assert refused == 5
        assert store.counts().registrations == len(said)
        assert all(store.holds(saved.entry_hash) for saved in said)
        subprocess.run(["mount", "-o", f"remount,size={size_kib * 8}k", str(disk)], check=True)
        said.append(store.register(person(999)))
        assert store.doctor() == []
    with reopened(disk / "home") as store:
        assert store.went_back is None
        assert store.counts().registrations == len(said)
        assert len({saved.number for saved in said}) == len(said)
        assert store.doctor() == []


def test_a_disk_that_is_full_at_the_start_opens_or_says_why(small_disk):
    disk = small_disk(2048)
    with new_laptop(disk / "home") as store:
        store.register(person(1))
    filler = disk / "other"
    descriptor = os.open(filler, os.O_CREAT | os.O_WRONLY)
    with suppress(OSError):
        while True:
            os.write(descriptor, bytes(4096))
    os.close(descriptor)
    with pytest.raises(DiskFull):
        reopened(disk / "home")
    filler.unlink()
    with reopened(disk / "home") as store:
        assert store.counts().registrations == 1
        assert store.doctor() == []

"""Power cuts in small: nothing told is lost; without flushes, or on a disk that lies, it is."""

import random
import shutil

import pytest

from tests.faults.disk import Call, Disk
from tests.faults.power_cuts import FOLDERS_FLUSH, Plan, one_life

HARSH = ("all_lost", "some_kept")
needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


@needs_strace
@pytest.mark.parametrize(
    "scene",
    [
        "working",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("setting_up", "changing_keys")),
    ],
)
def test_a_power_cut_takes_nothing_that_was_told(scene):
    found = one_life(Plan(scene, 7, 40))
    assert found.cuts == 40
    assert found.at_stake > found.cuts
    assert not found.problems


@needs_strace
@pytest.mark.slow  # one of `make controls`
def test_commits_without_a_flush_are_caught():
    gone = ("all_lost",)
    found = one_life(Plan("working", 7, 30, "flush before the number is shown", harms=gone))
    assert found.lost >= 0.95 * found.after_something_was_told > 0


@needs_strace
@pytest.mark.slow  # one of `make controls`
def test_a_log_whose_name_was_never_flushed_is_caught():
    found = one_life(
        Plan("flush_fails", 7, 40, "the folder's own flush", inject=FOLDERS_FLUSH, harms=HARSH)
    )
    assert found.lost > 0


# The disk itself, against what is known of disks.


def left(calls, harm="all_lost"):
    disk = Disk()
    for place, (kind, path, *more) in enumerate(calls):
        fields = dict(zip(("offset", "data", "to"), more, strict=False))
        disk.take(Call(kind, path, place, place, **fields))
    return disk.cut(random.Random(1), harm)


def test_only_what_was_flushed_stays():
    calls = [
        ("made", "/h/f"), ("flush", "/h"), ("write", "/h/f", 0, b"one"), ("flush", "/h/f"),
        ("write", "/h/f", 3, b"two"),
    ]  # fmt: skip
    assert left(calls) == {"/h/f": b"one"}
    assert left(calls, "all_kept") == {"/h/f": b"onetwo"}


def test_a_name_stays_once_its_folder_was_flushed():
    calls = [("made", "/h/f"), ("write", "/h/f", 0, b"one"), ("flush", "/h/f")]
    assert left(calls) == {}
    assert left([*calls, ("flush", "/h")]) == {"/h/f": b"one"}
    moved = [*calls, ("flush", "/h"), ("rename", "/h/f", 0, b"", "/h/g")]
    assert left(moved) == {"/h/f": b"one"}
    assert left([*moved, ("flush", "/h")]) == {"/h/g": b"one"}


def test_a_failed_flush_is_not_mended_by_a_later_one():
    calls = [
        ("made", "/h/f"), ("flush", "/h"), ("write", "/h/f", 0, b"one"), ("failed", "/h/f"),
        ("write", "/h/f", 3, b"two"), ("flush", "/h/f"),
    ]  # fmt: skip
    assert left(calls) == {"/h/f": b"\0\0\0two"}
    again = [*calls, ("write", "/h/f", 0, b"one"), ("flush", "/h/f")]
    assert left(again) == {"/h/f": b"onetwo"}


def test_a_torn_write_leaves_whole_sectors():
    content = bytes(range(256)) * 16
    calls = [("made", "/h/f"), ("flush", "/h"), ("write", "/h/f", 0, content)]
    disk = Disk()
    for place, (kind, path, *more) in enumerate(calls):
        fields = dict(zip(("offset", "data"), more, strict=False))
        disk.take(Call(kind, path, place, place, **fields))
    for seed in range(20):
        found = disk.cut(random.Random(seed), "torn").get("/h/f", b"")
        for at in range(0, len(found), 512):
            assert found[at : at + 512] in (content[at : at + 512], bytes(512))

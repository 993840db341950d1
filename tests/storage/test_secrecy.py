"""A finder of the laptop sees nothing: no file of the home holds a planted name or digit."""

import logging
import math
import re
from collections import Counter

from enumerator_app.domain.registration import Heir
from tests.storage.laptops import new_laptop, person, portrait, reopened
from tests.storage.office_feed import OfficeFeed, revision

PLANTED = 200


def canary(i):
    heir = Heir(id=person(i).visit_id or f"00000000-0000-0000-0000-{i:012d}", name=f"Waris-KNR{i}",
                relation="child")  # fmt: skip
    return person(
        i, name=f"Kenari-KNR{i:04d} Rahasia", mother_name=f"Ibu-KNR{i:04d}",
        nik=f"321699{i:010d}", phone=f"08999{i:07d}", address=f"Jalan-KNR{i:04d}", heirs=(heir,),
    )  # fmt: skip


# Every planted word, forwards, backwards (as the index of NIKs holds them) and in UTF-16.
NEEDLE = re.compile(
    rb"KNR[0-9]{4}|KNR[0-9]{1,3} alamat|Waris-KNR|[Kk]enari-|321699[0-9]{10}|[0-9]{10}996123"
    rb"|08999[0-9]{7}|" + "Kenari-KNR".encode("utf-16-le")
)


def all_bytes(home):
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_planted_people_are_in_no_file_open_or_closed(tmp_path, caplog):
    home, copy = tmp_path / "home", tmp_path / "copy"
    feed = OfficeFeed()
    with caplog.at_level(logging.DEBUG):
        with new_laptop(home) as store:
            for i in range(PLANTED):
                store.keep_draft("form", {"name": canary(i).name})
                photo = portrait(i, 2_000) if i % 20 == 0 else None
                saved = store.register(canary(i), photo=photo, draft_id="form")
                feed.add("decision", saved.subject, decision="returned", state="returned",
                         reason=f"KNR{i} alamat", revision=revision(i))  # fmt: skip
            store.keep_draft("open", {"name": canary(1).name})
            store.apply_page(feed.page())
            store.search("kenari-knr0001")
            store.backup(copy)
            found = all_bytes(home)  # as a thief of the running laptop's disk would find it
        found |= {f"{path} closed": raw for path, raw in all_bytes(home).items()}
        found[copy] = copy.read_bytes()
        with reopened(home) as store:
            assert store.counts().registrations == PLANTED
            assert len(store.search("kenari")) == 50
    assert {path for path, raw in found.items() if NEEDLE.search(raw)} == set()
    assert not NEEDLE.search(caplog.text.encode())


def test_the_search_for_planted_words_would_find_them():
    one = canary(7)
    for text in (one.name, one.mother_name, one.nik, one.nik[::-1], one.phone, one.address):
        assert NEEDLE.search(text.encode()), text
    assert NEEDLE.search(one.heirs[0].name.encode())
    assert NEEDLE.search(one.name.encode("utf-16-le"))


def test_the_file_looks_like_chance(tmp_path):
    with new_laptop(tmp_path) as store:
        for i in range(300):
            store.register(person(i))
    raw = (tmp_path / "registrations.db").read_bytes()
    assert not raw.startswith(b"SQLite format")
    assert entropy(raw) > 7.99
    assert entropy(repr([person(i) for i in range(300)]).encode()) < 6  # the control


def entropy(raw):
    """Return bits per byte."""
    total = len(raw)
    return -sum(n / total * math.log2(n / total) for n in Counter(raw).values())

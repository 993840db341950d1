"""A correction is based on what stood on the screen, not on what arrived while it was typed."""

from dataclasses import replace

import pytest

from enumerator_app.domain.journal import from_line
from enumerator_app.domain.registration import body_of
from enumerator_app.services.laptop import Laptop
from tests.storage.laptops import new_laptop, person
from tests.storage.office_feed import OfficeFeed, revision


@pytest.fixture
def store(tmp_path):
    with new_laptop(tmp_path / "home") as opened:
        yield opened


def worker(**changed):
    return person(1, village_code="3216012001", **changed)


def last_base(store):
    lines = store.lines_after(None, max_bytes=2**30, max_entries=10_000)
    return from_line(lines[-1]).fields["base"]


def office_changes_the_phone(store, saved):
    feed = OfficeFeed()
    feed.accepted(saved)
    feed.add(
        "revision", saved.subject, body=body_of(worker(phone="081299990000")),
        parents=[saved.entry_hash], base=saved.entry_hash, kept=[], revision=revision(1),
        state="registered",
    )  # fmt: skip
    store.apply_page(feed.page())


def test_what_the_office_changed_meanwhile_is_not_taken_for_seen(store):
    laptop = Laptop(store)
    saved = store.register(worker())
    draft = laptop.draft_of(saved.subject)
    office_changes_the_phone(store, saved)

    laptop.correct(saved.subject, replace(draft, values={**draft.values, "address": "KP. BARU"}))

    assert last_base(store) == saved.entry_hash


def test_what_was_opened_after_the_change_is_based_on_it(store):
    laptop = Laptop(store)
    saved = store.register(worker())
    laptop.draft_of(saved.subject)
    office_changes_the_phone(store, saved)
    draft = laptop.draft_of(saved.subject)

    laptop.correct(saved.subject, replace(draft, values={**draft.values, "address": "KP. BARU"}))

    assert last_base(store) == revision(1)


def test_a_second_correction_is_based_on_the_first(store):
    laptop = Laptop(store)
    saved = store.register(worker())
    draft = laptop.draft_of(saved.subject)
    first = laptop.correct(saved.subject, draft)
    assert first.entry_hash

    laptop.correct(saved.subject, draft)

    assert last_base(store) == first.entry_hash

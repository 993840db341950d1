"""Whatever the order of saves, corrections, kills of the store and replays: nothing is lost."""

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from enumerator_app.domain.journal import body_matches, from_line
from tests.storage.laptops import new_laptop, person, portrait, reopened
from tests.storage.office_feed import OfficeFeed


class OneLaptop(RuleBasedStateMachine):
    """A laptop against a dictionary: what was acknowledged, as it was acknowledged."""

    people = Bundle("people")

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = self.folder / "home"
        self.store = new_laptop(self.home)
        self.feed = OfficeFeed()
        self.known = {}
        self.chain = [self.store.position().head]
        self.count = 0

    def acknowledged(self, saved, registration, state):
        self.known[saved.subject] = (saved.number, registration, state)
        self.chain.append(saved.entry_hash)

    @rule(target=people, has_nik=st.booleans(), has_photo=st.booleans())
    def register(self, has_nik, has_photo):
        self.count += 1
        photo = portrait(self.count, 500) if has_photo else None
        fields = {} if has_nik else {"nik": ""}
        one = person(self.count, photo=photo.sha256 if photo else None, **fields)
        saved = self.store.register(one, photo=photo, draft_id="form")
        self.acknowledged(saved, one, "registered" if has_nik else "waiting_nik")
        return saved.subject

    @rule(subject=people, name=st.sampled_from(["Ayu", "Bayu Putra", "Çelik Ö"]))
    def correct(self, subject, name):
        number, old, state = self.known[subject]
        changed = old.model_copy(update={"name": name})
        saved = self.store.correct(subject, changed)
        assert saved.number == number
        self.acknowledged(saved, changed, state)

    @rule(subject=people)
    def withdraw(self, subject):
        _, registration, _ = self.known[subject]
        saved = self.store.withdraw(subject, "uji")
        self.acknowledged(saved, registration, "withdrawn")

    @rule(subject=people)
    def print_paper(self, subject):
        self.store.mark_printed([subject])
        self.chain.append(self.store.position().head)

    @rule(payload=st.dictionaries(st.sampled_from(["name", "nik"]), st.text(max_size=9)))
    def type_something(self, payload):
        self.store.keep_draft("form", payload)
        assert [draft.payload for draft in self.store.drafts()] == [payload]

    @rule()
    def reopen(self):
        self.store.close()
        self.store = reopened(self.home)
        assert self.store.went_back is None

    @rule()
    def image_and_go_on_from_it(self):
        """Copy the open folder as a dead battery would leave it, and go on from the copy."""
        copy = self.folder / f"copy-{self.count}-{len(self.chain)}"
        shutil.copytree(self.home, copy)
        self.store.close()
        shutil.rmtree(self.home)
        copy.rename(self.home)
        self.store = reopened(self.home)
        assert self.store.went_back is None

    @rule(size=st.integers(1, 4))
    def hear_from_the_office(self, size):
        told = {item.subject for item in self.feed.items}
        for subject, (number, _, state) in self.known.items():
            if str(subject) not in told:
                record = self.store.record(subject)
                self.feed.add(
                    "accepted", subject, entry=record.revision, outcome="accepted",
                    revision=record.revision, state=state, number=number,
                )  # fmt: skip
        while self.store.position().feed_n < len(self.feed.items):
            self.store.apply_page(self.feed.page(self.store.position().feed_n, size))

    @invariant()
    def everything_acknowledged_is_there_as_it_was_said(self):
        assert self.store.counts().registrations == len(self.known)
        for subject, (number, registration, state) in self.known.items():
            record = self.store.record(subject)
            assert record.worker.number == number
            assert record.registration.name == registration.name
            assert record.worker.state == state

    @invariant()
    def the_chain_is_whole(self):
        lines = self.store.lines_after(None, max_bytes=2**30, max_entries=10_000)
        entries = [from_line(line) for line in lines]
        assert [entry.hash for entry in entries] == self.chain
        assert all(body_matches(entry, entry.fields) for entry in entries)

    def teardown(self):
        assert self.store.doctor() == []
        self.store.close()
        shutil.rmtree(self.folder)


OneLaptop.TestCase.settings = settings(
    max_examples=int(os.environ.get("STORAGE_EXAMPLES", "6")), stateful_step_count=20
)
TestOneLaptop = OneLaptop.TestCase

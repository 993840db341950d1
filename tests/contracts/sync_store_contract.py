"""What any laptop's side of a sync must do; a fake passes it as the encrypted file does.

A subclass makes the store and says how something is saved in it.
"""

import hashlib
from uuid import UUID

import pytest

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.errors import OfficeNotProven
from enumerator_app.domain.journal import from_line
from sync.protocol.digest import bucket_sums, digest_of
from sync.protocol.messages import FeedItem, FeedPage, OtherOutcome, Receipt
from sync.protocol.rekey import vouching_key
from sync.protocol.signing import key_id, public_hex

EPOCH = "5e00000000000001"
OTHER_EPOCH = "5e00000000000002"
ROOM = {"max_bytes": 1_000_000, "max_entries": 1_000}


def hashes(lines) -> list[str]:
    return [from_line(line).hash for line in lines]


def receipt(store, *, accepted=(), others=(), server_epoch=EPOCH) -> Receipt:
    return Receipt(
        batch_id="00" * 32,
        server_epoch=server_epoch,
        epoch=store.position().epoch,
        accepted=[(seq, seq) for seq in accepted],
        others=[OtherOutcome(hash=h, outcome=o, code=None) for h, o in others],
        server_head=None,
        time="2026-11-22T04:05:06.789Z",
        kid="0" * 16,
        sig="00" * 64,
    )


def page(*notices, after=0, previous=None, server_epoch=EPOCH) -> FeedPage:
    """Return a page of (entry, subject) acceptances that continues a feed."""
    items = []
    for n, (entry, subject) in enumerate(notices, start=after + 1):
        fields = {
            "kind": "accepted", "subject": subject, "number": None, "revision": entry,
            "state": "registered", "at": "2026-11-22T04:05:06.789Z", "server_epoch": server_epoch,
            "entry": entry, "outcome": "accepted", "code": None,
        }  # fmt: skip
        text, salt = canonical_bytes({"fields": fields}).decode(), bytes([n]) * 16
        digest = hashlib.sha256(salt + text.encode()).hexdigest()
        chained = bytes.fromhex(previous or "") + bytes.fromhex(digest)
        previous = hashlib.sha256(chained).hexdigest()
        items.append(
            FeedItem(
                n=n, hash=previous, digest=digest, salt=salt.hex(), kind="accepted",
                subject=subject, revision=entry, bytes=text,
            )
        )  # fmt: skip
    return FeedPage(server_epoch=server_epoch, items=items, head=after + len(items))


class SyncStoreContract:
    """Subclasses give `store` and `save(store, photo=None) -> hash of the entry`."""

    @pytest.fixture
    def entries(self, store):
        """Six people, and every entry on the chain from its root."""
        for _ in range(6):
            self.save(store)
        return hashes(store.lines_after(None, **ROOM))

    def test_the_chain_runs_from_its_root_to_the_head(self, store, entries):
        lines = store.lines_after(None, **ROOM)
        headers = [from_line(line).fields for line in lines]
        assert [h["prev"] for h in headers] == [None, *entries[:-1]]
        assert entries[-1] == store.position().head
        assert headers[-1]["epoch"] == store.position().epoch

    def test_the_locator_begins_at_the_head_and_ends_at_the_root(self, store, entries):
        locator = store.position().locator
        assert (locator[0], locator[-1]) == (entries[-1], entries[0])
        assert set(locator) <= set(entries)

    def test_lines_follow_what_is_known_within_both_limits(self, store, entries):
        assert hashes(store.lines_after(entries[1], **ROOM)) == entries[2:]
        few = store.lines_after(entries[1], max_bytes=1_000_000, max_entries=2)
        assert hashes(few) == entries[2:4]
        sizes = [len(line) for line in store.lines_after(None, **ROOM)]
        some = store.lines_after(None, max_bytes=sum(sizes[:3]), max_entries=1_000)
        assert hashes(some) == entries[:3]

    def test_at_least_one_line_comes_however_small_the_limit(self, store, entries):
        assert hashes(store.lines_after(None, max_bytes=1, max_entries=1)) == entries[:1]
        assert store.lines_after(entries[-1], max_bytes=1, max_entries=1) == []

    def test_what_is_pending_is_counted_from_what_is_known(self, store, entries):
        lines = store.lines_after(entries[2], **ROOM)
        count, size = store.pending_after(entries[2])
        assert count == len(lines)
        assert size == pytest.approx(sum(map(len, lines)), rel=0.05)
        assert store.pending_after(entries[-1])[0] == 0
        assert store.pending_after(None)[0] == len(entries)

    def test_lines_of_named_entries_come_as_far_as_they_are_here(self, store, entries):
        lines = store.lines_of([entries[4], "ab" * 32, entries[2]])
        assert hashes(lines) == [entries[4], entries[2]]

    def test_entries_here_are_held_and_others_are_not(self, store, entries):
        assert all(store.holds(entry) for entry in entries)
        assert not store.holds("ab" * 32)

    def test_counters_are_never_used_twice_and_can_be_raised(self, store):
        first = [store.next_counter() for _ in range(100)]
        assert first == sorted(set(first))
        store.raise_counter(10_000)
        assert store.next_counter() > 10_000
        store.raise_counter(5)
        assert store.next_counter() > 10_001

    def test_a_new_epoch_goes_on_after_the_head(self, store, entries):
        before = store.position()
        store.start_epoch("foreign_tip")
        after = store.position()
        (line,) = store.lines_after(entries[-1], **ROOM)
        header = from_line(line).fields
        assert after.epoch != before.epoch
        assert (header["kind"], header["prev"], header["seq"]) == ("epoch_start", entries[-1], 1)
        assert after.head == hashes([line])[0]

    def test_a_new_epoch_gets_a_key_that_is_used_once_the_office_names_it(self, store, entries):
        first = public_hex(store.identity().signing_key)
        store.settle_keys([key_id(first)], renew=True)
        assert not store.position().key_waits
        assert store.position().head == entries[-1]  # the epoch of the enrolment has its key

        store.start_epoch("restore")
        assert store.position().key_waits
        store.settle_keys([key_id(first)], renew=False)  # the office has stopped this laptop
        for _ in range(2):
            store.settle_keys([key_id(first)], renew=True)
        headers = [from_line(line).fields for line in store.lines_after(entries[-1], **ROOM)]
        assert [header["kind"] for header in headers] == ["epoch_start", "rekey"]
        (line,) = store.lines_of([store.position().head])
        body, identity = from_canonical(from_line(line).body), store.identity()
        who = (identity.office, str(identity.device))
        assert vouching_key(*who, body, [first]) == first
        assert public_hex(identity.signing_key) == first  # the office does not have the new one yet

        names = [key_id(first), key_id(body["public_key"])]
        store.settle_keys(names, renew=True)
        assert public_hex(store.identity().signing_key) == body["public_key"]
        assert not store.position().key_waits
        store.settle_keys(names[:1], renew=True)  # an office that was put back has lost it
        assert public_hex(store.identity().signing_key) == first
        assert store.position().key_waits

    def test_a_receipt_marks_what_it_names_as_received(self, store, entries):
        store.enter_server_epoch(EPOCH)
        count = len(entries)
        held = [(entries[-1], "held")]
        store.settle(entries, receipt(store, accepted=range(1, count), others=held))
        assert store.position().received == entries[-2]
        store.settle(entries[-1:], receipt(store, others=[(entries[-1], "quarantined")]))
        assert store.position().received == entries[-1]

    def test_what_the_office_knows_is_received_up_to_there(self, store, entries):
        store.enter_server_epoch(EPOCH)
        store.office_knows(entries[3], EPOCH)
        assert store.position().received == entries[3]
        store.office_knows(entries[1], EPOCH)
        assert store.position().received == entries[3]

    def test_a_notice_of_acceptance_marks_its_entry(self, store, entries):
        store.enter_server_epoch(EPOCH)
        notices = [(entry, subject_of(store, entry)) for entry in entries]
        assert store.apply_page(page(*notices)) == len(entries)
        assert store.position().received == entries[-1]

    def test_a_page_moves_the_cursor_and_the_digest_and_may_come_twice(self, store, entries):
        store.enter_server_epoch(EPOCH)
        notices = [(entry, subject_of(store, entry)) for entry in entries[-3:]]
        first = page(*notices)
        assert store.apply_page(first) == 3
        place = store.position()
        assert (place.feed_n, place.feed_hash) == (3, first.items[-1].hash)
        states = [(UUID(subject), entry) for entry, subject in notices]
        assert place.digest == digest_of(bucket_sums(states))
        assert store.bucket_sums() == bucket_sums(states)

    def test_a_page_that_does_not_continue_the_feed_changes_nothing(self, store, entries):
        store.enter_server_epoch(EPOCH)
        one, other = ((entry, subject_of(store, entry)) for entry in entries[-2:])
        store.apply_page(page(one))
        before = store.position()
        with pytest.raises(OfficeNotProven):
            store.apply_page(page(other, after=1, previous="ab" * 32))
        assert store.position() == before

    def test_a_new_life_of_the_office_voids_marks_and_owes_all_notices(self, store, entries):
        store.enter_server_epoch(EPOCH)
        store.apply_page(page(*((entry, subject_of(store, entry)) for entry in entries)))
        store.reoffer_finished()
        store.enter_server_epoch(OTHER_EPOCH)
        place = store.position()
        assert (place.server_epoch, place.owed, place.feed_n) == (OTHER_EPOCH, True, 0)
        assert (place.feed_hash, place.received) == (None, None)
        assert place.digest == digest_of(bucket_sums([]))
        assert [n.n for n in store.notices_kept(0, 4)] == [1, 2, 3, 4]
        assert [n.n for n in store.notices_kept(4, 100)] == list(range(5, len(entries) + 1))
        store.reoffer_finished()
        assert not store.position().owed

    def test_a_photo_is_sent_once_its_record_is_received_and_settled_once(self, store):
        store.enter_server_epoch(EPOCH)
        raw = b"a portrait" * 50
        entry = self.save(store, photo=raw)
        name = hashlib.sha256(raw).hexdigest()
        assert store.photos_to_send() == []
        store.office_knows(entry, EPOCH)
        (photo,) = store.photos_to_send()
        assert (photo.sha256, photo.size) == (name, len(raw))
        assert store.photo(name) == raw
        store.photo_settled(name, erased=False)
        assert store.photos_to_send() == []
        assert store.photo(name) == raw
        store.enter_server_epoch(OTHER_EPOCH)
        store.office_knows(entry, OTHER_EPOCH)
        assert len(store.photos_to_send()) == 1
        store.photo_settled(name, erased=True)
        assert store.photo(name) is None
        assert store.photos_to_send() == []

    def test_a_document_and_the_end_of_a_sync_can_be_kept(self, store):
        store.keep_document("trust_list", b'{"a":1}')
        assert store.document("trust_list") == b'{"a":1}'
        store.keep_document("trust_list", b'{"a":2}')
        assert store.document("trust_list") == b'{"a":2}'
        assert store.document("nik_set") is None
        store.keep_locked(locked=True, at="2026-11-22T04:05:06.789Z")
        store.keep_locked(locked=False, at="2026-11-22T04:05:07.789Z")
        store.sync_finished(office_time="2026-11-22T04:05:06.789Z", heads_agree=True)


def subject_of(store, entry: str) -> str:
    """Return the subject that an entry is about; some id for entries about none."""
    (line,) = store.lines_of([entry])
    return from_line(line).fields["subject"] or "01890000-0000-7000-8000-0000000000aa"

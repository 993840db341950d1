"""The laptop's side of a sync: what is sent, what receipts and notices change, and what not."""

import hashlib
import json
import random
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from enumerator_app.domain.errors import OfficeNotProven
from enumerator_app.domain.journal import from_line
from enumerator_app.domain.registration import body_of
from enumerator_app.services.looking import detail
from enumerator_app.storage.leaving import KEEP_DAYS
from enumerator_app.storage.returning import subjects_lacking
from sync.protocol.digest import bucket_sums, digest_of
from sync.protocol.messages import FeedPage, WatermarkAnswer
from tests.storage.laptops import SERVER_EPOCH, new_laptop, person, portrait, reopened
from tests.storage.office_feed import OfficeFeed, receipt, revision


@pytest.fixture
def store(tmp_path):
    with new_laptop(tmp_path / "home") as store:
        yield store


@pytest.fixture
def feed():
    return OfficeFeed()


def worker(store, saved):
    return store.record(saved.subject).worker


def hashes(store):
    lines = store.lines_after(None, max_bytes=2**30, max_entries=10_000)
    return [from_line(line).hash for line in lines]


def body(registration):
    return json.loads(json.dumps(body_of(registration)))


# -- what is sent ------------------------------------------------------------------------------


def test_the_locator_is_head_1_2_4_before_it_and_the_first(store):
    for i in range(20):
        store.register(person(i))
    chain = hashes(store)[::-1]
    place = store.position()
    assert place.head == chain[0]
    assert place.locator == tuple(chain[i] for i in (0, 1, 2, 4, 8, 16, 20))
    assert place.received is None


def test_lines_follow_the_known_entry_up_to_size_and_count(store):
    for i in range(5):
        store.register(person(i))
    chain = hashes(store)
    assert store.pending_after(chain[2])[0] == 3
    assert store.pending_after(chain[-1]) == (0, 0)
    lines = store.lines_after(chain[0], max_bytes=2**30, max_entries=2)
    assert [from_line(line).hash for line in lines] == chain[1:3]
    assert len(store.lines_after(chain[0], max_bytes=1, max_entries=9)) == 1
    assert store.lines_after(chain[-1], max_bytes=9, max_entries=9) == []
    total = sum(map(len, store.lines_after(None, max_bytes=2**30, max_entries=99)))
    assert store.pending_after(None) == (6, total)
    assert store.lines_of([chain[3], "0" * 64]) == lines_between(store, chain[2], 1)


def lines_between(store, after, count):
    return store.lines_after(after, max_bytes=2**30, max_entries=count)


def test_request_counters_are_never_used_twice_not_even_after_a_crash(tmp_path):
    seen = []
    for round_ in range(3):
        with new_laptop(tmp_path) if round_ == 0 else reopened(tmp_path) as store:
            seen += [store.next_counter() for _ in range(70)]
            if round_ == 1:
                store.raise_counter(5000)
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen)
    assert seen[-1] > 5000


# -- receipts ----------------------------------------------------------------------------------


def test_a_receipt_marks_by_range_and_by_name_and_held_is_not_received(store):
    saved = [store.register(person(i)) for i in range(4)]
    place, chain = store.position(), hashes(store)
    others = [(saved[2].entry_hash, "held"), (saved[3].entry_hash, "quarantined")]
    store.settle(chain, receipt(place.epoch, [(1, 3)], others))
    assert [worker(store, one).custody for one in saved] == [
        "complete", "complete", "saved", "complete",
    ]  # fmt: skip
    assert (store.counts().pending, store.counts().entries_pending) == (1, 1)


def test_a_receipt_of_another_server_epoch_or_device_epoch_marks_nothing(store):
    saved = store.register(person(1))
    store.settle([saved.entry_hash], receipt(store.position().epoch, [(1, 9)], server_epoch="old"))
    store.settle([saved.entry_hash], receipt("0" * 16, [(1, 9)]))
    assert worker(store, saved).custody == "saved"
    store.settle([saved.entry_hash], receipt(store.position().epoch, [(1, 9)]))
    assert worker(store, saved).custody == "complete"


def test_a_lost_receipt_is_healed_by_the_entry_that_the_office_knows(store):
    saved = [store.register(person(i)) for i in range(3)]
    store.office_knows(saved[1].entry_hash, SERVER_EPOCH)
    assert [worker(store, one).custody for one in saved] == ["complete", "complete", "saved"]
    assert store.position().received == saved[1].entry_hash
    store.office_knows(saved[2].entry_hash, "another epoch")
    assert store.counts().pending == 1
    store.office_knows(saved[2].entry_hash, SERVER_EPOCH)
    assert store.position().received == store.position().head


def test_a_record_is_complete_only_with_its_portrait(store):
    photo = portrait(1)
    saved = store.register(person(1), photo=photo)
    assert store.photos_to_send() == []  # records first
    store.settle([saved.entry_hash], receipt(store.position().epoch, [(1, 9)]))
    assert worker(store, saved).custody == "received"
    (waiting,) = store.photos_to_send()
    assert (waiting.sha256, waiting.size) == (photo.sha256, len(photo.jpeg))
    store.photo_settled(photo.sha256, erased=False)
    assert store.photos_to_send() == []
    assert worker(store, saved).custody == "complete"
    store.photo_settled(photo.sha256, erased=True)
    assert store.photo(photo.sha256) is None


def steps_of(store, work) -> int:
    """Return the tens of SQLite's steps that some work takes in the writing connection."""
    steps = []
    store._file.write(
        lambda connection: connection.set_progress_handler(lambda: steps.append(1), 10)
    )
    work()
    store._file.write(lambda connection: connection.set_progress_handler(None, 0))
    return len(steps)


def test_a_portrait_costs_the_same_however_many_people_are_here(store):
    """Somebody is typing while portraits are sent: each takes the pen from them for a moment."""

    def sent(i: int) -> int:
        photo = portrait(i)
        saved = store.register(person(i), photo=photo)
        store.settle([saved.entry_hash], receipt(store.position().epoch, [(1, 999)]))
        assert worker(store, saved).custody == "received"
        return steps_of(store, lambda: store.photo_settled(photo.sha256, erased=False))

    with_few = sent(1)
    for i in range(2, 302):
        store.register(person(i))
    assert sent(400) <= with_few + 10


def at_the_office(store, feed, people):
    """Register people, each with a portrait and a paper; the office has all of them."""
    for i in people:
        photo = portrait(i, 500)
        saved = store.register(person(i), photo=photo)
        store.mark_printed([saved.subject])
        feed.accepted(saved)
        store.photo_settled(photo.sha256, erased=False)
    store.apply_page(feed.page(len(feed.items) - len(people)))


def test_whoever_leaves_costs_the_same_however_many_people_are_here(store, feed):
    """Content is let go in a transaction: a save at the table waits for it."""
    store.set_setting(KEEP_DAYS, "0")

    def left(i: int) -> int:
        at_the_office(store, feed, [i])
        store.sync_finished(office_time="2027-11-23T02:00:00.000Z", heads_agree=True)
        subject = feed.items[-1].subject
        asked = {subject: store.may_leave(-1)[subject]}
        assert portrait(i, 500).sha256 in asked[subject]
        first, second = (
            WatermarkAnswer(
                server_epoch=SERVER_EPOCH, time=f"2027-{month}-23T02:00:00.000Z", newest=None,
                oldest=None, held=list(asked[subject]),
            )
            for month in (11, 12)
        )  # fmt: skip
        assert store.confirmed(asked, first) == 0
        store.sync_finished(office_time=second.time, heads_agree=True)
        gone = []
        steps = steps_of(store, lambda: gone.append(store.confirmed(asked, second)))
        assert gone == [1]
        return steps

    with_few = left(1)
    at_the_office(store, feed, range(2, 302))
    assert left(400) <= with_few + 20


def test_what_lacks_costs_the_same_however_many_people_are_here(store, feed):
    """A drive that gets each save as well asks it after each."""

    def asked() -> int:
        found = []
        steps = steps_of(store, lambda: found.append(store._file.write(subjects_lacking)))
        assert found == [[]]
        return steps

    at_the_office(store, feed, [1, 2])
    with_few = asked()
    at_the_office(store, feed, range(3, 303))
    have_left = "INSERT INTO wiped (subject, at) SELECT subject, '' FROM registration"
    store._file.write(lambda connection: connection.execute(have_left))
    assert asked() <= with_few + 20


@pytest.mark.parametrize("custody", ["saved", "complete"])
def test_a_portrait_that_somebody_else_shows_stays(store, feed, custody):
    photo = portrait(1)
    gone, other = (store.register(person(i), photo=photo) for i in (1, 2))
    feed.accepted(gone)
    if custody == "complete":
        feed.accepted(other)
    store.photo_settled(photo.sha256, erased=False)
    store.apply_page(feed.page())
    assert worker(store, other).custody == custody

    feed.add("erase", gone.subject)
    store.apply_page(feed.page(len(feed.items) - 1))
    assert store.photo(photo.sha256) == photo.jpeg

    if custody == "complete":
        feed.add("erase", other.subject)
        store.apply_page(feed.page(len(feed.items) - 1))
        assert store.photo(photo.sha256) is None


# -- the feed ----------------------------------------------------------------------------------


def test_a_page_moves_the_cursor_and_is_applied_once(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    assert store.apply_page(feed.page()) == 1
    assert store.apply_page(feed.page()) == 0
    place = store.position()
    assert (place.feed_n, place.feed_hash) == (1, feed.items[-1].hash)
    assert worker(store, saved).custody == "complete"
    assert not worker(store, saved).pending
    assert store.notices_kept(0, 10) == feed.items
    assert store.notices_kept(1, 10) == []


@pytest.mark.parametrize("harm", ["hash", "bytes", "gap", "foreign"])
def test_a_feed_that_does_not_continue_is_refused_whole(store, feed, harm):
    for i in range(3):
        feed.accepted(store.register(person(i)))
    store.apply_page(feed.page(0, 1))
    before = store.position()
    page = feed.page(1)
    items = {
        "hash": [page.items[0].model_copy(update={"hash": "0" * 64}), page.items[1]],
        "bytes": [
            page.items[0].model_copy(update={"bytes": page.items[0].bytes.replace("00", "01")}),
            page.items[1],
        ],
        "gap": page.items[1:],
        "foreign": [OfficeFeed().add("watermark").model_copy(update={"n": 2})],
    }[harm]
    with pytest.raises(OfficeNotProven):
        store.apply_page(FeedPage(server_epoch=SERVER_EPOCH, items=items, head=3))
    assert store.position() == before


def test_the_digest_is_over_the_last_revision_named_for_each_subject(store, feed):
    expected = {}
    dice = random.Random(3)
    subjects = [uuid7() for _ in range(20)]
    for n in range(120):
        subject = dice.choice(subjects)
        named = revision(n) if n % 5 else None
        feed.add("decision", subject, revision=named, decision="verified", state="verified")
        if named:
            expected[subject] = named
    for start in range(0, 120, 13):
        store.apply_page(feed.page(start, 13))
    assert store.bucket_sums() == bucket_sums(expected.items())
    assert store.position().digest == digest_of(bucket_sums(expected.items()))
    assert store.doctor() == []


def test_decisions_set_state_reason_kpj_cover_and_the_seal_of_the_card(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    feed.add(
        "decision", saved.subject, decision="returned", state="returned", field="nik",
        reason="NIK belum cocok", revision=revision(1),
    )  # fmt: skip
    store.apply_page(feed.page())
    one = worker(store, saved)
    assert (one.state, one.returned_field) == ("returned", "nik")
    assert one.returned_reason == "NIK belum cocok"
    assert [task.subject for task in store.tasks()] == [saved.subject]
    assert store.counts().to_correct == 1

    again = store.correct(saved.subject, person(1, nik="3216010101900001"))
    assert worker(store, saved).state == "registered"
    assert worker(store, saved).returned_field is None
    assert from_line(store.lines_of([again.entry_hash])[0]).fields["base"] == revision(1)

    feed.accepted(again)
    feed.add(
        "decision", saved.subject, decision="enrolled", state="enrolled", kpj="26000012345",
        cover_from="2026-12-01", cover_to="2027-05-31", card="TP1:SEAL", revision=revision(2),
    )  # fmt: skip
    store.mark_printed([saved.subject])
    assert store.counts().waiting_print == 0
    store.apply_page(feed.page(2))
    one = worker(store, saved)
    assert (one.state, one.kpj, one.card) == ("enrolled", "26000012345", "TP1:SEAL")
    assert (one.cover_from, one.cover_to) == (date(2026, 12, 1), date(2027, 5, 31))
    assert [w.subject for w in store.to_print("new")] == [saved.subject]
    store.mark_printed([saved.subject])
    assert worker(store, saved).printed_kind == "active"
    kinds = [(event.kind, event.by_office) for event in store.timeline(saved.subject)]
    assert ("decision", True) in kinds
    assert ("correct", False) in kinds


def test_a_card_that_the_office_sealed_anew_waits_to_be_printed_once_more(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    given = {"kpj": "26000012345", "cover_from": "2026-12-01", "cover_to": "2027-05-31"}
    right = given | {"kpj": "26000054321", "corrected": given}
    for n, card in enumerate(("TP1:ONE", "TP1:ONE", "TP1:TWO"), start=1):
        feed.add(
            "decision", saved.subject, decision="enrolled", state="enrolled", card=card,
            revision=revision(n), **(right if card == "TP1:TWO" else given),
        )  # fmt: skip
    store.apply_page(feed.page(0, 2))
    store.mark_printed([saved.subject])
    store.apply_page(feed.page(2, 1))
    assert store.counts().waiting_print == 0
    store.apply_page(feed.page(3))
    assert store.counts().waiting_print == 1
    assert (worker(store, saved).card, worker(store, saved).kpj) == ("TP1:TWO", "26000054321")
    steps = [step.text_key for step in detail(store, saved.subject).timeline]
    assert steps.count("timeline.office_enrolled") == 2
    assert steps.count("timeline.office_cover_corrected") == 1


def test_an_office_edit_is_shown_and_is_the_base_of_the_next_change(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    office = body(person(1, name="Nama Dari Kantor"))
    feed.add(
        "revision", saved.subject, body=office, parents=[saved.entry_hash],
        base=saved.entry_hash, kept=[], revision=revision(1), state="registered",
    )  # fmt: skip
    store.apply_page(feed.page())
    record = store.record(saved.subject)
    assert (record.registration.name, record.revision) == ("Nama Dari Kantor", revision(1))
    assert [w.subject for w in store.search("dari kantor")] == [saved.subject]
    assert store.doctor() == []


def test_a_pending_own_change_stays_shown_until_its_outcome_is_here(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    mine = store.correct(saved.subject, person(1, address="Alamat Dari Laptop"))
    office = body(person(1, phone="081299990000"))
    feed.add(
        "revision", saved.subject, body=office, parents=[saved.entry_hash],
        base=saved.entry_hash, kept=[], revision=revision(1), state="verified",
    )  # fmt: skip
    store.apply_page(feed.page())
    assert store.record(saved.subject).registration.address == "Alamat Dari Laptop"
    assert worker(store, saved).pending
    assert worker(store, saved).state == "registered"

    both = body(person(1, phone="081299990000", address="Alamat Dari Laptop"))
    feed.accepted(mine, outcome="merged", revision=revision(2))
    feed.add(
        "revision", saved.subject, body=both, parents=[revision(1), mine.entry_hash],
        base=saved.entry_hash, kept=[], revision=revision(2), state="registered",
    )  # fmt: skip
    store.apply_page(feed.page(2))
    record = store.record(saved.subject)
    assert (record.registration.phone, record.registration.address) == (
        "081299990000", "Alamat Dari Laptop",
    )  # fmt: skip
    assert record.revision == revision(2)
    assert not record.worker.pending


def test_the_offices_earlier_edit_is_shown_if_it_won_over_the_own_change(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    mine = store.correct(saved.subject, person(1, name="Nama Laptop"))
    feed.add(
        "revision", saved.subject, body=body(person(1, name="Nama Kantor")),
        parents=[saved.entry_hash], base=saved.entry_hash, kept=[], revision=revision(1),
        state="verified",
    )  # fmt: skip
    feed.accepted(mine, outcome="case", revision=revision(1), state="verified")
    store.apply_page(feed.page())
    record = store.record(saved.subject)
    assert (record.registration.name, record.revision) == ("Nama Kantor", revision(1))
    assert record.worker.state == "verified"


def test_a_record_of_another_laptop_arrives_with_its_body(store, feed):
    subject = uuid7()
    number = "3216-B01-00007-TEST"
    feed.add(
        "revision", subject, body=body(person(5)), parents=[], base=None, kept=[],
        revision=revision(1), state="verified", number=number,
    )  # fmt: skip
    other = uuid7()
    feed.add(
        "accepted", other, entry=revision(9), outcome="accepted", revision=revision(9),
        state="registered", number="3216-B01-00008-TEST",
        body={**body(person(6)), "number": "3216-B01-00008-TEST"},
    )  # fmt: skip
    store.apply_page(feed.page())
    record = store.record(subject)
    assert (record.worker.number, record.worker.custody) == (number, "complete")
    assert record.registration.name == person(5).name
    assert store.record(other).registration.name == person(6).name
    assert store.counts().pending == 0
    assert store.doctor() == []


def test_a_body_that_is_no_registration_stops_nothing(store, feed):
    saved = store.register(person(1))
    feed.accepted(saved)
    feed.add(
        "revision", saved.subject, body={"name": 7}, parents=[saved.entry_hash],
        revision=revision(1), state="verified",
    )  # fmt: skip
    feed.add("revision", uuid7(), body={}, parents=[], revision=revision(2))
    feed.add("something_new", saved.subject, what="ever", revision=revision(3))
    feed.add("seats", None, seats=12)
    assert store.apply_page(feed.page()) == 5
    assert store.record(saved.subject).registration.name == person(1).name
    assert len(store.notices_kept(0, 100)) == 5
    assert store.position().feed_n == 5


def test_a_new_number_asks_for_a_new_paper_and_is_found(store, feed):
    saved = store.register(person(1))
    store.mark_printed([saved.subject])
    feed.add("number", saved.subject, number="3216-A07-00099-TESU", state="registered")
    store.apply_page(feed.page())
    one = worker(store, saved)
    assert one.number == "3216-A07-00099-TESU"
    assert store.counts().waiting_print == 1
    assert [w.subject for w in store.search("TESU")] == [saved.subject]
    again = store.correct(saved.subject, person(1, rt="009"))
    line = from_line(store.lines_of([again.entry_hash])[0])
    assert json.loads(line.body)["number"] == "3216-A07-00099-TESU"


def test_a_case_is_shown_at_its_record(store, feed):
    saved = store.register(person(1))
    feed.add("case", saved.subject, case="c1", case_kind="same_nik")
    store.apply_page(feed.page())
    assert worker(store, saved).case_kind == "same_nik"


def test_erasing_leaves_hashes_and_says_so_in_the_journal(tmp_path, feed):
    photo = portrait(1, 3_000)
    with new_laptop(tmp_path) as store:
        keep = store.register(person(2))
        saved = store.register(person(1), photo=photo, content_digest="c" * 64)
        feed.accepted(saved)
        feed.add("erase", saved.subject)
        store.apply_page(feed.page())
        for_ever = (
            store.find(saved.subject),
            store.search(person(1).name),
            store.photo(photo.sha256),
        )
        assert for_ever == (None, [], None)
        assert store.already_holds("c" * 64) is None
        assert [w.subject for w in store.search("")] == [keep.subject]
        assert store.doctor() == []
        last = from_line(store.lines_after(None, max_bytes=2**30, max_entries=99)[-1])
        assert (last.fields["kind"], last.fields["subject"]) == (
            "erased_here", str(saved.subject),
        )  # fmt: skip
        stub = store.lines_of([saved.entry_hash])[0]
        assert stub.endswith(b"\t-\t-\n")
        later = feed.add("revision", saved.subject, body=body(person(1)), revision=revision(4))
        store.apply_page(feed.page(2))
        assert later.n == store.position().feed_n
        assert store.find(saved.subject) is None
    with reopened(tmp_path) as store:
        whole = store._file.engine.read(everything_in)
    assert person(1).name.encode() not in whole
    assert person(1).nik.encode() not in whole
    assert person(2).name.encode() in whole


def test_erasing_leaves_no_letter_in_the_search_indexes(tmp_path, feed):
    with new_laptop(tmp_path) as store:
        saved = store.register(person(1))
        feed.accepted(saved)
        assert index_parts(store)
        feed.add("erase", saved.subject)
        store.apply_page(feed.page())
        assert index_parts(store) == []


def index_parts(store):
    """Return the parts of the full-text indexes that hold words: all but their two heads."""
    return store._file.engine.read(
        lambda connection: [
            part
            for index in ("registration_search", "registration_likeness")
            for part in connection.execute(
                f"SELECT id FROM {index}_data WHERE id NOT IN (1, 10)"  # noqa: S608  our own names
            ).fetchall()
        ]
    )


def everything_in(connection):
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'registration_s%'"
    ).fetchall()
    rows = (connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables)  # noqa: S608  names from the file
    return repr(list(rows)).encode()


def test_a_removed_operator_is_acknowledged_in_the_chain_once(store, feed):
    feed.add("operator_removed", None, operator="01890000-0000-7000-8000-000000000002")
    store.apply_page(feed.page())
    kinds = [
        from_line(line).fields["kind"]
        for line in store.lines_after(None, max_bytes=2**30, max_entries=99)
    ]
    assert kinds == ["epoch_start", "operator_removed_seen"]
    store.enter_server_epoch(SERVER_EPOCH)
    store.apply_page(feed.page())
    assert len(hashes(store)) == 2


# -- a restored office -------------------------------------------------------------------------


def test_a_new_server_epoch_owes_notices_and_believes_no_receipt(store, feed):
    photo = portrait(1, 2_000)
    saved = store.register(person(1), photo=photo)
    other = store.register(person(2))
    for one in (saved, other):
        feed.accepted(one)
    feed.add(
        "decision", other.subject, decision="enrolled", state="enrolled", kpj="26", card="TP1:X",
        revision=revision(1),
    )  # fmt: skip
    store.apply_page(feed.page())
    store.photo_settled(photo.sha256, erased=False)
    store.enter_server_epoch("5e00000000000002")
    place = store.position()
    assert (place.server_epoch, place.owed, place.feed_n, place.feed_hash) == (
        "5e00000000000002", True, 0, None,
    )  # fmt: skip
    assert place.digest == digest_of([0] * 256)
    assert store.counts().pending == 2
    assert store.notices_kept(0, 99) == feed.items
    assert worker(store, other).kpj == "26"  # never forgotten while the office finds itself

    renewed = OfficeFeed()  # the same notices, emitted anew
    for one in (saved, other):
        renewed.accepted(one)
    renewed.add(
        "decision", other.subject, decision="enrolled", state="enrolled", kpj="26", card="TP1:X",
        revision=revision(1),
    )  # fmt: skip
    store.apply_page(renewed.page())
    store.reoffer_finished()
    assert not store.position().owed
    assert worker(store, other).state == "enrolled"
    assert store.counts().pending == 0
    assert worker(store, saved).custody == "received"  # its portrait has to be confirmed again
    assert [p.sha256 for p in store.photos_to_send()] == [photo.sha256]


def test_reading_the_feed_again_ends_at_the_same_state(store, feed):
    """Whatever page size: after a replay from the start every record is as before."""
    saved = [store.register(person(i)) for i in range(6)]
    corrected = {}
    for n, one in enumerate(saved):
        feed.accepted(one)
        if n % 2:
            feed.add(
                "revision", one.subject, body=body(person(n, name=f"Kantor {n}")),
                parents=[one.entry_hash], revision=revision(n), state="verified",
            )  # fmt: skip
    store.apply_page(feed.page())
    for one in saved[1:4]:
        corrected[one.subject] = store.correct(one.subject, person(50, name="Lagi"))
    for one in corrected.values():
        feed.accepted(one)
    store.apply_page(feed.page(store.position().feed_n))
    before = {one.subject: store.record(one.subject) for one in saved}
    for size in (1, 2, 5, 100):
        store.enter_server_epoch(SERVER_EPOCH)
        while store.apply_page(feed.page(store.position().feed_n, size)) or (
            store.position().feed_n < len(feed.items)
        ):
            pass
        assert {one.subject: store.record(one.subject) for one in saved} == before


def test_when_a_sync_ended_is_remembered(tmp_path):
    with new_laptop(tmp_path) as store:
        assert store.last_sync() is None
        store.sync_finished(office_time="2026-11-23T05:06:07.000Z", heads_agree=True)
    with reopened(tmp_path) as store:
        last = store.last_sync()
        assert last.heads_agree
        assert last.office_time.isoformat() == "2026-11-23T05:06:07+00:00"
        assert store.setting("office_time") == "2026-11-23T05:06:07.000Z"


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        (datetime(2024, 11, 23, tzinfo=UTC), "2026-11-23T05:06:07+00:00"),
        (datetime(2026, 11, 23, 5, 5, tzinfo=UTC), "2026-11-23T05:05:00+00:00"),
    ],
)
def test_a_clock_years_off_does_not_date_what_the_office_received(tmp_path, claimed, kept):
    with new_laptop(tmp_path, now=lambda: claimed) as store:
        store.sync_finished(office_time="2026-11-23T05:06:07.000Z", heads_agree=True)
        assert store.last_sync().at.isoformat() == kept


# -- epochs ------------------------------------------------------------------------------------


def test_an_epoch_follows_the_old_head_under_64_random_bits(store):
    first = store.position()
    store.start_epoch("foreign_tip")
    second = store.position()
    entry = from_line(store.lines_of([second.head])[0])
    assert entry.fields["prev"] == first.head
    assert entry.fields["seq"] == 1
    assert entry.fields["epoch"] == second.epoch != first.epoch
    assert json.loads(entry.body) == {"schema": 1, "reason": "foreign_tip", "lost": []}
    assert len(second.epoch) == 16
    assert second.locator == (second.head, first.head)
    UUID(entry.fields["operator"])
    assert hashlib.sha256(b"TP1-entry\n" + entry.header).hexdigest() == second.head

"""What is acknowledged is there: numbers, entries, rows, drafts, portraits, counts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from enumerator_app.domain.duplicates import blocking_keys
from enumerator_app.domain.errors import EntryTooLarge, NotCanonical, NotEnrolled, NumberUnknown
from enumerator_app.domain.journal import body_matches, entry_hash, from_line
from enumerator_app.domain.numbers import parse_number
from enumerator_app.domain.registration import Heir, body_of, registration_from_body
from enumerator_app.storage.connections import check_library
from enumerator_app.storage.engine import FileClosedError
from tests.storage.laptops import new_laptop, person, portrait, reopened


@pytest.fixture
def store(tmp_path):
    with new_laptop(tmp_path / "home") as store:
        yield store


def entries(store):
    return [from_line(line) for line in store.lines_after(None, max_bytes=2**30, max_entries=9999)]


def test_the_bundled_sqlite_has_no_known_way_to_lose_data():
    check_library()


def test_nothing_is_registered_before_an_office_gave_a_code(tmp_path):
    with new_laptop(tmp_path, enrolled=False) as store:
        with pytest.raises(NotEnrolled):
            store.register(person(1))
        with pytest.raises(NotEnrolled):
            store.identity()
        asked = store.pending_identity()
    with reopened(tmp_path) as store:
        again = store.pending_identity()
        assert again.device == asked.device == store.device
        assert again.signing_key.private_bytes_raw() == asked.signing_key.private_bytes_raw()


def test_a_save_is_read_back_whole_after_reopening(tmp_path):
    heirs = (Heir(id=uuid4(), name="Imas", relation="spouse", birth_year=1970),)
    original = person(1, heirs=heirs)
    with new_laptop(tmp_path) as store:
        saved = store.register(original)
    with reopened(tmp_path) as store:
        assert store.went_back is None
        found = store.record(saved.number)
        assert {**body_of(original), "number": saved.number} == body_of(found.registration)
        assert found.revision == saved.entry_hash
        assert store.find(saved.subject) == found
        assert store.find(str(saved.number).lower().replace("-", " ")) == found


def test_numbers_carry_office_device_serial_and_check_and_never_restart(tmp_path):
    numbers = []
    for _ in range(3):
        with new_laptop(tmp_path) if not numbers else reopened(tmp_path) as store:
            numbers += [store.register(person(len(numbers) + i)).number for i in range(2)]
    assert all(parse_number(number) == number for number in numbers)
    assert [number[:14] for number in numbers] == [f"3216-A07-{n:05d}" for n in range(1, 7)]


def test_entries_chain_from_the_enrolment_on_and_bodies_match(store):
    saved = store.register(person(1))
    store.correct(saved.subject, person(1, phone="081200000001"))
    store.withdraw(saved.subject, "salah orang")
    kept = entries(store)
    headers = [entry.fields for entry in kept]
    assert [h["kind"] for h in headers] == ["epoch_start", "register", "correct", "withdraw"]
    hashes = [entry_hash(entry.header) for entry in kept]
    assert [h["prev"] for h in headers] == [None, *hashes[:-1]]
    assert [h["seq"] for h in headers] == [1, 2, 3, 4]
    assert [h["base"] for h in headers] == [None, None, hashes[1], hashes[2]]
    assert all(body_matches(entry, entry.fields) for entry in kept)
    assert store.position().head == hashes[-1]
    assert {h["app"] for h in headers} != {""}


def test_the_body_carries_the_number_and_the_header_the_portrait(store):
    photo = portrait(1)
    saved = store.register(person(1), photo=photo)
    entry = entries(store)[-1]
    body = registration_from_body(__import__("json").loads(entry.body))
    assert body.model_extra == {"number": saved.number}
    assert body.photo == photo.sha256
    assert entry.fields["photos"] == [photo.sha256]
    assert store.photo(photo.sha256) == photo.jpeg
    assert store.thumbnail(photo.sha256) == photo.thumbnail


def test_the_same_subject_twice_is_one_person(store):
    subject = uuid7()
    first = store.register(person(1), subject=subject)
    again = store.register(person(1), subject=subject)
    assert (again.number, again.entry_hash, again.already) == (
        first.number, first.entry_hash, True,
    )  # fmt: skip
    assert store.counts().registrations == 1


def test_the_same_nik_twice_is_two_records_for_the_office_to_decide(store):
    one, two = store.register(person(1)), store.register(person(1))
    assert {p.number for p in store.near([f"k{person(1).nik}"])} == {one.number, two.number}


def test_content_of_a_file_is_known_again(store):
    saved = store.register(person(1), content_digest="d" * 64)
    assert store.already_holds("d" * 64) == saved.number
    assert store.already_holds("e" * 64) is None


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"address": "x" * 70_000}, EntryTooLarge),
        ({"name": "Siti\x00"}, NotCanonical),
        ({"name": "e\u0301"}, NotCanonical),
        ({"monthly_income": 2**53}, NotCanonical),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_number(store, fields, error):
    store.keep_draft("form", {"name": "Siti"})
    before = store.position()
    with pytest.raises(error) as refused:
        store.register(person(1, **fields), draft_id="form")
    assert not refused.value.data_safe
    assert store.position() == before
    assert len(store.drafts()) == 1
    assert str(store.register(person(1)).number).startswith("3216-A07-00001")


def test_a_draft_survives_until_the_save_that_it_became(tmp_path):
    photo = portrait(3)
    with new_laptop(tmp_path) as store:
        store.keep_draft("form-1", {"name": "Si"}, photo)
        store.keep_draft("form-1", {"name": "Siti", "heirs": [{"name": "Imas"}]})
        store.keep_draft("form-2", {"name": "Budi"})
    with reopened(tmp_path) as store:
        drafts = {draft.form_id: draft for draft in store.drafts()}
        assert drafts["form-1"].payload == {"name": "Siti", "heirs": [{"name": "Imas"}]}
        assert drafts["form-1"].photo == photo.sha256
        saved = store.register(person(1, photo=photo.sha256), draft_id="form-1")
        assert [draft.form_id for draft in store.drafts()] == ["form-2"]
        assert store.photo(photo.sha256) == photo.jpeg
        assert store.record(saved.subject).worker.photo == photo.sha256
        store.keep_draft("form-3", {}, portrait(4))
        store.drop_draft("form-3")
        assert store.photo(portrait(4).sha256) is None
        assert store.photo(photo.sha256) is not None


def test_a_correction_changes_the_row_keeps_the_number_and_what_a_newer_app_wrote(store):
    newer = registration_from_body({**body_of(person(1)), "blood_type": "O"})
    saved = store.register(newer)
    again = store.correct(saved.subject, person(1, name="Nama Baru Sekali"))
    record = store.record(saved.number)
    assert again.number == saved.number
    assert record.registration.name == "Nama Baru Sekali"
    assert record.registration.model_extra["blood_type"] == "O"
    assert [w.number for w in store.search("baru sek")] == [saved.number]
    assert store.search(person(1).name) == []
    with pytest.raises(NumberUnknown):
        store.correct(uuid4(), person(1))


def test_states_move_as_a_device_may_move_them(store):
    waiting = store.register(person(1, nik="", document_seen="none"))
    assert store.record(waiting.subject).worker.state == "waiting_nik"
    store.correct(waiting.subject, person(1))
    assert store.record(waiting.subject).worker.state == "registered"
    store.withdraw(waiting.subject, "pindah")
    assert store.record(waiting.subject).worker.state == "withdrawn"
    store.correct(waiting.subject, person(1))
    assert store.record(waiting.subject).worker.state == "withdrawn"


def test_papers_are_counted_and_journalled_all_or_none(store):
    one, two = (store.register(person(i)).subject for i in (1, 2))
    assert [w.subject for w in store.to_print("new")] == [one, two]
    with pytest.raises(NumberUnknown):
        store.mark_printed([one, uuid4()])
    assert store.counts().waiting_print == 2
    store.mark_printed([one])
    store.mark_printed([one], reason="hilang")
    worker = store.record(one).worker
    assert (worker.issue, worker.printed_kind, worker.printed) == (2, "provisional", True)
    assert [w.subject for w in store.to_print("new")] == [two]
    assert [w.subject for w in store.to_print("all")] == [one, two]
    assert [w.subject for w in store.to_print([worker.number])] == [one]
    with pytest.raises(NumberUnknown):
        store.to_print(["3216-A07-00009-AAAA"])
    printed = [e.detail for e in store.timeline(one) if e.kind == "card_printed"]
    assert printed == [
        {"card": "provisional", "issue": 1, "reason": ""},
        {"card": "provisional", "issue": 2, "reason": "hilang"},
    ]


def test_counts_and_days_are_those_of_what_was_saved(store):
    first_day = datetime(2026, 11, 22, 16, 59, tzinfo=UTC)  # 23.59 in West Java
    for i, minutes in enumerate((0, 1, 2)):
        store.register(person(i, registered_at=first_day + timedelta(minutes=minutes)))
    store.register(person(9, nik=""), photo=portrait(1))
    counts = store.counts()
    assert (counts.registrations, counts.pending, counts.received) == (4, 4, 0)
    assert counts.by_state == {"registered": 3, "waiting_nik": 1}
    assert counts.photos_pending == 1
    assert counts.entries_pending == 5  # with the start of the epoch
    days = {day.day: day.registrations for day in store.per_day()}
    assert days == {date(2026, 11, 22): 2, date(2026, 11, 23): 2}


def test_those_worth_comparing_share_a_key_with_somebody(store):
    born, village = date(1980, 5, 5), "3216060001"
    same_day = store.register(person(1, birth_date=born, village_code="3216060002"))
    neighbour = store.register(person(2, name="Karsih", village_code=village))
    store.register(person(3, birth_date=date(1971, 1, 1), village_code="3216060003"))
    asked = person(9, birth_date=born, village_code=village, name="Karsih Binti Ojo")
    assert {p.number for p in store.near(blocking_keys(asked))} == {
        same_day.number,
        neighbour.number,
    }
    assert store.near(()) == []
    half_typed = person(9, nik='32" OR', phone="0812 34", name="Kar-sih * NEAR(")
    assert isinstance(store.near(blocking_keys(half_typed)), list)


def test_a_corrected_person_is_found_by_what_stands_there_now(store):
    first = person(1, name="Karsih", birth_date=date(1971, 1, 1), phone="")
    changed = person(
        1, name="Sarmin", birth_date=date(1982, 2, 2), nik="3216014202820001", phone=""
    )
    saved = store.register(first)
    store.correct(saved.subject, changed)
    assert [p.number for p in store.near(blocking_keys(changed))] == [saved.number]
    assert store.near(blocking_keys(first)) == []


def test_eight_threads_save_at_once_and_every_number_is_given_once(store):
    start = threading.Barrier(8)

    def save(k):
        start.wait()
        return [store.register(person(100 * k + i)).number for i in range(25)]

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for part in pool.map(save, range(8)) for number in part]
    assert len(set(numbers)) == store.counts().registrations == 200
    assert store.doctor() == []


def test_the_doctor_is_not_confused_by_saves_going_on(store):
    stop = threading.Event()

    def save_on():
        i = 0
        while not stop.is_set():
            i += 1
            store.register(person(i), photo=portrait(i, 60_000))
        return i

    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(save_on)
        found = [store.doctor() for _ in range(5)]
        stop.set()
        assert saving.result() > 0
    assert found == [[]] * 5


def test_a_reader_is_refused_every_write(store):
    with store.read_session() as session, pytest.raises(Exception, match="readonly"):
        session.connection().exec_driver_sql("DELETE FROM registration")


def test_settings_and_documents_are_kept(tmp_path):
    with new_laptop(tmp_path) as store:
        store.set_setting("offset_x_mm", "1.5")
        store.keep_document("trust_list", b"{}")
    with reopened(tmp_path) as store:
        assert store.setting("offset_x_mm") == "1.5"
        assert store.setting("regency_name") == "Kabupaten Uji"
        assert store.setting("none") is None
        assert store.document("trust_list") == b"{}"
        assert store.document("none") is None


def test_a_clock_that_cannot_be_right_marks_the_entry_and_refuses_nothing(tmp_path):
    moment = [datetime(2026, 11, 23, tzinfo=UTC)]
    with new_laptop(tmp_path, now=lambda: moment[0]) as store:
        for year in (2026, 2019, 2046):
            moment[0] = moment[0].replace(year=year)
            store.register(person(year))
        store.sync_finished(office_time="2027-11-01T00:00:00.000Z", heads_agree=True)
        moment[0] = moment[0].replace(year=2027)
        store.register(person(1))
        store.sync_finished(office_time="2026-12-01T00:00:00.000Z", heads_agree=True)
        moment[0] = datetime(2026, 12, 2, tzinfo=UTC)  # the office's clock had been ahead
        store.register(person(2))
        marks = [entry.fields["clock"] for entry in entries(store)]
    assert marks == ["ok", "ok", "uncertain", "uncertain", "ok", "ok"]


def test_a_write_after_the_close_fails_instead_of_waiting_for_ever(tmp_path):
    store = new_laptop(tmp_path / "home")
    engine = store._file.engine
    store.close()
    future = engine.write(lambda _connection: None)
    with pytest.raises(FileClosedError):
        future.result(timeout=5)

"""The list by which papers are judged reaches every laptop whenever it says something new."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from enumerator_app.cards.seal import open_seal
from enumerator_app.cards.trust import read_trust_list
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.domain.journal import Entry
from sync.server.active_cards import reissue_card
from sync.server.cases import list_cases
from sync.server.deciding import Verdict, approve, decide_one, find_by_number
from sync.server.devices import revoke_device
from sync.server.errors import DecisionNotAllowed, IssuingKeyEnded
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.resolving.answering import Given, answer_case
from sync.server.resolving.officer import Officer
from sync.server.resolving.watching import refresh_if_copy_decided
from sync.server.standing import standing
from sync.server.trust import NAME, refresh_trust
from tests.server.laptops import Laptop, fields_of, nik
from tests.server.offices import KEYS_MADE


def announced(laptop: Laptop) -> list[str]:
    return [fields_of(item)["name"] for item in laptop.pull() if item["kind"] == "document"]


def fetched(laptop: Laptop):
    document = from_canonical(laptop.ask("GET", f"/v1/documents/{NAME}").body)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(laptop.issuing))
    return read_trust_list(document["list"].encode(), key)


def test_a_new_laptop_is_announced_to_those_that_are_there(new_laptop: Callable[[], Laptop]):
    one = new_laptop()
    one.pull()

    other = new_laptop()

    assert announced(one) == [NAME]
    assert {key.device_code for key in fetched(one).device_keys} >= {one.code, other.code}
    assert announced(other) == []  # its own enrolment brought the list


def test_a_revoked_laptop_is_announced_to_all_and_to_itself(
    office: Office, new_laptop: Callable[[], Laptop]
):
    one, other = new_laptop(), new_laptop()
    one.pull()

    revoke_device(office, other.code)

    assert announced(one) == [NAME]
    assert announced(other) == [NAME]
    assert [key.device_code for key in fetched(one).device_keys if key.revoked] == [other.code]


def test_papers_of_before_a_revocation_stay_good(office: Office, laptop: Laptop):
    for n in range(3):
        laptop.register(nik=nik(n + 1))
    laptop.push(laptop.journal)
    revoke_device(office, laptop.code)
    late = laptop.register(nik=nik(9))
    laptop.push([late])

    refresh_trust(office)

    (key,) = fetched(laptop).device_keys
    assert [key.still_vouches_for(serial) for serial in (1, 3, 4)] == [True, True, False]


def test_slips_of_a_copied_key_stop_where_the_copies_parted_until_the_office_decides(
    office: Office, laptop: Laptop
):
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    clone = laptop.copy()
    laptop.register(nik=nik(2))
    laptop.push(laptop.journal[-1:])
    clone.register(nik=nik(3))
    clone.counter = laptop.counter
    clone.push(clone.journal[-1:])
    laptop.counter = clone.counter

    assert announced(laptop) == [NAME]  # the batch that showed the copy made the list
    (key,) = fetched(laptop).device_keys
    assert (key.revoked, key.valid_serials_up_to) == (False, 1)

    began, (case,) = office.now(), list_cases(office, "copied_device")
    with office.database.writing() as connection:
        answer_case(office, connection, Officer("ratna", "Ratna"), Given(case["id"], "keep", 0))
    refresh_if_copy_decided(office, began)
    assert [key.valid_serials_up_to for key in fetched(laptop).device_keys] == [None]


def test_the_slips_of_a_copied_laptop_that_was_stopped_end_at_the_copy(
    office: Office, laptop: Laptop
):
    clone = laptop.copy()
    laptop.register(nik=nik(1))
    laptop.push(laptop.journal)
    clone.register(nik=nik(2))
    clone.counter = laptop.counter
    clone.push(clone.journal)
    revoke_device(office, laptop.code)

    laptop.counter = clone.counter
    (key,) = fetched(laptop).device_keys
    assert (key.revoked, key.valid_serials_up_to) == (True, 0)


def test_a_list_that_says_nothing_new_is_announced_once_a_week(office: Office, laptop: Laptop):
    laptop.pull()
    began = office.clock()

    refresh_trust(office)
    assert announced(laptop) == []

    for day in range(1, 9):
        office.clock = lambda day=day: began + timedelta(days=day)
        refresh_trust(office)
    assert announced(laptop) == [NAME]


def slip(laptop: Laptop, entry: Entry, issue: int, card: str = "provisional") -> Entry:
    body = {"card": card, "issue": issue, "reason": ""}
    return laptop.write("card_printed", body, subject=UUID(entry.fields["subject"]))


def number_of(entry: Entry) -> str:
    return str(from_canonical(entry.body or b"{}")["number"])


def test_a_slip_printed_again_supersedes_the_one_before_and_no_card(laptop: Laptop):
    once, twice, carded = (laptop.register(nik=nik(n + 1)) for n in range(3))
    for entry, issue in ((once, 1), (twice, 1), (twice, 2), (carded, 1)):
        slip(laptop, entry, issue)
    slip(laptop, carded, 2, "active")  # the same sealed card, printed a second time
    laptop.push(laptop.journal)

    assert announced(laptop) == [NAME]  # the list that the laptop is sent says it at once
    assert fetched(laptop).superseded == {number_of(twice): {"provisional": 2}}


def test_another_laptop_cannot_supersede_a_slip_that_is_not_its_own(
    new_laptop: Callable[[], Laptop],
):
    one, other = new_laptop(), new_laptop()
    entry = one.register()
    one.push(one.journal)
    slip(other, entry, 9)
    other.push(other.journal)
    assert fetched(one).superseded == {}


def test_a_person_who_is_enrolled_once_more_gets_a_newer_card(office: Office, laptop: Laptop):
    entry = laptop.register()
    laptop.push(laptop.journal)
    number = number_of(entry)
    cards = [enrolled(office, laptop, number, n) for n in range(2)]
    refresh_trust(office)

    trust = fetched(laptop)
    assert trust.superseded == {number: {"active": 2}}
    assert [open_seal(card, trust, trust.issued_on).word for card in cards] == [
        "superseded",
        "genuine",
    ]


def test_a_card_given_again_replaces_the_one_before_and_shows_the_corrected_name(
    office: Office, laptop: Laptop
):
    entry = laptop.register()
    laptop.push(laptop.journal)
    number = number_of(entry)
    with pytest.raises(DecisionNotAllowed):  # there is no card yet
        reissue_card(office, number, reason="hilang", officer="Ratna")
    old = enrolled(office, laptop, number, 1)
    body = {**from_canonical(entry.body or b"{}"), "name": "SITI AMINAH BARU"}
    subject = UUID(entry.fields["subject"])
    laptop.push(
        [laptop.write("correct", body, subject=subject, base=laptop.acknowledged[str(subject)])]
    )

    assert reissue_card(office, number, reason="hilang", officer="Ratna") == 2
    refresh_trust(office)

    notice = next(n for n in reversed(laptop.pull()) if n["kind"] == "decision")
    new, trust = str(fields_of(notice)["card"]), fetched(laptop)
    verdicts = [open_seal(card, trust, trust.issued_on) for card in (old, new)]
    assert [verdict.word for verdict in verdicts] == ["superseded", "genuine"]
    assert verdicts[1].claims is not None
    assert verdicts[1].claims.short_name == "SITI AMINAH"
    assert (verdicts[1].claims.issue, fields_of(notice)["reason"]) == (2, "hilang")
    assert fields_of(notice)["state"] == "enrolled"


def enrolled(office: Office, laptop: Laptop, number: str, n: int) -> str:
    """Bring a person to the insurer and back, and return the card that came down."""
    record = find_by_number(office, number)
    if record.state == "enrolled":
        for decision in ("ended", "registered"):
            decide_one(office, Verdict(record.id, decision), officer="Ratna", actor="officer")
    approve(office, officer="Ratna")
    export_to_insurer(office, office.home.path / f"list{n}.xlsx", officer="Ratna")
    today = day_in_wib(office.clock())
    reply = ReplyRow(
        place=2, number=number, nik="", status="accepted", kpj="26000000001", reason=""
    )
    cover = Cover(today, today + timedelta(days=90))
    assert import_from_insurer(office, [reply], cover, officer="Ratna").accepted == 1
    return str(fields_of(laptop.pull()[-1])["card"])


def test_a_withdrawn_number_is_on_the_list_as_soon_as_the_office_has_it(laptop: Laptop):
    entry = laptop.register()
    laptop.push(laptop.journal)
    assert fetched(laptop).revoked == frozenset()
    gone = laptop.write(
        "withdraw", {"reason": "pindah"}, subject=UUID(entry.fields["subject"]), base=entry.hash
    )
    laptop.push([gone])
    assert fetched(laptop).revoked == {number_of(entry)}


def test_a_server_that_runs_for_weeks_keeps_its_list_young(office: Office, laptop: Laptop):
    began = office.clock()
    for day in (0, 8, 16, 40):
        office.clock = lambda day=day: began + timedelta(days=day)
        laptop.hello()
    assert fetched(laptop).issued_on == day_in_wib(office.clock())


def test_a_hello_looks_at_the_list_once_a_day_and_no_more(office: Office, laptop: Laptop):
    laptop.hello()
    written = office.home.trust_file.stat().st_mtime_ns
    for _ in range(3):
        laptop.hello()
    assert office.home.trust_file.stat().st_mtime_ns == written  # each look replaces the file


def test_no_card_is_sealed_after_the_issuing_keys_last_day(office: Office, laptop: Laptop):
    laptop.register()
    laptop.push(laptop.journal)
    office.clock = lambda: KEYS_MADE + timedelta(days=3 * 365 + 1)
    with pytest.raises(IssuingKeyEnded):
        import_from_insurer(office, [], Cover(date(2030, 1, 1), date(2030, 2, 1)), officer="R")
    key = standing(office)["issuing_key"]
    assert (key["days_left"], key["rotate"]) == (-1, True)

"""The drill of a change of the issuing key: a real server process, a real laptop's file."""

import contextlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from enumerator_app.cards.base45 import from_base45
from enumerator_app.cards.claims import decode_claims
from enumerator_app.cards.seal import PREFIX, open_seal, seal
from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.verifying import laptop_trust, read_office_key
from sync.protocol.signing import private_key
from sync.server.deciding import approve
from sync.server.home import Home
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import open_office
from tests import processes
from tests.storage.laptops import person
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced

VILLAGE = "3216132001"


def today() -> date:
    return day_in_wib(datetime.now(UTC))


@pytest.fixture
def office(tmp_path):
    office = founded(tmp_path)
    office.start()
    yield office
    office.stop()


@pytest.fixture
def laptop(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
        yield store


def carded(office, store, n):
    """Register a person, bring the office's card for them here, and return its code."""
    born = date(1980, 1, 1) + timedelta(days=n)
    saved = store.register(person(n, village_code=VILLAGE, photo=None, birth_date=born))
    really_synced(store)
    opened = open_office(Home(office.home), None)
    try:
        approve(opened, officer="Ratna")
        export_to_insurer(opened, office.home.parent / f"list{n}.xlsx", officer="Ratna")
        cover = Cover(today() - timedelta(days=1), today() + timedelta(days=200))
        reply = ReplyRow(
            place=2, number=str(saved.number), nik="", status="accepted",
            kpj=f"260000000{n:02d}", reason="",
        )  # fmt: skip
        assert import_from_insurer(opened, [reply], cover, officer="Ratna").accepted == 1
    finally:
        opened.close()
    assert really_synced(store).heads_agree
    return code_of(store, saved.subject)


def code_of(store, subject: UUID):
    (worker,) = store.workers([subject])
    assert worker.card is not None
    return worker.card


def rotated(office, *options):
    port = office.stop()
    answer = office.ask("keys", "rotate", *options)
    office.start(port)
    return answer


def words(codes, trust):
    return [open_seal(code, trust, today()).word for code in codes]


def reasons(codes, trust):
    return [open_seal(code, trust, today()).reason.rsplit(".", 1)[-1] for code in codes]


def issuing_file(office):
    return json.loads((office.home / "issuing_key.json").read_text())


def dated(code, key, kid, issued_on):
    """The same card, sealed by `key` as if issued on another day."""
    payload = from_base45(code.removeprefix(PREFIX))[19:-66]
    claims = replace(decode_claims(payload), issued_on=issued_on)
    return seal(claims, key, kid)


def test_cards_of_every_key_stay_genuine_and_an_ended_key_seals_nothing_more(office, laptop):
    codes = [carded(office, laptop, 1)]
    first = issuing_file(office)
    serving = processes.run(
        office._line("keys", "rotate"), capture_output=True, text=True, check=False
    )
    assert serving.returncode == 8  # a serving process would go on with the old key

    assert office.ask("status")["issuing_key"]["days_left"] == 3 * 365
    for n, options in ((2, ()), (3, ("--old-until", today().isoformat()))):
        before = issuing_file(office)["certificate"]["kid"]
        answer = rotated(office, *options)
        assert answer["old_kid"] == before
        codes.append(carded(office, laptop, n))  # its syncs believe the new key through the root

    for trust in (
        laptop_trust(laptop),
        read_office_key(office.home / "office_key.json").trust_list(),
    ):
        assert words(codes, trust) == ["genuine"] * 3
        assert len(trust.office_keys) == 3
    kids = {from_base45(code.removeprefix(PREFIX))[8:16] for code in codes}
    assert len(kids) == 3

    old, kid = private_key(bytes.fromhex(first["private"])), first["certificate"]["kid"]
    late = dated(codes[0], old, kid, today() + timedelta(days=1))
    early = dated(codes[0], old, kid, today() - timedelta(days=1))
    assert reasons([late, early], laptop_trust(laptop)) == ["outside_key_dates"] * 2
    assert office.ask("verify") == {"ok": True, "problems": []}
    assert [key["signs"] for key in office.ask("keys", "list")["keys"]] == [False, False, True]

    changed = []

    def change_once(progress):
        if progress.stage != "hello" and not changed:
            changed.append(rotated(office))

    laptop.register(person(9, village_code=VILLAGE, photo=None))
    assert really_synced(laptop, report=change_once).heads_agree
    assert len(changed) == 1  # the key changed between two requests of one sync


def test_an_office_put_back_from_before_a_change_of_keys_still_proves_both(
    office, laptop, tmp_path
):
    codes = [carded(office, laptop, 1)]
    copy = tmp_path / "copy"
    office.ask("backup", copy)
    rotated(office)
    codes.append(carded(office, laptop, 2))
    port = office.stop()
    elsewhere = replace(office, home=tmp_path / "again" / "office", process=None)

    # In its own home the new key is there, and the database speaks of the old one alone.
    office.ask("restore", copy)
    office.start(port)
    assert really_synced(laptop).heads_agree
    assert words(codes, laptop_trust(laptop)) == ["genuine"] * 2
    assert office.ask("verify")["ok"]
    office.stop()

    # On another machine only the old key came back: the laptop shows the certificate of the other.
    elsewhere.home.mkdir(parents=True)
    elsewhere.ask("restore", copy)
    elsewhere.start(port)
    try:
        assert really_synced(laptop).heads_agree
        assert elsewhere.ask("verify")["ok"]
        assert elsewhere.ask("status")["by_state"] == {"enrolled": 2}
        assert words(codes, laptop_trust(laptop)) == ["genuine"] * 2
        assert len(elsewhere.ask("keys", "list")["keys"]) == 2
    finally:
        elsewhere.stop()

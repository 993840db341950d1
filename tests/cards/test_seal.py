from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import cbor2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSE, COSEKey
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.cards import seal as seal_module
from enumerator_app.cards.base45 import from_base45, to_base45
from enumerator_app.cards.claims import decode_claims
from enumerator_app.cards.seal import PREFIX, STALE_AFTER_DAYS, open_seal
from enumerator_app.domain.numbers import registration_number
from enumerator_app.texts import catalogue
from sync.protocol.signing import key_id, public_hex

TODAY = date(2026, 11, 22)
REFUSALS = {"not_genuine", "unknown_key"}


def test_a_provisional_paper_is_genuine_and_never_said_to_be_covered(office):
    verdict = open_seal(office.seal(office.claims()), office.trust, TODAY)
    assert (verdict.word, verdict.reason) == ("genuine", "cards.verdict.recorded")
    assert verdict.claims == office.claims()
    assert "belum dijamin" in verdict.sentence("id")
    assert "not yet covered" in verdict.sentence("en")


def test_an_active_card_is_genuine_and_says_until_when(office):
    verdict = open_seal(office.seal(office.claims(kind="active")), office.trust, TODAY)
    assert (verdict.word, verdict.reason) == ("genuine", "cards.verdict.covered")
    assert "31-10-2027" in verdict.sentence("id")


def test_cover_that_begins_tomorrow_is_said_to_begin_tomorrow(office):
    claims = office.claims(kind="active", cover_from=TODAY + timedelta(days=1))
    verdict = open_seal(office.seal(claims), office.trust, TODAY)
    assert verdict.reason == "cards.verdict.not_begun"
    assert "baru mulai 23-11-2026" in verdict.sentence("id")


def test_another_cose_library_reads_the_seal(office):
    claims = office.claims()
    raw = from_base45(office.seal(claims).removeprefix(PREFIX))
    public = bytes.fromhex(public_hex(office.laptop))
    kid = bytes.fromhex(key_id(public.hex()))
    key = COSEKey.new({1: 1, 3: -8, -1: 6, -2: public, 2: kid})
    payload = COSE.new().decode(raw, key, external_aad=b"TP1-card\n")
    assert decode_claims(payload) == claims


def test_a_seal_of_another_cose_library_is_read(office):
    claims = office.claims()
    raw_key = bytes.fromhex(public_hex(office.laptop))
    kid = bytes.fromhex(key_id(raw_key.hex()))
    secret = office.laptop.private_bytes_raw()
    key = COSEKey.new({1: 1, 3: -8, -1: 6, -2: raw_key, -4: secret, 2: kid})
    payload = cbor2.loads(from_base45(office.seal(claims).removeprefix(PREFIX))).value[2]
    made = COSE.new().encode_and_sign(
        payload, key, protected={1: -8, 4: kid}, external_aad=b"TP1-card\n"
    )
    assert open_seal(PREFIX + to_base45(made), office.trust, TODAY).claims == claims


@pytest.mark.parametrize("kind", ["provisional", "active"])
def test_the_code_of_a_long_name_stays_within_53_modules(office, kind):
    text = office.seal(office.claims(99_999, "MUHAMMADABDURRAHMAN", kind, issue=999))
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    assert len(text) <= 250
    assert code.to_image(scale=1, add_quiet_zones=False).shape[0] <= 53


def _some_seals(office):
    kinds = ("provisional", "active")
    return [
        office.seal(office.claims(serial, f"NAMA KE {serial}", kinds[serial % 2]))
        for serial in range(1, 5)
    ]


def _flips(text):
    raw = from_base45(text.removeprefix(PREFIX))
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << (bit % 8)
        yield PREFIX + to_base45(bytes(changed))


def test_every_single_bit_flip_of_four_cards_is_refused(office):
    tried = 0
    for text in _some_seals(office):
        assert open_seal(text, office.trust, TODAY).is_accepted
        for changed in _flips(text):
            verdict = open_seal(changed, office.trust, TODAY)
            assert verdict.word in REFUSALS
            assert verdict.claims is None
            tried += 1
    assert tried > 4_000


def test_control_without_the_canonical_check_flips_are_accepted(office, monkeypatch):
    monkeypatch.setattr(seal_module, "_is_canonical", lambda _frame, _raw: True)
    text = office.seal(office.claims())
    accepted = [open_seal(changed, office.trust, TODAY).is_accepted for changed in _flips(text)]
    assert sum(accepted) > 50


def test_every_changed_character_is_refused(office):
    text = office.seal(office.claims())
    for place in range(len(text)):
        for other in "0A$:a\n":
            changed = text[:place] + other + text[place + 1 :]
            if changed.strip("\r\n\t") != text:
                assert not open_seal(changed, office.trust, TODAY).is_accepted


@given(st.data())
def test_no_mutation_is_accepted_or_raises(office, data):
    text = office.seal(office.claims())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 6)))
        middle = data.draw(st.text(max_size=5))
        text = text[:start] + middle + text[end:]
    verdict = open_seal(text, office.trust, TODAY)
    assert verdict.is_accepted is (text.strip("\r\n\t") == office.seal(office.claims()))
    assert verdict.sentence()


@given(st.binary(max_size=300))
def test_no_noise_is_accepted_or_raises(office, raw):
    assert not open_seal(PREFIX + to_base45(raw), office.trust, TODAY).is_accepted
    assert not open_seal(raw.decode("latin-1"), office.trust, TODAY).is_accepted


def test_a_wedge_scanner_may_end_with_a_line_break(office):
    text = office.seal(office.claims())
    assert open_seal(f"{text}\r\n", office.trust, TODAY).is_accepted


@pytest.mark.parametrize(
    "text", ["", "TP1:", "HC1:ABC", "tp1:ABC", "https://example.org", "A" * 9999]
)
def test_other_codes_are_said_to_be_other_codes(office, text):
    verdict = open_seal(text, office.trust, TODAY)
    assert verdict.word == "not_genuine"
    assert verdict.reason in {"cards.verdict.other_code", "cards.verdict.malformed"}


def test_a_laptop_that_claims_cover_is_refused_with_its_own_sentence(office):
    verdict = open_seal(
        office.seal(office.claims(kind="active"), office.laptop), office.trust, TODAY
    )
    assert (verdict.word, verdict.reason) == ("not_genuine", "cards.verdict.laptop_claims_cover")
    assert verdict.claims is None
    assert "laptop" in verdict.sentence("id")


def test_the_office_key_does_not_seal_provisional_papers(office):
    verdict = open_seal(office.seal(office.claims(), office.office_key), office.trust, TODAY)
    assert verdict.reason == "cards.verdict.office_sealed_provisional"
    assert not verdict.is_accepted


def test_a_key_that_nobody_knows(office):
    text = office.seal(office.claims(), Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    verdict = open_seal(text, office.trust, TODAY)
    assert (verdict.word, verdict.claims) == ("unknown_key", None)


def test_a_key_id_of_a_known_key_over_a_foreign_signature(office):
    kid = key_id(public_hex(office.laptop))
    foreign = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    verdict = open_seal(seal_module.seal(office.claims(), foreign, kid), office.trust, TODAY)
    assert (verdict.word, verdict.reason) == ("not_genuine", "cards.verdict.altered")


def test_a_card_of_another_regency(office):
    number = registration_number(regency="3217", device_code="A07", serial=42, subject=UUID(int=5))
    for claims in (
        office.claims(number=number, district="321701"),
        office.claims(district="321701"),
        office.claims(number=number),
    ):
        verdict = open_seal(office.seal(claims), office.trust, TODAY)
        assert (verdict.word, verdict.claims) == ("other_office", None)


def test_a_number_of_another_laptop_is_refused(office):
    verdict = open_seal(office.seal(office.claims(), office.other_laptop), office.trust, TODAY)
    assert (verdict.word, verdict.reason) == ("not_genuine", "cards.verdict.foreign_serial")


def test_a_serial_outside_the_laptops_range_is_refused(office):
    first, second = office.trust.device_keys
    trust = replace(
        office.trust, device_keys=(replace(first, serial_from=43, serial_to=90), second)
    )
    for serial, word in (
        (42, "not_genuine"),
        (43, "genuine"),
        (90, "genuine"),
        (91, "not_genuine"),
    ):
        assert open_seal(office.seal(office.claims(serial)), trust, TODAY).word == word


def test_a_stopped_laptop(office):
    first, second = office.trust.device_keys
    stopped = replace(first, revoked=True, valid_serials_up_to=41)
    trust = replace(office.trust, device_keys=(stopped, second))
    assert open_seal(office.seal(office.claims(41)), trust, TODAY).word == "genuine"
    verdict = open_seal(office.seal(office.claims(42)), trust, TODAY)
    assert (verdict.word, verdict.reason) == ("revoked", "cards.verdict.device_stopped")


def test_an_office_key_seals_only_within_its_dates(office):
    claims = office.claims(kind="active", issued_on=date(2027, 1, 1))
    verdict = open_seal(office.seal(claims), office.trust, date(2027, 1, 2))
    assert (verdict.word, verdict.reason) == ("not_genuine", "cards.verdict.outside_key_dates")


def test_a_revoked_number(office):
    claims = office.claims()
    trust = replace(office.trust, revoked=frozenset({claims.number}))
    verdict = open_seal(office.seal(claims), trust, TODAY)
    assert (verdict.word, verdict.claims) == ("revoked", claims)


def test_a_superseded_issue(office):
    trust = replace(office.trust, superseded={office.claims().number: {"provisional": 2}})
    assert open_seal(office.seal(office.claims()), trust, TODAY).word == "superseded"
    assert open_seal(office.seal(office.claims(issue=2)), trust, TODAY).word == "genuine"


@pytest.mark.parametrize("kind", ["provisional", "active"])
def test_a_card_counts_on_its_last_day_and_not_after_it(office, kind):
    claims = office.claims(kind=kind)
    trust = replace(office.trust, issued_on=claims.expires_on)
    after = claims.expires_on + timedelta(days=1)
    assert open_seal(office.seal(claims), trust, claims.expires_on).word == "genuine"
    verdict = open_seal(office.seal(claims), trust, after)
    assert (verdict.word, verdict.reason) == ("expired", f"cards.verdict.expired_{kind}")


def test_a_clock_in_the_past_does_not_bring_an_expired_card_back(office):
    claims = office.claims()
    trust = replace(office.trust, issued_on=claims.expires_on + timedelta(days=1))
    verdict = open_seal(office.seal(claims), trust, date(2019, 1, 1))
    assert (verdict.word, verdict.list_age_days) == ("expired", 0)


def test_an_old_list_is_said_and_still_refuses_what_it_knows(office):
    late = TODAY + timedelta(days=STALE_AFTER_DAYS + 1)
    fresh_enough = TODAY + timedelta(days=STALE_AFTER_DAYS)
    text = office.seal(office.claims())
    assert open_seal(text, office.trust, fresh_enough).word == "genuine"
    verdict = open_seal(text, office.trust, late)
    assert (verdict.word, verdict.is_accepted) == ("stale_list", True)
    assert f"{STALE_AFTER_DAYS + 1} hari" in verdict.sentence("id")
    trust = replace(office.trust, revoked=frozenset({office.claims().number}))
    assert open_seal(text, trust, late).word == "revoked"


def test_every_verdict_has_its_sentence_in_both_languages(office):
    verdict = open_seal(office.seal(office.claims(kind="active")), office.trust, TODAY)
    reasons = [key for key in catalogue() if key.startswith("cards.verdict.")]
    sentences = {
        replace(verdict, reason=reason).sentence(language)
        for reason in reasons
        for language in ("id", "en")
    }
    assert len(sentences) == 2 * len(reasons)
    assert not any("{" in sentence for sentence in sentences)

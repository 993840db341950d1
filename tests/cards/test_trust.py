from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.cards.trust import (
    DeviceKey,
    TrustListRefused,
    read_trust_list,
    sign_trust_list,
)
from enumerator_app.domain.canonical import canonical_bytes, from_canonical


def test_a_signed_list_comes_back_whole(office):
    trust = replace(
        office.trust,
        revoked=frozenset({"3216-A07-00042-K7QC", "3216-A07-00001-AAAA"}),
        superseded={"3216-A07-00007-AAAA": {"provisional": 3, "active": 2}},
    )
    raw = sign_trust_list(trust, office.root)
    assert read_trust_list(raw, office.root.public_key()) == trust


def test_the_same_list_has_one_file(office):
    assert sign_trust_list(office.trust, office.root) == sign_trust_list(office.trust, office.root)


def test_another_root_is_refused(office):
    raw = sign_trust_list(office.trust, Ed25519PrivateKey.generate())
    with pytest.raises(TrustListRefused) as refused:
        read_trust_list(raw, office.root.public_key())
    assert refused.value.parameters == {"reason": "signature"}


def test_every_changed_byte_is_refused(office):
    raw = sign_trust_list(office.trust, office.root)
    root = office.root.public_key()
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(TrustListRefused):
            read_trust_list(bytes(changed), root)


def test_the_same_content_written_otherwise_is_refused(office):
    raw = sign_trust_list(office.trust, office.root)
    with pytest.raises(TrustListRefused):
        read_trust_list(raw.replace(b",", b", ", 1), office.root.public_key())
    with pytest.raises(TrustListRefused):
        read_trust_list(raw + b"\n", office.root.public_key())


def test_nothing_unsigned_may_stand_beside_the_list(office):
    document = from_canonical(sign_trust_list(office.trust, office.root))
    with pytest.raises(TrustListRefused):
        read_trust_list(canonical_bytes(document | {"more": 1}), office.root.public_key())


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"null", b'{"list":{},"signature":""}', b"\xff"]
)
def test_noise_is_refused(office, raw):
    with pytest.raises(TrustListRefused):
        read_trust_list(raw, office.root.public_key())


@pytest.mark.parametrize(
    "change",
    [
        {"office_keys": [{"kid": "00"}]},
        {"issued_on": "yesterday"},
        {"extra": 1},
    ],
)
def test_a_signed_list_of_another_form_is_refused(office, change):
    content = from_canonical(sign_trust_list(office.trust, office.root))["list"] | change
    signature = office.root.sign(b"TP1-list\n" + canonical_bytes(content)).hex()
    raw = canonical_bytes({"list": content, "signature": signature})
    with pytest.raises(TrustListRefused) as refused:
        read_trust_list(raw, office.root.public_key())
    assert refused.value.parameters == {"reason": "form"}


def test_a_signature_for_another_use_does_not_count(office):
    content = from_canonical(sign_trust_list(office.trust, office.root))["list"]
    signature = office.root.sign(b"TP1-revision\n" + canonical_bytes(content)).hex()
    raw = canonical_bytes({"list": content, "signature": signature})
    with pytest.raises(TrustListRefused):
        read_trust_list(raw, office.root.public_key())


def test_sixty_laptops_fit_on_any_stick(office):
    key = office.trust.device_keys[0]
    laptops = tuple(replace(key, device_code=f"A{n:02}", kid=f"{n:016x}") for n in range(60))
    raw = sign_trust_list(replace(office.trust, device_keys=laptops), office.root)
    assert len(raw) < 20_000


@pytest.mark.parametrize(
    ("revoked", "cap", "serial", "vouches"),
    [
        (False, None, 900, True),
        (True, None, 1, False),
        (True, 40, 40, True),
        (True, 40, 41, False),
        (False, 40, 41, False),
    ],
)
def test_a_stopped_laptop_vouches_only_for_what_the_office_says(
    office, revoked, cap, serial, vouches
):
    key = replace(office.trust.device_keys[0], revoked=revoked, valid_serials_up_to=cap)
    assert isinstance(key, DeviceKey)
    assert key.still_vouches_for(serial) is vouches


def test_the_list_of_a_day_is_dated(office):
    assert office.trust.issued_on == date(2026, 11, 22)

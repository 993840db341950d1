"""Codes that both verifiers must judge alike: genuine ones, each refusal, and many mutations."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.cards.base45 import from_base45, to_base45
from enumerator_app.cards.claims import CardClaims, encode_claims, short_name
from enumerator_app.cards.office_trust import OfficeTrust
from enumerator_app.cards.seal import PREFIX, seal
from enumerator_app.cards.trust import DeviceKey, OfficeKey, TrustList, sign_trust_list
from enumerator_app.domain.numbers import registration_number
from sync.protocol.signing import IssuingKey, certify, key_id, public_hex

TODAY = date(2026, 11, 22)
REGENCY = "3216"
ROOT, OLD_ISSUING, ISSUING, LAPTOP, STOPPED, LOST, STRANGER, COPIED = (
    Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 9)
)
OFFICE = "0192f0c1-0000-7000-8000-000000000001"


def kid(key: Ed25519PrivateKey) -> str:
    return key_id(public_hex(key))


def number(serial: int, device: str = "A07", regency: str = REGENCY) -> str:
    subject = UUID(int=serial * 7_919 + 1)
    return registration_number(regency=regency, device_code=device, serial=serial, subject=subject)


REVOKED, REPRINTED, RECARDED = number(900), number(901), number(902)


def trust_list(issued_on: date = TODAY, **changes: Any) -> TrustList:
    office_key = {"not_before": date(2026, 6, 1), "not_after": date(2029, 5, 31)}
    old_key = {"not_before": date(2023, 6, 1), "not_after": date(2026, 6, 1)}
    made = TrustList(
        office=OFFICE,
        regency=REGENCY,
        issued_on=issued_on,
        version=7,
        office_keys=tuple(
            OfficeKey(kid=kid(key), public_key=public_hex(key), **dates)
            for key, dates in ((OLD_ISSUING, old_key), (ISSUING, office_key))
        ),
        device_keys=tuple(
            DeviceKey(
                kid=kid(key), device_code=code, public_key=public_hex(key), serial_from=1,
                serial_to=last, revoked=revoked, valid_serials_up_to=cap,
            )
            for key, code, last, revoked, cap in (
                (LAPTOP, "A07", None, False, None),
                (STOPPED, "A08", 500, True, 41),
                (LOST, "A09", None, True, None),
                (COPIED, "A10", None, False, 41),
            )
        ),
        revoked=frozenset({REVOKED}),
        superseded={REPRINTED: {"provisional": 2}, RECARDED: {"provisional": 3, "active": 2}},
    )  # fmt: skip
    return replace(made, **changes)


def trust_of(made: TrustList, issuer: Ed25519PrivateKey = ISSUING) -> OfficeTrust:
    """What the office's key file says of such a list."""
    certificate = certify(
        ROOT,
        IssuingKey(
            kid=kid(issuer), public_key=public_hex(issuer), office=OFFICE,
            not_before="2026-06-01T00:00:00.000Z", not_after="2029-05-31T16:59:59.000Z",
        ),
    )  # fmt: skip
    document = {"certificate": certificate, "list": sign_trust_list(made, issuer).decode()}
    return OfficeTrust(public_hex(ROOT), document)


def claims(serial: int = 42, name: str = "Siti Maemunah", kind: str = "provisional", **changes):
    active = kind == "active"
    made = CardClaims(
        number=number(serial), issue=1, kind=kind, district="321613",
        short_name=short_name(name), birth_year=1974, photo_prefix="a1b2c3d4",
        cover_from=date(2026, 11, 1) if active else None,
        cover_to=date(2027, 10, 31) if active else None,
        issued_on=TODAY, expires_on=date(2027, 10, 31) if active else date(2027, 5, 22),
    )  # fmt: skip
    return replace(made, **changes)


def sealed(made: CardClaims, key: Ed25519PrivateKey | None = None) -> str:
    key = key or (ISSUING if made.kind == "active" else LAPTOP)
    return seal(made, key, kid(key))


def sealed_payload(payload: bytes, key: Ed25519PrivateKey = LAPTOP) -> str:
    """A right seal over any claims: what only a key holder could make."""
    protected = cbor2.dumps({1: -8, 4: bytes.fromhex(kid(key))})
    signed = cbor2.dumps(["Signature1", protected, b"TP1-card\n", payload])
    return PREFIX + to_base45(
        cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, key.sign(signed)]))
    )


@dataclass(frozen=True)
class Case:
    name: str
    code: str
    word: str
    reason: str


def table() -> list[Case]:
    """One code, at least, for each answer that a verifier can give by a list of today."""
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    active = claims(kind="active")
    over = {"expires_on": yesterday, "issued_on": date(2026, 7, 1)}
    own = sealed(claims())
    rows: list[tuple[str, str, str, str]] = [
        ("slip", own, "genuine", "recorded"),
        ("slip without photo and year", sealed(claims(photo_prefix="", birth_year=None)),
         "genuine", "recorded"),
        ("name in another script", sealed(claims(name="Ñáéí Öü")), "genuine", "recorded"),
        ("card", sealed(active), "genuine", "covered"),
        ("card of tomorrow", sealed(replace(active, cover_from=tomorrow)), "genuine", "not_begun"),
        ("card of the old key", sealed(replace(active, issued_on=date(2026, 5, 2)), OLD_ISSUING),
         "genuine", "covered"),
        ("last slip of a stopped laptop", sealed(claims(41, number=number(41, "A08")), STOPPED),
         "genuine", "recorded"),
        ("newest slip", sealed(claims(901, issue=2)), "genuine", "recorded"),
        ("newest card", sealed(replace(active, number=RECARDED, issue=2)), "genuine", "covered"),
        ("scanner's line break", f"{own}\r\n", "genuine", "recorded"),
        ("other code", "https://example.org/a", "not_genuine", "other_code"),
        ("no code", "", "not_genuine", "other_code"),
        ("small letters", own.lower(), "not_genuine", "other_code"),
        ("too long", own + "A" * 400, "not_genuine", "other_code"),
        ("only the prefix", PREFIX, "not_genuine", "malformed"),
        ("cut", own[:-3], "not_genuine", "malformed"),
        ("claims in another form", sealed_payload(encode_claims(claims()) + b"\x00"),
         "not_genuine", "malformed"),
        ("foreign signature", seal(claims(), STRANGER, kid(LAPTOP)), "not_genuine", "altered"),
        ("key nobody knows", sealed(claims(), STRANGER), "unknown_key", "unknown_key"),
        ("other regency", sealed(claims(number=number(42, regency="3217"), district="321701")),
         "other_office", "other_office"),
        ("laptop claims cover", sealed(active, LAPTOP), "not_genuine", "laptop_claims_cover"),
        ("office seals a slip", sealed(claims(), ISSUING), "not_genuine",
         "office_sealed_provisional"),
        ("old key after its end", sealed(replace(active, issued_on=date(2026, 6, 2)), OLD_ISSUING),
         "not_genuine", "outside_key_dates"),
        ("new key before its time", sealed(replace(active, issued_on=date(2026, 5, 31))),
         "not_genuine", "outside_key_dates"),
        ("number of another laptop", sealed(claims(number=number(42, "B01"))), "not_genuine",
         "foreign_serial"),
        ("serial beyond its range", sealed(claims(number=number(501, "A08")), STOPPED),
         "not_genuine", "foreign_serial"),
        ("slip after the stop", sealed(claims(number=number(42, "A08")), STOPPED), "revoked",
         "device_stopped"),
        ("slip of a lost laptop", sealed(claims(number=number(1, "A09")), LOST), "revoked",
         "device_stopped"),
        ("slip after the copy", sealed(claims(42, number=number(42, "A10")), COPIED), "revoked",
         "device_copied"),
        ("withdrawn number", sealed(claims(900)), "revoked", "revoked"),
        ("replaced slip", sealed(claims(901)), "superseded", "superseded"),
        ("replaced card", sealed(replace(active, number=RECARDED)), "superseded", "superseded"),
        ("slip out of date", sealed(claims(**over)), "expired", "expired_provisional"),
        ("card out of date", sealed(replace(active, **over, cover_from=date(2026, 7, 1),
         cover_to=yesterday)), "expired", "expired_active"),
    ]  # fmt: skip
    return [Case(*row) for row in rows]


def variations(count: int, seed: int = 1) -> Iterator[str]:
    """Right seals over any claims, by any key: most of what a thief of a key could make."""
    dice = random.Random(seed)
    for _ in range(count):
        active, serial = dice.random() < 0.5, dice.choice((1, 41, 42, 500, 501, 900, 901, 902))
        start = TODAY + timedelta(days=dice.randint(-400, 400))
        last = start + timedelta(days=dice.randint(0, 500))
        made = claims(
            serial, kind="active" if active else "provisional",
            number=number(serial, dice.choice(("A07", "A07", "A08", "A09", "B100"))),
            issue=dice.randint(1, 3), issued_on=start, expires_on=last,
            cover_from=start if active else None, cover_to=last if active else None,
            birth_year=dice.choice((None, 1880, 2200)), photo_prefix=dice.choice(("", "00ff00ff")),
            district=dice.choice(("321613", "321613", "321613", "321701")),
        )  # fmt: skip
        yield sealed(made, dice.choice((None, None, LAPTOP, STOPPED, LOST, OLD_ISSUING, STRANGER)))


def mutations(count: int, seed: int = 1) -> Iterator[str]:
    """Broken codes, by structure: bits, CBOR, lengths, tags, base45, Unicode, splices."""
    dice = random.Random(seed)
    originals = sorted({case.code.strip("\r\n") for case in table() if case.word == "genuine"})
    for n in range(count):
        mutate = _MUTATORS[n % len(_MUTATORS)]
        made = mutate(dice, dice.choice(originals))
        while made in originals:  # what was put in its place was there already
            made = mutate(dice, dice.choice(originals))
        yield made


def _raw(code: str) -> bytearray:
    return bytearray(from_base45(code.removeprefix(PREFIX)))


def _written(raw: bytes) -> str:
    return PREFIX + to_base45(bytes(raw))


def _bits(dice: random.Random, code: str) -> str:
    raw = _raw(code)
    for _ in range(dice.randint(1, 4)):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return _written(raw) if _written(raw) != code else _cut(dice, code)


def _cut(dice: random.Random, code: str) -> str:
    raw = _raw(code)
    return _written(raw[: dice.randrange(len(raw))])


def _lengths(dice: random.Random, code: str) -> str:
    """A head that promises up to 2^64 bytes, put somewhere."""
    raw, at = _raw(code), dice.choice((0, 1, 2, 16, 17, 19, dice.randrange(120)))
    size = dice.choice((1, 2, 4, 8))
    head = bytes([dice.randrange(8) << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]])
    raw[at : at + 1] = head + dice.choice((b"\xff" * size, dice.randbytes(size)))
    return _written(raw)


def _nested(dice: random.Random, code: str) -> str:
    opening = dice.choice((b"\x81", b"\xa1\x01", b"\xd8\x12", b"\xc6", b"\x9f", b"\x5f", b"\xbf"))
    depth = dice.choice((1, 2, 50, 85))
    raw, at = _raw(code), dice.choice((0, 2, 17, 19))
    return _written(bytes(raw[:at]) + opening * depth + bytes(raw[at:])[: 200 - 2 * depth])


def _other_cose(dice: random.Random, code: str) -> str:
    """The same content in a form that a general COSE reader would take."""
    raw = bytes(_raw(code))
    protected, payload, signature = raw[3:16], raw[19:-66], raw[-64:]
    key_id_bytes = raw[8:16]
    forms: list[Callable[[], bytes]] = [
        lambda: cbor2.dumps([protected, {}, payload, signature]),
        lambda: cbor2.dumps(cbor2.CBORTag(98, [protected, {}, payload, signature])),
        lambda: cbor2.dumps(cbor2.CBORTag(18, [protected, {4: key_id_bytes}, payload, signature])),
        lambda: cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature, None])),
        lambda: cbor2.dumps(
            cbor2.CBORTag(18, [cbor2.dumps({4: key_id_bytes, 1: -8}), {}, payload, signature])
        ),
        lambda: cbor2.dumps(
            cbor2.CBORTag(18, [cbor2.dumps({1: -7, 4: key_id_bytes}), {}, payload, signature])
        ),
        lambda: cbor2.dumps(cbor2.CBORTag(18, [b"", {}, payload, signature])),
        lambda: b"\xd8\x12" + raw[1:],
        lambda: raw[:1] + b"\x98\x04" + raw[2:],
        lambda: raw[:17] + b"\x59\x00" + raw[18:],
        lambda: raw + dice.randbytes(dice.randint(1, 9)),
        lambda: dice.randbytes(dice.randint(1, 9)) + raw,
    ]
    return _written(dice.choice(forms)())


def _claims_changed(dice: random.Random, code: str) -> str:
    """Other claims under the old signature."""
    raw = bytes(_raw(code))
    array = cbor2.loads(raw[19:-66])
    place = dice.randrange(len(array))
    array[place] = dice.choice(
        (None, 0, -1, 2**40, 2**64, "", "X" * 200, b"", b"x" * 99, [], [[]], {}, 1.5, True)
    )
    payload = cbor2.dumps(array)
    return _written(raw[:17] + cbor2.dumps(payload) + raw[-66:])


_STRANGE = (
    "\u0660", "\uff21", "\u0131", "\u00a0", "\U0001f600", "\x00", "\u200b", "\u202e", "\u00df", ":",
    "a", ";",
)  # fmt: skip


def _characters(dice: random.Random, code: str) -> str:
    letters = list(code)
    for _ in range(dice.randint(1, 3)):
        letters[dice.randrange(len(letters))] = dice.choice(_STRANGE)
    found = "".join(letters)
    return found if found != code else found + "\u0661"


def _base45(dice: random.Random, code: str) -> str:
    """Groups above their bytes, odd lengths, blanks, a prefix too many."""
    body = code.removeprefix(PREFIX)
    at = dice.randrange(0, len(body) - 3, 3)
    return dice.choice(
        (
            PREFIX + body[:at] + ":::" + body[at + 3 :],
            PREFIX + body + "A",
            PREFIX + " " + body,
            PREFIX + PREFIX + body,
            PREFIX + body[::-1],
            PREFIX + body[:at] + body[at + 3 :],
            PREFIX + body[:at] + body[at : at + 3] * 2 + body[at + 3 :],
            "HC1:" + body,
            PREFIX + "".join(dice.choices("0123456789ABCDEF $%*+-./:", k=dice.randrange(399))),
        )
    )


def _spliced(dice: random.Random, code: str) -> str:
    """The head of one card, the claims of another, the signature of a third."""
    others = [bytes(_raw(case.code.strip())) for case in table()[:8]]
    raw, one, two = bytes(_raw(code)), dice.choice(others), dice.choice(others)
    made = raw[:17] + one[17:-66] + two[-66:]
    return _written(made if made not in others and made != raw else made[:-1] + b"\x00")


_NONSENSE = (
    0, -1, 1000, 2**33, 2**64 + 1, "", "\u00c4" * 7, "A\u202eB", b"xyz", [], {}, 1.5, True, False,
    -737425, 2914635, "3216A07000420000",
)  # fmt: skip


def _signed_nonsense(dice: random.Random, code: str) -> str:
    """Claims that no program writes, under a right signature: a key holder turned attacker."""
    array = cbor2.loads(bytes(_raw(code))[19:-66])
    place, value = dice.randrange(len(array)), dice.choice(_NONSENSE)
    is_day = place >= 7 and value in (0, -1, 1000)  # days of 2019 to 2022 may be right
    array[place] = "1974" if is_day or value == array[place] else value
    payload = cbor2.dumps(array)
    if dice.random() < 0.4:
        forms = (payload + b"\xf6", b"\x98\x0b" + payload[1:], b"\x9f" + payload[1:] + b"\xff")
        payload = dice.choice(forms)
    return sealed_payload(payload, dice.choice((LAPTOP, ISSUING)))


_MUTATORS = (
    _bits, _cut, _lengths, _nested, _other_cose, _claims_changed, _characters, _base45, _spliced,
    _signed_nonsense,
)  # fmt: skip

"""A new issuing key for the office, and what becomes of the one before it.

The root certifies the new key, and certifies the old one anew with an end. The old private key is
gone with that: what it sealed until its end stays good, and all that the office signed with it is
still proven by its certificate.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import WIB, day_in_wib, instant_from_text, instant_to_text
from sync.protocol.signing import IssuingKey, certify, issuing_key, private_key
from sync.server.home import Home
from sync.server.keys import Issuer, new_issuer, read_public, write_issuer
from sync.server.office import Office
from sync.server.sealing import open_secret

ROTATE_BEFORE: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class KeyLife:
    """One issuing key: cards dated from `first` to `last`, both included, may be its own."""

    kid: str
    public_key: str
    first: date
    last: date


def rotate(home: Home, passphrase: str, now: datetime, old_until: date | None = None) -> Issuer:
    """Make a new issuing key and end the old one today, or on the earlier day `old_until`.

    The home must be held alone: a serving process would go on with the old key.

    Raises:
        WrongPassphrase, KeyFileDamaged, OfficeMissing
        UsageWrong: `old_until` lies outside the old key's life.
    """
    office, old = read_public(home).office, Issuer.read(home)
    life, today = life_of(old.certificate), day_in_wib(now)
    last = min(life.last, old_until or today)
    if last < life.first or last > today:
        raise UsageWrong(detail=f"--old-until {life.first}..{min(today, life.last)}")
    root = _root_key(home, passphrase)
    ended = _ended(root, old.certificate, last)
    made = new_issuer(root, office, now, others=(*old.others, ended))
    write_issuer(home, made)
    return made


def _root_key(home: Home, passphrase: str) -> Ed25519PrivateKey:
    secret = json.loads(open_secret(home.sealed_file.read_bytes(), passphrase))
    return private_key(bytes.fromhex(secret["root"]))


def _ended(root: Ed25519PrivateKey, certificate: dict[str, Any], last: date) -> dict[str, Any]:
    end = datetime.combine(last, time(23, 59, 59), WIB)
    names = ("kid", "public_key", "office", "not_before")
    fields = {name: str(certificate[name]) for name in names}
    return certify(root, IssuingKey(**fields, not_after=instant_to_text(end)))


def life_of(certificate: dict[str, Any]) -> KeyLife:
    dates = (instant_from_text(str(certificate[name])) for name in ("not_before", "not_after"))
    return KeyLife(str(certificate["kid"]), str(certificate["public_key"]), *map(day_in_wib, dates))


def lives(issuer: Issuer) -> list[KeyLife]:
    """Return all issuing keys of the office, the one that signs now last."""
    return [life_of(one) for one in (*issuer.others, issuer.certificate)]


def days_left(issuer: Issuer, today: date) -> int:
    """Return for how many days after today the key may still seal cards; negative: it ended."""
    return (life_of(issuer.certificate).last - today).days


def should_rotate(issuer: Issuer, today: date) -> bool:
    return days_left(issuer, today) <= ROTATE_BEFORE.days


def learn_certificates(office: Office, shown: Iterable[dict[str, Any]]) -> None:
    """Take over keys that this home lost, as when it was made anew from a copy of before a change.

    Only what the root certified counts; what is known keeps its dates.
    """
    issuer, found = office.issuer, list(office.issuer.others)
    for certificate in shown:
        known = {str(one["kid"]) for one in (*found, issuer.certificate)}
        key = issuing_key(certificate, office.public.root_key)
        if key is not None and key.office == office.public.office and key.kid not in known:
            found.append(certificate)
    if len(found) > len(issuer.others):
        office.issuer = replace(issuer, others=tuple(found))
        write_issuer(office.home, office.issuer)

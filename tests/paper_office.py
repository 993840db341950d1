"""An invented regency office with two laptops, its keys, people and their papers."""

import io
import random
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageDraw

from enumerator_app.cards.claims import CardClaims, short_name
from enumerator_app.cards.content import CardContent, PaperSettings
from enumerator_app.cards.seal import seal
from enumerator_app.cards.trust import DeviceKey, OfficeKey, TrustList
from enumerator_app.domain.numbers import registration_number
from sync.protocol.signing import key_id, public_hex

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Office:
    root: Ed25519PrivateKey
    office_key: Ed25519PrivateKey
    laptop: Ed25519PrivateKey
    other_laptop: Ed25519PrivateKey
    trust: TrustList

    def claims(self, serial=42, name="Siti Maemunah", kind="provisional", **changes):
        subject = UUID(int=serial * 7_919 + 1)
        number = registration_number(
            regency="3216", device_code="A07", serial=serial, subject=subject
        )
        active = kind == "active"
        claims = CardClaims(
            number=number,
            issue=1,
            kind=kind,
            district="321613",
            short_name=short_name(name),
            birth_year=1974,
            photo_prefix="a1b2c3d4",
            cover_from=date(2026, 11, 1) if active else None,
            cover_to=date(2027, 10, 31) if active else None,
            issued_on=TODAY,
            expires_on=date(2027, 10, 31) if active else date(2027, 5, 22),
        )
        return replace(claims, **changes)

    def seal(self, claims, key=None):
        key = key or (self.office_key if claims.kind == "active" else self.laptop)
        return seal(claims, key, key_id(public_hex(key)))

    def content(self, serial=42, name="Siti Maemunah", kind="provisional", **changes):
        claims = self.claims(serial, name, kind)
        content = CardContent(
            kind=kind,
            name=name,
            number=claims.number,
            village="Karangharja",
            district="Pebayuran",
            registered_on=TODAY,
            programmes=("JKK", "JKM"),
            photo=portrait(serial),
            seal=self.seal(claims),
            printed_on=TODAY,
            kpj="26012345678" if kind == "active" else None,
            cover_from=claims.cover_from,
            cover_to=claims.cover_to,
        )
        return replace(content, **changes)


def make_office() -> Office:
    root, issuing, laptop, other = (
        Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3, 4)
    )
    hexes = [public_hex(key) for key in (issuing, laptop, other)]
    trust = TrustList(
        office="0192f0c1-0000-7000-8000-000000000001",
        regency="3216",
        issued_on=TODAY,
        version=7,
        office_keys=(
            OfficeKey(
                kid=key_id(hexes[0]),
                public_key=hexes[0],
                not_before=date(2026, 1, 1),
                not_after=date(2026, 12, 31),
            ),
        ),
        device_keys=(
            DeviceKey(
                kid=key_id(hexes[1]),
                device_code="A07",
                public_key=hexes[1],
                serial_from=1,
                serial_to=None,
            ),
            DeviceKey(
                kid=key_id(hexes[2]),
                device_code="A08",
                public_key=hexes[2],
                serial_from=1,
                serial_to=500,
            ),
        ),
    )
    return Office(root, issuing, laptop, other, trust)


SETTINGS = PaperSettings(
    regency_name="Kabupaten Bekasi",
    posko_phone="0812-0000-0000",
    ask_by=date(2027, 1, 31),
)


def portrait(seed: int, *, mode="RGB", file_format="JPEG", size=(120, 160)) -> bytes:
    """A drawn face: nobody's."""
    shade = random.Random(seed)
    picture = Image.new("RGB", size, (205, 214, 206))
    draw = ImageDraw.Draw(picture)
    width, height = size
    skin = tuple(shade.randrange(90, 190) for _ in range(3))
    draw.ellipse((width * 0.26, height * 0.2, width * 0.74, height * 0.74), fill=skin)
    written = io.BytesIO()
    picture.convert(mode).save(written, file_format)
    return written.getvalue()

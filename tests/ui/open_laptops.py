"""Open laptops for tests of the pages: a real encrypted home, cheap keys, invented people."""

from datetime import UTC, datetime
from pathlib import Path

from enumerator_app.bootstrap.laptops import laptop_of, practice_laptop
from enumerator_app.domain.registration import HeirDraft, RegistrationDraft
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.registering import Registered
from tests.cheap_secrets import CHEAP_LAPTOP as CHEAP

PASSPHRASE = "padi kuning sawah hujan pagi"
OPERATOR = "Petugas Uji"

PERSON = {
    "document_seen": "KTP",
    "birth_place": "BEKASI",
    "birth_date": "12-03-1974",
    "sex": "P",
    "mother_name": "RUMINAH",
    "address": "Kp. Pulo Asem",
    "rt": "3",
    "rw": "1",
    "phone": "081234567890",
    "phone_owner": "self",
    "works_now": "working",
    "works_since": "2001",
    "programmes": "JKK+JKM",
    "consent_method": "group",
    "occupation": "Buruh tani",
}


def new_laptop(folder: Path) -> Laptop:
    """Return a practice laptop in an empty folder."""
    return practice_laptop(
        folder / "home", operator_name=OPERATOR, passphrase=PASSPHRASE, cost=CHEAP
    )


def opened_again(folder: Path) -> Laptop:
    """Return the same laptop after its process ended."""
    return laptop_of(folder / "home", PASSPHRASE, operator_name=OPERATOR)


def village_of(laptop: Laptop, name: str) -> str:
    """Return the code of the one village of that name."""
    return laptop.places.read_village(name)


def registered(laptop: Laptop, name: str, nik: str, **changes: str) -> Registered:
    """Save somebody through the rules."""
    values = {**PERSON, "name": name, "nik": nik, "village_code": village_of(laptop, "Karangharja")}
    saved = laptop.register(
        RegistrationDraft(values | changes, (HeirDraft("ENDAH", "child", "12", ""),))
    )
    assert saved.number is not None, saved.findings
    return saved


def noon() -> datetime:
    """Return a fixed moment: noon in West Java."""
    return datetime(2026, 11, 22, 5, 0, tzinfo=UTC)

"""Laptops and people for tests: cheap keys, an invented office, invented names."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from enumerator_app.domain.registration import Registration
from enumerator_app.storage.opening import create_home, open_home
from enumerator_app.storage.records import PreparedPhoto
from enumerator_app.storage.self_knowledge import Enrolment
from enumerator_app.storage.store import Store
from tests.cheap_secrets import CHEAP_LAPTOP as CHEAP

PASSPHRASE = "padi kuning sawah hujan pagi"
OPERATOR = "Petugas Uji"
SERVER_EPOCH = "5e00000000000001"
ENROLMENT = Enrolment(
    office="01890000-0000-7000-8000-00000000000f",
    regency="3216",
    device_code="A07",
    label="Laptop uji",
    root_key="00" * 32,
    server_url="http://127.0.0.1:9",
    ca_certificate=None,
    server_epoch=SERVER_EPOCH,
    office_time="2026-11-22T00:00:00.000Z",
    settings={"regency_name": "Kabupaten Uji"},
)

_FIRST = (
    "Siti", "Aminah", "Budi", "Karsih", "Darsono", "Rohati", "Wawan", "Nining", "Ujang", "Euis",
    "Asep", "Imas", "Kosim", "Juju", "Sarman", "Tarsih", "Encep", "Onih", "Dadang", "Yeyet",
)  # fmt: skip
_LAST = (
    "Suryana", "Wulandari", "Hidayat", "Permana", "Sukmawati", "Kartika", "Nuraeni", "Saputra",
    "Gunawan", "Lestari", "Maulana", "Rahayu", "Subagja", "Komalasari", "Firmansyah", "Andriani",
)  # fmt: skip


def new_laptop(path: Path, *, enrolled: bool = True, **options) -> Store:
    store = create_home(path, operator_name=OPERATOR, passphrase=PASSPHRASE, cost=CHEAP, **options)
    if enrolled:
        store.set_identity(ENROLMENT)
    return store


def reopened(path: Path, **options) -> Store:
    return open_home(path, operator_name=None, passphrase=PASSPHRASE, **options)


def person(i: int, **fields) -> Registration:
    """Return the i-th invented person; the same for the same i."""
    dice = random.Random(i)
    born = date(1960, 1, 1) + timedelta(days=dice.randrange(16_000))
    known = {
        "nik": f"3216{dice.randrange(10**12):012d}",
        "name": f"{dice.choice(_FIRST)} {dice.choice(_FIRST)} {dice.choice(_LAST)}",
        "mother_name": f"{dice.choice(_FIRST)} {dice.choice(_LAST)}",
        "birth_place": "Bekasi",
        "birth_date": born,
        "date_source": "ktp",
        "sex": dice.choice("LP"),
        "address": f"Kp. Uji {dice.randrange(200)}",
        "rt": f"{dice.randrange(1, 20):03d}",
        "rw": f"{dice.randrange(1, 12):03d}",
        "village_code": f"321606{dice.randrange(1, 30):04d}",
        "phone": f"0812{dice.randrange(10**8):08d}",
        "phone_owner": "self",
        "occupation": "buruh tani",
        "workplace": "sawah",
        "works_now": "working",
        "works_since": dice.randrange(1985, 2026),
        "monthly_income": dice.randrange(5, 30) * 100_000,
        "consent_method": "signature",
        "consent_at": datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
        "consent_text_version": "2026-01",
        "registered_at": datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC) + timedelta(minutes=i),
        "programmes": ("JKK", "JKM"),
        "paradata": {"identity": 41, "work": 18},
    }
    return Registration.model_validate({**known, **fields})


def portrait(i: int, size: int = 60_000) -> PreparedPhoto:
    """Return bytes that stand for a portrait; the store looks at their hash only."""
    dice = random.Random(i)
    return PreparedPhoto.of(dice.randbytes(size), dice.randbytes(min(size, 4_000)))

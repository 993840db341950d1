"""An office with a whole regency in it, written into its tables in bulk: for pages and pictures.

Everybody is invented. Records are rows with their bodies, not signed journals: pages read rows. The
numbers of the world follow from its seed and its clock alone.
"""

import json
import random
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import insert

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.instants import WIB, instant_to_text
from enumerator_app.domain.reference import load_places
from sync.server.devices import device_code
from sync.server.field_tables import (
    LISTED_PERSON_ROWS,
    LISTED_VILLAGE_ROWS,
    QUOTA_ROWS,
    SEAT_ROWS,
)
from sync.server.plans.tables import GOAL_ROWS, PLANNED_VISIT_ROWS
from sync.server.tables import (
    CASE_ROWS,
    DEVICE_ROWS,
    ENTRY_ROWS,
    FEED_HEAD_ROWS,
    REVISION_ROWS,
    SUBJECT_ROWS,
    VISIT_ROWS,
)

NAMES = tomllib.loads((Path(__file__).parent / "invented_names.toml").read_text(encoding="utf-8"))
STATES = (
    ("enrolled", 0.76), ("submitted", 0.06), ("verified", 0.08), ("registered", 0.06),
    ("returned", 0.012), ("waiting_nik", 0.014), ("refused", 0.006), ("duplicate", 0.004),
    ("ended", 0.004),
)  # fmt: skip
REASONS = ("Foto terlalu gelap", "Tanggal lahir beda dengan NIK", "Nama ibu kosong")
REFUSALS = ("NIK tidak cocok di Dukcapil", "Sudah peserta lewat perusahaan")
OPERATORS = (
    "Rina Marlina", "Neneng Hasanah", "Agus Salim", "Lilis Suryani", "Cecep Hidayat",
    "Yayan Suryana", "Dewi Lestari", "Budi Hartono",
)  # fmt: skip
AT_ONCE = 5000
DAYS = 57


@dataclass
class World:
    """What is written: people, laptops, and who they are; `target` is the sum of all seats."""

    people: int
    target: int
    now: datetime
    devices: int = 58
    zero_villages: int = 11
    seed: int = 7
    rows: dict = field(default_factory=dict)

    def __post_init__(self):
        self.dice = random.Random(self.seed)
        self.villages = [village.code for village in load_places().villages]
        self.dice.shuffle(self.villages)
        self.empty = set(self.villages[: self.zero_villages])
        self.villages.sort()
        self.weights = {code: self.dice.uniform(0.5, 2.0) for code in self.villages}
        self.rates = {
            code: self.dice.uniform(0.25, 1.0) for code in {one[:6] for one in self.villages}
        }


def fill(office, world: World) -> None:
    """Write the world into an office that has nothing yet."""
    tables = [
        (DEVICE_ROWS, devices(world)),
        (FEED_HEAD_ROWS, ({"device": f"{n:032x}", "n": 0, "hash": None, "sums": bytes(4096)}
                          for n in range(world.devices))),
        (QUOTA_ROWS, quotas(world)),
    ]  # fmt: skip
    for table, rows in tables:
        write(office, table, rows)
    people = list(subjects(world))
    write(office, SUBJECT_ROWS, (one["row"] for one in people))
    write(office, ENTRY_ROWS, (one["entry"] for one in people))
    write(office, REVISION_ROWS, (one["revision"] for one in people if one["revision"]))
    given = list(seats(world, people))
    write(office, SEAT_ROWS, given)
    write(office, CASE_ROWS, cases(world, people))
    write(office, VISIT_ROWS, visits(world, people))
    write(office, LISTED_PERSON_ROWS, listed(world))
    write(office, LISTED_VILLAGE_ROWS, listed_villages(world))
    write(office, PLANNED_VISIT_ROWS, planned(world))
    day = (world.now + timedelta(days=90)).date().isoformat()
    goal = {"name": "last_day", "value": day, "said_by": "Ratna", "at": instant_to_text(world.now)}
    write(office, GOAL_ROWS, [goal])
    settle_counts(office, given)


def write(office, table, rows) -> None:
    rows = list(rows)
    with office.database.writing() as connection:
        for start in range(0, len(rows), AT_ONCE):
            connection.execute(insert(table), rows[start : start + AT_ONCE])


def devices(world):
    for n in range(world.devices):
        silent = 7 if n == 22 else 3 if n == 31 else 0 if n % 9 else 1
        seen = world.now - timedelta(days=silent, minutes=5 * n + 3)
        yield {
            "id": f"{n:032x}", "label": f"Laptop {n + 1}", "code": device_code(n),
            "public_key": f"{n:064x}", "state": "revoked" if n == 57 else "active", "counter": n,
            "operator": OPERATORS[n % len(OPERATORS)], "operator_id": f"{n:016x}",
            "enrolled_at": instant_to_text(world.now - timedelta(days=90)),
            "last_seen": instant_to_text(seen), "heard_epoch": None,
        }  # fmt: skip


def quotas(world):
    total = sum(world.weights.values())
    given = {code: int(world.target * w / total) for code, w in world.weights.items()}
    given[world.villages[0]] += world.target - sum(given.values())
    for code, n in given.items():
        yield {
            "village_code": code, "seats": n, "confirmed": 0, "waiting": 0, "programmes": "JKK+JKM",
            "starts_on": f"{world.now.year}-01-01", "ends_on": f"{world.now.year}-12-31",
            "months": 12, "monthly": 16800, "table_version": "2026-01",
            "imported_at": instant_to_text(world.now),
        }  # fmt: skip


def subjects(world):
    """Yield each person's row, entry and, where the office said something, revision."""
    dice, serials = world.dice, Counter()
    places = [code for code in world.villages if code not in world.empty]
    weights = [world.weights[code] * world.rates[code[:6]] for code in places]
    chosen = dice.choices(places, weights, k=world.people)
    states = dice.choices([s for s, _ in STATES], [w for _, w in STATES], k=world.people)
    today = world.now.astimezone(WIB).date()
    moments = sorted(moment(dice, today) for _ in range(world.people))
    for n, (village, state, at) in enumerate(zip(chosen, states, moments, strict=True)):
        device = int(village[4:6]) * 2 % world.devices + dice.randrange(2)
        device = min(device, world.devices - 1)
        serials[device] += 1 if dice.random() > 0.001 else 2
        yield person(world, n, village, state, at, device, serials[device])


def moment(dice, today: date) -> datetime:
    """Return when somebody was registered: more of late, hardly ever on a Sunday."""
    day = today - timedelta(days=int(dice.triangular(0, 110, 0)))
    while day.weekday() == 6 and dice.random() < 0.9:
        day = today - timedelta(days=int(dice.triangular(0, 110, 0)))
    return datetime.combine(day, time(8), WIB) + timedelta(seconds=dice.randrange(7 * 3600))


def person(world, n, village, state, at, device, serial):
    dice = world.dice
    born = date(1955 + dice.randrange(50), 1 + dice.randrange(12), 1 + dice.randrange(28))
    sex = dice.choice("LP")
    day = born.day + (40 if sex == "P" else 0)
    nik = "" if state == "waiting_nik" else f"{village[:6]}{day:02d}{born:%m%y}{n % 10_000:04d}"
    words = NAMES["women" if sex == "P" else "men"]
    name = f"{dice.choice(words['first'])} {dice.choice(words['second'])}"
    subject, entry = f"{n:032x}", f"{n:064x}"
    number = f"3216-{device_code(device)}-{serial:05d}-K7QC"
    cover = covered(world, dice) if state in {"enrolled", "ended"} else (None, None)
    received = instant_to_text(at + timedelta(hours=6))
    body = {
        "name": name, "nik": nik, "birth_date": born.isoformat(), "sex": sex, "number": number,
        "village_code": village, "registered_at": instant_to_text(at), "works_now": "working",
    }  # fmt: skip
    revision, written = entry, None
    if state in {"returned", "refused"}:
        reason = dice.choice(REASONS if state == "returned" else REFUSALS)
        revision = f"{n + 2**200:064x}"
        fields = {"state": state, "reason": reason, "field": None, "subject": subject}
        written = {
            "hash": revision, "n": n + 1, "subject": subject, "base": entry, "parents": "[]",
            "author": "Ratna", "content": entry, "kept": "",
            "bytes": canonical_bytes({"fields": fields}).decode(),
        }  # fmt: skip
    row = {
        "id": subject, "revision": revision, "content": entry, "state": state, "number": number,
        "device": f"{device:032x}", "nik": nik, "name": name, "birth_date": born.isoformat(),
        "village_code": village, "visit_id": f"{village}{at:%G%V}".ljust(32, "0"),
        "severity": "warning" if dice.random() < 0.04 else "",
        "registered_at": body["registered_at"],
        "received_at": received, "kpj": f"26{n:09d}" if state == "enrolled" else None,
        "cover_from": cover[0], "cover_to": cover[1], "export_id": None,
        "matched": f"{entry}:{state}",
    }  # fmt: skip
    journal = {
        "hash": entry, "device": row["device"], "epoch": "0" * 16, "seq": n, "prev": None,
        "kind": "registration_saved", "subject": subject, "header": b"{}", "salt": None,
        "body": canonical_bytes(body), "outcome": "accepted", "code": None,
        "received_at": received, "is_leaf": 1, "has_child": 0, "ingest_n": n + 1,
    }  # fmt: skip
    return {"row": row, "entry": journal, "revision": written}


def covered(world, dice):
    today = world.now.astimezone(WIB).date()
    first = today.replace(day=1)
    later = (first + timedelta(days=32)).replace(day=1)
    start = dice.choices([later, first, first - timedelta(days=31)], [0.15, 0.25, 0.6])[0]
    return start.replace(day=1).isoformat(), f"{start.year}-12-31"


def seats(world, people):
    """Yield a place each in the order of arrival: whoever comes after the last seat waits."""
    given = {one["village_code"]: one["seats"] for one in quotas(world)}
    taken = Counter()
    for n, one in enumerate(people):
        row = one["row"]
        if row["state"] not in {"duplicate", "ended", "waiting_nik"}:
            village = row["village_code"]
            taken[village] += 1
            state = "confirmed" if taken[village] <= given[village] else "waiting"
            yield {
                "subject": row["id"], "village_code": village, "device": row["device"],
                "state": state, "n": n, "at": row["received_at"],
            }  # fmt: skip


def settle_counts(office, given) -> None:
    """Write how many seats are taken beside each village, as giving them does."""
    counts = Counter((one["village_code"], one["state"]) for one in given)
    with office.database.writing() as connection:
        for code in {one["village_code"] for one in given}:
            change = QUOTA_ROWS.update().where(QUOTA_ROWS.c.village_code == code)
            values = {name: counts[code, name] for name in ("confirmed", "waiting")}
            connection.execute(change.values(values))


def cases(world, people):
    at = instant_to_text(world.now - timedelta(hours=3))
    for n in range(min(200, len(people) // 100)):
        pair = [people[n * 7]["row"]["id"], people[n * 7 + 1]["row"]["id"]]
        yield {
            "id": f"{n:064x}", "kind": "alike", "device": None,
            "subjects": json.dumps(pair), "score": 80 + n % 20,
            "reasons": '["same_name","same_birth_date"]',
            "opened_at": at, "closed_at": None, "answer": None, "one": pair[0], "other": pair[1],
            "version": 0,
        }  # fmt: skip


def visits(world, people):
    seen = {}
    for one in people:
        seen.setdefault(one["row"]["visit_id"], one["row"])
    for visit, row in seen.items():
        said = {
            "id": visit, "village_code": row["village_code"], "place": "Balai desa",
            "day": row["registered_at"][:10],
        }  # fmt: skip
        yield {
            "id": f"{visit}v".ljust(64, "0"), "kind": "visit", "visit": visit, "subject": None,
            "device": row["device"], "operator": "", "at": row["registered_at"],
            "content": json.dumps(said),
        }  # fmt: skip


def listed(world):
    for n in range(world.people // 4):
        village = world.villages[n % len(world.villages)]
        yield {
            "code": f"{n:026d}", "village_code": village, "n": n, "name": f"ORANG {n}",
            "nik": f"{village[:6]}******{n % 10_000:04d}", "birth_date": "", "birth_place": "",
            "address": "", "group_name": "", "source": "SIMLUHTAN", "is_listed": 1,
        }  # fmt: skip


def listed_villages(world):
    for code in world.villages:
        yield {
            "village_code": code, "version": 1, "devices": None, "parts": "[]",
            "imported_at": instant_to_text(world.now),
        }  # fmt: skip


def planned(world):
    today = world.now.astimezone(WIB).date()
    for n, code in enumerate(sorted(world.empty)):
        if n % 2:
            yield {
                "village_code": code, "day": (today + timedelta(days=1 + n // 2)).isoformat(),
                "device": device_code(n), "place": "Balai desa", "planned_by": "Ratna",
                "at": instant_to_text(world.now),
            }  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)

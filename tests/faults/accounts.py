"""What a laptop said it had saved, held against what its file and its office hold afterwards."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from enumerator_app.storage import journal
from enumerator_app.storage.store import Store
from sync.server.office import Office
from sync.server.tables import ENTRY_ROWS, FEED_ROWS, PHOTO_ROWS, SUBJECT_ROWS
from tests.storage.laptops import person, portrait, reopened

VILLAGE = "3216132001"


@dataclass
class Account:
    """One laptop's. `counts` and `broken` may be shared by several."""

    home: Path
    counts: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)  # entry -> what was said of it
    last: list[str] = field(default_factory=list)  # said since the file was looked at
    place: int = 0  # the chain was looked at up to here

    def note(self, line: dict[str, Any]) -> None:
        """Take in one line of a child: an error, what it found, or an entry it has saved."""
        if "error" in line:
            self.broken[f"stopped by {line['error'][:80]}"] += 1
        elif "found" in line:
            self._compare(line)
        elif "entry" in line:
            self.said[line["entry"]] = line
            self.last.append(line["entry"])
            self.counts["said"] += 1
            self.counts[line["kind"]] += 1
            self.counts["photos"] += line["photo"] is not None

    def _compare(self, line: dict[str, Any]) -> None:
        """What was said since the last look, in its order; then at most the one in hand."""
        rows = line["found"]["rows"]
        hashes = [hash_ for _, hash_, _ in rows]
        self.broken.update(line["found"]["chain_faults"])
        lost = [entry for entry in self.last if entry not in hashes]
        self.broken.update(["lost"] * len(lost))
        self.broken.update(["doubled"] * (len(hashes) - len(set(hashes))))
        if line["went_back"]:
            self.broken[f"new epoch: {line['went_back']}"] += 1
        if not lost and hashes[: len(self.last)] != self.last:
            self.broken["another order"] += 1
        more = len(hashes) - len(self.last) + len(lost)
        if self.place:  # before it, the file was set up
            self.counts["in_hand"] += more == 1
            self.broken.update(["more than was in hand"] * (more > 1))
        self.last = []
        self.place = rows[-1][0] if rows else self.place

    def examine(self) -> None:
        """Hold every entry of the file against everything that was ever said."""
        with reopened(self.home) as store:
            rows = _rows(store, "SELECT hash, kind, subject FROM entry")
            shown = _rows(store, "SELECT number, subject FROM registration")
            photos = {sha256 for (sha256,) in _rows(store, "SELECT sha256 FROM photo")}
        here = Counter(row[0] for row in rows)
        missing = sum(1 for entry in self.said if not here[entry])
        self.broken["lost"] = max(self.broken["lost"], missing)
        registered = Counter(subject for _, kind, subject in rows if kind == "register")
        twice = sum(1 for n in [*here.values(), *registered.values()] if n > 1)
        self.broken["doubled"] += twice + len(shown) - len({number for number, _ in shown})
        number_of = {subject: number for number, subject in shown}
        said = [line for entry, line in self.said.items() if here[entry]]
        for line in said:
            self.broken["other number"] += number_of.get(line["subject"]) != line["number"]
            self.broken["photo gone"] += bool(line["photo"]) and line["photo"] not in photos


def save_one(store: Store, i: int, here: list[Any], *, photo_every: int) -> dict[str, Any]:
    """Save the i-th invented person, or correct one of `here`; return what to say of it."""
    kind = "correct" if here and i % 8 == 0 else "register"
    who = person(i, village_code=VILLAGE, phone=f"0812{i:08d}")
    photo = portrait(i, 20_000) if i % photo_every == 0 else None
    if kind == "correct":
        saved = store.correct(here[-1], who, photo=photo)
    else:
        saved = store.register(who, photo=photo)
        here.append(saved.subject)
    return {
        "entry": saved.entry_hash, "kind": kind, "number": saved.number,
        "subject": str(saved.subject), "photo": photo.sha256 if photo else None,
    }  # fmt: skip


def found_after(store: Store, place: int) -> dict[str, Any]:
    """What the file holds after a place, each entry proven against its hash, body and parent."""

    def work(connection: Any) -> dict[str, Any]:
        rows = connection.execute("SELECT n, hash, kind FROM entry WHERE n > ? ORDER BY n", [place])
        faults = journal.chain_faults(connection, place + 1)
        return {"rows": rows.fetchall(), "chain_faults": sorted({f.code for f in faults})}

    found = store._file.engine.read(work)
    return {"found": found, "went_back": store.went_back}


def held_by(store: Store) -> Counter[str]:
    """How much a laptop holds."""
    tables = {"entries": "entry", "people": "registration", "photos": "photo"}
    queries = {name: f"SELECT count(*) FROM {table}" for name, table in tables.items()}  # noqa: S608  our own names
    return Counter({name: _rows(store, query)[0][0] for name, query in queries.items()})


def held_at(office: Office) -> Counter[str]:
    """How much the office holds, counted in the same way; and answers to entries, one each."""
    everything = select(func.count())
    queries = {
        "entries": everything.select_from(ENTRY_ROWS),
        "people": everything.select_from(SUBJECT_ROWS),
        "photos": everything.where(PHOTO_ROWS.c.is_complete == 1),
        "answers": everything.where(FEED_ROWS.c.kind == "accepted"),
    }
    with office.database.reading() as connection:
        return Counter({name: connection.execute(q).scalar_one() for name, q in queries.items()})


def hashes_at(office: Office) -> set[str]:
    """The entries that the office holds with their content."""
    whole = select(ENTRY_ROWS.c.hash).where(ENTRY_ROWS.c.body.is_not(None))
    with office.database.reading() as connection:
        return set(connection.execute(whole).scalars())


def _rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = store._file.engine.read(
        lambda connection: connection.execute(query).fetchall()
    )
    return rows

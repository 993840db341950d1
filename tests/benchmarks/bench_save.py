"""How long a save takes, against the same transaction in the bare driver, in one run.

    python -m tests.benchmarks.bench_save [--saves 3000]

Both files are encrypted, in WAL mode, `synchronous=FULL`, with the same tables and indexes; the
bare side is given every value ready-made. Saves alternate, so that other load hits both alike.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from uuid_utils.compat import uuid7

from enumerator_app.domain.duplicates import blocking_keys
from enumerator_app.domain.journal import Head, make_entry
from enumerator_app.domain.registration import body_of
from enumerator_app.storage import likened, rows
from enumerator_app.storage.connections import plain_connection
from enumerator_app.storage.journal import _INSERT as INSERT_ENTRY
from enumerator_app.storage.migrations import migrate
from enumerator_app.storage.names_folded import folded_name, number_label
from tests.storage.laptops import new_laptop, person, portrait

GATE = {"p50": 1.5, "p99": 2.0}
STRETCH = {"p50": 1.2}


class Bare:
    """The same-shape transaction with nothing around it."""

    def __init__(self, path: Path) -> None:
        self.connection = plain_connection(path, os.urandom(32))
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        migrate(self.connection)

    def prepared(self, store, i, photo):
        """Return all statements of one save with their values."""
        registration = person(i)
        subject, number = uuid7(), f"3216-A07-{i:05d}-K7QC"
        body = {**body_of(registration), "number": number}
        photos = ()
        if photo is not None:
            body["photo"] = photo.sha256
            photos = (photo.sha256,)
        at = registration.registered_at
        statement = store._file.statement("register", subject, body, at=at, photos=photos)
        head = Head("0" * 16, i, "0" * 64)
        entry = make_entry(statement, device=store.device, head=head)
        hash_ = entry.hash
        standing = (str(subject), number, "registered", "saved", hash_, hash_, hash_)
        steps = []
        if photo is not None:
            values = (photo.sha256, len(photo.jpeg), i, photo.thumbnail, photo.jpeg)
            steps.append(
                ("INSERT INTO photo (sha256, size, entry, thumbnail, jpeg) VALUES (?,?,?,?,?)",
                 values)
            )  # fmt: skip
        steps += [
            (
                INSERT_ENTRY,
                (i, hash_, "0" * 16, i, "register", str(subject), entry.header, entry.salt,
                 entry.body),
            ),
            ("UPDATE head SET seq=?, hash=?, n=?, serial=? WHERE id=1", (i, hash_, i, i)),
            (rows._INSERT, (*standing, *rows.content_values(body))),
            (rows._INDEX, (i, folded_name(registration.name), number_label(number))),
            (likened._WRITE, (i, " ".join(blocking_keys(registration)))),
            ("INSERT INTO content_digest VALUES (?, ?)", (os.urandom(32).hex(), str(subject))),
        ]  # fmt: skip
        return steps

    def save(self, steps) -> None:
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        for query, values in steps:
            execute(query, values)
        execute("COMMIT")


def measure(saves: int, photo_bytes: int) -> dict[str, object]:
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        raw = Bare(Path(folder) / "bare.db")
        with new_laptop(Path(folder) / "home") as store:
            for i in range(1, saves + 1):
                photo = portrait(i, photo_bytes) if photo_bytes else None
                steps = raw.prepared(store, i, photo)
                started = time.perf_counter()
                raw.save(steps)
                bare.append(time.perf_counter() - started)
                registration, digest = person(i), os.urandom(32).hex()
                started = time.perf_counter()
                store.register(registration, content_digest=digest, photo=photo)
                ours.append(time.perf_counter() - started)
        raw.connection.close()
    return _report(ours, bare, photo_bytes)


def _report(ours, bare, photo_bytes) -> dict[str, object]:
    us, them = _percentiles(ours), _percentiles(bare)
    ratio = {name: round(us[name] / them[name], 2) for name in us}
    return {
        "saves": len(ours),
        "photo_bytes": photo_bytes,
        "ms": us,
        "bare_ms": them,
        "ratio": ratio,
        "gate": GATE,
        "stretch": STRETCH,
        "passes": all(ratio[name] <= most for name, most in GATE.items()),
    }


def _percentiles(seconds) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50": round(cuts[49] * 1000, 3), "p99": round(cuts[98] * 1000, 3)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--saves", type=int, default=3000)
    saves = parser.parse_args().saves
    results = {"plain": measure(saves, 0), "with_photo": measure(saves, 60_000)}
    print(json.dumps({"bench": "save", **results}, indent=1))
    return 0 if all(result["passes"] for result in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

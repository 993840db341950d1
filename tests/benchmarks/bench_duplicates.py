"""How well the same person is found, and how fast beside 100,000 others.

    python -m tests.benchmarks.bench_duplicates [--stored 100000]

Quality on the seeds that no weight was tuned on; `hard` leaves out the pairs with equal NIKs. The
control is a matcher that knows equal names and equal NIKs only. Speed is one person in the form
against an encrypted file, as the pane asks, without the time that other programs took. The office's
pass over everybody is `bench_district_duplicates`.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from enumerator_app.domain.duplicates import blocking_keys, likeness, may_be_likely, same_nik
from enumerator_app.domain.names import name_key
from enumerator_app.domain.registration import Registration
from enumerator_app.services.likeness import possible_same
from tests.benchmarks.bench_search import insert_all
from tests.benchmarks.invented_people import HELD_OUT_SEEDS, PEOPLE, TUNE_SEEDS, invented
from tests.benchmarks.waiting import waited_s
from tests.storage.laptops import new_laptop

GATE = {"precision": 0.98, "recall": 0.95, "p95_ms": 5.0}
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
ASKED = 600
COLD = 100  # the first look-ups fill the caches of names


def registration(recorded) -> Registration:
    fields = asdict(recorded)
    del fields["who"]
    return Registration.model_validate({**fields, "registered_at": NOW})


def ours(one, other) -> bool:
    return may_be_likely(one, other) and likeness(one, other).is_likely


def by_name_and_nik(one, other) -> bool:
    return same_nik(one, other) or name_key(one.name) == name_key(other.name)


def quality(seeds, matcher=ours, people=PEOPLE) -> dict[str, float]:
    """Return precision and recall over pairs, all seeds together."""
    right = wrong = easy = true = true_easy = 0
    for seed in seeds:
        records = invented(seed, people)
        known = [registration(record) for record in records]
        same = _pairs_of_one(records)
        found = {pair for pair in _compared(known) if matcher(known[pair[0]], known[pair[1]])}
        plain = {pair for pair in same if same_nik(known[pair[0]], known[pair[1]])}
        right, wrong = right + len(found & same), wrong + len(found - same)
        easy += len(found & plain)
        true, true_easy = true + len(same), true_easy + len(plain)
    return {
        "pairs": true,
        "precision": round(right / (right + wrong), 4),
        "recall": round(right / true, 4),
        "hard_pairs": true - true_easy,
        "hard_precision": round((right - easy) / (right - easy + wrong), 4),
        "hard_recall": round((right - easy) / (true - true_easy), 4),
    }


def _pairs_of_one(records) -> set[tuple[int, int]]:
    places = defaultdict(list)
    for place, record in enumerate(records):
        places[record.who].append(place)
    return {pair for of_one in places.values() for pair in combinations(of_one, 2)}


def _compared(known) -> set[tuple[int, int]]:
    """Return the pairs that share a key: those that the index of the file finds."""
    blocks = defaultdict(list)
    for place, person in enumerate(known):
        for key in blocking_keys(person):
            blocks[key].append(place)
    return {pair for block in blocks.values() for pair in combinations(block, 2)}


def district(seed, number) -> list[Registration]:
    """Return the people of a seed, moved to a district and to NIK areas of their own."""
    return [
        registration(
            replace(
                record,
                nik=record.nik and f"{50 + number}{record.nik[2:]}",
                village_code=f"3216{number:02d}{record.village_code[6:]}",
            )
        )
        for record in invented(seed)
    ]


def speed(stored: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, new_laptop(Path(folder) / "home") as store:
        asked, count = [], 0
        for number in range(1, 1 + -(-stored // PEOPLE)):
            people = district(1000 + number, number)
            asked += people[-ASKED:] if number == 1 else []
            kept = people[: min(PEOPLE, stored - count)]
            rows = list(enumerate(kept, start=count))
            store._file.write(lambda connection, rows=rows: insert_all(connection, rows))
            count += len(kept)
        compared = [len(store.near(blocking_keys(person))) for person in asked]
        own, cpu, hits = _timed(store, asked)
    return {
        "stored": count,
        "asked": len(own),
        "with_hits": hits,
        "compared_p50": statistics.median(compared),
        "compared_most": max(compared),
        **_percentiles(own, "ms"),
        **_percentiles(cpu, "cpu_ms"),
    }


def _timed(store, asked) -> tuple[list[float], list[float], int]:
    """Return what each look-up took, without the time that other programs had the processor."""
    own, cpu, hits = [], [], 0
    for person in asked:
        started, worked, waited = time.perf_counter(), time.thread_time(), waited_s()
        hits += bool(possible_same(store, person))
        took, others = time.perf_counter() - started, waited_s() - waited
        cpu.append(time.thread_time() - worked)
        own.append(took - others)
    return own[COLD:], cpu[COLD:], hits


def _percentiles(seconds, unit) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {f"p{p}_{unit}": round(cuts[p - 1] * 1000, 2) for p in (50, 95, 99)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--stored", type=int, default=100_000)
    options = parser.parse_args()
    held_out = quality(HELD_OUT_SEEDS)
    report = {
        "bench": "duplicates",
        "people": PEOPLE,
        "held_out": held_out,
        "tuned_on": quality(TUNE_SEEDS),
        "control_names_and_niks_only": quality(HELD_OUT_SEEDS[:1], by_name_and_nik),
        "one_person": speed(options.stored),
    }
    report["passes"] = (
        held_out["precision"] >= GATE["precision"]
        and held_out["recall"] >= GATE["recall"]
        and report["one_person"]["p95_ms"] <= GATE["p95_ms"]
    )
    print(json.dumps(report, indent=1))
    return 0 if report["passes"] else 1


if __name__ == "__main__":
    sys.exit(main())

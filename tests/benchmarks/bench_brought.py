"""What the office gives before leaving, for a whole regency: sizes and times at both ends.

    python -m tests.benchmarks.bench_brought [--people 75903]

A list of everybody in all villages, and the district's short hashes of as many NIKs, made by a real
office and fetched over a real socket into a real encrypted file. A bare binary search of the same
NIKs in the clear stands beside the look-up in the same run.
"""

import argparse
import hashlib
import hmac
import json
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.reference import load_places
from enumerator_app.services.brought import Brought
from enumerator_app.storage.store import Store
from sync.protocol.short_hashes import HASHES_IN_ALL
from sync.server.devices import add_device
from sync.server.niks import publish_niks
from sync.server.office import Office
from sync.server.tables import SUBJECT_ROWS
from sync.server.worklist.keeping import import_worklist
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person
from tests.sync_client.real_office import really_synced

LOOK_UPS = 20_000
SEARCHES = 200
AT_ONCE = 5_000


def written_list(path: Path, people: int) -> list[str]:
    """Write a list of invented people over all villages; return their names."""
    villages = load_places().villages
    names = []
    with path.open("w", encoding="utf-8") as file:
        file.write("Nama;NIK;Tgl lahir;Kampung;Kode desa;Poktan\n")
        for i in range(people):
            one, village = person(i), villages[i * len(villages) // people]
            names.append(one.name)
            born = f"{one.birth_date:%d-%m-%Y}"
            nik = f"3216{i:012d}"
            file.write(f"{one.name};{nik};{born};{one.address};{village.code};Sri Mukti\n")
    return names


def stock(office: Office, people: int) -> list[str]:
    """Put as many records with a NIK into the office; return the NIKs."""
    niks = [f"3217{i:012d}" for i in range(people)]
    row = {
        "revision": "0" * 64, "content": "0" * 64, "state": "verified", "device": "d", "name": "X",
        "village_code": "3216132001", "severity": "", "registered_at": "", "received_at": "",
    }  # fmt: skip
    with office.database.writing() as connection:
        for start in range(0, people, AT_ONCE):
            some = range(start, min(start + AT_ONCE, people))
            rows = [{**row, "id": f"s{i}", "nik": niks[i]} for i in some]
            connection.execute(insert(SUBJECT_ROWS), rows)
    return niks


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    answer = work()
    return round(time.perf_counter() - started, 2), answer


def percentiles(samples: list[float], unit: float) -> dict[str, float]:
    cuts = statistics.quantiles(samples, n=100)
    return {f"p{p}": round(cuts[p - 1] * unit, 3) for p in (50, 95, 99)}


def timed(look: Callable[[str], object], asked: list[str]) -> list[float]:
    taken = []
    for one in asked:
        started = time.perf_counter()
        look(one)
        taken.append(time.perf_counter() - started)
    return taken


def look_ups(brought: Brought, niks: list[str]) -> dict[str, object]:
    """Time whole NIKs, known and unknown, and count those that are taken for somebody else."""
    dice = random.Random(5)
    strangers = [f"9{dice.randrange(10**15):015d}" for _ in range(LOOK_UPS)]
    known = dice.sample(niks, min(len(niks), 2_000))
    district, ordered = brought.district, sorted(niks)
    fields = brought.store.taken_document("district_niks")
    assert fields is not None
    found = district._set(fields)
    for nik in known:
        assert nik in found
    key = bytes.fromhex(fields["key"])
    digest = hmac.new(key, known[0].encode(), hashlib.sha256).digest()[:4]
    assert int.from_bytes(digest) in found.hashes
    alone = timed(found.__contains__, strangers)
    bare = timed(lambda nik: ordered[bisect_left(ordered, nik) % len(ordered)] == nik, strangers)
    whole = timed(district.check, strangers[:500])
    return {
        "look_up_us": percentiles(alone, 1e6),
        "bare_search_us": percentiles(bare, 1e6),
        "check_with_the_files_day_ms": percentiles(whole, 1e3),
        "strangers_asked": LOOK_UPS,
        "strangers_taken_for_somebody": sum(nik in found for nik in strangers),
        "expected_in_a_million": round(len(niks) * 1e6 / HASHES_IN_ALL, 2),
    }


def searches(brought: Brought, names: list[str]) -> dict[str, object]:
    dice = random.Random(7)
    typed = [name[:k] for name in dice.sample(names, SEARCHES) for k in (4, 8, len(name))]
    lists = brought.worklists
    timed(lambda text: lists.hits(text, "3216132001"), typed)  # warm
    by_name = timed(lambda text: lists.hits(text, "3216132001"), typed)
    by_nik = timed(
        lambda text: lists.hits(text, "3216132001"), [f"{i:04d}" for i in range(SEARCHES)]
    )
    progress = timed(lambda _: lists.progress("3216132001"), [""] * 100)
    return {
        "hits_by_name_ms": percentiles(by_name, 1e3),
        "hits_by_four_digits_ms": percentiles(by_nik, 1e3),
        "progress_of_a_village_ms": percentiles(progress, 1e3),
    }


def longest_waits(store: Store) -> tuple[list[float], list[int]]:
    """Remember how long each part holds the one writer: a save waits no longer than that."""
    waits, sizes = [], []
    kept = store.keep_part

    def keep(part: Any, content: bytes) -> None:
        started = time.perf_counter()
        kept(part, content)
        waits.append(time.perf_counter() - started)
        sizes.append(len(content))

    store.keep_part = keep  # type: ignore[method-assign]
    return waits, sizes


def joined(office: Office, url: str, home: Path) -> Store:
    return enrol_laptop(
        home, server_url=url, code=add_device(office, "L").code, operator_name=OPERATOR,
        passphrase=PASSPHRASE, cost=CHEAP,
    ).store  # fmt: skip


def measured(folder: Path, people: int) -> dict[str, object]:
    office = new_office(folder / "office", None)
    names = written_list(folder / "daftar.csv", people)
    niks = stock(office, people)
    import_s, done = seconds(lambda: import_worklist(office, folder / "daftar.csv"))
    assert done.rejected == []
    publish_s, published = seconds(lambda: publish_niks(office))
    with serving(office) as (host, port):
        store = joined(office, f"http://{host}:{port}", folder / "laptop")
        waits, sizes = longest_waits(store)
        sync_s, result = seconds(lambda: really_synced(store))
        assert result.heads_agree
        again_s, again = seconds(lambda: import_worklist(office, folder / "daftar.csv"))
        assert again.new == 0
        told_s, second = seconds(lambda: really_synced(store))
        brought = Brought(store, lambda: datetime.now(UTC))
        report = {
            "people": people,
            "office_import_s": import_s,
            "office_import_again_s": again_s,
            "office_hashes_s": publish_s,
            "parts": len(sizes),
            "list_bytes": sum(sizes) - 4 * published.count,
            "bytes_a_person": round((sum(sizes) - 4 * published.count) / people, 1),
            "hashes_bytes": 4 * published.count,
            "largest_part_bytes": max(sizes),
            "laptop_fetch_s": sync_s,
            "laptop_fetch_bytes": result.bytes_down,
            "laptop_same_list_again_bytes": second.bytes_down,
            "laptop_same_list_again_s": told_s,
            "longest_hold_of_the_writer_ms": round(max(waits) * 1000, 1),
            "listed_on_laptop": brought.standing()["worklist"]["listed"],
            **searches(brought, names),
            **look_ups(brought, niks),
        }
        store.close()
    office.close()
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, default=75_903)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = measured(Path(folder), options.people)
    print(json.dumps({"bench": "brought", **report}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a sync costs, through the real engine, file and server; prints one JSON object.

`python -m tests.benchmarks.bench_sync [--workers 10000] [--photos 300] [--database URL]`. Ratios
compare with the least that this machine needs for the same bytes in the same run (bare_office).
"""

import argparse
import contextlib
import gzip
import http.client
import json
import multiprocessing
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.checking import check_draft
from enumerator_app.domain.reference import load_places, load_rulebook
from enumerator_app.domain.registration import HeirDraft, RegistrationDraft
from enumerator_app.services.sample_data import sample_rows
from enumerator_app.services.sample_data.people import SAMPLE_DAY
from sync.client.http import packed
from sync.protocol.short_lines import shortened
from tests.benchmarks.bare_office import serving_bare
from tests.faults.cutting_proxy import cutting
from tests.storage.laptops import portrait
from tests.sync_client.real_office import RealOffice, enrolled_laptop, founded, really_synced

GATES = {
    "bytes_up_per_record_at_500": {"gate": 300, "stretch": 240},
    "noop_bytes_both_ways": {"gate": 720},
    "noop_requests": {"gate": 1},
    "push_time_to_bare": {"gate": 3.0, "stretch": 1.5},
    "noop_time_to_bare": {"gate": 3.0, "stretch": 1.5},
    "photo_rate_to_bare": {"at_least": 0.5, "stretch": 0.8},
    "photo_wire_to_payload": {"gate": 1.02},
}
_NOOPS = 31
_REQUEST_HEAD = 420


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=10_000)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--database", default=None)
    options = parser.parse_args()
    database = ("--database", options.database) if options.database else ()
    with tempfile.TemporaryDirectory() as folder:
        office = founded(Path(folder), *database)
        office.start()
        try:
            figures = measured(office, Path(folder), options.workers, options.photos)
        finally:
            office.stop()
    json.dump({"figures": figures, "gates": GATES, **judged(figures)}, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


def judged(figures: dict[str, float]) -> dict[str, list[str]]:
    """Return the names of the figures that miss their gate, and of those short of the stretch."""

    def misses(name: str, bound: str) -> bool:
        limit = GATES[name].get(bound, GATES[name].get("gate"))
        is_rate = "at_least" in GATES[name]
        limit = GATES[name]["at_least"] if is_rate and bound == "gate" else limit
        return figures[name] < limit if is_rate else figures[name] > limit

    known = [name for name in GATES if name in figures]
    return {
        "missed": [name for name in known if misses(name, "gate")],
        "below_stretch": [n for n in known if "stretch" in GATES[n] and misses(n, "stretch")],
    }


def measured(office: RealOffice, folder: Path, workers: int, photos: int) -> dict[str, Any]:
    with contextlib.closing(enrolled_laptop(office, folder / "laptop")) as store:
        really_synced(store)
        began = time.perf_counter()
        _register(store, workers)
        saving_s = time.perf_counter() - began
        lines = store.lines_after(store.position().received, max_bytes=2**30, max_entries=10**6)
        push, push_s = _timed(lambda: really_synced(store, read_s=120))
        assert (push.pushed, push.heads_agree) == (workers, True), push
        figures = {
            "workers": workers,
            "saves_per_s": round(workers / saving_s),
            "push_s": round(push_s, 3),
            "push_records_per_s": round(workers / push_s),
            "bytes_up_per_record": round(push.bytes_up / workers, 1),
            "bytes_up_per_record_at_500": round(_at_500(lines), 1),
            "push_bytes_down_per_record": round(push.bytes_down / workers, 1),
        }
        figures |= _pull(office, store, workers)
        figures |= _noop(office, store)
        figures |= _photos(store, photos, figures["bytes_up_per_record"])
        bare = _bare(folder, lines, photos)
        figures |= bare
        figures["push_time_to_bare"] = round(push_s / bare["bare_push_s"], 2)
        figures["noop_time_to_bare"] = round(figures["noop_ms"] / bare["bare_noop_ms"], 2)
        if photos:
            rate = figures["photos_per_s"] / bare["bare_photos_per_s"]
            figures["photo_rate_to_bare"] = round(rate, 2)
        return figures


def _register(store: Any, workers: int) -> None:
    for row in sample_rows(workers=workers, seed=9, portraits=0):
        heirs = tuple(HeirDraft(**heir) for heir in row.pop("heirs"))
        row["programmes"] = "+".join(row["programmes"])
        draft = RegistrationDraft({k: str(v) for k, v in row.items()}, heirs)
        store.register(check_draft(draft, _context()).registration)


def _context() -> CheckContext:
    return CheckContext(
        today=SAMPLE_DAY,
        today_is_certain=True,
        rulebook=load_rulebook(),
        places=load_places(),
        source="file",
    )


def _at_500(lines: list[bytes]) -> float:
    """Return bytes up per record of full batches of 500, with the heads of their requests."""
    batches = [lines[i : i + 500] for i in range(0, len(lines), 500)]
    short = [shortened(batch) or b"".join(batch) for batch in batches]
    header = secrets.token_hex(180).encode()  # as long as a batch header, and as hard to compress
    return sum(len(packed(header + b"\n" + body)) + _REQUEST_HEAD for body in short) / len(lines)


def _pull(office: RealOffice, store: Any, workers: int) -> dict[str, float]:
    """Approve everything, and take the decisions in."""
    office.ask("approve", "--all")
    pull, pull_s = _timed(lambda: really_synced(store, read_s=120))
    assert pull.heads_agree, pull
    return {
        "pulled": pull.pulled,
        "pull_s": round(pull_s, 3),
        "pull_notices_per_s": round(pull.pulled / pull_s),
        "pull_bytes_per_notice": round(pull.bytes_down / max(1, pull.pulled), 1),
    }


def _noop(office: RealOffice, store: Any) -> dict[str, float]:
    with cutting(urlsplit(office.url).port) as proxy:
        result = really_synced(store, url=proxy.url)
        counted = (proxy.bytes_up, proxy.bytes_down)
    times = [_timed(lambda: really_synced(store))[1] for _ in range(_NOOPS)]
    return {
        "noop_requests": result.requests,
        "noop_bytes_both_ways": sum(counted),
        "noop_ms": round(statistics.median(times) * 1000, 2),
    }


def _photos(store: Any, photos: int, record_bytes: float) -> dict[str, float]:
    if not photos:
        return {}
    people = iter(sample_rows(workers=photos, seed=10, portraits=0))
    for i, row in enumerate(people):
        row["heirs"], row["programmes"] = [], ""
        draft = RegistrationDraft({k: str(v) for k, v in row.items() if v})
        store.register(check_draft(draft, _context()).registration, photo=portrait(i))
    began: list[float] = []

    def note(progress: Any) -> None:
        if progress.stage == "photos" and not began:
            began.append(time.perf_counter())

    before = really_synced(store, cancelled=_never, report=note)
    seconds = time.perf_counter() - began[0]
    payload = photos * 60_000
    records = record_bytes * photos
    return {
        "photos": before.photos,
        "photos_per_s": round(photos / seconds, 1),
        "photo_wire_to_payload": round((before.bytes_up - records) / payload, 4),
    }


def _never() -> bool:
    return False


def _bare(folder: Path, lines: list[bytes], photos: int) -> dict[str, float]:
    """Push the same lines and photos to the bare office, in a process of its own."""
    ready = multiprocessing.get_context("spawn").Queue()
    done = multiprocessing.get_context("spawn").Event()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve_bare, args=(folder / "bare.sqlite", ready, done)
    )
    process.start()
    try:
        line = http.client.HTTPConnection(ready.get(timeout=30))
        _, push_s = _timed(lambda: _push_bare(line, lines))
        noops = [_timed(lambda: _bare_request(line, "/level", b""))[1] for _ in range(_NOOPS)]
        figures = {
            "bare_push_s": round(push_s, 3),
            "bare_noop_ms": round(statistics.median(noops) * 1000, 3),
        }
        if photos:
            raws = [portrait(i).jpeg for i in range(photos)]
            _, seconds = _timed(
                lambda: [_bare_request(line, f"/photo/{i}", raw) for i, raw in enumerate(raws)]
            )
            figures["bare_photos_per_s"] = round(photos / seconds, 1)
        line.close()
    finally:
        done.set()
        process.join()
    return figures


def _serve_bare(path: Path, ready: Any, done: Any) -> None:
    with serving_bare(path) as address:
        ready.put(address)
        done.wait()


def _push_bare(line: http.client.HTTPConnection, lines: list[bytes]) -> None:
    for i in range(0, len(lines), 1000):
        raw = b"{}\n" + b"".join(lines[i : i + 1000])
        _bare_request(line, "/batch", gzip.compress(raw, 6))


def _bare_request(line: http.client.HTTPConnection, path: str, body: bytes) -> None:
    line.request("POST", path, body)
    line.getresponse().read()


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())

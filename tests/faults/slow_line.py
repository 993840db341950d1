"""Records with photos over a line of 256 kbit/s that is cut every 20 seconds on average.

    python -m tests.faults.slow_line --people 2000 [--times 5] [--seed 1] [--control] [--save FILE]

A real laptop and a real office with a proxy between them that has a bandwidth, a latency, and cuts
after which nothing answers for a while. 2,000 photos would take most of an hour: so all of it is
sped up `--times` times, the line, its latency, its cuts, the laptop's clock and its waits alike;
what this machine computes is not, which makes the line look slower than it is. A smaller number
goes at the true speed besides. The need is what the same people take on a line without a cut,
requests and photos, counted on the line. The control starts from zero after each cut, as others
do: it must send far more.
"""

import asyncio
import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import ServerUnreachable
from enumerator_app.storage.store import Store
from sync.client.backoff import Timing
from sync.client.photos import PhotoToSend
from sync.client.progress import Progress
from sync.server.devices import add_device
from sync.server.office import Office
from tests.faults.accounts import VILLAGE, hashes_at, held_at, held_by
from tests.faults.reporting import campaign_options, concluded
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person, portrait
from tests.sync_client.real_office import really_synced

BYTES_A_SECOND = 256_000 / 8
LATENCY_S = 0.15  # each way
BETWEEN_CUTS_S = 20.0
OUTAGE_S = 2.0
_PIECE = 2_048
_READ_S = 60.0
_SAID = ("people", "cuts", "line_minutes", "all_there")
_LEAST_READ_S = 10.0  # this machine computes at its own speed
_MOST_OF_NEED = 1.1
_HOPELESS = 2.0  # times the need: the control may stop there


@dataclass
class SlowLine:
    """One line for all connections, in each direction. `times` speeds everything up."""

    target: int
    times: float
    is_cut: bool
    dice: Random
    url: str = ""
    bytes_up: int = 0
    bytes_down: int = 0
    cuts: int = 0
    _free_at: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})
    _open: set[Any] = field(default_factory=set)
    _is_out: bool = False

    async def connected(self, reader: Any, writer: Any) -> None:
        if self._is_out:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = (writer, far_writer)
        self._open.update(ends)
        try:
            await asyncio.gather(
                self._carry(reader, far_writer, "up"), self._carry(far_reader, writer, "down")
            )
        finally:
            for end in ends:
                end.transport.abort()
            self._open.difference_update(ends)

    async def _carry(self, reader: Any, writer: Any, way: str) -> None:
        clock = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(_PIECE):
                seconds = len(piece) / BYTES_A_SECOND / self.times
                self._free_at[way] = max(clock.time(), self._free_at[way]) + seconds
                await asyncio.sleep(self._free_at[way] - clock.time())
                if writer.transport.is_closing():
                    return
                self._count(way, len(piece))
                clock.call_later(LATENCY_S / self.times, _write, writer, piece)
        await asyncio.sleep(LATENCY_S / self.times)
        writer.close()

    def _count(self, way: str, size: int) -> None:
        if way == "up":
            self.bytes_up += size
        else:
            self.bytes_down += size

    async def cut_now_and_then(self) -> None:
        while self.is_cut:
            await asyncio.sleep(self.dice.expovariate(1 / BETWEEN_CUTS_S) / self.times)
            self.cuts += bool(self._open)
            self._is_out = True
            self.abort()
            await asyncio.sleep(self.dice.expovariate(1 / OUTAGE_S) / self.times)
            self._is_out = False

    def abort(self) -> None:
        for end in self._open:
            end.transport.abort()


def _write(writer: Any, piece: bytes) -> None:
    if not writer.transport.is_closing():
        writer.write(piece)


@contextmanager
def slow_line(target: int, **settings: Any) -> Iterator[SlowLine]:
    """Yield a running line in front of a local port."""
    line = SlowLine(target, **settings)
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(line.connected, "127.0.0.1", 0)
        line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        cutting = asyncio.create_task(line.cut_now_and_then())
        ready.set()
        await done.wait()
        cutting.cancel()
        server.close()
        line.abort()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    ready.wait(10)
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


@dataclass
class Sending:
    """One laptop on its way to an empty office, and what was seen on the way."""

    store: Store
    office: Office
    line: SlowLine
    said: set[str]
    syncs: int = 0
    records_at_first_photo: int | None = None

    def report(self, progress: Progress) -> None:
        if progress.stage == "photos" and self.records_at_first_photo is None:
            self.records_at_first_photo = held_at(self.office)["people"]

    def sync(self) -> bool:
        """Return whether all of it has arrived."""
        times = self.line.times if self.line.is_cut else 1.0
        timing = Timing(
            clock=lambda: time.monotonic() * times,
            sleep=lambda seconds: time.sleep(seconds / times),
        )
        self.syncs += 1
        try:
            result = really_synced(
                self.store,
                url=self.line.url,
                read_s=max(_LEAST_READ_S, _READ_S / times),
                timing=timing,
                report=self.report,
            )
        except ServerUnreachable:
            timing.sleep(2.0)  # somebody presses the button again
            return False
        return result.heads_agree and not result.pending + result.photos_pending


def send(
    people: int, seed: int, *, times: float, is_cut: bool, from_zero: bool = False, most: float = 0
) -> dict[str, Any]:
    """Send so many people over the line until all is there, or more than `most` bytes went."""
    dice, began = Random(seed), time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        office = new_office(folder / "office", None)
        stack.callback(office.close)
        host, port = stack.enter_context(serving(office))
        laptop = enrol_laptop(
            folder / "laptop", server_url=f"http://{host}:{port}",
            code=add_device(office, "Laptop").code, operator_name=OPERATOR,
            passphrase=PASSPHRASE, cost=CHEAP,
        )  # fmt: skip
        store = stack.enter_context(laptop.store)
        said = {_register(store, i, dice) for i in range(people)}
        line = stack.enter_context(slow_line(port, times=times, is_cut=is_cut, dice=dice))
        sending = Sending(store, office, line, said)
        if from_zero:
            stack.enter_context(_starting_from_zero(store))
        started = time.monotonic()
        while not sending.sync() and not 0 < most < line.bytes_up:
            continue
        seconds = (time.monotonic() - started) * times
        here, there = held_by(store), held_at(office)
        lost = len(said - hashes_at(office))
    return {
        "people": people,
        "cuts": line.cuts,
        "syncs": sending.syncs,
        "bytes_up": line.bytes_up,
        "bytes_down": line.bytes_down,
        "line_minutes": round(seconds / 60, 1),
        "records_there_at_first_photo": sending.records_at_first_photo,
        "photos_there": there["photos"],
        "all_there": here["entries"] == there["entries"] == there["answers"] and not lost,
        "lost": lost,
        "seconds": round(time.monotonic() - began, 1),
    }


def _register(store: Store, i: int, dice: Random) -> str:
    who = person(i, village_code=VILLAGE, phone=f"0812{i:08d}")
    return store.register(who, photo=portrait(i, dice.randint(30_000, 60_000))).entry_hash


@contextmanager
def _starting_from_zero(store: Store) -> Iterator[None]:
    """The control's fault: after a cut everything is sent once more, whatever had arrived."""
    known = store.photos_to_send

    def all_photos() -> list[PhotoToSend]:
        rows = store._file.engine.read(
            lambda connection: connection.execute("SELECT sha256, size FROM photo").fetchall()
        )
        return [PhotoToSend(*row) for row in rows]

    with contextlib.ExitStack() as patches:
        patches.enter_context(patch("sync.client.backoff.MAX_FAULTS_IN_A_ROW", 1))
        store.photos_to_send = all_photos  # type: ignore[method-assign]
        patches.callback(setattr, store, "photos_to_send", known)
        yield


def run_campaign(
    people: int, seed: int, *, times: float, true_speed: int = 0, control: bool = False
) -> dict[str, Any]:
    """Return the report: the need, the bad line, and a smaller number at the true speed."""
    need = send(people, seed, times=1000.0, is_cut=False)
    most = need["bytes_up"] * _HOPELESS if control else 0
    cut = send(people, seed, times=times, is_cut=True, from_zero=control, most=most)
    ratio = round(cut["bytes_up"] / need["bytes_up"], 3)
    found = {
        "control": "everything from zero after each cut" if control else None,
        "times_as_fast": times,
        "need_bytes_up": need["bytes_up"],
        **cut,
        "sent_to_need": ratio,
    }
    if control:
        return {**found, "as_expected": ratio > _MOST_OF_NEED}
    true = send(true_speed, seed, times=1.0, is_cut=True) if true_speed else cut
    is_whole = cut["all_there"] and true["all_there"] and cut["photos_there"] == people
    is_ordered = cut["records_there_at_first_photo"] == people
    return {
        **found,
        "true_speed": {key: true[key] for key in _SAID} if true_speed else None,
        "as_expected": is_whole and is_ordered and ratio <= _MOST_OF_NEED and cut["cuts"] > 0,
    }


def main() -> int:
    options = campaign_options(__doc__, people=2_000, times=5, true_speed=40).parse_args()
    return concluded(
        options,
        lambda: run_campaign(
            options.people,
            options.seed,
            times=options.times,
            true_speed=options.true_speed,
            control=options.control,
        ),
    )


if __name__ == "__main__":
    raise SystemExit(main())

"""Throw mutated requests at the office's application and see that it refuses, and never breaks.

    python -m tests.faults.fuzz_server --inputs 1000000 [--control]

The real application and database, called without a socket and without changing threads; seven of
ten mutated requests are signed anew by a real device, so that they get past the door. One in eight
requests is that of a signed-in coordinator or administrator: every page and form, in half of the
cases with the token and the phone's code that make the form right. Asked of every answer: no 5xx,
no more than a second of work, and the process does not grow. With `--control` the reader of bodies
is broken on purpose: a campaign that does not notice that proves nothing. Prints one JSON object.
"""

import asyncio
import gzip
import json
import random
import resource
import secrets
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import structlog

from enumerator_app.domain.journal import to_line
from sync.server.application import create_application
from sync.server.devices import add_device
from sync.server.office import Office
from tests.faults.fuzz_pages import FORM, Pages, odd_form, with_pages
from tests.faults.reporting import campaign_options, concluded
from tests.server.laptops import Laptop, nik
from tests.server.offices import new_office, serving

SLOW_S = 1.0  # of work: what else runs on the machine is not the request's
HANGS_S = 15.0
MOST_GROWTH_MIB = 50
LAPTOP = "laptop"
# What share must be answered with something else than a refusal, or nothing was tried.
LEAST_THROUGH = {LAPTOP: 0.02, "coordinator": 0.2, "administrator": 0.2}
_WARM = 2000
_NESTED = b"[" * 20_000
_WORDS = (
    b"' OR 1=1 --", b"../../../../etc/passwd", b"\x00", b"\xff\xfe", "\u202e\u200b".encode(),
    b"=cmd|' /C calc'!A0", b"<script>alert(1)</script>", b"9" * 400, b"-1", b"1e400", b"NaN",
    b"null", b"{}", b"[]", _NESTED, b"%s%n", b"\r\nX-Injected: 1", b"A" * 70_000,
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    who: str = ""  # the role of who is signed in; a laptop has none

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass
class Found:
    """What one process saw."""

    inputs: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    growth_mib: float = 0.0


def main() -> int:
    options = campaign_options(__doc__ or "", inputs=1_000_000, processes=2).parse_args()
    return concluded(options, lambda: run_campaign(options.inputs, options.processes, options.seed,
                                                   control=options.control))  # fmt: skip


def run_campaign(inputs: int, processes: int, seed: int, *, control: bool) -> dict[str, Any]:
    share = inputs // processes
    with ProcessPoolExecutor(processes) as pool:
        jobs = [
            pool.submit(campaign, share, seed + n, control=control) for n in range(processes)
        ]  # fmt: skip
        return judged([job.result() for job in jobs], control=control)


def judged(found: list[Found], *, control: bool) -> dict[str, Any]:
    """Add up what the processes saw. A campaign of refusals alone has not been anywhere."""
    statuses = sum((one.statuses for one in found), Counter[int]())
    broken = [line for one in found for line in one.broken]
    slow = [line for one in found for line in one.slow]
    inputs = sum(one.inputs for one in found)
    growth = max(one.growth_mib for one in found)
    asked = sum((one.asked for one in found), Counter[str]())
    through = sum((one.through for one in found), Counter[str]())
    got_through = {who or LAPTOP: round(through[who] / n, 3) for who, n in sorted(asked.items())}
    is_anywhere = all(got_through.get(who, 0) > least for who, least in LEAST_THROUGH.items())
    holds = not broken and not slow and growth < MOST_GROWTH_MIB and is_anywhere
    return {
        "control": "bodies are unpacked without a limit or a catch" if control else None,
        "inputs": inputs, "broken": len(broken), "slow": len(slow),
        "slowest_ms": round(1000 * max(one.slowest_s for one in found), 1),
        "growth_mib": round(growth, 1), "got_through": got_through,
        "statuses": {str(status): n for status, n in sorted(statuses.items())},
        "first": (broken + slow)[:5], "as_expected": bool(broken) if control else holds,
    }  # fmt: skip


def campaign(inputs: int, seed: int, *, control: bool = False) -> Found:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        office = new_office(Path(folder) / "office", None)
        try:
            app = create_application(office)
            pages, of_people = with_pages(office, Path(folder), app)
            of_people.append(Asked("GET", "/metrics"))  # as dear as a page
            laptop, of_laptops = _prepared(office)
            if control:
                _break_the_reader()
            world = World(app, laptop, pages, (of_laptops, of_people))
            with patch("anyio.to_thread.run_sync", _here):
                return asyncio.run(_throw(world, inputs, random.Random(seed)))
        finally:
            office.close()


async def _here(work: Callable[..., Any], *given: Any, **_: Any) -> Any:
    """Do at once what would wait for a thread: one request at a time needs no other."""
    return work(*given)


def _break_the_reader() -> None:
    from sync.server import routes  # noqa: PLC0415 - the protection that is taken away

    routes.unpack = lambda body, encoding, _=0: gzip.decompress(body) if encoding else body


def _prepared(office: Office) -> tuple[Laptop, list[Asked]]:
    """A device that is known, with people and a photo on record, and requests that are right."""
    with serving(office) as place:
        laptop = Laptop(place)
        assert laptop.enrol(add_device(office, "Laptop").code).status == 200
        laptop.start_epoch()
        for n in range(30):
            laptop.register(nik=nik(200 + n), photos=("ab" * 32,), photo="ab" * 32)
        laptop.push(laptop.journal)
        laptop.pull()
        laptop.hello()
    return laptop, list(_right_requests(laptop))


def _right_requests(laptop: Laptop) -> Iterator[Asked]:
    nonce = secrets.token_hex(8)
    hello = {
        "protocol": [1], "app": "test", "office": laptop.office, "device": str(laptop.device),
        "epoch": laptop.head.epoch, "head": laptop.head.hash, "locator": [laptop.head.hash],
        "feed": {"n": laptop.feed_n, "hash": laptop.feed_hash}, "digest": laptop.digest(),
        "server_epoch": laptop.epoch, "nonce": nonce,
    }  # fmt: skip
    subjects = [notice["subject"] for notice in laptop.notices if notice["subject"]][:5]
    for path, message in (
        ("hello", hello),
        ("contents", {"subjects": subjects, "nonce": nonce}),
        ("digest", {"buckets": ["0" * 32] * 256, "nonce": nonce}),
        ("reoffer", {"notices": laptop.notices[:3], "nonce": nonce}),
        ("enrol", {"protocol": 1, "code": "AAAA"}),
    ):
        yield Asked("POST", f"/v1/{path}", body=json.dumps(message).encode())
    batch = laptop.batch([to_line(one) for one in laptop.journal[-10:]], laptop.head.hash or "")
    yield Asked("POST", "/v1/batches", body=batch, headers={"Content-Encoding": "gzip"})
    yield Asked("GET", "/v1/feed", "after=0&limit=50")
    yield Asked("GET", "/v1/level", "at=" + "0" * 64)
    yield Asked("HEAD", f"/v1/photos/{'ab' * 32}")
    yield Asked("PATCH", f"/v1/photos/{'ab' * 32}", body=b"\xff\xd8" * 200,
                headers={"Upload-Offset": "0", "Upload-Length": "900"})  # fmt: skip
    yield Asked("GET", "/v1/documents/trust_list")
    yield Asked("GET", "/v1/parts/" + "0" * 64)
    yield Asked("GET", "/v1/time", "nonce=abcd")
    yield Asked("GET", "/v1/trust")
    for path in ("/", "/letters", "/health", "/static/style.css", "/nowhere"):
        yield Asked("GET", path)
    yield Asked("POST", "/letters/coverage", body=b"village=3216012001&day=2026-11-28",
                headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip


@dataclass
class World:
    """The application, who asks it, and what each side asks when it is right."""

    app: Any
    laptop: Laptop
    pages: Pages
    corpora: tuple[list[Asked], list[Asked]]

    def asked(self, dice: random.Random) -> Asked:
        """Return a request that was mutated, from who is let in."""
        asked = dice.choice(dice.choices(self.corpora, (7, 1))[0])
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            asked = mutated(asked, dice)
        if asked.who:
            return self.pages.headers(asked, dice)
        if asked.path.startswith("/v1") and dice.random() < 0.7:
            return replace(asked, headers={**asked.headers, **_proof(self.laptop, asked)})
        return asked


async def _throw(world: World, inputs: int, dice: random.Random) -> Found:
    found = Found()
    at_first = 0
    for n in range(inputs):
        if n == _WARM:
            at_first = _memory_kib()
        asked = world.asked(dice)
        began, worked = time.perf_counter(), time.process_time()
        status, place = await _answer(world.app, asked, asked.headers)
        spent, waited = time.process_time() - worked, time.perf_counter() - began
        found.inputs += 1
        found.statuses[status] += 1
        found.asked[asked.who] += 1
        is_out = asked.who != "" and place.startswith("/sign-in")
        found.through[asked.who] += status < (400 if asked.who else 300) and not is_out
        if is_out:
            world.pages.fresh()
        found.slowest_s = max(found.slowest_s, spent)
        if status >= 500:
            found.broken.append(f"{status} {asked!r}"[:2000])
        if spent > SLOW_S or waited > HANGS_S:
            found.slow.append(f"{spent:.1f} s of work in {waited:.1f} s {asked!r}"[:2000])
    found.growth_mib = max(0, _memory_kib() - (at_first or _memory_kib())) / 1024
    return found


def _proof(laptop: Laptop, asked: Asked) -> dict[str, str]:
    laptop.counter += 1
    said: dict[str, Any] = {"counter": laptop.counter, "key": None, "nonce": "0123456789abcdef"}
    target = quote(asked.path, safe="/") + (f"?{asked.query}" if asked.query else "")
    return laptop.proof(asked.method, target, asked.body, **said)


async def _answer(app: Any, asked: Asked, headers: dict[str, str]) -> tuple[int, str]:
    """Call the application as a server would; return its status and where it leads to."""
    place, status = "", 599  # it said nothing at all
    raw = [(b"host", b"127.0.0.1")] + [
        (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in headers.items()
    ]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": asked.method,
        "scheme": "http", "path": asked.path, "raw_path": quote(asked.path, safe="/").encode(),
        "query_string": asked.query.encode("latin-1", "replace"), "headers": raw,
        "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": asked.body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal place, status
        if message["type"] == "http.response.start":
            status = message["status"]
            place = dict(message["headers"]).get(b"location", b"").decode("latin-1")

    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 - what reaches the server is a break
        print(type(error).__name__, error, file=sys.stderr)
        return 598, ""
    return status, place


def mutated(asked: Asked, dice: random.Random) -> Asked:
    return dice.choice(_MUTATIONS)(asked, dice)


def _flip(asked: Asked, dice: random.Random) -> Asked:
    if not asked.body:
        return replace(asked, body=dice.randbytes(dice.randrange(40)))
    raw = bytearray(asked.body)
    for _ in range(dice.randint(1, 4)):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return replace(asked, body=bytes(raw))


def _cut(asked: Asked, dice: random.Random) -> Asked:
    return replace(asked, body=asked.body[: dice.randrange(len(asked.body) + 1)])


def _insert(asked: Asked, dice: random.Random) -> Asked:
    at = dice.randrange(len(asked.body) + 1)
    return replace(asked, body=asked.body[:at] + dice.choice(_WORDS) + asked.body[at:])


def _inside(asked: Asked, dice: random.Random) -> Asked:
    """Change what is packed, and pack it again."""
    if asked.headers.get("Content-Encoding") != "gzip":
        return _value(asked, dice)
    try:
        plain = gzip.decompress(asked.body)
    except (OSError, EOFError, zlib.error):
        return asked
    inner = dice.choice((_flip, _cut, _insert))(replace(asked, body=plain), dice)
    return replace(asked, body=gzip.compress(inner.body, 1))


def _value(asked: Asked, dice: random.Random) -> Asked:
    """Put something of another kind in the place of one value of a JSON body or a form."""
    if asked.headers.get("Content-Type") == FORM:
        return replace(asked, body=odd_form(asked.body, dice.choice(_WORDS)[:2000], dice))
    try:
        message = json.loads(asked.body)
    except (ValueError, RecursionError):
        return asked
    if not isinstance(message, dict) or not message:
        return asked
    odd: tuple[Any, ...] = (
        None,
        True,
        -1,
        2**70,
        1.5,
        "",
        "x" * 5000,
        [],
        [[]] * 300,
        {},
        "\u0000",
        "🙂",
    )
    message[dice.choice(list(message))] = dice.choice(odd)
    return replace(asked, body=json.dumps(message).encode())


def _address(asked: Asked, dice: random.Random) -> Asked:
    word = dice.choice(_WORDS)[:200].decode("utf-8", "replace")
    if dice.random() < 0.5:
        return replace(asked, query=quote(word, safe="=&") + "&" + asked.query)
    head, _, _ = asked.path.rpartition("/")
    return replace(asked, path=f"{head}/{word}")


def _header(asked: Asked, dice: random.Random) -> Asked:
    names = ("Content-Encoding", "Upload-Offset", "Upload-Length", "TP1-Counter", "TP1-Device",
             "Content-Type", "Accept-Encoding", "Content-Length", "Cookie", "Origin")  # fmt: skip
    word = dice.choice((*_WORDS, b"gzip", b"0", b"900")).decode("latin-1")[:4000]
    return replace(asked, headers={**asked.headers, dice.choice(names): word.replace("\r\n", " ")})


def _method(asked: Asked, dice: random.Random) -> Asked:
    return replace(asked, method=dice.choice(("GET", "POST", "PUT", "DELETE", "HEAD", "TRACE")))


def _bomb(asked: Asked, dice: random.Random) -> Asked:
    bomb = _bomb_of(dice.choice((1 << 16, 1 << 22, 1 << 23)))
    return replace(asked, body=bomb, headers={**asked.headers, "Content-Encoding": "gzip"})


@cache
def _bomb_of(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


_MUTATIONS: tuple[Callable[[Asked, random.Random], Asked], ...] = (
    _flip, _flip, _cut, _insert, _inside, _inside, _inside, _value, _value, _address, _header,
    _header, _method, _bomb,
)  # fmt: skip


def _memory_kib() -> int:
    """The memory in use now; the peak would only ever grow."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


if __name__ == "__main__":
    sys.exit(main())

"""A TCP proxy that cuts a connection after a random number of bytes in either direction.

It also counts what passes. Everything is decided by one seeded generator, so that a failing run
can be repeated as far as the scheduling of sockets allows.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class CuttingProxy:
    """Each direction of a connection is cut by `chance`, after 1 to `most_bytes` bytes."""

    target: int
    chance: float = 0.0
    most_bytes: int = 20_000
    seed: int = 0
    cuts: int = 0
    cuts_down: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    url: str = ""
    dice: random.Random = field(init=False)
    open_ends: set = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    async def connected(self, reader, writer) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        both = (writer, far_writer)
        self.open_ends.update(both)
        allowed = [self._allowance(), self._allowance()]
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, "bytes_up", allowed[0], both),
                self._pump(far_reader, writer, "bytes_down", allowed[1], both),
            )
        finally:
            self.abort(both)
            self.open_ends.difference_update(both)

    def abort(self, ends) -> None:
        for end in ends:
            end.transport.abort()

    def _allowance(self) -> int | None:
        if self.dice.random() >= self.chance:
            return None
        return self.dice.randint(1, self.most_bytes)

    async def _pump(self, reader, writer, counter, allowed, both) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(1 << 16):
                if allowed is not None and len(piece) >= allowed:
                    self.cuts += 1
                    self.cuts_down += counter == "bytes_down"
                    writer.write(piece[: allowed - 1])
                    break  # what was written still arrives, then both ends are gone
                if allowed is not None:
                    allowed -= len(piece)
                setattr(self, counter, getattr(self, counter) + len(piece))
                writer.write(piece)
                await writer.drain()
        for end in both:
            end.close()
        for end in both:
            with contextlib.suppress(ConnectionError):
                await end.wait_closed()


@contextlib.contextmanager
def cutting(target: int, **settings) -> Iterator[CuttingProxy]:
    """Yield a running proxy in front of a local port."""
    proxy = CuttingProxy(target, **settings)
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await done.wait()
        server.close()
        open_lines = asyncio.all_tasks() - {asyncio.current_task()}
        proxy.abort(proxy.open_ends)
        await asyncio.gather(*open_lines, return_exceptions=True)
        await asyncio.sleep(0)  # lets aborted transports close

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()

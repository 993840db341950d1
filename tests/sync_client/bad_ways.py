"""Ways to an office that lead nowhere, over real sockets."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

LONGEST_S = 5.0


class KeptBack:
    """A line on which one request arrives, and everything that comes after it goes missing."""

    def __init__(self, target: int, request: bytes) -> None:
        self._target, self._request = target, request
        self.was_met = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            for work in (self._up, self._down):
                thread = threading.Thread(target=work, args=(near, far))
                self._threads.append(thread)
                thread.start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            while sent := _received(near):
                if self._request in sent:
                    self.was_met.set()
                far.sendall(sent)
            far.shutdown(socket.SHUT_RDWR)

    def _down(self, near: socket.socket, far: socket.socket) -> None:
        while answer := _received(far):
            if not self.was_met.is_set():
                near.sendall(answer)


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except OSError:
        return b""


@contextlib.contextmanager
def full_queue(host: str = "127.0.0.1") -> Iterator[int]:
    """Yield a port whose queue is full: connecting to it waits."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.create_server((host, 0), backlog=0))
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextlib.contextmanager
def silent_office(
    host: str = "127.0.0.1",
) -> Iterator[tuple[str, threading.Event, list[str]]]:
    """Yield an address that accepts and says nothing, whether a request has come, and its end."""
    with socket.create_server((host, 0)) as listener:
        has_come, ends = threading.Event(), []

        def hear() -> None:
            with contextlib.suppress(OSError):
                line, _ = listener.accept()
                with line:
                    line.recv(1024)
                    has_come.set()
                    while line.recv(65_536):
                        pass
                ends.append("closed")

        thread = threading.Thread(target=hear)
        thread.start()
        yield f"http://{host}:{listener.getsockname()[1]}", has_come, ends
        thread.join(LONGEST_S)


@contextlib.contextmanager
def answering(reply: bytes | None, *, host: str = "127.0.0.1") -> Iterator[tuple[int, list[bytes]]]:
    """Yield a port that gives each caller one answer (None: a reset), and what was asked."""
    asked: list[bytes] = []
    with socket.create_server((host, 0)) as listener:

        def hear() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    asked.append(_received(line))
                    if reply is None:
                        line.setsockopt(
                            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                        )
                    else:
                        line.sendall(reply)

        thread = threading.Thread(target=hear)
        thread.start()
        try:
            yield listener.getsockname()[1], asked
        finally:  # a test that fails must not wait for this thread for good
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextlib.contextmanager
def closed_port(host: str) -> Iterator[int]:
    """Yield a port where nobody listens, and where nobody else can begin to."""
    with socket.socket() as taken:
        taken.bind((host, 0))
        yield taken.getsockname()[1]

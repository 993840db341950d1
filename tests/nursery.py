"""The process from which tests fork our programs: it has both of them loaded, and runs neither.

    python -W error -m tests.nursery SOCKET_FD

For each request, a JSON object with the program's outputs passed beside it, it forks, and answers
with the child's process id; when a child ends it says so. It ends, with all its children, when its
other end is closed.
"""

import atexit
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import threading
import traceback
from typing import Any, NoReturn

import enumerator_app
import sync
from enumerator_app.texts import catalogue
from tests.cheap_secrets import make_secrets_cheap

MAINS = {"enumerator_app": "enumerator_app.__main__", "sync.server": "sync.server.__main__"}
MOST_BYTES = 1 << 18
_UNLOADED = (
    ".migrations.",
    ".gallery",
)  # loaded by Alembic; draws when loaded


def load() -> None:
    """Load all there is; a thread that an import starts would not live on in a child."""
    for package in (enumerator_app, sync):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in f"{found.name}." for part in _UNLOADED):
                importlib.import_module(found.name)
    catalogue()
    make_secrets_cheap()
    assert threading.active_count() == 1, threading.enumerate()


def serve(line: socket.socket) -> None:
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    with selectors.DefaultSelector() as ready:
        ready.register(line, selectors.EVENT_READ)
        ready.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fd == woken:
                    os.read(woken, 4096)
                    _tell_ends(line, children)
                elif (child := _begin(line)) is not None:
                    children.add(child)
                else:
                    for one in children:
                        os.kill(one, signal.SIGKILL)
                    return


def _begin(line: socket.socket) -> int | None:
    """Fork what is asked for and say which process it is; None: nobody asks any more."""
    asked, outputs, _, _ = socket.recv_fds(line, MOST_BYTES, 2)
    if not asked:
        return None
    child = os.fork()
    if child == 0:
        line.close()
        _live(json.loads(asked), outputs)
    for one in outputs:
        os.close(one)
    line.send(json.dumps({"begun": child}).encode())
    return child


def _tell_ends(line: socket.socket, children: set[int]) -> None:
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            children.discard(child)
            code = os.waitstatus_to_exitcode(status)
            line.send(json.dumps({"ended": child, "code": code}).encode())


def _live(asked: dict[str, Any], outputs: list[int]) -> NoReturn:
    """Be the program, as `python -m` would start it."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, output in enumerate(outputs, 1):
            os.dup2(output, number)
            os.close(output)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        sys.argv = [asked["module"], *asked["arguments"]]
        code = int(sys.modules[MAINS[asked["module"]]].main(asked["arguments"]) or 0)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else bool(error.code)
    except BaseException:  # noqa: BLE001 - as an interpreter would tell it
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    load()
    with socket.socket(fileno=int(sys.argv[1])) as other:
        serve(other)
    os._exit(0)  # nothing to tidy: it has only loaded

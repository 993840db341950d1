"""The least that an office could do: read a batch, insert its lines, answer. No checks at all.

It is the limit that the sync benchmark compares with, in the same run on the same machine:
uvicorn without a framework, one SQLite file with durable commits.
"""

import contextlib
import gzip
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

_TABLES = (
    "CREATE TABLE line (hash TEXT PRIMARY KEY, header BLOB, salt BLOB, body BLOB)",
    "CREATE TABLE photo (hash TEXT PRIMARY KEY, content BLOB)",
)


class BareOffice:
    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=FULL")
        for table in _TABLES:
            self._file.execute(table)

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        answer = self._work(scope["path"], body)
        head = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    def _work(self, path: str, body: bytes) -> bytes:
        if path == "/level":
            return b"{}"
        self._file.execute("BEGIN IMMEDIATE")
        if path == "/batch":
            _, *lines = gzip.decompress(body).split(b"\n")
            rows = [(str(i), *line.split(b"\t")) for i, line in enumerate(lines) if line]
            for row in rows:
                json.loads(row[1])
            insert = "INSERT OR REPLACE INTO line VALUES (? || hex(randomblob(8)), ?, ?, ?)"
            self._file.executemany(insert, rows)
        else:
            self._file.execute("INSERT OR REPLACE INTO photo VALUES (?, ?)", (path, body))
        self._file.execute("COMMIT")
        return b"{}"

    def close(self) -> None:
        self._file.close()


@contextlib.contextmanager
def serving_bare(path: Path) -> Iterator[str]:
    """Yield host:port of a bare office."""
    app = BareOffice(path)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        app.close()

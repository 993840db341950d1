"""The bare endpoint over PostgreSQL: unpack, COPY into a staging table, upsert, commit, answer."""

import gzip
import json
import os

import psycopg

_COLUMNS = "(hash, nik, name, village, body)"
_MAKE = """
CREATE TABLE IF NOT EXISTS record
  (hash text PRIMARY KEY, nik text, name text, village text, body json);
CREATE INDEX IF NOT EXISTS record_nik ON record (nik);
CREATE INDEX IF NOT EXISTS record_village ON record (village);
CREATE TEMP TABLE staged (LIKE record)
"""


class BareCopy:
    """An application of its own; no authentication, no checks, no audit."""

    def __init__(self) -> None:
        self._connection = psycopg.connect(os.environ["BARE_URL"])
        self._connection.execute(_MAKE)
        self._connection.commit()

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self._take(body)
        head = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"{}"})

    def _take(self, body: bytes) -> None:
        lines = gzip.decompress(body).split(b"\n")[1:-1]
        with self._connection.cursor() as cursor:
            with cursor.copy(f"COPY staged {_COLUMNS} FROM STDIN") as copy:
                for line in lines:
                    header, salt, raw = line.split(b"\t")
                    record = json.loads(raw)
                    names = [record.get(name) for name in ("nik", "name", "village_code")]
                    copy.write_row((salt.decode() + str(len(header)), *names, raw.decode()))
            cursor.execute(
                f"INSERT INTO record {_COLUMNS} SELECT * FROM staged "  # noqa: S608 - own names
                "ON CONFLICT (hash) DO UPDATE SET body = excluded.body"
            )
            cursor.execute("TRUNCATE staged")
        self._connection.commit()


def application() -> BareCopy:
    return BareCopy()

"""Notices about a laptop itself, and about no record: signed, into its own feed."""

from sqlalchemy import Connection

from sync.protocol.signing import REVISION, signed_document
from sync.server.bulk import write_all
from sync.server.feed import Feeds, Notice, read_heads
from sync.server.office import Office


def tell_device(office: Office, connection: Connection, to: str, kind: str, /, **said: str) -> None:
    """Tell a laptop something; its other copies read it, too."""
    fields = {
        "kind": kind, "subject": None, "number": None, "revision": None, "state": None,
        "at": office.now(), "server_epoch": office.server_epoch, **said,
    }  # fmt: skip
    written = signed_document(office.issuer.key, REVISION, fields).decode()
    tell_written(connection, to, kind, written)


def tell_written(connection: Connection, device: str, kind: str, written: str) -> None:
    """Tell a laptop what was signed already."""
    feeds = Feeds({head.device: head for head in read_heads(connection, [device], lock=True)})
    feeds.emit(device, Notice(kind, None, None, written))
    write_all(connection, feeds.writes())

"""The request that a whole sync consists of when nothing is to do: both ends say where they are."""

from typing import Final

from sqlalchemy import Connection, select, update

from enumerator_app import __version__
from sync.protocol.digest import digest_of
from sync.protocol.level import level_hash
from sync.protocol.messages import PROTOCOL, FeedPosition, Hello, HelloAnswer
from sync.server.feed import FeedHead, read_heads
from sync.server.office import Office
from sync.server.quota.telling import has_seat_news
from sync.server.refusal import Refused
from sync.server.tables import DEVICE_KEY_ROWS, DEVICE_ROWS, ENTRY_ROWS, FEED_ROWS, PHOTO_ROWS

MOST_MISSING: Final = 500


def answer_hello(office: Office, message: Hello, *, device: str, state: str) -> HelloAnswer:
    """Return where this office stands with a device.

    Raises:
        Refused: the hello is for another office or another device.
    """
    if message.office != office.public.office:
        raise Refused(403, "other_office")
    if message.device != device:
        raise Refused(403, "other_device")
    with office.database.reading() as connection:
        head = read_heads(connection, [device], lock=False)[0]
        return HelloAnswer(
            protocol=PROTOCOL,
            server_epoch=office.server_epoch,
            known=_newest_known(connection, message),
            tips=_tips(connection, device, message.epoch),
            feed_ok=_continues(connection, message.feed, head),
            feed_head=head.n,
            digest_ok=_agrees(message, head),
            locked=state != "active",
            time=office.now(),
            photos_missing=_photos_missing(connection, device),
            bodies_missing=_bodies_missing(connection, device),
            too_old=None if PROTOCOL in message.protocol else __version__,
            server_key=office.issuer.certificate,
            keys=_key_ids(connection, device),
        )


def is_level(office: Office, *, device: str, state: str, at: str) -> bool:
    """Return whether a laptop at this place has nothing to do here, nor this office with it."""
    if state != "active":
        return False
    with office.database.reading() as connection:
        head = read_heads(connection, [device], lock=False)[0]
        places = (
            level_hash(
                epoch=epoch,
                head=tip,
                feed=FeedPosition(n=head.n, hash=head.hash),
                digest=digest_of(head.sums_as_integers()),
                server_epoch=office.server_epoch,
            )
            for epoch, tip in _all_tips(connection, device)
        )
        return (
            at in places
            and not _photos_missing(connection, device)
            and not _bodies_missing(connection, device)
            and not has_seat_news(connection, device)
        )


def note_heard(office: Office, connection: Connection, message: Hello, *, device: str) -> None:
    """Remember that a laptop knows this life of the office: what it kept was offered.

    `device` is whose signature it is: nobody says for another laptop that it was heard.
    """
    if message.device == device and message.server_epoch == office.server_epoch:
        change = update(DEVICE_ROWS).where(DEVICE_ROWS.c.id == device)
        connection.execute(change.values(heard_epoch=office.server_epoch))


def _newest_known(connection: Connection, message: Hello) -> str | None:
    wanted = [*([message.head] if message.head else []), *message.locator][:80]
    query = select(ENTRY_ROWS.c.hash).where(ENTRY_ROWS.c.hash.in_(wanted))
    here = set(connection.execute(query).scalars())
    return next((name for name in wanted if name in here), None)


def _key_ids(connection: Connection, device: str) -> list[str]:
    table = DEVICE_KEY_ROWS.c
    query = select(table.kid).where(table.device == device).order_by(table.n)
    return list(connection.execute(query).scalars())


def _tips(connection: Connection, device: str, epoch: str) -> list[str]:
    query = select(ENTRY_ROWS.c.hash).where(
        ENTRY_ROWS.c.device == device, ENTRY_ROWS.c.epoch == epoch, ENTRY_ROWS.c.is_leaf == 1
    )
    return list(connection.execute(query).scalars())


def _all_tips(connection: Connection, device: str) -> list[tuple[str, str]]:
    query = select(ENTRY_ROWS.c.epoch, ENTRY_ROWS.c.hash).where(
        ENTRY_ROWS.c.device == device, ENTRY_ROWS.c.is_leaf == 1
    )
    return [(row.epoch, row.hash) for row in connection.execute(query)]


def _continues(connection: Connection, place: FeedPosition, head: FeedHead) -> bool:
    """Return whether the laptop's place is one of this feed; the hash proves it, not the number."""
    if place.n == 0:
        return True
    if place.n == head.n:
        return place.hash == head.hash
    if not 0 < place.n < head.n:
        return False
    query = select(FEED_ROWS.c.hash).where(
        FEED_ROWS.c.device == head.device, FEED_ROWS.c.n == place.n
    )
    return connection.execute(query).scalar() == place.hash


def _agrees(message: Hello, head: FeedHead) -> bool:
    """Return whether both hold the same; never claimed where it cannot be compared yet."""
    if message.digest is None or message.feed.n != head.n:
        return False
    return message.digest == digest_of(head.sums_as_integers())


def _photos_missing(connection: Connection, device: str) -> list[str]:
    query = (
        select(PHOTO_ROWS.c.hash)
        .where(PHOTO_ROWS.c.device == device, PHOTO_ROWS.c.is_complete == 0)
        .limit(MOST_MISSING)
    )
    return list(connection.execute(query).scalars())


def _bodies_missing(connection: Connection, device: str) -> list[str]:
    query = (
        select(ENTRY_ROWS.c.hash)
        .where(ENTRY_ROWS.c.device == device, ENTRY_ROWS.c.outcome.in_(("stub", "damaged")))
        .limit(MOST_MISSING)
    )
    return list(connection.execute(query).scalars())

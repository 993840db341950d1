"""One office, opened: its keys, its database, its clock. Commands and routes both start here."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.errors import FileUnreadable
from enumerator_app.domain.form_policy import FormPolicy
from enumerator_app.domain.instants import day_in_wib, instant_to_text
from enumerator_app.domain.reference import load_places, load_rulebook
from sync.server.awaiting import awaited
from sync.server.chain import HEAD_ID, read_chain
from sync.server.database import Database
from sync.server.errors import DatabaseForeign
from sync.server.form_policy import form_policy
from sync.server.home import Home, read_json, write_json
from sync.server.ingest.judging import Judge, judge_by
from sync.server.ingest.run import Ingest
from sync.server.keys import Issuer, OfficePublic, read_public
from sync.server.migrations import upgrade
from sync.server.people.tables import DEED_HEAD_ROWS
from sync.server.photo_store import PhotoStore, photo_store
from sync.server.tables import OFFICE_ROWS, REVISION_ROWS, SERVER_HEAD_ROWS

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class Office:
    """What a request or a command works with."""

    home: Home
    public: OfficePublic
    issuer: Issuer
    database: Database
    server_epoch: str
    clock: Clock = now_utc
    device_keys: dict[str, list[str]] = field(default_factory=dict, repr=False)
    list_day: date | None = None
    """The day on which the list for checking cards was last looked at."""
    done_on: dict[str, date] = field(default_factory=dict, repr=False)  # what is due once a day

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(self.database, self.issuer, self.judge, self.clock)

    @cached_property
    def photos(self) -> PhotoStore:
        return photo_store(self.home)

    def now(self) -> str:
        return instant_to_text(self.clock())

    def judge(self, policy: FormPolicy | None = None) -> Judge:
        """Return the judge by today's rules: the same that spoke at the table.

        `policy` is what the office decided about the form, where that was read already.
        """
        return judge_by(self.check_context(policy))

    def check_context(self, policy: FormPolicy | None = None) -> CheckContext:
        decided = policy or form_policy(self.database)
        return CheckContext(
            today=day_in_wib(self.clock()),
            today_is_certain=True,
            rulebook=load_rulebook(),
            places=load_places(),
            kk_number=decided.kk_number,
        )

    def keep_head_outside(self) -> None:
        """Write the server chain's head beside the database, where a restore does not reach."""
        with self.database.reading() as connection:
            chain = read_chain(connection, self.issuer, lock=False)
            deeds = connection.execute(select(DEED_HEAD_ROWS.c.n, DEED_HEAD_ROWS.c.hash)).one()
        head = {"server_epoch": self.server_epoch, "n": chain.n, "hash": chain.hash}
        head |= {"deeds": deeds.n, "deeds_hash": deeds.hash}
        write_json(self.home.head_file, head)

    def kept_deeds(self) -> tuple[int, str | None] | None:
        """Return the end of the chain of deeds as the file outside the database remembers it."""
        try:
            kept = read_json(self.home.head_file)
        except FileUnreadable:
            return None
        return (int(kept["deeds"]), kept["deeds_hash"]) if "deeds" in kept else None

    def is_recovering(self, connection: Connection) -> bool:
        """Return whether a laptop is awaited since this database was restored."""
        return bool(awaited(connection))

    def close(self) -> None:
        self.database.close()


def database_place(home: Home, url: str | None) -> Path | str:
    return url or home.database_file


def create_tables(home: Home, public: OfficePublic, url: str | None) -> None:
    """Make the schema and the rows that say whose database it is.

    Raises:
        DatabaseForeign: another office's data are there already.
    """
    database = Database(database_place(home, url))
    try:
        upgrade(database)
        with database.writing() as connection:
            if connection.execute(select(OFFICE_ROWS.c.id)).first():
                raise DatabaseForeign
            epoch = new_server_epoch()
            connection.execute(insert(OFFICE_ROWS).values(id=public.office, server_epoch=epoch))
            connection.execute(insert(SERVER_HEAD_ROWS).values(id=HEAD_ID, n=0, hash=None))
    finally:
        database.close()


def new_server_epoch() -> str:
    return secrets.token_hex(8)


def open_office(home: Home, url: str | None, clock: Clock = now_utc) -> Office:
    """Open the office in `home`; a database that is older than the home's head gets a new epoch.

    Raises:
        OfficeMissing, KeyFileDamaged, DatabaseForeign, DatabaseUnreachable
    """
    public, issuer = read_public(home), Issuer.read(home)
    database = Database(database_place(home, url))
    upgrade(database)
    with database.reading() as connection:
        row = connection.execute(select(OFFICE_ROWS.c.id, OFFICE_ROWS.c.server_epoch)).one_or_none()
    if row is None or row.id != public.office:
        database.close()
        raise DatabaseForeign
    office = Office(home, public, issuer, database, row.server_epoch, clock)
    if _was_restored(office):
        enter_new_epoch(office)
    return office


def _was_restored(office: Office) -> bool:
    """Return whether the home's file names a revision that the database does not have."""
    try:
        kept = read_json(office.home.head_file)
    except FileUnreadable:
        return False
    if kept["hash"] is None:
        return False
    with office.database.reading() as connection:
        known = select(REVISION_ROWS.c.n).where(REVISION_ROWS.c.hash == kept["hash"])
        return connection.execute(known).first() is None


def enter_new_epoch(office: Office) -> None:
    """This database is a copy from earlier: laptops shall offer again what they keep."""
    epoch = new_server_epoch()
    with office.database.writing() as connection:
        values = {"server_epoch": epoch, "restored_at": office.now()}
        connection.execute(update(OFFICE_ROWS).values(values))
    office.server_epoch = epoch
    office.keep_head_outside()

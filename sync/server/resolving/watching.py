"""Carries out, while the office serves, what was held until its time to undo was over."""

from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection

from sync.server.beside import again_and_again
from sync.server.copied import was_copy_decided
from sync.server.office import Office
from sync.server.resolving.answering import Given, answer_case
from sync.server.resolving.holding import Runner, carry_out_due
from sync.server.resolving.officer import Officer
from sync.server.resolving.records import RECORD, Said, answer_record
from sync.server.resolving.signing import VISIT, approve_signed
from sync.server.resolving.uniting import forget_refused
from sync.server.trust import refresh_trust

CASE: Final = "case"
LOOK_EVERY_S: Final = 1.0


def _case(
    office: Office, connection: Connection, officer: Officer, about: str, payload: dict[str, Any]
) -> None:
    answer_case(office, connection, officer, Given(about, **payload))


def _record(
    office: Office, connection: Connection, officer: Officer, about: str, payload: dict[str, Any]
) -> None:
    answer_record(office, connection, officer, about, Said(**payload))


RUNNERS: Final[dict[str, Runner]] = {CASE: _case, RECORD: _record, VISIT: approve_signed}


def payload_of(given: Given | Said) -> dict[str, Any]:
    """Return an answer as it is held; what it is about stands beside it."""
    return {name: value for name, value in asdict(given).items() if name != CASE}


def settle_held(office: Office) -> int:
    """Carry out what is due; a page does so before it shows how things stand."""
    forget_refused(office)
    began = office.now()
    done = carry_out_due(office, RUNNERS)
    if done:
        refresh_if_copy_decided(office, began)
    return done


def refresh_if_copy_decided(office: Office, since: str) -> None:
    """Renew the list for checking cards where somebody decided about two copies of a laptop."""
    with office.database.reading() as connection:
        is_decided = was_copy_decided(connection, since)
    if is_decided:
        refresh_trust(office)


def carrying_out(office: Office, every_s: float = LOOK_EVERY_S) -> AbstractContextManager[None]:
    """Carry out decisions as their time comes, until the block ends; what is left stays held."""
    return again_and_again("carrying_out", lambda _: settle_held(office), every_s)

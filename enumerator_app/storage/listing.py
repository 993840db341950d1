"""Lines of lists: the columns that are read, and how one becomes a `ListedWorker`."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, select

from enumerator_app.storage.tables import RegistrationRow
from enumerator_app.storage.worker import ListedWorker

_COLUMNS: Final[Sequence[Any]] = (
    RegistrationRow.id,
    RegistrationRow.subject,
    RegistrationRow.number,
    RegistrationRow.name,
    RegistrationRow.nik,
    RegistrationRow.birth_date,
    RegistrationRow.sex,
    RegistrationRow.mother_name,
    RegistrationRow.village_code,
    RegistrationRow.programmes,
    RegistrationRow.state,
    RegistrationRow.custody,
    RegistrationRow.registered_at,
    RegistrationRow.photo,
    RegistrationRow.returned_field,
    RegistrationRow.returned_reason,
    RegistrationRow.kpj,
    RegistrationRow.cover_from,
    RegistrationRow.cover_to,
    RegistrationRow.card_seal,
    RegistrationRow.issue,
    RegistrationRow.printed_at,
    RegistrationRow.printed_kind,
    RegistrationRow.case_kind,
    col(RegistrationRow.pending).is_not(None),
)

_NAMES: Final = tuple(field.name for field in fields(ListedWorker))


def lines() -> Select[Any]:
    """Return the statement that reads lines, to be narrowed and ordered."""
    statement: Select[Any] = select(*_COLUMNS)
    return statement


def rows_of(session: Session, statement: Select[Any]) -> list[ListedWorker]:
    """Run a statement made from `lines()`."""
    return [_worker(values) for values in session.execute(statement)]


def _worker(values: Sequence[Any]) -> ListedWorker:
    found = dict(zip(_NAMES, values, strict=True))
    return ListedWorker(**{**found, "programmes": tuple(found["programmes"])})


def newest_first(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[ListedWorker]:
    statement = lines().where(*conditions).order_by(col(RegistrationRow.id).desc())
    return rows_of(session, statement.limit(limit) if limit is not None else statement)

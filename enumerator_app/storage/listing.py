"""Lines of lists: the columns that are read, and how one becomes a `Row`."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, select

from enumerator_app.domain.numbers import RegistrationNumber
from enumerator_app.storage.records import Row
from enumerator_app.storage.tables import RegistrationRow

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
    RegistrationRow.state,
    RegistrationRow.custody,
    RegistrationRow.registered_at,
    RegistrationRow.photo,
    RegistrationRow.returned_field,
    RegistrationRow.returned_reason,
    RegistrationRow.kpj,
    RegistrationRow.cover_from,
    RegistrationRow.cover_to,
    RegistrationRow.issue,
    RegistrationRow.printed_at,
    RegistrationRow.printed_kind,
    RegistrationRow.case_kind,
    col(RegistrationRow.pending).is_not(None),
)


def lines() -> Select[Any]:
    """Return the statement that reads lines, to be narrowed and ordered."""
    statement: Select[Any] = select(*_COLUMNS)
    return statement


def rows_of(session: Session, statement: Select[Any]) -> list[Row]:
    """Run a statement made from `lines()`."""
    return [Row(*values) for values in session.execute(statement)]


def newest_first(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Row]:
    statement = lines().where(*conditions).order_by(col(RegistrationRow.id).desc())
    return rows_of(session, statement.limit(limit) if limit is not None else statement)


def row_of(found: RegistrationRow) -> Row:
    """Return the line of a record that was read whole."""
    assert found.id is not None
    return Row(
        position=found.id,
        number=RegistrationNumber(found.number),
        pending=found.pending is not None,
        **{name: getattr(found, name) for name in _PLAIN},
    )


_PLAIN: Final = tuple(set(Row.__slots__) - {"position", "number", "pending"})

"""Column types that hold exactly the text that stands in the journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, String, TypeDecorator

from enumerator_app.domain.instants import instant_from_text, instant_to_text


class InstantText(TypeDecorator[datetime]):
    """An aware instant as `2026-11-22T01:02:03.456Z`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        return instant_to_text(value) if value is not None else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        del dialect
        return instant_from_text(value) if value is not None else None


class UuidText(TypeDecorator[UUID]):
    """A UUID in its usual 36 characters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> str | None:
        del dialect
        return str(value) if value is not None else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UUID | None:
        del dialect
        return UUID(value) if value is not None else None

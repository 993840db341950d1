"""What all tables of the office are made with; a registry of their own."""

from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

OFFICE_METADATA = MetaData()


class OfficeTable(SQLModel, registry=registry(metadata=OFFICE_METADATA)):
    """The root of all tables; nothing of the laptop's tables is known here."""

    metadata = OFFICE_METADATA


def text_column(*, nullable: bool = False, default: str | None = None) -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=nullable))


def key_column() -> Any:
    return Field(sa_column=Column(Text, primary_key=True))


def number_key_column() -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


def number_column(default: int | None = 0, *, nullable: bool = False) -> Any:
    return Field(default=default, sa_column=Column(BigInteger, nullable=nullable))


def raw_column(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(LargeBinary, nullable=nullable))


def table_of(model: type[OfficeTable]) -> Table:
    table = OFFICE_METADATA.tables[str(model.__tablename__)]
    assert isinstance(table, Table)
    return table

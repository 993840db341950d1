"""Likenesses over the whole district, links, samples of visits, deeds that can be undone."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXTS = {
    "person": (
        "nik", "name", "birth_date", "sex", "mother_name", "village_code", "rt", "rw", "phone",
        "phone_owner", "other_than",
    ),
    "person_link": (
        "subject", "kept", "case_id", "asked_by", "at", "state_before",
        "revision_before", "kept_before", "kept_after",
    ),
    "held_decision": ("kind", "about", "account", "payload", "at", "due_at", "state", "problem"),
    "visit_review": ("mode", "account", "at"),
}  # fmt: skip


def upgrade() -> None:
    _extend_subject()
    _extend_case()
    op.create_table("person", _key("subject"), *_texts("person"))
    op.create_table("person_key", _key("key"), _key("subject"))
    op.create_index("person_key_subject", "person_key", ["subject"])
    op.create_table(
        "person_link", _key("id"), *_texts("person_link"),
        sa.Column("undone_at", sa.Text()), sa.Column("undone_by", sa.Text()),
    )  # fmt: skip
    op.create_index("person_link_subject", "person_link", ["subject"])
    op.create_index("person_link_kept", "person_link", ["kept"])
    op.create_table("held_decision", _key("id"), *_texts("held_decision"))
    op.create_index("held_decision_due", "held_decision", ["state", "due_at"])
    op.create_table("visit_review", _key("visit"), *_texts("visit_review"))
    _make_sample()
    _make_minutes()


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), primary_key=True)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _texts(table: str) -> list[sa.Column[Any]]:
    return [_text(name) for name in _TEXTS[table]]


def _extend_subject() -> None:
    op.add_column("subject", sa.Column("matched", sa.Text()))
    news = sa.text("matched IS NULL OR matched <> content || ':' || state")
    op.create_index("subject_news", "subject", ["id"], sqlite_where=news, postgresql_where=news)


def _extend_case() -> None:
    """Add the columns, and the members of the cases that are there."""
    for name in ("one", "other", "answered_by", "answered_at", "note"):
        op.add_column("case", sa.Column(name, sa.Text()))
    op.add_column("case", sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("case", "version", server_default=None)
    op.create_index("case_one", "case", ["one"])
    op.create_index("case_other", "case", ["other"])
    table = sa.table("case", *(sa.column(name) for name in ("id", "subjects", "one", "other")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(table.c.id, table.c.subjects)).all():
        members: list[str | None] = [*json.loads(row.subjects), None, None]
        one, other = members[:2]
        change = sa.update(table).where(table.c.id == row.id)
        connection.execute(change.values(one=one, other=other))


def _make_sample() -> None:
    op.create_table(
        "visit_sample", _key("visit"), _key("subject"),
        sa.Column("n", sa.BigInteger(), nullable=False),
        _text("content"), _text("verdict"), _text("account"), _text("at"),
    )  # fmt: skip


def _make_minutes() -> None:
    op.create_table(
        "visit_minutes", _key("visit"), _text("sha256"), _text("media_type"), _text("signed_on"),
        _text("account"), _text("at"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )  # fmt: skip

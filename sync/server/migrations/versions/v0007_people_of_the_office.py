"""Accounts, their sessions and codes, what they did, and what waits for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    _accounts()
    op.create_table(
        "attempt",
        _text("key"), _text("since"), _number("n"), _number("failures"), _text("waits_until"),
        sa.PrimaryKeyConstraint("key"),
    )  # fmt: skip
    op.create_table(
        "deed",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("hash"), _text("account"), _text("deed"), _text("subject", nullable=True),
        _text("at"), _text("bytes"),
        sa.PrimaryKeyConstraint("n"),
    )  # fmt: skip
    op.create_index("deed_account", "deed", ["account", "n"])
    op.create_index("deed_kind", "deed", ["deed", "n"])
    op.create_table(
        "pair",
        _text("id"), _text("kind"), _text("payload"), _text("state"), _text("asked_by"),
        _text("asked_at"), _text("over_at"),
        _text("answered_by", nullable=True), _text("answered_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("pair_state", "pair", ["state", "asked_at"])
    op.create_table(
        "deed_head",
        _text("id"), _number("n"), _text("hash", nullable=True), sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.execute("INSERT INTO deed_head (id, n, hash) VALUES ('office', 0, NULL)")


def _accounts() -> None:
    op.create_table(
        "account",
        _text("id"), _text("login"), _text("name"), _text("role"),
        _text("districts", nullable=True), _text("language"), _number("keys"), _text("state"),
        _text("password", nullable=True), _text("totp", nullable=True), _number("totp_step"),
        _text("first_hash", nullable=True), _text("first_until", nullable=True),
        _text("created_at"), _text("signed_in_at", nullable=True),
        _text("signed_in_from", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("account_login", "account", ["login"], unique=True)
    op.create_table(
        "backup_code",
        _text("account"), _text("hash"), _text("used_at", nullable=True),
        sa.PrimaryKeyConstraint("account", "hash"),
    )  # fmt: skip
    op.create_table(
        "web_session",
        _text("hash"), _text("account"), _text("stage"), _text("csrf"),
        _text("secret", nullable=True), _text("created_at"), _text("seen_at"), _text("address"),
        sa.PrimaryKeyConstraint("hash"),
    )  # fmt: skip
    op.create_index("web_session_account", "web_session", ["account"])

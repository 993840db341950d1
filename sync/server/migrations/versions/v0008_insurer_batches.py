"""Lists to the insurer row by row, its replies, months that were paid, and who left."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _make("insurer_batch", "id", "month", "branch", "monthly#", "nik_sum", "source")
    _make(
        "insurer_row", "batch", "n#", "subject?", "number", "nik", "monthly#", "state", "code?",
        "raw?", "kpj?", "answered_at?", keys=("batch", "n"),
    )  # fmt: skip
    for name, columns in {
        "subject": ["subject"],
        "number": ["number"],
        "nik": ["nik"],
        "state": ["batch", "state"],
    }.items():
        op.create_index(f"insurer_row_{name}", "insurer_row", columns)
    _make("insurer_check", "branch", "month", "at", "summary")
    checked = ("branch", "subject", "code")
    _make("insurer_checked", *checked, "effect", keys=checked)
    op.create_index("insurer_checked_code", "insurer_checked", ["branch", "code"])
    _make(
        "insurer_reply", "id", "at", "officer", "batch", "rows#", "accepted#", "refused#",
        "unchanged#", "listed#",
    )  # fmt: skip
    _make(
        "insurer_listed", "reply", "place#", "reason", "content", "candidates", "closed_at?",
        "answer?", keys=("reply", "place"),
    )  # fmt: skip
    op.create_index("insurer_listed_open", "insurer_listed", ["closed_at"])
    _make("payment", "id", "month", "at", "officer", "people#", "amount#")
    _make("paid_month", "subject", "month", "amount#", "payment", keys=("subject", "month"))
    op.create_index("paid_month_month", "paid_month", ["month"])
    _make("ending", "subject", "reason", "ended_on", "at", "officer")


def _make(table: str, *columns: str, keys: tuple[str, ...] = ()) -> None:
    """Make a table of texts; `#` marks whole numbers, `?` what may be missing."""
    made = [
        sa.Column(
            name.rstrip("#?"),
            sa.BigInteger() if name.endswith("#") else sa.Text(),
            nullable=name.endswith("?"),
        )
        for name in columns
    ]
    op.create_table(table, *made, sa.PrimaryKeyConstraint(*(keys or columns[:1])))

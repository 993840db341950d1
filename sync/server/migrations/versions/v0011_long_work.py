"""Long work has a row that says how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    needed = ("kind", "account", "state", "asked_at", "beat_at")
    op.create_table(
        "long_work",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in needed),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("done", "total")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("answer", "problem")),
        sa.PrimaryKeyConstraint("id"),
    )

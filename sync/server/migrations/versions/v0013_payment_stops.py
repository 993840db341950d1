"""A stop of payment is kept with everybody's earlier end, so that it can be taken back whole."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _make("payment_stop", ("id", "after", "area", "at", "officer"), "undone_at", "undone_by")
    _make("stopped_cover", ("stop", "subject", "before"), keys=("stop", "subject"))


def _make(name: str, needed: tuple[str, ...], *maybe: str, keys: tuple[str, ...] = ("id",)) -> None:
    op.create_table(
        name,
        *(sa.Column(one, sa.Text(), nullable=False) for one in needed),
        *(sa.Column(one, sa.Text(), nullable=True) for one in maybe),
        sa.PrimaryKeyConstraint(*keys),
    )

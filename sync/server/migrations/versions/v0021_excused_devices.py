"""Laptops that a restored office no longer waits for, because two persons said so."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "excused_device",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("server_epoch", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", "server_epoch"),
    )

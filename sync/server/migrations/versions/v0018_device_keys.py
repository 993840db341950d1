"""A laptop may have several keys: how each came, whether it was confirmed, how far it vouches."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for name in ("entry", "signed_by", "confirmed_at"):
        op.add_column("device_key", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("device_key", sa.Column("vouches_to", sa.BigInteger(), nullable=True))

"""A code for a new laptop may say whose place it takes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("replaces", sa.Text(), nullable=True))

"""A list of expected people says where they were born, where the office knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    column = sa.Column("birth_place", sa.Text(), nullable=False, server_default="")
    op.add_column("listed_person", column)

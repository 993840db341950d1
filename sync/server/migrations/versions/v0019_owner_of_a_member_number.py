"""Whose a member number is, is found by an index: each accepted row of a reply asks it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    is_given = sa.text("kpj IS NOT NULL")
    op.create_index(
        "subject_kpj", "subject", ["kpj"], sqlite_where=is_given, postgresql_where=is_given
    )

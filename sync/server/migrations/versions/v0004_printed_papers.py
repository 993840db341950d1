"""Papers that were printed again are found without reading every entry."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    printed = sa.text("kind = 'card_printed'")
    op.create_index(
        "entry_printed", "entry", ["subject"], sqlite_where=printed, postgresql_where=printed
    )

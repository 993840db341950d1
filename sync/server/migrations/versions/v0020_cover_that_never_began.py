"""Cover that was ended before it began is none; older versions kept an end before its start."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute(
        "UPDATE subject SET cover_from = NULL, cover_to = NULL "
        "WHERE state = 'ended' AND cover_to < cover_from"
    )

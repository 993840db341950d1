"""Visits with records that wait are counted on every page: out of an index of those alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    waiting = sa.text("state IN ('registered', 'waiting_nik', 'returned')")
    op.create_index(
        "subject_waiting",
        "subject",
        ["visit_id", "state", "severity", "village_code", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )

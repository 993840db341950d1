"""What the office's pages ask for: counts by village and by day out of indexes, visits to come."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_BY_DAY = ["registered_at", "id", "state", "village_code", "device"]
_BY_NAME = ["name", "id", "state", "village_code"]
_COUNTED = ["village_code", "state", "cover_from", "cover_to"]


def upgrade() -> None:
    op.create_index("subject_counted", "subject", _COUNTED)
    op.drop_index("subject_village", "subject")  # the new one begins with it
    op.create_index("subject_registered", "subject", _BY_DAY)
    op.create_index("subject_of_device", "subject", ["device", "village_code", "state"])
    op.create_index("subject_name", "subject", _BY_NAME)
    op.drop_index("subject_visit", "subject")
    op.create_index("subject_visit", "subject", ["visit_id", "village_code", "state"])
    _make("planned_visit", ["village_code", "day"], ["device", "place", "planned_by", "at"])
    _make("goal", ["name"], ["value", "said_by", "at"])


def _make(table: str, keys: list[str], others: list[str]) -> None:
    columns = [sa.Column(name, sa.Text(), nullable=False) for name in (*keys, *others)]
    op.create_table(table, *columns, sa.PrimaryKeyConstraint(*keys))

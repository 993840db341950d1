"""People save filters of the list for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    columns = (sa.Column(name, sa.Text(), nullable=False) for name in ("account", "name", "query"))
    op.create_table("saved_view", *columns, sa.PrimaryKeyConstraint("account", "name"))

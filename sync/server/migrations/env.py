"""Run by Alembic, on the connection that `migrations.upgrade` hands over."""

from alembic import context

from sync.server import tables  # noqa: F401 - all of them belong to the schema
from sync.server.table_kit import OFFICE_METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=OFFICE_METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

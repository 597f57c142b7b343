"""Run by Alembic: migrates on the connection, and in the transaction, that it is handed."""

from alembic import context

from core.store.database.migrate import VERSION_TABLE
from core.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

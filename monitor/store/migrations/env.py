"""Runs the migrations on the connection that the store hands over, within its transaction."""

from alembic import context

from monitor.store.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()

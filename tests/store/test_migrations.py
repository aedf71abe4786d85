"""The migrations make the tables that the code reads, and are known to it."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import monitor.store
from monitor.store.history import History
from monitor.store.tables import METADATA, VERSION, VERSION_TABLE


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path):
    file = tmp_path / "history.sqlite3"
    History.open(file).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == VERSION
    engine.dispose()


def test_the_newest_migration_is_the_version_of_the_code():
    config = Config()
    folder = Path(monitor.store.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_heads() == [VERSION]

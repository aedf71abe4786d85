"""Opening the database of a history: ours, of our version, and what to do where it is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, column, inspect, select, table

from monitor.core.errors import HistoryError
from monitor.store import postgresql, sqlite
from monitor.store.advice import ADVICE, ELSEWHERE, advising
from monitor.store.codec import DamagedError
from monitor.store.place import Place
from monitor.store.tables import VERSION, VERSION_TABLE


def open_to_write(place: Place, patience: timedelta) -> Engine:
    """Return the database, made or migrated as needed; raises HistoryError.

    `patience` is how long to wait for another program that writes.
    """
    if place.file is not None:
        engine = sqlite.writable(place, place.file, patience)
    else:
        engine = postgresql.server(place, patience)
    with _closing_on_trouble(engine, place):
        with engine.connect() as connection:
            current = is_current(connection, place)
        with writing(engine) as connection:  # shows at once where it cannot be written
            if place.file is None:
                postgresql.must_be_written(connection, place)
            if not current and not is_current(connection, place):
                _migrate(connection)
        if place.file is not None:
            sqlite.let_others_read(engine, patience)
    return engine


def open_to_read(place: Place, patience: timedelta) -> Engine:
    """Return an existing database of our version, untouched; raises HistoryError.

    A file that nobody can write is read too, as it was when its last writer closed it.
    """
    engine = open_as_it_is(place, patience)
    with _closing_on_trouble(engine, place), engine.connect() as connection:
        if not is_current(connection, place):
            raise HistoryError(
                f"{place.name} is empty or from an older Linkwell: run `linkwell check` first"
            )
    return engine


def open_as_it_is(place: Place, patience: timedelta) -> Engine:
    """Return an existing database to read, of whatever version; raises HistoryError."""
    if place.file is None:
        return postgresql.server(place, patience)
    return sqlite.readable(place, place.file, patience)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that takes the right to write from its start on."""
    with (
        engine.connect().execution_options(linkwell_writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment, whatever is written meanwhile."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # SQLite shows no other
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


def is_current(connection: Connection, place: Place) -> bool:
    """Return whether the tables are of our version; raises HistoryError for newer or foreign."""
    if place.file is None:
        postgresql.must_fit(connection, place)
    stored = version_of(connection, place)
    if stored is None:
        return False
    if stored > VERSION:
        raise HistoryError(
            f"{place.name} was written by a newer Linkwell: upgrade Linkwell, {ELSEWHERE}"
        )
    return stored == VERSION


def version_of(connection: Connection, place: Place) -> str | None:
    """Return of which version the tables are, None where there are none; raises HistoryError."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if VERSION_TABLE not in tables:
        raise HistoryError(ADVICE["SQLITE_NOTADB"].format(name=place.name))
    number: Any = column("version_num")
    stored = connection.scalar(select(number).select_from(table(VERSION_TABLE, number)))
    if not isinstance(stored, str) or not stored.isdecimal() or stored == "0000":
        raise DamagedError(f"version {str(stored)[:20]!r}")
    return stored


@contextmanager
def _closing_on_trouble(engine: Engine, place: Place) -> Iterator[None]:
    try:
        with advising(place):
            yield
    except BaseException:
        engine.dispose()
        raise


def _migrate(connection: Connection) -> None:
    """Bring the tables to our version, within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    command.upgrade(config, "head")

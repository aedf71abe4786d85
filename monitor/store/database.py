"""Opening the database of a history: ours, of our version, and what to do where it is not."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, column, create_engine, event, inspect, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.pool import QueuePool

from monitor.core.errors import HistoryError
from monitor.store.codec import DamagedError
from monitor.store.tables import VERSION, VERSION_TABLE

ELSEWHERE = "or set store.url to another place"

ADVICE = {
    "SQLITE_NOTADB": f"{{name}} is not a Linkwell history: move it away {ELSEWHERE}",
    "SQLITE_CORRUPT": "{name} is damaged: move it away, or put a backup in its place",
    "SQLITE_READONLY": f"{{name}} cannot be written: make it and its folder writable {ELSEWHERE}",
    "SQLITE_CANTOPEN": f"{{name}} cannot be opened: make its folder writable {ELSEWHERE}",
    "SQLITE_PERM": f"{{name}} cannot be opened: make it and its folder writable {ELSEWHERE}",
    "SQLITE_BUSY": "{name} is in use by another program: try again when its run has ended",
    "SQLITE_LOCKED": "{name} is in use by another program: try again when its run has ended",
    "SQLITE_FULL": f"there is no room left for {{name}}: free some space {ELSEWHERE}",
    "SQLITE_IOERR": f"the disk fails under {{name}}: look at the disk {ELSEWHERE}",
}
"""What to do, by the beginning of SQLite's own name for the trouble (sqlite.org/rescode.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a history is: the file for SQLite, else the URL; and its name in messages."""

    name: str
    file: Path | None
    url: URL | None = None

    @classmethod
    def of(cls, where: str | Path) -> "Place":
        """Return the place that a path or a database URL names; raises HistoryError."""
        if isinstance(where, Path) or "://" not in where:
            return cls(name=str(where), file=Path(where))
        try:
            url = make_url(where)
        except (ArgumentError, ValueError) as error:
            raise HistoryError(
                "store.url is no database URL: write a path, or for example"
                " sqlite:///.linkwell/history.sqlite3"
            ) from error
        name = url.render_as_string(hide_password=True)
        if url.get_backend_name() != "sqlite":
            return cls(name=name, file=None, url=url)
        if not url.database or url.database.startswith((":", "file:")) or url.query:
            raise HistoryError(
                f"{name} names no file: write a path, or for example"
                " sqlite:///.linkwell/history.sqlite3"
            )
        return cls(name=url.database, file=Path(url.database))


def open_to_write(place: Place, patience: timedelta) -> Engine:
    """Return the database, made or migrated as needed; raises HistoryError.

    `patience` is how long to wait for another program that writes.
    """
    if place.file is not None:
        _make_folder(place, place.file)
        engine = _sqlite(f"file:{quote(str(place.file))}", patience)
    else:
        engine = _server(place)
    with _closing_on_trouble(engine, place):
        with engine.connect() as connection:
            current = _is_current(connection, place)
        with writing(engine) as connection:  # shows at once where it cannot be written
            if not current and not _is_current(connection, place):
                _migrate(connection)
        if place.file is not None:
            with engine.connect() as connection:
                connection.connection.execute("PRAGMA journal_mode=WAL")
    return engine


def open_to_read(place: Place, patience: timedelta) -> Engine:
    """Return an existing database of our version, untouched; raises HistoryError.

    A file that nobody can write is read too, as it was when its last writer closed it.
    """
    if place.file is None:
        engine = _server(place)
    else:
        if not place.file.exists():
            raise HistoryError(f"there is no history at {place.name}: run `linkwell check` first")
        _refuse_folder(place, place.file)
        engine = _readable(place, place.file, patience)
    with _closing_on_trouble(engine, place), engine.connect() as connection:
        if not _is_current(connection, place):
            raise HistoryError(
                f"{place.name} is empty or from an older Linkwell: run `linkwell check` first"
            )
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that takes the right to write from its start on."""
    with (
        engine.connect().execution_options(linkwell_writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def trouble(error: Exception, place: Place) -> Exception:
    """Return a database's error as a HistoryError with advice; any other one as it is."""
    if isinstance(error, DamagedError):
        return HistoryError(f"{ADVICE['SQLITE_CORRUPT'].format(name=place.name)} ({error})")
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return cause if isinstance(cause, Exception) else error  # a value that is no column's: ours
    if isinstance(cause, sqlite3.Error):
        named = getattr(cause, "sqlite_errorname", "")
        for beginning, advice in ADVICE.items():
            if named.startswith(beginning):
                return HistoryError(advice.format(name=place.name))
    if isinstance(error, SQLAlchemyError | sqlite3.Error):
        said = str(cause).partition("\n")[0][:300]
        return HistoryError(f"the history {place.name} cannot be used: {said}. Mend it {ELSEWHERE}")
    return error


@contextmanager
def advising(place: Place) -> Iterator[None]:
    """Turn what goes wrong in the database within the block into a HistoryError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, DamagedError) as error:
        raise trouble(error, place) from error


@contextmanager
def _closing_on_trouble(engine: Engine, place: Place) -> Iterator[None]:
    try:
        with advising(place):
            yield
    except BaseException:
        engine.dispose()
        raise


def _make_folder(place: Place, file: Path) -> None:
    _refuse_folder(place, file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HistoryError(
            f"the folder for {place.name} cannot be made ({error.strerror}):"
            f" make {file.parent} yourself, {ELSEWHERE}"
        ) from error


def _refuse_folder(place: Place, file: Path) -> None:
    if file.is_dir():
        raise HistoryError(f"{place.name} is a folder: set store.url to a file in it")


PRAGMAS = ("foreign_keys=ON", "synchronous=NORMAL")
"""Of every connection; NORMAL is safe with WAL: sqlite.org/wal.html."""


def _sqlite(uri: str, patience: timedelta, *more: str) -> Engine:
    """Return an engine for a SQLite file; transactions begin where we say, tables included.

    `more` are pragmas for every connection besides our own.

    Python's own would not put the making of tables into the transaction.
    Source: docs.sqlalchemy.org/en/21/dialects/sqlite.html, "Enabling Non-Legacy ... Modes".
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=patience.total_seconds(),
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in (*PRAGMAS, *more):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:  # no database, or a locked one: nobody else would close it
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("linkwell_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server(place: Place) -> Engine:
    assert place.url is not None  # noqa: S101 - a place is a file or a URL
    try:
        return create_engine(place.url, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as error:
        raise HistoryError(
            f"{place.name} needs a driver that is not installed ({error}): install it {ELSEWHERE}"
        ) from error


def _readable(place: Place, file: Path, patience: timedelta) -> Engine:
    """Return an engine that only reads, also where SQLite cannot keep its files beside it.

    Opened for reading alone, SQLite would leave its files behind; query_only is as safe.
    Source: sqlite.org/wal.html#read_only_databases.
    """
    path = f"file:{quote(str(file))}"
    engine = _sqlite(f"{path}?mode=rw", patience, "query_only=ON")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DBAPIError as error:
        engine.dispose()
        named = getattr(error.orig, "sqlite_errorname", "")
        if not named.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise trouble(error, place) from error
        unsaved = file.with_name(file.name + "-wal")
        if unsaved.exists() and unsaved.stat().st_size:
            raise HistoryError(
                f"{place.name} was not closed and cannot be written: copy it with its -wal file"
                " to where it can, and name that copy"
            ) from error
        return _sqlite(f"{path}?mode=ro&immutable=1", patience)
    return engine


def _is_current(connection: Connection, place: Place) -> bool:
    """Return whether the tables are of our version; raises HistoryError for newer or foreign."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return False
    if VERSION_TABLE not in tables:
        raise HistoryError(ADVICE["SQLITE_NOTADB"].format(name=place.name))
    number: Any = column("version_num")
    stored = connection.scalar(select(number).select_from(table(VERSION_TABLE, number)))
    if not isinstance(stored, str) or not stored.isdecimal() or stored == "0000":
        raise DamagedError(f"version {str(stored)[:20]!r}")
    if stored > VERSION:
        raise HistoryError(
            f"{place.name} was written by a newer Linkwell: upgrade Linkwell, {ELSEWHERE}"
        )
    return stored == VERSION


def _migrate(connection: Connection) -> None:
    """Bring the tables to our version, within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    command.upgrade(config, "head")

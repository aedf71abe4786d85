"""A history in a file of SQLite."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from monitor.core.errors import HistoryError
from monitor.store.advice import ELSEWHERE, trouble
from monitor.store.place import Place

PRAGMAS = (
    "page_size=16384",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "wal_autocheckpoint=4000",
    "cache_size=-16000",
)
"""Of every connection; NORMAL is safe with WAL: sqlite.org/wal.html.

Pages of 16 KB, in files made from now on, hold an answer with its evidence in one piece: a fifth
more checks a second than with 4 KB. What is written goes into the file every 4,000 pages, that is
64 MB, and 16 MB of it are held in memory: with less, much of the time goes into writing the same
pages of an index again.
"""

_A_MOMENT = 0.01


def writable(place: Place, file: Path, patience: timedelta) -> Engine:
    """Return an engine for a file that is made where it is missing; raises HistoryError."""
    _refuse_folder(place, file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HistoryError(
            f"the folder for {place.name} cannot be made ({error.strerror}):"
            f" make {file.parent} yourself, {ELSEWHERE}"
        ) from error
    return _engine(f"file:{quote(str(file))}", patience)


def readable(place: Place, file: Path, patience: timedelta) -> Engine:
    """Return an engine that only reads, also where SQLite cannot keep its files beside it.

    Opened for reading alone, SQLite would leave its files behind; query_only is as safe.
    Source: sqlite.org/wal.html#read_only_databases. Raises HistoryError.
    """
    if not file.exists():
        raise HistoryError(f"there is no history at {place.name}: run `linkwell check` first")
    _refuse_folder(place, file)
    path = f"file:{quote(str(file))}"
    engine = _engine(f"{path}?mode=rw", patience, "query_only=ON")
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
        return _engine(f"{path}?mode=ro&immutable=1", patience)
    return engine


def let_others_read(engine: Engine, patience: timedelta) -> None:
    """Have what is written put into a file beside it, so that nobody who reads must wait.

    SQLite does not wait by itself for others that open the file just now.
    Raises sqlite3.OperationalError where they go on for longer than `patience`.
    """
    until = time.monotonic() + patience.total_seconds()
    while True:
        try:
            with engine.connect() as connection:
                connection.connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(_A_MOMENT)
        else:
            return


def _refuse_folder(place: Place, file: Path) -> None:
    if file.is_dir():
        raise HistoryError(f"{place.name} is a folder: set store.url to a file in it")


def _engine(uri: str, patience: timedelta, *more: str) -> Engine:
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

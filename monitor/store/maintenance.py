"""What a history needs of whoever runs it, now and then: backups, upgrades, a look for damage."""

import os
import sqlite3
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.core.errors import HistoryError
from monitor.store import checking
from monitor.store.advice import advising
from monitor.store.database import is_current, open_as_it_is, open_to_write, version_of
from monitor.store.place import Place
from monitor.store.tables import VERSION

PATIENCE = timedelta(seconds=10)

MOST_DAMAGE = 100
"""So many damaged rows are named; who has more needs a backup anyway."""


_COMPACTING = {
    "sqlite": ("VACUUM", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"),
    "postgresql": ("VACUUM (FULL, ANALYZE)",),
}
"""What is said to a database, by itself and in no transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """From which version a history was brought to which, and where it is as it was before.

    `before` is None where there was none; `backup` where none was made, as of a server.
    """

    name: str
    before: str | None
    after: str
    backup: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """How large a history was and is, in bytes."""

    name: str
    before: int
    after: int


def upgrade(where: str | Path, patience: timedelta = PATIENCE) -> Upgraded:
    """Bring a history to our version, after a copy of the file; raises HistoryError.

    A server's needs its own backup: see `how_to_dump`.
    """
    place = Place.of(where)
    before = _version(place, patience)
    copy = None
    if place.file is not None and before is not None and before != VERSION:
        copy = place.file.with_name(f"{place.file.name}.version-{before}")
        backup(where, copy, patience)
    open_to_write(place, patience).dispose()
    return Upgraded(name=place.name, before=before, after=VERSION, backup=copy)


def check(where: str | Path, patience: timedelta = PATIENCE) -> Sequence[str]:
    """Return a sentence for whatever is damaged in a history of our version, at most 100.

    Raises HistoryError where it is so damaged, or so old, that it cannot be read at all.
    """
    place = Place.of(where)
    with _looking(place, patience) as connection:
        _must_be_current(connection, place)
        with closing(_damage(connection, place)) as found:
            return list(islice(found, MOST_DAMAGE))


def backup(where: str | Path, file: Path, patience: timedelta = PATIENCE) -> None:
    """Copy a history of SQLite, in use or not, to a file, in place of what is there.

    Raises HistoryError; for a server it says how its own program does that.
    """
    place = Place.of(where)
    if place.file is None:
        raise HistoryError(how_to_dump(place, file))
    if file.exists() and place.file.exists() and file.samefile(place.file):
        raise HistoryError(f"{file} is the history itself: name another file for the backup")
    with _looking(place, patience) as connection:
        version_of(connection, place)
        source = connection.connection.dbapi_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101 - it is a file's
        try:
            _copy(source, file)
        except (OSError, sqlite3.Error) as error:
            raise HistoryError(
                f"the backup cannot be written to {file} ({_why(error)}): free some space, or"
                " name another file"
            ) from error


def compact(where: str | Path, patience: timedelta = PATIENCE) -> Compacted:
    """Give room that is free within a history back to the disk; raises HistoryError.

    Nobody else can use it meanwhile.
    """
    place = Place.of(where)
    _must_be_there(place)
    engine = open_to_write(place, patience)
    try:
        with advising(place), engine.connect() as connection:
            if place.file is None:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            before = _size(connection, place)
            for statement in _COMPACTING[connection.dialect.name]:
                with closing(connection.connection.cursor()) as raw:
                    raw.execute(statement)
            return Compacted(name=place.name, before=before, after=_size(connection, place))
    finally:
        engine.dispose()


def how_to_dump(place: Place, file: Path) -> str:
    """Return how to make a backup of a server's database."""
    return (
        f"{place.name} is backed up by PostgreSQL's own program:"
        f" `pg_dump --format=custom --file={file} {place.name.replace(':***', '')}`"
    )


def _version(place: Place, patience: timedelta) -> str | None:
    """Return the version of a history, None where there is none; raises HistoryError."""
    if place.file is not None and not place.file.exists():
        return None
    with _looking(place, patience) as connection:
        is_current(connection, place)
        return version_of(connection, place)


@contextmanager
def _looking(place: Place, patience: timedelta) -> Iterator[Connection]:
    engine: Engine = open_as_it_is(place, patience)
    try:
        with advising(place), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _must_be_there(place: Place) -> None:
    if place.file is not None and not place.file.exists():
        raise HistoryError(f"there is no history at {place.name}: run `linkwell check` first")


def _damage(connection: Connection, place: Place) -> Generator[str, None, None]:
    if place.file is not None:
        yield from checking.broken_pages(connection)
        yield from checking.orphans(connection)
    yield from checking.damaged_rows(connection)


def _must_be_current(connection: Connection, place: Place) -> None:
    if not is_current(connection, place):
        raise HistoryError(
            f"{place.name} is empty or from an older Linkwell: run `linkwell db upgrade` first"
        )


def _copy(source: sqlite3.Connection, file: Path) -> None:
    """Copy a database into a file that is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(handle)
    made = Path(name)
    try:
        with closing(sqlite3.connect(made, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that it is one file
        made.replace(file)
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def _size(connection: Connection, place: Place) -> int:
    if place.file is not None:
        return place.file.stat().st_size
    size = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
    return int(size.scalar_one())


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)

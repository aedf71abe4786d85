"""What goes wrong in a database, and what to do about it."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from monitor.core.errors import HistoryError
from monitor.store.codec import DamagedError
from monitor.store.place import Place

ELSEWHERE = "or set store.url to another place"

_IN_USE = "{name} is in use by another program: try again when its run has ended"
_DAMAGED = "{name} is damaged: move it away, or put a backup in its place"

ADVICE = {
    "SQLITE_NOTADB": f"{{name}} is not a Linkwell history: move it away {ELSEWHERE}",
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_READONLY": f"{{name}} cannot be written: make it and its folder writable {ELSEWHERE}",
    "SQLITE_CANTOPEN": f"{{name}} cannot be opened: make its folder writable {ELSEWHERE}",
    "SQLITE_PERM": f"{{name}} cannot be opened: make it and its folder writable {ELSEWHERE}",
    "SQLITE_BUSY": _IN_USE,
    "SQLITE_LOCKED": _IN_USE,
    "SQLITE_FULL": f"there is no room left for {{name}}: free some space {ELSEWHERE}",
    "SQLITE_IOERR": f"the disk fails under {{name}}: look at the disk {ELSEWHERE}",
}
"""What to do, by the beginning of SQLite's own name for the trouble (sqlite.org/rescode.html)."""

_GONE = (
    "PostgreSQL at {name} has stopped, or cannot be reached: start it and try again, or correct"
    " host and port in store.url"
)
_NOT_ALLOWED = (
    "the user of {name} may not do that: let it own the database"
    " (`ALTER DATABASE NAME OWNER TO USER`)"
)

SERVERS_ADVICE = {
    "08": _GONE,
    "25006": "{name} can only be read, as a standby can: name the server that is written to",
    "28": "PostgreSQL at {name} refuses this user or password: correct them in store.url",
    "3D000": "there is no such database at {name}: make it (`createdb -E UTF8 NAME`), or correct"
    " its name in store.url",
    "3F000": _NOT_ALLOWED,
    "40P01": _IN_USE,
    "42501": _NOT_ALLOWED,
    "53100": "there is no room left on the disk of {name}: free some space there",
    "53200": "PostgreSQL at {name} has no memory left: look at its server",
    "53300": "PostgreSQL at {name} takes no more connections: try again, or raise its"
    " max_connections",
    "55P03": _IN_USE,
    "57014": "PostgreSQL at {name} ended the work because it took too long: raise its"
    " statement_timeout for this user",
    "57P": _GONE,
    "58": f"the disk fails under {{name}}: look at the server's log {ELSEWHERE}",
    "XX00": "PostgreSQL says that {name} is damaged: look at the server's log, and put a backup"
    " in its place",
}
"""What to do, by the beginning of PostgreSQL's code for the trouble.

Source: postgresql.org/docs/current/errcodes-appendix.html.
"""

_ON_CONNECTING: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile("database .+ does not exist"), "3D000"),
    (re.compile("authentication failed|role .+ does not exist|no password supplied"), "28"),
    (re.compile("no pg_hba.conf entry|not permitted to log in"), "28"),
    (re.compile("too many (clients|connections)|connection slots are reserved"), "53300"),
    (re.compile("permission denied for database"), "42501"),
    (re.compile("refused|timed? ?out|translate host|starting up|shutting down|No such"), "08"),
)
"""The words of PostgreSQL where it lets nobody in, for it then gives no code; English ones."""


def trouble(error: Exception, place: Place) -> Exception:
    """Return a database's error as a HistoryError with advice; any other one as it is."""
    if isinstance(error, DamagedError):
        return HistoryError(f"{_DAMAGED.format(name=place.name)} ({error})")
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return cause if isinstance(cause, Exception) else error  # a value that is no column's: ours
    advice = _advice(cause)
    if advice is not None:
        return HistoryError(advice.format(name=place.name))
    if isinstance(error, SQLAlchemyError | sqlite3.Error):
        said = " ".join(str(cause).split())[:300] if place.file is None else _first_line(cause)
        return HistoryError(f"the history {place.name} cannot be used: {said}. Mend it {ELSEWHERE}")
    return error


@contextmanager
def advising(place: Place) -> Iterator[None]:
    """Turn what goes wrong in the database within the block into a HistoryError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, DamagedError) as error:
        raise trouble(error, place) from error


def is_gone(error: BaseException) -> bool:
    """Return whether a server went away under us, or lets nobody in: what may pass by itself."""
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return code.startswith(("57P0", "08")) or error.connection_invalidated
    return error.connection_invalidated or type(error.orig).__name__ == "OperationalError"


def _advice(cause: object) -> str | None:
    if isinstance(cause, sqlite3.Error):
        return _by_beginning(ADVICE, getattr(cause, "sqlite_errorname", ""))
    if not type(cause).__module__.startswith("psycopg"):
        return None
    code = getattr(cause, "sqlstate", None)
    if code is None:
        said = str(cause)
        code = next((code for words, code in _ON_CONNECTING if words.search(said)), "")
        code = code or ("08" if "server closed the connection" in said else "")
    return _by_beginning(SERVERS_ADVICE, code)


def _by_beginning(advice: Mapping[str, str], code: str) -> str | None:
    return next((text for beginning, text in advice.items() if code.startswith(beginning)), None)


def _first_line(cause: object) -> str:
    return str(cause).partition("\n")[0][:300]

"""Where a history is, by the path or the URL that names it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.core.errors import HistoryError

_EXAMPLES = "write a path, or for example sqlite:///.linkwell/history.sqlite3"
_POSTGRESQL = "postgresql+psycopg"
_SERVERS = {"postgresql", "postgres", _POSTGRESQL}


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
        except (ArgumentError, ValueError):  # its words may hold the password
            raise HistoryError(f"store.url is no database URL: {_EXAMPLES}") from None
        name = url.render_as_string(hide_password=True)
        if url.drivername in _SERVERS:
            return cls(name=_without_query(url), file=None, url=url.set(drivername=_POSTGRESQL))
        if url.get_backend_name() != "sqlite":
            raise HistoryError(
                f"{url.drivername} is no database that Linkwell keeps a history in: write a path,"
                " or a URL that begins with postgresql://"
            )
        if not url.database or url.database.startswith((":", "file:")) or url.query:
            raise HistoryError(f"{name} names no file: {_EXAMPLES}")
        return cls(name=url.database, file=Path(url.database))


def _without_query(url: URL) -> str:
    """Return a server's URL as messages show it: its options may hold a password too."""
    return url.set(query={}).render_as_string(hide_password=True)

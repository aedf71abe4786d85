"""The tables of history, and how times, texts and JSON are written in every database.

`migrations/` makes these tables; a test holds the two against each other. Whoever changes
one writes a migration and raises VERSION.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from monitor.core.model import Json
from monitor.store.codec import DamagedError, clean, dump, parse

VERSION = "0004"
"""The newest migration, which this code reads and writes."""

VERSION_TABLE = "linkwell_version"
"""Where Alembic notes the version; by its name we know a database for ours."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; naive ones are refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant as the database holds it: UTC, without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"{value} names no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the stored instant with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what reads a stored instant; SQLite may hold anything in its place."""
        read = super().result_processor(dialect, coltype)
        assert read is not None  # noqa: S101 - process_result_value is one

        def checked(value: Any) -> Any:
            try:
                return read(value)
            except (TypeError, ValueError) as error:
                raise DamagedError(f"no instant: {str(value)[:80]!r}") from error

        return checked


class Words(TypeDecorator[str]):
    """Text that may come from a stranger; what no database can hold is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text without lone surrogates and NUL."""
        return None if value is None else clean(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        """Return the stored text; SQLite may hold anything in a column of texts."""
        if value is None or isinstance(value, str):
            return value
        raise DamagedError(f"no text: {str(value)[:80]!r}")


class Plain(TypeDecorator[Json]):
    """Plain JSON, as text, so that every database holds the same."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json, _dialect: Dialect) -> str:
        """Return the value as JSON text."""
        return dump(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Json:
        """Return the stored value."""
        return parse(value)


METADATA = MetaData()


def _run() -> Column[Any]:
    return Column("run_id", Words, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


def _occurrence() -> list[Column[Any]]:
    """Return the columns that tell where on a page a link stands."""
    return [
        Column("written", Words, nullable=False),
        Column("line", Integer, nullable=False),
        Column("col", Integer, nullable=False),
        Column("element", Words, nullable=False),
        Column("attribute", Words, nullable=False),
        Column("text", Words, nullable=False),
        Column("context", Plain, nullable=False),
        Column("used_line", Integer),
        Column("used_col", Integer),
    ]


def _on_page() -> list[Any]:
    """Return the key of what stands on a page: which page, and in which order."""
    return [
        Column("run_id", Words, primary_key=True),
        Column("page", Integer, primary_key=True, autoincrement=False),
        Column("position", Integer, primary_key=True, autoincrement=False),
        ForeignKeyConstraint(
            ["run_id", "page"], ["pages.run_id", "pages.position"], ondelete="CASCADE"
        ),
    ]


RUNS = Table(
    "runs",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("started_at", Instant, nullable=False, index=True),
    Column("finished_at", Instant),
    Column("invalid_reason", Words),
    Column("trusted_until", Instant),
    Column("stopped", Boolean, nullable=False),
    Column("notes", Plain),
)

PAGES = Table(
    "pages",
    METADATA,
    _run(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("url", Words),
    Column("read_at", Instant, nullable=False),
    Column("notes", Plain, nullable=False),
)

LINKS = Table(
    "links",
    METADATA,
    *_on_page(),
    Column("url", Words, nullable=False),
    Column("resource_id", Words, nullable=False),
    *_occurrence(),
)

SKIPPED = Table(
    "skipped", METADATA, *_on_page(), Column("why", Words, nullable=False), *_occurrence()
)

RESOURCES = Table(
    "resources",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("provider", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("keys", Plain, nullable=False),
    Column("needs", Plain, nullable=False),
)

OBSERVATIONS = Table(
    "observations",
    METADATA,
    _run(),
    Column("resource_id", Words, ForeignKey("resources.id"), primary_key=True, index=True),
    Column("at", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    Column("verdict", Plain, nullable=False),
)

ANSWERS = Table(
    "answers",
    METADATA,
    Column("run_id", Words, primary_key=True),
    Column("resource_id", Words, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("probe", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("said", Plain, nullable=False),
    Column("exchanges", Plain, nullable=False),
    ForeignKeyConstraint(
        ["run_id", "resource_id"],
        ["observations.run_id", "observations.resource_id"],
        ondelete="CASCADE",
    ),
)

BASELINES = Table(
    "baselines",
    METADATA,
    Column("resource_id", Words, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("run_id", Words, primary_key=True),  # may be forgotten before what was accepted from it
    Column("since", Instant, nullable=False),
    Column("accepted_at", Instant, nullable=False),
    Column("facts", Plain, nullable=False),
)
"""Which facts hold for the runs that began at `since`, as the run did whose they are, or later."""

EXCHANGES = Table(
    "exchanges",
    METADATA,
    Column("id", Words, primary_key=True),
    _run(),
    Column("method", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("elapsed", BigInteger, nullable=False),  # microseconds
    Column("attempts", Integer, nullable=False),
    Column("said", Plain, nullable=False),
    Column("body", LargeBinary),
    Column("hops", Plain, nullable=False),
    Index("ix_exchanges_run_id", "run_id"),
)

VALIDATORS = Table(
    "validators",
    METADATA,
    Column("url", Words, primary_key=True),
    Column("credential", Words, primary_key=True),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("headers", Plain, nullable=False),
    Column("body", LargeBinary, nullable=False),  # compressed by zlib
    Column("size", Integer, nullable=False),  # of the compressed body, in bytes
    Column("stored_at", Instant, nullable=False, index=True),
)
"""Answers of last time: no part of any run, and may be emptied at any moment."""

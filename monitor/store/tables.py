"""The tables of history.

`migrations/` makes these tables; a test holds the two against each other. Whoever changes
one writes a migration and raises VERSION.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)

from monitor.store.columns import Instant, Plain, Words

VERSION = "0007"
"""The newest migration, which this code reads and writes."""

VERSION_TABLE = "linkwell_version"
"""Where Alembic notes the version; by its name we know a database for ours."""


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
    Column("sources", Plain),
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
    Column("source", Words),
    Column("read", Boolean),
    Column("whole", Boolean),
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
    Column("resource_id", Words, ForeignKey("resources.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    Column("verdict", Plain, nullable=False),
    Column("met", Words),  # the reason as the readers of the pages met it, where that differs
    Column("took", BigInteger),  # microseconds
    Index("ix_observations_sightings", "resource_id", "at", "run_id", "reason", "met", "took"),
)
"""The index holds all that is read of years, so that the verdicts need not be passed over."""

DAYS = Table(
    "days",
    METADATA,
    Column("resource_id", Words, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("ok", Integer, nullable=False),
    Column("warning", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("took", BigInteger),  # milliseconds
    sqlite_with_rowid=False,  # or each row would be there twice
)
"""What the sightings of a day came to, before they were forgotten; kept for ever."""

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

STATES = Table(
    "states",
    METADATA,
    Column("resource_id", Words, primary_key=True),
    Column("phase", Words, nullable=False),
    Column("since", Instant),
    Column("policy", Words, nullable=False),  # the digest of that by which it was folded
    Column("state", Plain, nullable=False),
)
"""How each resource fares. This and what follows is kept for ever, and so hangs on no run."""

TRANSITIONS = Table(
    "transitions",
    METADATA,
    Column("resource_id", Words, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("turn", Words, primary_key=True),
    Column("position", Integer, nullable=False),  # among those of one instant
    Column("reason", Words, nullable=False),
)

INCIDENTS = Table(
    "incidents",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant, index=True),
    Column("incident", Plain, nullable=False),
)

INCIDENT_VERSIONS = Table(
    "incident_versions",
    METADATA,
    Column("incident_id", Words, primary_key=True),
    Column("at", Instant, primary_key=True),  # the end of the run that made it so
    Column("incident", Plain, nullable=False),
)
"""Incidents as they were after each run that changed them; the newest is in INCIDENTS too."""

INCIDENT_TRANSITIONS = Table(
    "incident_transitions",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("incident_id", Words, nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("position", Integer, nullable=False),  # among those of one run
    Column("turn", Words, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("sentence", Words, nullable=False),
)

TELLINGS = Table(
    "tellings",
    METADATA,
    Column("transition_id", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("claimed_at", Instant),
    Column("told_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("error", Words),
)
"""Which transitions of incidents were told where; those without a row wait to be."""

MUTES = Table(
    "mutes",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("mute", Plain, nullable=False),
    Column("ended_at", Instant),  # when it was taken away, or another took its place
)

TRACKED = Table(
    "tracked",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("tracked", Plain, nullable=False),
)

RECHECKS = Table("rechecks", METADATA, Column("resource_id", Words, primary_key=True))

LEASES = Table(
    "leases",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("token", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("machine", Words, nullable=False),  # by which processes of one machine know each other
    Column("pid", Integer, nullable=False),
    Column("what", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
)
"""Who is doing what nobody else may do meanwhile; instants are of the database's own clock."""

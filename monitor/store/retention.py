"""What is forgotten, and when: first the evidence, then what was seen, day by day.

States, transitions, incidents and days stay for ever.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    not_,
    or_,
    select,
    tuple_,
)

from monitor.core.model import ResourceId
from monitor.store import sightings
from monitor.store.codec import words
from monitor.store.days import day_row
from monitor.store.door import Door
from monitor.store.incidents import suffering
from monitor.store.rows import chunks
from monitor.store.sightings import VALID, trusted
from monitor.store.tables import (
    ANSWERS,
    DAYS,
    EXCHANGES,
    LINKS,
    OBSERVATIONS,
    RESOURCES,
    RUNS,
    STATES,
)
from monitor.store.upserting import put_new

COUNTS = and_(RUNS.c.invalid_reason.is_(None), trusted())
"""The condition on observations, joined with runs, that what was answered can be believed."""

_SEEN = OBSERVATIONS.c
_DAY = timedelta(days=1)


class Retention(Door):
    """The part of history that keeps years small."""

    def purge(self, before: datetime) -> int:
        """Delete the runs of the days before that of an instant, and return how many.

        Days are in UTC; what was seen on them stays as days: see `days`. The newest run that
        counts stays, to compare the next one with. So do states, incidents, what happened to
        them, and the resources that they, or days, name.
        """
        end = before.astimezone(UTC).date()
        with self._reading() as connection:
            ends = sorted({*_ends_of_days(connection, end), end})
        gone = sum(self._writer.do(partial(_roll_up, end=day)) for day in ends)
        if gone:
            self._writer.do(_forget_resources)
        return gone

    def drop_evidence(self, before: datetime) -> int:
        """Forget what services answered in runs before an instant; returns for how many verdicts.

        What `evidence` gives for each resource stays, with its exchanges.
        """
        with self._reading() as connection:
            query = select(RUNS.c.id).where(RUNS.c.started_at < before, _has_exchanges())
            runs = connection.scalars(query.order_by(RUNS.c.started_at)).all()
        return sum(self._writer.do(partial(_thin, run=run)) for run in runs)


def _ends_of_days(connection: Connection, end: date) -> Iterator[date]:
    """Give the ends of those days before a day on which runs began."""
    query = select(RUNS.c.started_at).where(RUNS.c.started_at < _midnight(end))
    for at in connection.scalars(query):
        yield at.date() + _DAY


def _roll_up(connection: Connection, end: date) -> int:
    """Forget the runs that saw nothing since the beginning of a day; keep what their days were.

    Days are whole when they are written, and so are written once: nothing that is seen later
    belongs to them.
    """
    began = _midnight(end)
    newest = connection.scalar(
        select(RUNS.c.id).where(VALID).order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc())
    )
    later = exists().where(_SEEN.run_id == RUNS.c.id, _SEEN.at >= began)
    old = select(RUNS.c.id).where(RUNS.c.started_at < began, RUNS.c.id != (newest or ""), ~later)
    gone = connection.scalars(old).all()
    for runs in chunks(gone):
        seen = select(_SEEN.resource_id).where(_SEEN.run_id.in_(runs)).distinct()
        for some in chunks(connection.scalars(seen)):
            days = sightings.days(connection, map(ResourceId, some), date.min, end - _DAY)
            put_new(connection, DAYS, (day_row(id_, each) for id_ in days for each in days[id_]))
    for runs in chunks(gone):
        connection.execute(delete(RUNS).where(RUNS.c.id.in_(runs)))
    return len(gone)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _forget_resources(connection: Connection) -> None:
    kept = suffering(connection)
    observed = exists().where(_SEEN.resource_id == RESOURCES.c.id)
    named = exists().where(LINKS.c.resource_id == RESOURCES.c.id)
    fares = exists().where(STATES.c.resource_id == RESOURCES.c.id)
    was_seen = exists().where(DAYS.c.resource_id == RESOURCES.c.id)
    unnamed = select(RESOURCES.c.id).where(not_(or_(observed, named, fares, was_seen)))
    for some in chunks(id_ for id_ in connection.scalars(unnamed).all() if id_ not in kept):
        connection.execute(delete(RESOURCES).where(RESOURCES.c.id.in_(some)))


def _has_exchanges() -> ColumnElement[bool]:
    return or_(
        exists().where(EXCHANGES.c.run_id == RUNS.c.id),
        exists().where(ANSWERS.c.run_id == RUNS.c.id),
    )


def _thin(connection: Connection, run: str) -> int:
    """Forget what was answered in a run, where another one has better evidence."""
    going = _outdone(connection, run)
    for some in chunks(going):
        answers = ANSWERS.c.run_id == run, ANSWERS.c.resource_id.in_(some)
        connection.execute(delete(ANSWERS).where(*answers))
    needed = {
        id_
        for named in connection.scalars(select(ANSWERS.c.exchanges).where(ANSWERS.c.run_id == run))
        for id_ in words(named)
    }
    stored = connection.scalars(select(EXCHANGES.c.id).where(EXCHANGES.c.run_id == run)).all()
    for some in chunks(id_ for id_ in stored if id_ not in needed):
        these = EXCHANGES.c.run_id == run, EXCHANGES.c.id.in_(some)
        connection.execute(delete(EXCHANGES).where(*these))
    return len(going)


def _outdone(connection: Connection, run: str) -> Sequence[str]:
    """Return the resources of which another run has evidence that comes before this one's."""
    seen, began = OBSERVATIONS.alias(), RUNS.alias()
    believed = and_(
        began.c.invalid_reason.is_(None),
        or_(began.c.trusted_until.is_(None), seen.c.at <= began.c.trusted_until),
    )
    mine = case((COUNTS, 1), else_=0)
    other = case((believed, 1), else_=0)
    better = (
        select(seen.c.run_id)
        .join_from(seen, began, seen.c.run_id == began.c.id)
        .where(
            seen.c.resource_id == _SEEN.resource_id,
            exists().where(
                ANSWERS.c.run_id == seen.c.run_id, ANSWERS.c.resource_id == seen.c.resource_id
            ),
            or_(
                other > mine,
                and_(
                    other == mine,
                    tuple_(began.c.started_at, began.c.id) > tuple_(RUNS.c.started_at, RUNS.c.id),
                ),
            ),
        )
        .correlate(OBSERVATIONS, RUNS)
    )
    answered = exists().where(
        ANSWERS.c.run_id == _SEEN.run_id, ANSWERS.c.resource_id == _SEEN.resource_id
    )
    query = (
        select(_SEEN.resource_id)
        .join_from(OBSERVATIONS, RUNS, _SEEN.run_id == RUNS.c.id)
        .where(_SEEN.run_id == run, answered, better.exists())
    )
    return connection.scalars(query).all()

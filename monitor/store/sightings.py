"""Years of sightings, read from the index that covers them: what counts, resource by resource.

Of a hundred thousand resources these are millions of rows. So they come as the database's
driver gives them, and are read here by hand.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter, methodcaller
from statistics import median_low
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, type_coerce
from sqlalchemy.types import NullType

from monitor.core.days import Day
from monitor.core.model import ResourceId, RunId
from monitor.core.reasons import Reason, Status, explain
from monitor.core.states import Sighting
from monitor.store.codec import DamagedError, clean
from monitor.store.rows import chunks
from monitor.store.tables import OBSERVATIONS, RUNS

Sightings = Iterator[tuple[ResourceId, Sequence[Sighting]]]

VALID = and_(RUNS.c.finished_at.is_not(None), RUNS.c.invalid_reason.is_(None))
"""The condition on runs that they count."""

_Row = Sequence[Any]
_Told = tuple[Any, str, int | None]
_OBSERVED = OBSERVATIONS.c
_AT_ONCE = 5_000
"""How many rows are held in memory."""


def trusted() -> ColumnElement[bool]:
    """Return the condition on observations, joined with runs, that the network was there."""
    until = RUNS.c.trusted_until
    return or_(until.is_(None), OBSERVATIONS.c.at <= until)


def stream(
    connection: Connection, until: datetime | None, ids: Iterable[ResourceId] | None
) -> Sightings:
    """Give the sightings that count of each resource, oldest first, in the order of the ids."""
    read = _reader(connection)
    for query in _queries(ids):
        within = query if until is None else query.where(_OBSERVED.at <= until)
        for resource, rows in _by_resource(connection, within):
            with _damage_told(resource):
                found = read(rows)
            if found:
                yield resource, found


def of_one(
    connection: Connection, besides: RunId, wanted: Sequence[ResourceId]
) -> Callable[[ResourceId], Sequence[Sighting]]:
    """Return what gives the sightings of one resource, but for those of one run.

    `wanted` are those that will be asked for in this order: they are read many at a time.
    """
    read = _reader(connection, besides)
    some = list(chunks(wanted))
    piece_of = {id_: number for number, ids in enumerate(some) for id_ in ids}
    ahead: dict[ResourceId, list[Sighting]] = {}
    to_come = 0

    def load(ids: Sequence[ResourceId]) -> Iterator[tuple[ResourceId, list[Sighting]]]:
        for query in _queries(ids):
            for resource, rows in _by_resource(connection, query):
                with _damage_told(resource):
                    yield resource, read(rows)

    def find(resource: ResourceId) -> Sequence[Sighting]:
        nonlocal ahead, to_come
        if resource in ahead:
            return ahead[resource]
        if piece_of.get(resource) == to_come:
            ids = some[to_come]
            ahead, to_come = dict(load(ids)), to_come + 1
            ahead |= {id_: [] for id_ in ids if id_ not in ahead}
            return ahead[resource]
        return dict(load([resource])).get(resource, [])

    return find


def days(
    connection: Connection, ids: Iterable[ResourceId], since: date, until: date
) -> Mapping[ResourceId, Sequence[Day]]:
    """Return the days of resources on which something that counts was seen, oldest first."""
    ends = _ends(connection)
    _, named, day_of = _driver(connection)
    alone = cache(lambda name, *seen: _day_of_one(day_of(name), *seen))  # many are the same
    first = datetime.combine(since, time(), UTC)
    end = datetime.combine(until, time(), UTC) + timedelta(days=1)
    found = {}
    for query in _queries(ids):
        within = query.where(_OBSERVED.at >= first, _OBSERVED.at < end)
        for resource, rows in _by_resource(connection, within):
            with _damage_told(resource):
                counted = [
                    row
                    for row in rows
                    if row[2] in ends and ((lost := ends[row[2]]) is None or row[1] <= lost)
                ]
                some = [
                    alone(named(at), met or reason, ms) for _, at, _, reason, met, ms in counted
                ]
                if len({each.day for each in some}) < len(some):
                    by_day = groupby(counted, lambda row: named(row[1]))
                    some = [_day(day_of(name), map(_told, of_day)) for name, of_day in by_day]
            if some:
                found[resource] = some
    return found


class _Driver(NamedTuple):
    """How a database's driver gives instants.

    What reads one; what takes its day from it, as a name; and what reads that name.
    """

    instant: Callable[[Any], datetime]
    named: Callable[[Any], Any]
    day: Callable[[Any], date]


def _driver(connection: Connection) -> _Driver:
    if connection.dialect.name == "sqlite":
        instant = datetime.fromisoformat
        return _Driver(lambda at: instant(at + "+00:00"), itemgetter(slice(10)), date.fromisoformat)
    return _Driver(lambda at: at.replace(tzinfo=UTC), methodcaller("date"), lambda day: day)


def _queries(ids: Iterable[ResourceId] | None) -> Iterator["Select[*tuple[Any, ...]]"]:
    """Give the queries for resources, each for as many as one can name; a single one for all."""
    names = ("resource_id", "at", "run_id", "reason", "met")
    raw: list[ColumnElement[Any]] = [type_coerce(_OBSERVED[name], NullType()) for name in names]
    query = select(*raw, _OBSERVED.took // 1000).order_by(
        _OBSERVED.resource_id, _OBSERVED.at, _OBSERVED.run_id
    )
    if ids is None:
        yield query
        return
    for some in chunks(sorted({clean(each) for each in ids})):
        yield query.where(_OBSERVED.resource_id.in_(some))


def _by_resource(
    connection: Connection, query: Select[Any]
) -> Iterator[tuple[ResourceId, Iterator[_Row]]]:
    """Give the rows of each resource, read as they are asked for.

    SQLite's driver gives them so by itself, and far sooner than SQLAlchemy.
    """
    by_itself = connection.dialect.name == "sqlite"
    options = {} if by_itself else {"yield_per": _AT_ONCE}
    with connection.execute(query, execution_options=options) as result:
        rows: Any = result.cursor if by_itself else result
        yield from groupby(rows, itemgetter(0))


def _reader(
    connection: Connection, besides: RunId | None = None
) -> Callable[[Iterable[_Row]], list[Sighting]]:
    """Return what reads the rows of one resource: those that count, as sightings."""
    ends = _ends(connection, besides)
    instant = _driver(connection).instant
    make = Sighting._make

    def read(rows: Iterable[_Row]) -> list[Sighting]:
        return [
            make((instant(at), _REASONS[met or reason]))
            for _, at, run, reason, met, _ in rows
            if run in ends and ((end := ends[run]) is None or at <= end)
        ]

    return read


def _ends(connection: Connection, besides: RunId | None = None) -> Mapping[str, Any]:
    """Return the runs that count, each with the instant up to which it does; None for all."""
    trusted = type_coerce(RUNS.c.trusted_until, NullType())
    query = select(RUNS.c.id, trusted).where(VALID, RUNS.c.id != (besides or ""))
    return {row.id: row.trusted_until for row in connection.execute(query)}


def _told(row: _Row) -> _Told:
    _, at, _, reason, met, milliseconds = row
    return at, met or reason, milliseconds


def _day_of_one(day: date, reason: str, took: int | None) -> Day:
    """Return the day of one sighting, which took so many milliseconds."""
    status = _STATUSES[reason]
    long = None if took is None else timedelta(milliseconds=took)
    return Day(day=day, worst=status, took=long, **{status: 1})


def _day(day: date, told: Iterable[_Told]) -> Day:
    """Return the day of what was told: when, by which reason, after how many milliseconds.

    A verdict that was still fresh in a later run, where nothing was asked, stands in both: it
    counts once, and as it was told last.
    """
    seen: dict[Any, tuple[Status, int | None]] = {}
    for at, reason, took in told:
        before = seen[at][1] if at in seen else None
        seen[at] = _STATUSES[reason], before if took is None else took
    statuses = [status for status, _ in seen.values()]
    times = [took for _, took in seen.values() if took is not None]
    return Day(
        day=day,
        worst=next(each for each in _WORST_FIRST if each in statuses),
        **{each: statuses.count(each) for each in _WORST_FIRST},
        took=timedelta(milliseconds=median_low(times)) if times else None,
    )


@contextmanager
def _damage_told(resource: str) -> Iterator[None]:
    """Raise DamagedError for what only rows can cause that Linkwell did not write."""
    try:
        yield
    except (TypeError, ValueError, KeyError, OverflowError, AttributeError) as error:
        raise DamagedError(f"what was seen of {str(resource)[:80]!r}") from error


_REASONS: Mapping[str, Reason] = {str(each): each for each in Reason}
_STATUSES: Mapping[str, Status] = {str(each): explain(each).status for each in Reason}
_WORST_FIRST = (Status.BROKEN, Status.WARNING, Status.OK, Status.UNKNOWN)
"""A look that tells nothing is not worse than one that tells that it works."""

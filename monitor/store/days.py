"""What was seen day by day: as it was kept, and else as what is stored of each run comes to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from monitor.core.days import Day
from monitor.core.model import ResourceId
from monitor.core.reasons import Status
from monitor.store import sightings
from monitor.store.codec import DamagedError, clean, may, take
from monitor.store.reading import stored
from monitor.store.rows import chunks
from monitor.store.tables import DAYS

_KEPT = DAYS.c
_WORST_FIRST = (Status.BROKEN, Status.WARNING, Status.OK, Status.UNKNOWN)


def read_days(
    connection: Connection, ids: Iterable[ResourceId], since: date, until: date
) -> Mapping[ResourceId, Sequence[Day]]:
    """Return the days of resources on which something that counts was seen, oldest first.

    A day that was kept is whole, and of that day nothing else counts.
    """
    wanted = list(ids)
    seen = dict(sightings.days(connection, wanted, since, until))
    for id_, kept in _kept(connection, wanted, since, until).items():
        there = {each.day for each in kept}
        more = [each for each in seen.get(id_, ()) if each.day not in there]
        seen[id_] = sorted([*kept, *more], key=lambda each: each.day)
    return seen


def any_before(connection: Connection, day: date) -> bool:
    """Return whether days before a day were kept, as happens when their runs are forgotten."""
    return connection.scalar(select(_KEPT.day).where(_KEPT.day < day).limit(1)) is not None


def day_row(id_: ResourceId, day: Day) -> dict[str, Any]:
    """Return a day as a row."""
    return {
        "resource_id": id_,
        "day": day.day,
        "ok": day.ok,
        "warning": day.warning,
        "broken": day.broken,
        "unknown": day.unknown,
        "took": None if day.took is None else day.took // timedelta(milliseconds=1),
    }


def _kept(
    connection: Connection, ids: Iterable[ResourceId], since: date, until: date
) -> Mapping[ResourceId, list[Day]]:
    found: dict[ResourceId, list[Day]] = {}
    for some in chunks(sorted({clean(each) for each in ids})):
        query = select(DAYS).where(
            _KEPT.resource_id.in_(some), _KEPT.day >= since, _KEPT.day <= until
        )
        for row in map(stored, connection.execute(query.order_by(_KEPT.resource_id, _KEPT.day))):
            found.setdefault(ResourceId(row["resource_id"]), []).append(_day(row))
    return found


def _day(row: Mapping[str, Any]) -> Day:
    times = {status: take(row, status, int) for status in _WORST_FIRST}
    met = [status for status, number in times.items() if number > 0]
    if not met:
        raise DamagedError(f"the day {row['day']} of {row['resource_id'][:80]!r} holds nothing")
    took = may(row, "took", int)
    return Day(
        day=take(row, "day", date),
        worst=met[0],
        took=None if took is None else timedelta(milliseconds=took),
        **times,
    )

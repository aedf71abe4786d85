"""When the scheduler wakes us: at the times of the sources, and for what is due between them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]

from monitor.config.schedule import Schedule
from monitor.core.recurrence import Every, Recurrence


class Times(BaseTrigger):  # type: ignore[misc] # it has no types
    """The instants of a recurrence, each by the same time late.

    Only the present counts: a clock that was set back or forward changes nothing afterwards, and
    what was missed is made up by whoever looks next, for what is due is known by history.
    """

    def __init__(self, recurrence: Recurrence, late: timedelta) -> None:
        self._recurrence = recurrence
        self._late = late

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return the next instant after the present one."""
        return self._recurrence.next(now - self._late) + self._late


def times_of(schedule: Schedule, sources: Iterable[str], who: str) -> dict[str, Times]:
    """Return when to wake up, by what for: each time that a source has, and `rechecks`.

    `who` is who we are among those that have the same schedule: each begins at another instant.
    """
    late = _share(who) * schedule.spread
    found: dict[str, Times] = {}
    by_time: dict[Recurrence, str] = {}
    for name in sources:
        by_time.setdefault(schedule.of(name), name)
    for recurrence, name in by_time.items():
        found[f"pages of {name}"] = Times(recurrence, late)
    pace = schedule.rechecks
    found["rechecks"] = Times(Every(pace=pace), min(late, pace / 2))
    return found


def _share(who: str) -> float:
    """Return one's own share of a spread, from 0 up to 1."""
    return int.from_bytes(sha256(who.encode("utf-8", "replace")).digest()[:6]) / 2**48

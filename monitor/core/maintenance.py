"""Times that are known beforehand, in which nobody wants to hear of trouble: term breaks, nights.

The clock on the wall of a window's zone decides, also on the days on which it is put forward or
back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.core.mutes import BY_CONFIG, Mute

LOOKED_AHEAD = 400
"""How many days ahead and back a window's end and beginning are looked for; one that lasts longer
than that has none."""


WINDOW = "maintenance:"
"""How the ids of all windows begin, and so those of the mutes that they are."""


def is_window(mute: Mute) -> bool:
    """Return whether a mute is that of a window, which comes and goes with the clock."""
    return mute.by == BY_CONFIG and mute.id.startswith(WINDOW)


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time that is known beforehand: all that is given must fit, and what is None fits always.

    `dates` are the first and the last day, `yearly` those of every year, maybe over its end.
    `weekdays` are days of the week, Monday is 0. `hours` are from and up to, maybe over midnight:
    then what comes after it belongs to the day before. `sources` are those whose links it mutes,
    by name; none for all.
    """

    id: str
    reason: str
    sources: tuple[str, ...] = ()
    dates: tuple[date, date] | None = None
    yearly: tuple[MonthDay, MonthDay] | None = None
    weekdays: frozenset[int] | None = None
    hours: tuple[time, time] | None = None
    zone: tzinfo = UTC

    def holds(self, now: datetime) -> bool:
        """Return whether an instant lies in it."""
        local = now.astimezone(self.zone)
        day = local.date()
        if self.hours is not None:
            start, end = self.hours
            clock = local.time()
            if start < end:
                return start <= clock < end and self._has(day)
            if clock < end:
                return self._has(day - _DAY)
            return clock >= start and self._has(day)
        return self._has(day)

    def mutes(self, now: datetime) -> Sequence[Mute]:
        """Return the mutes that it is at an instant, one for each source: none when it is over."""
        if not self.holds(now):
            return ()
        since, until = self._began(now), self._ends(now)
        return [
            Mute(
                id=self.id if source is None else f"{self.id}:{source}",
                what="*",
                reason=self.reason,
                by=BY_CONFIG,
                since=since,
                until=until,
                source=source,
            )
            for source in self.sources or (None,)
        ]

    def _has(self, day: date) -> bool:
        """Return whether what begins on a day lies in it, but for the hours."""
        if self.dates is not None and not self.dates[0] <= day <= self.dates[1]:
            return False
        if self.yearly is not None:
            first, last = self.yearly
            now = MonthDay(day.month, day.day)
            within = first <= now <= last if first <= last else now >= first or now <= last
            if not within:
                return False
        return self.weekdays is None or day.weekday() in self.weekdays

    def _ends(self, now: datetime) -> datetime | None:
        """Return the first instant after one in it that is not; None where that is far off."""
        later = (at for at in self._turns(now, 1) if at > now)
        return next((at for at in later if not self.holds(at)), None)

    def _began(self, now: datetime) -> datetime:
        """Return since when it has held without a break, as far as that was looked for."""
        earlier = (at for at in self._turns(now, -1) if at <= now)
        began = (at for at in earlier if not self.holds(at - _INSTANT))
        return next(began, now - LOOKED_AHEAD * _DAY)

    def _turns(self, now: datetime, step: int) -> Iterator[datetime]:
        """Yield the instants at which it may begin or end: from today on, or back with -1."""
        today = now.astimezone(self.zone).date()
        clocks = {time(0), *(self.hours or ())}
        for number in range(0, step * LOOKED_AHEAD, step):
            day = today + number * _DAY
            turns = {
                datetime.combine(day, clock, self.zone).replace(fold=fold).astimezone(UTC)
                for clock in clocks
                for fold in (0, 1)
            }
            yield from sorted(turns, reverse=step < 0)


_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)

"""When something happens again and again: by the clock on a wall, or at a steady pace.

Both are pure: given an instant they name the next one. A clock on a wall that is put forward
skips an hour, and one that is put back has an hour twice; what that does to a cron expression
is said at `Cron`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Self, TypeAlias

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_YEARS = 9
"""How far ahead a day is looked for: 29 February may be eight years off (1896 to 1904)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """At a steady pace, counted from the beginning of 1970 in UTC, whoever asks and whenever."""

    pace: timedelta

    def next(self, after: datetime) -> datetime:
        """Return the first instant after a given one, in UTC."""
        return _EPOCH + ((after - _EPOCH) // self.pace + 1) * self.pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """By the clock on the wall of a zone, as a line of crontab says it.

    Weekdays count from Sunday, 0. Where both days and weekdays are given, either is enough
    (crontab(5)). An instant that the wall skips in spring comes an hour later by the wall, once;
    one that it has twice in autumn comes the first time, but for `hourly`, which comes in each.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool
    hourly: bool
    zone: tzinfo

    @classmethod
    def read(cls, text: str, zone: tzinfo) -> Self:
        """Return what five fields mean: "17 3 * * *"; or a name such as @daily.

        Raises ValueError with the words that complete "expected …".
        """
        fields = _NAMED.get(text.strip().lower(), text).split()
        if len(fields) != len(_FIELDS):
            raise ValueError(
                "five fields: minute, hour, day, month, weekday, such as 17 3 * * * for every"
                " night at 03:17"
            )
        minutes, hours, days, months, weekdays = (
            _field(given, *known) for given, known in zip(fields, _FIELDS, strict=True)
        )
        found = cls(
            minutes=tuple(sorted(minutes)),
            hours=tuple(sorted(hours)),
            days=days,
            months=months,
            weekdays=frozenset(each % 7 for each in weekdays),
            either=not fields[2].startswith("*") and not fields[4].startswith("*"),
            hourly=fields[1] == "*",
            zone=zone,
        )
        if next(found._dates(date(2001, 1, 1)), None) is None:
            raise ValueError(f"a day that there is; “{text}” never comes")
        return found

    def next(self, after: datetime) -> datetime:
        """Return the first instant after a given one, in UTC."""
        begin = after.astimezone(self.zone).date() - _DAY  # a zone may be put back over midnight
        found = (
            min(later)
            for day in self._dates(begin)
            if (later := [each for each in self._instants(day) if each > after])
        )
        return next(found)

    def _dates(self, begin: date) -> Iterator[date]:
        """Give the days that are meant, from one on."""
        for n in range(_YEARS * 366):
            day = begin + n * _DAY
            by_day = day.day in self.days
            by_weekday = day.isoweekday() % 7 in self.weekdays
            fits = (by_day or by_weekday) if self.either else (by_day and by_weekday)
            if fits and day.month in self.months:
                yield day

    def _instants(self, day: date) -> Iterator[datetime]:
        """Give the instants of a day, in UTC."""
        for hour in self.hours:
            for minute in self.minutes:
                for fold in (0, 1) if self.hourly else (0,):
                    wall = datetime.combine(day, time(hour, minute, fold=fold), self.zone)
                    yield wall.astimezone(UTC)


Recurrence: TypeAlias = Every | Cron
"""Whatever names the next instant."""


def pace(recurrence: Recurrence) -> timedelta:
    """Return the shortest time between two of the next instants, as of a fixed day."""
    if isinstance(recurrence, Every):
        return recurrence.pace
    at = datetime(2001, 6, 1, tzinfo=UTC)  # no clock is put forward or back in these days
    instants = [at := recurrence.next(at) for _ in range(9)]
    return min(b - a for a, b in pairwise(instants))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_FIELDS: tuple[tuple[str, int, int, Mapping[str, int]], ...] = (
    ("a minute", 0, 59, {}),
    ("an hour", 0, 23, {}),
    ("a day", 1, 31, {}),
    ("a month", 1, 12, {name: n for n, name in enumerate(_MONTHS, 1)}),
    ("a weekday", 0, 7, {name: n for n, name in enumerate(_WEEKDAYS)}),
)
"""What each field is, its least and most, and the names of its values (crontab(5))."""

_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}

_PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d{1,4}))?", re.ASCII)


def _field(text: str, what: str, least: int, most: int, names: Mapping[str, int]) -> frozenset[int]:
    found: set[int] = set()
    for part in text.lower().split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{what} such as *, 3, 1-5 or */2; found “{text[:40]}”")
        star, first, last, step = match.groups()
        begin = least if star else _value(first, names)
        open_end = star is not None or (step is not None and last is None)
        end = most if open_end else _value(last or first, names)
        by = int(step or 1)
        if not least <= begin <= end <= most or not by:
            raise ValueError(f"{what} from {least} to {most}; found “{text[:40]}”")
        found.update(range(begin, end + 1, by))
    return frozenset(found)


def _value(text: str, names: Mapping[str, int]) -> int:
    return names.get(text, int(text) if text.isdecimal() and len(text) < 5 else -1)

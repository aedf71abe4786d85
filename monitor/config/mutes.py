"""The sections `mutes` and `maintenance`: of what, and when, nobody wants to hear."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from monitor.config.sections import Section, as_list
from monitor.config.values import Day, Duration, Pattern, read_day
from monitor.core.maintenance import WINDOW, MonthDay, Window
from monitor.core.mutes import BY_CONFIG, Mute

_FOR_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = re.compile(r"([a-z]{3})[a-z]{0,6}(?:\s*[-\u2013]\s*([a-z]{3})[a-z]{0,6})?")
_HOURS = re.compile(r"(\d{1,2}):(\d\d)\s*[-\u2013]\s*(\d{1,2}):(\d\d)")
_YEARLY = re.compile(r"(\d\d)-(\d\d)")


def read_edge(value: Any) -> MonthDay | date:
    """Return a day, 2027-08-01, or one of every year, 08-01."""
    match = _YEARLY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        month, day = (int(number) for number in match.groups())
        try:
            date(2028, month, day)  # a leap year
        except ValueError:
            raise ValueError("a day that is in the calendar, such as 08-31") from None
        return MonthDay(month, day)
    try:
        return read_day(value)
    except ValueError:
        raise ValueError(
            "a date such as 2027-08-01, or a day of every year such as 08-01"
        ) from None


def read_days(value: Any) -> frozenset[int]:
    """Return days of the week by their names: sat, mon-fri, or a list of such; Monday is 0."""
    found: set[int] = set()
    listed = value if isinstance(value, list) else [value]
    words = [word for each in listed for word in str(each).lower().split(",")]
    for word in words:
        match = _DAYS.fullmatch(word.strip())
        names = [name for name in match.groups() if name] if match else []
        if not names or not set(names) <= set(_WEEK):
            raise ValueError("days of the week such as sat, sun or mon-fri")
        first, last = _WEEK.index(names[0]), _WEEK.index(names[-1])
        found.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    return frozenset(found)


def read_hours(value: Any) -> tuple[time, time]:
    """Return from and up to which time of day: 22:00-06:00."""
    match = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        hour, minute, last, past = map(int, match.groups()) if match else (0, 0, 0, 0)
        start, end = time(hour, minute), time(last, past)
    except ValueError:
        start = end = time(0)
    if start == end:
        raise ValueError("hours such as 22:00-06:00, which begin and end at different times")
    return start, end


def read_zone(value: Any) -> ZoneInfo:
    """Return a zone of the tz database by its name."""
    try:
        return ZoneInfo(value if isinstance(value, str) and len(value) < 60 else "")
    except (ValueError, OSError, KeyError):  # it is its business how it says no
        raise ValueError("a zone of the tz database, such as Europe/Rome") from None


Edge: TypeAlias = Annotated[
    MonthDay | date,
    PlainValidator(read_edge),
    WithJsonSchema({"type": "string", "examples": ["2027-08-01", "08-01"]}),
]
Weekdays: TypeAlias = Annotated[
    frozenset[int],
    PlainValidator(read_days),
    WithJsonSchema(
        {
            "type": ["string", "array"],
            "items": {"type": "string"},
            "examples": ["mon-fri", ["sat", "sun"]],
        }
    ),
]
Hours: TypeAlias = Annotated[
    tuple[time, time],
    PlainValidator(read_hours),
    WithJsonSchema({"type": "string", "examples": ["22:00-06:00"]}),
]
Zone: TypeAlias = Annotated[
    ZoneInfo,
    PlainValidator(read_zone),
    WithJsonSchema({"type": "string", "examples": ["Europe/Rome"]}),
]


class Muted(Section):
    """Something of which nobody wants to hear; it stays visible in reports."""

    what: Pattern
    """An address, a pattern of addresses, a resource by its id, or incident: and the id of one."""
    reason: str = Field(default="", max_length=500)
    """Why; the report shows it."""
    until: Day | None = None
    """The last day that it counts, such as 2027-01-31; for ever, where nothing is said."""
    since: Day | None = None
    """The first day that it counts."""
    span: Duration | None = Field(default=None, alias="for")
    """How long it counts from `since` on, such as 30d, in the place of `until`."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - the same for every text
        return "what"

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.until is not None and self.span is not None:
            raise ValueError("one of `until` and `for`, not both")
        if self.span is not None and self.since is None:
            raise ValueError("`since`, the day from which `for` counts, or `until` in its place")
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` on the day of `since` or later")
        return self

    def mute(self) -> Mute:
        """Return it as the value that decides; its days are in UTC."""
        since = _midnight(self.since) if self.since else _FOR_EVER
        until = _later(_midnight(self.until), _DAY) if self.until else None
        return Mute(
            id=f"{BY_CONFIG}:{self.what}",
            what=self.what,
            reason=self.reason,
            by=BY_CONFIG,
            since=since,
            until=_later(since, self.span) if self.span is not None else until,
        )


class Maintenance(Section):
    """A time in which nobody wants to hear of trouble: when all that is given fits."""

    start: Edge | None = Field(default=None, alias="from")
    """The first day: a date such as 2027-08-01, or 08-01 for every year."""
    end: Edge | None = Field(default=None, alias="to")
    """The last day, in the same form."""
    days: Weekdays | None = None
    """Days of the week, such as sat, sun or mon-fri."""
    hours: Hours | None = None
    """Hours of the day, such as 22:00-06:00; over midnight they belong to the day they begin on."""
    zone: Zone = ZoneInfo("UTC")
    """Whose clock and calendar it goes by, such as Europe/Rome."""
    source: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()
    """A source by its name, or a list of such; all, where nothing is said."""
    reason: str = Field(default="Maintenance", max_length=500)
    """Why; the report shows it."""

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if (self.start is None) is not (self.end is None):
            raise ValueError("`from` and `to`, both or none")
        if self.start is None and self.days is None and self.hours is None:
            raise ValueError("at least one of `from` and `to`, `days`, and `hours`")
        if isinstance(self.start, MonthDay) is not isinstance(self.end, MonthDay):
            raise ValueError("`from` and `to` both with a year, or both without")
        if isinstance(self.start, date) and isinstance(self.end, date) and self.end < self.start:
            raise ValueError("`to` on the day of `from` or later")
        return self

    def window(self, number: int) -> Window:
        """Return it as the value that decides; `number` is its place in the file."""
        start, end = self.start, self.end
        return Window(
            id=f"{WINDOW}{number}",
            reason=self.reason,
            sources=self.source,
            dates=(start, end) if isinstance(start, date) and isinstance(end, date) else None,
            yearly=(start, end)
            if isinstance(start, MonthDay) and isinstance(end, MonthDay)
            else None,
            weekdays=self.days,
            hours=self.hours,
            zone=self.zone,
        )


def weekday_names(days: frozenset[int]) -> str:
    """Return days of the week as the file names them: "sat, sun"."""
    return ", ".join(_WEEK[day] for day in sorted(days))


def _later(at: datetime, span: timedelta) -> datetime | None:
    """Return an instant so much later, or None where the calendar ends before."""
    try:
        return at + span
    except OverflowError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)

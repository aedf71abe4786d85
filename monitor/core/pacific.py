"""The day by which Google counts: it begins at midnight in California."""

from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def quota_reset(answered_at: datetime) -> datetime:
    """Return the instant at which a daily quota of Google's is whole again, as UTC.

    Where the machine has no time zones it is that of winter, which is never too early.
    Source: developers.google.com/youtube/v3/determine_quota_cost.
    """
    pacific = pacific_zone()
    tomorrow = answered_at.astimezone(pacific).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), pacific).astimezone(UTC)


def pacific_zone(name: str = "America/Los_Angeles") -> tzinfo:
    """Return the time zone of California, with its summer time where the machine knows that."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=-8))

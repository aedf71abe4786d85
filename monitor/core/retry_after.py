"""Reading the Retry-After header, in both of its forms."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def retry_after(
    value: str | None, at: datetime, most: timedelta = timedelta(days=7)
) -> datetime | None:
    """Return the instant that a Retry-After header names, or None where it names none.

    `at` is when the answer came. Seconds and HTTP dates are read (RFC 9110, 10.2.3); an
    instant in the past reads as `at`, one further off than `most` as that limit.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:12]), most.total_seconds()))
        return at + wait
    try:
        named = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if named.tzinfo is None:
        named = named.replace(tzinfo=UTC)
    try:
        return min(max(named.astimezone(UTC), at), at + most)
    except OverflowError:
        return None

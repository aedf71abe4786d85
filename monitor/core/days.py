"""What is kept of a resource's day: what strips, uptime and sparklines are made of."""

from dataclasses import dataclass
from datetime import date, timedelta

from monitor.core.reasons import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was seen of one resource on one day, in UTC, by runs that count.

    `ok`, `warning`, `broken` and `unknown` are how often each was met; `worst` is the worst of
    them, None where nothing was seen. `took` is the median time that it took to answer, None
    where that is not known. A day that is missing is one of which nothing is known.
    """

    day: date
    worst: Status | None = None
    ok: int = 0
    warning: int = 0
    broken: int = 0
    unknown: int = 0
    took: timedelta | None = None

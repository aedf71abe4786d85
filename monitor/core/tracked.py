"""Which issue tells of which incident, as far as we know: what must outlive a run."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DASHBOARD = "dashboard"
"""The key of the one rolling issue; every other key is the id of an incident."""


class TrackedState(StrEnum):
    """What we last knew of an issue."""

    OPEN = "open"
    CLOSED = "closed"
    """Closed by us: it recovered, or its links are gone from the pages."""
    CLOSED_BY_HAND = "closed-by-hand"
    GONE = "gone"
    """Deleted or moved away by somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """An issue on GitHub, and what of it has been dealt with.

    `repository` is owner and name. `digest` is that of the body last written. `heard` is the id
    of the newest comment whose commands have been carried out. `closed_at` is the closing by
    hand that has been heeded. `marks` are further things that have been dealt with, by name.
    """

    repository: str
    number: int
    digest: str = ""
    state: TrackedState = TrackedState.OPEN
    heard: int = 0
    closed_at: datetime | None = None
    marks: tuple[str, ...] = ()

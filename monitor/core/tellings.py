"""Whether a transition of an incident has been told on a channel, and how that went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLAIM_LASTS = timedelta(minutes=10)
"""So long a claim holds without news; then its holder is thought dead, and it is free again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One transition on one channel.

    `claimed_at` is when somebody last set out to tell it, None where nobody is at it; `told_at`
    is when it was told, None where it was not. `tries` counts the claims, and `error` is one
    sentence about why the last one failed.
    """

    transition: str
    channel: str
    claimed_at: datetime | None = None
    told_at: datetime | None = None
    tries: int = 0
    error: str | None = None

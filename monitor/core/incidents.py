"""What a human should hear of: one root cause, with all the resources that suffer from it.

`carrying_on.carry_on` is the whole decision, and pure: yesterday's incidents and today's troubles
in, today's incidents and what happened to them out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NewType

from monitor.core.causes import Cause
from monitor.core.model import Json, Link, Resource, ResourceId, RunId, Verdict
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase

IncidentId = NewType("IncidentId", str)

COMES_BACK = timedelta(days=30)
"""So long after its end an incident that comes back is the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One resource within an incident.

    `verdict` is the newest that counted against it, as the readers of the page meet it; `since`
    is when it began to fail. `known` are the facts of when it last worked (a dead video's title
    and channel). `phase` is where its trouble has come to; HEALTHY: it has recovered.
    `links` are where it stands on the user's pages; none: they link to it no more, and `stood`
    are the pages on which it stood last.
    """

    resource: Resource
    verdict: Verdict
    since: datetime
    phase: Phase
    links: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    known: Mapping[str, Json] = field(default_factory=dict)
    stood: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Return what it is to people: a warning, or broken; what never answers is broken too."""
        return Status.WARNING if self.verdict.status is Status.WARNING else Status.BROKEN

    @property
    def ails(self) -> bool:
        """Return whether there is trouble for readers: it is not well, and pages link to it."""
        return self.phase is not Phase.HEALTHY and bool(self.links or self.sources)


class Ending(StrEnum):
    """How an incident ended."""

    RECOVERED = "recovered"
    UNLINKED = "unlinked"
    """The pages no longer link to it: the owner has mended them."""
    MERGED = "merged"
    """It turned out to have the cause of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One root cause over time.

    `id` stays the same while it lasts, and when it `COMES_BACK` soon. `status` is
    BROKEN or WARNING, or UNKNOWN for a trouble of our own (a refused key). `reason` is the worst
    among its members'. `detail` is one sentence where there are no members to tell of it.
    `into` is the incident that it was merged into.
    """

    id: IncidentId
    cause: Cause
    status: Status
    reason: Reason
    opened_at: datetime
    members: tuple[Member, ...]
    detail: str = ""
    flapping: bool = False
    closed_at: datetime | None = None
    ending: Ending | None = None
    into: IncidentId | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it still lasts."""
        return self.closed_at is None


class IncidentTurn(StrEnum):
    """What can happen to an incident."""

    OPENED = "opened"
    WORSENED = "worsened"
    """More resources suffer from it, or its cause turned out to be a wider one."""
    FLAPPING = "flapping"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTransition:
    """What happened to an incident, when and in which run, told in one sentence.

    `id` is made of incident, turn and run: deciding it again gives the same.
    """

    id: str
    incident: IncidentId
    turn: IncidentTurn
    at: datetime
    run: RunId
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A resource that the run's pages link to, as `carry_on` needs it.

    `causes` are what its trouble may come from, besides itself, in any order. `trouble` is its
    membership where its break or remark is told, or it flaps; None where there is nothing to
    tell (it works, is suspect, or nothing is known), and `works` tells which. `well` are the
    statuses, broken and warning, of which its state says that it is over them.
    """

    id: ResourceId
    causes: tuple[Cause, ...]
    works: bool
    trouble: Member | None = None
    well: frozenset[Status] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A key of ours that a service refused in this run: the cause, and the sentence about it."""

    cause: Cause
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """How services took our keys in a run.

    `had` are the keys that it had, by name; None where that is not told. `taken` are those by
    which a service answered. Of one in neither `taken` nor `refused` nothing is known.
    """

    had: frozenset[str] | None = None
    taken: frozenset[str] = frozenset()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one valid run saw.

    `sources` are those read whole (see `Run.sources`); `unread` the pages of them that could not
    be read: what stood there may stand there still. `gone` are sources that nobody reads any
    more.
    """

    run: RunId
    at: datetime
    sources: tuple[str, ...]
    unread: frozenset[str]
    watched: Sequence[Watched]
    keys: Keys = Keys()
    gone: frozenset[str] = frozenset()


def identified(key: str, opened_at: datetime) -> IncidentId:
    """Return the id of an incident with a key that opened at an instant: always the same."""
    return IncidentId(_digest(key, opened_at.astimezone(UTC).isoformat())[:12])


def turned(incident: Incident, turn: IncidentTurn, seen: Seen, sentence: str) -> IncidentTransition:
    """Return what happened to an incident in a run."""
    return IncidentTransition(
        id=_digest(incident.id, turn, seen.run)[:16],
        incident=incident.id,
        turn=turn,
        at=seen.at,
        run=seen.run,
        sentence=sentence,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

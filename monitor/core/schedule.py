"""When each resource is to be asked next: suspects soon, what has long been steady seldom.

Pure: the same standing gives the same instant, whoever works it out and however often. What
spreads the questions over time is made of a resource's id and is no chance.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import groupby

from monitor.core.model import ResourceId
from monitor.core.patience import PRESETS, StatePolicy
from monitor.core.reasons import Reason
from monitor.core.recurrence import Every, Recurrence, pace
from monitor.core.states import Phase, Sign, State, Streak, sign

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)

AHEAD = timedelta(minutes=10)
"""How far the clocks of two machines that share a history may be apart."""

FIRST = timedelta(hours=6)
"""When a suspect is asked again the first time: most blips are over by then."""

BETWEEN = 1.2
"""How much more than a policy asks for lies between two later ones: 24 hours for 20."""

STEADY = 4
"""What was steady for so many days is asked again after one more."""

MOST = {Phase.HEALTHY: WEEK, Phase.CONFIRMED: timedelta(days=3)}
"""The longest time without a question, by phase: what is broken may be mended any day."""

EARLY = 2 / 3
"""So much of the time must have gone by when pages are read, for their links to be asked too."""

NIGHTS = 1 / 4
"""Over so much of the time, before its end, those that wait long are spread."""

SPREAD = 0.1
"""Over so much of the time, after its end, those are spread that do not wait for their pages."""

AFTER = timedelta(minutes=10)
"""Within so long after the hour of a start or of a reset they are spread."""


class Why(StrEnum):
    """Why a resource is asked when it is; the most urgent first."""

    WISHED = "wished for"
    NEW = "never asked"
    SUSPECT = "suspect"
    RECOVERING = "recovering"
    STARTS = "upcoming"
    RESET = "allowed again"
    UNSURE = "unsure"
    BROKEN = "broken"
    STEADY = "steady"


_DAILY = Every(pace=DAY)
_NOTHING_SEEN = State()
_URGENCY = {why: n for n, why in enumerate(Why)}
_EXEMPT = frozenset({Why.WISHED, Why.NEW})
"""These never wait for the budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a resource when it is decided when to ask it.

    `asked_at`, `reason` and `retry_at` are of the newest time that counts; None where there was
    none. `pages` tells when the pages that link to it are read.
    """

    id: ResourceId
    host: str
    pages: Recurrence = _DAILY
    asked_at: datetime | None = None
    reason: Reason | None = None
    retry_at: datetime | None = None
    state: State = _NOTHING_SEEN
    policy: StatePolicy = PRESETS["patient"]
    wished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a resource is to be asked, and why then."""

    id: ResourceId
    host: str
    at: datetime
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is asked now, and what would be but for the budget; the most urgent first."""

    now: tuple[Planned, ...] = ()
    waits: tuple[Planned, ...] = ()


def planned(standings: Iterable[Standing], now: datetime) -> Sequence[Planned]:
    """Return when each is to be asked, the earliest first; what is overdue has its own instant."""
    plans = []
    for standing in standings:
        at, why = _next(standing, now)
        plans.append(Planned(id=standing.id, host=standing.host, at=at, why=why))
    return sorted(plans, key=lambda plan: (plan.at, _URGENCY[plan.why], plan.id))


def due(
    plans: Iterable[Planned],
    now: datetime,
    *,
    budget: int | None = None,
    spent: Mapping[str, int] | None = None,
) -> Due:
    """Return what is due at an instant, within a budget of questions for each host and day.

    `spent` is what the last day has cost each host (see `spent_of`). Where more is due than is
    left, the least urgent wait; what somebody wished for, and what was never asked, does not.
    """
    urgent = sorted(
        (plan for plan in plans if plan.at <= now),
        key=lambda plan: (plan.host, _URGENCY[plan.why], plan.at, plan.id),
    )
    if budget is None:
        return Due(now=tuple(urgent))
    asked: list[Planned] = []
    waits: list[Planned] = []
    for host, of_host in groupby(urgent, key=lambda plan: plan.host):
        left = budget - (spent or {}).get(host, 0)
        for plan in of_host:
            goes = plan.why in _EXEMPT or left > 0
            (asked if goes else waits).append(plan)
            left -= goes
    return Due(now=tuple(asked), waits=tuple(waits))


def spent_of(standings: Iterable[Standing], now: datetime) -> Counter[str]:
    """Return how many were asked of each host within the last day."""
    return Counter(
        each.host
        for each in standings
        if each.asked_at is not None and now - DAY < each.asked_at <= now + AHEAD
    )


def share(id_: ResourceId) -> float:
    """Return a resource's own share of a spread, from 0 up to 1: made of its id alone."""
    return int.from_bytes(sha256(id_.encode("utf-8", "replace")).digest()[:6]) / 2**48


def _next(standing: Standing, now: datetime) -> tuple[datetime, Why]:
    asked_at, reason = standing.asked_at, standing.reason
    if standing.wished:
        return now, Why.WISHED
    if asked_at is None or reason is None or asked_at > now + AHEAD:
        return now, Why.NEW  # or asked in a future that a wrong clock had made up
    at, why = _by_standing(standing, asked_at, reason)
    if standing.retry_at is not None and why not in {Why.STARTS, Why.RESET}:
        at = max(at, min(standing.retry_at, asked_at + WEEK))  # they said not before
    return at, why


def _by_standing(standing: Standing, asked_at: datetime, reason: Reason) -> tuple[datetime, Why]:
    if reason is Reason.UPCOMING and standing.retry_at is not None:
        return _start(standing, asked_at, standing.retry_at)
    if sign(reason) is Sign.NOTHING:
        if standing.retry_at is None:
            return _at_pages(standing, asked_at, pace(standing.pages)), Why.UNSURE
        reset = min(max(standing.retry_at, asked_at + HOUR), asked_at + WEEK)
        return reset + share(standing.id) * AFTER, Why.RESET
    return _by_phase(standing, asked_at)


def _by_phase(standing: Standing, asked_at: datetime) -> tuple[datetime, Why]:
    state, policy, usual = standing.state, standing.policy, pace(standing.pages)
    phase = state.phase
    if phase is Phase.SUSPECT:
        hard = state.broken.reason is not None and sign(state.broken.reason) is Sign.FAILS_HARD
        apart = min(policy.soft.apart, policy.hard.apart) if hard else policy.soft.apart
        return _soon(standing, asked_at, state.broken.soft, apart), Why.SUSPECT
    if phase is Phase.RECOVERING:
        return _soon(standing, asked_at, state.broken.good, policy.recovery.apart), Why.RECOVERING
    since = state.since
    unsure = state.remark.phase in {Phase.SUSPECT, Phase.RECOVERING}
    if phase not in MOST or unsure or since is None:
        return _at_pages(standing, asked_at, usual), Why.UNSURE
    longest = max(MOST[phase], usual)
    waits = min(max((asked_at - since) / STEADY, usual), longest)
    why = Why.STEADY if phase is Phase.HEALTHY else Why.BROKEN
    return _at_pages(standing, asked_at, waits), why


def _soon(standing: Standing, asked_at: datetime, streak: Streak, apart: timedelta) -> datetime:
    """Return when to ask again what is not yet settled: in 6 hours, then when it counts again."""
    counted = streak.last or asked_at
    between = max(apart * BETWEEN, HOUR)
    first = min(FIRST, between)
    waits = between if streak.times > 1 or asked_at - counted >= first else first
    at = counted + waits * (1 + SPREAD * share(standing.id))
    return at if at > asked_at else asked_at + waits * (1 + SPREAD * share(standing.id))


def _start(standing: Standing, asked_at: datetime, starts: datetime) -> tuple[datetime, Why]:
    """Return when to ask after what begins at an hour; where it is late, in the time it is late."""
    usual = pace(standing.pages)
    if starts <= asked_at:
        late = min(max(asked_at - starts, HOUR), max(usual, HOUR))
        return asked_at + late * (1 + SPREAD * share(standing.id)), Why.STARTS
    at = starts + share(standing.id) * AFTER
    longest = asked_at + max(WEEK, usual)
    return (at, Why.STARTS) if at < longest else (longest, Why.STEADY)


def _at_pages(standing: Standing, asked_at: datetime, waits: timedelta) -> datetime:
    """Return the first time that the pages are read after most of a time has gone by."""
    gone = waits * (EARLY + NIGHTS * share(standing.id))
    return standing.pages.next(asked_at + gone - timedelta(microseconds=1))

"""When a suspect will be confirmed, if it goes on failing as it does now."""

from dataclasses import dataclass
from datetime import datetime

from monitor.core.patience import Patience, StatePolicy
from monitor.core.states import Phase, Sign, State, Streak, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How many more checks it takes at least, and when the last of them may be at the earliest."""

    at: datetime
    checks: int


def outlook(state: State, policy: StatePolicy) -> Outlook | None:
    """Return what it takes to confirm a suspect that fails on as it did last; None for others."""
    broken, seen_at = state.broken, state.seen_at
    if state.phase is not Phase.SUSPECT or broken.reason is None or seen_at is None:
        return None
    ways = [_way(broken.soft, policy.soft, seen_at)]
    if sign(broken.reason) is Sign.FAILS_HARD:
        ways.append(_way(broken.hard, policy.hard, seen_at))
    return min(ways, key=lambda way: (way.at, way.checks))


def _way(streak: Streak, patience: Patience, seen_at: datetime) -> Outlook:
    """Return what this kind of evidence still lacks."""
    missing = max(patience.times - streak.times, 0)
    at = max(
        (streak.last or seen_at) + missing * patience.apart,
        (streak.first or seen_at) + patience.span,
        seen_at,
    )
    return Outlook(at=at, checks=max(missing, 1))

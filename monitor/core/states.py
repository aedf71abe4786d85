"""How a resource fares over time: a blip is told from a break.

`step` folds one sighting into a state; a state is nothing but that fold, so that replaying
history gives it again. Verdict is about one moment, state about time; they are never mixed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from itertools import islice
from operator import lt
from typing import NamedTuple

from monitor.core.patience import PRESETS, Patience, StatePolicy
from monitor.core.reasons import Grade, Reason, Status, explain

__all__ = [
    "PRESETS",
    "Patience",
    "Phase",
    "Sighting",
    "Sign",
    "State",
    "StatePolicy",
    "Streak",
    "Transition",
    "Trouble",
    "Turn",
    "in_order",
    "replay",
    "sign",
    "step",
]


class Phase(StrEnum):
    """What a state comes to."""

    UNKNOWN = "unknown"
    """Nothing that counts was seen yet."""
    HEALTHY = "healthy"
    SUSPECT = "suspect"
    """It failed, but not yet often or long enough to be believed."""
    CONFIRMED = "confirmed"
    """It is broken."""
    RECOVERING = "recovering"
    """It was broken, and works again, but not yet often enough to be believed."""
    FLAPPING = "flapping"
    """It comes and goes too often for either to be told."""


class Sign(IntEnum):
    """What a reason says over time; among sightings of one instant the lower counts."""

    WORKS = 0
    REMARKED = 1
    """It works, but there is something to say of it: a warning."""
    FAILS_SOFTLY = 2
    FAILS_HARD = 3
    NOTHING = 4
    """It says nothing of the resource: blocked, our own fault, or unreadable."""


_BY_GRADE = {Grade.HARD: Sign.FAILS_HARD, Grade.SOFT: Sign.FAILS_SOFTLY}
_WORKS = {Status.OK: Sign.WORKS, Status.WARNING: Sign.REMARKED}
_SIGNS: dict[Reason, Sign] = {
    reason: _WORKS[told.status]
    if (told := explain(reason)).grade is Grade.GOOD
    else _BY_GRADE.get(told.grade, Sign.NOTHING)
    for reason in Reason
}


def sign(reason: Reason) -> Sign:
    """Return what a reason says over time, by its grade of evidence."""
    return _SIGNS[reason]


class Sighting(NamedTuple):
    """A resource as its readers met it, at one instant of a run that counts."""

    at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Sightings of one kind in a row: the first, and each far enough after the last counted."""

    times: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def longer(self, at: datetime, patience: Patience) -> "Streak":
        """Return the streak with one more, where that is far enough from the last."""
        if self.first is None or self.last is None:
            return Streak(times=1, first=at, last=at)
        if at - self.last < patience.apart:
            return self
        return Streak(times=self.times + 1, first=self.first, last=at)

    def is_enough(self, patience: Patience, at: datetime) -> bool:
        """Return whether this, which goes on until `at`, is as much as patience asks for."""
        over = at - self.first if self.first is not None else timedelta(0)
        return self.times >= patience.times and over >= patience.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One trouble over time, a break or a remark: where it has come to, and by what evidence."""

    phase: Phase = Phase.UNKNOWN
    since: datetime | None = None
    """When the phase began."""
    began: datetime | None = None
    """When the first of the sightings came that made the trouble; None where it is well."""
    reason: Reason | None = None
    """The newest reason for it; None where it is well."""
    hard: Streak = Streak()
    """The evidence until it was enough; afterwards none is gathered."""
    soft: Streak = Streak()
    """All failures in a row, the hard ones too: whatever fails hard fails."""
    good: Streak = Streak()

    @property
    def is_told(self) -> bool:
        """Return whether people should know: it is confirmed, and recovery is not yet sure."""
        return self.phase in {Phase.CONFIRMED, Phase.RECOVERING}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a resource fares: the fold of its sightings.

    `seen_at` and `good_at` are the newest sightings that counted, and that worked; `failed` is
    the newest that did not, kept when it works again. `turns` are the newest instants at which
    matters turned; `flapping` is when that became too often.
    """

    seen_at: datetime | None = None
    good_at: datetime | None = None
    reason: Reason | None = None
    failed: Sighting | None = None
    broken: Trouble = Trouble()
    remark: Trouble = Trouble()
    turns: tuple[datetime, ...] = ()
    flapping: datetime | None = None

    @property
    def phase(self) -> Phase:
        """Return what it comes to: that of its break, unless it flaps."""
        return Phase.FLAPPING if self.flapping is not None else self.broken.phase

    @property
    def since(self) -> datetime | None:
        """Return since when it is in that phase, or None while nothing is known."""
        return self.flapping or self.broken.since


class Turn(StrEnum):
    """What can happen to a resource over time."""

    SUSPECTED = "suspected"
    CLEARED = "cleared"
    """A blip has gone by."""
    CONFIRMED = "confirmed"
    RECOVERING = "recovering"
    RECOVERED = "recovered"
    RELAPSED = "relapsed"
    FLAPPING = "flapping"
    CALMED = "calmed"
    """It no longer flaps; it is now as its break's phase says."""
    REMARKED = "remarked"
    REMARK_GONE = "remark-gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What happened to a resource, when, and by which reason."""

    turn: Turn
    at: datetime
    reason: Reason


def step(
    state: State, sighting: Sighting, policy: StatePolicy
) -> tuple[State, Sequence[Transition]]:
    """Return the state after a sighting, with what happened.

    A reason that says nothing of the resource changes nothing, and neither does a sighting that
    is not newer than those that counted: where such a one is to count, `replay` all.
    """
    at, reason = sighting
    told = _SIGNS[reason]
    if told is Sign.NOTHING or (state.seen_at is not None and at <= state.seen_at):
        return state, ()
    remark = state.remark
    if works := told <= Sign.REMARKED:
        broken = _eased(state.broken, at, policy.recovery)
        if told is Sign.WORKS:
            remark = _eased(remark, at, policy.recovery)
        else:
            remark = _worse(remark, sighting, hard=policy.remark, soft=None)
    else:
        hard = policy.hard if told is Sign.FAILS_HARD else None
        broken = _worse(state.broken, sighting, hard=hard, soft=policy.soft)
    turns, flapping, happened = _turned(state, broken.phase, at, policy)
    if remark.is_told is not state.remark.is_told:
        happened = (*happened, Turn.REMARKED if remark.is_told else Turn.REMARK_GONE)
    new = State(
        seen_at=at,
        good_at=at if works else state.good_at,
        reason=reason,
        failed=state.failed if works else sighting,
        broken=broken,
        remark=remark,
        turns=turns,
        flapping=flapping,
    )
    return new, tuple(Transition(turn=each, at=at, reason=reason) for each in happened)


def replay(
    sightings: Iterable[Sighting], policy: StatePolicy, state: State | None = None
) -> tuple[State, Sequence[Transition]]:
    """Return the state after all of the sightings, in whatever order they come.

    Of those of one instant the best counts. `state` is where to begin, None at the beginning.
    """
    now = state or State()
    steady = _is_steady(now)
    happened: list[Transition] = []
    skipped: Sighting | None = None
    for sighting in in_order(sightings):
        if steady and sighting[1] is now.reason:
            skipped = sighting  # a stretch of the same is as its end
            continue
        for each in (sighting,) if skipped is None else (skipped, sighting):
            now, turns = step(now, each, policy)
            happened += turns
        skipped, steady = None, _is_steady(now)
    if skipped is not None:
        now, _ = step(now, skipped, policy)
    return now, tuple(happened)


def in_order(sightings: Iterable[Sighting]) -> Sequence[Sighting]:
    """Return sightings by time, one an instant: the best, which alone counts."""
    given = list(sightings)
    instants = [at for at, _ in given]
    if all(map(lt, instants, islice(instants, 1, None))):  # they mostly come so
        return given
    worst_first = sorted(given, key=lambda each: (_SIGNS[each.reason], each.reason), reverse=True)
    return sorted({each.at: each for each in worst_first}.values())


def _is_steady(state: State) -> bool:
    """Return whether one more sighting like the newest would change no more than the instants."""
    if state.reason is None or state.flapping is not None:
        return False
    if (told := _SIGNS[state.reason]) > Sign.REMARKED:
        return state.broken.phase is Phase.CONFIRMED
    remark = Phase.HEALTHY if told is Sign.WORKS else Phase.CONFIRMED
    return state.broken.phase is Phase.HEALTHY and state.remark.phase is remark


_TURNS = {
    Phase.SUSPECT: Turn.SUSPECTED,
    Phase.CONFIRMED: Turn.CONFIRMED,
    Phase.RECOVERING: Turn.RECOVERING,
    Phase.HEALTHY: Turn.RECOVERED,
}
"""What it is to come into a phase, unless the phase before makes it something else."""

_OTHER_TURNS = {
    (Phase.UNKNOWN, Phase.HEALTHY): None,
    (Phase.SUSPECT, Phase.HEALTHY): Turn.CLEARED,
    (Phase.RECOVERING, Phase.CONFIRMED): Turn.RELAPSED,
}

_COUNTED = frozenset({Turn.CLEARED, Turn.CONFIRMED, Turn.RECOVERED, Turn.RELAPSED})
"""The turns that settle something: so many of them at once settle nothing."""

_SETTLED = frozenset({Phase.HEALTHY, Phase.CONFIRMED})


def _turned(
    state: State, phase: Phase, at: datetime, policy: StatePolicy
) -> tuple[tuple[datetime, ...], datetime | None, tuple[Turn, ...]]:
    """Return the turns that count, since when it flaps, and what is to be told of the break.

    While it flaps, nothing is told of the break but the end of the flapping.
    """
    turns, flapping, before = state.turns, state.flapping, state.broken.phase
    turn = None if phase is before else _OTHER_TURNS.get((before, phase), _TURNS[phase])
    told = () if turn is None else (turn,)
    if turn in _COUNTED:
        turns = (*turns, at)[-policy.flaps :]
        often = len(turns) >= policy.flaps and at - turns[0] < policy.flap_window
        if flapping is None and often:
            return turns, at, (*told, Turn.FLAPPING)
    elif flapping is not None and phase in _SETTLED and at - turns[-1] >= policy.calm:
        return (), None, (Turn.CALMED,)
    return turns, flapping, told if flapping is None else ()


def _worse(
    trouble: Trouble, sighting: Sighting, *, hard: Patience | None, soft: Patience | None
) -> Trouble:
    """Return a trouble after one more piece of evidence, of the kinds that have a patience.

    What is known needs no more evidence, so none is gathered.
    """
    at, reason = sighting
    if trouble.is_told:
        if trouble.phase is Phase.CONFIRMED and trouble.reason is reason:
            return trouble
        since = trouble.since if trouble.phase is Phase.CONFIRMED else at
        return replace(trouble, phase=Phase.CONFIRMED, since=since, reason=reason, good=Streak())
    hard_ones = trouble.hard if hard is None else trouble.hard.longer(at, hard)
    soft_ones = trouble.soft if soft is None else trouble.soft.longer(at, soft)
    enough = (hard is not None and hard_ones.is_enough(hard, at)) or (
        soft is not None and soft_ones.is_enough(soft, at)
    )
    phase = Phase.CONFIRMED if enough else Phase.SUSPECT
    return Trouble(
        phase=phase,
        since=trouble.since if trouble.phase is phase else at,
        began=trouble.began or at,
        reason=reason,
        hard=hard_ones,
        soft=soft_ones,
    )


def _eased(trouble: Trouble, at: datetime, recovery: Patience) -> Trouble:
    """Return a trouble after it was seen to be well."""
    if trouble.phase is Phase.HEALTHY:
        return trouble
    good = trouble.good.longer(at, recovery)
    if not trouble.is_told or good.is_enough(recovery, at):
        return Trouble(phase=Phase.HEALTHY, since=at)
    since = trouble.since if trouble.phase is Phase.RECOVERING else at
    return replace(trouble, phase=Phase.RECOVERING, since=since, good=good)

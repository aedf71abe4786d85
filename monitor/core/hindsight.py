"""What history says of the numbers: how many failures were blips, and what other numbers call.

The failures that count are those of a resource that worked at the check before: of one that
fails from the first it is not known when it broke.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from monitor.core.model import ResourceId
from monitor.core.patience import StatePolicy
from monitor.core.states import Sighting, Sign, State, Turn, in_order, sign, step

WITHIN = 3
"""A break that works again within so many checks was called too early."""

ENOUGH_FAILURES = 10
"""Of fewer first failures a share says little: one more would move it by a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    part: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blips:
    """Of one provider's first failures of a kind, how many had recovered by which check.

    `failures` are all of them; a share is of those after which there was such a check, or one
    before it that worked.
    """

    provider: str
    hard: bool
    failures: int
    by_second: Share
    by_third: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a policy would have done.

    `called` are the breaks that it confirms; `false` those that worked again within the checks
    that follow, `early` those of which too few checks follow to tell. `delay` is the median time
    from the first failure to the call, `flapping` how often it falls silent for flapping.
    """

    name: str
    called: int
    false: int
    early: int
    flapping: int
    delay: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """All of it. `sightings` are those that say something; `since` and `until` bound them.

    `from_the_first` are resources that never worked at all before they failed.
    """

    resources: int
    sightings: int
    since: datetime | None
    until: datetime | None
    from_the_first: int
    blips: tuple[Blips, ...]
    trials: tuple[Trial, ...]

    @property
    def is_enough(self) -> bool:
        """Return whether there is enough to go by."""
        return sum(each.by_third.of for each in self.blips) >= ENOUGH_FAILURES


def look_back(
    histories: Iterable[tuple[ResourceId, Sequence[Sighting]]],
    policies: Mapping[str, StatePolicy],
    provider_of: Callable[[ResourceId], str],
    within: int = WITHIN,
) -> Hindsight:
    """Return what all sightings say of the numbers, and what each of the policies would do.

    It takes one resource at a time, so that histories may be streamed.
    """
    tally = _Tally()
    trials = {name: _Trial(policy, within) for name, policy in policies.items()}
    for id_, seen in histories:
        counted = [each for each in in_order(seen) if sign(each.reason) is not Sign.NOTHING]
        works = [sign(each.reason) <= Sign.REMARKED for each in counted]
        tally.add(provider_of(id_), counted, works)
        if not all(works):
            for trial in trials.values():
                trial.add(counted, works)
    return tally.told([trial.told(name) for name, trial in trials.items()])


class _Tally:
    """The first failures, as they are counted."""

    def __init__(self) -> None:
        self._resources = self._sightings = self._from_the_first = 0
        self._instants: list[datetime] = []
        self._after: dict[tuple[str, bool], list[tuple[bool, ...]]] = {}

    def add(self, provider: str, counted: Sequence[Sighting], works: Sequence[bool]) -> None:
        """Count those of one resource."""
        if not counted:
            return
        self._resources += 1
        self._sightings += len(counted)
        ends = (*self._instants, counted[0].at, counted[-1].at)
        self._instants = [min(ends), max(ends)]
        self._from_the_first += not works[0]
        for n in range(1, len(works)):
            if works[n - 1] and not works[n]:
                hard = sign(counted[n].reason) is Sign.FAILS_HARD
                after = tuple(works[n + 1 : n + 3])
                self._after.setdefault((provider, hard), []).append(after)

    def told(self, trials: Sequence[Trial]) -> Hindsight:
        """Return all that was counted."""
        blips = (
            Blips(
                provider=provider,
                hard=hard,
                failures=len(each),
                by_second=_share(each, 1),
                by_third=_share(each, 2),
            )
            for (provider, hard), each in sorted(
                self._after.items(), key=lambda entry: (entry[0][0], not entry[0][1])
            )
        )
        return Hindsight(
            resources=self._resources,
            sightings=self._sightings,
            since=self._instants[0] if self._instants else None,
            until=self._instants[-1] if self._instants else None,
            from_the_first=self._from_the_first,
            blips=tuple(blips),
            trials=tuple(trials),
        )


def _share(after: Sequence[tuple[bool, ...]], checks: int) -> Share:
    """Return how many worked again within so many checks, of those of which it is known."""
    known = [each[:checks] for each in after if len(each) >= checks or any(each)]
    return Share(part=sum(any(each) for each in known), of=len(known))


class _Trial:
    """What one policy would have done, as it is counted."""

    def __init__(self, policy: StatePolicy, within: int) -> None:
        self._policy = policy
        self._within = within
        self._false = self._early = self._flapping = 0
        self._delays: list[timedelta] = []

    def add(self, counted: Sequence[Sighting], works: Sequence[bool]) -> None:
        """Follow one resource."""
        state = State()
        for n, sighting in enumerate(counted):
            state, happened = step(state, sighting, self._policy)
            turns = [each.turn for each in happened]
            self._flapping += Turn.FLAPPING in turns
            if Turn.CONFIRMED in turns:
                self._delays.append(sighting.at - (state.broken.began or sighting.at))
                after = works[n + 1 : n + 1 + self._within]
                self._false += any(after)
                self._early += len(after) < self._within and not any(after)

    def told(self, name: str) -> Trial:
        """Return what came of it."""
        return Trial(
            name=name,
            called=len(self._delays),
            false=self._false,
            early=self._early,
            flapping=self._flapping,
            delay=median_low(self._delays) if self._delays else None,
        )

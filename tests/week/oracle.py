"""What the schedules ask of a week, worked out from the times alone: nothing of Linkwell is used.

A link is asked in the first run after the pages' hour before which most of a night has gone by
since it was last asked: not sooner than two thirds of a night, not later than two nights and the
time that a run takes to begin and to come to it. A run that was killed counts for nothing, so
what it asked is asked again. What somebody wishes is asked at the next look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Ran:
    """A run, in seconds: when it began and ended, None where it was killed; and who says so."""

    name: str
    began: float
    ended: float | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The week's times in seconds: a night, the look for rechecks, and how long a run may take."""

    night: float
    look: float
    run: float

    @property
    def slack(self) -> float:
        """Return how late a run may come to a link that is due."""
        return self.look + 3 * self.run


def overlaps(runs: Sequence[Ran], killed_at: float | None) -> Iterable[str]:
    """Yield which runs went on at the same time."""
    spans = sorted((r.began, r.ended or killed_at or r.began, r.name) for r in runs)
    for (_, end, first), (begin, _, second) in pairwise(spans):
        if begin < end:
            yield f"{second} began {end - begin:.1f} s before {first} ended"


def nights_missed(
    runs: Sequence[Ran], rules: Rules, begin: float, end: float
) -> tuple[int, Sequence[str]]:
    """Return how many whole nights there were, and those in which no run that counts began."""
    missed, number = [], 0
    at = (begin // rules.night + 1) * rules.night
    while at + rules.night + rules.slack < end:
        number += 1
        if not any(at <= run.began < at + rules.night + rules.slack for run in runs if run.counts):
            missed.append(f"no run in night {number}")
        at += rules.night
    return number, missed


def askings(
    asked: Mapping[str, Sequence[float]],
    runs: Sequence[Ran],
    rules: Rules,
    end: float,
    wished: Mapping[str, Sequence[float]],
) -> Iterable[str]:
    """Yield where links were asked too soon, too late, or not at all."""
    for link, all_times in asked.items():
        times = [at for at in all_times if _counts(at, runs)]
        lost = [at for at in all_times if not _counts(at, runs)]
        wishes = wished.get(link, ())
        if not times:
            yield f"{link} was never asked"
            continue
        for one, two in zip(times, [*times[1:], None], strict=True):
            gap = (two or end) - one
            excused = any(one < wish <= (two or end) for wish in wishes)
            if two is not None and gap < rules.night * 2 / 3 - rules.run and not excused:
                yield f"{link} was asked again after {gap:.1f} s"
            if gap > 2 * rules.night + rules.slack:
                yield f"{link} was not asked for {gap:.1f} s"
        for wish in wishes:
            if not any(wish < at <= wish + rules.slack for at in (*times, *lost)):
                yield f"{link} was wished for, and not asked within {rules.slack:.0f} s"


def _counts(at: float, runs: Sequence[Ran]) -> bool:
    """Return whether a question belongs to a run that counts."""
    return any(run.counts and run.ended and run.began <= at <= run.ended for run in runs)

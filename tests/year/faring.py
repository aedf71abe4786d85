"""How one thing fares by the documented rules, worked out anew: nothing of Linkwell is used here.

Hard evidence: twice, 20 hours apart. Soft: three times, 20 hours apart, over 70 hours. A warning:
twice, 20 hours apart. Well again: twice, 6 hours apart. It comes and goes when four turns fall
into 14 days, until there was none for 7 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILS = ("hard", "soft")


@dataclass(slots=True)
class Faring:
    """One thing over time. `sees` is what the newest check saw, "" where nobody looked."""

    hard: list[datetime] = field(default_factory=list)
    failing: list[datetime] = field(default_factory=list)
    warned: list[datetime] = field(default_factory=list)
    good: list[datetime] = field(default_factory=list)
    unwarned: list[datetime] = field(default_factory=list)
    is_broken: bool = False
    is_warned: bool = False
    turns: list[datetime] = field(default_factory=list)
    flaps: bool = False
    sees: str = ""

    @property
    def trouble(self) -> str:
        """Return what is to be told of it: broken, warning, or nothing."""
        if self.is_broken or self.flaps:
            return "broken"
        return "warning" if self.is_warned else ""

    @property
    def works(self) -> bool:
        """Return whether the newest check saw it working."""
        return self.sees in {"works", "warning"}

    @property
    def fails(self) -> bool:
        """Return whether it is in trouble, and the last that was seen of it was not good."""
        return bool(self.trouble) and not (self.good or self.unwarned)

    def look(self, at: datetime, sees: str) -> None:
        """Take in what a check saw: works, warning, soft, hard, or nothing."""
        self.sees = sees
        if sees == "nothing":
            return
        turned = self._fail(at, sees) if sees in FAILS else self._work(at, sees)
        if turned:
            self.turns = [*self.turns, at][-4:]
            self.flaps = self.flaps or (len(self.turns) == 4 and at - self.turns[0] < 14 * DAY)
        elif self.flaps and self._is_settled and at - self.turns[-1] >= 7 * DAY:
            self.flaps, self.turns = False, []

    @property
    def _is_settled(self) -> bool:
        return not self.good if self.is_broken else not self.failing

    def _fail(self, at: datetime, sees: str) -> bool:
        """Return whether this breaks it, or breaks it again before it was surely well."""
        if self.is_broken:
            relapsed, self.good = bool(self.good), []
            return relapsed
        self.failing.append(at)
        if sees == "hard":
            self.hard.append(at)
        self.is_broken = _enough(self.hard, 2) or _enough(self.failing, 3, 70 * HOUR)
        return self.is_broken

    def _work(self, at: datetime, sees: str) -> bool:
        """Return whether this makes it well, or shows that it was a blip."""
        if sees == "warning":
            self.warned, self.unwarned = [*self.warned, at], []
            self.is_warned = self.is_warned or _enough(self.warned, 2)
        elif self.warned:
            self.unwarned.append(at)
            if not self.is_warned or _enough(self.unwarned, 2, apart=6 * HOUR):
                self.is_warned, self.warned, self.unwarned = False, [], []
        if not self.failing:
            return False
        self.good.append(at)
        if self.is_broken and not _enough(self.good, 2, apart=6 * HOUR):
            return False
        self.is_broken, self.failing, self.hard, self.good = False, [], [], []
        return True


def _enough(
    seen: Sequence[datetime],
    times: int,
    span: timedelta = timedelta(0),
    *,
    apart: timedelta = 20 * HOUR,
) -> bool:
    """Return whether instants are so many, each so far from the last counted, over a span."""
    counted: list[datetime] = []
    for at in seen:
        if not counted or at - counted[-1] >= apart:
            counted.append(at)
    return len(counted) >= times and seen[-1] - seen[0] >= span

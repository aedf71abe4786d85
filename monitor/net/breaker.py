"""Giving up on a host that does not answer, so that its links do not hold up the whole run.

Without it a page with 200 links to a host that hangs would wait for 200 × 3 time-outs. What is
not asked for this reason reads as not asked, never as not answering: nobody saw it fail.
"""

from collections import Counter
from collections.abc import Callable

MOST_FAILURES = 12
"""So many failures in a row, without one answer between, and a host is given up: four links at
once, each asked three times."""

REST = 60.0
"""Seconds for which it is left alone then. After them each failure gives it up anew."""


class Breaker:
    """What is known of the hosts that do not answer; `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: Counter[str] = Counter()
        self._resting_until: dict[str, float] = {}

    def has_given_up(self, host: str) -> bool:
        """Return whether a host should not be asked now."""
        return self._clock() < self._resting_until.get(host, 0.0)

    def heed(self, host: str, *, answered: bool) -> None:
        """Note what came of asking a host once; any answer, even a bad one, speaks for it."""
        if answered:
            self._failures.pop(host, None)
            self._resting_until.pop(host, None)
            return
        self._failures[host] += 1
        if self._failures[host] >= MOST_FAILURES:
            self._resting_until[host] = self._clock() + REST

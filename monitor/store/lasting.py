"""Waiting for a server that is being restarted."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from monitor.store.advice import is_gone

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How long a server that went away is waited for, and how often it is tried meanwhile."""

    most: timedelta
    first: timedelta = timedelta(milliseconds=50)
    longest: timedelta = timedelta(seconds=2)
    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def until(self, do: Callable[[], _Result]) -> _Result:
        """Do something, again and again while a server is gone; then raises what that raised.

        What is done may have been done already, where the server went away before it could say
        so: it must come to the same when it is done again.
        """
        pause, end = self.first.total_seconds(), None
        while True:
            try:
                return do()
            except Exception as error:
                if not is_gone(error):
                    raise
                end = self.now() + self.most.total_seconds() if end is None else end
                if self.now() + pause > end:
                    raise
            self.pause(pause)
            pause = min(pause * 2, self.longest.total_seconds())


RESTART = Lasting(most=timedelta(seconds=60))
"""As long as a server takes to be restarted or upgraded; a lease holds for 90 seconds."""

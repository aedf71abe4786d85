"""What the daemon has of the world: its configuration, its clocks, and how runs are started."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from monitor.daemon.child import Child, Ended, run_child
from monitor.daemon.log import utc_now

if TYPE_CHECKING:
    from monitor.config import Config

TICK = timedelta(seconds=10)
"""How often the clock is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A configuration that is right, with the text that it was read from."""

    config: "Config"
    text: str


class StartRun(Protocol):
    """Starts a run as a process, and returns how it ended."""

    async def __call__(
        self,
        config: Path | None,
        text: str,
        environment: Mapping[str, str],
        *,
        started: Callable[[Child], None],
        said: Callable[[str], None],
    ) -> Ended:
        """Run one check of what is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the daemon has of the world: its environment, two clocks, and how runs are started."""

    environment: Mapping[str, str]
    now: Callable[[], datetime] = utc_now
    ticks: Callable[[], float] = time.monotonic
    start: StartRun = run_child
    tick: timedelta = TICK


@dataclass(slots=True)
class Clock:
    """The wall's clock beside one that only grows: where they part, it was set or we slept."""

    wall: datetime
    ticks: float

    def jumped(self, wall: datetime, ticks: float) -> timedelta:
        """Return by how much the wall's clock went wrong since the last look."""
        by = (wall - self.wall) - timedelta(seconds=ticks - self.ticks)
        self.wall, self.ticks = wall, ticks
        return by

"""Politeness towards each host: how many requests at once, how often, and not before when.

There is one throttle for all clients, so that a host sees one polite visitor.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Sleep = Callable[[float], Awaitable[object]]
"""What waits for so many seconds: `asyncio.sleep`, or a test's clock."""

SWEEP_ABOVE = 256
"""From how many hosts on the idle ones are dropped."""


class CoolingError(Exception):
    """The host wants to be left alone for longer than anybody here waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class _Host:
    """What is remembered of one host; instants are seconds of the throttle's clock."""

    slots: asyncio.Semaphore
    users: int = 0
    paid_until: float = field(default=0.0)
    cool_until: float = field(default=0.0)


class Throttle:
    """One view of all hosts: slots, starts per second, and cool-off.

    `longest_wait` is for how many seconds of cool-off anybody waits. `clock` gives seconds that
    never go back; `sleep` waits. Idle hosts are forgotten.
    """

    def __init__(
        self,
        *,
        per_host: int,
        starts_per_second: float,
        longest_wait: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._per_host = per_host
        self._interval = 1 / starts_per_second
        self._longest_wait = longest_wait
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = SWEEP_ABOVE

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Hold one of the host's slots, once a start is allowed.

        As many starts as there are slots may come at once, then they are spread evenly.
        Waiting can be cancelled at any moment and then takes nothing. Raises CoolingError as
        soon as the host is known to want more patience than there is.
        """
        known = self._host(host)
        known.users += 1
        try:
            async with known.slots:
                await self._start(known)
                yield
        finally:
            known.users -= 1

    def cool_off(self, host: str, seconds: float) -> None:
        """Let no request to the host start for so many seconds from now."""
        known = self._host(host)
        known.cool_until = max(known.cool_until, self._clock() + seconds)

    def __len__(self) -> int:
        """Return how many hosts are remembered."""
        return len(self._hosts)

    async def _start(self, host: _Host) -> None:
        while (wait := self._wait(host)) > 0:
            cooling = host.cool_until - self._clock()
            if cooling > self._longest_wait:
                raise CoolingError(cooling)
            await self._sleep(wait)
        # The start is paid for only now, so that a cancelled wait costs nobody anything.
        host.paid_until = max(host.paid_until, self._clock()) + self._interval

    def _wait(self, host: _Host) -> float:
        now = self._clock()
        burst = (self._per_host - 1) * self._interval
        return max(host.paid_until - burst - now, host.cool_until - now)

    def _host(self, host: str) -> _Host:
        known = self._hosts.get(host)
        if known is None:
            self._sweep()
            known = self._hosts[host] = _Host(slots=asyncio.Semaphore(self._per_host))
        return known

    def _sweep(self) -> None:
        """Forget idle hosts when there are many; each host pays for it once or so."""
        if len(self._hosts) < self._sweep_at:
            return
        now = self._clock()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or host.paid_until > now or host.cool_until > now
        }
        self._sweep_at = max(SWEEP_ABOVE, 2 * len(self._hosts))

"""Looks at the sentinels while a run lasts, and keeps what was seen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from monitor.core.model import Url
from monitor.core.ports import Exchange, Request
from monitor.core.validity import (
    SECURE,
    SENTINELS,
    Sentinel,
    Watch,
    ahead,
    answers_as_known,
    tls_works,
)

EVERY = 30.0
"""Seconds between two looks while a run goes on."""


class Lookout:
    """The looks at the sentinels of one run."""

    def __init__(
        self,
        sentinels: Sequence[Sentinel],
        fetch: Callable[[Request], Awaitable[Exchange]],
        now: Callable[[], datetime],
        every: float = EVERY,
    ) -> None:
        self._sentinels = sentinels
        self._fetch = fetch
        self._now = now
        self._every = every
        self.watches: list[Watch] = []
        self.tls_works: bool | None = None

    def is_online(self) -> bool:
        """Return whether the last look found the network."""
        return self.watches[-1].online

    async def look(self) -> None:
        """Ask all sentinels once and keep what was seen."""
        requests = [Request(url=Url(sentinel.url), read=1024) for sentinel in self._sentinels]
        exchanges = await asyncio.gather(*map(self._fetch, requests))
        good = sum(map(answers_as_known, self._sentinels, exchanges))
        self.watches.append(
            Watch(
                at=self._now(),
                good=good,
                asked=len(requests),
                ahead=ahead(self._sentinels, exchanges),
            )
        )

    async def look_by_tls(self) -> None:
        """Find out whether a certificate known to be good is accepted here.

        Asked of nobody where the user does not want the first of our own sentinels.
        """
        if SENTINELS[0] in self._sentinels:
            self.tls_works = tls_works(await self._fetch(Request(url=Url(SECURE.url), read=1024)))

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look now and then; end the task within when the network is lost: asking on is vain."""
        steps = asyncio.current_task()

        async def look_on() -> None:
            while True:
                await asyncio.sleep(self._every)
                await self.look()
                if not self.is_online() and steps is not None:
                    steps.cancel()
                    return

        looking = asyncio.create_task(look_on())
        try:
            yield
        finally:
            looking.cancel()

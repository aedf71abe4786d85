"""The world in a thread of its own, for tests that are not asynchronous."""

import asyncio
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.world.scenario import Scenario
from tests.world.server import World


class WorldThread:
    """`with WorldThread(...) as world`: a World whose loop runs in another thread."""

    def __init__(
        self, *cases: Scenario | Mapping[str, Any], latency: timedelta = timedelta(0)
    ) -> None:
        self._world = World(*cases, latency=latency)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), daemon=True)

    def __enter__(self) -> World:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the world did not start within 10 seconds")
        return self._world

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        async with self._world:
            self._ready.set()
            await self._over.wait()

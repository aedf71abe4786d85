"""A repository's issues in a world, and somebody with a token who asks after them."""

from datetime import UTC, datetime

import pytest

from tests.world import World
from tests.world.clients import client
from tests.world.scenario import Entrance

API = "https://api.github.com"
COURSE = f"{API}/repos/meadow/course"
PEOPLE = {"ada": "write", "bo": "triage", "cy": "read", "di": "maintain"}
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Asking:
    """A client with a token, and the tracker that it asks after."""

    def __init__(self, world, there, token, base=COURSE):
        self.world, self.issues = world, world.issues
        self.tracker = world.tracker("meadow/course")
        self._there, self.token, self.base = there, token, base

    async def ask(self, method, path="", *, token=None, headers=None, **more):
        url = path if path.startswith("https:") else f"{self.base}{path}"
        sent = {"Authorization": f"Bearer {token or self.token}", **(headers or {})}
        return await self._there.ask(url, method, headers=sent, **more)

    async def get(self, path="", **more):
        return await self.ask("GET", path, **more)

    async def post(self, path, value=None, **more):
        return await self.ask("POST", path, json=value, **more)

    async def patch(self, path, value, **more):
        return await self.ask("PATCH", path, json=value, **more)


@pytest.fixture
async def github():
    """Lend a repository "meadow/course" of several people, asked with Actions' token."""
    world = World()
    world.issues.now = lambda: NOON
    world.tracker("meadow/course", collaborators=PEOPLE)
    async with world, client(world, Entrance.PROXY) as there:
        yield Asking(world, there, world.issues.actions_token("meadow/course"))
        assert world.complaints == []

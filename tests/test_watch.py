"""Looking at the sentinels while a run lasts."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import validity
from monitor.core.model import ExchangeId
from monitor.core.ports import Exchange, Failure, FailureKind, Request, Response
from monitor.core.validity import Sentinel
from monitor.watch import Lookout

SENTINELS = (
    Sentinel(url="http://one.example/", body="yes"),
    Sentinel(url="http://two.example/", body="yes"),
    Sentinel(url="http://three.example/", status=204),
)


class Net:
    """Answers as the sentinels are known to, or with nothing once it is `dark`."""

    def __init__(self) -> None:
        self.dark = False
        self.looks = 0
        self.looked_thrice = asyncio.Event()

    async def fetch(self, request: Request) -> Exchange:
        self.looks += request.url == "http://one.example/"
        if self.looks == 3:
            self.looked_thrice.set()
        known = {"http://three.example/": (204, b"")}.get(request.url, (200, b"yes\n"))
        said = Response(status=known[0], url=request.url, headers={}, body=known[1])
        failure = Failure(kind=FailureKind.TIMEOUT, detail="no answer")
        return Exchange(
            id=ExchangeId(request.url),
            method="GET",
            url=request.url,
            at=self.now(),
            elapsed=timedelta(),
            said=failure if self.dark else said,
        )

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)


async def test_a_look_counts_the_known_answers():
    net = Net()
    lookout = Lookout(SENTINELS, net.fetch, net.now)

    await lookout.look()

    assert lookout.is_online()
    assert (lookout.watches[0].good, lookout.watches[0].asked) == (3, 3)


async def test_without_sentinels_there_is_nothing_to_doubt_by():
    lookout = Lookout((), Net().fetch, Net().now)

    await lookout.look()

    assert lookout.is_online()


async def test_a_known_certificate_is_looked_at_only_where_that_is_wanted():
    asked = []

    async def fetch(request: Request) -> Exchange:
        asked.append(request.url)
        return await Net().fetch(request)

    theirs = Lookout(SENTINELS, fetch, Net().now)
    await theirs.look_by_tls()
    assert (asked, theirs.tls_works) == ([], None)

    ours = Lookout(validity.SENTINELS, fetch, Net().now)
    await ours.look_by_tls()
    assert (asked, ours.tls_works) == ([validity.SECURE.url], None)


async def test_it_looks_on_while_the_run_lasts_and_no_longer():
    net = Net()
    lookout = Lookout(SENTINELS, net.fetch, net.now, every=0)

    async with lookout.watching():
        await net.looked_thrice.wait()
    looked = net.looks
    for _ in range(20):
        await asyncio.sleep(0)

    assert net.looks - looked <= 1


async def test_a_lost_network_ends_the_run():
    net = Net()
    lookout = Lookout(SENTINELS, net.fetch, net.now, every=0)

    async def steps() -> None:
        async with lookout.watching():
            net.dark = True
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(steps())
    assert not lookout.is_online()

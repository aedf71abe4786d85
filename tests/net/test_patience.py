"""Asking again, waiting, and leaving alone."""

from datetime import timedelta

import pytest

from monitor.core.model import Url
from monitor.core.ports import FailureKind, Request
from monitor.net.fetch import full_jitter
from tests.net.conftest import NOW, Opening
from tests.net.loopback import (
    SkippingClock,
    answer,
    reset,
    serving,
    wild,
)

K = FailureKind


def by_path(table):
    """Return what answers each path by a table."""
    return lambda asked: table[asked.target]


def in_turn(*answers: bytes):
    """Return what gives one answer after the other, and then the last for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    ("answers", "status", "attempts", "slept"),
    [
        pytest.param([answer(200)], 200, 1, [], id="a good answer is taken at once"),
        pytest.param([answer(404)], 404, 1, [], id="not found is an answer"),
        pytest.param([answer(500)], 500, 1, [], id="a server error is an answer"),
        pytest.param([answer(503), answer(200)], 200, 2, [1], id="503 once, then 200"),
        pytest.param([answer(502)], 502, 3, [1, 2], id="502 for ever, waiting twice as long"),
        pytest.param(
            [answer(429, retry_after="5"), answer(200)],
            200,
            2,
            [5],
            id="429 for some seconds",
        ),
        pytest.param(
            [answer(503, retry_after="Tue, 24 Nov 2026 12:00:07 GMT"), answer(200)],
            200,
            2,
            [7],
            id="until an instant",
        ),
        pytest.param([answer(429)], 429, 1, [], id="429 without a word on when"),
        pytest.param([answer(429, retry_after="31")], 429, 1, [], id="429 beyond our patience"),
        pytest.param([answer(503, retry_after="3600")], 503, 1, [], id="503 beyond our patience"),
        pytest.param(
            [answer(429, retry_after="25")], 429, 3, [25, 25], id="429 for ever, within the budget"
        ),
        pytest.param([answer(503, retry_after="30")], 503, 2, [30], id="the budget ends it"),
        pytest.param(
            [answer(503, cf_mitigated="challenge")], 503, 1, [], id="a challenge is for people"
        ),
    ],
)
async def test_asking_again(
    opened: Opening, skipping: SkippingClock, answers, status: int, attempts: int, slept
) -> None:
    async with serving(in_turn(*answers)) as server, opened(attempts=3) as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url())))
    assert (exchange.said.status, exchange.attempts) == (status, attempts)
    assert len(server.asked) == attempts
    waits = [wait for wait in skipping.slept if wait >= 1]  # the rest is the throttle's spacing
    assert waits == slept


async def test_a_passing_failure_is_tried_again(opened: Opening) -> None:
    async def behave(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        if server.connections < 3:
            reset(writer)
        else:
            writer.write(answer(200))
            await writer.drain()

    async with wild(behave) as server, opened(attempts=3) as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url()), method="POST"))
    assert (exchange.said.status, exchange.attempts) == (200, 3)


async def test_a_host_that_wants_to_be_left_alone_is_asked_no_more(opened: Opening) -> None:
    async with serving(lambda _: answer(429, retry_after="3600")) as server, opened() as fetch:
        first = await fetch.fetch(Request(url=Url(server.url("/a"))))
        second = await fetch.fetch(Request(url=Url(server.url("/b"))))
    assert first.said.status == 429
    assert second.said.kind is K.BLOCKED
    assert timedelta(minutes=59) < second.said.retry_at - NOW <= timedelta(hours=1)
    assert len(server.asked) == 1


async def test_a_page_under_repair_does_not_speak_for_its_host(opened: Opening) -> None:
    say = by_path({"/a": answer(503, retry_after="3600"), "/b": answer()})
    async with serving(say) as server, opened() as fetch:
        await fetch.fetch(Request(url=Url(server.url("/a"))))
        assert (await fetch.fetch(Request(url=Url(server.url("/b"))))).said.status == 200


def test_chance_picks_a_wait_up_to_the_longest() -> None:
    assert all(0 <= full_jitter(3) <= 3 for _ in range(100))

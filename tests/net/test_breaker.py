"""Giving up on hosts that do not answer."""

import pytest

from monitor.core.model import Url
from monitor.core.ports import FailureKind, Request
from monitor.net.breaker import MOST_FAILURES, REST, Breaker
from tests.net.conftest import Opening
from tests.net.loopback import reset, wild

HOST = "silent.example"


@pytest.fixture
def time() -> list[float]:
    """Return a clock's seconds, to be set."""
    return [100.0]


@pytest.fixture
def breaker(time: list[float]) -> Breaker:
    return Breaker(lambda: time[0])


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.heed(HOST, answered=False)


def test_a_host_is_given_up_after_many_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, MOST_FAILURES - 1)
    assert not breaker.has_given_up(HOST)
    fail(breaker, 1)
    assert breaker.has_given_up(HOST)
    assert not breaker.has_given_up("other.example")


def test_one_answer_between_speaks_for_the_host(breaker: Breaker) -> None:
    fail(breaker, MOST_FAILURES - 1)
    breaker.heed(HOST, answered=True)
    fail(breaker, MOST_FAILURES - 1)
    assert not breaker.has_given_up(HOST)


def test_after_a_rest_it_is_tried_once_and_given_up_anew(
    breaker: Breaker, time: list[float]
) -> None:
    fail(breaker, MOST_FAILURES)
    time[0] += REST
    assert not breaker.has_given_up(HOST)
    fail(breaker, 1)
    assert breaker.has_given_up(HOST)


def test_an_answer_takes_the_giving_up_back(breaker: Breaker) -> None:
    fail(breaker, MOST_FAILURES)
    breaker.heed(HOST, answered=True)
    assert not breaker.has_given_up(HOST)


async def test_the_many_links_of_a_dead_host_cost_a_few_requests(opened: Opening) -> None:
    async def behave(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        reset(writer)

    async with wild(behave) as server, opened(attempts=3) as fetch:
        said = [
            (await fetch.fetch(Request(url=Url(server.url(f"/{n}")), method="POST"))).said.kind
            for n in range(50)
        ]
    assert server.connections == MOST_FAILURES
    assert said == [FailureKind.RESET] * 4 + [FailureKind.STOPPED] * 46

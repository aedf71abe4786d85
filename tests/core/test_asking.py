"""The plain ways of asking, and the answers that come of an exchange."""

from datetime import timedelta

import pytest

from monitor.core.asking import Get
from monitor.core.model import ExchangeId, Resource, ResourceId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Request, Response
from monitor.core.provider import Answer, Document, answer, last
from tests.strategies import NOON

PAGE = Url("https://example.org/")
HOP = Hop(status=301, url=PAGE, location=PAGE)


def exchange(said, hops=()):
    return Exchange(
        id=ExchangeId("1"),
        method="GET",
        url=PAGE,
        at=NOON,
        elapsed=timedelta(seconds=2),
        said=said,
        hops=hops,
    )


class Ports:
    """A world with one page."""

    async def fetch(self, request):
        headers = {"last-modified": "today", "set-cookie": "secret"}
        return exchange(Response(status=200, url=request.url, headers=headers, body=b"abc"), (HOP,))


def resource(name):
    url = Url(f"{PAGE}{name}")
    return Resource(id=ResourceId(f"web:{url}"), provider="web", kind="page", url=url)


@pytest.mark.parametrize(
    ("body", "read"), [(lambda response, _: len(response.body), 3), (None, None)]
)
async def test_each_resource_is_asked_by_itself(body, read):
    probe = Get("get", lambda one: Request(url=one.url), body)
    both = [resource("a"), resource("b")]
    assert [list(batch) for batch in probe.cut(both)] == [[both[0]], [both[1]]]
    answers = await probe.ask(both, Ports())
    assert answers[both[1].id] == Answer(
        probe="get",
        at=NOON + timedelta(seconds=2),
        said=Document(
            status=200, url=both[1].url, body=read, headers={"last-modified": "today"}, hops=(HOP,)
        ),
        exchanges=(ExchangeId("1"),),
    )


FAILURE = Failure(kind=FailureKind.UNREADABLE, detail="It is no JSON.")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(FAILURE, id="no answer came"),
        pytest.param(Response(status=200, url=PAGE, headers={}), id="the body cannot be read"),
    ],
)
def test_a_failure_stays_one(said):
    assert answer("get", exchange(said), lambda _: FAILURE).said is FAILURE


def test_the_newest_answer_of_a_probe_is_the_last():
    answers = [answer(name, exchange(FAILURE)) for name in ("get", "head", "get")]
    assert last(answers, "get") is answers[2]
    assert last(answers, "head") is answers[1]
    assert last(answers, "sibling") is None

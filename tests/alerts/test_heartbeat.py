"""The sign of life after each run that counts, and channels tried out by hand."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from monitor.alerts.telling import beat, tell, try_out
from monitor.core.model import ExchangeId
from monitor.core.ports import Exchange, Failure, FailureKind, Response
from tests.alerts.channels import LATER, MAIL, REFUSED, SENT, Post, conf, happen
from tests.store.samples import NOON, a_run


@dataclass
class Web:
    """A web that answers everything alike."""

    says: Response | Failure
    asked: list = field(default_factory=list)

    async def fetch(self, request) -> Exchange:
        self.asked.append(request)
        return Exchange(
            id=ExchangeId("e"),
            method=request.method,
            url=request.url,
            at=NOON,
            elapsed=timedelta(0),
            said=self.says,
        )


def response(status: int) -> Response:
    return Response(status=status, url="https://beat.example/8d1f", headers={})


@pytest.mark.parametrize(
    ("says", "notes"),
    [
        pytest.param(response(200), (), id="it is taken"),
        pytest.param(
            response(404), ("The heartbeat was not taken: it was answered with 404.",), id="refused"
        ),
        pytest.param(
            Failure(kind=FailureKind.NO_SUCH_HOST, detail="beat.example"),
            ("The heartbeat was not taken: no such host.",),
            id="nobody is there",
        ),
    ],
)
async def test_heartbeat(says, notes):
    web = Web(says)
    assert await beat(conf("heartbeat: ${BEAT}"), web.fetch) == notes
    (request,) = web.asked
    assert (request.method, request.url) == ("GET", "https://beat.example/8d1f")


@pytest.mark.parametrize(
    ("text", "environment", "notes"),
    [
        pytest.param("sources: []", {}, (), id="none is wished for"),
        pytest.param(
            "heartbeat: ${BEAT}",
            {"BEAT": ""},
            ("The heartbeat was not taken: BEAT is not set in the environment.",),
            id="its variable is not set",
        ),
        pytest.param(
            "heartbeat: ${BEAT}",
            {"BEAT": "secretsecret"},
            ("The heartbeat was not taken: BEAT holds no web address.",),
            id="its variable holds something else",
        ),
    ],
)
async def test_no_heartbeat(text, environment, notes):
    web = Web(response(200))
    assert await beat(conf(text, **environment), web.fetch) == notes
    assert web.asked == []


@pytest.mark.parametrize(
    ("runs", "beats"),
    [
        pytest.param([True], 1, id="a run that counts"),
        pytest.param([True, False], 0, id="an invalid run after it: somebody shall notice"),
        pytest.param([], 0, id="no run"),
    ],
)
async def test_only_a_run_that_counts_gives_a_sign_of_life(history, runs, beats):
    for n, valid in enumerate(runs):
        happen(history, run=f"r{n}", valid=valid)
    web = Web(response(200))
    assert await tell(conf("heartbeat: ${BEAT}"), history, web.fetch, lambda: LATER) == ()
    assert len(web.asked) == beats


async def test_a_run_that_still_goes_on_gives_none(history):
    history.begin(a_run())
    web = Web(response(200))
    await tell(conf("heartbeat: ${BEAT}"), history, web.fetch, lambda: LATER)
    assert web.asked == []


# --- trying it out ---


async def test_a_channel_is_tried_out():
    (alert,) = conf().alerts
    post = Post()
    assert await try_out(alert, post.send) == SENT
    assert post.got == [(MAIL, "Linkwell: this is a test")]


async def test_a_channel_without_an_address_is_tried_out():
    (alert,) = conf("alerts: {name: mail, url: '${NOT_SET}'}").alerts
    outcome = await try_out(alert, Post().send)
    assert outcome == replace(REFUSED, why="NOT_SET is not set in the environment.", passing=False)

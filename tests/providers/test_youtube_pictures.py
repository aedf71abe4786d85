"""The pictures of videos: each is judged for itself, whatever became of its video."""

import pytest

from monitor.core.model import Verdict
from monitor.core.ports import FailureKind
from monitor.core.provider import Ask
from monitor.core.reasons import Reason
from monitor.providers.youtube import PROVIDER
from tests.providers.fakes import FakePorts, check, drive, link, nothing, reply
from tests.providers.test_youtube import ID

HOST = "https://i.ytimg.com"
USUAL = f"{HOST}/vi/{ID}/hqdefault.jpg"
LARGE = f"{HOST}/vi/{ID}/maxresdefault.jpg"
IMAGE = {"content-type": "image/jpeg"}
THERE = reply(200, **IMAGE)
LOST = reply(404, **IMAGE)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (USUAL, USUAL),
        (f"http://img.youtube.com/vi/{ID}/hqdefault.jpg", USUAL),
        (f"https://i3.ytimg.com/vi/{ID}/hqdefault.jpg", USUAL),
        (f"{HOST}/vi_webp/{ID}/sddefault.webp", f"{HOST}/vi_webp/{ID}/sddefault.webp"),
        (f"{USUAL}?sqp=-oay&rs=AOn4", f"{USUAL}?sqp=-oay&rs=AOn4"),
        (f"{USUAL}#x", USUAL),
    ],
)
def test_a_picture_is_a_resource_of_its_own(url, asked):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert (resource.kind, resource.url) == ("thumbnail", asked)
    assert resource.id == f"youtube:thumbnail:{asked.removeprefix(f'{HOST}/')}"
    assert PROVIDER.identify(link(resource.url)) == resource


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/",
        f"{HOST}/vi/short/0.jpg",
        f"{HOST}/vi/{ID}/",
        f"{HOST}/vi/{ID}/a/b.jpg",
        f"{HOST}/an_webp/{ID}/x.webp",
        f"{HOST}:8443/vi/{ID}/0.jpg",
        f"https://img.youtube.com/watch?v={ID}",
        f"https://yt3.ggpht.com/vi/{ID}/0.jpg",
        f"ftp://i.ytimg.com/vi/{ID}/0.jpg",
    ],
)
def test_other_images_are_left_to_the_web(url):
    assert PROVIDER.identify(link(url)) is None


@pytest.mark.parametrize(
    ("url", "table", "reason", "asked"),
    [
        pytest.param(USUAL, {USUAL: THERE}, Reason.ALIVE, 1, id="it is there"),
        pytest.param(USUAL, {USUAL: LOST}, Reason.NOT_FOUND, 1, id="404 with a grey box"),
        pytest.param(USUAL, {USUAL: reply(410)}, Reason.NOT_FOUND, 1, id="gone"),
        pytest.param(
            LARGE, {LARGE: LOST, USUAL: THERE}, Reason.NOT_FOUND, 2, id="one size is missing"
        ),
        pytest.param(LARGE, {LARGE: LOST, USUAL: LOST}, Reason.NOT_FOUND, 2, id="all are missing"),
        pytest.param(LARGE, {LARGE: THERE}, Reason.ALIVE, 1, id="a large one"),
        pytest.param(
            f"{USUAL}?sqp=x",
            {f"{USUAL}?sqp=x": LOST, USUAL: THERE},
            Reason.NOT_FOUND,
            2,
            id="a cut that is not made any more",
        ),
        pytest.param(USUAL, {USUAL: reply(200)}, Reason.UNEXPECTED_ANSWER, 1, id="no picture"),
        pytest.param(USUAL, {USUAL: reply(403)}, Reason.BLOCKED, 1, id="refused"),
        pytest.param(USUAL, {USUAL: reply(429)}, Reason.RATE_LIMITED, 1, id="asked too often"),
        pytest.param(USUAL, {USUAL: reply(503)}, Reason.SERVER_ERROR, 1, id="in trouble"),
        pytest.param(
            USUAL,
            {USUAL: reply(302, location="https://www.google.com/sorry/index")},
            Reason.RATE_LIMITED,
            1,
            id="a check for robots",
        ),
        pytest.param(
            USUAL,
            {USUAL: reply(302, location="https://example.org/")},
            Reason.UNEXPECTED_ANSWER,
            1,
            id="sent to a stranger",
        ),
        pytest.param(
            USUAL, {USUAL: nothing(FailureKind.TIMEOUT)}, Reason.NOT_ANSWERING, 1, id="no answer"
        ),
    ],
)
async def test_a_picture_is_judged_by_itself(url, table, reason, asked):
    ports = FakePorts(table)
    verdict = await check(PROVIDER, url, ports, element="img")
    assert verdict.reason is reason
    assert len(ports.asked) == asked


@pytest.mark.parametrize("other", [THERE, LOST, reply(429)], ids=["there", "lost", "unknown"])
async def test_another_size_is_offered_where_it_is_there(other):
    verdict = await check(PROVIDER, LARGE, FakePorts({LARGE: LOST, USUAL: other}))
    offered = verdict.instead.url if verdict.instead is not None else None
    assert offered == (USUAL if other is THERE else None)


async def test_what_cannot_be_asked_is_not_claimed():
    resource = PROVIDER.identify(link(LARGE))
    assert resource is not None
    judged = PROVIDER.judge(resource, [], frozenset())
    assert isinstance(judged, Verdict)
    assert judged.reason is Reason.NOT_ASKED
    assert PROVIDER.judge(resource, [], frozenset({"picture", "page"})) == Ask("picture")
    verdict, asked = await drive(
        PROVIDER, resource, FakePorts({LARGE: LOST}), without=["other_picture"]
    )
    assert (verdict.reason, asked) == (Reason.NOT_FOUND, ["picture"])

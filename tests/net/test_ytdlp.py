"""The real yt-dlp on watch pages of our own making, through a fetch that only looks like one."""

import asyncio
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.model import ExchangeId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Request, Response
from monitor.net.ytdlp import REQUESTS, VideoReader

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
URL = Url("https://www.youtube.com/watch?v=abcdefghijk")

VIDEO = {
    "videoId": "abcdefghijk",
    "title": "A lecture",
    "lengthSeconds": "3661",
    "channelId": "UCabcdefghijklmnopqrstuv",
    "author": "A teacher",
    "isLiveContent": False,
    "isPrivate": False,
}
ABOUT = {"playerMicroformatRenderer": {"isUnlisted": False, "uploadDate": "2020-01-02"}}
OK = {"status": "OK", "playableInEmbed": True}


def refusal(status: str, reason: str, subreason: str = "") -> dict:
    """Return a player's answer that gives a reason why not."""
    message = {"reason": {"simpleText": reason}, "subreason": {"simpleText": subreason}}
    screen = {"playerErrorMessageRenderer": message}
    return {"playabilityStatus": {"status": status, "reason": reason, "errorScreen": screen}}


OWNER = {"videoOwnerRenderer": {"title": {"runs": [{"text": "A teacher"}]}}}
AROUND = {
    "contents": {
        "twoColumnWatchNextResults": {
            "results": {"results": {"contents": [{"videoSecondaryInfoRenderer": {"owner": OWNER}}]}}
        }
    }
}


def page(player: object) -> Response:
    text = (
        '<html><script>ytcfg.set({"INNERTUBE_API_KEY": "k"});</script>'
        f"<script>var ytInitialPlayerResponse = {json.dumps(player)};</script>"
        f"<script>var ytInitialData = {json.dumps(AROUND)};</script></html>"
    )
    return Response(status=200, url=URL, headers={"content-type": "text/html"}, body=text.encode())


class FakeFetch:
    """Answers a GET with the page and a POST with the player, and keeps what was asked."""

    def __init__(self, page: Response | Failure, player: Response | Failure | None = None) -> None:
        self.page = page
        self.player = player or Response(status=404, url=URL, headers={})
        self.asked: list[Request] = []

    async def __call__(self, request: Request) -> Exchange:
        self.asked.append(request)
        return Exchange(
            id=ExchangeId(f"x{len(self.asked)}"),
            method=request.method,
            url=request.url,
            at=NOW,
            elapsed=timedelta(seconds=1),
            said=self.page if request.method == "GET" else self.player,
        )


@pytest.fixture
def reader():
    reader = VideoReader(threads=1)
    yield reader
    reader.close()


@pytest.mark.parametrize(
    "streaming",
    [
        pytest.param(None, id="no media at all"),
        pytest.param(
            {"adaptiveFormats": [{"itag": 137, "mimeType": "video/mp4"}]},
            id="media without addresses, as YouTube sends them to browsers now",
        ),
    ],
)
async def test_a_public_video_costs_one_request(reader: VideoReader, streaming) -> None:
    player = {"playabilityStatus": OK, "videoDetails": VIDEO, "microformat": ABOUT}
    fetch = FakeFetch(page(player | ({"streamingData": streaming} if streaming else {})))
    said, evidence = await reader.video(URL, fetch)
    assert said == {
        "info": {
            "id": "abcdefghijk",
            "title": "A lecture",
            "duration": 3661,
            "channel": "A teacher",
            "channel_id": "UCabcdefghijklmnopqrstuv",
            "uploader": "A teacher",
            "availability": "public",
            "live_status": "not_live",
            "release_timestamp": None,
            "upload_date": "20200102",
            "age_limit": 0,
            "playable_in_embed": True,
        }
    }
    assert evidence == ("x1",)
    (asked,) = fetch.asked
    assert asked.url.startswith("https://www.youtube.com/watch?v=abcdefghijk")
    assert asked.read > 1_000_000
    assert asked.follow is not None
    assert asked.follow(Url("https://consent.youtube.com/"))
    sent = {name.lower() for name in asked.headers}
    assert "cookie" in sent
    assert not sent & {"user-agent", "accept-encoding"}


@pytest.mark.parametrize(
    ("player", "kind", "words", "countries"),
    [
        pytest.param(
            refusal("LOGIN_REQUIRED", "Private video", "Sign in if you've been granted access"),
            "ExtractorError",
            "Private video. Sign in if you've been granted access",
            None,
            id="a private video",
        ),
        pytest.param(
            refusal("ERROR", "Video unavailable", "This video has been removed by the uploader"),
            "ExtractorError",
            "Video unavailable. This video has been removed by the uploader",
            None,
            id="a removed video",
        ),
        pytest.param(
            refusal("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"),
            "ExtractorError",
            "Sign in to confirm you’re not a bot.",
            None,
            id="a robot check",
        ),
        pytest.param(
            refusal("LIVE_STREAM_OFFLINE", "Premieres in 3 hours"),
            "ExtractorError",
            "Premieres in 3 hours",
            None,
            id="a video that is still to come",
        ),
        pytest.param(
            refusal(
                "UNPLAYABLE",
                "Video unavailable",
                "The uploader has not made this video available in your country",
            )
            | {"microformat": {"playerMicroformatRenderer": {"availableCountries": ["DE", "FR"]}}},
            "GeoRestrictedError",
            "The uploader has not made this video available in your country",
            ["DE", "FR"],
            id="a video for some countries",
        ),
    ],
)
async def test_why_a_video_cannot_be_read(
    reader: VideoReader, player, kind: str, words: str, countries
) -> None:
    said, evidence = await reader.video(URL, FakeFetch(page(player)))
    error = said["error"]
    assert (error["kind"], error["countries"], error["expected"]) == (kind, countries, True)
    assert error["message"].startswith(words)
    assert evidence == ("x1",)


async def test_a_trailer_in_the_videos_place_is_not_the_video(reader: VideoReader) -> None:
    trailer = {"playerLegacyDesktopYpcTrailerRenderer": {"trailerVideoId": "kjihgfedcba"}}
    status = {"status": "UNPLAYABLE", "reason": "Buy it", "errorScreen": trailer}
    said, _ = await reader.video(URL, FakeFetch(page({"playabilityStatus": status})))
    assert said["error"]["kind"] == "NoVideoError"
    assert said["error"]["expected"] is False


async def test_an_age_check_is_told_after_a_second_look(reader: VideoReader) -> None:
    fetch = FakeFetch(page(refusal("LOGIN_REQUIRED", "Sign in to confirm your age")))
    said, _ = await reader.video(URL, fetch)
    assert said["error"]["message"].startswith("Sign in to confirm your age")


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        pytest.param(
            Response(status=429, url=URL, headers={"retry-after": "60"}),
            FailureKind.BLOCKED,
            id="too many requests, which yt-dlp swallows",
        ),
        pytest.param(Response(status=403, url=URL, headers={}), FailureKind.BLOCKED, id="no"),
        pytest.param(
            Response(status=200, url=Url("https://www.google.com/sorry/index"), headers={}),
            FailureKind.BLOCKED,
            id="the page where robots are sent",
        ),
        pytest.param(
            Failure(kind=FailureKind.NETWORK, detail="no way out"),
            FailureKind.NETWORK,
            id="our own network",
        ),
    ],
)
async def test_what_is_no_word_on_the_video(reader: VideoReader, response, kind) -> None:
    said, evidence = await reader.video(URL, FakeFetch(response, response))
    assert isinstance(said, Failure)
    assert said.kind is kind
    assert evidence[0] == "x1"


async def test_until_when_youtube_wants_to_be_left_alone(reader: VideoReader) -> None:
    throttled = Response(status=429, url=URL, headers={"retry-after": "59"})
    said, _ = await reader.video(URL, FakeFetch(throttled, throttled))
    assert said.retry_at == NOW + timedelta(seconds=60)


async def test_a_player_that_answers_after_all_is_believed(reader: VideoReader) -> None:
    player = {"playabilityStatus": OK, "videoDetails": VIDEO, "microformat": ABOUT}
    alive = Response(status=200, url=URL, headers={}, body=json.dumps(player).encode())
    said, evidence = await reader.video(
        URL, FakeFetch(Response(status=429, url=URL, headers={}), alive)
    )
    assert said["info"]["title"] == "A lecture"
    assert len(evidence) == 2


@pytest.mark.parametrize(
    "player",
    [
        pytest.param(None, id="nothing"),
        pytest.param([1], id="a list"),
        pytest.param({"playabilityStatus": 7, "videoDetails": "x"}, id="the wrong kinds"),
        pytest.param(
            {"playabilityStatus": OK, "videoDetails": VIDEO | {"title": {"a": 1}}},
            id="a title that is no text",
        ),
        pytest.param(
            {"playabilityStatus": OK, "videoDetails": VIDEO | {"title": "\ud800" * 5000}},
            id="a title of halves of characters",
        ),
        pytest.param(
            {"playabilityStatus": OK, "videoDetails": VIDEO | {"lengthSeconds": "9" * 5000}},
            id="a length beyond all numbers",
        ),
    ],
)
async def test_a_hostile_page_is_survived(reader: VideoReader, player) -> None:
    said, _ = await reader.video(URL, FakeFetch(page(player)))
    assert isinstance(said, Failure) or len(json.dumps(said).encode()) < 50_000


@pytest.mark.parametrize("url", ["https://www.example.org/", "nonsense", "ftp://x/"])
async def test_what_is_no_video_is_an_error(reader: VideoReader, url: str) -> None:
    html = Response(status=200, url=URL, headers={"content-type": "text/html"}, body=b"<html>")
    said, evidence = await reader.video(Url(url), FakeFetch(html))
    assert isinstance(said, Failure) or "error" in said
    assert len(evidence) <= REQUESTS


async def test_cancelling_ends_a_reading_at_once_and_frees_its_thread(reader: VideoReader) -> None:
    waiting = asyncio.Event()

    async def never(_: Request) -> Exchange:
        waiting.set()
        await asyncio.Event().wait()
        raise AssertionError

    reading = asyncio.create_task(reader.video(URL, never))
    await asyncio.wait_for(waiting.wait(), 20)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(reading, 0.5)
    player = {"playabilityStatus": OK, "videoDetails": VIDEO, "microformat": ABOUT}
    said, _ = await asyncio.wait_for(reader.video(URL, FakeFetch(page(player))), 5)
    assert said["info"]["title"] == "A lecture"


async def test_closing_ends_what_is_under_way_what_waits_and_what_comes() -> None:
    reader = VideoReader(threads=1)
    waiting = asyncio.Event()

    async def never(_: Request) -> Exchange:
        waiting.set()
        await asyncio.Event().wait()
        raise AssertionError

    readings = [asyncio.create_task(reader.video(URL, never)) for _ in range(3)]
    await asyncio.wait_for(waiting.wait(), 20)
    reader.close()
    said = await asyncio.wait_for(asyncio.gather(*readings, reader.video(URL, never)), 2)
    assert [failure.kind for failure, _ in said] == [FailureKind.STOPPED] * 4
    for thread in threading.enumerate():
        if thread.name.startswith("yt-dlp"):
            thread.join(2)
            assert not thread.is_alive()


async def test_a_fetch_that_breaks_is_an_error_and_not_a_crash(reader: VideoReader) -> None:
    async def broken(_: Request) -> Exchange:
        raise ZeroDivisionError

    said, evidence = await reader.video(URL, broken)
    assert said["error"]["expected"] is False
    assert evidence == ()


def test_yt_dlp_is_not_imported_before_it_is_used() -> None:
    check = "import sys, monitor.net.ytdlp; sys.exit('yt_dlp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0

"""What a video's own page tells at a first look, and what is asked when."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.first_looks import FIRST_LOOK, LOOK_AGAIN
from monitor.core.model import Url
from monitor.core.ports import FailureKind
from monitor.core.provider import Answer, Document
from monitor.core.reasons import Reason, Status
from monitor.providers import _youtube_watch as watch
from monitor.providers.youtube import PROVIDER
from tests.providers.fakes import AT, FakePorts, check, drive, html, link, nothing, reply
from tests.providers.test_youtube import CONSENT, GOOD, ID, OEMBED, SORRY, WATCH, error, info

PAGE = f"{WATCH}&hl=en"
LOOK = frozenset({FIRST_LOOK})
AGAIN = frozenset({FIRST_LOOK, LOOK_AGAIN})
SHOWN = {
    "videoId": ID,
    "title": "A lecture, as the page calls it",
    "author": "A teacher of the page",
    "channelId": "UC0123456789012345678901",
    "lengthSeconds": "600",
    "isLiveContent": False,
}
FORMAT = {"uploadDate": "2020-02-03T00:00:00-08:00", "isUnlisted": False}
WAITING = {"status": "LIVE_STREAM_OFFLINE", "reason": "This live event will begin in 2 days."}
SLATE = {"offlineSlate": {"liveStreamOfflineSlateRenderer": {"scheduledStartTime": "1800000000"}}}


def player(status="OK", shown=SHOWN, format_=FORMAT, **play):
    """Return what a player is told; `shown` and `format_` may be None."""
    told = {"playabilityStatus": {"status": status, **play}}
    told |= {"videoDetails": shown} if shown is not None else {}
    return told | (
        {"microformat": {"playerMicroformatRenderer": format_}} if format_ is not None else {}
    )


def page(told, before="var ytInitialPlayerResponse = "):
    return html(f"<html><script>{before}{json.dumps(told)};var x = 1;</script></html>")


def screen(reason, subreason):
    """Return an error's screen, each text in another of YouTube's forms."""
    return {
        "playerErrorMessageRenderer": {
            "reason": {"simpleText": reason},
            "subreason": {"runs": [{"text": subreason[:9]}, {"text": subreason[9:]}]},
        }
    }


def ports(said, oembed=GOOD, video=None):
    return FakePorts({OEMBED: oembed, PAGE: said}, {} if video is None else {WATCH: video})


async def looked_at(said, **more):
    return await check(PROVIDER, WATCH, ports(said, **more), needs=LOOK)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        pytest.param(player(), Reason.ALIVE, id="it plays"),
        pytest.param(
            player("UNPLAYABLE", reason="This live stream recording is not available."),
            Reason.DELETED,
            id="a stream that was not recorded",
        ),
        pytest.param(
            player("UNPLAYABLE", reason="This video requires payment to watch."),
            Reason.PAYWALLED,
            id="it costs",
        ),
        pytest.param(
            player("UNPLAYABLE", reason="This video is only available to Music Premium members"),
            Reason.PAYWALLED,
            id="for Premium members",
        ),
        pytest.param(
            player("UNPLAYABLE", reason="Join this channel to get access to members-only content"),
            Reason.PAYWALLED,
            id="for members, by its words",
        ),
        pytest.param(
            player(
                "UNPLAYABLE",
                reason="Únete a este canal",
                errorScreen={
                    "playerLegacyDesktopYpcOfferRenderer": {"offerId": "sponsors_only_video"}
                },
            ),
            Reason.PAYWALLED,
            id="for members, by what is offered, in any language",
        ),
        pytest.param(
            player(
                "UNPLAYABLE",
                reason="Video unavailable",
                errorScreen=screen(
                    "Video unavailable",
                    "The uploader has not made this video available in your country",
                ),
            ),
            Reason.REGION_RESTRICTED,
            id="not in this country",
        ),
        pytest.param(
            player(
                "LOGIN_REQUIRED",
                reason="Sign in to confirm your age",
                errorScreen=screen("Sign in to confirm your age", "This video may be …"),
            ),
            Reason.AGE_RESTRICTED,
            id="for adults, by its words",
        ),
        pytest.param(
            player("LOGIN_REQUIRED", reason="Đăng nhập", desktopLegacyAgeGateReason=1),
            Reason.AGE_RESTRICTED,
            id="for adults, by the gate, in any language",
        ),
        pytest.param(
            player("AGE_VERIFICATION_REQUIRED"), Reason.AGE_RESTRICTED, id="for adults, by status"
        ),
        pytest.param(
            player("LIVE_STREAM_OFFLINE", {**SHOWN, "isUpcoming": True}),
            Reason.UPCOMING,
            id="announced",
        ),
        pytest.param(
            player(shown=None, **WAITING), Reason.UPCOMING, id="announced, by its words alone"
        ),
        pytest.param(
            player(shown={**SHOWN, "isLive": True, "lengthSeconds": "0"}),
            Reason.ALIVE,
            id="live now",
        ),
        pytest.param(
            player("LIVE_STREAM_OFFLINE", reason="This live event has ended."),
            Reason.ALIVE,
            id="a stream of which the words say nothing: oEmbed's word stands",
        ),
        pytest.param(
            player("UNPLAYABLE", reason="Vídeo no disponible"),
            Reason.ALIVE,
            id="words of another language: oEmbed's word stands",
        ),
        pytest.param(
            player("UNPLAYABLE", reason="This video is not available"),
            Reason.ALIVE,
            id="a quirk that was seen of living videos: oEmbed's word stands",
        ),
        pytest.param(
            player("LOGIN_REQUIRED", shown=None, reason="Sign in to confirm you’re not a bot"),
            Reason.ALIVE,
            id="a check for robots: oEmbed's word stands",
        ),
        pytest.param(
            player("UNPLAYABLE", shown=None, errorScreen={"playerCaptchaViewModel": {}}),
            Reason.ALIVE,
            id="a captcha: oEmbed's word stands",
        ),
        pytest.param(
            player(shown={**SHOWN, "videoId": "another_one"}),
            Reason.ALIVE,
            id="another video than was asked for: oEmbed's word stands",
        ),
        pytest.param(
            player(shown=None), Reason.ALIVE, id="a player that shows nothing: oEmbed's word stands"
        ),
        pytest.param({"videoDetails": SHOWN}, Reason.ALIVE, id="no word of how it plays"),
        pytest.param(
            player("ERROR", shown=None, reason="Video unavailable"),
            Reason.UNEXPECTED_ANSWER,
            id="gone by its page alone: two sources disagree",
        ),
        pytest.param(
            player("LOGIN_REQUIRED", {**SHOWN, "isPrivate": True}),
            Reason.UNEXPECTED_ANSWER,
            id="private by its page alone: two sources disagree",
        ),
        pytest.param(
            player(
                "LOGIN_REQUIRED",
                shown=None,
                messages=["This is a private video. Please sign in to verify that you may see it."],
            ),
            Reason.UNEXPECTED_ANSWER,
            id="private by its messages alone: two sources disagree",
        ),
    ],
)
async def test_a_look_at_what_oembed_calls_working(told, reason):
    assert (await looked_at(page(told))).reason is reason


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(CONSENT, id="the consent page"),
        pytest.param(SORRY, id="Google's sorry page"),
        pytest.param(reply(302, location="https://accounts.google.com/x"), id="the sign-in"),
        pytest.param(reply(429), id="asked too often"),
        pytest.param(html("<title>404</title>", 404), id="not found"),
        pytest.param(reply(404), id="nothing at all"),
        pytest.param(reply(410), id="gone"),
        pytest.param(reply(503), id="in trouble"),
        pytest.param(nothing(FailureKind.TIMEOUT), id="no answer"),
        pytest.param(nothing(FailureKind.TLS), id="no safe answer"),
        pytest.param(html("<title>A lecture - YouTube</title>"), id="a page without a player"),
        pytest.param(page(player(), "var ytInitialData = "), id="other data"),
        pytest.param(html(b"ytInitialPlayerResponse = {" * 9), id="marks and nothing more"),
        pytest.param(html(b"ytInitialPlayerResponse = " + b'{"a":' * 99_999), id="too deep"),
        pytest.param(html(b"ytInitialPlayerResponse = {\xff\xfe"), id="no text"),
        pytest.param(page(player(), "ytInitialPlayerResponse = {" * 4), id="hidden by marks"),
    ],
)
async def test_a_wall_or_another_page_leaves_what_oembed_said(said):
    verdict = await looked_at(said)
    assert (verdict.reason, verdict.facts) == (
        Reason.ALIVE,
        {"title": "A lecture", "channel": "A teacher"},
    )


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("var ytInitialPlayerResponse = ", id="as of 2021"),
        pytest.param("ytInitialPlayerResponse=", id="without spaces"),
        pytest.param('window["ytInitialPlayerResponse"] = ', id="as in 2020"),
        pytest.param("ytInitialPlayerResponse = {no};var ytInitialPlayerResponse = ", id="again"),
        pytest.param("var ytInitialPlayerResponse = null;ytInitialPlayerResponse = ", id="later"),
    ],
)
async def test_where_the_player_stands_in_a_page(before):
    assert (await looked_at(page(player(), before))).facts["duration"] == 600


async def test_what_is_known_of_a_video_after_a_look_with_the_names_of_oembed():
    verdict = await looked_at(page(player(playableInEmbed=True)))
    assert verdict.facts == {
        "title": "A lecture",
        "channel": "A teacher",
        "channel_url": "https://www.youtube.com/channel/UC0123456789012345678901",
        "duration": 600,
        "published": "2020-02-03",
        "availability": "public",
        "plays": True,
    }


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        pytest.param(
            player(format_={**FORMAT, "isUnlisted": True}),
            {"availability": "unlisted", "duration": 600},
            id="unlisted",
        ),
        pytest.param(
            player(shown={**SHOWN, "isLiveContent": True}),
            {"live": "ended", "duration": 600},
            id="a recorded stream",
        ),
        pytest.param(
            player(shown={**SHOWN, "lengthSeconds": "0"}), {"duration": None}, id="no length yet"
        ),
        pytest.param(
            player(shown={**SHOWN, "lengthSeconds": 10**400}), {"duration": None}, id="no length"
        ),
        pytest.param(
            player(shown={**SHOWN, "lengthSeconds": -5}), {"duration": None}, id="less than none"
        ),
        pytest.param(
            player(format_={"liveBroadcastDetails": {"isLiveNow": True}}),
            {"live": "live", "duration": None, "availability": None},
            id="live has no length",
        ),
        pytest.param(
            player(
                "LIVE_STREAM_OFFLINE",
                {**SHOWN, "isUpcoming": True},
                liveStreamability={"liveStreamabilityRenderer": SLATE},
            ),
            {"live": "upcoming", "starts": "2027-01-15T08:00:00+00:00", "duration": None},
            id="announced by the second",
        ),
        pytest.param(
            player(
                shown={**SHOWN, "isUpcoming": True},
                format_={"liveBroadcastDetails": {"startTimestamp": "2027-01-15T08:00:00+00:00"}},
            ),
            {"live": "upcoming", "starts": "2027-01-15T08:00:00+00:00", "duration": None},
            id="announced by the day",
        ),
        pytest.param(
            player("AGE_CHECK_REQUIRED"),
            {"availability": "needs_auth", "duration": None},
            id="for adults: without a length, that it is looked at again",
        ),
        pytest.param(
            player(
                "UNPLAYABLE",
                reason="… not available in your country",
                format_={"availableCountries": ["IT", "DE", 1]},
            ),
            {"allowed_in": ["DE", "IT"], "duration": None},
            id="where it is shown",
        ),
        pytest.param(
            player("UNPLAYABLE", reason="This video requires payment to watch."),
            {"allowed_in": None, "live": None, "duration": None},
            id="what costs costs everywhere",
        ),
    ],
)
async def test_what_else_a_look_tells(told, facts):
    known = (await looked_at(page(told))).facts
    assert {name: known.get(name) for name in facts} == facts


@pytest.mark.parametrize("page_says", [True, False])
async def test_whether_it_may_be_embedded_is_oembeds_word_as_in_later_runs(page_says):
    verdict = await looked_at(page(player(playableInEmbed=page_says)))
    later = await check(PROVIDER, WATCH, ports(nothing(FailureKind.TIMEOUT)))
    assert verdict.facts.get("embeddable") == later.facts.get("embeddable")


async def test_where_oembed_tells_no_names_those_of_the_page_are_taken():
    verdict = await looked_at(page(player(playableInEmbed=False)), oembed=reply(401))
    assert verdict.reason is Reason.ALIVE
    assert verdict.facts["title"] == "A lecture, as the page calls it"
    assert verdict.facts["embeddable"] is False


TIMED = LOOK | {"duration", "plays"}
NO_KEY = ("api",)


@pytest.mark.parametrize(
    ("needs", "oembed", "said", "asked"),
    [
        pytest.param(frozenset(), GOOD, page(player()), ["oembed"], id="no look, no page"),
        pytest.param(LOOK, GOOD, page(player()), ["oembed", "watch"], id="a look"),
        pytest.param(LOOK, GOOD, reply(429), ["oembed", "watch"], id="a wall"),
        pytest.param(LOOK, reply(404), page(player()), ["oembed", "ytdlp"], id="gone by oEmbed"),
        pytest.param(LOOK, reply(503), page(player()), ["oembed", "ytdlp"], id="oEmbed in trouble"),
        pytest.param(
            TIMED, GOOD, page(player()), ["oembed", "watch"], id="a second, answered by the page"
        ),
        pytest.param(
            TIMED, GOOD, reply(429), ["oembed", "watch", "ytdlp"], id="a second before a wall"
        ),
        pytest.param(
            TIMED,
            GOOD,
            page(player(shown={**SHOWN, "isLive": True})),
            ["oembed", "watch", "ytdlp"],
            id="a second of what has no length",
        ),
        pytest.param(
            TIMED,
            GOOD,
            page(player("UNPLAYABLE", reason="This video requires payment to watch.")),
            ["oembed", "watch"],
            id="a second of what costs",
        ),
        pytest.param(
            TIMED - LOOK, GOOD, page(player()), ["oembed", "ytdlp"], id="a second without a look"
        ),
        pytest.param(
            LOOK,
            reply(401),
            page(player(playableInEmbed=False)),
            ["oembed", "watch"],
            id="embedding is off, and it plays",
        ),
        pytest.param(
            LOOK, reply(401), reply(429), ["oembed", "watch", "ytdlp"], id="off, before a wall"
        ),
        pytest.param(
            LOOK,
            GOOD,
            page(player("ERROR", shown=None, reason="Video unavailable")),
            ["oembed", "watch"],
            id="two sources disagree",
        ),
    ],
)
async def test_who_is_asked_for_a_look(needs, oembed, said, asked):
    resource = replace(PROVIDER.identify(link(WATCH)), needs=needs)
    world = ports(said, oembed, info())
    _, probes = await drive(PROVIDER, resource, world, without=NO_KEY)
    assert probes == asked


async def test_a_look_is_one_plain_request_in_english():
    world = ports(page(player()))
    await check(PROVIDER, WATCH, world, needs=LOOK)
    assert world.asked == [OEMBED, PAGE]
    assert world.requests[1].headers == {"Accept-Language": "en"}
    assert world.requests[1].read == watch.PAGE_BYTES


async def test_where_the_data_api_has_an_answer_nothing_is_looked_at():
    item = {"id": ID, "snippet": {"title": "A lecture"}, "contentDetails": {"duration": "PT9M"}}
    resource = replace(PROVIDER.identify(link(f"{WATCH}&t=60")), needs=TIMED)
    world = FakePorts(videos={WATCH: info()})
    world.google = lambda calls: _told([({"items": [item]}, ()) for _ in calls])
    _, probes = await drive(PROVIDER, resource, world)
    assert probes == ["api", "ytdlp"]


async def _told(said):
    return said


def test_a_look_that_was_had_is_not_forgotten_where_none_is_needed_any_more():
    body = watch.told(page(player()).body.decode(), ID)
    answers = [
        Answer(
            probe="oembed",
            at=AT,
            said=Document(status=200, url=Url(OEMBED), body={"title": "A lecture"}),
        ),
        Answer(probe="watch", at=AT, said=Document(status=200, url=Url(PAGE), body=body)),
    ]
    resource = replace(PROVIDER.identify(link(WATCH)), needs=TIMED - LOOK)
    judged = PROVIDER.judge(resource, answers, frozenset(PROVIDER.probes) - {"api"})
    assert (judged.reason, judged.facts["duration"]) == (Reason.ALIVE, 600)


def test_looks_wait_until_nothing_else_is_asked_and_are_then_asked_one_by_one():
    look = PROVIDER.probes["watch"]
    resources = [PROVIDER.identify(link(f"https://youtu.be/{n:011}")) for n in range(30)]
    assert look.size > len(resources)
    assert look.cut(resources) == [[resource] for resource in resources]
    assert (look.credential, look.allowance) == (None, None)


# --- hostile pages ---

TEXTS = st.sampled_from(["OK", "ERROR", "UNPLAYABLE", ID, "600", "\ud800", "x" * 9_999]) | st.text()
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
NAMES = st.sampled_from(
    [
        "playabilityStatus",
        "status",
        "reason",
        "messages",
        "errorScreen",
        "playerErrorMessageRenderer",
        "subreason",
        "runs",
        "text",
        "simpleText",
        "videoDetails",
        "videoId",
        "title",
        "author",
        "channelId",
        "lengthSeconds",
        "isLive",
        "isUpcoming",
        "isLiveContent",
        "isPrivate",
        "microformat",
        "playerMicroformatRenderer",
        "uploadDate",
        "isUnlisted",
        "availableCountries",
        "liveBroadcastDetails",
        "startTimestamp",
        "liveStreamability",
        "offlineSlate",
        "liveStreamabilityRenderer",
        "liveStreamOfflineSlateRenderer",
        "scheduledStartTime",
        "playableInEmbed",
        "desktopLegacyAgeGateReason",
        "playerLegacyDesktopYpcOfferRenderer",
        "offerId",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=30
)
PLAYERS = st.fixed_dictionaries(
    {"playabilityStatus": st.dictionaries(NAMES, VALUES)},
    optional={
        "videoDetails": st.dictionaries(NAMES, VALUES).map(lambda shown: {**shown, "videoId": ID}),
        "microformat": st.fixed_dictionaries(
            {"playerMicroformatRenderer": st.dictionaries(NAMES, VALUES)}
        ),
    },
)


@given(told=PLAYERS)
def test_whatever_a_player_is_told_it_is_judged_and_little_of_it_is_kept(told):
    kept = watch.told(f"ytInitialPlayerResponse = {json.dumps(told)};", ID)
    assert kept is not None
    assert len(json.dumps(kept, allow_nan=False).encode()) < 50_000
    heard = Answer(probe="watch", at=AT, said=Document(status=200, url=Url(PAGE), body=kept))
    PROVIDER.judge(PROVIDER.identify(link(WATCH)), [heard], frozenset())


@given(page=st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_whatever_stands_in_a_page_nothing_is_raised(page):
    assert watch.told(page, ID) is None
    watch.told(f"ytInitialPlayerResponse = {{{page}", ID)


def test_error_words_are_those_of_yt_dlp():
    """Hold the two forms against each other: one judge reads both."""
    kept = watch.told(page(player("ERROR", shown=None, reason="Gone.")).body.decode(), ID)
    assert kept["error"].keys() == error("Gone.")["error"].keys()
    assert kept == {"info": None, "error": {"kind": "ERROR", "message": "Gone", "countries": None}}


@pytest.mark.parametrize(
    ("needs", "said", "reason"),
    [
        pytest.param(AGAIN, page(player()), Reason.ALIVE, id="it plays: it is well again"),
        pytest.param(AGAIN, reply(429), Reason.RATE_LIMITED, id="a wall says nothing of it"),
        pytest.param(AGAIN, nothing(FailureKind.TIMEOUT), Reason.NOT_ANSWERING, id="no answer"),
        pytest.param(AGAIN, html("<p>A page</p>"), Reason.UNEXPECTED_ANSWER, id="another page"),
        pytest.param(
            frozenset({LOOK_AGAIN}), page(player()), Reason.NOT_ASKED, id="it was not looked at"
        ),
        pytest.param(LOOK, reply(429), Reason.ALIVE, id="nothing was amiss before"),
    ],
)
async def test_what_was_amiss_is_well_again_only_by_another_look(needs, said, reason):
    verdict = await check(PROVIDER, WATCH, ports(said), needs=needs)
    assert verdict.reason is reason
    assert verdict.facts["title"] == "A lecture"


async def test_what_ails_by_oembed_needs_no_look_to_be_broken():
    verdict = await check(PROVIDER, WATCH, ports(page(player()), reply(403), None), needs=AGAIN)
    assert verdict.status is not Status.OK

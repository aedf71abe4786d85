"""What YouTube's addresses name, and what its answers mean."""

import json
from datetime import UTC, datetime

import pytest

from monitor.core.model import Verdict
from monitor.core.ports import FailureKind
from monitor.core.provider import Ask
from monitor.core.reasons import Reason
from monitor.providers.youtube import PROVIDER
from tests.providers.fakes import FakePorts, check, link, nothing, reply

ID = "0bMe_vCZo30"
LIST = "PL0123456789ab"
CHANNEL = "UC0123456789012345678901"
WATCH = f"https://www.youtube.com/watch?v={ID}"
OEMBED = f"https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{ID}"
LIST_PAGE = f"https://www.youtube.com/playlist?list={LIST}"
LIST_OEMBED = (
    "https://www.youtube.com/oembed?format=json&url="
    f"https%3A%2F%2Fwww.youtube.com%2Fplaylist%3Flist%3D{LIST}"
)
FEED = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
CHANNEL_PAGE = f"https://www.youtube.com/channel/{CHANNEL}"
EXAMPLES = [
    f"{WATCH}&t=90",
    LIST_PAGE,
    CHANNEL_PAGE,
    "https://www.youtube.com/@teacher",
    "https://www.youtube.com/clip/Ugkx-1",
    "https://youtu.be/short",
    "https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org%2F",
    f"https://i.ytimg.com/vi/{ID}/hqdefault.jpg",
    f"https://i.ytimg.com/vi/{ID}/maxresdefault.jpg",
    "https://music.youtube.com/browse/MPREb_1",
    "https://www.youtube.com/playlist?list=PLcut",
]
GOOD = reply(200, json.dumps({"title": "A lecture", "author_name": "A teacher"}))
SORRY = reply(302, location="https://www.google.com/sorry/index?continue=x")
CONSENT = reply(302, location="https://consent.youtube.com/m?continue=x")


def info(**more):
    return {"info": {"title": "A lecture", "channel": "A teacher", "duration": 600, **more}}


def error(message, kind="ExtractorError"):
    return {"error": {"kind": kind, "message": message, "countries": None}}


def page(title="", alert=""):
    said = json.dumps({"alertRenderer": {"type": "ERROR", "text": {"simpleText": alert}}})
    script = said.replace(": ", ":").replace(", ", ",") if alert else ""
    return reply(200, f"<title>{title}</title><script>{script}</script>")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"https://www.youtube.com/watch?v={ID}", id="a watch page"),
        pytest.param(f"http://youtube.com/watch?v={ID}&list={LIST}&index=3", id="within a list"),
        pytest.param(f"https://m.youtube.com/watch/?feature=x&v={ID}", id="on a phone"),
        pytest.param(f"https://music.youtube.com/watch?v={ID}&si=x", id="as music"),
        pytest.param(f"https://www.youtube.com/watch?a=b&amp;v={ID}", id="an entity too many"),
        pytest.param(f"https://www.youtube.com/watch#!v={ID}", id="the oldest form"),
        pytest.param(f"https://www.youtube.com/watch_popup?v={ID}", id="a pop-up"),
        pytest.param(f"https://www.youtube.com/?v={ID}", id="the home page with a video"),
        pytest.param(f"https://YOUTU.BE/{ID}?si=abc", id="a short link"),
        pytest.param(f"https://y2u.be/{ID}", id="an older short link"),
        pytest.param(f"https://youtu.be/watch?v={ID}", id="a short host with a long path"),
        pytest.param(f"https://youtu.be/{ID}&feature=x", id="a short link with a wrong &"),
        pytest.param(f"https://www.youtube.com/embed/{ID}?rel=0", id="an embedded player"),
        pytest.param(f"https://www.youtube-nocookie.com/embed/{ID}", id="a player sans cookies"),
        pytest.param(f"https://www.youtube.com/v/{ID}", id="a Flash player"),
        pytest.param(f"https://www.youtube.com/e/{ID}", id="a short player"),
        pytest.param(f"https://www.youtube.com/shorts/{ID}", id="a short"),
        pytest.param(f"https://www.youtube.com/live/{ID}?feature=share", id="a stream"),
        pytest.param(f"https://youtube.googleapis.com/v/{ID}", id="Google's player"),
        pytest.param(f"https://www.youtubekids.com/watch?v={ID}", id="for children"),
        pytest.param(
            f"https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D{ID}%26feature%3Dshare",
            id="wrapped in an attribution",
        ),
        pytest.param(
            f"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fyoutu.be%2F{ID}",
            id="wrapped in a redirect",
        ),
        pytest.param(
            f"https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{ID}",
            id="wrapped in the consent page",
        ),
    ],
)
def test_every_address_of_a_video_is_one_resource(url):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert (resource.id, resource.url) == (f"youtube:video:{ID}", WATCH)


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        (f"https://www.youtube.com/playlist?list={LIST}", f"playlist:{LIST}"),
        (f"https://www.youtube.com/watch?list={LIST}", f"playlist:{LIST}"),
        (f"https://www.youtube.com/watch?v=&list={LIST}", f"playlist:{LIST}"),
        (f"https://www.youtube.com/embed/videoseries?list={LIST}", f"playlist:{LIST}"),
        (f"https://www.youtube.com/embed?listType=playlist&list={LIST}", f"playlist:{LIST}"),
        (f"https://www.youtube.com/embed/live_stream?channel={CHANNEL}", f"channel:{CHANNEL}"),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", f"channel:{CHANNEL}"),
        ("https://www.youtube.com/@teacher/streams", "channel:@teacher"),
        ("https://www.youtube.com/c/teacher", "channel:c/teacher"),
        ("https://www.youtube.com/user/teacher", "channel:user/teacher"),
        ("https://www.youtube.com/teacher", "channel:teacher"),
        ("https://www.youtube.com/clip/Ugkx-1", "clip:Ugkx-1"),
        ("https://www.youtube.com/watch?v=short", "truncated:short"),
        ("https://youtu.be/short", "truncated:short"),
        ("https://www.youtube.com/watch", "truncated:https://www.youtube.com/watch"),
        (
            "https://www.youtube.com/attribution_link?a=x",
            "truncated:https://www.youtube.com/attribution_link?a=x",
        ),
        (
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org%2F",
            "redirect:https://example.org/",
        ),
    ],
)
def test_other_things_of_youtube_have_names_too(url, id_):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert resource.id == f"youtube:{id_}"
    assert PROVIDER.identify(link(resource.url)) == resource


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/",
        "https://youtu.be/",
        "https://www.youtube.com/results?search_query=x",
        "https://www.youtube.com/feed/trending",
        "https://www.youtube.com/hashtag/x",
        "https://www.youtube.com/source/0bMe_vCZo30/shorts",
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fwww.youtube.com%2Fpremium",
        f"https://notyoutube.com/watch?v={ID}",
        f"ftp://www.youtube.com/watch?v={ID}",
        "mailto:a@youtube.com",
        "http://[::1",
    ],
)
def test_listings_and_strangers_are_left_to_the_web(url):
    assert PROVIDER.identify(link(url)) is None


def test_wrappers_around_wrappers_come_to_an_end():
    url = WATCH
    for _ in range(9):
        url = "https://www.youtube.com/redirect?q=" + url.replace("%", "%25").replace("&", "%26")
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert resource.kind == "truncated"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("https://youtu.be/short", Reason.MALFORMED_URL, id="an id that lost its end"),
        pytest.param("https://www.youtube.com/playlist?list=WL", Reason.PRIVATE, id="watch later"),
        pytest.param("https://www.youtube.com/playlist?list=LL", Reason.PRIVATE, id="liked"),
        pytest.param("https://www.youtube.com/playlist?list=LM", Reason.PRIVATE, id="liked music"),
        pytest.param(
            "https://www.youtube.com/playlist?list=RDMM", Reason.ALIVE, id="a mix is never missing"
        ),
        pytest.param(
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org%2F",
            Reason.LEADS_ON,
            id="a redirect is as healthy as its target",
        ),
    ],
)
async def test_some_addresses_are_judged_at_sight(url, reason):
    ports = FakePorts()
    verdict = await check(PROVIDER, url, ports)
    assert verdict.reason is reason
    assert ports.asked == []
    assert verdict.leads_to == ("https://example.org/" if reason is Reason.LEADS_ON else None)


@pytest.mark.parametrize(
    ("oembed", "video", "reason"),
    [
        pytest.param(GOOD, None, Reason.ALIVE, id="oEmbed's title proves it alive"),
        pytest.param(reply(401, "Unauthorized"), info(), Reason.ALIVE, id="only embedding is off"),
        pytest.param(reply(403, "Forbidden"), None, Reason.PRIVATE, id="refused to everybody"),
        pytest.param(
            reply(403, "<html>unusual traffic"),
            None,
            Reason.BLOCKED,
            id="a wall, not oEmbed's word",
        ),
        pytest.param(
            reply(404, "<html>404"), None, Reason.UNEXPECTED_ANSWER, id="oEmbed itself is gone"
        ),
        pytest.param(reply(200, "Forbidden\n"), None, Reason.PRIVATE, id="with a line's end"),
        pytest.param(reply(200, "Forbidden"), None, Reason.PRIVATE, id="refused, but called 200"),
        pytest.param(
            reply(200, "<html>hello</html>"), None, Reason.UNEXPECTED_ANSWER, id="not oEmbed at all"
        ),
        pytest.param(reply(200, "[]"), None, Reason.UNEXPECTED_ANSWER, id="JSON of another form"),
        pytest.param(reply(404, "Not Found"), None, Reason.DELETED, id="unknown to oEmbed"),
        pytest.param(reply(400, "Bad Request"), None, Reason.DELETED, id="no such id"),
        pytest.param(reply(429), None, Reason.RATE_LIMITED, id="asked too often"),
        pytest.param(SORRY, None, Reason.RATE_LIMITED, id="sent to Google's sorry page"),
        pytest.param(CONSENT, None, Reason.BLOCKED, id="sent to the consent page"),
        pytest.param(
            reply(302, location="https://accounts.google.com/ServiceLogin"),
            None,
            Reason.LOGIN_REQUIRED,
            id="sent to the sign-in",
        ),
        pytest.param(
            reply(302, location="https://example.org/"),
            None,
            Reason.UNEXPECTED_ANSWER,
            id="sent to a stranger",
        ),
        pytest.param(reply(503), None, Reason.SERVER_ERROR, id="YouTube in trouble"),
        pytest.param(nothing(FailureKind.TIMEOUT), None, Reason.NOT_ANSWERING, id="no answer"),
        pytest.param(nothing(FailureKind.NETWORK), None, Reason.OWN_NETWORK, id="our network"),
        pytest.param(reply(404), info(), Reason.ALIVE, id="yt-dlp reads what oEmbed denies"),
        pytest.param(
            reply(404), error("Video unavailable"), Reason.DELETED, id="both say that it is gone"
        ),
        pytest.param(
            reply(404),
            error("This video is not available"),
            Reason.DELETED,
            id="yt-dlp has no word, oEmbed's stands",
        ),
        pytest.param(
            reply(503),
            error("This video is not available"),
            Reason.SERVER_ERROR,
            id="neither has a word",
        ),
        pytest.param(reply(429), error("Video unavailable"), Reason.DELETED, id="yt-dlp knows"),
        pytest.param(reply(429), info(), Reason.ALIVE, id="yt-dlp plays it"),
        pytest.param(
            reply(403),
            error("Private video. Sign in if you've been granted access. Use --cookies-from"),
            Reason.PRIVATE,
            id="a private video is broken for everybody",
        ),
    ],
)
async def test_a_video_is_judged_by_oembed_then_by_yt_dlp(oembed, video, reason):
    videos = {} if video is None else {WATCH: video}
    verdict = await check(PROVIDER, WATCH, FakePorts({OEMBED: oembed}, videos))
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("video", "reason"),
    [
        (error("Video unavailable"), Reason.DELETED),
        (error("[youtube] x: Video unavailable"), Reason.DELETED),
        (error("Video unavailable. This video has been removed by the uploader"), Reason.DELETED),
        (
            error("Video unavailable. … the uploader has closed their YouTube account."),
            Reason.DELETED,
        ),
        (
            error("… the YouTube account associated with this video has been terminated."),
            Reason.TAKEN_DOWN,
        ),
        (error("… no longer available due to a copyright claim by X"), Reason.TAKEN_DOWN),
        (error("… removed for violating YouTube’s Terms of Service"), Reason.TAKEN_DOWN),
        (error("… removed for violating YouTube's policy on spam"), Reason.TAKEN_DOWN),
        (error("This video is private. If the owner …"), Reason.PRIVATE),
        (error("Sign in to confirm your age. This video may …"), Reason.AGE_RESTRICTED),
        (error("whatever", kind="GeoRestrictedError"), Reason.REGION_RESTRICTED),
        (
            error("The uploader has not made this video available in your country"),
            Reason.REGION_RESTRICTED,
        ),
        (
            error("… from X, who has blocked it in your country on copyright grounds"),
            Reason.REGION_RESTRICTED,
        ),
        (error("Join this channel to get access to members-only content"), Reason.PAYWALLED),
        (error("… available to this channel’s members on level: X"), Reason.PAYWALLED),
        (error("… only available to Music Premium members"), Reason.PAYWALLED),
        (error("This video requires payment to watch."), Reason.PAYWALLED),
        (error("This live event will begin in 2 days."), Reason.UPCOMING),
        (error("Premieres in 3 hours"), Reason.UPCOMING),
        (error("This live stream recording is not available."), Reason.DELETED),
        (error("Sign in to confirm you’re not a bot"), Reason.BLOCKED),
        (error("… has been rate-limited by YouTube for up to an hour"), Reason.BLOCKED),
        (error("This content isn't available, try again later"), Reason.BLOCKED),
        (error("Failed to extract any player response"), Reason.BLOCKED),
        (error("This video is not available"), Reason.UNEXPECTED_ANSWER),
        (error("Video unavailable. Words of the year 2030."), Reason.UNEXPECTED_ANSWER),
        ({}, Reason.UNEXPECTED_ANSWER),
        (nothing(FailureKind.TIMEOUT), Reason.NOT_ANSWERING),
        (info(availability="private"), Reason.PRIVATE),
        (info(availability="needs_auth"), Reason.AGE_RESTRICTED),
        (info(availability="subscriber_only"), Reason.PAYWALLED),
        (info(availability="premium_only"), Reason.PAYWALLED),
        (info(availability="unlisted"), Reason.ALIVE),
        (info(live_status="is_live", duration=None), Reason.ALIVE),
    ],
)
async def test_yt_dlp_words_have_meanings_and_unknown_words_break_nothing(video, reason):
    verdict = await check(PROVIDER, WATCH, FakePorts({}, {WATCH: video}), without=["oembed"])
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("starts", "retry_at"),
    [
        (1_800_000_000, datetime(2027, 1, 15, 8, 0, tzinfo=UTC)),
        (None, None),
        (10**15, None),
    ],
)
async def test_an_announced_stream_is_asked_again_when_it_starts(starts, retry_at):
    video = info(live_status="is_upcoming", release_timestamp=starts)
    verdict = await check(PROVIDER, WATCH, FakePorts({}, {WATCH: video}), without=["oembed"])
    assert (verdict.reason, verdict.retry_at) == (Reason.UPCOMING, retry_at)


async def test_what_is_known_of_a_video_is_told():
    verdict = await check(PROVIDER, WATCH, FakePorts({OEMBED: GOOD}))
    assert verdict.facts == {"title": "A lecture", "channel": "A teacher"}


async def test_a_living_video_costs_one_request():
    ports = FakePorts({OEMBED: GOOD})
    await check(PROVIDER, WATCH, ports)
    assert ports.asked == [OEMBED]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param(f"{WATCH}&t=599", Reason.ALIVE, id="a second of the video"),
        pytest.param(f"{WATCH}&t=601", Reason.PART_MISSING, id="a second after the end"),
        pytest.param(f"{WATCH}&t=601s", Reason.PART_MISSING, id="with its unit"),
        pytest.param(f"https://youtu.be/{ID}?t=10m1s", Reason.PART_MISSING, id="minutes"),
        pytest.param(f"https://youtu.be/{ID}?t=1h", Reason.PART_MISSING, id="hours"),
        pytest.param(f"{WATCH}#t=900", Reason.PART_MISSING, id="in the fragment"),
        pytest.param(
            f"https://www.youtube.com/embed/{ID}?start=700", Reason.PART_MISSING, id="start"
        ),
        pytest.param(f"{WATCH}&t=soon", Reason.ALIVE, id="no second at all"),
        pytest.param(f"{WATCH}&t=", Reason.ALIVE, id="empty"),
    ],
)
async def test_a_link_may_start_only_within_the_video(url, reason):
    verdict = await check(PROVIDER, url, FakePorts({OEMBED: GOOD}, {WATCH: info()}))
    assert verdict.reason is reason


async def test_without_a_duration_no_second_is_blamed():
    ports = FakePorts({OEMBED: GOOD}, {WATCH: error("Sign in to confirm you're not a bot")})
    assert (await check(PROVIDER, f"{WATCH}&t=601", ports)).reason is Reason.ALIVE


async def test_where_two_sources_disagree_nothing_is_called_broken():
    ports = FakePorts({OEMBED: GOOD}, {WATCH: error("This video is private")})
    assert (await check(PROVIDER, f"{WATCH}&t=1", ports)).reason is Reason.UNEXPECTED_ANSWER


@pytest.mark.parametrize("element", ["iframe", "embed", "object"])
async def test_a_page_that_embeds_a_video_that_forbids_it_is_warned(element):
    ports = FakePorts({OEMBED: reply(401)})
    verdict = await check(PROVIDER, f"https://www.youtube.com/embed/{ID}", ports, element=element)
    assert verdict.reason is Reason.EMBED_FORBIDDEN
    assert verdict.instead is not None
    assert verdict.instead.url == WATCH


@pytest.mark.parametrize(
    ("url", "table", "reason"),
    [
        pytest.param(LIST_PAGE, {LIST_OEMBED: GOOD}, Reason.ALIVE, id="a list that oEmbed knows"),
        pytest.param(
            LIST_PAGE,
            {LIST_OEMBED: reply(403), LIST_PAGE: page(alert="This playlist is private.")},
            Reason.PRIVATE,
            id="a private list",
        ),
        pytest.param(
            LIST_PAGE,
            {LIST_OEMBED: reply(404), LIST_PAGE: page(alert="The playlist does not exist.")},
            Reason.DELETED,
            id="a list that does not exist",
        ),
        pytest.param(
            LIST_PAGE,
            {LIST_OEMBED: reply(404), LIST_PAGE: page("A course - YouTube")},
            Reason.ALIVE,
            id="a list whose page shows it",
        ),
        pytest.param(
            LIST_PAGE,
            {LIST_OEMBED: reply(404), LIST_PAGE: page(alert="Nobody knows these words.")},
            Reason.DELETED,
            id="a list of which only oEmbed has a word",
        ),
        pytest.param(CHANNEL_PAGE, {FEED: reply(200)}, Reason.ALIVE, id="a channel with a feed"),
        pytest.param(
            CHANNEL_PAGE,
            {
                FEED: reply(404),
                CHANNEL_PAGE: page(
                    alert="This account has been terminated for a violation of YouTube's Terms"
                ),
            },
            Reason.TAKEN_DOWN,
            id="a terminated channel",
        ),
        pytest.param(CHANNEL_PAGE, {}, Reason.DELETED, id="a channel without feed and page"),
        pytest.param(
            CHANNEL_PAGE,
            {CHANNEL_PAGE: reply(429)},
            Reason.RATE_LIMITED,
            id="a feed alone is no proof that its channel is gone",
        ),
        pytest.param(
            CHANNEL_PAGE,
            {FEED: reply(404), CHANNEL_PAGE: page("A teacher - YouTube")},
            Reason.ALIVE,
            id="a feed that fails says nothing against the page",
        ),
        pytest.param(
            CHANNEL_PAGE, {FEED: reply(403), CHANNEL_PAGE: reply(403)}, Reason.BLOCKED, id="refused"
        ),
        pytest.param("https://www.youtube.com/c/teacher", {}, Reason.DELETED, id="an unknown name"),
        pytest.param(
            "https://www.youtube.com/@teacher",
            {"https://www.youtube.com/@teacher": page("A teacher - YouTube")},
            Reason.ALIVE,
            id="a handle",
        ),
        pytest.param(
            "https://www.youtube.com/@teacher",
            {"https://www.youtube.com/@teacher": CONSENT},
            Reason.BLOCKED,
            id="a consent page hides what is behind it",
        ),
        pytest.param(
            "https://www.youtube.com/@teacher",
            {"https://www.youtube.com/@teacher": page("YouTube")},
            Reason.UNEXPECTED_ANSWER,
            id="a 200 alone proves nothing",
        ),
        pytest.param(
            "https://www.youtube.com/clip/Ugkx",
            {"https://www.youtube.com/clip/Ugkx": page("A joke - YouTube")},
            Reason.ALIVE,
            id="a clip",
        ),
    ],
)
async def test_lists_channels_and_clips(url, table, reason):
    assert (await check(PROVIDER, url, FakePorts(table))).reason is reason


async def test_a_channel_that_moves_within_youtube_is_followed():
    old, new = "https://www.youtube.com/user/teacher", "https://www.youtube.com/@teacher"
    ports = FakePorts({old: reply(301, location=new), new: page("A teacher - YouTube")})
    assert (await check(PROVIDER, old, ports)).facts["title"] == "A teacher"


def test_without_any_way_to_ask_nothing_is_claimed():
    resource = PROVIDER.identify(link(WATCH))
    assert resource is not None
    judged = PROVIDER.judge(resource, [], frozenset())
    assert isinstance(judged, Verdict)
    assert judged.reason is Reason.NOT_ASKED
    assert PROVIDER.judge(resource, [], frozenset({"ytdlp"})) == Ask("ytdlp")


@pytest.mark.parametrize("name", ["oembed", "ytdlp", "feed", "page"])
def test_without_a_key_each_video_is_asked_by_itself(name):
    resources = [PROVIDER.identify(link(WATCH)), PROVIDER.identify(link(LIST_PAGE))]
    probe = PROVIDER.probes[name]
    assert probe.cut(resources) == [[resources[0]], [resources[1]]]
    assert (probe.credential, probe.size) == (None, 1)


def test_a_link_that_is_not_youtubes_keeps_its_verdict():
    verdict = Verdict(reason=Reason.ALIVE, detail="It is there.")
    assert PROVIDER.judge_link(link("https://example.org/"), verdict) is verdict

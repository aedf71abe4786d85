"""What YouTube's Data API says, what a key saves, and what is asked where it has no word."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.ports import Failure, FailureKind
from monitor.core.reasons import Reason, Status
from monitor.net.google import Google
from monitor.providers._youtube_facts import FACTS, day_of, instant_of, seconds_of
from monitor.providers.youtube import PROVIDER
from tests import strategies
from tests.net.google_service import NOON, Service, said
from tests.providers.fakes import AT, FakePorts, check, drive, google_name, link, nothing, reply
from tests.providers.test_contract import vocabulary
from tests.providers.test_youtube import (
    CHANNEL,
    CHANNEL_PAGE,
    FEED,
    GOOD,
    ID,
    LIST,
    LIST_OEMBED,
    LIST_PAGE,
    OEMBED,
    WATCH,
    error,
    info,
    page,
)

API = f"youtube videos.list {ID}"
LIST_API = f"youtube playlists.list {LIST}"
ITEMS_API = f"youtube playlistItems.list {LIST}"
CHANNEL_API = f"youtube channels.list {CHANNEL}"
HANDLE_PAGE = "https://www.youtube.com/@teacher"
HANDLE_API = "youtube channels.list @teacher"
NONE = {"items": [], "pageInfo": {"totalResults": 0}}


def video(id_=ID, *, status=None, live=None, restriction=None, **content):
    """Return an item of a public video of ten minutes, but for what is given."""
    if restriction is not None:
        content["regionRestriction"] = restriction
    return {
        "id": id_,
        "snippet": {
            "title": "A lecture",
            "channelTitle": "A teacher",
            "publishedAt": "2020-02-03T08:00:00Z",
            "liveBroadcastContent": "none",
            **(live or {}),
        },
        "contentDetails": {"duration": "PT10M", "contentRating": {}, **content},
        "status": {
            "privacyStatus": "public",
            "uploadStatus": "processed",
            "embeddable": True,
            **(status or {}),
        },
    }


def items(*some):
    return {"items": list(some), "pageInfo": {"totalResults": len(some)}}


def playlist(count=2):
    return items(
        {
            "id": LIST,
            "snippet": {"title": "A course", "channelTitle": "A teacher"},
            "contentDetails": {"itemCount": count},
            "status": {"privacyStatus": "public"},
        }
    )


def entry(place, id_, *, dead=False, title=None):
    details = {"videoId": id_} if dead else {"videoId": id_, "videoPublishedAt": "2020-01-01"}
    return {
        "snippet": {"title": title or ("Deleted video" if dead else "Part"), "position": place},
        "contentDetails": details,
        "status": {"privacyStatus": "privacyStatusUnspecified" if dead else "public"},
    }


def refused(kind, retry_at=None):
    return Failure(kind=kind, detail="Google says no.", retry_at=retry_at)


# --- videos ---


@pytest.mark.parametrize(
    ("snippet", "title"),
    [
        pytest.param({}, "A lecture", id="its only title"),
        pytest.param(
            {"title": "Eine Vorlesung", "localized": {"title": "A lecture"}},
            "A lecture",
            id="the English one before that of its own language",
        ),
        pytest.param({"localized": {"title": ""}}, "A lecture", id="not an empty one"),
        pytest.param({"localized": 7}, "A lecture", id="nor an odd one"),
    ],
)
@pytest.mark.parametrize(("url", "api"), [(CHANNEL_PAGE, CHANNEL_API), (HANDLE_PAGE, HANDLE_API)])
async def test_a_channel_is_called_what_its_page_in_english_calls_it(url, api, snippet, title):
    item = {"id": CHANNEL, "snippet": {"title": "A lecture", **snippet}}
    ports = FakePorts(apis={api: items(item)})
    verdict = await check(PROVIDER, url, ports)
    assert verdict.facts["title"] == title
    ((call,),) = ports.called
    assert call.arguments["hl"] == "en"
    assert "localized(title)" in call.arguments["fields"]


async def test_a_video_is_called_what_oembed_and_yt_dlp_call_it_in_its_own_language():
    ports = FakePorts(apis={API: items(video())})
    await check(PROVIDER, WATCH, ports)
    ((call,),) = ports.called
    assert "hl" not in call.arguments
    assert "localized" not in str(call.arguments["fields"])


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        pytest.param(video(), Reason.ALIVE, id="a public video works"),
        pytest.param(video(status={"privacyStatus": "unlisted"}), Reason.ALIVE, id="unlisted too"),
        pytest.param(
            video(contentRating={"ytRating": "ytAgeRestricted"}),
            Reason.AGE_RESTRICTED,
            id="for adults",
        ),
        pytest.param(
            video(restriction={"blocked": ["DE"]}), Reason.REGION_RESTRICTED, id="not in Germany"
        ),
        pytest.param(
            video(restriction={"allowed": ["IT"]}), Reason.REGION_RESTRICTED, id="only in Italy"
        ),
        pytest.param(
            video(restriction={"allowed": []}), Reason.REGION_RESTRICTED, id="in no country"
        ),
        pytest.param(video(restriction={"blocked": []}), Reason.ALIVE, id="blocked nowhere"),
        pytest.param(
            video(live={"liveBroadcastContent": "live"}, duration="P0D"), Reason.ALIVE, id="live"
        ),
        pytest.param({"id": ID}, Reason.ALIVE, id="an item with nothing in it is there"),
    ],
)
async def test_what_the_api_has_is_judged_by_it_alone(item, reason):
    ports = FakePorts(apis={API: items(item)})
    assert (await check(PROVIDER, WATCH, ports)).reason is reason
    assert ports.asked == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ({"privacyStatus": "private"}, Reason.PRIVATE),
        ({"uploadStatus": "deleted"}, Reason.DELETED),
        ({"uploadStatus": "failed"}, Reason.DELETED),
        ({"uploadStatus": "rejected"}, Reason.TAKEN_DOWN),
        ({"uploadStatus": "rejected", "rejectionReason": "copyright"}, Reason.TAKEN_DOWN),
        ({"uploadStatus": "rejected", "rejectionReason": "duplicate"}, Reason.DELETED),
        ({"uploadStatus": "rejected", "rejectionReason": "uploaderAccountClosed"}, Reason.DELETED),
    ],
)
async def test_what_the_api_calls_shut_is_asked_elsewhere_too(status, reason):
    ports = FakePorts({OEMBED: reply(404)}, apis={API: items(video(status=status))})
    assert (await check(PROVIDER, WATCH, ports)).status is Status.BROKEN
    alone = FakePorts(apis={API: items(video(status=status))})
    without = ["oembed", "ytdlp"]
    assert (await check(PROVIDER, WATCH, alone, without=without)).reason is reason


async def test_what_oembed_shows_is_not_called_shut():
    ports = FakePorts({OEMBED: GOOD}, apis={API: items(video(status={"uploadStatus": "failed"}))})
    assert (await check(PROVIDER, WATCH, ports)).reason is Reason.ALIVE


async def test_an_announced_stream_is_asked_again_when_it_starts():
    item = {
        **video(live={"liveBroadcastContent": "upcoming"}, duration="P0D"),
        "liveStreamingDetails": {"scheduledStartTime": "2030-01-01T10:00:00Z"},
    }
    ports = FakePorts(apis={API: items(item)})
    verdict = await check(PROVIDER, f"{WATCH}&t=30", ports)
    assert verdict.reason is Reason.UPCOMING
    assert verdict.retry_at == datetime(2030, 1, 1, 10, tzinfo=UTC)
    assert "duration" not in verdict.facts
    assert ports.asked == []


async def test_what_is_known_of_a_video_is_told():
    item = video(restriction={"blocked": ["KP", "DE", "Germany", 7]})
    verdict = await check(PROVIDER, WATCH, FakePorts(apis={API: items(item)}))
    assert verdict.facts == {
        "title": "A lecture",
        "channel": "A teacher",
        "duration": 600,
        "published": "2020-02-03",
        "availability": "public",
        "embeddable": True,
        "blocked_in": ["DE", "KP"],
    }
    assert verdict.detail == "Its owner does not let it be watched in DE, KP."


@pytest.mark.parametrize(
    ("restriction", "detail"),
    [
        ({"allowed": ["IT", "FR"]}, "Its owner lets it be watched only in FR, IT."),
        ({"allowed": []}, "Its owner lets it be watched only in no country at all."),
    ],
)
async def test_where_a_video_may_be_watched_is_said(restriction, detail):
    ports = FakePorts(apis={API: items(video(restriction=restriction))})
    assert (await check(PROVIDER, WATCH, ports)).detail == detail


async def test_an_embed_that_is_forbidden_is_known_by_the_key():
    ports = FakePorts(apis={API: items(video(status={"embeddable": False}))})
    embed = f"https://www.youtube.com/embed/{ID}"
    assert (await check(PROVIDER, embed, ports, element="iframe")).reason is Reason.EMBED_FORBIDDEN
    assert (await check(PROVIDER, embed, ports)).reason is Reason.ALIVE


@pytest.mark.parametrize(
    ("answer", "oembed", "ytdlp", "reason"),
    [
        pytest.param(NONE, reply(404), error("Video unavailable"), Reason.DELETED, id="gone"),
        pytest.param(NONE, reply(404), None, Reason.DELETED, id="gone, by two"),
        pytest.param(NONE, reply(403, "Forbidden"), None, Reason.PRIVATE, id="private"),
        pytest.param(
            NONE,
            reply(404),
            error("… the YouTube account associated with this video has been terminated."),
            Reason.TAKEN_DOWN,
            id="the reason is yt-dlp's",
        ),
        pytest.param(NONE, GOOD, None, Reason.ALIVE, id="oEmbed shows what the API lost"),
        pytest.param(NONE, reply(429), None, Reason.RATE_LIMITED, id="absence alone is no proof"),
        pytest.param(
            NONE, nothing(FailureKind.TIMEOUT), None, Reason.NOT_ANSWERING, id="nor with silence"
        ),
        pytest.param(items(video("another_one")), GOOD, None, Reason.ALIVE, id="another's item"),
        pytest.param({"items": [7, {"id": 7}]}, GOOD, None, Reason.ALIVE, id="odd items"),
        pytest.param({}, GOOD, None, Reason.ALIVE, id="no list at all"),
        pytest.param(refused(FailureKind.QUOTA), GOOD, None, Reason.ALIVE, id="quota is spent"),
        pytest.param(refused(FailureKind.CREDENTIAL), GOOD, None, Reason.ALIVE, id="a bad key"),
        pytest.param(
            {"error": {"status": 503, "reason": "backendError", "message": "x"}},
            GOOD,
            None,
            Reason.ALIVE,
            id="the API in trouble",
        ),
    ],
)
async def test_where_the_api_has_no_word_the_others_are_asked(answer, oembed, ytdlp, reason):
    videos = {} if ytdlp is None else {WATCH: ytdlp}
    ports = FakePorts({OEMBED: oembed}, videos, apis={API: answer})
    assert (await check(PROVIDER, WATCH, ports)).reason is reason
    assert ports.asked == [OEMBED]


@pytest.mark.parametrize(
    ("answer", "reason", "words"),
    [
        (NONE, Reason.UNEXPECTED_ANSWER, "does not know it"),
        (
            {"error": {"status": 403, "reason": "forbidden", "message": "Not you."}},
            Reason.UNEXPECTED_ANSWER,
            "(403): Not you.",
        ),
        ({"error": "x"}, Reason.UNEXPECTED_ANSWER, "no word why"),
        ({"items": 7}, Reason.UNEXPECTED_ANSWER, "no list of items"),
        (refused(FailureKind.QUOTA, AT), Reason.OWN_QUOTA, "Google says no."),
        (refused(FailureKind.CREDENTIAL), Reason.OWN_CREDENTIAL, "Google says no."),
    ],
)
async def test_where_nobody_else_can_be_asked_the_api_says_why(answer, reason, words):
    ports = FakePorts(apis={API: answer})
    verdict = await check(PROVIDER, WATCH, ports, without=["oembed", "ytdlp"])
    assert verdict.reason is reason
    assert words in verdict.detail


@pytest.mark.parametrize(
    ("ytdlp", "reason"),
    [
        pytest.param(info(), Reason.ALIVE, id="it plays"),
        pytest.param(
            error("Join this channel to get access to members-only content"),
            Reason.PAYWALLED,
            id="for members, which no API tells",
        ),
        pytest.param(error("Sign in to confirm you're not a bot"), Reason.ALIVE, id="a wall"),
        pytest.param(error("Private video"), Reason.UNEXPECTED_ANSWER, id="they disagree"),
    ],
)
async def test_a_link_to_a_second_is_tried_by_yt_dlp_as_well(ytdlp, reason):
    ports = FakePorts(videos={WATCH: ytdlp}, apis={API: items(video())})
    verdict = await check(PROVIDER, f"{WATCH}&t=30", ports)
    assert verdict.reason is reason
    assert ports.asked == []


async def test_the_duration_of_the_api_serves_where_yt_dlp_is_turned_away():
    ports = FakePorts(apis={API: items(video())})
    verdict = await check(PROVIDER, f"{WATCH}&t=601", ports)
    assert verdict.reason is Reason.PART_MISSING


@pytest.mark.parametrize(
    ("ytdlp", "reason"),
    [
        (error("This live stream recording is not available."), Reason.DELETED),
        (info(live_status="was_live"), Reason.ALIVE),
        (None, Reason.ALIVE),
    ],
)
async def test_a_stream_that_is_over_without_length_is_tried_by_yt_dlp(ytdlp, reason):
    item = {
        **video(duration="P0D"),
        "liveStreamingDetails": {"actualEndTime": "2026-01-01T10:00:00Z"},
    }
    videos = {} if ytdlp is None else {WATCH: ytdlp}
    ports = FakePorts(videos=videos, apis={API: items(item)})
    assert (await check(PROVIDER, WATCH, ports)).reason is reason


async def test_an_unrecorded_stream_is_gone_though_oembed_knows_it():
    words = error("This live stream recording is not available.")
    ports = FakePorts({OEMBED: GOOD}, {WATCH: words})
    assert (await check(PROVIDER, f"{WATCH}&t=1", ports, without=["api"])).reason is Reason.DELETED


async def test_a_recorded_stream_needs_no_second_word():
    item = {**video(), "liveStreamingDetails": {"actualEndTime": "2026-01-01T10:00:00Z"}}
    ports = FakePorts(apis={API: items(item)})
    verdict = await check(PROVIDER, WATCH, ports)
    assert (verdict.reason, verdict.facts["live"]) == (Reason.ALIVE, "ended")


async def test_a_warning_of_the_api_stands_by_itself():
    ports = FakePorts(
        videos={WATCH: info()}, apis={API: items(video(restriction={"blocked": ["DE"]}))}
    )
    resource = PROVIDER.identify(link(f"{WATCH}&t=30"))
    verdict, asked = await drive(PROVIDER, resource, ports)
    assert (verdict.reason, asked) == (Reason.REGION_RESTRICTED, ["api"])


async def test_what_oembed_will_not_embed_may_be_for_adults():
    ports = FakePorts({OEMBED: reply(401)}, {WATCH: error("Sign in to confirm your age.")})
    assert (await check(PROVIDER, WATCH, ports, without=["api"])).reason is Reason.AGE_RESTRICTED


async def test_the_countries_that_yt_dlp_tells_are_a_fact():
    geo = error("not there", kind="GeoRestrictedError")
    geo["error"]["countries"] = ["FR", "DE"]
    verdict = await check(PROVIDER, WATCH, FakePorts({}, {WATCH: geo}), without=["api", "oembed"])
    assert (verdict.reason, verdict.facts) == (
        Reason.REGION_RESTRICTED,
        {"allowed_in": ["DE", "FR"]},
    )


# --- what it costs ---


def resources(count, more=""):
    urls = [f"https://www.youtube.com/watch?v={n:011d}{more}" for n in range(count)]
    return [PROVIDER.identify(link(url)) for url in urls]


async def test_a_thousand_videos_are_twenty_calls():
    probe = PROVIDER.probes["api"]
    batches = probe.cut(resources(1000))
    assert [len(batch) for batch in batches] == [50] * 20
    ids = ",".join(f"{n:011d}" for n in range(50))
    public = items(*(video(f"{n:011d}") for n in range(50)))
    ports = FakePorts(apis={f"youtube videos.list {ids}": public})
    answers = await probe.ask(batches[0], ports)
    assert len(ports.called) == 1
    judged = [PROVIDER.judge(r, [answers[r.id]], frozenset({"oembed"})) for r in batches[0]]
    assert {verdict.reason for verdict in judged} == {Reason.ALIVE}


async def test_fifty_ids_fit_into_one_get_that_the_real_library_makes():
    ids = ",".join(f"{n:011d}" for n in range(50))
    service = Service({ids: said(200, items(video("00000000000")))})

    class Real(FakePorts):
        async def google(self, calls):
            return await Google().calls(calls, service.fetch, lambda: NOON)

    answers = await PROVIDER.probes["api"].ask(resources(50), Real())
    (request,) = service.requests
    assert request.method == "GET"
    assert len(request.url) < 2000
    assert request.credential == "youtube"
    first, *others = [answers[r.id].said.body["item"] for r in resources(50)]
    assert first["id"] == "00000000000"
    assert others == [None] * 49


def test_the_key_goes_to_youtubes_api_alone():
    use = PROVIDER.credentials["youtube"]
    assert (use.header, use.form) == ("X-Goog-Api-Key", "{}")
    assert use.hosts == {"youtube.googleapis.com"}
    assert {n for n, p in PROVIDER.probes.items() if p.credential} == {
        "api",
        "api_playlists",
        "api_channels",
    }


# --- a video within a list ---


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        pytest.param(NONE, "playlist that the link also names is private or gone", id="gone"),
        pytest.param(playlist(), "YouTube's API knows it.", id="there"),
        pytest.param(refused(FailureKind.QUOTA), "YouTube's API knows it.", id="not known"),
    ],
)
async def test_a_list_that_is_gone_is_a_hint_on_a_link_that_names_it(lists, words):
    ports = FakePorts(apis={API: items(video()), LIST_API: lists})
    verdict = await check(PROVIDER, f"{WATCH}&list={LIST}&index=3", ports)
    assert verdict.reason is Reason.ALIVE
    assert words in verdict.detail


async def test_a_link_without_the_list_is_not_told_of_it():
    ports = FakePorts(apis={API: items(video()), LIST_API: NONE})
    resource = PROVIDER.identify(link(f"{WATCH}&list={LIST}"))
    verdict, asked = await drive(PROVIDER, resource, ports)
    assert asked == ["api"]
    assert verdict.facts["lists_gone"] == [LIST]
    assert PROVIDER.judge_link(link(WATCH), verdict) == verdict


@pytest.mark.parametrize(
    "name", ["WL", "LL", "RDMM", "RD0bMe_vCZo30xxxxx", "TLGGabcdefghijklm", "x"]
)
async def test_mixes_and_personal_lists_beside_a_video_are_not_asked_after(name):
    ports = FakePorts(apis={API: items(video())})
    await check(PROVIDER, f"{WATCH}&list={name}", ports)
    assert len(ports.called) == 1


# --- playlists ---


async def test_a_list_is_told_with_what_is_dead_in_it():
    ports = FakePorts(
        apis={
            LIST_API: playlist(4),
            ITEMS_API: items(
                entry(0, "alive000001"),
                entry(1, "deleted0001", dead=True),
                entry(2, "private0001", dead=True, title="Private video"),
                entry(3, "upcoming001", dead=True, title="Soon"),
            ),
            "youtube videos.list deleted0001,private0001,upcoming001": items({"id": "upcoming001"}),
        }
    )
    verdict = await check(PROVIDER, LIST_PAGE, ports)
    assert verdict.reason is Reason.ALIVE
    assert verdict.facts == {
        "title": "A course",
        "channel": "A teacher",
        "availability": "public",
        "items": 4,
        "items_dead": 2,
        "dead": ["2: Deleted video (deleted0001)", "3: Private video (private0001)"],
    }
    assert "2 of its videos cannot be watched any more: 2: Deleted video" in verdict.detail
    assert [google_name(call).split()[1] for (call,) in ports.called] == [
        "playlists.list",
        "playlistItems.list",
        "videos.list",
    ]


async def test_a_list_without_dead_items_costs_two_calls():
    ports = FakePorts(apis={LIST_API: playlist(1), ITEMS_API: items(entry(0, "alive000001"))})
    verdict = await check(PROVIDER, LIST_PAGE, ports)
    assert (verdict.reason, "items_dead" in verdict.facts) == (Reason.ALIVE, False)
    assert len(ports.called) == 2


async def test_a_long_list_is_looked_at_in_part():
    first = {**items(*(entry(n, f"a{n:010d}") for n in range(50))), "nextPageToken": "P"}
    ports = FakePorts(apis={LIST_API: playlist(5000), ITEMS_API: first, f"{ITEMS_API} P": first})
    verdict = await check(PROVIDER, LIST_PAGE, ports)
    assert verdict.facts["items"] == 5000
    assert len(ports.called) == 5


async def test_at_most_twenty_dead_ones_are_named():
    many = [entry(n, f"d{n:010d}", dead=True) for n in range(50)]
    ids = ",".join(f"d{n:010d}" for n in range(50))
    ports = FakePorts(
        apis={
            LIST_API: playlist(60),
            ITEMS_API: items(*many),
            f"youtube videos.list {ids}": NONE,
        }
    )
    verdict = await check(PROVIDER, LIST_PAGE, ports)
    assert (verdict.facts["items_dead"], len(verdict.facts["dead"])) == (50, 20)


@pytest.mark.parametrize(
    ("count", "entries", "alive", "reason"),
    [
        pytest.param(0, [], NONE, Reason.EMPTY, id="nothing in it"),
        pytest.param(1, [entry(0, "d", dead=True)], NONE, Reason.EMPTY, id="nothing alive in it"),
        pytest.param(
            2, [entry(0, "d", dead=True), entry(1, "a")], NONE, Reason.ALIVE, id="one of two"
        ),
        pytest.param(
            9, [entry(0, "d", dead=True)], NONE, Reason.ALIVE, id="the rest was not looked at"
        ),
        pytest.param(
            1, [entry(0, "d", dead=True)], {}, Reason.ALIVE, id="what looks dead may be alive"
        ),
        pytest.param(
            1,
            [entry(0, "d", dead=True)],
            {"error": {"status": 500}},
            Reason.ALIVE,
            id="the API in trouble",
        ),
        pytest.param(1, [7, {"snippet": {}}], NONE, Reason.ALIVE, id="odd entries"),
    ],
)
async def test_a_list_of_nothing_is_empty(count, entries, alive, reason):
    ports = FakePorts(
        apis={
            LIST_API: playlist(count),
            ITEMS_API: items(*entries),
            "youtube videos.list d": alive,
        }
    )
    assert (await check(PROVIDER, LIST_PAGE, ports)).reason is reason


async def test_an_entry_without_a_place_is_named_by_its_title():
    lost = {"contentDetails": {"videoId": "d"}}
    ports = FakePorts(
        apis={
            LIST_API: playlist(2),
            ITEMS_API: items(lost, entry(1, "a")),
            "youtube videos.list d": NONE,
        }
    )
    assert (await check(PROVIDER, LIST_PAGE, ports)).facts["dead"] == ["a video (d)"]


async def test_a_quota_that_ends_among_lists_is_not_asked_for_each():
    names = [f"PL{n:012d}" for n in range(3)]
    batch = [
        PROVIDER.identify(link(f"https://www.youtube.com/playlist?list={name}")) for name in names
    ]
    ports = FakePorts(
        apis={
            f"youtube playlists.list {','.join(names)}": items(*({"id": n} for n in names)),
            f"youtube playlistItems.list {names[0]}": refused(FailureKind.QUOTA),
        }
    )
    answers = await PROVIDER.probes["api_playlists"].ask(batch, ports)
    assert len(ports.called) == 2
    assert {PROVIDER.judge(r, [answers[r.id]], frozenset()).reason for r in batch} == {Reason.ALIVE}


async def test_a_quota_that_ends_at_the_dead_ones_says_nothing_of_them():
    ports = FakePorts(
        apis={
            LIST_API: playlist(1),
            ITEMS_API: items(entry(0, "d", dead=True)),
            "youtube videos.list d": refused(FailureKind.QUOTA),
        }
    )
    verdict = await check(PROVIDER, LIST_PAGE, ports)
    assert (verdict.reason, "dead" in verdict.facts) == (Reason.ALIVE, False)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({LIST_OEMBED: GOOD}, Reason.ALIVE),
        ({LIST_PAGE: page(alert="This playlist is private.")}, Reason.PRIVATE),
        ({LIST_PAGE: page(alert="The playlist does not exist.")}, Reason.DELETED),
        ({LIST_OEMBED: reply(429), LIST_PAGE: reply(429)}, Reason.RATE_LIMITED),
    ],
)
async def test_a_list_that_the_api_lacks_is_asked_after(table, reason):
    ports = FakePorts(table, apis={LIST_API: NONE})
    assert (await check(PROVIDER, LIST_PAGE, ports)).reason is reason


@pytest.mark.parametrize(
    ("index", "reason"),
    [("2", Reason.ALIVE), ("3", Reason.PART_MISSING), ("x", Reason.ALIVE), ("", Reason.ALIVE)],
)
async def test_a_place_in_a_list_must_be_there(index, reason):
    ports = FakePorts(apis={LIST_API: playlist(2), ITEMS_API: items(entry(0, "a"), entry(1, "b"))})
    url = f"https://www.youtube.com/watch?list={LIST}&index={index}"
    assert (await check(PROVIDER, url, ports)).reason is reason


async def test_without_its_length_no_place_in_a_list_is_blamed():
    ports = FakePorts({LIST_OEMBED: GOOD})
    assert (await check(PROVIDER, f"{LIST_PAGE}&index=99", ports)).reason is Reason.ALIVE


# --- channels and clips ---


@pytest.mark.parametrize(
    ("url", "call"),
    [
        (CHANNEL_PAGE, CHANNEL_API),
        ("https://www.youtube.com/@teacher", "youtube channels.list @teacher"),
        ("https://www.youtube.com/@te%C3%A1cher/videos", "youtube channels.list @teácher"),
        ("https://www.youtube.com/user/teacher", "youtube channels.list teacher"),
    ],
)
async def test_a_channel_that_the_api_has_is_alive(url, call):
    item = {"id": CHANNEL, "snippet": {"title": "A teacher"}}
    ports = FakePorts(apis={call: items(item)})
    verdict = await check(PROVIDER, url, ports)
    assert (verdict.reason, verdict.facts) == (Reason.ALIVE, {"title": "A teacher"})
    assert ports.asked == []


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        pytest.param({}, Reason.DELETED, id="all three agree"),
        pytest.param({CHANNEL_PAGE: reply(429)}, Reason.DELETED, id="two of three agree"),
        pytest.param(
            {FEED: reply(429), CHANNEL_PAGE: reply(429)}, Reason.RATE_LIMITED, id="a wall"
        ),
        pytest.param(
            {CHANNEL_PAGE: page(alert="This account has been terminated for …")},
            Reason.TAKEN_DOWN,
            id="the page knows why",
        ),
        pytest.param({CHANNEL_PAGE: page("A teacher - YouTube")}, Reason.ALIVE, id="it has a page"),
        pytest.param({FEED: reply(200)}, Reason.ALIVE, id="it has a feed"),
    ],
)
async def test_a_channel_that_the_api_lacks_is_asked_after(table, reason):
    ports = FakePorts(table, apis={CHANNEL_API: {"pageInfo": {"totalResults": 0}}})
    assert (await check(PROVIDER, CHANNEL_PAGE, ports)).reason is reason


@pytest.mark.parametrize("answer", [NONE, items({"id": "UCa"}, {"id": "UCb"}), {"items": 7}])
async def test_a_handle_that_the_api_does_not_tell_is_asked_after(answer):
    url = "https://www.youtube.com/@teacher"
    ports = FakePorts(
        {url: page("A teacher - YouTube")}, apis={"youtube channels.list @teacher": answer}
    )
    assert (await check(PROVIDER, url, ports)).reason is Reason.ALIVE
    assert ports.asked == [url]


def test_channels_by_id_travel_together_and_others_alone():
    urls = [CHANNEL_PAGE, "https://www.youtube.com/@a", CHANNEL_PAGE[:-1] + "2"]
    found = [PROVIDER.identify(link(url)) for url in urls]
    batches = PROVIDER.probes["api_channels"].cut(found)
    assert batches == [[found[0], found[2]], [found[1]]]


async def test_a_clip_is_as_healthy_as_its_video():
    url = "https://www.youtube.com/clip/Ugkx-1"
    data = {"currentVideoEndpoint": {"clickTrackingParams": "x", "watchEndpoint": {"videoId": ID}}}
    script = json.dumps(data, separators=(",", ":"))
    body = reply(200, f"<title>A joke - YouTube</title><script>{script}</script>")
    verdict = await check(PROVIDER, url, FakePorts({url: body}))
    assert (verdict.reason, verdict.leads_to) == (Reason.LEADS_ON, WATCH)


# --- spellings ---


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT1H2M3S", 3723),
        ("PT10M", 600),
        ("P1DT1S", 86401),
        ("P1W", 604800),
        ("P0D", 0),
        ("PT", None),
        ("P", None),
        ("10:00", None),
        ("PT1.5S", None),
        ("", None),
        (None, None),
    ],
)
def test_durations(written, seconds):
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2030-01-01T10:00:00Z", datetime(2030, 1, 1, 10, tzinfo=UTC)),
        ("2030-01-01T10:00:00+02:00", datetime(2030, 1, 1, 8, tzinfo=UTC)),
        ("2030-01-01T10:00:00", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_instants(written, instant):
    assert instant_of(written) == instant


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-02-03T08:00:00Z", "2020-02-03"),
        ("20200203", "2020-02-03"),
        ("2020", None),
        (None, None),
    ],
)
def test_days(written, day):
    assert day_of(written) == day


@given(data=st.data())
def test_every_fact_is_documented(data):
    resource = PROVIDER.identify(link(data.draw(st.sampled_from([WATCH, LIST_PAGE, CHANNEL_PAGE]))))
    answers = data.draw(strategies.answers(PROVIDER.probes, vocabulary(PROVIDER)))
    judged = PROVIDER.judge(resource, answers, frozenset())
    assert judged.facts.keys() <= FACTS.keys()


def test_a_video_is_known_again_by_title_channel_and_duration():
    identity = {name for name, fact in FACTS.items() if fact.identity}
    assert identity == {"title", "channel", "duration"}

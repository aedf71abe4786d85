"""Addresses of YouTube that are rarer: music, cut-off ids, other hosts; and seconds in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Url
from monitor.core.reasons import Reason
from monitor.core.urls import split
from monitor.providers._youtube_addresses import end_of, innermost, start_of
from monitor.providers.youtube import PROVIDER
from tests.providers.fakes import FakePorts, check, drive, link, reply
from tests.providers.test_youtube import CHANNEL, GOOD, ID, LIST, OEMBED, WATCH, info, page

MUSIC = "https://music.youtube.com"
HOME = "https://www.youtube.com"
ALBUM = f"{MUSIC}/browse/MPREb_1"
CUT_LIST = f"{HOME}/playlist?list=PLcut"
CUT_CHANNEL = f"{HOME}/channel/UCcut"


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        (f"{MUSIC}/browse/VL{LIST}", f"playlist:{LIST}"),
        (f"{MUSIC}/browse/{CHANNEL}", f"channel:{CHANNEL}"),
        (f"{MUSIC}/channel/{CHANNEL}", f"channel:{CHANNEL}"),
        (f"{MUSIC}/playlist?list={LIST}", f"playlist:{LIST}"),
        (ALBUM, "album:MPREb_1"),
        (CUT_LIST, "list:PLcut"),
        (f"{HOME}/watch?list=PLcut", "list:PLcut"),
        (f"{HOME}/playlist?list=WLANG", "list:WLANG"),
        (CUT_CHANNEL, "channel:channel/UCcut"),
        (f"{HOME}/channel/{CHANNEL}x", f"channel:channel/{CHANNEL}x"),
    ],
)
def test_what_is_rare_or_cut_off_has_a_name_too(url, id_):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert resource.id == f"youtube:{id_}"
    assert PROVIDER.identify(link(resource.url)) == resource


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"https://studio.youtube.com/video/{ID}/edit", id="the owner's own place"),
        pytest.param("https://support.youtube.com/teacher", id="help is no channel"),
        pytest.param("https://tv.youtube.com/welcome", id="television is no channel"),
        pytest.param(f"{HOME}/browse/{CHANNEL}", id="music's names, but not on its host"),
        pytest.param(f"{MUSIC}/browse/FEmusic_home", id="music's own front page"),
        pytest.param(f"{HOME}/embed?listType=user_uploads&list=teacher", id="a player of a user"),
        pytest.param(f"{HOME}/embed/videoseries?list=x", id="a player of no list"),
    ],
)
def test_places_without_a_thing_behind_them_are_left_to_the_web(url):
    assert PROVIDER.identify(link(url)) is None


@pytest.mark.parametrize(
    ("url", "said", "reason", "facts"),
    [
        pytest.param(
            ALBUM, page("Songs - YouTube Music"), Reason.ALIVE, {"title": "Songs"}, id="an album"
        ),
        pytest.param(
            ALBUM, page("YouTube Music"), Reason.UNEXPECTED_ANSWER, {}, id="a page for any album"
        ),
        pytest.param(ALBUM, reply(404), Reason.DELETED, {}, id="no such album"),
        pytest.param(
            CUT_LIST,
            page("YouTube", "The playlist does not exist."),
            Reason.DELETED,
            {},
            id="a list that lost its end",
        ),
        pytest.param(
            CUT_LIST,
            page("A course - YouTube"),
            Reason.ALIVE,
            {"page_title": "A course"},
            id="a list of a kind that nobody knows",
        ),
        pytest.param(
            CUT_LIST, page("YouTube"), Reason.UNEXPECTED_ANSWER, {}, id="a page for any list"
        ),
        pytest.param(
            CUT_CHANNEL,
            page("YouTube", "This channel does not exist."),
            Reason.DELETED,
            {},
            id="a channel that lost its end",
        ),
        pytest.param(CUT_CHANNEL, reply(400), Reason.UNEXPECTED_ANSWER, {}, id="a bad request"),
    ],
)
async def test_their_pages_alone_tell_of_them(url, said, reason, facts):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    ports = FakePorts({url: said})
    verdict, asked = await drive(PROVIDER, resource, ports)
    assert (verdict.reason, asked) == (reason, ["page"])
    assert {name: fact for name, fact in verdict.facts.items() if name != "status"} == facts


SECONDS = [
    ("?t=90", 90),
    ("?t=90s", 90),
    ("?t=1m30s", 90),
    ("?t=1M30S", 90),
    ("?t=1h2m", 3720),
    ("?t=1:30", 90),
    ("?t=1:02:03", 3723),
    ("?t=90.5", 90),
    ("?t=1:30.5", 90),
    ("?time_continue=90", 90),
    ("?start=90", 90),
    ("?v=x&amp;start=90", 90),
    ("?v=x&amp;t=1:30", 90),
    ("#t=90", 90),
    ("#t=1m30s&x=y", 90),
    ("?t=&start=90", 90),
    ("?t=soon&start=90", 90),
    ("?t=0", 0),
    ("?t=", None),
    ("?t=-90", None),
    ("?t=1:2:3:4", None),
    ("?t=٣", None),
    ("?end=90", None),
    ("#at=90", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "second"), SECONDS)
def test_a_link_may_name_its_first_second_in_many_ways(written, second):
    assert start_of(split(Url(f"https://youtu.be/{ID}{written}"))) == second


def test_a_player_may_name_its_last_second():
    assert end_of(split(Url(f"{HOME}/embed/{ID}?start=1&end=1:30"))) == 90
    assert end_of(split(Url(f"{HOME}/embed/{ID}?start=1"))) is None


@given(st.integers(0, 999), st.integers(0, 59), st.integers(0, 59))
def test_a_second_is_the_same_in_units_and_with_colons(hours, minutes, seconds):
    units = start_of(split(Url(f"{WATCH}&t={hours}h{minutes}m{seconds}s")))
    assert units == start_of(split(Url(f"{WATCH}&t={hours}:{minutes:02}:{seconds:02}")))
    assert units == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param(f"{WATCH}&t=10:01", Reason.PART_MISSING, id="a colon"),
        pytest.param(f"{WATCH}&t=9:59", Reason.ALIVE, id="a second within"),
        pytest.param(f"{WATCH}&time_continue=601", Reason.PART_MISSING, id="where it was left"),
        pytest.param(f"{HOME}/embed/{ID}?end=700", Reason.PART_MISSING, id="its end"),
        pytest.param(f"{HOME}/embed/{ID}?start=5&end=601", Reason.ALIVE, id="lengths are rounded"),
        pytest.param(f"{HOME}/embed/{ID}?start=5&end=602", Reason.PART_MISSING, id="not so much"),
        pytest.param(
            f"{HOME}/attribution_link?a=x&u=%2Fwatch%3Fv%3D{ID}%26t%3D601",
            Reason.PART_MISSING,
            id="wrapped in an attribution",
        ),
        pytest.param(
            f"https://consent.youtube.com/m?continue=https%3A%2F%2Fyoutu.be%2F{ID}%3Ft%3D601",
            Reason.PART_MISSING,
            id="wrapped in the consent page",
        ),
    ],
)
async def test_a_link_names_only_seconds_that_the_video_has(url, reason):
    verdict = await check(PROVIDER, url, FakePorts({OEMBED: GOOD}, {WATCH: info()}))
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("url", "within"),
    [
        pytest.param(WATCH, WATCH, id="no wrapper"),
        pytest.param(f"{HOME}/redirect?q=https%3A%2F%2Fa.example%2F", "https://a.example/", id="1"),
        pytest.param(
            f"{HOME}/redirect?q=%2Fredirect%3Fq%3Dhttps%253A%252F%252Fa.example%252F",
            "https://a.example/",
            id="2",
        ),
        pytest.param(f"{HOME}/redirect?q=", f"{HOME}/redirect?q=", id="an empty one"),
        pytest.param(
            f"{HOME}/redirect?q=http://[", f"{HOME}/redirect?q=http://[", id="a broken one"
        ),
    ],
)
def test_wrappers_are_opened(url, within):
    assert innermost(Url(url)) == within


def test_wrappers_are_not_opened_for_ever():
    url = f"{HOME}/redirect?q=x"
    for _ in range(9):
        url = f"{HOME}/redirect?q=" + url.replace("%", "%25").replace("&", "%26")
    assert innermost(Url(url)).startswith(f"{HOME}/redirect?q=")

"""What the services of the world say, to aiohttp and to the real yt-dlp."""

import pytest
import yt_dlp

from tests.world import World, WorldThread
from tests.world.clients import client, ytdlp_options
from tests.world.scenario import Entrance
from tests.world.youtube import STATES

WATCH = "https://www.youtube.com/watch?v="
PAGE_ONLY = {"player_client": ["web"], "player_skip": ["configs", "js"]}
API_ONLY = {
    "player_client": ["android_vr"],
    "player_skip": ["webpage", "configs", "js", "initial_data"],
}


def id_of(state):
    """Return an id of a video in that state, of YouTube's shape."""
    return f"{state:_<11}"


VIDEOS = {
    "youtube": {
        "videos": {id_of(s): {"state": s, "title": f"About {s}", "seconds": 90} for s in STATES},
        "channels": {"@meadow": "Meadow", "UCMeadowMeadowMeadowMeadow"[:24]: "Meadow"},
        "playlists": {"PLMeadow0123456789": "All lectures"},
    }
}


@pytest.fixture(scope="module")
def videos():
    with WorldThread(VIDEOS) as world:
        yield world


def read_by_ytdlp(world, video, how, monkeypatch):
    """Return yt-dlp's metadata of a video, or the error that it raised."""
    monkeypatch.setenv("SSL_CERT_FILE", str(world.ca_file))
    with yt_dlp.YoutubeDL(ytdlp_options(world, how)) as reader:
        try:
            return reader.extract_info(WATCH + video, download=False, process=False)
        except yt_dlp.utils.DownloadError as error:
            return error.exc_info[1]


@pytest.mark.parametrize("how", [PAGE_ONLY, API_ONLY], ids=["watch page", "player API"])
def test_the_real_ytdlp_reads_a_public_video_in_one_request(videos, how, monkeypatch):
    before = len(videos.requests)
    info = read_by_ytdlp(videos, id_of("public"), how, monkeypatch)
    assert (info["title"], info["duration"]) == ("About public", 90)
    assert info["playable_in_embed"] is True
    assert len(videos.requests) - before == 1


@pytest.mark.parametrize(
    ("state", "availability", "embeddable"),
    [("public", "public", True), ("unlisted", "unlisted", True), ("no-embed", "public", False)],
)
def test_the_watch_page_tells_how_public_a_video_is(
    videos, state, availability, embeddable, monkeypatch
):
    info = read_by_ytdlp(videos, id_of(state), PAGE_ONLY, monkeypatch)
    assert (info["availability"], info["playable_in_embed"]) == (availability, embeddable)


@pytest.mark.parametrize("how", [PAGE_ONLY, API_ONLY], ids=["watch page", "player API"])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("private", "Private video. Sign in if you've been granted access"),
        ("deleted", "Video unavailable"),
        ("removed", "Video unavailable. This video has been removed by the uploader"),
        ("terminated", "account associated with this video has been terminated"),
        ("copyright", "due to a copyright claim by"),
        ("terms", "violating YouTube's Terms of Service"),
        ("age", "Sign in to confirm your age"),
        ("members", "Join this channel to get access to members-only content"),
        ("paid", "This video requires payment to watch"),
        ("upcoming", "This live event will begin in 2 days"),
        ("bot-check", "Sign in to confirm you’re not a bot"),
        ("quirk", "This video is not available"),
    ],
)
def test_the_real_ytdlp_says_why_a_video_cannot_be_seen(videos, how, state, words, monkeypatch):
    error = read_by_ytdlp(videos, id_of(state), how, monkeypatch)
    assert isinstance(error, yt_dlp.utils.ExtractorError)
    assert words in str(error)


def test_the_real_ytdlp_knows_the_countries_of_a_video(videos, monkeypatch):
    error = read_by_ytdlp(videos, id_of("region"), PAGE_ONLY, monkeypatch)
    assert isinstance(error, yt_dlp.utils.GeoRestrictedError)
    assert error.countries == ["DE", "FR"]


def test_ytdlp_does_not_trust_the_world_without_its_ca(videos, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    refused = pytest.raises(yt_dlp.utils.DownloadError, match="Failed to extract any player")
    with yt_dlp.YoutubeDL(ytdlp_options(videos, API_ONLY)) as reader, refused:
        reader.extract_info(WATCH + id_of("public"), download=False, process=False)


async def asked(world, *urls, **more):
    """Return what each URL answers, by the proxy."""
    async with world, client(world, Entrance.PROXY) as there:
        return [await there.ask(url, **more) for url in urls]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("public", 200),
        ("unlisted", 200),
        ("no-embed", 401),
        ("private", 403),
        ("deleted", 404),
        ("bot-check", 429),
    ],
)
async def test_oembed_tells_the_living_from_the_dead_by_its_status(state, status):
    url = f"https://www.youtube.com/oembed?format=json&url={WATCH}{id_of(state)}"
    watch, said = await asked(World(VIDEOS), WATCH + id_of(state), url)
    assert (watch.status, said.status) == (200, status)


async def test_oembed_refuses_an_id_of_another_shape():
    (said,) = await asked(World(VIDEOS), f"https://www.youtube.com/oembed?url={WATCH}short")
    assert said.status == 400


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        pytest.param("https://www.youtube.com/@meadow", 200, "Meadow", id="a channel's handle"),
        pytest.param("https://www.youtube.com/c/nobody", 404, "", id="an unknown name"),
        pytest.param(
            "https://www.youtube.com/channel/UCnobody", 200, "does not exist", id="an unknown id"
        ),
        pytest.param(
            "https://www.youtube.com/playlist?list=PLnothing", 200, "does not exist", id="playlist"
        ),
        pytest.param("https://youtu.be/abc", 303, "", id="the short address"),
        pytest.param("https://www.youtube.com/nothing/here", 404, "", id="no such page"),
        pytest.param("https://i.ytimg.com/vi/public_____/0.jpg", 200, "", id="a thumbnail"),
    ],
)
async def test_youtubes_other_pages(url, status, words):
    async with World(VIDEOS) as world, client(world, Entrance.PROXY) as there:
        said = await there.ask(url)
    assert said.status == status
    assert words.encode() in said.body


FILE = "1MeadowSlidesShared0000000000000A"
DRIVE = "https://drive.google.com"


@pytest.mark.parametrize(
    ("state", "path", "status", "sign"),
    [
        ("shared", f"file/d/{FILE}/view", 200, "a.pdf - Google Drive"),
        ("shared", f"open?id={FILE}", 307, f"{DRIVE}/file/d/{FILE}/view"),
        ("shared", f"uc?id={FILE}&export=download", 200, "attachment"),
        ("sign-in-redirect", f"file/d/{FILE}/view", 302, "accounts.google.com/ServiceLogin"),
        ("sign-in-page", f"file/d/{FILE}/view", 401, "Sign in"),
        ("needs-access", f"file/d/{FILE}/view", 200, "You need access"),
        ("deleted", f"file/d/{FILE}/view", 404, "does not exist"),
        ("taken-down", f"file/d/{FILE}/view", 403, "violation"),
        ("quota", f"uc?id={FILE}", 200, "Google Drive - Quota exceeded"),
        ("virus-scan", f"uc?id={FILE}", 200, 'id="download-form"'),
        ("sorry", f"file/d/{FILE}/view", 302, "google.com/sorry/index"),
    ],
)
async def test_drive_shows_a_stranger(state, path, status, sign):
    world = World({"drive": {"files": {FILE: {"state": state, "name": "a.pdf"}}}})
    (said,) = await asked(world, f"{DRIVE}/{path}")
    assert said.status == status
    assert sign in f"{said.headers}{said.body!r}"


async def test_drive_asks_for_a_resource_key():
    url = f"{DRIVE}/file/d/{FILE}/view"
    world = World({"drive": {"files": {FILE: {"key": "0-meadow"}}}})
    without, having = await asked(world, url, f"{url}?resourcekey=0-meadow")
    assert (without.status, having.status) == (404, 200)


API = "https://api.github.com/repos/meadow/notes"
NOTES = {
    "github": {
        "repos": {
            "meadow/notes": {
                "branches": {"main": ["a.ipynb", "slides/b c.pdf"], "feature/x": ["a.ipynb"]},
                "lines": {"a.ipynb": 7},
            },
            "meadow/old": {"renamed_to": "meadow/notes"},
            "meadow/claimed": {"blocked": "dmca"},
            "meadow/empty": {"empty": True},
        }
    }
}


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (API, 200),
        ("https://api.github.com/repos/MEADOW/Notes", 200),
        ("https://api.github.com/repos/meadow/nothing", 404),
        ("https://api.github.com/repos/meadow/old/git/trees/main", 301),
        ("https://api.github.com/repos/meadow/claimed", 451),
        ("https://api.github.com/repos/meadow/empty/git/trees/main", 409),
        (f"{API}/branches/main", 200),
        (f"{API}/branches/feature/x", 200),
        (f"{API}/branches/gone", 404),
        (f"{API}/git/trees/gone?recursive=1", 404),
        (f"{API}/contents/slides/b%20c.pdf?ref=main", 200),
        (f"{API}/contents/gone?ref=main", 404),
        (f"{API}/git/ref/heads/feature/x", 200),
        (f"{API}/commits/main", 200),
        ("https://api.github.com/users/meadow", 200),
        ("https://api.github.com/users/nobody", 404),
        ("https://api.github.com/rate_limit", 200),
        ("https://github.com/meadow/notes", 200),
        ("https://github.com/meadow/notes/blob/main/slides/b%20c.pdf", 200),
        ("https://github.com/meadow/notes/blob/feature/x/a.ipynb", 200),
        ("https://github.com/meadow/notes/tree/main/slides", 200),
        ("https://github.com/meadow/notes/blob/main/gone", 404),
        ("https://github.com/meadow/nothing", 404),
        ("https://github.com/meadow/claimed", 451),
        ("https://raw.githubusercontent.com/meadow/notes/feature/x/a.ipynb", 200),
        ("https://raw.githubusercontent.com/meadow/old/main/a.ipynb", 200),
        ("https://raw.githubusercontent.com/meadow/notes/main/gone", 404),
    ],
)
async def test_github_answers(url, status):
    (said,) = await asked(World(NOTES), url)
    assert said.status == status


async def test_a_tree_lists_files_and_folders():
    (said,) = await asked(World(NOTES), f"{API}/git/trees/main?recursive=1")
    assert [(entry["path"], entry["type"]) for entry in said.json["tree"]] == [
        ("slides", "tree"),
        ("a.ipynb", "blob"),
        ("slides/b c.pdf", "blob"),
    ]
    assert said.json["truncated"] is False


async def test_a_renamed_repository_leads_on_by_number_and_by_page():
    urls = ("https://api.github.com/repos/meadow/old", "https://github.com/meadow/old/blob/main/a")
    world = World(NOTES)
    async with world, client(world, Entrance.PROXY) as there:
        rest, html = [await there.ask(url) for url in urls]
        now = await there.ask(rest.headers["Location"])
    assert (rest.status, rest.json["message"]) == (301, "Moved Permanently")
    assert now.json["full_name"] == "meadow/notes"
    assert html.headers["Location"] == "https://github.com/meadow/notes/blob/main/a"


async def test_each_rest_request_takes_one_off_until_none_is_left():
    first, second, third = await asked(World(NOTES, {"github": {"remaining": 2}}), API, API, API)
    assert [s.headers["X-RateLimit-Remaining"] for s in (first, second, third)] == ["1", "0", "0"]
    assert (second.status, third.status) == (200, 403)
    assert int(third.headers["X-RateLimit-Reset"]) > 0


async def test_a_secondary_limit_and_a_bad_token_say_so():
    (limited,) = await asked(World(NOTES, {"github": {"secondary_limit": True}}), API)
    (refused,) = await asked(World(NOTES), API, headers={"Authorization": "Bearer wrong"})
    assert (limited.status, limited.headers["gh-limited-by"]) == (403, "rest")
    assert (refused.status, refused.json["message"]) == (401, "Bad credentials")


SHORT = {
    "short": {
        "bit.ly": {
            "plain": "https://library.example.org/",
            "flagged": {"state": "warning", "to": "https://library.example.org/"},
            "preview": {"state": "preview", "to": "https://library.example.org/"},
            "off": {"state": "disabled"},
            "banned": {"state": "banned"},
        }
    }
}


@pytest.mark.parametrize(
    ("key", "status", "sign"),
    [
        ("plain", 301, "'Location': 'https://library.example.org/'"),
        ("flagged", 302, "bitly.com/a/warning?hash=flagged&url="),
        ("preview", 200, 'href="https://library.example.org/"'),
        ("off", 410, "disabled"),
        ("banned", 403, "Forbidden"),
        ("never-made", 404, "not found"),
    ],
)
async def test_a_shortener_answers(key, status, sign):
    (said,) = await asked(World(SHORT), f"http://bit.ly/{key}")
    assert said.status == status
    assert sign in f"{said.headers}{said.body!r}"


@pytest.mark.parametrize(
    ("site", "url", "status", "location"),
    [
        pytest.param({"https": "redirect"}, "http://a.example/x", 301, "https://a.example/x"),
        pytest.param({"https": "redirect"}, "https://a.example/x", 404, None),
        pytest.param({"https": "none", "pages": {"/": "A"}}, "https://a.example/", 404, None),
        pytest.param({"other": {"title": "Not found"}}, "https://a.example/x", 200, None),
        pytest.param({"pages": {"/": {"to": "/b"}}}, "https://a.example/", 302, "/b"),
    ],
)
async def test_a_site_answers(site, url, status, location):
    (said,) = await asked(World({"sites": {"a.example": site}}), url)
    assert (said.status, said.headers.get("Location")) == (status, location)


async def test_a_server_may_dislike_head():
    world = World({"sites": {"a.example": {"head": 405, "pages": {"/": "A"}}}})
    async with world, client(world, Entrance.PROXY) as there:
        head, get = (
            await there.ask("https://a.example/", "HEAD"),
            await there.ask("https://a.example/"),
        )
    assert (head.status, get.status) == (405, 200)


@pytest.mark.parametrize(
    "state",
    [
        {"youtube": {"videos": {"Meadow_Lec1": {"state": "vanished"}}}},
        {"drive": {"files": {FILE: {"state": "vanished"}}}},
    ],
    ids=["of a video", "of a file"],
)
def test_a_state_that_nobody_plays_is_refused(state):
    with pytest.raises(ValueError, match="no such state"):
        World(state)

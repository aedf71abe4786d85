"""The world's answers held against recorded ones: the same keys, where somebody reads them."""

import gzip
import json
from pathlib import Path

import pytest

from tests.world import World
from tests.world.clients import client
from tests.world.scenario import Entrance

RECORDED = Path(__file__).parents[3] / "shared" / "recorded"

pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED}: shapes were not compared"
)

STATE = {
    "youtube": {"videos": {"Meadow_Lec1": {}, "Meadow_Priv": {"state": "private"}}},
    "github": {"repos": {"meadow/notes": {}, "meadow/old": {"renamed_to": "meadow/notes"}}},
    "short": {"bit.ly": {"plain": "https://library.example.org/"}},
}


def recorded(name, n=-1):
    """Return an exchange's response from a file of recorded ones."""
    raw = (RECORDED / name).read_bytes()
    content = json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)
    return content["exchanges"][n]["response"]


async def said_by_world(url, **more):
    world = World(STATE)
    async with world, client(world, Entrance.PROXY) as there:
        return await there.ask(url, **more)


def oembed(video):
    return f"https://www.youtube.com/oembed?url=https://www.youtube.com/watch?v={video}"


async def test_oembed_of_a_public_video_has_the_recorded_keys():
    real = recorded("youtube/oembed_200_and_403_private.json", 0)
    ours = await said_by_world(oembed("Meadow_Lec1"))
    assert ours.status == real["status"]
    assert ours.json.keys() == json.loads(json.dumps(real["body"].get("json") or {})).keys()


async def test_oembed_of_a_private_video_is_refused_as_recorded():
    real = recorded("youtube/oembed_200_and_403_private.json")
    ours = await said_by_world(oembed("Meadow_Priv"))
    assert (ours.status, ours.text) == (real["status"], real["body"]["text"].strip())


PLAYER = {"status", "reason"}


async def test_a_private_video_has_the_recorded_status_for_the_player():
    real = recorded("youtube/innertube_private.json")["body"]["json"]
    real = real.get("playerResponse", real)["playabilityStatus"]
    url = "https://www.youtube.com/youtubei/v1/player"
    ours = (await said_by_world(url, method="POST", json={"videoId": "Meadow_Priv"})).json
    assert ours["playabilityStatus"]["status"] == real["status"]
    assert ours["playabilityStatus"].keys() >= PLAYER <= real.keys()


async def test_a_repository_has_no_key_that_the_recorded_lacks():
    real = recorded("github/scenario_get_repository.json")
    ours = await said_by_world("https://api.github.com/repos/meadow/notes")
    assert ours.json.keys() <= real["body"]["json"].keys() | {"visibility", "disabled"}
    assert {"full_name", "archived", "default_branch", "pushed_at"} <= ours.json.keys()


@pytest.mark.parametrize(
    ("name", "n", "url"),
    [
        ("github/repo_renamed_301.json", 0, "https://api.github.com/repos/meadow/old"),
        ("github/repo_unknown_404.json", -1, "https://api.github.com/repos/meadow/nothing"),
        (
            "github/contents_path_404.json",
            -1,
            "https://api.github.com/repos/meadow/notes/contents/gone",
        ),
    ],
)
async def test_githubs_refusals_have_the_recorded_status_and_message(name, n, url):
    real = recorded(name, n)
    ours = await said_by_world(url)
    assert ours.status == real["status"]
    assert ours.json["message"] == real["body"]["json"]["message"]


async def test_bitly_redirects_as_recorded():
    real = recorded("bitly/redirect_301_http_2020.json")
    ours = await said_by_world("http://bit.ly/plain")
    assert ours.status == real["status"]
    assert {"Location", "Via", "Cache-Control"} <= set(ours.headers)

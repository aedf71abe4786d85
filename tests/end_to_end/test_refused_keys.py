"""A key that was refused is over when a service takes it, and not when nobody asked by it."""

from datetime import timedelta

import pytest

from monitor.config import Source
from monitor.core.incidents import Ending
from monitor.doors import utc_now
from monitor.store.history import History
from tests.end_to_end.running import checked
from tests.world.keys import ENVIRONMENT, STATE
from tests.world.scenario import merged
from tests.world.thread import WorldThread

LAB = {"sites": {"lab.example": {"pages": {"/": "Lab"}}}}


@pytest.mark.parametrize(
    ("key", "place", "there", "refused"),
    [
        pytest.param(
            "GITHUB_TOKEN",
            "https://github.com/meadow-university/notebooks",
            {"github": {"repos": {"meadow-university/notebooks": {}}}},
            {"github": {"token_trouble": "bad"}},
            id="GitHub",
        ),
        pytest.param(
            "YOUTUBE_API_KEY",
            "https://www.youtube.com/watch?v=Meadow_Lec1",
            {"youtube": {"videos": {"Meadow_Lec1": {"title": "Meadows"}}}},
            {"youtube": {"error": "accessNotConfigured"}},
            id="YouTube",
        ),
    ],
)
def test_a_refused_key_is_over_when_it_is_taken(key, place, there, refused, tmp_path):
    page = tmp_path / "page.md"
    environment = {key: ENVIRONMENT[key]}
    link, other = f"[it]({place})", "[lab](https://lab.example/)"
    endings = []
    for trouble, text in ((refused, f"{link} {other}"), ({}, other), ({}, f"{link} {other}")):
        page.write_text(text)
        with WorldThread(merged([STATE, LAB, there, trouble])) as world:
            checked(world, Source(path=page), tmp_path, environment=environment, configured=True)
        with History.open(tmp_path / "history.sqlite3") as history:
            found = history.incidents(closed_since=utc_now() - timedelta(days=1))
        endings.append([each.ending for each in found if each.cause.name == f"the key {key}"])
    assert endings == [[None], [None], [Ending.RECOVERED]]

"""A spent quota is remembered over runs, for the key that spent it."""

import pytest

from monitor.config import Config, Source
from monitor.config.values import Secret
from monitor.core.reasons import Reason
from monitor.doors import opened
from tests.end_to_end.running import checked
from tests.world.scenario import merged
from tests.world.service_account import write_account
from tests.world.thread import WorldThread

FIRST, SECOND = "world-youtube-key-1", "world-youtube-key-2"
STATE = {"youtube": {"keys": [FIRST, SECOND], "videos": {"Meadow_Lec1": {"title": "Meadows"}}}}
SPENT = {"youtube": {"error": "quotaExceeded"}}


@pytest.mark.parametrize(
    ("key", "calls"),
    [pytest.param(FIRST, 0, id="the same key"), pytest.param(SECOND, 1, id="another key")],
)
def test_a_spent_quota_is_that_of_its_key(key, calls, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[it](https://www.youtube.com/watch?v=Meadow_Lec1)")
    asked = []
    for state, shown in ((merged([STATE, SPENT]), FIRST), (merged([STATE]), key)):
        with WorldThread(state) as world:
            environment = {"YOUTUBE_API_KEY": shown}
            report = checked(world, Source(path=page), tmp_path, environment=environment)
            asked.append(world.count("youtube.googleapis.com"))
        (finding,) = report.found
        assert finding.verdict.reason is Reason.ALIVE
    assert asked == [1, calls]


async def test_a_key_has_a_mark_that_is_not_the_key(tmp_path):
    account = str(write_account(tmp_path / "key.json"))
    named = [{"youtube": Secret(FIRST)}, {"youtube": Secret(SECOND)}, {"youtube": Secret(FIRST)}]
    marks = []
    for credentials in named:
        config = Config(credentials={**credentials, "google_account": Secret(account)})
        async with opened(config) as doors:
            assert doors.marks.keys() == doors.keys
            marks.append(doors.marks["youtube"])
    assert marks[0] == marks[2] != marks[1]
    assert all(len(mark) == 12 and mark not in FIRST for mark in marks)

"""A title does not change with the way of asking, nor with the language of who asks."""

import pytest

from monitor.config import Source
from tests.end_to_end.running import checked
from tests.world import keys
from tests.world.scenario import merged
from tests.world.thread import WorldThread

VIDEO = "https://www.youtube.com/watch?v=Meadow_Lec1"
STATE = {
    "youtube": {
        "videos": {"Meadow_Lec1": {"title": "Lezione sui prati", "title_en": "Meadows, a lecture"}}
    }
}


@pytest.mark.parametrize(
    ("url", "credentials"),
    [
        pytest.param(VIDEO, False, id="oEmbed"),
        pytest.param(f"{VIDEO}&t=60", False, id="yt-dlp"),
        pytest.param(VIDEO, True, id="the Data API"),
        pytest.param(f"{VIDEO}&t=60", True, id="the Data API and yt-dlp"),
    ],
)
def test_a_video_has_one_title_however_it_is_asked_for(url, credentials, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"[it]({url})")
    state = merged([keys.STATE, STATE] if credentials else [STATE])
    with WorldThread(state) as world:
        report = checked(world, Source(path=page), tmp_path, credentials=credentials)
    assert world.complaints == []
    (finding,) = report.found
    assert finding.verdict.facts["title"] == "Lezione sui prati"

"""What a run costs: requests counted by the world."""

from collections import Counter

from tests.end_to_end.command import linkwell, report_in
from tests.world.thread import WorldThread

SENTINELS = {"www.gstatic.com", "detectportal.firefox.com", "www.msftconnecttest.com"}
STATE = {
    "sites": {"site.example": {"pages": {"/a": "A", "/b": "B"}}},
    "youtube": {"videos": {"abcdefghijk": {"title": "A lecture"}}},
}
PAGE = """\
[A](https://site.example/a) [B](https://site.example/b) [lost](https://site.example/lost)
[V](https://youtu.be/abcdefghijk) [again](https://www.youtube.com/watch?v=abcdefghijk&feature=x)
[once more](https://www.youtube.com/embed/abcdefghijk) [m](https://m.youtube.com/watch?v=abcdefghijk)
"""


def test_a_second_run_within_the_freshness_window_asks_nothing(tmp_path):
    (tmp_path / "config.yaml").write_text("sources: [page.md]\nlimits: {fresh_for: 1h}\n")
    (tmp_path / "page.md").write_text(PAGE)
    with WorldThread(STATE) as world:
        first = linkwell("check", cwd=tmp_path, world=world)
        before = report_in(tmp_path)
        world.requests.clear()

        second = linkwell("check", cwd=tmp_path, world=world)

        assert {r.host for r in world.requests} == SENTINELS
    assert (first.code, second.code) == (1, 1)
    after = report_in(tmp_path)
    assert after["summary"] == before["summary"]
    assert after["resources"] == before["resources"]


def test_one_video_linked_in_four_spellings_is_asked_once(tmp_path):
    (tmp_path / "page.md").write_text(PAGE)
    with WorldThread(STATE) as world:
        linkwell("check", "page.md", cwd=tmp_path, world=world)

        asked = Counter(r.path for r in world.requests if r.host == "www.youtube.com")
    assert asked == {"/oembed": 1, "/watch": 1}  # the page at first sight, as there is no key

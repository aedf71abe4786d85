"""A world made from a folder's links: all that they name is alive in it."""

from pathlib import Path

import pytest

from monitor.config import Source
from monitor.core.reasons import Status
from tests.end_to_end.running import checked
from tests.world import WorldThread, keys
from tests.world.generated import generated
from tests.world.scenario import merged

SITE = Path(__file__).parents[3] / "shared" / "course-site"

BASE_URL = "https://meadow.example/course/"

NAMED = """
https://www.youtube.com/watch?v=Meadow_Lec1&t=1h2m3s
https://youtu.be/Meadow_Lec2?t=90
https://www.youtube.com/embed/Meadow_Lec3
https://www.youtube.com/playlist?list=PLMeadow0123456789
https://www.youtube.com/@meadow
https://www.youtube.com/channel/UCMeadowMeadowMeadowMead
https://drive.google.com/open?id=1MeadowSlidesShared0000000000000A
https://drive.google.com/file/d/1MeadowSlidesShared0000000000000B/view?resourcekey=0-meadow
https://drive.google.com/drive/folders/1MeadowSlidesShared0000000000000C
https://docs.google.com/document/d/1MeadowSlidesShared0000000000000D/edit
https://docs.google.com/forms/d/e/1FAIpQLSeMeadowMeadowMeadowMeadow0001/viewform
https://colab.research.google.com/drive/1MeadowSlidesShared0000000000000E
https://colab.research.google.com/github/meadow/notes/blob/main/a%20b.ipynb
https://github.com/meadow/notes
https://github.com/meadow/notes/blob/main/deep/grads.py#L10-L300
https://github.com/Meadow/Notes/tree/main/deep
https://github.com/meadow/notes/issues/7
https://github.com/meadow/notes/releases/tag/v1.0
https://github.com/meadow/notes/releases/download/v1.0/weights.pt
https://github.com/meadow
https://raw.githubusercontent.com/meadow/notes/main/data.csv
https://gist.github.com/ada/0123456789abcdef0123456789abcdef
https://nbviewer.org/github/meadow/notes/blob/main/c.ipynb
https://mybinder.org/v2/gh/meadow/notes/main
https://bit.ly/meadow-slides
https://library.example.org/hours?day=1#monday
https://library.example.org/notes.pdf
"""
LINKS = tuple(NAMED.split())


@pytest.fixture
def folder(tmp_path):
    docs = tmp_path / "docs"
    (docs / "week01").mkdir(parents=True)
    (docs / "_config.yml").write_text("permalink: pretty\n")
    lines = [f"- [it]({link})" for link in LINKS]
    (docs / "index.md").write_text("\n".join([*lines, "- [week](week01/01)", "- [old](week02/02)"]))
    (docs / "week01" / "01.md").write_text("[back](../) ![a picture](a.png)\n")
    return docs


@pytest.mark.parametrize("credentials", [False, True], ids=["without keys", "with keys"])
def test_all_that_a_folder_names_is_alive(folder, tmp_path, credentials):
    source = Source(folder=folder, base_url=BASE_URL)
    state = merged([keys.STATE, generated(source)] if credentials else [generated(source)])
    with WorldThread(state) as world:
        report = checked(world, source, tmp_path, credentials=credentials)
    assert world.complaints == []
    wrong = {
        link.link.written: link.verdict.detail
        for finding in report.found
        for link in finding.links
        if link.verdict.status is not Status.OK
    }
    assert wrong == {}
    assert report.summary.links == len(LINKS) + 4


def test_a_site_as_it_was_published_lacks_what_its_links_name_wrongly(folder):
    source = Source(folder=folder, base_url=BASE_URL)
    site = generated(source, published=True)["sites"]["meadow.example"]["pages"]
    (back,) = [page for path, page in site.items() if path.endswith("week01/01")]
    assert back["to"].endswith("/week01/01/")
    assert not any("week02" in path for path in site)
    assert any(path.endswith("a.png") for path in site)


@pytest.mark.skipif(not SITE.is_dir(), reason=f"no course site at {SITE}: not generated from it")
def test_the_users_whole_site_makes_a_world():
    source = Source(folder=SITE / "docs", base_url="https://course.example/")
    state = generated(source)
    assert len(state["youtube"]["videos"]) >= 29
    assert len(state["drive"]["files"]) >= 17
    assert len(state["sites"]) > 30

"""The first user's real page, in a world where all that it should link to is alive.

The page is no part of this project; where it is not beside it, these tests are skipped.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import Source
from monitor.core.identify import identify
from monitor.core.model import Page, PageKind
from monitor.core.urls import normalise, split
from monitor.extract.links import extract
from monitor.providers import find
from tests.end_to_end.running import checked
from tests.world.thread import WorldThread

PAGE = Path(__file__).parents[3] / "shared" / "seeds" / "course-page.it.md"
BASE_URL = "https://atcold.github.io/pytorch-Deep-Learning/it/"
VARIABLES = {"site.baseurl": "/pytorch-Deep-Learning"}
LOST = (
    "it/week06/06",
    "it/week06/06-2",
    "it/week07/07",
    "it/week08/08",
    "it/week09/09",
    "it/week10/10",
    "it/week11/11",
)
DEEP = {"starts_per_second": 1000, "attempts": 1, "read_timeout": "5s"}

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the user's page is not here")


def extracted():
    page = Page(
        name="page",
        url=normalise(BASE_URL),
        kind=PageKind.MARKDOWN,
        text=PAGE.read_text("utf-8"),
        read_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return extract(page, VARIABLES)


def state():
    """Return a world in which everything is alive that the page should link to."""
    made = {"sites": {}, "youtube": {"videos": {}}, "drive": {"files": {}}, "github": {"repos": {}}}
    branches = made["github"]["repos"]
    for link in extracted().links:
        resource = identify(link, find())
        parts = split(link.url)
        name = resource.id.rpartition(":")[2]
        if resource.provider == "youtube":
            made["youtube"]["videos"][name] = {"title": f"Lecture {name}"}
        elif resource.provider == "google_drive":
            made["drive"]["files"][name] = {"name": f"{name}.pdf"}
        elif resource.provider == "github":
            owner, repo, *rest = parts.segments
            files = branches.setdefault(f"{owner}/{repo}", {"branches": {"master": ["README.md"]}})
            files["default_branch"] = "master"
            if rest:
                path = "/".join(rest[2:])
                files["branches"]["master"].append(path if rest[0] == "blob" else f"{path}/main.py")
        elif resource.provider == "short_link":
            target = {
                "to": "https://drive.google.com/drive/folders/1AbCdEfGhIjKlMnOpQrStUvWxYz01234"
            }
            made.setdefault("short", {}).setdefault(parts.host, {})[parts.segments[0]] = target[
                "to"
            ]
            made["drive"]["files"]["1AbCdEfGhIjKlMnOpQrStUvWxYz01234"] = {
                "name": "Slides",
                "kind": "folder",
                "entries": 3,
            }
        else:
            pages = made["sites"].setdefault(parts.host, {"pages": {}})["pages"]
            pages[parts.path] = "A page"
    pages = made["sites"]["atcold.github.io"]["pages"]
    for lost in LOST:
        del pages[f"/pytorch-Deep-Learning/it/{lost}"]
        pages[f"/pytorch-Deep-Learning/{lost}"] = "A week"
    return made


def test_the_page_has_its_114_links():
    links = extracted().links
    providers = Counter(identify(link, find()).provider for link in links)
    resources = {identify(link, find()).id: identify(link, find()).provider for link in links}

    assert len(links) == 114
    assert len({link.written for link in links}) == 111
    assert providers == {
        "web": 55,
        "github": 22,
        "youtube": 21,
        "google_drive": 13,
        "short_link": 3,
    }
    assert Counter(resources.values()) == {
        "web": 54,
        "github": 20,
        "youtube": 21,
        "google_drive": 13,
        "short_link": 3,
    }
    own = [link for link in links if link.url.startswith("https://atcold.github.io/")]
    assert len(own) == 43


def test_every_link_stands_where_it_is_said_to_stand():
    lines = PAGE.read_text("utf-8").splitlines()
    for link in extracted().links:
        at = link.occurrence.position
        assert lines[at.line - 1][at.column - 1 :].startswith(link.written)


def test_the_context_of_a_video_is_found_through_the_rowspans():
    (video,) = [link for link in extracted().links if link.written.endswith("FW5gFiJb-ig")]
    assert [step.split(": ")[0] for step in video.occurrence.context] == [
        "Lezioni",
        "Settimana",
        "Formato",
        "Titolo",
        "Risorse",
    ]
    assert video.occurrence.context[1] == "Settimana: ③"
    assert video.occurrence.context[3].endswith(" / CNN")


def test_the_seven_lost_links_are_broken_and_mended_and_nothing_else_is(tmp_path):
    source = Source(path=PAGE, base_url=BASE_URL, variables=VARIABLES)

    with WorldThread(state()) as world:
        report = checked(world, source, tmp_path, network=DEEP)

    broken = {
        link.link.written: link.verdict
        for finding in report.found
        for link in finding.links
        if link.verdict.status == "broken"
    }
    assert tuple(sorted(broken)) == LOST
    for written, verdict in broken.items():
        assert verdict.instead is not None
        assert verdict.instead.url == f"https://atcold.github.io/pytorch-Deep-Learning/{written}"
        assert world.count("atcold.github.io", f"/pytorch-Deep-Learning/{written}") >= 1
    summary = report.summary
    assert (summary.ok, summary.warning, summary.broken, summary.unknown) == (104, 0, 7, 0)
    assert world.count("api.github.com") <= 6

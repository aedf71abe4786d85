"""Links to what a change itself adds, and those of a page that has moved."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import Source
from monitor.core.checkout import Change
from monitor.core.model import Link, Occurrence, PageRecord, Position, Url
from monitor.crawl.new_pages import turned, unpublished

BASE = "https://course.example/it/"
AT = datetime(2026, 3, 14, tzinfo=UTC)


def link(url: str, written: str = "x", page: str = "page") -> Link:
    occurrence = Occurrence(
        page=page, position=Position(line=1, column=1), element="a", attribute="href"
    )
    return Link(written=written, url=Url(url), occurrence=occurrence)


@pytest.fixture
def top(tmp_path) -> Path:
    """A checkout whose docs hold pages old and new."""
    for name in ("old.md", "new.md", "in/new two.md", "section/index.md", "picture.png"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text("# A page\n")
    (tmp_path / "docs/chosen.md").write_text("---\npermalink: /its/own\n---\n")
    (tmp_path / "elsewhere.md").touch()
    return tmp_path


NEW = Change(
    touched={},
    new=frozenset(
        {
            *("docs/new.md", "docs/in/new two.md", "docs/section/index.md", "docs/picture.png"),
            *("docs/chosen.md", "elsewhere.md", "docs/gone.html"),
        }
    ),
)


@pytest.mark.parametrize(
    ("url", "spared"),
    [
        pytest.param(BASE + "new.md", True, id="as the file is called"),
        pytest.param(BASE + "new", True, id="without its ending"),
        pytest.param(BASE + "new/", True, id="as a folder"),
        pytest.param(BASE + "new.html?a=b#part", True, id="as a page, a part of it"),
        pytest.param(BASE + "in/new%20two", True, id="with a space"),
        pytest.param(BASE + "section/", True, id="a folder's index"),
        pytest.param(BASE + "section", True, id="a folder's index, without the slash"),
        pytest.param(BASE + "picture.png", True, id="a picture"),
        pytest.param(BASE + "its/own", True, id="where its front matter says"),
        pytest.param(BASE + "old.md", False, id="a file that was there before"),
        pytest.param(BASE + "nwe.md", False, id="no file"),
        pytest.param("https://course.example/new.md", False, id="outside of the folder"),
        pytest.param("https://other.example/it/new.md", False, id="another site"),
        pytest.param(BASE + "../elsewhere.md", False, id="a file outside"),
    ],
)
def test_a_link_to_what_the_change_adds_is_not_published_yet(top, url, spared):
    source = Source(folder=top / "docs", base_url=BASE)
    found = link(url)

    assert unpublished([source], NEW, top, [found]) == ({found.occurrence} if spared else set())


@pytest.mark.parametrize(
    ("source", "spared"),
    [
        pytest.param({"path": "docs/old.md", "base_url": BASE + "old"}, True, id="a single page"),
        pytest.param({"path": "docs", "base_url": BASE[:-1]}, True, id="a folder as a path"),
        pytest.param({"path": "docs"}, False, id="a folder without an address"),
    ],
)
def test_whatever_the_source_is(top, source, spared):
    given = Source(**{**source, "path": top / source["path"]})

    assert bool(unpublished([given], NEW, top, [link(BASE + "new.md")])) is spared


@pytest.mark.parametrize(
    ("before", "written", "url", "new"),
    [
        pytest.param("docs/a.md", "b.md", BASE + "in/b.md", True, id="from another folder"),
        pytest.param("a.md", "b.md", BASE + "in/b.md", True, id="from outside of the source"),
        pytest.param("docs/in/a.md", "b.md", BASE + "in/b.md", False, id="within its folder"),
        pytest.param("docs/a.md", "/b", "https://course.example/b", False, id="from the root"),
        pytest.param("docs/a.md", "#b", BASE + "in/new two#b", False, id="to itself"),
        pytest.param("docs/a.md", "https://b.example/", "https://b.example/", False, id="absolute"),
        pytest.param("docs/a.md", "{{ b }}", "https://b.example/", False, id="a template"),
        pytest.param(None, "b.md", BASE + "in/b.md", False, id="of a page that has not moved"),
    ],
)
def test_a_relative_link_of_a_page_that_moved_is_new(top, before, written, url, new):
    source = Source(folder=top / "docs", base_url=BASE, name="Course")
    now = "docs/in/new two.md"
    change = Change(touched={}, moved={now: before} if before else {})
    page = PageRecord(
        name="page", url=Url(BASE + "in/new%20two"), read_at=AT, source="Course", notes=()
    )
    found = link(url, written)

    said = turned([source], change, top, {"page": now}, [page], [found])

    assert said == ({found.occurrence} if new else set())

"""`linkwell site`: from history to plain files."""

import pytest

from tests.end_to_end.command import linkwell
from tests.world.thread import WorldThread

SITE = {
    "sites": {
        "site.example": {
            "pages": {
                "/": {"title": "Home", "body": '<a href="/a">A</a><a href="/b">B</a>'},
                "/a": "A",
            }
        }
    }
}
HOME = "https://site.example/"


@pytest.fixture
def world():
    with WorldThread(SITE) as world:
        yield world


def test_all_runs_the_newest_report_and_a_page_a_resource(world, tmp_path):
    (tmp_path / "config.yaml").write_text(f"sources: {HOME}\n")
    for _ in range(2):
        assert linkwell("check", cwd=tmp_path, world=world).code == 1
    old, foreign = tmp_path / "out/r/0123456789ab.html", tmp_path / "out/r/mine.html"
    old.parent.mkdir(parents=True)
    old.write_text("of a resource that is on no page any more")
    foreign.write_text("somebody's own")

    done = linkwell("site", "out", cwd=tmp_path)

    assert done.code == 0, done.err
    assert done.out == "Site: out/index.html\n"
    out = tmp_path / "out"
    index = (out / "index.html").read_text("utf-8")
    assert index.count(" 1 broken</span>") == 2
    assert 'href="report/index.html"' in index
    assert (out / "report/index.html").read_bytes() == (
        tmp_path / "reports/latest/index.html"
    ).read_bytes()
    pages = {page.name for page in (out / "r").iterdir()}
    assert len(pages) == 3
    assert all(f'href="r/{name}"' in index for name in pages - {"mine.html"})
    assert not old.exists()
    assert foreign.exists()
    before = {page: page.read_bytes() for page in out.rglob("*") if page.is_file()}
    assert linkwell("site", "out", cwd=tmp_path).code == 0
    assert {page: page.read_bytes() for page in out.rglob("*") if page.is_file()} == before


@pytest.mark.parametrize(
    ("later", "dark"),
    [
        pytest.param(("check",), True, id="a night without a network"),
        pytest.param(("check", f"{HOME}a"), False, id="a check of one page by hand"),
    ],
)
def test_a_run_that_cannot_tell_of_all_leaves_the_report_as_it_was(world, tmp_path, later, dark):
    (tmp_path / "config.yaml").write_text(f"sources: {HOME}\n")
    assert linkwell("check", cwd=tmp_path, world=world).code == 1
    assert linkwell("site", "out", cwd=tmp_path).code == 0
    out = tmp_path / "out"
    before = {page: page.read_bytes() for page in out.glob("r*/*") if page.name != "feed.xml"}
    world.dark = dark
    linkwell(*later, cwd=tmp_path, world=world)

    assert linkwell("site", "out", "--runs", "1", cwd=tmp_path).code == 0

    after = {page: page.read_bytes() for page in out.glob("r*/*") if page.name != "feed.xml"}
    assert after == before
    index = (out / "index.html").read_text("utf-8")
    assert ("does not count" in index) is dark


def test_without_a_run_there_is_nothing_to_build(tmp_path):
    done = linkwell("site", "out", cwd=tmp_path)

    assert done.code == 2
    assert "linkwell check" in done.err

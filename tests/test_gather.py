"""What a run knows of its pages: what it read whole, and so what no longer stands there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import Config
from monitor.gather import Wish, gather
from monitor.providers import find

A_LINK, ANOTHER = "[x](https://a.example/x)", "[y](https://b.example/y)"


@dataclass
class NoNetwork:
    """Doors to nowhere: files need none."""

    async def fetch(self, _request):
        raise AssertionError("a file is no matter of the network")

    def now(self):
        return datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "a.md").write_text(A_LINK)
    (tmp_path / "b.md").write_text(ANOTHER)
    return tmp_path


async def gathered(folder, wish=None, **limits):
    config = Config.model_validate(
        {"sources": [{"folder": str(folder), "name": "course"}], "limits": limits}
    )
    wish = {"configured": True, **(wish or {})}
    wished = Wish(sources=config.sources, **wish)
    found = await gather(config, wished, find(), NoNetwork())
    return found.sources_read_whole(wished), [page.page.whole for page in found.pages]


async def test_a_folder_that_is_read_whole(folder):
    assert await gathered(folder) == (("course",), [True, True])


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"configured": False}, id="sources of the command line"),
        pytest.param({"provider": "web"}, id="one provider"),
        pytest.param({"limit": 9}, id="a number of links"),
    ],
)
async def test_a_part_tells_of_no_source(folder, wish):
    assert (await gathered(folder, wish))[0] == ()


async def test_a_folder_with_more_pages_than_are_read_is_not_whole(folder):
    assert (await gathered(folder, pages=1))[0] == ()


async def test_a_page_with_more_links_than_are_checked_is_not_whole(folder):
    assert await gathered(folder, links=1) == (("course",), [True, False])


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        pytest.param("z" * 2000 + A_LINK, {"page_bytes": 1000}, id="a page that is cut"),
        pytest.param("", {}, id="an empty page"),
        pytest.param("We are back at noon.", {}, id="a page without any link"),
    ],
)
async def test_a_page_on_which_more_may_stand_is_not_whole(folder, text, limits):
    (folder / "b.md").write_text(text)
    assert await gathered(folder, **limits) == (("course",), [True, False])


async def test_a_page_whose_links_are_all_left_alone_is_whole(folder):
    (folder / "b.md").write_text("See <!-- linkwell-ignore --> [x](https://a.example/x)")
    assert (await gathered(folder))[1] == [True, True]

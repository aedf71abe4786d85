"""Where a site generator puts a source file, and how texts are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import PageKind, Url
from monitor.core.urls import normalise
from monitor.crawl.kinds import kind_of_text
from monitor.crawl.patterns import ignore_lines, included, left_out
from monitor.crawl.permalinks import is_pretty, page_url

BASE = Url("https://a.org/b/")


def url_of(path: str, text: str = "", *, pretty: bool = False, has_index: bool = False):
    return page_url(path, BASE, text=text, pretty=pretty, has_index=has_index)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("index.md", "", "https://a.org/b/", id="an index is its folder"),
        pytest.param("x/Index.HTML", "", "https://a.org/b/x/", id="in capitals too"),
        pytest.param("x/README.md", "", "https://a.org/b/x/", id="so is a README"),
        pytest.param("x/README-IT.md", "", "https://a.org/b/x/README-IT", id="this is none"),
        pytest.param("x/a.md", "", "https://a.org/b/x/a", id="Markdown loses its suffix"),
        pytest.param("x/a.b.md", "", "https://a.org/b/x/a.b", id="only the last one"),
        pytest.param("x/a.html", "", "https://a.org/b/x/a.html", id="HTML keeps it"),
        pytest.param("x/list.txt", "", "https://a.org/b/x/list.txt", id="and so does the rest"),
        pytest.param("a b?#é.md", "", "https://a.org/b/a%20b%3F%23%C3%A9", id="odd characters"),
        pytest.param("c:d.md", "", "https://a.org/b/c%3Ad", id="a colon makes no scheme"),
        pytest.param("a.md", "---\npermalink: /x/y\n---", "https://a.org/b/x/y", id="a permalink"),
        pytest.param("a.md", "---\npermalink: '/x/'\n---", "https://a.org/b/x/", id="in quotes"),
        pytest.param(
            "a.md", "---\r\npermalink: /x/ # y\r\n---\r\n", "https://a.org/b/x/", id="a comment"
        ),
        pytest.param("a.md", "---\npermalink: pretty\n---", "https://a.org/b/a", id="a style"),
        pytest.param("a.md", "---\npermalink: /:title/\n---", "https://a.org/b/a", id="a template"),
        pytest.param("a.md", "permalink: /x/\n", "https://a.org/b/a", id="no front matter"),
        pytest.param("a.md", "---\nt: x\n---\npermalink: /x/", "https://a.org/b/a", id="after it"),
    ],
)
def test_page_url(path, text, expected):
    assert url_of(path, text) == expected


def test_a_readme_beside_an_index_is_a_page_of_its_own():
    assert url_of("README.md", has_index=True) == "https://a.org/b/README"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("permalink: pretty\n", True),
        ("a: b\npermalink:   /:title/   # x\n", True),
        ('permalink: "pretty"\n', True),
        ("permalink: /:title.html\n", False),
        ("  permalink: pretty\n", False),
        ("permalink:\npretty: x\n", False),
        ("", False),
    ],
)
def test_is_pretty(text, expected):
    assert is_pretty(text) is expected


@given(st.text(), st.text(max_size=200), st.booleans())
def test_every_file_has_an_address_beneath_its_folder_or_none(path, text, pretty):
    url = url_of(path.replace("permalink", ""), text.replace("permalink", ""), pretty=pretty)
    assert url is None or (url.startswith("https://a.org/") and normalise(url) == url)


@given(st.text(max_size=300))
def test_any_text_is_of_some_kind(text):
    assert kind_of_text(text) in PageKind


def test_many_comments_are_read_in_no_time():
    assert kind_of_text("<!-- x -->" * 50_000) is PageKind.MARKDOWN


@given(st.text(), st.text())
def test_any_pattern_gives_an_answer(pattern, path):
    assert included(path, [pattern]) in {True, False}
    assert left_out(path, ignore_lines(pattern, ""), folder=True) in {True, False}

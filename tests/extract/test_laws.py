"""What holds for every text: extraction never fails, and everything stands where it says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.model import PageKind
from monitor.extract.decode import decode
from monitor.extract.source import Source
from tests.extract.pages import breaks_the_law, links_of

SHARED = Path(__file__).parents[2].parent / "shared"

PIECES = [
    "[a](", "](b)", "![", "[x]", "[x]: ", "<y z>", "]", ")", "(", "\\", "|", "|-|-|\n", "> ", "- ",
    "\t", "    ", "\n", "\r\n", "\r", "\n\n", "# ", " ##", "===\n", "`", "```\n", "*", "_", "$$",
    "<a href=", "<a href='", "'>", '"', ">", "</a>", "<img src=x>", "<table>", "<tr>", "<td>",
    "</td>", "<th rowspan=2>", "</table>", "<!--", "-->", "<b>", "<p>", "<div>\n", "</div>",
    "&amp;", "&#x20;", "&", "é", "🎥", "\0", "\x0c", "\xa0", "\u2028", "\ud800", "{{ a }}", "{{",
    "{% raw %}", "{% endraw %}", "{% comment %}", "{% endcomment %}", "---\n", "srcset='a, b 2x'",
    "<style>", "url(x)", "<base href=/q/>", "<script>", "<textarea>", "<svg>", "<template>",
    "<http://u/>", "<m@n.o>", "v", "w/x", "http:", "//", "#", "?", " ", "<select>", "<!DOCTYPE",
    "<meta http-equiv=refresh content='0; url=", "<i style='", "<![CDATA[", "<?", "ï»¿", "1. ",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=600, deadline=None)
@given(SOUP, st.sampled_from(PageKind))
def test_everything_stands_where_it_says(text, kind):
    assert breaks_the_law(text, links_of(text, kind, variables={"a": "/b"})) == []


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(PageKind), st.sampled_from([None, "https://a.example/"]))
def test_any_text_can_be_given(text, kind, url):
    assert breaks_the_law(text, links_of(text, kind, url)) == []


@settings(max_examples=200, deadline=None)
@given(st.binary(), st.sampled_from(PageKind))
def test_any_bytes_can_be_given(body, kind):
    links_of(decode(body, None).text, kind)


WORD = st.text("abcxyz0129./-_~%é🎥", min_size=1, max_size=12)
FRAMES = [
    "[t]({})", "![t]({})", "[t](<{}>)", "> - [t]({})", "- a\n\n\t[t]({} 'u')", "# [t]({}) #",
    "| a | [t]({}) |", "| a | b |\n|-|-|\n| \\| | [t]({}) |", "<a href='{}'>t</a>",
    '<div>\n\n<b\nx=y><img src="{}"></b>\n</div>', "> <a\n> href={}>t</a>", "[t]: {}\n\n[t]",
    "t\n*[t]({})*", "1. x\n   > <table><tr><td><a href={} >",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FRAMES), WORD)
def test_a_link_is_found_with_just_the_characters_that_were_written(frame, word):
    text = "Some words before.\n\n" + frame.format(word) + "\n"
    extracted = links_of(text, PageKind.MARKDOWN)
    assert [link.written for link in extracted.links] == [word]
    assert breaks_the_law(text, extracted) == []


@given(st.text("ab\r\n"))
def test_positions_and_what_is_written_agree(text):
    source = Source(text)
    lines = source.text.split("\n")
    for offset in range(len(source.text)):
        place = source.position(offset)
        start, line = source.line(place.line - 1)
        assert start + place.column - 1 == offset
        assert lines[place.line - 1] == line
        rest = source.written(offset, len(source.text))
        assert text.endswith(rest)
        assert Source(rest).text == source.text[offset:]
    assert source.line(len(lines)) == (len(source.text), "")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the course's pages are not on this machine")
class TestTheCourse:
    def test_every_page_obeys_the_law(self):
        paths = sorted((SHARED / "course-site").rglob("*.md"))
        assert len(paths) > 100
        for path in paths:
            text = path.read_bytes().decode("utf-8")
            extracted = links_of(text, PageKind.MARKDOWN, variables={"site.baseurl": "/b"})
            assert breaks_the_law(text, extracted) == [], path.name

    def test_the_user_s_page(self):
        text = (SHARED / "seeds" / "course-page.it.md").read_bytes().decode("utf-8")
        base = "https://atcold.github.io/pytorch-Deep-Learning/it/"
        variables = {"site.baseurl": "/pytorch-Deep-Learning"}
        extracted = links_of(text, PageKind.MARKDOWN, base, variables)
        assert len(extracted.links) == 114
        assert len({link.written for link in extracted.links}) == 111
        assert extracted.skipped == ()
        assert breaks_the_law(text, extracted) == []
        lost = [link.written for link in extracted.links if "/it/it/week" in link.url]
        assert lost == [
            "it/week06/06", "it/week06/06-2", "it/week07/07", "it/week08/08", "it/week09/09",
            "it/week10/10", "it/week11/11",
        ]  # fmt: skip
        (video,) = (link for link in extracted.links if link.written.endswith("FW5gFiJb-ig"))
        assert (video.occurrence.position.line, video.occurrence.position.column) == (87, 18)
        assert [text.partition(":")[0] for text in video.occurrence.context] == [
            "Lezioni", "Settimana", "Formato", "Titolo", "Risorse",
        ]  # fmt: skip
        assert video.occurrence.context[1].endswith("③")
        assert video.occurrence.context[3].endswith(" / CNN")

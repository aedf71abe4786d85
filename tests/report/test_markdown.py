import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from monitor.core.reasons import Reason
from monitor.report.markdown import LEAST, MOST, markdown
from monitor.report.markdown_escape import code, defused, escape
from monitor.report.wording import shown
from tests.report.build import Course, invalid, sample
from tests.report.strategies import NASTY, courses, texts, urls

# GitHub's own rules for text after it is rendered; see docs.github.com.
ACTIVE = re.compile(
    r"(?<![\w/])@[a-z0-9]|#\d|\bGH-\d|://|\bwww\.\w|:[a-z0-9_+-]+:"
    r"|\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b",
    re.IGNORECASE,
)


def parser() -> MarkdownIt:
    """Return a parser that reads what GitHub reads: HTML, tables, struck-out text."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def flat(tokens: list[Token]) -> list[Token]:
    return [t for token in tokens for t in (token, *flat(token.children or []))]


def kinds(text: str) -> set[str]:
    return {token.type for token in flat(parser().parse(text))}


def words(text: str) -> str:
    """Return what a reader sees, code left out: GitHub looks for nothing there."""
    return "\n".join(t.content for t in flat(parser().parse(text)) if t.type == "text")


PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@given(texts)
@example("\\")
@example("&copy;")
@example("1) a")
@example("+ a")
@example("=")
@example("    code")
def test_escaped_text_is_nothing_but_text(text: str) -> None:
    escaped = escape(text)
    tokens = flat(parser().parse(escaped))
    assert {t.type for t in tokens} <= PLAIN
    seen = "".join(t.content for t in tokens if t.type in {"text", "text_special"})
    assert seen.replace("\u200b", "") == shown(text)
    assert not ACTIVE.search(seen)


@given(texts)
def test_a_cell_keeps_its_table(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {escape(text)} | {code(text)} |\n"
    tokens = parser().parse(table)
    assert [t.type for t in tokens].count("td_open") == 2
    assert [t.type for t in tokens].count("tr_open") == 2


@given(texts)
def test_code_is_one_span_of_code(text: str) -> None:
    spanned = code(text)
    found = [t.type for t in flat(parser().parse(f"a {spanned} b")) if t.type == "code_inline"]
    assert len(found) == (1 if spanned else 0)
    assert kinds(f"a {spanned} b") <= {*PLAIN, "code_inline"}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("@octocat", "@\u200boctocat"),
        ("fixes #1", "fixes \\#\u200b1"),
        ("GH-12", "GH\u200b-12"),
        ("https://a.example", "https:\u200b//a.example"),
        ("www.a.example", "www\u200b.a.example"),
        ("a|b", "a&#124;b"),
        ("a:smile:", "a:\u200bsmile:"),
        ("a:smile", "a:\u200bsmile"),
        ("commit 0123456", "commit 012345\u200b6"),
        ("commit 0123456789", "commit 012345\u200b6789"),
        ("effaced in 2026", "effaced in 2026"),
        ("<b>", "&lt;b&gt;"),
        ("1. one", "1&#8203;. one"),
        ("1.", "1&#8203;."),
        ("0.5 s", "0.5 s"),
        ("- one", "\\- one"),
        ("Reti Neurali (NN)", "Reti Neurali \\(NN\\)"),
        ("Proprietà: a, b; 20–30 %", "Proprietà: a, b; 20–30 %"),
    ],
)
def test_what_would_act_is_broken_and_the_rest_stays_readable(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(texts)
def test_no_title_is_a_command_to_github_s_runner_wherever_it_is_printed(text: str) -> None:
    """It reads `##[name]` anywhere in a line, as in a log of what was written to the issues."""
    assert "##[" not in defused(f"{text}##[add-path]###[{text}")
    assert defused("##[debug]a") == "##\u200b[debug]a"


@settings(deadline=None, max_examples=60)
@given(courses())
def test_no_report_acts_on_its_readers(course: Course) -> None:
    text = markdown(course.report())
    tokens = flat(parser().parse(text))
    found = {t.type for t in tokens}
    assert not found & {"html_block", "html_inline", "image", "fence", "code_block", "blockquote"}
    for token in tokens:
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("http://", "https://"))
            assert "/issues/" not in str(token.attrs["href"])
    assert not ACTIVE.search(words(text))
    for table in re.findall(r"(?m)^\| .*$", text):
        assert len(re.findall(r"\|", table)) in {4, 5}


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(NASTY), urls)
def test_links_are_ours_alone(text: str, url: str) -> None:
    course = Course().link(url, Reason.GONE, text=text, detail=text)
    assert "link_open" not in kinds(markdown(course.report()))


def test_a_better_address_can_be_followed_except_to_a_thread() -> None:
    def links(instead: str) -> list[str]:
        course = Course().link("https://a.example/", Reason.MOVED, instead=instead)
        tokens = flat(parser().parse(markdown(course.report())))
        return [str(t.attrs["href"]) for t in tokens if t.type == "link_open"]

    assert links("https://b.example/?a=1&copy;=`|\\") == ["https://b.example/?a=1&copy;=%60%7C%5C"]
    assert links("https://github.com/mabel/deep/issues/5") == []
    assert links("javascript:alert(1)") == []
    assert links("https://b.example/" + "a" * 600) == []


def test_a_report_tells_verdict_changes_and_troubles_in_this_order() -> None:
    before = Course().link("https://a.example/")
    course = Course().link("https://a.example/", Reason.GONE, text="Notes", context=("Week 1",))
    text = markdown(course.report(previous=before))
    marks = [
        "1 is broken",
        "## What changed",
        "### Newly broken: 1",
        "- Notes (Works → Gone)",
        "## What needs you",
        "### Broken: Gone – a.example",
        "**What to do:** Link to a successor",
        "- **Notes**, line 10:5, in Week 1",
        "## Every resource",
        "## This run",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_an_invalid_run_says_so_and_nothing_else() -> None:
    text = markdown(invalid("no network").link("https://a.example/", Reason.GONE).report())
    assert "**No network, so nothing was counted.**" in text
    assert "Broken" not in text


@pytest.mark.parametrize("most", [LEAST, 8_000, 20_000, MOST, 1_000_000])
def test_a_long_report_leaves_out_whole_sections_and_says_so(most: int) -> None:
    report = sample(12).report()
    whole, text = markdown(report, 10_000_000), markdown(report, most)
    assert len(text) <= most
    lines = set(whole.splitlines())
    missing = [line for line in text.splitlines() if line not in lines]
    if len(whole) <= most:
        assert text == whole
    else:
        (note,) = missing
        assert note.startswith("*Left out to fit: ")
        assert note.endswith(" All of it is in the HTML report.*")
    assert report.headline in text


def test_what_is_broken_stays_longest() -> None:
    report = sample(12).report()
    text = markdown(report, 30_000)
    assert text.count("### Broken:") == sum(g.status == "broken" for g in report.needs)
    assert "the list of every resource" in text
    assert "## Every resource" not in text


@settings(deadline=None, max_examples=40)
@given(courses(), st.integers(0, 20_000))
def test_no_report_is_longer_than_asked(course: Course, most: int) -> None:
    assert len(markdown(course.report(), most)) <= max(most, LEAST)


def test_the_same_report_is_the_same_text() -> None:
    assert markdown(sample().report()) == markdown(sample().report())

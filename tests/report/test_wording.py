from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from monitor.core.model import Json, Url, Verdict
from monitor.core.reasons import Reason
from monitor.report.wording import (
    count,
    duration,
    facts,
    instant,
    iso,
    joined,
    label,
    says_something,
    shown,
    shown_url,
    trail,
)
from tests.report.build import Course
from tests.report.strategies import texts


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("  a\n\tb  ", "a b", id="white space is folded"),
        pytest.param("a\u202eb\u2066c", "abc", id="direction characters are dropped"),
        pytest.param("a\u200bb\ufeff", "ab", id="zero-width characters are dropped"),
        pytest.param("\x00a\x1b[31m\x9f", "a[31m", id="control characters are dropped"),
        pytest.param("a\u2028b", "a b", id="a line separator is a space"),
        pytest.param("\ud800a", "a", id="a lone surrogate is dropped"),
        pytest.param("e" + "\u0301" * 9, "e" + "\u0301" * 4, id="marks do not pile up"),
        pytest.param("a" * 30, "aaaaaaaaa…", id="a long text is cut"),
        pytest.param("Proprietà ②", "Proprietà…", id="letters of any script stay"),
    ],
)
def test_a_text_is_shown_harmless(text: str, seen: str) -> None:
    assert shown(text, 10) == seen


@given(texts)
def test_showing_twice_changes_nothing(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        pytest.param(
            "http://exa\u200bmple", "http://exa‹U+200B›mple", id="a hidden fault is named"
        ),
        pytest.param("http://a/\ud800", "http://a/‹U+D800›", id="a lone surrogate is named"),
        pytest.param("https://à.example/é", "https://à.example/é", id="letters stay"),
    ],
)
def test_an_address_hides_nothing(url: str, seen: str) -> None:
    assert shown_url(url) == seen


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Slides", True),
        ("②", True),
        ("PROPRIETÀ", True),
        ("ÃO", True),
        ("🎥", False),
        ("ğŸ¥", False),
        ("ğŸ–¥ï¸", False),
        ("ğŸ““", False),
        ("ð\x9f\x8e¥", False),
        ("→ …", False),
        ("", False),
    ],
)
def test_lost_bytes_and_symbols_say_nothing(text: str, says: bool) -> None:
    assert says_something(text) is says


@pytest.mark.parametrize(
    ("text", "given_facts", "expected"),
    [
        pytest.param("Lezione", {"title": "T"}, "Lezione", id="the text, if it says something"),
        pytest.param("ğŸ¥", {"title": "T\u202e"}, "video: T", id="else kind and title"),
        pytest.param("", {"name": "a.pdf"}, "video: a.pdf", id="or the name"),
        pytest.param("", {"title": "", "name": 7}, "youtube.example/v", id="else the address"),
    ],
)
def test_the_label_of_a_link(text: str, given_facts: dict[str, Json], expected: str) -> None:
    course = Course().link("https://youtube.example/v", text=text, facts=given_facts)
    (finding,) = course.findings()
    assert label(finding.links[0].link, finding.resource, finding.verdict) == expected


def test_a_blob_is_a_file_to_people() -> None:
    (finding,) = Course().link("https://github.com/m/d/blob/x/a.ipynb", name="a.ipynb").findings()
    assert label(finding.links[0].link, finding.resource, finding.verdict) == "file: a.ipynb"


def test_instants_are_told_in_utc() -> None:
    at = datetime(2026, 11, 24, 23, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    assert instant(at) == "24 November 2026, 21:30 UTC"
    assert iso(at) == "2026-11-24T21:30:05Z"
    assert iso(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "0.0 s"), (0.42, "0.4 s"), (48, "48 s"), (61, "1 min 01 s"), (4800, "1 h 20 min")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(timedelta(seconds=seconds)) == said


def test_numbers_with_nouns_and_lists() -> None:
    assert count(1, "link") == "1 link"
    assert count(1500, "link") == "1,500 links"
    assert count(2, "link was", "links were") == "2 links were"
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("size", 0, "0 bytes"),
        ("size", 1_234_567, "1.2 MB"),
        ("size", 5e15, "5,000.0 TB"),
        ("size", -1, "-1"),
        ("duration", 4800, "1 h 20 min"),
        ("stars", 12_345, "12,345"),
        ("status", 404, "404"),
        ("ratio", 0.5, "0.5"),
        ("embed_allowed", False, "no"),
        ("archived", True, "yes"),
        ("branch", "master\u202e", "master"),
        ("final_url", "https://a\u200b/", "https://a‹U+200B›/"),
        ("chain", ["https://a/", "https://b/"], "https://a/ → https://b/"),
    ],
)
def test_facts_for_people(key: str, value: Json, said: str) -> None:
    verdict = Verdict(reason=Reason.ALIVE, detail="", facts={"title": "left out", key: value})
    assert facts(verdict) == ((key.replace("_", " "), said),)


def test_what_is_empty_or_nested_is_no_fact_for_people() -> None:
    nested: Json = {"a": 1}
    odd = Verdict(reason=Reason.ALIVE, detail="", facts={"a": None, "b": nested, "": "c", "d": ""})
    assert facts(odd) == ()
    many = Verdict(reason=Reason.ALIVE, detail="", facts={str(n): n for n in range(20)})
    assert len(facts(many)) == 8


def test_an_address_without_title_is_its_own_name() -> None:
    (finding,) = Course().link("https://www.a.example/x/").findings()
    assert label(finding.links[0].link, finding.resource, finding.verdict) == "a.example/x"
    assert finding.resource.url == Url("https://www.a.example/x/")


def test_a_cell_of_mere_symbols_is_no_step_of_a_trail():
    context = ("Lectures", "Week: ①", "Materials: ğŸ¥ / 🖥", "Title: Ratio: 3", "→")
    assert trail(context) == ("Lectures", "Week: ①", "Title: Ratio: 3")

"""The feed against RFC 4287: its grammar in RELAX NG, and what its text asks for besides."""

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from monitor.core.incidents import IncidentTurn
from monitor.core.model import PageRecord, Resource, ResourceId, Url
from monitor.core.reasons import Reason
from monitor.report.feed import MOST_ENTRIES, feed
from monitor.report.past import Past
from monitor.report.report import Report
from tests.report.build import FINISHED, PAGE, STARTED, Course
from tests.report.lived import incident, lived, member, report_of, turn
from tests.report.strategies import lived_courses, texts

ATOM = "{http://www.w3.org/2005/Atom}"


@lru_cache(maxsize=1)
def grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("schemas") / "atom.rng"))


def read(report: Report) -> etree._Element:
    root = etree.fromstring(feed(report).encode("utf-8", "strict"))
    grammar().assertValid(root)
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)), "RFC 4287, 4.2.6: an id is of one entry alone"
    assert all(re.fullmatch(r"tag:linkwell\.invalid,2026:[a-z]+/[0-9a-f]{32}", id_) for id_ in ids)
    for element in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
        assert datetime.fromisoformat(element.text).tzinfo is not None
    return root


def told(*turns: IncidentTurn, sentence: str = "It happened.", name: str = "a.example") -> Past:
    one = incident(name)
    story = tuple(turn(one, kind, 10 - n, sentence) for n, kind in enumerate(turns))
    return Past(until=FINISHED.date(), incidents=(one,), stories={one.id: story})


def with_past(past: Past, course: Course | None = None) -> Report:
    return report_of(course or Course(), past)


def test_each_transition_is_an_entry_the_newest_first() -> None:
    root = read(with_past(told(IncidentTurn.OPENED, IncidentTurn.WORSENED, IncidentTurn.CLOSED)))
    entries = [
        (e.findtext(f"{ATOM}title"), e.findtext(f"{ATOM}updated"), e.findtext(f"{ATOM}content"))
        for e in root.iter(f"{ATOM}entry")
    ]
    assert entries == [
        ("Closed: a.example", "2026-03-06T06:30:48Z", "It happened."),
        ("Worse: a.example", "2026-03-05T06:30:48Z", "It happened."),
        ("Opened: a.example", "2026-03-04T06:30:48Z", "It happened."),
    ]
    assert root.findtext(f"{ATOM}updated") == "2026-03-06T06:30:48Z"
    assert root.findtext(f"{ATOM}title") == f"What happens to the links of {PAGE}"


def test_without_news_the_feed_is_empty_and_sound() -> None:
    for report in (
        Course().report(),
        with_past(Past(until=FINISHED.date())),
        Course(pages=()).report(),
    ):
        assert not list(read(report).iter(f"{ATOM}entry"))


def test_an_entry_stays_as_it_is_when_more_happens() -> None:
    def entry(past: Past) -> bytes:
        root = read(with_past(past))
        first = list(root.iter(f"{ATOM}entry"))[-1]
        first.tail = None
        return etree.tostring(first)

    opened = told(IncidentTurn.OPENED)
    worse = told(IncidentTurn.OPENED, IncidentTurn.WORSENED)
    worse = replace(worse, incidents=(replace(worse.incidents[0], reason=Reason.GONE),))
    assert entry(opened) == entry(worse)


def test_the_feed_is_named_after_what_is_watched_and_not_after_the_run() -> None:
    def named(*pages: tuple[str, str]) -> str:
        read_ = tuple(PageRecord(name=n, url=None, read_at=STARTED, source=s) for n, s in pages)
        return read(Course(pages=read_).report()).findtext(f"{ATOM}id")

    assert named(("a", "course"), ("b", "course")) == named(("b", "course"))
    assert named(("a", "")) != named(("b", ""))
    assert named(("a", ""), ("b", "")) == named(("b", ""), ("a", ""))


@pytest.mark.parametrize(
    ("url", "related"),
    [
        pytest.param("https://a.example/x", ["https://a.example/x"], id="an address on the web"),
        pytest.param("javascript:alert(1)", [], id="nothing that acts"),
    ],
)
def test_an_incident_of_one_resource_leads_to_it(url: str, related: list[str]) -> None:
    (finding,) = Course().link("https://a.example/x").findings()
    resource = Resource(id=ResourceId("r"), provider="web", kind="page", url=Url(url))
    past = told(IncidentTurn.OPENED)
    one = replace(past.incidents[0], members=(replace(member(finding, 3), resource=resource),))
    root = read(with_past(replace(past, incidents=(one,))))
    links = [link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") == "related"]
    assert links == related


def test_a_long_story_ends_somewhere() -> None:
    one = incident()
    story = tuple(turn(one, IncidentTurn.WORSENED, n, "Worse.") for n in range(MOST_ENTRIES + 50))
    past = Past(until=FINISHED.date(), incidents=(one,), stories={one.id: story})
    assert len(list(read(with_past(past)).iter(f"{ATOM}entry"))) == MOST_ENTRIES


def test_an_entry_leads_to_its_place_in_the_report() -> None:
    from monitor.report.html import html

    report = report_of(course := Course().link("https://a.example/"), told(IncidentTurn.OPENED))
    (entry,) = read(report).iter(f"{ATOM}entry")
    target = entry.find(f"{ATOM}link").get("href")
    assert target.startswith("index.html#i-")
    assert f'id="{target.partition("#")[2]}"' in html(report)
    assert course.references


@given(texts, texts)
def test_whatever_a_sentence_holds_the_feed_is_sound(sentence: str, name: str) -> None:
    root = read(with_past(told(IncidentTurn.OPENED, sentence=sentence, name=name)))
    assert {element.tag for element in root.iter()} <= {
        ATOM + name
        for name in (
            *("feed", "id", "title", "updated", "generator", "author", "name", "link"),
            *("entry", "published", "category", "content"),
        )
    }


@settings(deadline=None, max_examples=40)
@given(lived_courses())
def test_whatever_a_page_holds_the_feed_is_sound(pair: tuple[Course, Past]) -> None:
    report = report_of(*pair)
    read(report)
    assert feed(report) == feed(report_of(*pair))


def test_a_report_of_everything_is_sound() -> None:
    from tests.report.build import sample

    course = sample()
    assert len(list(read(report_of(course, lived(course))).iter(f"{ATOM}entry"))) == 5

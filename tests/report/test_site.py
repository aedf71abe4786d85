"""A site of plain files: what is in it, that its links lead somewhere, that it loads nothing."""

import posixpath
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from lxml import html as lxml_html

from monitor.core.model import Run, RunId
from monitor.core.reasons import Reason, Status
from monitor.core.states import Transition, Turn
from monitor.report.html import html
from monitor.report.render import EVERYDAY, FORMATS
from monitor.report.site import REPORT, TURN_WORDS, reported, site
from tests.report.build import FINISHED, STARTED, Course, sample
from tests.report.lived import lived, nights, past_of, report_of
from tests.report.strategies import NASTY, lived_courses

RUNS = (
    Run(id=RunId("r1"), started_at=STARTED, finished_at=FINISHED),
    Run(id=RunId("r0"), started_at=STARTED - timedelta(days=1)),
    Run(
        id=RunId("r-1"),
        started_at=STARTED - timedelta(days=2),
        finished_at=FINISHED - timedelta(days=2),
        invalid_reason="no network <b>",
    ),
)
TALLIES = {RunId("r1"): {Status.BROKEN: 3, Status.OK: 1200}}


def built(course: Course, past=None, runs=RUNS, turns=()) -> dict[str, str]:
    days = nights((80, Reason.ALIVE), (10, Reason.GONE))
    report = report_of(course, past or past_of(course.findings(), lambda _: days))
    return site(report, runs, TALLIES, lambda _: turns)


def test_there_is_an_index_and_a_page_for_each_resource():
    course = sample()
    files = built(course)

    resources = [name for name in files if name.startswith("r/")]
    assert len(resources) == len(course.resources)
    assert all(re.fullmatch(r"r/[0-9a-f]{12}\.html", name) for name in resources)
    assert set(files) - set(resources) == {"index.html", "style.css", ".nojekyll"}


def test_every_link_within_the_site_is_relative_and_leads_somewhere():
    course = sample()
    report = report_of(course, lived(course))
    files = {**built(course, lived(course)), f"{REPORT}/index.html": html(report)}
    files |= {f"{REPORT}/{file}": "" for name in EVERYDAY for file in FORMATS[name]} | files
    assert report.stories
    for name, text in files.items():
        if not name.endswith(".html"):
            continue
        page = lxml_html.document_fromstring(text)
        for element in page.iter("a", "link", "img", "script"):
            target = urlsplit(element.get("href") or element.get("src") or "")
            if element.tag == "a" and target.scheme in {"http", "https"}:
                continue  # to a resource itself
            assert target.scheme in {"", "data"}, (name, target)
            if target.scheme == "data" or not (target.path or target.fragment):
                continue
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.path))
            there = files[file if target.path else name]
            if target.fragment and there:
                assert f'id="{target.fragment}"' in there, (name, target)


def test_the_index_lists_the_runs_the_newest_first_and_says_which_do_not_count():
    page = lxml_html.document_fromstring(built(sample())["index.html"])

    rows = page.xpath("//section[@id='runs']//tbody/tr")
    told = [" ".join(" ".join(row.itertext()).split()) for row in rows]
    assert told == [
        "14 March 2026, 06:30 UTC 3 broken 1,200 working 48 s",
        "13 March 2026, 06:30 UTC not finished, or killed",
        "12 March 2026, 06:30 UTC does not count: no network <b> 48 s",
    ]


def a_run(name: str, **more) -> Run:
    ended = {"finished_at": FINISHED, "sources": ("course",)}
    return Run(id=RunId(name), started_at=STARTED, **{**ended, **more})


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([a_run("b"), a_run("a")], "b", id="the newest"),
        pytest.param([a_run("b", invalid_reason="no network"), a_run("a")], "a", id="that counts"),
        pytest.param([a_run("b", finished_at=None), a_run("a")], "a", id="and came to its end"),
        pytest.param([a_run("b", sources=()), a_run("a")], "a", id="and read the sources whole"),
        pytest.param(
            [
                a_run("c", invalid_reason="no network"),
                a_run("b", sources=()),
                a_run("a", sources=()),
            ],
            "b",
            id="without a configuration the newest that counts",
        ),
        pytest.param(
            [a_run("b", invalid_reason="no network"), a_run("a", finished_at=None)],
            "b",
            id="where none counts the newest",
        ),
    ],
)
def test_of_which_run_the_report_is(runs, expected):
    newest = reported(runs)
    assert newest is not None
    assert newest.id == expected


def test_without_runs_there_is_none_to_report():
    assert reported([]) is None


def test_of_many_runs_the_older_ones_are_folded():
    runs = [
        Run(id=RunId(f"r{n}"), started_at=STARTED - timedelta(days=n), finished_at=FINISHED)
        for n in range(400)
    ]
    page = lxml_html.document_fromstring(built(Course(), runs=runs)["index.html"])

    assert len(page.xpath("//section[@id='runs']/table//tbody/tr")) == 14
    assert page.xpath("string(//summary)") == "386 older runs"


def test_a_resource_s_page_tells_its_story_newest_first_and_its_days():
    course = Course().link("https://a.example/", Reason.GONE, text="Slides", detail="It is gone.")
    turns = (
        Transition(turn=Turn.SUSPECTED, at=FINISHED - timedelta(days=2), reason=Reason.GONE),
        Transition(turn=Turn.CONFIRMED, at=FINISHED - timedelta(days=1), reason=Reason.GONE),
    )
    files = built(course, turns=turns)
    (name,) = [name for name in files if name.startswith("r/")]
    page = lxml_html.document_fromstring(files[name])

    story = [" ".join(li.text_content().split()) for li in page.xpath("//ol/li")]
    assert story == [
        "13 March 2026, 06:30 UTC Confirmed broken Gone",
        "12 March 2026, 06:30 UTC Failed for the first time Gone",
    ]
    days = page.xpath("//section[@aria-labelledby='h-days']//tbody/tr")
    assert [" ".join(" ".join(row.itertext()).split()) for row in days] == [
        "5 March 2026 to 14 March 2026 1 × broken",
        "15 December 2025 to 4 March 2026 1 × working",
    ]
    assert "Slides" in page.text_content()


def test_every_turn_has_words():
    assert set(TURN_WORDS) == set(Turn)


def test_without_a_past_or_links_it_is_a_site_all_the_same():
    files = site(Course().report(), RUNS, {}, lambda _: ())
    assert "There is none." in files["index.html"]


def test_without_a_past_a_resource_has_a_page_without_days():
    report = Course().link("https://a.example/").report()
    (page,) = (text for name, text in site(report, RUNS, {}, lambda _: ()).items() if "r/" in name)
    assert "Its days" not in page


@pytest.mark.parametrize("text", [pytest.param(t, id=str(n)) for n, t in enumerate(NASTY)])
def test_whatever_a_page_says_is_text(text):
    course = Course().link("https://a.example/", Reason.GONE, text=text, detail=text, title=text)
    for name, page in built(course).items():
        if name.endswith(".html"):
            assert not lxml_html.document_fromstring(page).xpath("//script | //img | //@onerror")
            assert "default-src 'none'; style-src 'self'" in page


@given(lived_courses())
@settings(max_examples=30, deadline=None)
def test_whatever_a_page_holds_there_is_a_site(pair):
    course, past = pair
    for name, page in built(course, past).items():
        if name.endswith(".html"):
            assert not lxml_html.document_fromstring(page).xpath("//script | //img")


def test_the_same_report_makes_the_same_bytes():
    assert built(sample()) == built(sample())

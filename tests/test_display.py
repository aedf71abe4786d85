"""What a person sees on the terminal."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from monitor.check import Progress
from monitor.core.identify import link_to
from monitor.core.model import (
    ExchangeId,
    Observation,
    PageRecord,
    Resource,
    ResourceId,
    Run,
    RunId,
    Suggestion,
    Url,
    Verdict,
)
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Response
from monitor.core.provider import Answer, Checked, Document
from monitor.core.reasons import Reason
from monitor.display import Display, console_for, explain_url, summarise
from monitor.explain import Account
from monitor.gather import PageLinks
from tests.report.build import Course
from tests.report.lived import nights, past_of, report_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = Url("https://a.example/\x1b[31mred")
PAGE = Resource(id=ResourceId("web:https://a.example/"), provider="web", kind="page", url=URL)


def drawn(*, terminal: bool, act) -> str:
    """Return what a display writes while something is done with it."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120, color_system=None)
    with Display(console) as display:
        act(display)
        if display._live is not None:
            display._live.refresh()
    return out.getvalue()


def observation(reason: Reason) -> Observation:
    verdict = Verdict(reason=reason, detail="It answered 404.")
    return Observation(resource=PAGE, verdict=verdict, at=NOON)


def page(*, read: bool = True) -> PageLinks:
    record = PageRecord(name="page.md", url=None, read_at=NOON, notes=("It is empty.",), read=read)
    return PageLinks(page=record, references=(), resources=(), skipped=())


def test_elsewhere_than_on_a_terminal_lines_are_plain():
    def act(display: Display) -> None:
        display.page_read(page())
        display.page_read(page(read=False))
        display.checked(observation(Reason.NOT_FOUND))
        display.checked(observation(Reason.ALIVE))
        display.issues_written("meadow/[b]course", 1)

    assert drawn(terminal=False, act=act).splitlines() == [
        "page.md: 0 links (It is empty.)",
        "page.md: It is empty.",
        "https://a.example/[31mred: It answered 404.",
        "Issues of meadow/[b]course: 1 change written.",
    ]


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        pytest.param(
            Progress(done=0, total=9, broken=0, asking=()),
            "0 of 9 checked",
            id="nothing is done yet, so no time can be told",
        ),
        pytest.param(
            Progress(done=3, total=9, broken=2, asking=("a.example", "b.example", "c.example")),
            "3 of 9 checked · 2 broken so far · waiting for a.example, b.example and 1 more · ab",
            id="in the middle of it",
        ),
        pytest.param(
            Progress(done=9, total=9, broken=0, asking=()), "9 of 9 checked", id="at the end"
        ),
    ],
)
def test_on_a_terminal_a_live_line_tells_how_far_it_is(progress, line):
    shown = drawn(terminal=True, act=lambda display: display.checking(lambda: progress))

    assert line in shown


def test_before_the_check_begins_pages_are_read():
    assert "Reading …" in drawn(terminal=True, act=lambda _: None)


def test_a_long_run_says_now_and_then_how_far_it_is():
    def act(display: Display) -> None:
        display.checking(lambda: Progress(done=1, total=2, broken=0, asking=()))
        display._said -= 60
        display.checked(observation(Reason.ALIVE))
        display.checked(observation(Reason.ALIVE))

    assert drawn(terminal=False, act=act).count("1 of 2 checked") == 1


def test_the_console_is_the_error_output_where_the_other_is_for_programs():
    assert console_for(to_error=True).stderr
    assert not console_for(to_error=False).stderr


def test_an_explanation_tells_answers_failures_repairs_and_history():
    hop = Hop(status=301, url=URL, location=URL)
    heard = Response(status=404, url=URL, headers={})
    silent = Failure(kind=FailureKind.TIMEOUT, detail="no answer in 20 s")
    exchanges = [
        Exchange(
            id=ExchangeId(str(n)),
            method="GET",
            url=URL,
            at=NOON,
            elapsed=timedelta(milliseconds=20),
            said=said,
            hops=(hop,),
        )
        for n, said in enumerate((heard, silent))
    ]
    answers = (
        Answer(probe="head", at=NOON, said=silent),
        Answer(probe="get", at=NOON, said=Document(status=404, url=URL)),
    )
    instead = Suggestion(url=Url("https://b.example/"), why="It moved.", confidence=0.9)
    verdict = Verdict(
        reason=Reason.NOT_FOUND, detail="It answered 404.", instead=instead, facts={"status": 404}
    )
    own = Observation(resource=PAGE, verdict=verdict, at=NOON)
    step = Checked(observation=own, answers=answers, exchanges=tuple(exchanges))
    account = Account(link=link_to(URL), resource=PAGE, steps=(step,), verdict=verdict)
    past = [(Run(id=RunId("r"), started_at=NOON), observation(Reason.ALIVE))]
    out = io.StringIO()

    explain_url(Console(file=out, width=200), account, past)

    text = out.getvalue()
    for part in (
        "asked by “head”: no answer (timeout): no answer in 20 s",
        "404 after 1 redirect (20 ms)",
        "timeout (20 ms)",
        "✗ broken, not found: It answered 404.",
        "Instead: https://b.example/ (It moved.)",
        "status: 404",
        "2026-03-01 12:00: ok, works: It answered 404.",
    ):
        assert part in text
    assert "\x1b" not in text


def summarised(report, most: int = 15) -> list[str]:
    out = io.StringIO()
    summarise(Console(file=out, width=200), report, [Path("report.html")], most)
    return out.getvalue().splitlines()[1:]


def test_a_summary_tells_what_is_so_now_and_how_it_stands_over_time():
    course = (
        Course()
        .link("https://a.example/moved", Reason.MOVED)
        .link("https://b.example/new", Reason.NOT_FOUND)
        .link("https://c.example/old", Reason.NOT_FOUND)
        .link("https://d.example/silent", Reason.NOT_ANSWERING)
    )
    lives = {
        "a": nights((90, Reason.MOVED)),
        "b": nights((89, Reason.ALIVE), (1, Reason.NOT_FOUND)),
        "c": nights((80, Reason.ALIVE), (10, Reason.NOT_FOUND)),
        "d": nights((80, Reason.ALIVE), (10, Reason.NOT_ANSWERING)),
    }
    past = past_of(course.findings(), lambda finding: lives[finding.resource.url[8]])
    assert summarised(report_of(course, past))[1:] == [
        "✗ Not found: c.example/old  line 12 · confirmed broken since 5 March 2026",
        "? Not answering now: d.example  line 13 · confirmed broken since 5 March 2026",
        (
            "✗ Not found: b.example/new  line 11 · fails now; confirmed after the next check,"
            " at the earliest tomorrow 02:30 UTC"
        ),
        "! Moved: a.example  line 10",
        "Report: report.html",
    ]


def test_a_summary_without_a_past_speaks_of_now():
    course = Course().link("https://a.example/x", Reason.NOT_FOUND)
    course.link("https://b.example/x", Reason.MOVED)
    assert summarised(course.report(), most=1) == [
        "✗ Of the 2 resources that your page links to, 1 is broken and 1 needs attention.",
        "✗ Not found: a.example/x  line 10",
        "… and 1 more in the report.",
        "Report: report.html",
    ]

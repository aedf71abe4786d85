import dataclasses
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings

from monitor.core.model import PageRecord, Run, RunId, Url
from monitor.core.reasons import Reason, Status
from monitor.report.report import build
from tests.report.build import FINISHED, PAGE, PROVIDERS, STARTED, Course, invalid, sample
from tests.report.strategies import courses

A, B, C, D = (f"https://{name}.example/" for name in "abcd")


@pytest.mark.parametrize(
    ("course", "headline", "status"),
    [
        pytest.param(
            Course().link(A).link(B),
            "All is well: of the 2 resources that your page links to, every one works.",
            Status.OK,
            id="all is well",
        ),
        pytest.param(
            Course().link(A),
            "All is well: of the 1 resource that your page links to, it works.",
            Status.OK,
            id="the one link works",
        ),
        pytest.param(
            Course().link(A, Reason.GONE).link(B, Reason.MOVED).link(C, Reason.BLOCKED).link(D),
            "Of the 4 resources that your page links to, 1 is broken, 1 needs attention and"
            " 1 could not be checked.",
            Status.BROKEN,
            id="some of everything",
        ),
        pytest.param(
            Course().link(A, Reason.MOVED).link(B, Reason.MOVED),
            "Of the 2 resources that your page links to, 2 need attention.",
            Status.WARNING,
            id="nothing but warnings",
        ),
        pytest.param(
            Course().link(A, None),
            "Of the 1 resource that your page links to, 1 could not be checked.",
            Status.UNKNOWN,
            id="nothing could be checked",
        ),
        pytest.param(Course(), "Your page holds no links to check.", Status.OK, id="no links"),
        pytest.param(
            Course(pages=()), "No page was read, so nothing was checked.", Status.OK, id="no page"
        ),
        pytest.param(
            invalid().link(A, Reason.GONE),
            "No network: only 0 of 3 well-known addresses answered, so nothing was counted.",
            None,
            id="a run that does not count says so first",
        ),
        pytest.param(
            invalid("no network, so nothing was counted"),
            "No network, so nothing was counted.",
            None,
            id="and does not say it twice",
        ),
    ],
)
def test_the_headline(course: Course, headline: str, status: Status | None) -> None:
    report = course.report()
    assert (report.headline, report.status) == (headline, status)


def test_several_pages_are_spoken_of_as_such() -> None:
    pages = tuple(PageRecord(name=n, url=None, read_at=STARTED) for n in ("a.md", "b.md"))
    assert Course(pages=pages).report().headline == "Your pages hold no links to check."
    assert "your pages link to" in Course(pages=pages).link(A).report().headline


def test_a_resource_counts_as_the_readers_of_the_page_meet_it() -> None:
    report = Course().link(A).link(f"{A}#missing").link(f"{B}#missing").report()
    assert (report.summary.links, report.summary.resources) == (3, 2)
    assert (report.summary.ok, report.summary.warning) == (0, 2)


def test_in_a_run_that_does_not_count_nothing_is_claimed() -> None:
    course = invalid().link(A, Reason.GONE).link(B, Reason.MOVED).link(C).link(D, Reason.BLOCKED)
    report = course.report(previous=Course().link(A))
    reasons = [finding.verdict.reason for finding in report.found]
    assert reasons == [Reason.OWN_NETWORK] * 3 + [Reason.BLOCKED]
    assert all(
        found.verdict.status is Status.UNKNOWN
        for finding in report.found
        for found in finding.links
    )
    assert (report.needs, report.changed) == ((), None)
    assert report.summary.broken == report.summary.warning == report.summary.ok == 0
    assert report.compared == (
        "Nothing was counted, so nothing can have changed."
        " The last run that counts is of 14 March 2026, 06:30 UTC."
    )


def test_the_first_run_has_nothing_to_be_compared_with() -> None:
    report = Course().link(A).report()
    assert report.changed is None
    assert report.compared.startswith("This is the first run that counts")


def test_a_later_run_names_the_run_it_is_compared_with() -> None:
    before = Course(run=Run(id=RunId("r0"), started_at=STARTED - timedelta(days=1))).link(A)
    report = Course().link(A).report(previous=before)
    assert report.changed == ()
    assert report.compared == "Compared with the run of 13 March 2026, 06:30 UTC."


@pytest.mark.parametrize(
    ("course", "says"),
    [
        pytest.param(Course().link(A), (), id="a good run has nothing to say"),
        pytest.param(
            invalid("no network."), ("This run does not count: no network.",), id="an invalid run"
        ),
        pytest.param(
            Course(run=Run(id=RunId("r"), started_at=STARTED)),
            ("This run has not finished, or was killed: only what it had done is here.",),
            id="a killed run",
        ),
        pytest.param(
            Course(
                run=Run(id=RunId("r"), started_at=STARTED, finished_at=FINISHED, stopped=True)
            ).link(A, None),
            (
                "The run was stopped early; what it had finished counts.",
                "1 resource was not asked.",
            ),
            id="a run that was stopped",
        ),
        pytest.param(
            Course(
                run=Run(
                    id=RunId("r"),
                    started_at=STARTED,
                    finished_at=FINISHED,
                    trusted_until=STARTED,
                )
            ),
            (
                (
                    "Our own network was lost after 14 March 2026, 06:30 UTC;"
                    " what was observed later does not count."
                ),
            ),
            id="a run that lost its network",
        ),
        pytest.param(
            Course().link(A, Reason.OWN_QUOTA).link(B, Reason.OWN_CREDENTIAL),
            ("2 resources could not be checked for want of a key or quota of ours.",),
            id="a run without its keys",
        ),
    ],
)
def test_the_health_of_the_run(course: Course, says: tuple[str, ...]) -> None:
    assert course.report().health == says


def test_how_long_it_took() -> None:
    assert Course().report().took == timedelta(seconds=48)
    killed = Course(run=Run(id=RunId("r"), started_at=STARTED)).report()
    assert (killed.took, killed.checked_at) == (None, STARTED)


def test_the_order_is_the_page_s_whatever_the_record_s() -> None:
    course = sample()
    expected = course.report()
    shuffled = dataclasses.replace(
        course.record(),
        references=tuple(random.Random(7).sample(course.references, len(course.references))),
        skipped=tuple(reversed(course.skipped)),
    )
    from monitor.core.findings import findings

    assert build(shuffled, findings(shuffled, PROVIDERS), None, None) == expected


def test_pages_that_the_run_does_not_name_come_last() -> None:
    report = Course().link(A, page="zzz.md").link(B, page=PAGE).report()
    assert [finding.resource.url for finding in report.found] == [Url(B), Url(A)]


@settings(deadline=None, max_examples=60)
@given(courses())
def test_every_trouble_is_told_once_and_nothing_else_is(course: Course) -> None:
    report = course.report()
    told = [
        place.link
        for group in (*report.needs, *report.unknowns)
        for member in group.members
        for place in member.places
    ]
    troubled = [
        found.link
        for finding in report.found
        for found in finding.links
        if found.verdict.status is not Status.OK
    ]
    assert sorted(map(repr, told)) == sorted(map(repr, troubled))
    s = report.summary
    assert s.ok + s.warning + s.broken + s.unknown == s.resources == len(report.found)

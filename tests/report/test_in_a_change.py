"""A pull request fails for what it adds or touches; old rot never stands in its way."""

from dataclasses import replace

import pytest

from monitor.core.exits import Exit, FailOn
from monitor.core.reasons import Reason
from monitor.report.exits import exit_of
from monitor.report.html import html
from monitor.report.markdown import markdown
from tests.report.build import Course, invalid
from tests.report.in_checkout import located
from tests.report.lived import nights, past_of, report_of

URL = "https://a.example/"


def page() -> Course:
    """Return a page with ten old broken links, from line 10 on, and three more links."""
    made = Course()
    for n in range(10):
        made.link(f"https://old.example/{n}", Reason.GONE)
    return (
        made.link("https://new.example/broken", Reason.NOT_FOUND)
        .link("https://new.example/fine")
        .link("https://new.example/moved", Reason.MOVED)
    )


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        pytest.param((), Exit.WELL, id="nothing: ten old ones do not matter"),
        pytest.param((21, 22), Exit.WELL, id="a good link, and one with a warning"),
        pytest.param((20,), Exit.BROKEN, id="one new broken link"),
        pytest.param((10,), Exit.BROKEN, id="the line of an old one"),
    ],
)
def test_what_fails(touched, expected):
    assert exit_of(located(page().report(), *touched)) is expected


def test_without_a_change_asked_about_old_rot_fails_as_ever():
    assert exit_of(located(page().report(), asked=False)) is Exit.BROKEN


def test_a_new_good_link_to_a_resource_that_an_old_link_misses_a_part_of_does_not_fail():
    """The worst of a resource's links is the old one's; the new one has a verdict of its own."""
    made = Course().link("https://youtube.example/v#missing").link("https://youtube.example/v")
    made.link("https://z.example/", Reason.GONE)
    assert exit_of(located(made.report(), 11)) is Exit.WELL


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        pytest.param((20,), Exit.BROKEN, id="it is new in the change, and in this run"),
        pytest.param((), Exit.WELL, id="it is new in this run alone"),
    ],
)
def test_what_is_new_since_the_last_run_has_to_be_of_the_change_too(touched, expected):
    before = Course()
    for n in range(10):
        before.link(f"https://old.example/{n}", Reason.GONE)
    assert exit_of(located(page().report(before), *touched), FailOn.NEW) is expected


@pytest.mark.parametrize(
    ("touched", "expected"), [((10,), Exit.BROKEN), ((), Exit.WELL)], ids=["touched", "not touched"]
)
def test_a_link_to_what_is_confirmed_broken_fails_where_that_is_asked_for(touched, expected):
    made = Course().link(URL)
    recovering = nights((85, Reason.ALIVE), (4, Reason.GONE), (1, Reason.ALIVE))
    past = past_of(made.findings(), lambda _: recovering)
    report = located(report_of(made, past), *touched)
    assert exit_of(report, FailOn.CONFIRMED) is expected
    assert exit_of(report) is Exit.WELL


def test_never_is_never():
    assert exit_of(located(page().report(), 20), FailOn.NEVER) is Exit.WELL


def test_a_run_that_does_not_count_or_ended_early_says_nothing_of_the_change():
    assert exit_of(located(invalid().link(URL, Reason.GONE).report(), 10)) is Exit.INVALID
    made = page()
    made.run = replace(made.run, stopped=True)
    assert exit_of(located(made.report())) is Exit.INVALID


@pytest.mark.parametrize(
    ("write", "times"),
    [
        pytest.param(html, 2, id="HTML: with its trouble, and among all"),
        pytest.param(markdown, 1, id="Markdown: with its trouble"),
    ],
)
def test_reports_mark_what_is_new_and_only_that(write, times):
    report = located(page().report(), 20)
    assert write(report).count("new in this change") == times
    assert "new in this change" not in write(page().report())

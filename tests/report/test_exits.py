"""What the exit code of a check tells."""

from dataclasses import replace

import pytest

from monitor.core.exits import Exit, FailOn
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason
from monitor.report.exits import exit_of
from monitor.report.past import Past
from monitor.report.report import Report
from tests.report.build import FINISHED, Course, invalid
from tests.report.lived import mute, nights, past_of, report_of

URL = "https://a.example/"
ALIVE, GONE, SILENT = Reason.ALIVE, Reason.NOT_FOUND, Reason.NOT_ANSWERING

HEALTHY = nights((90, ALIVE))
SUSPECT = nights((89, ALIVE), (1, GONE))
SILENT_SUSPECT = nights((89, ALIVE), (1, SILENT))
CONFIRMED = nights((87, ALIVE), (3, GONE))
SILENT_FOR_LONG = nights((80, ALIVE), (10, SILENT))
RECOVERING = nights((85, ALIVE), (4, GONE), (1, ALIVE))
FLAPPING = nights((82, ALIVE), *[(1, GONE), (1, ALIVE)] * 4)


def reported(seen, before: Reason | None = ALIVE) -> Report:
    """Return the report of a page with one link, as it was met night after night."""
    course = Course().link(URL, seen[0])
    previous = Course().link(URL, before) if before is not None else None
    return report_of(course, past_of(course.findings(), lambda _: seen), previous)


@pytest.mark.parametrize(
    ("seen", "fails"),
    [
        pytest.param(HEALTHY, "", id="it works"),
        pytest.param(SUSPECT, "broken-now suspect new", id="it fails for the first time"),
        pytest.param(SILENT_SUSPECT, "suspect", id="no answer is not broken, but suspect"),
        pytest.param(CONFIRMED, "broken-now suspect confirmed new", id="it is broken for long"),
        pytest.param(SILENT_FOR_LONG, "suspect confirmed", id="it has not answered for long"),
        pytest.param(RECOVERING, "suspect confirmed", id="it works again, but not surely yet"),
        pytest.param(FLAPPING, "suspect confirmed", id="it comes and goes, and works now"),
    ],
)
def test_what_fails(seen, fails):
    found = reported(seen)
    said = {fail_on: exit_of(found, fail_on) for fail_on in FailOn}
    assert {each.value for each, code in said.items() if code is Exit.BROKEN} == set(fails.split())
    assert {code for code in said.values() if code is not Exit.BROKEN} == {Exit.WELL}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(ALIVE, Exit.BROKEN, id="it worked"),
        pytest.param(SILENT, Exit.BROKEN, id="it did not answer"),
        pytest.param(GONE, Exit.WELL, id="it was broken as well"),
        pytest.param(Reason.DELETED, Exit.WELL, id="it was broken in another way"),
        pytest.param(Reason.OWN_QUOTA, Exit.WELL, id="it was not asked, by our own fault"),
        pytest.param(None, Exit.BROKEN, id="there is no run to compare with"),
    ],
)
def test_new_is_what_was_not_broken_in_the_last_run_that_counts(before, expected):
    assert exit_of(reported(CONFIRMED, before), FailOn.NEW) is expected


def test_a_new_link_that_is_broken_is_new():
    course = Course().link(URL, GONE)
    found = course.report(Course().link("https://b.example/"))
    assert exit_of(found, FailOn.NEW) is Exit.BROKEN


def test_what_is_broken_now_is_asked_for_unless_something_else_is():
    assert exit_of(reported(SUSPECT)) is Exit.BROKEN


@pytest.mark.parametrize("fail_on", list(FailOn))
def test_what_is_muted_does_not_count(fail_on):
    course = Course().link(URL, GONE)
    id_ = ResourceId(f"web:{URL}")
    past = past_of(course.findings(), lambda _: CONFIRMED, muted={id_: mute(URL)})
    assert exit_of(report_of(course, past), fail_on) is Exit.WELL


@pytest.mark.parametrize("fail_on", list(FailOn))
def test_a_run_that_is_not_to_be_believed_is_neither(fail_on):
    assert exit_of(invalid().link(URL, GONE).report(), fail_on) is Exit.INVALID


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        pytest.param(ALIVE, Exit.INVALID, id="nothing was broken so far"),
        pytest.param(GONE, Exit.BROKEN, id="something was broken already"),
    ],
)
def test_a_run_that_ended_early_cannot_say_that_all_is_well(reason, expected):
    course = Course().link(URL, reason)
    course.run = replace(course.run, stopped=True)
    assert exit_of(course.report()) is expected
    assert exit_of(course.report(), FailOn.NEVER) is Exit.INVALID


@pytest.mark.parametrize("fail_on", [FailOn.SUSPECT, FailOn.CONFIRMED])
def test_of_what_nothing_is_known_over_time_is_no_suspect(fail_on):
    course = Course().link(URL, GONE)
    assert exit_of(course.report(), fail_on) is Exit.WELL
    assert exit_of(report_of(course, Past(until=FINISHED.date())), fail_on) is Exit.WELL

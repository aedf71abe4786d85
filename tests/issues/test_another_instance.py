"""A second instance, or one that has lost its history: it finds what is there, without noise."""

import pytest

from monitor.core.causes import CauseKind
from monitor.core.incidents import IncidentTurn
from monitor.issues.marker import find
from tests.issues.build import DAY, NOON, ended, incident, member, turned
from tests.issues.course import Course

HOST = incident("host", member("a"), member("b"), kind=CauseKind.HOST, called="site.example")


@pytest.fixture
def other(course: Course) -> Course:
    """Another instance at the same repository, with a history of its own."""
    return Course(course.world)


def both(course: Course, other: Course) -> None:
    """Let a night go by for both, one after the other."""
    course.night()
    other.now = course.now
    other.check()


def test_what_an_issue_tells_of_as_a_part_is_not_filed_again(course, other):
    course.knows(HOST)
    course.check()
    other.knows(incident("a"), incident("b"))  # it never saw them work, so knows no common cause
    other.check()
    both(course, other)
    assert list(course.issues) == [1]


def test_once_that_issue_is_closed_the_part_gets_its_own(course, other):
    course.knows(HOST)
    course.check()
    other.knows(incident("a"), incident("b"))
    other.check()
    course.knows(ended(HOST))
    course.night()
    assert course.issues[1].state == "closed"
    other.now = course.now
    other.check()
    assert [each.title for each in course.tracker.open] == ["Broken: Not found – site.example/b"]


def test_a_mute_that_the_other_has_heard_of_is_a_mute_here_too(course, other):
    for each in (course, other):
        each.knows(incident("a"))
        each.check()
    course.human().tick(1, "do=mute")
    for _ in range(3):
        both(course, other)
    marker = find(course.issues[1].body or "")
    assert marker is not None
    assert (marker.state, marker.until) == ("muted", "20260414T120200Z")
    assert "by a ticked box on GitHub" in (course.issues[1].body or ""), "the other keeps off"
    assert course.comments() == []
    (mute,) = other.books.muted.values()
    assert (mute.by, mute.until) == ("another Linkwell", marker.muted_until)


def test_and_it_ends_when_the_other_says_so(course, other):
    for each in (course, other):
        each.knows(incident("a"))
        each.check()
    course.human().tick(1, "do=mute")
    both(course, other)
    course.human().comment(1, "/unmute")
    both(course, other)
    both(course, other)
    assert other.books.muted == {}
    assert len(course.comments()) == 1, "that is ada's"


def test_what_the_other_unmuted_by_itself_is_unmuted_here(course, other):
    for each in (course, other):
        each.knows(incident("a"))
        each.check()
    course.human().tick(1, "do=mute")
    both(course, other)
    course.books.muted.clear()  # as by `linkwell unmute`
    both(course, other)
    assert other.books.muted == {}


def test_a_history_that_was_lost_keeps_the_mute(course, other):
    course.knows(incident("a"))
    course.check()
    course.human().tick(1, "do=mute")
    course.night()
    other.knows(incident("a"))
    other.now = course.now + DAY
    other.check()
    other.now += 40 * DAY
    other.check()
    assert [each.split("\n")[1] for each in course.comments()] == [
        "It is no longer muted, and it still fails."
    ]


def test_what_is_found_needs_no_comment_on_what_its_body_tells(course, other):
    flapping = incident("a", flapping=True)
    course.knows(flapping)
    course.check()
    other.knows(flapping)
    other.books.happened += [
        turned(flapping, IncidentTurn.OPENED),
        turned(flapping, IncidentTurn.FLAPPING),
    ]
    other.check()
    other.night()
    assert course.comments() == []


def test_an_issue_whose_making_was_never_heard_of_is_closed_all_the_same(course):
    broken = incident("a")
    course.knows(broken)
    course.books.happened.append(turned(broken, IncidentTurn.OPENED))
    course.world.issues.fail("cut-after", method="POST", path="*/issues")
    course.check()
    assert course.books.tracks == {}
    course.knows(ended(broken, at=NOON + DAY))
    course.night()
    assert course.issues[1].state == "closed"

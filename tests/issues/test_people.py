"""What people do with the issues, and what strangers try."""

from dataclasses import replace

import pytest

from monitor.core.incidents import IncidentTurn
from monitor.core.model import ResourceId
from monitor.core.mutes import of_incident
from monitor.core.reasons import Reason
from monitor.core.states import Phase
from monitor.core.tracked import Tracked, TrackedState
from monitor.issues.found import Comment, Issue, Repository
from monitor.issues.learning import speakers
from monitor.issues.marker import find, telling
from monitor.issues.matching import Desk
from monitor.issues.verbs import boxes, ticked
from tests.issues.build import DAY, NOON, ended, incident, member, mute, turned
from tests.issues.course import Course

A = ResourceId("web:https://site.example/a")


@pytest.fixture
def filed(course: Course) -> Course:
    """A course with one issue, of yesterday."""
    course.knows(incident("a"))
    course.check()
    course.writes()
    course.now += DAY / 2
    return course


def muted(course: Course) -> list[tuple[str, object, str, str]]:
    return [
        (each.what, (each.until - each.since).days, each.by, each.reason)
        for each in course.books.muted.values()
    ]


def test_closed_as_not_planned_is_a_mute_that_ends_by_itself(filed):
    filed.human().close(1, not_planned=True)
    filed.night()
    assert muted(filed) == [("incident:inc-a", 30, "GitHub", "issue 1 was closed as not planned")]
    assert filed.writes() == []
    for _ in range(28):
        filed.night()
    assert filed.writes() == []
    filed.night()
    filed.night()
    assert filed.issues[1].state == "open"
    assert "It is no longer muted, and it still fails." in filed.comments()[0]
    assert len(filed.issues) == 1


def test_closed_again_as_not_planned_it_is_muted_again(filed):
    for _ in range(2):
        filed.human().close(1, not_planned=True)
        for _ in range(31):
            filed.night()
        assert filed.issues[1].state == "open"
    assert len(filed.books.muted) == 2
    assert len(filed.issues) == 1


def test_closed_as_done_while_it_fails_gets_a_word_first_and_is_reopened_then(filed):
    filed.human().close(1)
    filed.sync()
    assert filed.comments() == []  # nothing was checked since
    filed.night()
    assert filed.issues[1].state == "closed"
    assert "but it still fails, as checked on 16 March 2026" in filed.comments()[0]
    filed.sync()
    assert (len(filed.comments()), filed.issues[1].state) == (1, "closed")
    filed.night()
    assert (len(filed.comments()), filed.issues[1].state) == (1, "open")
    filed.writes()
    filed.night()
    assert filed.writes() == []


def test_closed_as_done_and_about_to_recover_is_left_alone(filed):
    filed.human().close(1)
    filed.knows(incident("a", member(phase=Phase.RECOVERING)))
    filed.night()
    filed.knows(ended(incident("a")))
    filed.night()
    assert filed.comments() == []
    assert filed.issues[1].state == "closed"
    assert filed.books.tracks["inc-a"].state is TrackedState.CLOSED


def test_done_recovered_and_back_is_reopened_at_once(filed):
    filed.human().close(1)
    filed.knows(ended(incident("a")))
    filed.night()
    filed.knows(incident("a"))
    filed.night()
    assert filed.issues[1].state == "open"


def test_reopened_by_hand_after_we_closed_it_is_left_open(filed):
    filed.knows(ended(incident("a")))
    filed.night()
    filed.human().reopen(1)
    filed.writes()
    filed.night()
    assert filed.writes() == []
    assert filed.issues[1].state == "open"


def test_a_comment_mutes(filed):
    filed.human().comment(1, "We know.\n\n/mute 10d until the exam")
    filed.night()
    assert muted(filed) == [("incident:inc-a", 10, "ada on GitHub", "until the exam")]
    assert "> **Muted until 25 March 2026" in filed.issues[1].body
    assert filed.comments()[1:] == []
    filed.books.muted.clear()  # ended by the command line
    filed.night()
    assert filed.books.muted == {}


def test_a_comment_ends_a_mute_without_much_ado(filed):
    filed.human().comment(1, "/mute")
    filed.night()
    filed.human().comment(1, "/unmute")
    filed.night()
    assert filed.books.muted == {}
    assert find(filed.issues[1].body).state == "broken"
    assert len(filed.comments()) == 2


def test_muted_and_unmuted_in_one_breath_is_not_muted(filed):
    filed.human().comment(1, "/mute 30d\n/unmute")
    filed.night()
    assert filed.books.muted == {}


def test_unmuting_what_was_closed_as_not_planned_opens_it(filed):
    filed.human().close(1, not_planned=True)
    filed.night()
    filed.human().comment(1, "/unmute")
    filed.night()
    assert filed.issues[1].state == "open"


def test_a_mute_of_the_configuration_stays(filed):
    filed.books.muted["c"] = mute("https://site.example/*", id_="c", by="config.yaml")
    filed.human().comment(1, "/unmute")
    synced = filed.night()
    assert "c" in filed.books.muted
    assert synced.notes == (
        "A mute of config.yaml can only be ended there: https://site.example/*.",
    )


@pytest.mark.parametrize(
    ("words", "again", "accepted"),
    [
        pytest.param("/recheck", {A}, [], id="checked again"),
        pytest.param("/accept", set(), [A], id="accepted"),
        pytest.param("> /recheck", set(), [], id="a quoted command is none"),
        pytest.param("```\n/recheck\n```", set(), [], id="nor is one in a block of code"),
        pytest.param("please /recheck", set(), [], id="nor one within a sentence"),
    ],
)
def test_other_commands(filed, words, again, accepted):
    filed.human().comment(1, words)
    filed.night()
    assert (filed.books.again, filed.accepted) == (again, accepted)
    filed.books.again.clear()
    filed.night()
    assert filed.books.again == set()


def test_an_old_wish_to_check_again_is_not_heeded(filed):
    filed.human().comment(1, "/recheck\n/mute 60d why not")
    filed.now += 10 * DAY
    filed.night()
    assert filed.books.again == set()
    assert len(filed.books.muted) == 1


@pytest.mark.parametrize("login", ["eve", "mallory", "tom"])
def test_a_stranger_commands_nothing(filed, login):
    filed.human(login).comment(1, "/mute 300d\n/recheck\n/accept\n/unmute")
    filed.night()
    assert (filed.books.muted, filed.books.again, filed.accepted) == ({}, set(), [])
    assert filed.writes() == []


def test_a_stranger_cannot_pretend_that_something_was_told(filed):
    worse = turned(incident("a"), IncidentTurn.WORSENED, "1 more.", at=filed.now)
    filed.human("eve").comment(1, f"{telling([worse.id], 'x')}\nhello")
    filed.books.happened.append(worse)
    filed.night()
    assert filed.comments()[1].endswith("1 more.")


def test_a_stranger_cannot_slip_us_an_issue(course):
    """An issue with our marker by somebody who may not write is none of ours."""
    course.knows(incident("a"))
    forged = course.plan().plan.actions[-1].body
    course.human("eve").open("mine", forged, labels=["link-health"])
    course.check()
    assert len(course.issues) == 2
    assert course.issues[1].title == "mine"
    course.human("eve").close(1, not_planned=True)
    course.night()
    assert course.books.muted == {}
    assert course.issues[2].state == "open"


def test_the_label_mutes_and_taking_it_off_ends_that(filed):
    filed.human("tom").label(1, "muted")
    filed.night()
    assert muted(filed) == [("incident:inc-a", 30, "GitHub", "the label “muted”")]
    filed.human("tom").unlabel(1, "muted")
    filed.night()
    assert filed.books.muted == {}
    assert find(filed.issues[1].body).state == "broken"


def test_a_mute_by_label_ends_and_takes_the_label_along(filed):
    filed.human().label(1, "muted")
    for _ in range(31):
        filed.night()
    assert filed.issues[1].labels == ["link-health", "severity: broken"]
    filed.writes()
    filed.night()
    filed.night()
    assert filed.writes() == []
    filed.human().label(1, "muted")
    filed.night()
    assert find(filed.issues[1].body).state == "muted"


@pytest.mark.parametrize(
    ("box", "again", "mutes"),
    [
        pytest.param("Check again", {A}, 0, id="checked again"),
        pytest.param("Mute for 30 days", set(), 1, id="muted"),
    ],
)
def test_a_ticked_box_is_heeded_and_open_again(filed, box, again, mutes):
    filed.human().tick(1, box)
    filed.night()
    assert (filed.books.again, len(filed.books.muted)) == (again, mutes)
    assert ticked(filed.issues[1].body) == frozenset()
    filed.writes()
    filed.night()
    assert filed.writes() == []


def test_what_changed_behind_a_link_can_be_accepted(course):
    course.knows(incident("a", reason=Reason.REPLACED))
    course.check()
    course.human().tick(1, "Accept what is there now")
    course.night()
    assert course.accepted == [A]


def test_a_box_ticked_between_reading_and_writing_stays(filed):
    """The world ticks it while we are at it: after our look, before our write."""
    worse = replace(incident("a"), members=(member("a"), member("b")))
    filed.knows(worse)

    def tick(made):
        if made.method == "GET" and made.path.endswith("/labels"):
            filed.human().tick(1, "Check again")

    filed.world.issues.after_call = tick
    filed.night()
    filed.world.issues.after_call = None
    assert filed.books.again == set()
    assert len(ticked(filed.issues[1].body)) == 1
    assert "site.example/b" in filed.issues[1].body
    filed.night()
    assert len(filed.books.again) == 2
    assert ticked(filed.issues[1].body) == frozenset()


def test_an_issue_closed_between_reading_and_writing_is_not_written_to(filed):
    filed.knows(replace(incident("a"), members=(member("a"), member("b"))))

    def close(made):
        if made.method == "GET" and made.path.endswith("/labels"):
            filed.human().close(1, not_planned=True)

    filed.world.issues.after_call = close
    filed.night()
    filed.world.issues.after_call = None
    assert "site.example/b" not in filed.issues[1].body
    filed.night()
    assert len(filed.books.muted) == 1


def test_a_label_given_between_reading_and_writing_stays(course):
    course.knows(incident("a"))
    course.check()
    course.human().label(1, "muted")
    course.night()
    course.now += 30 * DAY

    def label(made):
        if made.method == "GET" and made.path.endswith("/labels"):
            course.human().label(1, "help wanted")

    course.world.issues.after_call = label
    course.night()
    course.world.issues.after_call = None
    assert course.issues[1].labels == ["link-health", "severity: broken", "help wanted"]


def test_a_title_that_somebody_gave_stays(filed):
    filed.human().edit_title(1, "Slides of week 3")
    filed.knows(incident("a", reason=Reason.GONE))
    filed.night()
    assert filed.issues[1].title == "Slides of week 3"
    assert "Gone" in filed.issues[1].body
    filed.knows(incident("a", reason=Reason.NOT_FOUND))
    filed.night()
    filed.knows(ended(incident("a")))
    filed.night()
    assert filed.issues[1].title == "Slides of week 3"


def test_a_marker_edited_away_is_put_back(filed):
    filed.human().edit_body(1, "I have rewritten all of this.")
    filed.night()
    assert find(filed.issues[1].body) is not None
    assert len(filed.issues) == 1
    filed.writes()
    filed.night()
    assert filed.writes() == []


def test_an_edit_in_the_browser_changes_line_ends_and_nothing_else(filed):
    filed.human().edit_body(1, lambda body: body.replace("\n", "\r\n"))
    filed.human().tick(1, "Check again")
    filed.night()
    assert filed.books.again == {A}
    assert len(boxes(filed.issues[1].body)) == 2


def test_an_issue_deleted_by_hand_is_a_wish_for_quiet(filed):
    filed.human().delete(1)
    synced = filed.night()
    assert muted(filed) == [("incident:inc-a", 30, "GitHub", "its issue, number 1, was deleted")]
    assert synced.notes == (
        (
            "Issue 1 in meadow/course is gone, so site.example/a is muted for 30 days;"
            " it is filed anew if it fails then."
        ),
    )
    assert filed.night().notes == ()
    assert not filed.issues
    filed.now += 30 * DAY
    filed.night()
    assert [issue.number for issue in filed.issues.values()] == [2]


def test_our_own_words_are_no_commands(course):
    """A person's token writes as that person, who has write access."""
    course.token = course.world.issues.personal_token("ada", "meadow/course")
    course.knows(incident("a"))
    course.check()
    worse = turned(incident("a"), IncidentTurn.WORSENED, "/mute 300d", at=course.now)
    course.books.happened.append(worse)
    course.night()
    course.night()
    assert "/mute 300d" in course.comments()[0]
    assert course.books.muted == {}


@pytest.mark.parametrize("box", ["Check again", "Mute for 30 days"])
def test_the_boxes_of_the_dashboard(course, box):
    course.how["mode"] = "dashboard"
    course.knows(incident("a"))
    course.check()
    course.human().tick(1, box)
    course.night()
    if box == "Check again":
        assert course.books.again == {A}
        assert ticked(course.issues[1].body) == frozenset()
    else:
        assert [each.what for each in course.books.muted.values()] == [of_incident("inc-a")]
        assert "### Muted: 1" in course.issues[1].body
        course.human().tick(1, "End the mute")
        course.night()
        assert course.books.muted == {}
        assert "### Broken: 1" in course.issues[1].body


def test_a_dashboard_that_was_closed_comes_back_with_news_only(course):
    course.how["mode"] = "dashboard"
    course.knows(incident("a"))
    course.check()
    course.human().close(1)
    course.night()
    assert course.issues[1].state == "closed"
    course.knows(incident("b", opened_at=course.now))
    course.night()
    assert course.issues[1].state == "open"


def test_a_dashboard_closed_as_not_planned_is_quiet_for_a_month(course):
    course.how["mode"] = "dashboard"
    course.knows(incident("a"))
    course.check()
    course.human().close(1, not_planned=True)
    course.knows(incident("b", opened_at=course.now + DAY))
    course.night()
    course.now += 20 * DAY
    course.night()
    assert course.issues[1].state == "closed"
    course.now += 20 * DAY
    course.night()
    assert course.issues[1].state == "open"


def test_a_mute_wished_for_after_the_end_of_another_holds(filed):
    filed.human().tick(1, "Mute")
    filed.night()
    filed.human().comment(1, "/unmute")
    filed.human().tick(1, "Mute")
    filed.night()
    assert len(filed.books.muted) == 1
    assert find(filed.issues[1].body).state == "muted"


def test_a_check_by_hand_is_no_check_after_a_closing(filed):
    filed.human().close(1)
    filed.now += DAY
    filed.books.ran(filed.now, sources=())
    filed.sync()
    assert filed.comments() == []


def test_speakers_are_not_mistaken_for_those_of_another_repository():
    elsewhere = Tracked(repository="o/other", number=3, heard=100)
    said = Comment(id=9, author="Ada", body="/recheck", at=NOON)
    issue = Issue(number=3, title="t", body="b", author="bot", comments=(said,))
    names = frozenset({"o/r"})
    assert speakers([issue], Desk(repository=Repository(full_name="o/r"), names=names), {}) == {
        "ada"
    }
    there = Desk(repository=Repository(full_name="o/r"), names=names)
    assert speakers([issue], there, {"inc-a": elsewhere}) == {"ada"}
    here = replace(elsewhere, repository="o/r")
    assert speakers([issue], there, {"inc-a": here}) == frozenset()

"""GitHub on bad days, kills at every step, two instances at once: nothing lost, nothing twice."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from monitor.core.errors import ConfigError
from monitor.core.incidents import IncidentTurn
from monitor.core.mutes import of_incident
from monitor.core.tracked import Tracked
from monitor.issues.marker import find
from tests.issues.build import DAY, NOON, REPO, Books, ended, incident, member, mute, turned
from tests.issues.course import Course


class Killed(BaseException):
    """kill -9, as far as a test can have it: nothing after it runs."""


@dataclass
class Mortal(Books):
    """A history whose process dies after so many things were noted."""

    left: int = 10_000

    def _noted(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed

    def track(self, key: str, tracked: Tracked) -> None:
        super().track(key, tracked)
        self._noted()

    def tell(self, ids, channel, at):
        super().tell(ids, channel, at)
        self._noted()

    def claim(self, ids, channel, at):
        claimed = super().claim(ids, channel, at)
        self._noted()
        return claimed

    def mute(self, mute):
        super().mute(mute)
        self._noted()


def open_issues(course: Course) -> list[str]:
    return [issue.title for issue in course.issues.values() if issue.state == "open"]


def as_it_should_be(course: Course) -> None:
    """After all that: one issue each, each turn told once."""
    assert sorted(issue.title for issue in course.issues.values()) == [
        "Broken: Not found – site.example/a",
        "Broken: Not found – site.example/b",
        "Broken: Not found – site.example/c",
    ]
    assert course.issues[course.books.tracks["inc-a"].number].state == "closed"
    told = [body for issue in course.issues.values() for body in map(str, issue.comments)]
    assert sum("1 more link." in body for body in told) == 1
    assert sum("It works again" in body for body in told) == 1


def story(course: Course) -> None:
    """Yesterday a and b were filed; today a is over, b worse, c new."""
    course.knows(incident("a"), incident("b"))
    course.check()
    worse = replace(incident("b"), members=(member("b"), member("bb")))
    course.knows(ended(incident("a")), worse, incident("c"))
    course.now += DAY
    course.books.happened += [
        turned(incident("a"), IncidentTurn.CLOSED, at=course.now),
        turned(worse, IncidentTurn.WORSENED, "1 more link.", at=course.now),
        turned(incident("c"), IncidentTurn.OPENED, at=course.now),
    ]


@pytest.mark.parametrize("after", range(1, 10))
def test_killed_after_any_note_the_next_run_makes_it_good(course, after):
    course.books = Mortal()
    story(course)
    course.books.left = after
    with contextlib.suppress(Killed):
        course.check()
    course.books.left = 10_000
    course.night()
    as_it_should_be(course)
    assert len(course.books.told) == 3
    course.writes()
    course.night()
    assert course.writes() == []


@pytest.mark.parametrize("kind", ["cut", "cut-after", "bad-gateway", "bad-gateway-after"])
@pytest.mark.parametrize("after", range(6))
def test_a_write_without_an_answer_is_looked_after_the_next_time(course, kind, after):
    story(course)
    course.world.issues.fail(kind, after=after, writes=True)
    cut = course.check()
    assert cut.failed == (after < 5)
    course.night()
    as_it_should_be(course)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("server-error", "GitHub says 500"),
        ("bad-gateway", "GitHub says 502"),
        ("unauthorized", "it refuses the token"),
        ("secondary", "wants to be left alone for a while (403"),
        ("secondary-429", "wants to be left alone for a while (429"),
        ("primary", "wants to be left alone for a while (403"),
        ("forbidden", "it does not allow that"),
        ("gone", "issues are switched off"),
        ("invalid", "it does not take what was sent"),
        ("not-found", "there is no such thing"),
    ],
)
def test_refused_in_the_middle_the_rest_is_done_the_next_time(course, kind, words):
    story(course)
    course.world.issues.fail(kind, times=None, after=1, writes=True, retry_after="3600")
    synced = course.check()
    assert synced.failed
    assert synced.left > 0
    assert words in synced.notes[0]
    course.world.issues.mend()
    course.night()
    as_it_should_be(course)


@pytest.mark.parametrize(
    "kind",
    ["server-error", "bad-gateway", "page", "cut", "secondary", "primary-429", "unauthorized"],
)
@pytest.mark.parametrize(
    "path",
    [
        f"/repos/{REPO}",
        f"/repos/{REPO}/issues",
        f"/repos/{REPO}/issues/1/comments",
        f"/repos/{REPO}/labels",
        f"/repos/{REPO}/collaborators/*",
    ],
)
def test_a_failed_look_up_files_nothing(course, kind, path):
    story(course)
    course.human().comment(1, "/recheck")
    course.writes()
    course.world.issues.fail(kind, times=None, writes=False, path=path, retry_after="3600")
    synced = course.check()
    assert (synced.plan, synced.done, synced.failed) == (None, 0, True)
    assert synced.notes[0].startswith("The issues in meadow/course were left alone: ")
    assert course.writes() == []
    assert course.books.again == set()
    course.world.issues.mend()
    course.night()
    assert course.books.again


def test_a_short_pause_that_is_asked_for_is_made(course):
    course.knows(incident("a"))
    course.world.issues.fail("secondary", writes=True, retry_after="7")
    synced = course.check()
    assert not synced.failed
    assert 7.0 in course.waited
    assert len(course.issues) == 1


def test_a_limit_that_names_no_time_ends_it_for_today(course):
    course.knows(incident("a"))
    course.world.issues.fail("secondary", writes=True, retry_after=None)
    assert course.check().failed
    course.night()
    assert len(course.issues) == 1


def test_one_issue_that_cannot_be_written_does_not_stop_the_others(course):
    story(course)
    course.world.issues.fail("not-found", times=None, writes=True, path="*/issues/1/comments")
    synced = course.check()
    assert synced.notes == (
        (
            "Could not comment on #1: GitHub says 404, there is no such thing, or the token may not"
            " see it (Not Found)."
        ),
    )
    assert synced.left == 2
    assert open_issues(course) == [
        "Broken: Not found – site.example/a",
        "Broken: Not found – site.example/b",
        "Broken: Not found – site.example/c",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archived": True}, "meadow/course is archived, so no issues can be kept there."),
        (
            {"has_issues": False},
            "meadow/course has issues switched off, so no issues can be kept there.",
        ),
    ],
)
def test_where_no_issues_can_be_kept_that_is_said(course, change, words):
    course.knows(incident("a"))
    course.check()
    course.writes()
    for name, value in change.items():
        setattr(course.tracker, name, value)
    course.human().comment(1, "/mute 1d")
    synced = course.night()
    assert synced.notes == (words,)
    assert course.writes() == []
    assert course.books.tracks["inc-a"].number == 1


def test_issues_switched_off_in_the_middle(course):
    story(course)

    def off(made):
        if made.method == "GET" and made.path.endswith("/labels"):
            course.tracker.has_issues = False

    course.world.issues.after_call = off
    synced = course.check()
    course.world.issues.after_call = None
    assert "issues are switched off" in synced.notes[0]
    course.tracker.has_issues = True
    course.night()
    as_it_should_be(course)


def test_a_renamed_repository_is_followed_and_told(course):
    story(course)
    course.tracker.rename("meadow/lessons")
    synced = course.check()
    assert synced.notes == (
        (
            "meadow/course is called meadow/lessons now: write that under issues.repository in"
            " config.yaml."
        ),
    )
    as_it_should_be(course)
    assert course.night(repository="meadow/lessons").notes == ()
    assert len(course.issues) == 3


def test_a_repository_renamed_in_the_middle_is_told(course):
    story(course)

    def rename(made):
        if made.method == "GET" and made.path.endswith("/labels"):
            course.tracker.rename("meadow/lessons")

    course.world.issues.after_call = rename
    synced = course.check()
    course.world.issues.after_call = None
    assert "the repository has another name now" in synced.notes[0]
    course.night()
    as_it_should_be(course)


def test_an_issue_moved_to_another_repository_is_one_that_is_gone(course):
    course.knows(incident("a"))
    course.check()
    course.issues[1].title = "moved"
    course.human().delete(1)
    assert len(course.night().notes) == 1
    assert not course.issues


def test_a_clock_set_back_breaks_nothing(course):
    course.knows(incident("a"))
    course.check()
    course.human().close(1, not_planned=True)
    course.now -= 2 * DAY
    course.check()
    assert course.issues[1].state == "closed"
    assert len(course.books.muted) == 1


@pytest.mark.parametrize("lag", [0, 2])
def test_two_instances_with_histories_of_their_own_make_one_issue(course, lag):
    course.tracker.lag = lag
    other = Course(course.world, books=Books())
    for each in (course, other):
        each.knows(incident("a", id_=f"inc-{each is course}"))
    course.check()
    other.check()
    for _ in range(2):
        course.night()
        other.now = course.now
        other.check()
    assert open_issues(course) == ["Broken: Not found – site.example/a"]
    course.writes()
    course.night()
    other.check()
    assert course.writes() == []
    for each in (course, other):
        each.knows(ended(incident("a", id_=f"inc-{each is course}")))
        each.night()
    assert open_issues(course) == []
    assert sum("It works again" in each.body for each in course.issues[1].comments) == 1


def test_the_same_news_by_two_instances_is_told_once(course):
    other = Course(course.world, books=Books())
    for each in (course, other):
        each.knows(incident("a", id_=f"inc-{each is course}"))
        each.check()
    for each in (course, other):
        worse = replace(
            incident("a", id_=f"inc-{each is course}"), members=(member("a"), member("b"))
        )
        each.knows(worse)
        each.now = NOON + DAY
        each.books.happened.append(turned(worse, IncidentTurn.WORSENED, at=each.now))
        each.check()
    assert len(course.comments()) == 1
    assert other.books.told == {"inc-False:worsened:r1"}


def meanwhile(course: Course, at: Callable[[object], bool], do: Callable[[], None]) -> None:
    """Let something happen once, right after a call."""

    def once(made: object) -> None:
        if at(made):
            course.world.issues.after_call = None
            do()

    course.world.issues.after_call = once


def test_two_at_the_very_same_time_the_later_gives_way(course):
    course.knows(incident("a"))
    body = course.plan().plan.actions[-1].body

    def file_another() -> None:
        course.tracker.create("github-actions[bot]", "theirs", body, ["link-health"])

    meanwhile(course, lambda made: made.path.endswith("/labels"), file_another)
    synced = course.check()
    assert not synced.failed
    assert [issue.state for issue in course.issues.values()] == ["open", "closed"]
    assert "The same trouble is told in #1" in course.comments(2)[0]
    assert course.books.tracks["inc-a"].number == 1
    course.night()
    assert len(course.issues) == 2


def test_several_with_one_marker_the_lowest_goes_on(course):
    course.knows(incident("a"))
    course.check()
    for title in ("copy", "copy of the copy"):
        course.human().open(title, course.issues[1].body, labels=["link-health"])
    course.night()
    assert open_issues(course) == ["Broken: Not found – site.example/a"]
    assert [len(course.comments(n)) for n in (1, 2, 3)] == [0, 1, 1]
    assert find(course.issues[3].body) is None
    course.writes()
    course.night()
    assert course.writes() == []


def test_another_instance_that_groups_otherwise_is_known_by_what_it_holds(course):
    other = Course(course.world, books=Books())
    other.knows(incident("host", member("a"), member("b"), called="site.example"))
    other.check()
    course.knows(incident("a"))
    course.check()
    assert len(course.issues) == 1


def test_a_lost_history_finds_its_issue_again(course):
    course.knows(incident("a"))
    course.check()
    course.books = Books()
    course.knows(incident("a", id_="another"))
    course.night()
    assert len(course.issues) == 1
    assert course.books.tracks["another"].number == 1


def test_pages_of_lists_are_read_to_the_end(course):
    course.knows(incident("a"))
    course.check()
    body = course.issues[1].body
    for n in range(230):
        course.human().open(f"{n}", "other things", labels=["link-health"])
    course.issues[231].body = body.replace(find(body).cause, "0" * 12)
    course.books = Books()
    course.knows(incident("z", member("z")))
    course.night()
    assert len(course.issues) == 232


@pytest.mark.parametrize("who", ["actions", "person", "app"])
def test_whoever_writes(course, who, tmp_path):
    more = {}
    if who == "app":
        app = course.world.issues.app("linkwell", REPO)
        key = tmp_path / "key.pem"
        key.write_text(app.private_key)
        more = {"app": {"id": app.id, "private_key_file": key}}
    elif who == "person":
        course.token = course.world.issues.personal_token("ada", REPO)
    course.how |= more
    story(course)
    course.check()
    as_it_should_be(course)
    course.human().comment(3, "/recheck")
    course.night()
    assert course.books.again
    author = {"actions": "github-actions[bot]", "person": "ada", "app": "linkwell[bot]"}[who]
    assert {issue.user for issue in course.issues.values()} == {author}


def test_an_enterprise(course):
    host = "github.meadow.example"
    there = course.world.enterprise(host)
    there.now = lambda: course.now
    tracker = course.world.tracker(REPO, host=host, collaborators={"ada": "write"})
    course.token = there.actions_token(REPO)
    course.how["base_url"] = f"https://{host}/api/v3"
    course.knows(incident("a"))
    assert not course.check().failed
    assert [issue.title for issue in tracker.issues.values()] == [
        "Broken: Not found – site.example/a"
    ]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"repository": None}, "No repository for issues: write `issues: owner/name`"),
        ({"token": None}, "No token for issues: set GITHUB_TOKEN"),
    ],
)
def test_without_a_repository_or_a_token_there_is_no_beginning(course, how, words):
    if "token" in how:
        course.token = None
        how = {}
    with pytest.raises(ConfigError, match=words):
        course.sync(**how)


def test_a_token_that_may_not_ask_about_people_heeds_the_owner_alone(course):
    course.knows(incident("a"))
    course.check()
    course.human().comment(1, "/recheck")
    course.world.issues.fail("forbidden", times=None, path="*/collaborators/*", writes=False)
    synced = course.night()
    assert synced.notes == (
        (
            "The token may not read who has write access to meadow/course, so only its owner's"
            " commands in comments count."
        ),
    )
    assert course.books.again == set()
    course.human("meadow").comment(1, "/recheck")
    course.night()
    assert course.books.again


def test_a_reopening_without_an_answer_is_closed_in_the_end(course):
    course.knows(incident("a"))
    course.check()
    course.knows(ended(incident("a"), at=course.now))
    course.night()
    course.knows(incident("a"))
    course.world.issues.fail("cut-after", after=1, writes=True)
    course.night()
    assert course.issues[1].state == "open"
    course.knows(ended(incident("a"), at=course.now))
    course.night()
    assert course.issues[1].state == "closed"


def test_a_reopening_without_an_answer_can_be_closed_by_its_owner(course):
    course.knows(incident("a"))
    course.check()
    course.knows(ended(incident("a"), at=course.now))
    course.night()
    course.knows(incident("a"))
    course.world.issues.fail("cut-after", after=1, writes=True)
    course.night()
    course.human().close(1, not_planned=True)
    course.night()
    assert course.issues[1].state == "closed"
    assert len(course.books.muted) == 1


def test_a_closing_without_an_answer_is_ours_all_the_same(course):
    course.knows(incident("a"))
    course.check()
    course.knows(ended(incident("a"), at=course.now))
    course.world.issues.fail("cut-after", after=1, writes=True)
    course.night()
    course.human().reopen(1)
    course.night()
    assert course.issues[1].state == "open", "somebody has opened it again: it is theirs"


@pytest.mark.parametrize("kind", ["cut-after", "cut"])
def test_a_mute_whose_telling_got_no_answer_can_be_ended(course, kind):
    course.knows(incident("a"))
    course.check()
    named = of_incident(incident("a").id)
    course.books.mute(replace(mute(named), since=course.now))
    course.world.issues.fail(kind, writes=True)
    course.night()
    course.books.unmute("m1", course.now)
    for _ in range(2):
        course.night()
        assert course.books.muted == {}
    assert find(course.issues[1].body).state == "broken"


def test_two_writes_without_an_answer_are_both_known_as_ours(course):
    course.knows(incident("a"))
    course.check()
    course.books.mute(replace(mute(of_incident(incident("a").id)), since=course.now))
    course.world.issues.fail("cut-after", writes=True)
    course.night()
    course.books.unmute("m1", course.now)
    course.world.issues.fail("cut", after=1, writes=True)
    course.night()
    course.night()
    assert course.books.muted == {}
    assert find(course.issues[1].body).state == "broken"


def test_what_another_process_is_telling_is_not_closed_before_that_is_told(course):
    course.knows(incident("a"))
    course.check()
    over = ended(incident("a"), at=course.now)
    closing = turned(over, IncidentTurn.CLOSED, at=course.now)
    course.books.happened.append(closing)
    course.knows(over)
    course.books.claim([closing.id], "github", course.now)  # and that process is killed
    synced = course.check()
    assert course.issues[1].state == "open"
    assert (synced.left, synced.notes) == (
        *(
            2,
            ("Another process is about to comment on #1: the rest of it is left to the next run.",),
        ),
    )
    course.night()
    assert course.issues[1].state == "closed"
    assert "It works again" in course.comments()[0]


def test_what_is_claimed_in_part_waits_as_a_whole(course):
    course.knows(incident("a"))
    course.check()
    worse = replace(incident("a"), members=(member("a"), member("b")))
    turns = [
        turned(worse, IncidentTurn.WORSENED, f"{n} more.", at=course.now, run=f"r{n}")
        for n in (1, 2)
    ]
    course.knows(worse)
    course.books.happened += turns
    course.books.claim([turns[0].id], "github", course.now)
    course.check()
    assert (course.comments(), course.books.told) == ([], set())
    course.night()
    assert len(course.comments()) == 1
    assert course.comments()[0].splitlines()[1:] == ["- 1 more.", "- 2 more."]


def test_a_repository_renamed_together_with_its_configuration_is_known_again(course):
    course.knows(incident("a"))
    course.check()
    course.human().comment(1, "/mute 60d")
    course.night()
    course.human().comment(1, "/unmute")
    course.night()
    course.books.mute(replace(mute("https://site.example/*", id_="cli"), since=course.now))
    heard = course.books.tracks["inc-a"].heard
    course.tracker.rename("meadow/lessons")
    course.night(repository="meadow/lessons")
    assert list(course.books.muted) == ["cli"], "old comments are not heard again"
    tracked = course.books.tracks["inc-a"]
    assert (tracked.repository, tracked.heard) == ("meadow/lessons", heard)


def test_a_repository_that_is_no_more_is_not_this_one(course):
    course.books.track("inc-a", Tracked(repository="meadow/gone", number=1))
    course.knows(incident("a"))
    course.check()
    assert course.books.tracks["inc-a"].repository == REPO


def test_where_an_old_name_cannot_be_looked_up_nothing_is_done(course):
    course.books.track("inc-a", Tracked(repository="meadow/old", number=1))
    course.knows(incident("a"))
    course.world.issues.fail("server-error", times=None, path="/repos/meadow/old", writes=False)
    assert course.check().plan is None

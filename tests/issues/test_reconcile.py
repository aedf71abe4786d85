"""What is wanted against what is there, decided without a network."""

from dataclasses import replace
from datetime import datetime

import pytest

from monitor.config.issues import Issues
from monitor.core.findings import Finding, LinkFinding
from monitor.core.incidents import Ending, Incident, IncidentTurn
from monitor.core.reasons import Reason, Status
from monitor.core.tracked import DASHBOARD, Tracked, TrackedState
from monitor.issues.actions import (
    CloseIssue,
    CreateIssue,
    CreateLabel,
    EditIssue,
    Plan,
    ReopenIssue,
)
from monitor.issues.actions import Comment as Say
from monitor.issues.found import Access, Comment, Issue, Repository
from monitor.issues.marker import MOST_IDS, Marker, short, telling
from monitor.issues.matching import Desk, Match, match, to_ask
from monitor.issues.reconcile import plan
from monitor.issues.verbs import Command, Verb, box, with_ticks
from monitor.issues.view import View
from monitor.issues.wanted import wanted
from tests.issues.build import DAY, NOON, ended, incident, member, mute, turned, view

CONFIG = Issues(repository="o/r")
REPOSITORY = Repository(full_name="o/r")
LABELS = frozenset({"link-health", "severity: broken", "severity: warning", "severity: ours"})
A = incident("a")


def issue(
    number: int, of: Incident | None = None, seen: View | None = None, **more: object
) -> Issue:
    """An issue of ours as an app wrote it, for an incident as it was."""
    as_it_was = wanted(of, seen or view(of), CONFIG) if of else None
    how: dict[str, object] = {
        "number": number,
        "title": as_it_was.title if as_it_was else "t",
        "body": as_it_was.body if as_it_was else "b",
        "labels": as_it_was.labels if as_it_was else ("link-health",),
        "author": "bot",
        "by_app": True,
        **more,
    }
    return Issue(**how)  # type: ignore[arg-type]


def closed(
    number: int, of: Incident, at: datetime = NOON - DAY, reason: str = "completed", **more: object
) -> Issue:
    return issue(number, of, is_open=False, closed_at=at, reason=reason, **more)


def desk(*issues: Issue, **more: object) -> Desk:
    how: dict[str, object] = {
        "repository": REPOSITORY,
        "issues": issues,
        "names": frozenset({"o/r"}),
        "labels": LABELS,
        **more,
    }
    return Desk(**how)  # type: ignore[arg-type]


def track(number: int, key: str = "inc-a", **more: object) -> dict[str, Tracked]:
    return {key: Tracked(repository="o/r", number=number, **more)}  # type: ignore[arg-type]


def does(made: Plan) -> list[str]:
    return [action.words() for action in made.actions]


OTHER = incident("host", member("a"), member("b"), member("c"))
B = incident("b", member("b"))


@pytest.mark.parametrize(
    ("seen", "there", "matched"),
    [
        pytest.param(view(A), desk(), {}, id="nothing is there"),
        pytest.param(view(A, tracked=track(3)), desk(issue(3)), {"inc-a": 3}, id="by number"),
        pytest.param(view(A), desk(issue(3, A)), {"inc-a": 3}, id="by marker"),
        pytest.param(view(A), desk(issue(3)), {}, id="an issue of somebody's"),
        pytest.param(
            view(A), desk(issue(3, A, by_app=False)), {}, id="a marker of one who may not write"
        ),
        pytest.param(
            view(A),
            desk(issue(3, A, by_app=False), access={"bot": Access.WRITE}),
            {"inc-a": 3},
            id="a marker of one who may",
        ),
        pytest.param(
            view(A, tracked=track(3)),
            desk(issue(3, A), issue(2, A)),
            {"inc-a": (2, 3)},
            id="of two the lower",
        ),
        pytest.param(
            view(A, tracked=track(3)),
            desk(issue(3), issue(2, A)),
            {"inc-a": (2, 3)},
            id="also where the marker of ours is edited away",
        ),
        pytest.param(
            view(A, tracked=track(2)),
            desk(closed(2, A), issue(3, A)),
            {"inc-a": 3},
            id="the open one rather than the closed",
        ),
        pytest.param(
            view(A, tracked=track(2)),
            desk(closed(2, A, reason="not_planned"), issue(3, A)),
            {"inc-a": 2},
            id="but not where it was closed as not planned",
        ),
        pytest.param(
            view(A),
            desk(closed(2, A, NOON - 9 * DAY), closed(3, A, NOON - 2 * DAY)),
            {"inc-a": 3},
            id="of closed ones the newest",
        ),
        pytest.param(view(A), desk(closed(3, A, NOON - 40 * DAY)), {}, id="closed long ago"),
        pytest.param(view(A), desk(issue(3, OTHER)), {"inc-a": 3}, id="by what it holds"),
        pytest.param(view(A), desk(closed(3, OTHER)), {}, id="but not of a closed one"),
        pytest.param(view(B), desk(issue(3, A)), {}, id="it holds something else"),
        pytest.param(
            view(OTHER, A, tracked=track(3)),
            desk(issue(3, A)),
            {"inc-a": 3},
            id="what is tracked for another is not taken by what it holds",
        ),
        pytest.param(
            view(A, tracked=track(3)), desk(gone=frozenset({3})), {"inc-a": None}, id="deleted"
        ),
        pytest.param(
            view(A, tracked=track(3, state=TrackedState.GONE)), desk(), {}, id="deleted long ago"
        ),
        pytest.param(
            view(A, tracked={"inc-a": Tracked(repository="o/other", number=3)}),
            desk(issue(3)),
            {},
            id="the number of another repository",
        ),
        pytest.param(
            view(ended(A), tracked=track(3)), desk(issue(3, A)), {"inc-a": 3}, id="what is over"
        ),
        pytest.param(
            view(replace(ended(A), into=OTHER.id), OTHER, tracked=track(3)),
            desk(issue(3, A)),
            {"inc-host": 3},
            id="what goes on in another gives it its issue",
        ),
        pytest.param(
            view(replace(ended(A), into=OTHER.id), OTHER, tracked=track(3)),
            desk(closed(3, A)),
            {"inc-a": 3},
            id="but not a closed one",
        ),
    ],
)
def test_match(seen, there, matched):
    def numbers(found: Match):
        first = found.issue.number if found.issue else None
        return (first, *(each.number for each in found.duplicates)) if found.duplicates else first

    assert {key: numbers(found) for key, found in match(seen, there).items()} == matched


def test_only_those_are_asked_about_who_could_pretend():
    issues = [
        issue(1, A, by_app=False, author="Eve"),
        issue(2, A, by_app=True, author="bot"),
        issue(3, A, by_app=False, author="ada"),
        issue(4, by_app=False, author="tom"),
    ]
    assert to_ask(issues, track(3)) == {"eve"}


@pytest.mark.parametrize(
    ("seen", "there", "steps"),
    [
        pytest.param(
            view(A),
            desk(labels=frozenset()),
            [
                "make the label “link-health”",
                "make the label “severity: broken”",
                (
                    "open an issue: “Broken: Not found – site.example/a”"
                    " (link-health, severity: broken)"
                ),
            ],
            id="new",
        ),
        pytest.param(view(A, tracked=track(3)), desk(issue(3, A)), [], id="as it should be"),
        pytest.param(
            view(A, tracked=track(3)), desk(issue(3)), ["edit #3: the body"], id="no marker"
        ),
        pytest.param(
            view(incident("a", reason=Reason.GONE), tracked=track(3)),
            desk(issue(3, A)),
            ["edit #3: the body, the title “Broken: Gone – site.example/a”"],
            id="another reason",
        ),
        pytest.param(
            view(incident("a", reason=Reason.GONE), tracked=track(3)),
            desk(issue(3, A, title="Mine")),
            ["edit #3: the body"],
            id="under somebody's title",
        ),
        pytest.param(
            view(A, tracked=track(3)),
            desk(issue(3, A, labels=("bug",))),
            [],
            id="labels are theirs to take off",
        ),
        pytest.param(
            view(A, tracked=track(3)),
            desk(issue(3, A, labels=("link-health", "severity: warning", "bug"))),
            ["edit #3: the body, the labels link-health, bug, severity: broken"],
            id="the severity is ours",
        ),
        pytest.param(
            view(ended(A), tracked=track(3)),
            desk(issue(3, A)),
            ["comment on #3", "close #3 as completed"],
            id="over",
        ),
        pytest.param(view(ended(A), tracked=track(3)), desk(closed(3, A)), [], id="already closed"),
        pytest.param(
            view(ended(A), tracked=track(3, state=TrackedState.CLOSED)),
            desk(issue(3, A)),
            [],
            id="over, and opened again by somebody",
        ),
        pytest.param(
            view(A, tracked=track(3, state=TrackedState.CLOSED)),
            desk(closed(3, A)),
            ["comment on #3", "reopen #3"],
            id="back again",
        ),
        pytest.param(
            view(replace(ended(A, Ending.MERGED), into=B.id), B, tracked=track(3) | track(4, B.id)),
            desk(issue(3, A), issue(4, B)),
            ["comment on #3", "close #3 as not planned"],
            id="told in another",
        ),
        pytest.param(
            view(
                replace(ended(A, Ending.MERGED), into=B.id),
                B,
                tracked=track(3) | track(4, B.id),
            ),
            desk(issue(3, A), gone=frozenset({4})),
            ["comment on #3", "close #3 as completed"],
            id="told in another that somebody has deleted",
        ),
        pytest.param(
            view(A, tracked=track(2)),
            desk(issue(2, A), issue(5, A)),
            ["comment on #5", "close #5 as not planned"],
            id="a duplicate",
        ),
        pytest.param(
            view(A, tracked=track(2), checked_from=None),
            desk(closed(2, A)),
            [],
            id="closed by somebody, and never checked since",
        ),
        pytest.param(
            view(replace(A, members=(), status=Status.UNKNOWN), tracked=track(2)),
            desk(closed(2, A)),
            ["comment on #2"],
            id="closed by somebody, though the key is refused still",
        ),
    ],
)
def test_plan(seen, there, steps):
    assert does(plan(seen, there, CONFIG)) == steps


def test_a_reopened_issue_gets_its_title_and_severity():
    was = incident("a", status=Status.WARNING, reason=Reason.MOVED)
    made = plan(view(A, tracked=track(3, state=TrackedState.CLOSED)), desk(closed(3, was)), CONFIG)
    (again,) = [each for each in made.actions if isinstance(each, ReopenIssue)]
    assert again.write("o/r").sent == {
        "state": "open",
        "body": wanted(A, view(A), CONFIG).body,
        "title": "Broken: Not found – site.example/a",
        "labels": ["link-health", "severity: broken"],
    }


def test_planning_twice_gives_the_same():
    seen, there = view(A, OTHER, ended(B), tracked=track(3)), desk(issue(3, A))
    assert plan(seen, there, CONFIG) == plan(seen, there, CONFIG)


def test_a_twin_is_told_of_once():
    twin = issue(5, A)
    first = plan(view(A, tracked=track(2)), desk(issue(2, A), twin), CONFIG)
    said = Comment(id=1, author="bot", body=first.actions[0].body, at=NOON)
    again = plan(
        view(A, tracked=track(2)), desk(issue(2, A), replace(twin, comments=(said,))), CONFIG
    )
    assert does(again) == ["close #5 as not planned"]


def finding(name: str, reason: Reason) -> Finding:
    one = member(name, reason)
    links = tuple(LinkFinding(link=link, verdict=one.verdict) for link in one.links)
    return Finding(resource=one.resource, verdict=one.verdict, links=links)


SUSPECT = finding("s", Reason.NOT_FOUND)
SHELF = {
    "suspects": [SUSPECT],
    "unknown": [finding("u", Reason.BLOCKED)],
    "drifted": [finding("d", Reason.REPLACED)],
    "since": {SUSPECT.resource.id: NOON - DAY},
}
BOTH = Issues(repository="o/r", mode=("dashboard",))


def dashboard_of(seen: View) -> CreateIssue:
    (made,) = plan(seen, desk(), BOTH).actions
    assert isinstance(made, CreateIssue)
    return made


def test_the_dashboard_has_all_sections():
    quiet = incident("m", member("m"))
    warned = incident("w", status=Status.WARNING, reason=Reason.MOVED)
    key = replace(incident("k", status=Status.UNKNOWN, reason=Reason.OWN_CREDENTIAL), members=())
    seen = view(A, warned, key, quiet, mutes=(mute("incident:inc-m", until=None),), **SHELF)
    body = dashboard_of(seen).body
    assert [line for line in body.splitlines() if line.startswith(("**", "###"))] == [
        "**1 thing is broken; 1 is suspect, further checks will tell.**",
        "### Broken: 1",
        "### Suspect, further checks will tell: 1",
        "### Warnings: 1",
        "### Linkwell itself needs you: 1",
        "### Changed behind your links: 1",
        "### Could not be checked: 1",
        "### Muted: 1",
    ]
    assert "- `https://site.example/s`: Not found, since 13 March 2026, 12:00 UTC" in body
    assert "muted for ever by ada" in body
    assert body.count("linkwell:do=recheck") == 5
    assert body.count("linkwell:do=accept") == 1
    assert body.count("linkwell:do=unmute") == 1


def test_a_crowded_dashboard_is_fitted():
    many = [incident(f"{n}", called="x" * 300) for n in range(900)]
    body = dashboard_of(view(*many)).body
    assert len(body) <= 65_536
    assert "broken things. All of it is in the report." in body
    assert "### Broken: 900" in body


@pytest.mark.parametrize(
    ("verb", "resource"), [(Verb.RECHECK, "s"), (Verb.MUTE, "s"), (Verb.ACCEPT, "d")]
)
def test_boxes_for_single_resources(verb, resource):
    id_ = f"web:https://site.example/{resource}"
    seen = view(A, **SHELF)
    made = dashboard_of(seen)
    wish = Command(verb=verb, of=short(id_))
    ticked = issue(1, title=made.title, body=with_ticks(made.body, frozenset({wish})))
    again = plan(seen, desk(ticked), BOTH)
    learnt = again.learnt
    heard = {
        Verb.RECHECK: learnt.rechecks,
        Verb.ACCEPT: learnt.accepts,
        Verb.MUTE: tuple(each.what for each in learnt.mutes),
    }
    assert heard[verb] == (id_,)
    (edit,) = again.actions
    assert isinstance(edit, EditIssue)
    assert edit.heeded == {wish}
    assert list(again.lines())


def test_a_box_for_what_is_gone_does_nothing():
    seen = view(A)
    made = dashboard_of(seen)
    body = f"{made.body}\n{box(Command(verb=Verb.MUTE, of='feed')).replace('[ ]', '[x]')} Mute"
    learnt = plan(seen, desk(issue(1, title=made.title, body=body)), BOTH).learnt
    assert learnt.mutes == ()


def test_a_muted_resource_can_be_heard_again():
    id_ = SUSPECT.resource.id
    seen = view(A, mutes=(mute(id_),), **SHELF)
    made = dashboard_of(seen)
    body = f"{made.body}\n{box(Command(verb=Verb.UNMUTE, of=short(id_))).replace('[ ]', '[x]')} x"
    learnt = plan(seen, desk(issue(1, title=made.title, body=body)), BOTH).learnt
    assert learnt.unmutes == ("m1",)


def marked(state: str = "open", **more: object) -> Issue:
    return issue(1, title="Link health dashboard", body=str(Marker(cause=DASHBOARD)), **more)


@pytest.mark.parametrize(
    ("seen", "there", "steps"),
    [
        pytest.param(view(), desk(), [], id="nothing to tell"),
        pytest.param(view(A, mutes=(mute("incident:inc-a"),)), desk(), [], id="all is muted"),
        pytest.param(view(), desk(marked()), ["edit #1: the body"], id="it stays when all is well"),
        pytest.param(
            view(A, tracked=track(1, DASHBOARD)), desk(gone=frozenset({1})), [], id="just deleted"
        ),
        pytest.param(
            view(
                A,
                tracked=track(1, DASHBOARD, state=TrackedState.GONE, closed_at=NOON - 31 * DAY),
            ),
            desk(),
            ["open an issue: “Link health dashboard” (link-health)"],
            id="deleted a month ago",
        ),
        pytest.param(
            view(A, tracked=track(1, DASHBOARD, state=TrackedState.GONE)),
            desk(),
            ["open an issue: “Link health dashboard” (link-health)"],
            id="deleted, nobody knows when",
        ),
        pytest.param(
            view(A, tracked=track(1, DASHBOARD)),
            desk(marked(is_open=False, reason="completed")),
            [],
            id="closed, nobody knows when",
        ),
    ],
)
def test_the_dashboard_comes_and_goes(seen, there, steps):
    assert does(plan(seen, there, BOTH)) == steps


def test_a_dashboard_for_the_overflow_alone_is_closed_when_nothing_waits():
    made = plan(view(), desk(marked()), CONFIG)
    (step,) = made.actions
    assert isinstance(step, CloseIssue)
    assert step.reason == "completed"
    again = plan(
        view(tracked=track(1, DASHBOARD, state=TrackedState.CLOSED)), desk(marked()), CONFIG
    )
    assert again.actions == ()
    quiet = plan(view(), desk(marked(is_open=False, closed_at=NOON)), CONFIG)
    assert quiet.actions == ()


def test_what_a_plan_says():
    seen = view(*(incident(name) for name in "abc"))
    made = plan(seen, desk(labels=frozenset()), Issues(repository="o/r", max_new_issues=1))
    lines = list(made.lines())
    assert lines[0] == "make the label “link-health”"
    assert lines[-1] == "2 more wait for the next run (max_new_issues)"
    assert "    **Not found: site.example/a: 1 link on 1 page**" in lines
    assert [type(action) for action in made.actions][:2] == [CreateLabel, CreateLabel]
    assert list(plan(view(), desk(), CONFIG).lines()) == ["Nothing to write."]


def test_what_a_plan_says_of_what_it_learnt():
    talk = Comment(id=9, author="ada", body="/mute 2d x\n/recheck\n/accept", at=NOON - DAY)
    other = Comment(id=8, author="ada", body="/unmute", at=NOON - DAY)
    there = desk(issue(3, A, comments=(other, talk)), access={"ada": Access.WRITE})
    made = plan(view(A, tracked=track(3), mutes=(mute("incident:inc-a"),)), there, CONFIG)
    assert list(made.lines())[:4] == [
        "mute incident:inc-a until 2026-03-15 (ada on GitHub): x",
        "end the mute m1",
        "check again at the next run: web:https://site.example/a",
        "accept as it is now: web:https://site.example/a",
    ]


@pytest.mark.parametrize("state", [TrackedState.CLOSED, TrackedState.CLOSED_BY_HAND])
def test_what_lasts_and_is_open_again_is_noted_as_open(state):
    seen = view(A, tracked=track(3, state=state, closed_at=NOON - DAY))
    learnt = plan(seen, desk(issue(3, A)), CONFIG).learnt
    assert learnt.tracked["inc-a"].state is TrackedState.OPEN


def test_of_several_news_those_that_were_said_are_left_out():
    big = incident("a", member("a"), member("b"), member("c"))
    first, second = (
        turned(big, IncidentTurn.WORSENED, f"1 more link: now {n}.", run=f"r{n}") for n in (2, 3)
    )
    body = f"{telling([first.id], 'xx')}\n{first.sentence}"
    said = Comment(id=9, author="bot", body=body, at=NOON - DAY, by_app=True)
    there = desk(issue(3, big, comments=(said,), talks=1))
    seen = view(big, tracked=track(3), untold=(first, second))
    (comment,) = plan(seen, there, CONFIG).actions
    assert isinstance(comment, Say)
    assert comment.body.splitlines()[1:] == ["1 more link: now 3."]
    assert comment.tells == (first.id, second.id)
    all_said = replace(said, body=f"{telling([first.id, second.id], 'xx')}")
    there = desk(issue(3, big, comments=(all_said,), talks=1))
    made = plan(seen, there, CONFIG)
    assert (made.actions, made.learnt.silent) == ((), (first.id, second.id))


def test_more_members_than_a_marker_names_are_not_written_every_day():
    many = incident("host", *(member(f"p{n}") for n in range(MOST_IDS + 1)))
    made = plan(view(many, tracked=track(3, "inc-host")), desk(issue(3, many)), CONFIG)
    assert does(made) == []

"""An incident's issue from the first day to the last, as GitHub then shows it."""

from dataclasses import replace
from datetime import timedelta

from monitor.core.incidents import Ending, IncidentTurn
from monitor.core.mutes import of_incident
from monitor.core.reasons import Reason, Status
from monitor.core.states import Sighting
from monitor.core.tracked import DASHBOARD, TrackedState
from monitor.issues.marker import find
from tests.issues.build import DAY, NOON, ended, incident, member, mute, turned


def test_a_break_gets_one_issue_and_no_more(course):
    course.knows(incident("a"))
    first = course.check()
    assert (first.done, first.left, first.notes, first.failed) == (3, 0, (), False)
    issue = course.issues[1]
    assert issue.title == "Broken: Not found – site.example/a"
    assert issue.labels == ["link-health", "severity: broken"]
    assert course.books.tracks["inc-a"].number == 1
    course.writes()
    assert course.night().done == 0
    assert course.writes() == []


def test_labels_are_made_once_with_colour_and_words(course):
    course.knows(incident("a"))
    course.check()
    made = [body for method, path, body in course.writes() if path.endswith("/labels")]
    assert [each["name"] for each in made] == ["link-health", "severity: broken"]
    assert made[1]["color"] == "b60205"
    course.knows(incident("b"))
    course.night()
    assert [path for _, path, _ in course.writes()] == ["/repos/meadow/course/issues"]


def test_between_two_writes_there_is_a_second(course):
    course.knows(incident("a"))
    course.check()
    assert course.waited == [1.0, 1.0]


def test_what_has_recovered_is_closed_with_the_evidence(course):
    broken = incident("a")
    course.knows(broken)
    course.check()
    resource = broken.members[0].resource.id
    course.books.seen[resource] = [
        Sighting(NOON - 2 * DAY, Reason.NOT_FOUND),
        Sighting(NOON, Reason.ALIVE),
        Sighting(NOON + DAY, Reason.MOVED),
    ]
    course.knows(ended(broken))
    course.books.happened.append(turned(broken, IncidentTurn.CLOSED))
    course.night()
    issue = course.issues[1]
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert course.comments()[0].splitlines()[1:] == [
        "It works again: seen well on 2 checks.",
        "",
        (
            "- `https://site.example/a`: Works on 14 March 2026, 12:00 UTC,"
            " Moved on 15 March 2026, 12:00 UTC"
        ),
    ]
    assert course.books.told == {"inc-a:closed:r1"}
    assert course.books.tracks["inc-a"].state is TrackedState.CLOSED
    course.writes()
    course.night()
    assert course.writes() == []


def test_what_is_unlinked_is_closed_as_mended(course):
    broken = incident("a")
    course.knows(broken)
    course.check()
    gone = replace(broken.members[0], links=(), sources=())
    course.knows(replace(broken, members=(gone,), closed_at=NOON, ending=Ending.UNLINKED))
    course.night()
    assert course.issues[1].state == "closed"
    assert "The pages no longer link to it: it is mended." in course.comments()[0]


def test_what_comes_back_within_a_month_is_the_same_issue(course):
    broken = incident("a")
    course.knows(broken)
    course.check()
    course.knows(ended(broken))
    course.night()
    course.knows(broken)
    course.books.happened.append(
        turned(broken, IncidentTurn.REOPENED, "Again: not found.", course.now)
    )
    course.night()
    issue = course.issues[1]
    assert issue.state == "open"
    assert "Again: not found." in course.comments()[1]
    assert "inc-a:reopened:r1" in course.books.told
    course.writes()
    course.night()
    assert course.writes() == []


def test_more_of_the_same_is_one_comment_and_an_edit(course):
    broken = incident("a", member("a"))
    course.knows(broken)
    course.check()
    course.writes()
    worse = replace(broken, members=(member("a"), member("b")))
    course.knows(worse)
    course.books.happened += [
        turned(worse, IncidentTurn.WORSENED, "1 more link.", run="r1"),
        turned(worse, IncidentTurn.FLAPPING, "It comes and goes.", run="r2"),
    ]
    course.night()
    assert [path.rpartition("/")[2] for _, path, _ in course.writes()] == ["comments", "1"]
    assert course.comments()[0].splitlines()[1:] == ["- 1 more link.", "- It comes and goes."]
    assert "site.example/b" in course.issues[1].body
    course.night()
    assert course.writes() == []


def test_the_title_and_the_severity_follow_the_trouble(course):
    course.knows(incident("a", reason=Reason.MOVED, status=Status.WARNING))
    course.how["warnings"] = True
    course.check()
    assert course.issues[1].labels == ["link-health", "severity: warning"]
    course.human().label(1, "help wanted")
    course.knows(incident("a"))
    course.night()
    assert course.issues[1].title == "Broken: Not found – site.example/a"
    assert course.issues[1].labels == ["link-health", "help wanted", "severity: broken"]


def test_warnings_get_issues_only_where_that_is_wished(course):
    course.knows(incident("a", reason=Reason.MOVED, status=Status.WARNING))
    course.check()
    assert not course.issues
    course.night(warnings=True)
    assert course.issues[1].title == "Warning: Moved – site.example/a"


def test_a_warning_that_stays_is_not_written_every_day(course):
    warned = incident("a", reason=Reason.MOVED, status=Status.WARNING)
    course.knows(warned)
    course.how["warnings"] = True
    seen = course.books.seen.setdefault(warned.members[0].resource.id, [])
    course.check()
    for _ in range(3):
        course.writes()
        seen.append(Sighting(course.now, Reason.MOVED))
        course.night()
        assert course.writes() == []


def test_what_exceeds_a_run_waits_on_the_dashboard(course):
    course.knows(*(incident(name, member(name, links=n)) for n, name in enumerate("abcd", start=1)))
    course.check(max_new_issues=2)
    titles = [issue.title for issue in course.issues.values()]
    assert titles == [
        "Broken: Not found – site.example/d",
        "Broken: Not found – site.example/c",
        "Link health dashboard",
    ]
    assert course.issues[3].body.count("its issue waits for the next run") == 2
    course.writes()
    again = course.sync(max_new_issues=2)  # the limit is of a run, not of a call
    assert again.plan is not None
    assert again.plan.waiting == 2
    assert [method for method, *_ in course.writes()] == ["PATCH"]  # the numbers of the new ones
    course.night(max_new_issues=2)
    assert len(course.issues) == 5
    assert course.issues[3].state == "closed"
    course.writes()
    course.night(max_new_issues=2)
    assert course.writes() == []


def test_those_who_look_after_a_page_are_assigned(course):
    course.knows(incident("a", member(page="docs/it/week3.md")))
    course.check(assignees=[{"docs/it/*": ["ada", "tom"]}, {"docs/fr/*": "eve"}])
    assert course.issues[1].assignees == ["ada", "tom"]
    course.issues[1].assignees.remove("tom")
    course.writes()
    course.night()
    assert course.writes() == []


def test_who_cannot_be_assigned_is_told(course):
    course.knows(incident("a", member(page="docs/it/week3.md")))
    synced = course.check(assignees={"docs/it/*": "mabel"})
    assert synced.notes == (
        "Issue 1 could not be assigned to mabel: they need access to the repository.",
    )


def test_a_wider_cause_takes_over_the_first_issue_and_closes_the_others(course):
    one, two = incident("a", member("a")), incident("b", member("b"))
    course.knows(one, two)
    course.check()
    host = incident("host", member("a"), member("b"), called="site.example", opened_at=course.now)
    course.knows(
        host,
        replace(ended(one, Ending.MERGED), into=host.id),
        replace(ended(two, Ending.MERGED), into=host.id),
    )
    course.night()
    assert course.issues[1].title == "Broken: Not found – site.example"
    assert course.issues[1].state == "open"
    assert (course.issues[2].state, course.issues[2].state_reason) == ("closed", "not_planned")
    assert "is told in #1" in course.comments(2)[0]
    assert find(course.issues[2].body) is None
    course.writes()
    course.night()
    assert course.writes() == []


def test_merged_into_one_without_an_issue_yet_waits_for_it(course):
    one, two = incident("a", member("a")), incident("b", member("b"))
    course.knows(one)
    course.check()
    warned = replace(two, status=Status.WARNING)
    course.knows(warned, replace(ended(one, Ending.MERGED), into=two.id))
    course.night()
    assert course.issues[1].state == "open"
    assert course.issues[1].title == "Warning: Not found – site.example/b"


def test_a_muted_trouble_gets_no_issue_until_the_mute_is_over(course):
    course.knows(incident("a"))
    course.books.muted["m1"] = mute("https://site.example/*", until=NOON + 3 * DAY)
    course.books.happened.append(turned(incident("a"), IncidentTurn.OPENED))
    course.check()
    assert not course.issues
    for _ in range(4):
        course.night()
    assert len(course.issues) == 1


def test_an_issue_whose_trouble_is_muted_stays_and_says_so(course):
    course.knows(incident("a"))
    course.check()
    course.books.muted["m1"] = mute(of_incident(incident("a").id), until=NOON + 3 * DAY)
    course.night()
    assert find(course.issues[1].body).state == "muted"
    assert "> **Muted until 17 March 2026, 12:00 UTC** by ada: term is over." in (
        course.issues[1].body
    )
    course.night()
    course.night()
    assert "It is no longer muted, and it still fails." in course.comments()[0]
    assert find(course.issues[1].body).state == "broken"
    course.writes()
    course.night()
    assert course.writes() == []


def test_what_recovers_while_it_is_muted_is_closed_without_a_word(course):
    course.knows(incident("a"))
    course.check()
    course.books.muted["m1"] = mute(of_incident(incident("a").id))
    course.knows(ended(incident("a")))
    course.night()
    assert course.issues[1].state == "closed"
    assert course.comments() == []


def test_an_issue_that_could_not_be_closed_for_weeks_is_closed_at_last(course):
    course.knows(incident("a"))
    course.check()
    course.knows(ended(incident("a")))
    course.now += 60 * DAY
    course.night()
    assert course.issues[1].state == "closed"


def test_a_month_after_it_was_closed_there_is_a_new_issue(course):
    course.knows(incident("a"))
    course.check()
    course.knows(ended(incident("a"), at=course.now))
    course.night()
    course.now += 40 * DAY
    course.books.known.clear()
    course.knows(incident("a", id_="inc-new", opened_at=course.now))
    course.night()
    assert [issue.state for issue in course.issues.values()] == ["closed", "open"]


def test_both_ways_at_once(course):
    course.how["mode"] = ["incident", "dashboard"]
    course.knows(incident("a"))
    course.check()
    assert [issue.title for issue in course.issues.values()] == [
        "Broken: Not found – site.example/a",
        "Link health dashboard",
    ]
    course.night()
    assert "(1 link), #1, since" in course.issues[2].body
    course.knows(ended(incident("a")))
    course.night()
    assert course.issues[1].state == "closed"
    assert course.issues[2].state == "open"
    assert "**Nothing is broken.**" in course.issues[2].body
    assert DASHBOARD in course.books.tracks


def test_only_the_dashboard(course):
    course.how["mode"] = "dashboard"
    assert course.check().done == 0
    course.knows(incident("a"), incident("b", status=Status.WARNING, reason=Reason.MOVED))
    course.night()
    assert [issue.title for issue in course.issues.values()] == ["Link health dashboard"]
    assert course.issues[1].labels == ["link-health"]
    course.writes()
    course.night()
    assert course.writes() == []


def test_a_trouble_of_our_own_is_told(course):
    refused = incident(
        "key",
        status=Status.UNKNOWN,
        reason=Reason.OWN_CREDENTIAL,
        called="the key GOOGLE_API_KEY",
        detail="Google refuses it: API key not valid.",
    )
    course.knows(replace(refused, members=()))
    course.check()
    assert course.issues[1].title.endswith("– the key GOOGLE_API_KEY")
    assert course.issues[1].title.startswith("Needs you: ")
    assert course.issues[1].labels == ["link-health", "severity: ours"]
    assert "Google refuses it: API key not valid." in course.issues[1].body


def test_the_plan_is_what_is_written(course):
    course.knows(incident("a"), incident("b"), incident("c"))
    plan = course.plan().plan
    assert course.writes() == []
    assert course.books.tracks == {}
    course.check()
    assert course.writes() == [(w.method, w.path, w.sent) for w in plan.writes()]
    worse = replace(incident("b"), members=(member("b"), member("bb")))
    course.knows(ended(incident("a")), worse)
    course.books.happened.append(turned(worse, IncidentTurn.WORSENED, at=course.now))
    course.human().close(3, not_planned=True)
    course.now += timedelta(days=1)
    course.books.ran(course.now)
    plan = course.plan().plan
    course.writes()
    course.sync()
    written = course.writes()
    assert written == [(w.method, w.path, w.sent) for w in plan.writes()]
    assert [method for method, _, _ in written] == ["POST", "PATCH", "POST", "PATCH"]
    assert any(line.startswith("close #1") for line in plan.lines())
    assert any(line.startswith("mute incident:inc-c until") for line in plan.lines())

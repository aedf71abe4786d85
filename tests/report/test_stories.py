"""Incidents as people read them."""

from dataclasses import replace

import pytest

from monitor.core.causes import CauseKind
from monitor.core.incidents import Ending, Incident, IncidentId, IncidentTurn
from monitor.core.reasons import Reason
from monitor.core.states import Phase
from monitor.report.past import Past
from monitor.report.stories import stories
from tests.report.build import FINISHED, Course
from tests.report.lived import incident, member, mute, turn

A = "https://a.example/"


def past(*incidents: Incident, **more: object) -> Past:
    return replace(Past(until=FINISHED.date(), incidents=incidents), **more)  # type: ignore[arg-type]


def members(*phases: Phase) -> list[object]:
    course = Course()
    for n in range(len(phases)):
        course.link(f"{A}{n}", Reason.GONE)
    return [member(f, 5, p) for f, p in zip(course.findings(), phases, strict=True)]


OUT, WELL = Phase.CONFIRMED, Phase.HEALTHY


@pytest.mark.parametrize(
    ("one", "stands"),
    [
        pytest.param(
            incident(members=members(OUT)),
            "open since 12 February 2026, 06:30 UTC",
            id="one resource",
        ),
        pytest.param(
            incident(members=members(OUT, OUT)),
            "open since 12 February 2026, 06:30 UTC, 2 resources affected",
            id="several",
        ),
        pytest.param(
            incident(members=members(OUT, WELL, WELL), flapping=True),
            "open since 12 February 2026, 06:30 UTC, 1 of 3 resources still affected,"
            " comes and goes",
            id="some have recovered",
        ),
        pytest.param(
            incident(closed=2),
            "closed on 12 March 2026, 06:30 UTC: it works again",
            id="recovered",
        ),
        pytest.param(
            replace(incident(closed=2), ending=Ending.UNLINKED),
            "closed on 12 March 2026, 06:30 UTC: your pages no longer link to it",
            id="mended by the owner",
        ),
        pytest.param(
            replace(incident(closed=2), ending=None),
            "closed on 12 March 2026, 06:30 UTC",
            id="closed for a reason that is not known",
        ),
    ],
)
def test_how_an_incident_stands(one: Incident, stands: str) -> None:
    (story,) = stories(past(one))
    assert story.stands == stands


def test_the_open_come_first_the_worst_and_newest_before_the_others() -> None:
    told = past(
        incident("closed", closed=3),
        incident("closed later", closed=1),
        incident("warned"),
        incident("muted", reason=Reason.GONE),
        incident("broken", reason=Reason.GONE, opened=9),
        incident("broken lately", reason=Reason.GONE, opened=1),
    )
    muted = next(each for each in told.incidents if each.cause.name == "muted")
    told = replace(told, muted_incidents={muted.id: mute("*")})
    assert [story.subject for story in stories(told)] == [
        *("broken lately", "broken", "warned", "muted", "closed later", "closed"),
    ]


def test_a_story_is_told_from_its_beginning_with_its_places() -> None:
    one = incident("the host a.example", kind=CauseKind.HOST, members=members(OUT, OUT))
    turns = (turn(one, IncidentTurn.WORSENED, 2, "2 now."), turn(one, IncidentTurn.OPENED, 5, "1."))
    (story,) = stories(past(one, stories={one.id: turns}))
    assert [each.sentence for each in story.turns] == ["1.", "2 now."]
    assert [place.label for place in story.places] == ["a.example/0", "a.example/1"]
    assert (story.title, story.subject, story.ailing) == ("Renamed", "the host a.example", 2)


def test_a_closed_incident_is_muted_no_more_and_each_has_its_anchor() -> None:
    one, other = incident("a", closed=1), incident("b")
    told = past(one, other, muted_incidents={one.id: mute("*"), other.id: mute("*")})
    first, second = stories(told)
    assert (first.mute is not None, second.mute) == (True, None)
    assert len({first.anchor, second.anchor}) == 2
    odd = replace(other, id=IncidentId('"><b>\ud800'))
    assert stories(past(odd))[0].anchor.isalnum()

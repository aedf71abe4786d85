"""Hours and days of which it is known beforehand that nobody wants to hear of trouble."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from monitor.config import Config
from monitor.core.incidents import IncidentTurn
from monitor.core.reasons import Reason
from monitor.core.states import Sighting
from monitor.issues.marker import find
from tests.issues.build import DAY, NOON, ended, incident, member, turned
from tests.issues.course import Course as Days

NIGHTS = {"reason": "The server is mended at night.", "hours": "22:00-06:00"}


@dataclass
class Course(Days):
    """A course whose configuration has maintenance at night."""

    def config(self, **how: object) -> Config:
        window = Config.model_validate({"maintenance": [NIGHTS]}).maintenance
        return super().config(**how).model_copy(update={"maintenance": window})

    def at(self, day: int, hour: int) -> None:
        """Let a run have ended, and keep the issues."""
        self.now = NOON.replace(hour=hour) + day * DAY
        self.check()


@pytest.fixture
def course(course: Days) -> Course:
    return Course(course.world)


def test_an_issue_is_not_written_to_as_the_hours_come_and_go(course):
    course.knows(incident("a"))
    course.check()
    course.writes()
    for day in (1, 2, 3):
        for hour in (3, 9, 15, 23):
            course.at(day, hour)
    assert course.writes() == []
    assert find(course.issues[1].body).state == "broken"


def test_nor_is_the_dashboard(course):
    course.how["mode"] = "dashboard"
    course.knows(incident("a"))
    course.check()
    course.writes()
    for hour in (3, 9, 23):
        course.at(1, hour)
    assert course.writes() == []


def test_nothing_is_filed_or_said_in_these_hours(course):
    course.knows(incident("a"))
    course.at(1, 3)
    assert not course.issues
    course.at(1, 9)
    assert len(course.issues) == 1
    worse = incident("a", member("a"), member("b"))
    course.knows(worse)
    course.books.happened.append(
        turned(worse, IncidentTurn.WORSENED, "1 more.", at=course.now + timedelta(hours=1))
    )
    course.at(1, 23)
    assert course.comments() == []
    assert "site.example/b" in course.issues[1].body


def test_a_recovery_seen_in_these_hours_is_told_with_its_evidence(course):
    broken = incident("a")
    course.knows(broken)
    course.check()
    course.books.seen[broken.members[0].resource.id] = [
        Sighting(NOON - DAY, Reason.NOT_FOUND),
        Sighting(NOON + DAY, Reason.ALIVE),
    ]
    course.knows(ended(broken, at=NOON + DAY))
    course.at(1, 23)
    assert course.issues[1].state == "closed"
    assert "It works again: seen well on 1 check." in course.comments()[0]

"""A world that only serves GitHub's issues, and a course in it."""

from collections.abc import Iterator

import pytest

from tests.issues.course import Course
from tests.world.server import World
from tests.world.thread import WorldThread


@pytest.fixture(scope="session")
def github() -> Iterator[World]:
    with WorldThread() as world:
        yield world


@pytest.fixture
def course(github: World) -> Iterator[Course]:
    github.issues.trackers.clear()
    github.issues.mend()
    github.issues.calls.clear()
    github.complaints.clear()
    yield Course(github)
    assert not github.complaints

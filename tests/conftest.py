"""What all tests share: calm about time, and GitHub's own word on every call to its issues."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgresql import Cluster, running
from tests.world import openapi
from tests.world.described import Described, held

settings.register_profile("calm", deadline=None, max_examples=60)  # the machine may be busy
settings.load_profile("calm")

HERE = Path(__file__).parent

LONG = (
    "year",
    "kill_loop",
    "test_two_databases.py",
    "report/test_in_browser.py",
    "end_to_end/test_scenarios.py",
)
"""What takes longest begins first, so that at the end no core waits for it alone."""

UNMEASURED = (
    "year",
    "core/test_states_laws.py",
    "core/test_carrying_on_laws.py",
    "end_to_end/test_scenarios.py",
)
"""Tests of the same code over and over, which the tests beside it cover wholly: without coverage
they take half as long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order tests by how long they take, and measure coverage where it may tell something."""
    items.sort(key=lambda item: not _is_of(LONG, item))
    for item in items:
        if _is_of(UNMEASURED, item):
            item.add_marker(pytest.mark.no_cover)


def _is_of(places: tuple[str, ...], item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(HERE / place) for place in places)


@pytest.fixture(autouse=True)
def described() -> Iterator[Described]:
    """Fail a test whose calls to GitHub's issues, or their answers, are not as GitHub says."""
    with held() as watching:
        yield watching
    assert not watching.violations, "\n".join(watching.violations)


@pytest.fixture
def description() -> openapi.Description:
    """Return GitHub's description; without it the test is skipped, aloud."""
    found = openapi.description()
    if found is None:
        pytest.skip(openapi.missing())
    return found


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Give a PostgreSQL server; where none is installed the test is skipped, aloud."""
    with running() as started:
        yield started


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last what was not tested."""
    if openapi.description() is None and not hasattr(config, "workerinput"):
        config.get_terminal_writer().line(openapi.missing(), yellow=True)

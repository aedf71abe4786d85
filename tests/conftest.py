"""What all tests share: calm about time, and GitHub's own word on every call to its issues."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgresql import Cluster, running
from tests.world import openapi
from tests.world.described import Described, held

settings.register_profile("calm", deadline=None)  # the machine may be busy
settings.load_profile("calm")


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

"""Watches calls to GitHub's issues, and holds them against GitHub's own description."""

import contextlib
from collections.abc import Iterator

from tests.world import openapi
from tests.world.github_issues import GitHubIssues, Made


class Described:
    """What was held against the description, and what is not as it says.

    `violations` are sentences, `held` counts the calls; nothing is held where no description was
    fetched. Whoever sends what GitHub must refuse sets `calls` to False; the answers are held
    against the description all the same.
    """

    def __init__(self) -> None:
        self.calls = True
        self.held = 0
        self.violations: list[str] = []

    def watch(self, host: GitHubIssues, made: Made) -> None:
        """Hold one call against its host's description.

        A cut connection, or a page where an answer is due, is no answer of the API; these faults
        are left out by their kind, and nothing else is.
        """
        described = openapi.description(openapi.ENTERPRISE if host.enterprise else openapi.GITHUB)
        if described is None:
            return
        self.held += 1
        answered = made.fault is None or made.fault.is_api_answer
        self.violations += described.violations(made, called=self.calls, answered=answered)


@contextlib.contextmanager
def held() -> Iterator[Described]:
    """Watch every call to every world's issues meanwhile; whoever asks judges the violations."""
    watching = Described()
    GitHubIssues.watchers.append(watching.watch)
    try:
        yield watching
    finally:
        GitHubIssues.watchers.remove(watching.watch)

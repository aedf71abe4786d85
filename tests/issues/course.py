"""A course whose links are watched over days, in a world: time is moved, never waited for."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.incidents import Incident
from monitor.core.model import ResourceId
from monitor.issues.sync import Synced, planned, sync
from tests.issues.build import NOON, REPO, Books, config
from tests.world.github_humans import Human
from tests.world.github_tracker import Issue, IssueTracker
from tests.world.server import World

PEOPLE = {"ada": "write", "eve": "read", "tom": "triage"}


@dataclass
class Course:
    """One instance of Linkwell and its repository. `now` goes on by the methods."""

    world: World
    books: Books = field(default_factory=Books)
    now: datetime = NOON
    token: str | None = None
    how: dict[str, object] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    accepted: list[ResourceId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world.issues.now = lambda: self.now
        self.tracker: IssueTracker = self.world.tracker(REPO, collaborators=PEOPLE)
        if self.token is None:
            self.token = self.world.issues.actions_token(REPO)

    def human(self, login: str = "ada") -> Human:
        return self.tracker.human(login)

    def knows(self, *incidents: Incident) -> None:
        self.books.knows(*incidents)

    def night(self, **how: object) -> Synced:
        """Let a day go by, with a run that counts, and the issues kept after it."""
        self.now += timedelta(days=1)
        return self.check(**how)

    def check(self, **how: object) -> Synced:
        self.books.ran(self.now)
        self.now += timedelta(minutes=1)
        return self.sync(**how)

    def sync(self, **how: object) -> Synced:
        self.world.issues.now = lambda: self.now
        return sync(
            self.config(**how),
            self.books,
            lambda: self.now,
            accept=self._accept,
            sleep=self._sleep,
        )

    def plan(self, **how: object) -> Synced:
        return planned(self.config(**how), self.books, lambda: self.now, sleep=self._sleep)

    def config(self, **how: object):
        return config(self.world, self.token, **{**self.how, **how})

    def writes(self) -> list[tuple[str, str, object]]:
        """What was written since this was last asked for."""
        made = [
            (each.method, each.path, each.body) for each in self.world.issues.writes if each.done
        ]
        self.world.issues.calls.clear()
        return made

    @property
    def issues(self) -> dict[int, Issue]:
        return self.tracker.issues

    def comments(self, number: int = 1) -> list[str]:
        return [each.body for each in self.issues[number].comments]

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def _accept(self, id_: ResourceId) -> str | None:
        self.accepted.append(id_)
        return None

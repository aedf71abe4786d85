"""The simulated year lived through: each night's world, its runs, and what people do at noon."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.world.described import Described, held
from tests.world.github_tracker import IssueTracker
from tests.world.server import World
from tests.world.thread import WorldThread
from tests.year.acting import act
from tests.year.instance import Clock, Instance
from tests.year.ledger import Ledger
from tests.year.plan import BadNight, Plan, Visit
from tests.year.worldly import Scenery

BOTS = ("github-actions[bot]", "linkbot")
"""Who writes for the first instance, and who for the second."""


class Year:
    """A plan while it is lived through. `folder` keeps what comes of it; `odd` is what is amiss
    besides the deeds: what was written and not planned, runs that count or do not count wrongly.
    """

    def __init__(self, plan: Plan, folder: Path, world: World, described: Described) -> None:
        self.plan = plan
        self.world = world
        self.described = described
        self.clock = Clock(plan.at(0))
        self._folder = folder
        self._scenery = Scenery(plan, folder)
        world.issues.now = self.clock.now
        people = {**plan.people, BOTS[1]: "write"}
        self.tracker: IssueTracker = world.tracker(plan.tracker, collaborators=people)
        self.ledger = Ledger(self.tracker, BOTS)
        self.instances = [self._instance(world.issues.actions_token(plan.tracker), "history")]
        self.odd: list[str] = []
        self.writes: dict[int, int] = {}
        """How much was written to GitHub in each night."""

    @classmethod
    @contextmanager
    def of(cls, plan: Plan, folder: Path) -> Iterator[Self]:
        """Lend a year in a world of its own, before its first night."""
        with WorldThread() as world, held() as described:
            year = cls(plan, folder, world, described)
            try:
                yield year
            finally:
                for instance in year.instances:
                    instance.history.close()

    def live(self) -> Iterator[Visit]:
        """Live through all nights; yields each run once it is done, with its issues."""
        visits = list(self.plan.visits())
        for n, visit in enumerate(visits):
            self._visit(visit)
            yield visit
            if n + 1 == len(visits) or visits[n + 1].night != visit.night:
                self._noon(visit.night)

    def _visit(self, visit: Visit) -> None:
        plan, night = self.plan, visit.night
        ours, bad = plan.ours.get(night, ""), plan.bad.get(night)
        if visit.instance == len(self.instances):
            token = self.world.issues.personal_token(BOTS[1])
            self.instances.append(self._instance(token, "second"))
        if plan.at(night) == visit.at and night in plan.renamed:
            self.tracker.rename(plan.renamed[night])
        self._scenery.write_page(night)
        self.world.become(self._scenery.state(night, visit.at))
        self.clock.set(visit.at)
        instance = self.instances[visit.instance]
        run = instance.check(ours)
        self._expect_validity(instance, run, ours, night)
        before = len(self.world.issues.writes)
        if not ours:  # of a run that does not count nobody is told
            met = bad if visit.instance == 0 else None  # the second finds GitHub mended
            lags = bad is not None and bad.meets == "lists"
            instance.keep_issues(
                lambda: self._meet(met), "lists" if lags else met.meets if met else ""
            )
        written = len(self.world.issues.writes) - before
        self.writes[night] = self.writes.get(night, 0) + written
        self.world.issues.mend()
        self.tracker.lag = 0
        marks = {name: plan.address(name, night) for name in plan.links}
        marks |= {each.key: each.key for each in plan.troubles if each.key}
        self.ledger.look(night, marks)

    def _instance(self, token: str, store: str) -> Instance:
        return Instance(
            self.world,
            self.clock,
            self._folder,
            tracker=self.plan.tracker,
            token=token,
            store=f"{store}.sqlite3",
        )

    def _meet(self, bad: BadNight | None) -> None:
        """Let GitHub have its bad night."""
        if bad is not None and bad.meets == "lists":
            self.tracker.lag = 2
        elif bad is not None:
            self.world.issues.fail(bad.kind, writes=bad.meets == "writes", **bad.how)

    def _noon(self, night: int) -> None:
        """Let people do what they do; each with the newest issue about a link."""
        self.clock.set(self.plan.noon(night))
        for what in self.plan.acts_of(night):
            mark = self.plan.links[what.on]
            numbers = [
                deed.number
                for deed in self.ledger.deeds
                if what.on in deed.shows and deed.number in self.tracker.issues
            ]
            if not numbers:
                self.odd.append(f"night {night}: there is no issue about {mark} to {what.does}")
                continue
            act(self.tracker, what, self.tracker.issues[numbers[-1]])

    def _expect_validity(self, instance: Instance, run: str, ours: str, night: int) -> None:
        found = next(each for each in instance.history.runs(most=3) if each.id == run)
        if found.valid == bool(ours):
            why = found.invalid_reason or "it counts"
            self.odd.append(f"night {night}: {ours or 'nothing is amiss with us'}, but: {why}")

"""One Linkwell of the simulated year: its own history, its own key, its own clock's errors."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from monitor.config import Config, Network, load
from monitor.core.model import RunId
from monitor.doors import Doors, opened
from monitor.gather import Wish
from monitor.issues.actions import Plan as IssuePlan
from monitor.issues.sync import Synced, accepting, planned, sync
from monitor.net.fetch import Fetch
from monitor.net.validators import Validators
from monitor.run import run
from monitor.store.history import History
from tests.end_to_end.running import Quiet
from tests.world import keys
from tests.world.server import World
from tests.year.worldly import READING

PATIENT = {
    "connect_timeout": "5s",
    "read_timeout": "2s",
    "link_budget": "10s",
    "attempts": 2,
    "longest_wait": "20ms",
    "starts_per_second": 1000,
    "per_host": 8,
}
"""Patience enough for a busy machine, and no more: silence is planted too."""

JUMPS = {"clock jumps forward": timedelta(hours=3), "clock jumps back": timedelta(hours=-3)}

CONFIG = """\
sources:
  - path: syllabus.md
    base_url: https://meadow.example/course/
    name: syllabus
  - url: {reading}
    name: reading
states: patient
issues:
  repository: {tracker}
  enabled: false
  mode: [incident, dashboard]
  warnings: true
  assignees: {{"*": ada}}
credentials:
  github_issues: ${{ISSUES_TOKEN}}
store:
  path: {store}
  keep: 366d
report:
  directory: .
"""


class Clock:
    """The time of the simulated year: it goes on by itself, except while it is held."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()
        self.held = False

    def set(self, at: datetime) -> None:
        """Let it be a certain time."""
        self._at, self._began = at, time.monotonic()

    def now(self) -> datetime:
        """Return the present instant."""
        gone = 0.0 if self.held else time.monotonic() - self._began
        return self._at + timedelta(seconds=gone)


class Instance:
    """Runs and keeps issues, on one history; `token` is the one that writes issues."""

    def __init__(
        self, world: World, clock: Clock, folder: Path, *, tracker: str, token: str, store: str
    ) -> None:
        self._world = world
        self._clock = clock
        file = folder / ("config.yaml" if store == "history.sqlite3" else f"{store}.yaml")
        file.write_text(CONFIG.format(reading=READING, tracker=tracker, store=store), "utf-8")
        loaded = load(file, {**keys.ENVIRONMENT, "ISSUES_TOKEN": token})
        proxies = {"http_proxy": world.proxy_url, "https_proxy": world.proxy_url}
        direct = {"http_proxy": "none", "https_proxy": "none", "allow_private": True}
        self._syncing = self._with(loaded, proxies)
        self.config = self._with(loaded, direct)
        self.history = History.open(loaded.store.path)
        self.runs: list[RunId] = []
        self.odd: list[str] = []
        self.held = 0
        """How often what was planned was what was then written."""

    def _with(self, config: Config, reached: Mapping[str, Any]) -> Config:
        network = {**PATIENT, **reached, "ca_file": self._world.ca_file}
        return config.model_copy(update={"network": Network.model_validate(network)})

    def check(self, ours: str) -> RunId:
        """Run once and return the run's id; `ours` tells how our clock may go wrong."""
        wish = Wish(sources=self.config.sources, configured=True)
        id_ = run(
            self.config,
            wish,
            self.history,
            Quiet(),
            self._reached,
            _jumping(self._clock.now, JUMPS.get(ours, timedelta(0))),
        )
        self.runs.append(id_)
        return id_

    def keep_issues(self, meet: Callable[[], None], bad: str) -> Synced:
        """Bring the issues up to date; holds what was written against the plan made before.

        `meet` lets GitHub's bad night begin, `bad` is what it meets, "" for nothing: then only
        the beginning of the plan may be done. Lists that lag show two instances different things.
        """
        self._clock.held = True
        plan = planned(self._syncing, self.history, self._clock.now).plan
        meet()
        before = len(self._world.issues.calls)
        synced = sync(
            self._syncing,
            self.history,
            self._clock.now,
            accept=accepting(self.history),
            sleep=_no_sleep,
        )
        wrote = [
            _plain((each.method, each.path, each.body))
            for each in self._world.issues.calls[before:]
            if each.method != "GET"
        ]
        self._clock.held = False
        if bad != "lists":
            self.held += 1
            self._compare(_writes(plan), wrote, clean=not bad)
        return synced

    def _compare(self, meant: Sequence[Any], wrote: Sequence[Any], *, clean: bool) -> None:
        if not clean:
            wrote = [each for n, each in enumerate(wrote) if each not in wrote[:n]]  # asked again
            meant = meant[: len(wrote)]
        for n, (made, planned_one) in enumerate(zip_longest(wrote, meant)):
            if made != planned_one:
                self.odd.append(
                    f"{self._clock.now():%Y-%m-%d}: write {n} of {len(wrote)} was"
                    f" {_shown(made, planned_one)}, planned was {_shown(planned_one, made)}"
                )
                return

    def _reached(
        self, config: Config, validators: Validators | None = None
    ) -> AbstractAsyncContextManager[Doors]:
        fetching = partial(Fetch, resolver=self._world.resolver())
        return opened(config, validators, now=self._clock.now, fetching=fetching)


def _jumping(now: Callable[[], datetime], by: timedelta) -> Callable[[], datetime]:
    """Return a clock that jumps after it was read for the first time."""
    seen: list[datetime] = []

    def clock() -> datetime:
        seen.append(now())
        return seen[-1] + (by if len(seen) > 1 else timedelta(0))

    return clock


def _writes(plan: IssuePlan | None) -> list[Any]:
    writes = plan.writes() if plan is not None else ()
    return [_plain((each.method, each.path, each.sent)) for each in writes]


def _shown(write: Any, other: Any) -> str:
    """Return a write as far as it differs from another."""
    if not write or not other or write[:2] != other[:2]:
        return str(write)[:200]
    lines = str(other[2].get("body")).splitlines()
    more = [line for line in str(write[2].get("body")).splitlines() if line not in lines]
    rest = {name: value for name, value in write[2].items() if name != "body"}
    return f"{write[0]} {write[1]} {rest} {more}"[:600]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=dict))


async def _no_sleep(_: float) -> None:
    await asyncio.sleep(0)

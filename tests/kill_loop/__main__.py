"""`make kill-loop`: `linkwell check` killed a hundred times, and nothing lost, nothing told twice.

`python -m tests.kill_loop [--kills N] [--seed N]`. The command is a child process; the world, its
GitHub and its mailbox are here. Each round is eight hours later: something breaks, something mends,
the child is started and killed: at an instant that chance chooses over the whole of its life, or
over what is left of it once it asks; or in the very moment when a write to GitHub was carried out,
or a letter had arrived, and the child does not know it yet. Then it is started again, now and then
to its end.
"""

import argparse
import random
import secrets
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config import load
from tests.kill_loop.checks import Checks, Found
from tests.kill_loop.killing import Ended, Start
from tests.kill_loop.post import HOST, Post
from tests.kill_loop.story import markdown, planted, state
from tests.world.described import held
from tests.world.github_issues import Made
from tests.world.server import World
from tests.world.thread import WorldThread

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "meadow/course"
STEP, REST = timedelta(hours=8), timedelta(days=2)
"""How much time goes by from round to round; and in the last ones, until all claims, and all pauses
after failures, are over."""
CONFIG = f"""\
sources:
  - path: page.md
    base_url: https://meadow.example/
    name: page
states: {{preset: strict, flaps: 100}}
issues: {{repository: {REPOSITORY}, max_new_issues: 50}}
credentials: {{github_issues: "${{ISSUES_TOKEN}}"}}
alerts: [{{name: post, url: "${{POST_URL}}", digest: false}}]
store: history.sqlite3
report: {{directory: reports, formats: [json]}}
network: {{starts_per_second: 1000, attempts: 1}}
"""


class Loop:
    """The loop while it goes on. `where` counts at which stage the kills fell."""

    def __init__(self, world: World, folder: Path, kills: int, chance: random.Random) -> None:
        self._world = world
        self._folder = folder
        self._chance = chance
        self._kills = kills
        self._life = self._rest = 5.0
        self._shift = timedelta(0)
        self.round = 0
        self._ended_well = True
        self.where: Counter[str] = Counter()
        self.whole: list[int] = []
        self.odd: list[str] = []
        self.post = Post()
        self.breaks = planted(chance, kills)
        world.serve(self.post)
        world.issues.now = lambda: datetime.now(UTC) + self._shift
        self.tracker = world.tracker(REPOSITORY)
        self.environment: Mapping[str, str] = {
            **world.environment(),
            "ISSUES_TOKEN": world.issues.actions_token(REPOSITORY),
            "POST_URL": f"jsons://{HOST}/letters",
        }
        (folder / "config.yaml").write_text(CONFIG, "utf-8")
        (folder / "page.md").write_text(markdown(self.breaks), "utf-8")

    @property
    def days(self) -> int:
        """Return how much time has gone by in the child's world."""
        return self._shift.days

    def go(self) -> None:
        """Kill as often as asked for; the first rounds and the last ones are left in peace."""
        self._next()
        self._let_live()
        while self.where.total() < self._kills:
            self._next()
            self._kill(self._chance.choice(("life", "asking", "asking", *self._moments())))
            if self._chance.random() < 0.2:
                self._let_live()
        for _ in range(3):
            self._next(REST)
            self._let_live()

    def _next(self, step: timedelta = STEP) -> None:
        self.round += 1
        self._shift += step
        self.post.round = self.round
        self._world.become(state(self.breaks, self.round))

    def _start(self) -> Start:
        return Start(self._folder, self._shift.total_seconds(), self.environment)

    def _moments(self) -> tuple[str, ...]:
        """Return the moments that may come in this round: where something is to be told."""
        changed = any(self.round in {each.begins, each.ends} for each in self.breaks.values())
        return ("write", "letter") if changed or not self._ended_well else ()

    def _let_live(self) -> None:
        """Let a start come to its end."""
        start = self._start()
        asks = self._asks(start)
        self._lived(start.wait(), asks)

    def _lived(self, ended: Ended, asks: float) -> None:
        """Note what a start that came to its end was like; `asks` is when it began to ask."""
        self._ended_well = ended.code in {0, 1}
        self._life = (self._life + ended.took) / 2
        self._rest = (self._rest + ended.took - asks) / 2
        self.whole.append(self.round)
        if not self._ended_well:
            self.odd.append(f"round {self.round} ended with {ended.code}: {ended.said[-1000:]}")

    def _asks(self, start: Start) -> float:
        """Wait until a start asks for the first time, or ends; return after how many seconds."""
        before, began = len(self._world.requests), time.monotonic()
        while len(self._world.requests) == before and start.lives:
            time.sleep(0.005)
        return time.monotonic() - began

    def _kill(self, when: str) -> None:
        """Kill a start at a random instant of its life or its asking, or in a certain moment."""
        before = self._seen()
        start = self._start()
        instant: float | None = None
        match when:
            case "life":
                instant = self._chance.uniform(0, self._life)
            case "asking":
                self._asks(start)
                instant = self._chance.uniform(0, self._rest)
            case _:
                self._kill_when(when, start.kill)
        ended = start.wait(instant)
        self._world.issues.after_call = self.post.arrived = None
        self._ended_well = not ended.killed
        if ended.killed:
            self.where[self._stage(before, when)] += 1
        else:
            self._lived(ended, ended.took - self._rest)

    def _kill_when(self, when: str, kill: Callable[[], None]) -> None:
        """Let the next write that is carried out, or one soon after, be the end; or a letter."""
        left = self._chance.choice((0, 0, 1, 2))

        def called(made: Made) -> None:
            nonlocal left
            if made.method != "GET" and made.done:
                left -= 1
                if left < 0:
                    kill()

        if when == "write":
            self._world.issues.after_call = called
        else:
            self.post.arrived = kill

    def _seen(self) -> tuple[int, int, int, int]:
        return (
            *_runs(self._folder / "history.sqlite3"),
            len(self._world.issues.calls),
            len(self.post.letters),
        )

    def _stage(self, before: tuple[int, int, int, int], when: str) -> str:
        """Return at which stage a start was killed, by what it left."""
        runs, finished, calls, letters = (n - m for n, m in zip(self._seen(), before, strict=True))
        if when in _MOMENTS:
            return _MOMENTS[when]
        if letters:
            return "after a letter"
        if calls:
            return "while keeping issues, or alerting"
        if finished:
            return "between its conclusion and telling"
        return "while asking, or concluding" if runs else "before the run began"


_MOMENTS = {
    "write": "just when a write to GitHub was carried out",
    "letter": "just when a letter had arrived",
}


def _runs(path: Path) -> tuple[int, int]:
    """Return how many runs history holds, and how many of them have ended."""
    with sqlite3.connect(path) as database:
        try:
            found = database.execute("SELECT count(*), count(finished_at) FROM runs").fetchone()
        except sqlite3.OperationalError:
            return 0, 0
    return found[0], found[1]


def main(words: Sequence[str] | None = None) -> int:
    """Run the loop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill_loop", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--output", type=Path, default=ROOT / "reports" / "kill-loop")
    given = parser.parse_args(words)
    _say(f"seed {given.seed}")
    output: Path = given.output.resolve()
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    began = time.monotonic()
    with WorldThread() as world, held() as described:
        loop = Loop(world, output, given.kills, random.Random(given.seed))
        loop.go()
        took = time.monotonic() - began
        shutil.rmtree(output / "compiled")
        letters = (
            f"round {each.round}: {each.subject}\n\n{each.body}" for each in loop.post.letters
        )
        (output / "letters.txt").write_text("\n\n=====\n\n".join(letters), "utf-8")
        config = load(output / "config.yaml", loop.environment)
        found = Checks(config, loop.tracker, loop.post.letters, loop.breaks, loop.whole).all()
    wrong = [*loop.odd, *found.wrong, *described.violations[:20], *world.complaints[:20]]
    for line in wrong:
        _say(f"WRONG: {line}")
    _tell(loop, found, took)
    _say(f"wrong {len(wrong)} (seed {given.seed})")
    return 1 if wrong else 0


def _tell(loop: Loop, found: Found, took: float) -> None:
    for stage, times in sorted(loop.where.items()):
        _say(f"  killed {stage}: {times}")
    lived = f"{len(loop.whole)} starts left in peace"
    _say(f"  {loop.round} rounds, {loop.days} simulated days, {lived}, {took:.0f} s")
    _say(
        f"killed {loop.where.total()} times; {found.finished} of {found.runs} runs finished;"
        f" {found.incidents} incidents, {found.transitions} transitions, {found.issues} issues,"
        f" {found.letters} letters, {found.again} of them again after a kill in the very moment,"
        f" {found.never} over before anybody could be told"
    )


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - for whoever started it


if __name__ == "__main__":
    raise SystemExit(main())

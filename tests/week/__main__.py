"""`make week`: two daemons and a cron job on one history, through a compressed week.

`python -m tests.week [--night SECONDS] [--output FOLDER]`. In it a config is broken and mended
(SIGHUP), a daemon is killed, a daemon is told to stop (SIGTERM), and the holder of the lock is
killed. Then the runs and the questions that came are held against what the schedules ask. Ends
with 0 where all is as it should be.
"""

import argparse
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.core.model import ResourceId
from monitor.store.history import History
from monitor.store.leases import is_alive
from tests.end_to_end.command import environment
from tests.week.oracle import Ran, Rules, askings, nights_missed, overlaps
from tests.week.parts import PYTHON, Cron, Daemon, kill
from tests.world.thread import WorldThread

ROOT = Path(__file__).resolve().parents[2]
HOST = "site.example"
WISHED = "/a"
LATER, LOST = "/later", "/lost"
WORKING = (WISHED, *(f"/{n}" for n in range(9)))
LINKS = (*WORKING, LOST)
WORLD = {"sites": {HOST: {"pages": {each: each for each in (*WORKING, LATER)}}}}
LATENCY = timedelta(seconds=0.2)
"""Of each answer, so that a run takes its time, and is met in its middle."""
NIGHTS = 7
TOGETHER = 1.0
"""Requests of one asking come within so many seconds."""

LONGEST = 235
"""How many seconds all of it may take."""


class Week:
    """The week, as it goes by."""

    def __init__(self, folder: Path, world: object, rules: Rules) -> None:
        self.folder, self.rules = folder, rules
        self.one = Daemon("one", folder, world)
        self.two = Daemon("two", folder, world)
        self.cron = Cron(rules.night * 1.3, folder, world)
        self.odd: list[str] = []
        self.wishes: list[float] = []
        self.killed_at: float | None = None
        self.later_at = 0.0
        self.drained = 0.0

    def config(self, text: str = "", pages: str = "page.md") -> None:
        """Write the configuration."""
        night, look = self.rules.night, self.rules.look
        (self.folder / "config.yaml").write_text(
            f"sources: [{pages}]\nstates: strict\nreport: {{formats: json}}\n"
            "network: {per_host: 1}\n"
            f"schedule: {{when: {night:g}s, rechecks: {look:g}s, jitter: 1s}}\n{text}"
        )

    def live(self) -> None:
        """Live through it."""
        began = time.time()
        self.one.start()
        self.two.start()
        self.cron.start()
        deeds: list[tuple[float, Callable[[], None]]] = [
            (0.9, self.break_config),
            (1.5, self.mend_config),
            (2.2, self.wish),
            (2.8, self.kill_a_daemon),
            (3.3, self.two.start),
            (3.9, self.stop_a_daemon),
            (4.3, self.one.start),
            (4.6, self.kill_the_holder),
        ]
        for night, deed in deeds:
            time.sleep(max(0.0, began + night * self.rules.night - time.time()))
            deed()
        last = began + NIGHTS * self.rules.night
        if self.killed_at is not None:  # it shows only afterwards
            last = max(last, self.killed_at + self.rules.night + self.rules.slack)
        time.sleep(max(0.0, last - time.time()))
        for each in (self.one, self.two):
            each.stop()
        self.cron.stop()

    def break_config(self) -> None:
        """Break the configuration, and have it read."""
        (self.folder / "config.yaml").write_text("sources: [page.md\nschedule: never\n")
        self.one.signal(signal.SIGHUP)
        self.until(lambda: self.one.told("reload-refused"), "a broken config was not refused")
        self.config()  # cron reads it too

    def mend_config(self) -> None:
        """Give it a page more."""
        self.config(pages="page.md, later.md")
        self.later_at = time.time()
        for each in (self.one, self.two):
            each.signal(signal.SIGHUP)
        self.until(lambda: self.one.told("reloaded"), "a right config was not taken")

    def wish(self) -> None:
        """Wish that a link be asked again."""
        with self.history() as history:
            history.recheck([ResourceId(f"web:https://{HOST}{WISHED}")])
        self.wishes.append(time.time())

    def kill_a_daemon(self) -> None:
        """Kill one of the daemons, in the middle of a run where it has one."""
        self.two.signal(signal.SIGKILL)

    def stop_a_daemon(self) -> None:
        """Tell one of the daemons to stop."""
        self.one.signal(signal.SIGTERM)
        self.drained, code = self.one.ended(30)
        if code != 0:
            self.odd.append(f"SIGTERM: it ended with {code} after {self.drained:.1f} s")

    def kill_the_holder(self) -> None:
        """Kill whoever runs, once somebody does."""
        with self.history() as history:
            until = time.time() + 2 * self.rules.night
            while (held := history.leased()) is None and time.time() < until:
                time.sleep(0.02)
            if held is None:
                self.odd.append("nobody held the lock, so nobody was killed")
                return
            time.sleep(self.rules.run / 3)  # it is in the middle of it
            kill(held.holder.pid)
            self.killed_at = time.time()

    def history(self) -> History:
        """Open the history."""
        return History.open(self.folder / ".linkwell" / "history.sqlite3")

    def until(self, what: Callable[[], object], otherwise: str) -> None:
        """Wait until something is so."""
        end = time.time() + self.rules.night
        while not what():
            if time.time() > end:
                self.odd.append(otherwise)
                return
            time.sleep(0.05)


def main() -> int:
    """Live through the week; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.week", description=__doc__)
    parser.add_argument("--night", type=float, help="how many seconds a night takes")
    parser.add_argument("--output", type=Path, default=ROOT / "reports" / "week")
    given = parser.parse_args()
    folder: Path = given.output.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "page.md").write_text("".join(f"[{x}](https://{HOST}{x}) " for x in LINKS))
    (folder / "later.md").write_text(f"[{LATER}](https://{HOST}{LATER})")
    began = time.monotonic()
    with WorldThread(WORLD, latency=LATENCY) as world:
        run = how_long(folder, world)
        night = given.night or min(max(12.0, 3 * run), (LONGEST - 20) / NIGHTS)
        say(f"A run takes {run:.1f} s here, so a night takes {night:.1f} s.")
        week = Week(folder, world, Rules(night=night, look=night / 3, run=run))
        week.config()
        world.requests.clear()
        first = time.time()
        week.live()
        last = time.time()
        wall = last - time.monotonic()
        asked = {
            link: once([r.at + wall for r in world.requests if (r.host, r.path) == (HOST, link)])
            for link in (*LINKS, LATER)
        }
    odd = [*week.odd, *judged(week, asked, first, last)]
    for line in odd:
        say(f"  ODD: {line}")
    took = time.monotonic() - began
    if took > LONGEST + 5:
        odd.append(f"it took {took:.0f} s")
    say(f"\nA week of {NIGHTS} nights in {took:.0f} s; all of it is in {folder}")
    say(f"odd: {len(odd)}")
    return 1 if odd else 0


def judged(week: Week, asked: dict[str, list[float]], first: float, last: float) -> Iterator[str]:
    """Yield all that is not as it should be, and tell of the runs."""
    runs = list(runs_of(week.folder))
    rules = week.rules
    say(f"\n{'night':>6}  {'run':<22}  {'took':>6}  {'asked':>5}  by")
    for run in runs:
        number = sum(
            run.began <= at <= (run.ended or week.killed_at or last)
            for each in asked.values()
            for at in each
        )
        took = f"{run.ended - run.began:6.1f}" if run.ended else "killed"
        night = (run.began - first) / rules.night
        say(f"{night:6.2f}  {run.name:<22}  {took}  {number:>5}  {who(week, run)}")
    yield from overlaps(runs, week.killed_at)
    number, missed = nights_missed(runs, rules, first, last)
    yield from missed
    wished = {WISHED: week.wishes}
    yield from askings(asked, runs, rules, last, wished)
    if (
        LATER in asked
        and asked[LATER]
        and asked[LATER][0] > week.later_at + rules.slack + rules.night
    ):
        yield "the page that came later was not read in time"
    yield from said(week)
    if week.killed_at is not None:
        after = [run.began for run in runs if run.began > week.killed_at and run.counts]
        if not after or after[0] - week.killed_at > rules.night + rules.slack:
            yield "after the holder was killed nobody ran in time"
    with sqlite3.connect(week.folder / ".linkwell" / "history.sqlite3") as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    if sound != "ok":
        yield f"the database says {sound}"
    with week.history() as history:
        held = history.leased()
        if held is not None and is_alive(held.holder):
            yield "the lock is held at the end"
    say(f"{number} whole nights, {len(runs)} runs; SIGTERM took {week.drained:.1f} s.")
    say(f"Questions: { {link: len(times) for link, times in asked.items()} }")


def said(week: Week) -> Iterator[str]:
    """Yield what the daemons and the cron job say that they should not, and tell of the rest."""
    lines = [line for each in (week.one, week.two) for line in each.lines]
    for each in (week.one, week.two):
        words = ""
        for line in each.lines:
            words = line["line"] if line["event"] == "run-said" else words
            wrong = line["event"] in {"no-json", "unexpected", "library", "run-not-started"}
            if wrong or line.get("outcome") == "failed":
                yield f"daemon {each.name} says: {line} {words}"
    for _, code, text in week.cron.codes:
        if code not in {0, 1, 3}:
            yield f"the cron job ended with {code}: {text!r}"
    outcomes = [line["outcome"] for line in lines if line["event"] == "run-ended"]
    told = ", ".join(f"{outcomes.count(each)} {each}" for each in sorted(set(outcomes)))
    say(f"\nThe daemons' runs: {told}.")
    say(f"The cron job's exit codes: {[code for _, code, _ in week.cron.codes]}.")


def once(times: Sequence[float]) -> list[float]:
    """Return instants, those of one asking as one: it may take two requests."""
    return [at for n, at in enumerate(times) if n == 0 or at - times[n - 1] > TOGETHER]


def who(week: Week, run: Ran) -> str:
    """Return who made a run, as far as somebody says so."""
    for each in (week.one, week.two):
        if any(line.get("run") == run.name for line in each.told("run-ended")):
            return f"daemon {each.name}"
    return "cron, or a daemon that was killed"


def runs_of(folder: Path) -> Iterator[Ran]:
    """Return the runs, by the rows of history."""
    with sqlite3.connect(folder / ".linkwell" / "history.sqlite3") as connection:
        query = "SELECT id, started_at, finished_at, invalid_reason FROM runs ORDER BY started_at"
        rows = connection.execute(query).fetchall()
    connection.close()
    for name, began, ended, why in rows:
        end = instant(ended) if ended else None
        yield Ran(name=name, began=instant(began), ended=end, counts=bool(ended) and why is None)


def instant(text: str) -> float:
    """Return a stored instant in seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def how_long(folder: Path, world: object) -> float:
    """Return how long a run takes on this machine, now; in a history of its own."""
    (folder / "config.yaml").write_text(f"sources: page.md\nstore: {folder}/try/history.sqlite3\n")
    began = time.monotonic()
    command = [*PYTHON, "check", "--due"]
    subprocess.run(
        command, cwd=folder, env=dict(environment(world)), check=False, capture_output=True
    )
    return time.monotonic() - began


def say(line: str) -> None:
    """Say something to whoever started it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())

"""`make soak`: the daemon under a compressed month of runs in the world.

`python -m tests.soak [--runs N] [--output FOLDER]`. Its memory, open files and the database are
measured at the start, in the middle and at the end. Ends with 0 where neither memory nor files
have grown, and what it does while it waits costs next to nothing.
"""

import argparse
import os
import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.week.parts import Daemon
from tests.world.thread import WorldThread

ROOT = Path(__file__).resolve().parents[2]
HOST = "site.example"
LINKS = tuple(f"/{n}" for n in range(20))
WORLD = {"sites": {HOST: {"pages": {each: each for each in LINKS[1:]}}}}
CONFIG = """\
sources: page.md
states: strict
report: {formats: [json]}
schedule: {when: 2s, rechecks: 2s, jitter: 0s, per_host_a_day: null}
"""

LONGEST = 225
"""How many seconds it may run."""

MOST_MEMORY = 120e6
GROWS = 2e6
"""How many bytes of memory the second half may add: the allocator's own coming and going."""

IDLE = 20.0
MOST_IDLE = 0.005
"""Of a processor, in so many seconds without a run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The daemon at one moment: bytes, open files, runs that ended, bytes of the database."""

    runs: int
    memory: int
    files: int
    database: int

    def __str__(self) -> str:
        return (
            f"{self.runs:>4} runs  {self.memory / 1e6:6.1f} MB  {self.files:>3} open files"
            f"  {self.database / 1e6:6.2f} MB in the database"
        )


def main() -> int:
    """Let it run for a month; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=31, help="so many runs at least")
    parser.add_argument("--output", type=Path, default=ROOT / "reports" / "soak")
    given = parser.parse_args()
    folder: Path = given.output.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "page.md").write_text("".join(f"[{x}](https://{HOST}{x}) " for x in LINKS))
    (folder / "config.yaml").write_text(CONFIG)
    with WorldThread(WORLD) as world:
        daemon = Daemon("it", folder, world)
        daemon.start()
        try:
            seen = lived(daemon, given.runs)
            idle = idling(daemon)
        finally:
            daemon.stop()
    start, middle, end = seen[1], seen[len(seen) // 2], seen[-1]
    for when, each in (("start", start), ("middle", middle), ("end", end)):
        say(f"{when:>7}: {each}")
    say(f"   idle: {idle:.3%} of a processor")
    wrong = []
    if end.runs < given.runs:
        wrong.append(f"only {end.runs} of {given.runs} runs in {LONGEST} s")
    if end.memory > MOST_MEMORY:
        wrong.append("it takes more than 120 MB")
    if end.memory - middle.memory > GROWS:
        wrong.append("its memory grows")
    if end.files > start.files:
        wrong.append("its open files grow")
    if idle > MOST_IDLE:
        wrong.append("it does not rest while it waits")
    outcomes = [line["outcome"] for line in daemon.told("run-ended")]
    if set(outcomes) - {"done", "idle", "stopped", "killed"}:
        wrong.append(f"runs failed: {sorted(set(outcomes))}")
    for line in wrong:
        say(f"  WRONG: {line}")
    say(f"wrong: {len(wrong)}")
    return 1 if wrong else 0


def lived(daemon: Daemon, runs: int) -> list[Measured]:
    """Measure the daemon after each run, until there were enough or time is over."""
    seen: list[Measured] = []
    began = time.monotonic()
    while time.monotonic() - began < LONGEST and (not seen or seen[-1].runs < runs):
        ended = len(daemon.told("run-ended"))
        if ended > (seen[-1].runs if seen else -1) and daemon.told("started"):
            seen.append(measured(daemon, ended))
        time.sleep(0.05)
    return seen


def measured(daemon: Daemon, runs: int) -> Measured:
    """Return how the daemon is now."""
    folder = Path("/proc") / str(daemon.process.pid)
    pages = int((folder / "statm").read_text().split()[1])
    database = (daemon.folder / ".linkwell").glob("*")
    return Measured(
        runs=runs,
        memory=pages * resource.getpagesize(),
        files=sum(1 for _ in (folder / "fd").iterdir()),
        database=sum(each.stat().st_size for each in database),
    )


def idling(daemon: Daemon) -> float:
    """Return what the daemon itself costs while no run goes on, of a processor."""
    rarely = CONFIG.replace("when: 2s, rechecks: 2s", "when: 9d, rechecks: 9d")
    (daemon.folder / "config.yaml").write_text(rarely)
    daemon.signal(signal.SIGHUP)
    until = time.monotonic() + 60
    while not daemon.told("reloaded") or not at_rest(daemon):
        if time.monotonic() > until:
            return 1.0
        time.sleep(0.1)
    before = cpu(daemon)
    time.sleep(IDLE)
    return (cpu(daemon) - before) / IDLE


def at_rest(daemon: Daemon) -> bool:
    """Return whether no run goes on, and none is about to."""
    kinds = [line["event"] for line in list(daemon.lines)]
    tail = kinds[kinds.index("reloaded") :]
    return "run-ended" in tail and len(daemon.told("run-started")) == len(daemon.told("run-ended"))


def cpu(daemon: Daemon) -> float:
    """Return the seconds that the daemon's process has had of a processor, its children not."""
    fields = (Path("/proc") / str(daemon.process.pid) / "stat").read_text().rpartition(")")[2]
    user, system = map(int, fields.split()[11:13])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def say(line: str) -> None:
    """Say something to whoever started it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())

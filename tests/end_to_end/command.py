"""The real command in a process of its own, in a world."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import prepared
from tests.world.server import World

ROOT = Path(__file__).parents[2]
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)


def environment(world: World | None) -> Mapping[str, str]:
    """Return the environment of a command: ours, moved into a world."""
    ours = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and k != "GITHUB_TOKEN"}
    return {**ours, **(world.environment() if world is not None else {}), "COLUMNS": "200"}


def linkwell(
    *arguments: str | Path, cwd: Path, world: World | None = None, stdin: str = "", **more: str
) -> Done:
    """Run a command to its end; `more` are variables of its environment."""
    around = {**environment(world), **more}
    words = list(map(str, arguments))
    code, out, err = prepared.run(words, cwd, around, stdin.encode(), LONGEST)
    return Done(code=code, out=out.decode(), err=err.decode())


def begun(*arguments: str | Path, cwd: Path, world: World) -> "subprocess.Popen[str]":
    """Start a command and return its process."""
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", *map(str, arguments)],
        cwd=cwd,
        env=dict(environment(world)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(process: "subprocess.Popen[str]", what: Callable[[], object]) -> None:
    """Wait until something is so while a command runs; fail where it ends or lasts too long."""
    until = time.monotonic() + LONGEST
    while not what():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until, "it has not come to this"
        time.sleep(0.01)


def report_in(folder: Path) -> Any:
    """Return the newest JSON report of a folder where a command ran."""
    return json.loads((folder / "reports" / "latest" / "report.json").read_text("utf-8"))

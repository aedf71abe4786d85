"""Where the files are, and what is asked of all of them: tools, commands, variables."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from monitor.cli import app
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.config.values import VARIABLE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
CONFIGS = {
    "postgresql": DEPLOY / "containers" / "postgresql" / "config.yaml",
    "sqlite": DEPLOY / "containers" / "sqlite" / "config.yaml",
    "systemd": UNITS / "config.yaml",
}

DRAINS = 30
"""Within how many seconds the daemon ends when it is told to, `daemon.drain` at its most."""


def run(tool: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a tool that checks files; where it is not installed the test is skipped, aloud."""
    beside = Path(sys.executable).parent
    found = shutil.which(tool, path=beside) or shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed here")
    return subprocess.run(
        [found, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


def said(done: "subprocess.CompletedProcess[str]") -> tuple[int, str]:
    """Return how a tool ended and all it said."""
    return done.returncode, f"{done.stdout}{done.stderr}".strip()


def understood(words: Sequence[str] | str) -> None:
    """Fail where the command line does not know a command or one of its options, or has no help."""
    given = shlex.split(words) if isinstance(words, str) else list(words)
    name, *rest = given[1:]
    assert Path(given[0]).name == "linkwell"
    group = typer.main.get_command(app)
    command = group.commands[name]
    context = command.make_context(name, rest)  # raises where an option is unknown
    assert command.get_help(context)


def read_by(config: str) -> set[str]:
    """Return the variables that are read with a configuration, by their names."""
    named = VARIABLE.findall(CONFIGS[config].read_text("utf-8"))
    return {*KNOWN_CREDENTIALS.values(), *named}

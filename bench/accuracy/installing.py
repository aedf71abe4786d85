"""Puts the rivals into a folder of their own; what cannot be had is left out."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence

from bench.accuracy.rivals import FOLDER, RIVALS, Rival

LONGEST = 120
"""Seconds for each step."""


def install(wanted: Iterable[Rival] = RIVALS) -> None:
    """Install whatever is not there yet, and say what could not be."""
    for rival in wanted:
        if rival.installed:
            continue
        print(f"{rival.name}: installing {rival.package} …", file=sys.stderr)
        if not all(_done(step) for step in _steps(rival)):
            print(f"{rival.name}: {rival.package} could not be installed", file=sys.stderr)


def _steps(rival: Rival) -> Sequence[Sequence[str]]:
    if rival.by_npm:
        options = ("--silent", "--no-audit", "--no-fund", "--prefix", str(FOLDER / "node"))
        return (("npm", "install", *options, rival.package),)
    folder = FOLDER / "python"
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    return (
        (sys.executable, "-m", "venv", str(folder)),
        (*pip, "install", "--quiet", rival.package),
    )


def _done(command: Sequence[str]) -> bool:
    """Run a step and return whether it ended well."""
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        done = subprocess.run(
            (program, *command[1:]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0

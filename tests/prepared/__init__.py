"""Linkwell in processes of its own that begin with everything imported already.

Importing takes a second of each run. Here one server imports it once, and forks a process for
each command: with the working directory, the environment and the files of whoever asks. Where
a beginning itself is tested, or a process is watched from outside, tests run `python -m monitor`.
"""

import atexit
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from tests.prepared.client import run_at

ROOT = Path(__file__).parents[2]
CLIENT = Path(__file__).with_name("client.py")
_LONGEST = 60


@cache
def server() -> Path:
    """Return the socket of this process' own server; it ends when this process does."""
    place = Path(tempfile.mkdtemp(prefix="linkwell-")) / "socket"
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.prepared.server", str(place)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
    )
    atexit.register(_end, started, place)
    until = time.monotonic() + _LONGEST
    while not place.exists():
        assert started.poll() is None, "the server of prepared processes did not start"
        assert time.monotonic() < until, "the server of prepared processes starts for ever"
        time.sleep(0.01)
    return place


def program(place: Path) -> str:
    """Return a script that is `linkwell` to a shell, for a file of that name."""
    return f'#!/bin/sh\nexec "{sys.executable}" -I -S "{CLIENT}" "{place}" "$@"\n'


def run(
    arguments: list[str], cwd: Path, environment: dict[str, str], stdin: bytes, longest: float
) -> tuple[int, bytes, bytes]:
    """Run a command to its end; returns its exit code, and what it said and complained."""
    with TemporaryFile() as given, TemporaryFile() as said, TemporaryFile() as complained:
        given.write(stdin)
        given.seek(0)
        files = [given.fileno(), said.fileno(), complained.fileno()]
        code = run_at(server(), arguments, str(cwd), environment, files, longest)
        for file in (said, complained):
            file.seek(0)
        return code, said.read(), complained.read()


def _end(started: "subprocess.Popen[bytes]", place: Path) -> None:
    started.communicate()  # the end of its input ends it
    place.unlink(missing_ok=True)
    place.parent.rmdir()

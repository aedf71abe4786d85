"""Starting the real command and killing it: at a random instant, or in the midst of telling."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 120
"""Seconds that a start may take before something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one start ended: by itself with a code, or by us (-9); after so many seconds."""

    code: int
    took: float
    said: str

    @property
    def killed(self) -> bool:
        """Return whether it was killed before its end."""
        return self.code == -9


class Start:
    """One start of `linkwell check`; `kill` may be called from any thread."""

    def __init__(self, folder: Path, shift: float, environment: Mapping[str, str]) -> None:
        self._began = time.monotonic()
        command = [sys.executable, "-m", "tests.kill_loop.child", str(shift), "check"]
        command += ["--config", str(folder / "config.yaml")]
        self._said = (folder / "said.txt").open("w+b")
        self._child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **_compiled(folder), "PYTHONPATH": str(ROOT), **environment},
            stdout=self._said,
            stderr=subprocess.STDOUT,
        )

    @property
    def lives(self) -> bool:
        """Return whether it has not ended yet."""
        return self._child.poll() is None

    def kill(self) -> None:
        """Kill it at once; nothing happens to one that has ended."""
        self._child.kill()

    def wait(self, seconds: float | None = None) -> Ended:
        """Wait until it ends, or kill it after so many seconds; returns how it ended."""
        try:
            self._child.wait(LONGEST if seconds is None else seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self._child.wait()
        took = time.monotonic() - self._began
        with self._said as said:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
        return Ended(code=self._child.returncode, took=took, said=text)


def _compiled(folder: Path) -> Mapping[str, str]:
    """Return what lets a start find what an earlier one compiled, however Python is installed."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}

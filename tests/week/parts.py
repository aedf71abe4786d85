"""The processes of the compressed week: daemons, a cron job, and what each of them said."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.end_to_end.command import environment
from tests.world.server import World

PYTHON = [sys.executable, "-m", "monitor"]


@dataclass(slots=True)
class Daemon:
    """A `linkwell watch` in a process of its own; `lines` is its log."""

    name: str
    folder: Path
    world: World
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        """Start it, anew where it was before."""
        process = subprocess.Popen(
            [*PYTHON, "watch"],
            cwd=self.folder,
            env=dict(environment(self.world)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.process = process
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                try:
                    self.lines.append({"heard": time.time(), **json.loads(line)})
                except ValueError:
                    self.lines.append({"heard": time.time(), "event": "no-json", "line": line})

    def signal(self, number: int) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def told(self, event: str) -> list[Mapping[str, Any]]:
        """Return what it said of one kind."""
        return [line for line in list(self.lines) if line["event"] == event]

    def ended(self, within: float) -> tuple[float, int | None]:
        """Wait for its end; returns how long that took, and its exit code or None."""
        assert self.process is not None
        began = time.monotonic()
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            code = None
        return time.monotonic() - began, code

    def stop(self) -> None:
        """See to it that it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGTERM)
            if self.ended(40)[1] is None:
                self.process.kill()


@dataclass(slots=True)
class Cron:
    """A cron job: `linkwell check --due` every now and then, each a process of its own."""

    every: float
    folder: Path
    world: World
    codes: list[tuple[float, int, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Start it."""
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End it, once its last run has ended."""
        self.over.set()
        if self.thread is not None:
            self.thread.join()

    def _work(self) -> None:
        while not self.over.wait(self.every):
            done = subprocess.run(
                [*PYTHON, "check", "--due"],
                cwd=self.folder,
                env=dict(environment(self.world)),
                capture_output=True,
                text=True,
                check=False,
            )
            self.codes.append((time.time(), done.returncode, (done.stdout + done.stderr)[-300:]))


def kill(pid: int) -> None:
    """Kill a process that ours started."""
    os.kill(pid, signal.SIGKILL)

"""One run, as a process of its own: started, listened to, ended."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

import monitor
from monitor.core.exits import Exit

MOST_TOLD = 65_536
"""How much a run may tell of what it came to: what fits into a pipe."""

LINGERING = 5.0
"""How many seconds something may hold our pipes open after the run's end."""

_OURS = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID")
"""What the service manager tells the daemon alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run's process ended: its exit code, below 0 the signal; and what it told."""

    code: int
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """Return what it came to, in a word."""
        if self.code < 0:
            return "killed"
        if self.told.get("busy"):
            return "busy"
        if self.code not in {Exit.WELL, Exit.BROKEN, Exit.INVALID} or not self.told:
            return "failed"
        if self.told.get("due") is False:
            return "idle"
        if not self.told.get("valid"):
            return "invalid"
        return "stopped" if self.told.get("stopped") else "done"


class Child:
    """A run's process, while it lives. It is asked to end by a signal, then made to."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Return the number of its process."""
        return self._process.pid

    def ask_to_end(self) -> None:
        """Let it end early, with what it has."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


async def run_child(
    config: Path | None,
    text: str,
    environment: Mapping[str, str],
    *,
    started: Callable[[Child], None],
    said: Callable[[str], None],
) -> Ended:
    """Run `linkwell check --due` in a session of its own, and return how it ended.

    It reads `text` for its configuration, whatever stands in the file by now. `started` is given
    the process, `said` each line that it prints.
    """
    with _Pipe() as telling, _Pipe() as printing, _file_of(text) as file:
        arguments = ["check", "--due", "--by-daemon", f"{file.fileno()},{telling.write}"]
        if config is not None:
            arguments += ["--config", str(config)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor", *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=printing.write,
            stderr=printing.write,
            pass_fds=(file.fileno(), telling.write),
            start_new_session=True,
            env=_environment(environment),
        )
        telling.close_write()
        printing.close_write()
        child = Child(process)
        started(child)
        listening = asyncio.create_task(_listen(printing.read, said))
        try:
            # Of a pipe of asyncio's own it would wait for the end, whoever holds it open.
            code = await process.wait()
            await asyncio.wait([listening], timeout=LINGERING)
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        return Ended(code=code, told=_told(telling.read))


class _Pipe:
    """A pipe whose ends are closed by the end of the block."""

    def __enter__(self) -> Self:
        self.read, self.write = os.pipe()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.read)
        self.close_write()

    def close_write(self) -> None:
        """Leave writing to whoever else has that end."""
        if self.write >= 0:
            os.close(self.write)
            self.write = -1


def _file_of(text: str) -> BinaryIO:
    """Return a file without a name that holds a text; in memory where that can be."""
    if hasattr(os, "memfd_create"):
        file: BinaryIO = os.fdopen(os.memfd_create("linkwell-config"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(text.encode())
    file.flush()
    return file


def _environment(ours: Mapping[str, str]) -> Mapping[str, str]:
    """Return a run's environment: it finds this very package, and none that lies about."""
    paths = [str(Path(monitor.__file__).parents[1]), ours.get("PYTHONPATH", "")]
    return {
        **{name: value for name, value in ours.items() if name not in _OURS},
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONSAFEPATH": "1",
    }


async def _listen(pipe: int, said: Callable[[str], None]) -> None:
    """Tell each line, long ones in pieces."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    file = os.fdopen(os.dup(pipe), "rb", buffering=0)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    left = b""
    try:
        while chunk := await reader.read(8_192):
            *lines, left = (left + chunk).split(b"\n")
            if len(left) > MOST_TOLD:
                lines, left = [*lines, left], b""
            for line in lines:
                if text := line.decode("utf-8", "replace").rstrip():
                    said(text)
    finally:
        transport.close()
        if text := left.decode("utf-8", "replace").rstrip():
            said(text)


def _told(pipe: int) -> Mapping[str, Any]:
    """Return what a run told of itself; nothing where it did not come to that."""
    os.set_blocking(pipe, False)
    try:
        told = json.loads(os.read(pipe, MOST_TOLD) or b"{}")
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}

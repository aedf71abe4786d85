"""What the daemon says: one line of JSON an event, and never at the price of its work."""

import json
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

MOST_WAITING = 1_000
"""How many lines wait while nobody takes them; then the oldest of them are dropped."""

LONGEST = 2_000
"""How many characters of a text are told."""


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class Log:
    """Writes lines from a thread of its own, so that a pipe that is full stops nobody else."""

    def __init__(
        self, write: Callable[[bytes], object] | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._write = write or _to_standard_output
        self._now = now
        self._changed = threading.Condition()
        self._lines: deque[bytes] = deque()
        self._closing = False
        self._dropped = 0
        self._untold = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Return how many lines nobody took."""
        return self._dropped

    def say(self, event: str, **facts: Any) -> None:
        """Note an event with its facts."""
        self._add("info", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        """Note an event that somebody should look at."""
        self._add("warning", event, facts)

    def close(self, patience: float = 1.0) -> None:
        """Give what waits that many seconds to be taken."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(patience)

    def _add(self, level: str, event: str, facts: dict[str, Any]) -> None:
        at = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"at": at, "level": level, "event": event}
        line |= {k: _plain(v) for k, v in facts.items() if v is not None}
        text = json.dumps(line, ensure_ascii=False)
        with self._changed:
            if len(self._lines) >= MOST_WAITING:
                self._lines.popleft()
                self._dropped += 1
                self._untold += 1
            self._lines.append(text.encode("utf-8", "replace") + b"\n")
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._lines or self._closing)
                if not self._lines:
                    return
                line = self._lines.popleft()
                untold, self._untold = self._untold, 0
            try:
                self._write(line)
                if untold:
                    told = {"level": "warning", "event": "log-lines-dropped", "number": untold}
                    self._write(json.dumps(told).encode() + b"\n")
            except OSError:  # nobody is there to read any more
                self._dropped += 1


class Library(logging.Handler):
    """What a library has to say, as an event."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Note one record."""
        self._log.warning("library", name=record.name, says=record.getMessage())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    return value


def _to_standard_output(line: bytes) -> None:
    while line:
        line = line[os.write(1, line) :]

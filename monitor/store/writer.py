"""The one thread that writes, fed by a queue that has an end."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from monitor.core.model import RunId
from monitor.core.provider import Checked
from monitor.store.database import writing
from monitor.store.lasting import Lasting
from monitor.store.rows import write_checked

MOST_WAITING = 1_500
"""How many checks may wait; then `record` waits. Ten megabytes at most."""

BATCH_ROWS = 2_000
"""How many rows one transaction writes at most: a tenth of a second's work."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to write that its caller waits for."""

    do: Callable[[Connection], Any]
    done: Future[Any] = field(default_factory=Future)


_Batch = Sequence[tuple[RunId, Checked]]


class Writer:
    """Writes in the order of arrival, whatever is waiting in one transaction.

    What waits is written at once, so that a killed process loses only the last instant;
    while one batch is written the next gathers. After a failed batch nothing is written
    any more: each call then raises that error, as `trouble` words it.
    """

    def __init__(
        self, engine: Engine, trouble: Callable[[Exception], Exception], lasting: Lasting
    ) -> None:
        self._engine = engine
        self._trouble = trouble
        self._lasting = lasting
        self._changed = threading.Condition()
        self._items: deque[tuple[RunId, Checked] | _Task] = deque()
        self._for_room: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._failure: Exception | None = None
        self._told = False
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """Return how many checks and tasks wait to be written."""
        return len(self._items)

    async def put(self, run: RunId, checked: Checked) -> None:
        """Hand over a check; waits, without blocking the loop, while too many wait."""
        while True:
            with self._changed:
                self._raise_failure()
                if len(self._items) < MOST_WAITING:
                    self._add((run, checked))
                    return
                room: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._for_room.append((asyncio.get_running_loop(), room))
            await room

    def do(self, write: Callable[[Connection], _Result]) -> _Result:
        """Write something after all that was handed over before, and return its result."""
        task = _Task(write)
        with self._changed:
            self._raise_failure()
            self._add(task)
        try:
            result: _Result = task.done.result()
        except Exception as error:
            self._told = True
            raise self._trouble(error) from error
        return result

    def close(self) -> None:
        """Write what waits and end; raises the failure of a batch that nobody has heard of."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        self._thread, self._closing = None, False
        if not self._told:
            self._raise_failure()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            self._told = True
            raise self._trouble(self._failure) from self._failure

    def _add(self, item: tuple[RunId, Checked] | _Task) -> None:
        self._items.append(item)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="history", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            if isinstance(batch, _Task):
                self._do(batch)
                continue
            try:
                self._write(partial(write_checked, batch=batch))
            except Exception as error:  # noqa: BLE001 - raised again by the next call
                self._give_up(error)
                return

    def _do(self, task: _Task) -> None:
        try:
            result = self._write(task.do)
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            task.done.set_exception(error)
        else:
            task.done.set_result(result)

    def _write(self, write: Callable[[Connection], _Result]) -> _Result:
        """Write within one transaction, again where the server was restarted meanwhile."""

        def once() -> _Result:
            with writing(self._engine) as connection:
                return write(connection)

        return self._lasting.until(once)

    def _next(self) -> _Task | _Batch | None:
        """Return what to write next, waiting for it; None when all is written and closed."""
        batch: list[tuple[RunId, Checked]] = []
        rows = 0
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closing)
            while self._items and rows < BATCH_ROWS:
                item = self._items[0]
                if isinstance(item, _Task):
                    break
                batch.append(item)
                rows += 1 + len(item[1].answers) + len(item[1].exchanges)
                self._items.popleft()
            self._wake()
            if batch:
                return batch
            first = self._items.popleft() if self._items else None
            assert not isinstance(first, tuple)  # noqa: S101 - those are in the batch
            return first

    def _give_up(self, error: Exception) -> None:
        with self._changed:
            self._failure = error
            for item in self._items:
                if isinstance(item, _Task):
                    item.done.set_exception(error)
            self._items.clear()
            self._wake()

    def _wake(self) -> None:
        for loop, room in self._for_room:
            with suppress(RuntimeError):  # that loop has ended, and with it who waited
                loop.call_soon_threadsafe(_settle, room)
        self._for_room.clear()


def _settle(room: asyncio.Future[None]) -> None:
    if not room.done():
        room.set_result(None)

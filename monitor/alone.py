"""One run at a time, whoever else shares the history."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from monitor.core.errors import HistoryError
from monitor.report.wording import instant
from monitor.store.history import History
from monitor.store.leases import LEASE, Held, Holder

BEAT = timedelta(seconds=20)
"""How often a run gives a sign of life: four times within its lease."""

LOOK = timedelta(seconds=0.5)
"""How often one who waits looks whether it is his turn."""


class BusyError(Exception):
    """Somebody else is running; the message says who, for people."""

    def __init__(self, held: Held) -> None:
        holder = held.holder
        super().__init__(
            f"Another run is going on, since {instant(held.started_at)}: {holder.what} on"
            f" {holder.host}, process {holder.pid}. Wait for its end with --wait 10m."
        )
        self.held = held


class Turn:
    """The right to run, while it lasts."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self._lock = threading.Lock()
        self._lost = False
        self._tell: Callable[[], object] | None = None

    @property
    def lost(self) -> bool:
        """Return whether somebody else may run by now: we were asleep, or could not write."""
        return self._lost

    def when_lost(self, tell: Callable[[], object] | None) -> None:
        """Call this, from another thread, as soon as the turn is lost; at once where it is."""
        with self._lock:
            self._tell = tell
            if self._lost and tell is not None:
                tell()

    def lose(self) -> None:
        """Note that the turn is over."""
        with self._lock:
            self._lost = True
            if self._tell is not None:
                self._tell()


@contextmanager
def alone(
    history: History,
    what: str,
    wait: timedelta = timedelta(0),
    *,
    beat: timedelta = BEAT,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Turn]:
    """Lend the right to run, kept alive until the block ends; raises BusyError.

    `what` says to others what is done, `wait` is how long to wait for one's turn.
    """
    turn = Turn(Holder.here(what))
    until = time.monotonic() + wait.total_seconds()
    while (held := history.lease(turn.holder)) is not None:
        if time.monotonic() >= until:
            raise BusyError(held)
        sleep(LOOK.total_seconds())
    over = threading.Event()
    beating = threading.Thread(
        target=_beat, args=(history, turn, over, beat), name="turn", daemon=True
    )
    beating.start()
    try:
        yield turn
    finally:
        over.set()
        beating.join()
        with suppress(HistoryError):  # it will end by itself
            history.release(turn.holder)


def _beat(history: History, turn: Turn, over: threading.Event, beat: timedelta) -> None:
    """Give signs of life until it is over, or the turn is lost."""
    beaten = time.monotonic()
    while not over.wait(beat.total_seconds()):
        try:
            mine = history.renew(turn.holder)
        except HistoryError:  # locked, or away for a moment
            mine = time.monotonic() - beaten < LEASE.total_seconds()
        else:
            beaten = time.monotonic()
        if not mine:
            turn.lose()
            return

"""What every part of history stands on: one writer, and connections to read by."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine

from monitor.core.errors import HistoryError
from monitor.store.advice import advising, is_gone, trouble
from monitor.store.database import reading
from monitor.store.lasting import RESTART, Lasting
from monitor.store.place import Place
from monitor.store.writer import Writer

_Read = TypeVar("_Read", bound=Callable[..., Any])


class Door:
    """A database that is open, with the one thread that writes to it.

    A server that is restarted meanwhile is waited for, and nothing is lost.
    """

    def __init__(self, engine: Engine, place: Place, lasting: Lasting = RESTART) -> None:
        self._engine = engine
        self._place = place
        self._lasting = lasting
        self._writer = Writer(engine, lambda error: trouble(error, place), lasting)

    def close(self) -> None:
        """Write what waits, then close; raises HistoryError where that failed unheard."""
        try:
            self._writer.close()
        finally:
            self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the history."""
        with advising(self._place), ExitStack() as held:
            yield self._lasting.until(lambda: held.enter_context(reading(self._engine)))


def again(read: _Read) -> _Read:
    """Read a second time where the server was restarted in the midst of it."""

    @wraps(read)
    def twice(*args: Any, **kwargs: Any) -> Any:
        try:
            return read(*args, **kwargs)
        except HistoryError as error:
            if error.__cause__ is None or not is_gone(error.__cause__):
                raise
        return read(*args, **kwargs)

    return cast("_Read", twice)

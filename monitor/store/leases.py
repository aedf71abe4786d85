"""Who may run: one at a time, whoever else shares the history; who dies loses it.

Instants are of the database's own clock, so that two machines need not agree on the time.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from socket import gethostname
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update

from monitor.store.codec import take
from monitor.store.door import Door
from monitor.store.reading import stored
from monitor.store.tables import LEASES
from monitor.store.upserting import put

LEASE = timedelta(seconds=90)
"""How long a lease holds without a sign of life."""

RUN = "run"
"""The name of the lease of a run."""

_KNOWN = LEASES.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process that may hold a lease: `machine` is what only its fellows share, `what` it does."""

    token: str
    host: str
    machine: str
    pid: int
    what: str

    @classmethod
    def here(cls, what: str) -> "Holder":
        """Return this very process, under a token of its own."""
        return cls(
            token=uuid4().hex, host=gethostname(), machine=_machine(), pid=os.getpid(), what=what
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who holds a lease, since when, and when it last gave a sign of life."""

    holder: Holder
    started_at: datetime
    beat_at: datetime


def is_alive(holder: Holder) -> bool | None:
    """Return whether a holder lives, where that can be told: it is a process of this machine."""
    if holder.machine != _machine() or holder.pid <= 0:
        return None
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and another user's
        return True
    return True


class Leases(Door):
    """The part of history that lets one work at a time."""

    def lease(
        self, holder: Holder, name: str = RUN, alive: Callable[[Holder], bool | None] = is_alive
    ) -> Held | None:
        """Take a lease, and return None; or who holds it, and then nothing is taken.

        It is free where nobody holds it, where its holder gave no sign of life for 90 seconds,
        or where that was a process of this machine that is gone.
        """

        def write(connection: Connection) -> Held | None:
            now = _now(connection)
            held = _held(connection, name)
            others = held is not None and held.holder.token != holder.token
            if held is not None and others and _holds(held, now, alive(held.holder)):
                return held
            row = {
                "name": name,
                "token": holder.token,
                "host": holder.host,
                "machine": holder.machine,
                "pid": holder.pid,
                "what": holder.what,
                "started_at": now,
                "beat_at": now,
            }
            put(connection, LEASES, [row])
            return None

        return self._writer.do(write)

    def renew(self, holder: Holder, name: str = RUN) -> bool:
        """Give a sign of life; returns whether the lease is still this holder's."""

        def write(connection: Connection) -> bool:
            mine = (_KNOWN.name == name) & (_KNOWN.token == holder.token)
            change = update(LEASES).where(mine).values(beat_at=_now(connection))
            return connection.execute(change).rowcount > 0

        return self._writer.do(write)

    def release(self, holder: Holder, name: str = RUN) -> None:
        """Give a lease back, where it is still this holder's."""
        mine = (_KNOWN.name == name) & (_KNOWN.token == holder.token)
        self._writer.do(lambda connection: connection.execute(delete(LEASES).where(mine)))

    def leased(self, name: str = RUN) -> Held | None:
        """Return who holds a lease, be it over or not; None where nobody does."""
        with self._reading() as connection:
            return _held(connection, name)


def _holds(held: Held, now: datetime, lives: bool | None) -> bool:  # noqa: FBT001 - a value
    """Return whether a lease holds, by the time since its last sign of life.

    A clock that was set back puts that sign into the future; only who is seen to live is then
    believed.
    """
    since = now - held.beat_at
    if lives is not None:
        return lives and since < LEASE
    return -LEASE < since < LEASE


def _held(connection: Connection, name: str) -> Held | None:
    row = connection.execute(select(LEASES).where(_KNOWN.name == name)).first()
    if row is None:
        return None
    found = stored(row)
    return Held(
        holder=Holder(
            token=take(found, "token", str),
            host=take(found, "host", str),
            machine=take(found, "machine", str),
            pid=take(found, "pid", int),
            what=take(found, "what", str),
        ),
        started_at=take(found, "started_at", datetime),
        beat_at=take(found, "beat_at", datetime),
    )


_CLOCKS = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "SELECT clock_timestamp() AT TIME ZONE 'utc'",
}
"""How a database is asked for the time, in UTC."""


def _now(connection: Connection) -> datetime:
    """Return the database's time."""
    said: Any = connection.exec_driver_sql(_CLOCKS[connection.dialect.name]).scalar_one()
    found = datetime.fromisoformat(said) if isinstance(said, str) else said
    return found.replace(tzinfo=UTC)


@cache
def _machine() -> str:
    """Return what only processes share that see each other: a boot, a name space of processes."""
    parts = [gethostname()]
    try:
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip())
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:  # no Linux: a process by that number may be another machine's
        parts.append(uuid4().hex)
    return " ".join(parts)

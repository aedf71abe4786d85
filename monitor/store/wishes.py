"""What people wish for, here or in the issue tracker: mutes, rechecks, and their issues."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from monitor.core.model import ResourceId
from monitor.core.mutes import Mute
from monitor.core.tracked import Tracked
from monitor.store.codec import DamagedError
from monitor.store.door import Door
from monitor.store.plain import from_plain, to_plain
from monitor.store.tables import MUTES, RECHECKS, TRACKED
from monitor.store.upserting import put, put_new

_MUTED = MUTES.c
_Value = TypeVar("_Value")


class Wishes(Door):
    """The part of history that people change."""

    def mutes(self) -> Sequence[Mute]:
        """Return all mutes that nobody ended, those that are over too, oldest first.

        See `in_force`.
        """
        return self._mutes(_MUTED.ended_at.is_(None))

    def mutes_at(self, at: datetime) -> Sequence[Mute]:
        """Return the mutes that had begun at an instant and that nobody had ended, oldest first."""
        return self._mutes(_MUTED.since <= at, or_(_MUTED.ended_at.is_(None), _MUTED.ended_at > at))

    def _mutes(self, *conditions: ColumnElement[bool]) -> Sequence[Mute]:
        query = select(MUTES).where(*conditions).order_by(_MUTED.since, _MUTED.id)
        with self._reading() as connection:
            return [
                _whole(Mute, row.mute, f"the mute {row.id!r}") for row in connection.execute(query)
            ]

    def mute(self, mute: Mute) -> None:
        """Note a mute, in place of one with the same id, which ends as this one begins."""
        row = {"id": mute.id, "since": mute.since, "mute": to_plain(mute), "ended_at": None}

        def write(connection: Connection) -> None:
            connection.execute(delete(MUTES).where(_MUTED.id == mute.id, _MUTED.since > mute.since))
            _end(connection, mute.id, mute.since)
            put(connection, MUTES, [row])

        self._writer.do(write)

    def unmute(self, mute: str, at: datetime) -> bool:
        """End the mute of an id at an instant, and return whether there was one."""
        return self._writer.do(lambda connection: _end(connection, mute, at))

    def tracked(self) -> Mapping[str, Tracked]:
        """Return the issues by what they tell of: the id of an incident, or "dashboard"."""
        query = select(TRACKED).order_by(TRACKED.c.key)
        with self._reading() as connection:
            return {
                row.key: _whole(Tracked, row.tracked, f"the issue of {row.key!r}")
                for row in connection.execute(query)
            }

    def track(self, key: str, tracked: Tracked) -> None:
        """Note which issue tells of something, in place of what was noted before."""
        row = {"key": key, "tracked": to_plain(tracked)}
        self._writer.do(lambda connection: put(connection, TRACKED, [row]))

    def recheck(self, ids: Iterable[ResourceId]) -> None:
        """Note that resources should be asked again in the next run, however fresh they are."""
        rows = [{"resource_id": id_} for id_ in ids]
        self._writer.do(lambda connection: put_new(connection, RECHECKS, rows))

    def rechecks(self) -> frozenset[ResourceId]:
        """Return the resources to ask again: noted, and asked in no concluded run since."""
        with self._reading() as connection:
            return frozenset(map(ResourceId, connection.scalars(select(RECHECKS.c.resource_id))))


def _end(connection: Connection, mute: str, at: datetime) -> bool:
    """End the mute of an id, and return whether there was one; what it was stays known."""
    lasting = _MUTED.id == mute, _MUTED.ended_at.is_(None)
    return connection.execute(update(MUTES).where(*lasting).values(ended_at=at)).rowcount > 0


def _whole(kind: type[_Value], plain: object, name: str) -> _Value:
    try:
        return from_plain(kind, plain)
    except DamagedError as error:
        raise DamagedError(f"{name}: {error}") from error

"""Who has been told of what happened to incidents, so that nobody is told twice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from monitor.core.incidents import IncidentTransition
from monitor.core.tellings import CLAIM_LASTS, Telling
from monitor.store.codec import clean, may, take
from monitor.store.door import Door
from monitor.store.incidents import read_turned
from monitor.store.reading import stored
from monitor.store.rows import chunks
from monitor.store.tables import INCIDENT_TRANSITIONS, TELLINGS
from monitor.store.upserting import put_new

_TURNED = INCIDENT_TRANSITIONS.c
_TOLD = TELLINGS.c


class Tellings(Door):
    """The part of history that outlives a crash between deciding something and telling it."""

    def untold(self, channel: str, since: datetime) -> Sequence[IncidentTransition]:
        """Return what happened at or after an instant and was not told on a channel, oldest first.

        What somebody else has claimed and not yet told is among them: see `claim`.
        """
        told = select(_TOLD.transition_id).where(
            _TOLD.channel == channel, _TOLD.told_at.is_not(None)
        )
        query = select(INCIDENT_TRANSITIONS).where(_TURNED.at >= since, _TURNED.id.not_in(told))
        with self._reading() as connection:
            return read_turned(connection, query)

    def claim(self, ids: Iterable[str], channel: str, at: datetime) -> Sequence[str]:
        """Take it on to tell transitions, and return those that nobody else has taken on or told.

        A claim of which nothing was heard for `CLAIM_LASTS` is free again.
        """
        wanted = list(dict.fromkeys(ids))
        return self._writer.do(
            lambda connection: [id_ for id_ in wanted if _claim(connection, id_, channel, at)]
        )

    def tell(self, ids: Iterable[str], channel: str, at: datetime) -> None:
        """Note that transitions were told on a channel."""
        told = {"claimed_at": None, "told_at": at, "error": None}
        self._change(ids, channel, told)

    def fail(self, ids: Iterable[str], channel: str, why: str) -> None:
        """Give claimed transitions back, and note in one sentence why they could not be told."""
        self._change(ids, channel, {"claimed_at": None, "error": why})

    def failing(self, since: datetime) -> Sequence[Telling]:
        """Return what happened at or after an instant and last failed to be told, by channel."""
        query = (
            select(TELLINGS)
            .join_from(TELLINGS, INCIDENT_TRANSITIONS, _TOLD.transition_id == _TURNED.id)
            .where(_TURNED.at >= since, _TOLD.told_at.is_(None), _TOLD.error.is_not(None))
            .order_by(_TOLD.channel, _TURNED.at, _TURNED.position, _TURNED.id)
        )
        with self._reading() as connection:
            return [_telling(stored(row)) for row in connection.execute(query)]

    def tries(self, channel: str, since: datetime) -> Mapping[str, int]:
        """Return how often what is not told yet was taken on, for what happened since an instant.

        By the id of the transition; what nobody took on is not among them.
        """
        query = (
            select(_TOLD.transition_id, _TOLD.tries)
            .join_from(TELLINGS, INCIDENT_TRANSITIONS, _TOLD.transition_id == _TURNED.id)
            .where(_TURNED.at >= since, _TOLD.channel == channel, _TOLD.told_at.is_(None))
            .where(_TOLD.tries > 0)
        )
        with self._reading() as connection:
            return {row.transition_id: row.tries for row in connection.execute(query)}

    def _change(self, ids: Iterable[str], channel: str, values: dict[str, Any]) -> None:
        wanted = list(ids)

        def write(connection: Connection) -> None:
            put_new(connection, TELLINGS, (_new(id_, channel) for id_ in wanted))
            for some in chunks(map(clean, wanted)):
                these = update(TELLINGS).where(
                    _TOLD.channel == channel, _TOLD.transition_id.in_(some)
                )
                connection.execute(these.values(**values))

        self._writer.do(write)


def _claim(connection: Connection, transition: str, channel: str, at: datetime) -> bool:
    """Claim one transition, and return whether it was free.

    One statement decides, so that of two who claim at once only one is told yes. A claim from
    the future is of a clock that was wrong.
    """
    known = select(_TURNED.id).where(_TURNED.id == transition)
    if connection.scalar(known) is None:
        return False
    put_new(connection, TELLINGS, [_new(transition, channel)])
    is_free = or_(
        _TOLD.claimed_at.is_(None),
        _TOLD.claimed_at <= at - CLAIM_LASTS,
        _TOLD.claimed_at >= at + CLAIM_LASTS,
    )
    taken = update(TELLINGS).where(
        _TOLD.transition_id == transition,
        _TOLD.channel == channel,
        _TOLD.told_at.is_(None),
        is_free,
    )
    values = {"claimed_at": at, "tries": _TOLD.tries + 1}
    return connection.execute(taken.values(**values)).rowcount == 1


def _new(transition: str, channel: str) -> dict[str, Any]:
    return {
        "transition_id": transition,
        "channel": channel,
        "claimed_at": None,
        "told_at": None,
        "tries": 0,
        "error": None,
    }


def _telling(row: Any) -> Telling:
    return Telling(
        transition=take(row, "transition_id", str),
        channel=take(row, "channel", str),
        claimed_at=may(row, "claimed_at", datetime),
        told_at=may(row, "told_at", datetime),
        tries=take(row, "tries", int),
        error=may(row, "error", str),
    )

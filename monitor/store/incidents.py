"""Incidents, and what happened to them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from monitor.core.incidents import Incident, IncidentId, IncidentTransition, IncidentTurn
from monitor.core.model import ResourceId, Run, RunId
from monitor.store.codec import DamagedError, take
from monitor.store.door import Door
from monitor.store.plain import from_plain, to_plain
from monitor.store.reading import stored
from monitor.store.tables import INCIDENT_TRANSITIONS, INCIDENT_VERSIONS, INCIDENTS
from monitor.store.upserting import put, put_new

_KNOWN = INCIDENTS.c
_TURNED = INCIDENT_TRANSITIONS.c
_WAS = INCIDENT_VERSIONS.c


class Incidents(Door):
    """The part of history that people are told of; it is kept for ever."""

    def incidents(self, closed_since: datetime | None = None) -> Sequence[Incident]:
        """Return the open incidents, and those closed at or after an instant, oldest first."""
        with self._reading() as connection:
            return read_incidents(connection, closed_since)

    def incidents_at(self, at: datetime, closed_since: datetime) -> Sequence[Incident]:
        """Return what `incidents` gave at an instant: each as it was then, oldest first."""
        with self._reading() as connection:
            found = _versions(connection, at, closed_since)
        return [each for each in found if each.closed_at is None or each.closed_at >= closed_since]

    def incident(self, incident: IncidentId) -> Incident | None:
        """Return an incident, open or closed, or None where there is none of that id."""
        with self._reading() as connection:
            found = _read(connection, select(INCIDENTS).where(_KNOWN.id == incident))
            return next(iter(found), None)

    def story(self, incident: IncidentId) -> Sequence[IncidentTransition]:
        """Return all that ever happened to an incident, oldest first."""
        query = select(INCIDENT_TRANSITIONS).where(_TURNED.incident_id == incident)
        with self._reading() as connection:
            return read_turned(connection, query)


def read_incidents(connection: Connection, closed_since: datetime | None) -> Sequence[Incident]:
    """Return the open incidents, and those closed at or after an instant, oldest first."""
    is_open = _KNOWN.closed_at.is_(None)
    wanted = is_open if closed_since is None else or_(is_open, _KNOWN.closed_at >= closed_since)
    return _read(connection, select(INCIDENTS).where(wanted))


def suffering(connection: Connection) -> frozenset[ResourceId]:
    """Return the resources that open incidents name."""
    still = read_incidents(connection, None)
    return frozenset(member.resource.id for each in still for member in each.members)


def write_incidents(
    connection: Connection,
    run: Run,
    incidents: Sequence[Incident],
    turned: Iterable[IncidentTransition],
) -> None:
    """Write incidents as a run leaves them, and what happened to them, where that is not known."""
    put(connection, INCIDENTS, map(_incident_row, incidents))
    put(connection, INCIDENT_VERSIONS, (_version_row(run, each) for each in incidents))
    put_new(connection, INCIDENT_TRANSITIONS, _turned_rows(turned))


def read_turned(connection: Connection, query: Select[Any]) -> Sequence[IncidentTransition]:
    """Return the transitions that a query on their table names, oldest first."""
    found = connection.execute(query.order_by(_TURNED.at, _TURNED.position, _TURNED.id))
    return [_transition(stored(row)) for row in found]


def _versions(connection: Connection, at: datetime, closed_since: datetime) -> Sequence[Incident]:
    """Return the incidents that were there at an instant, but for some that were long over."""
    newest = (
        select(func.max(_WAS.at))
        .where(_WAS.incident_id == _KNOWN.id, _WAS.at <= at)
        .correlate(INCIDENTS)
        .scalar_subquery()
    )
    query = (
        select(_KNOWN.id, INCIDENT_VERSIONS.c.incident)
        .join_from(INCIDENTS, INCIDENT_VERSIONS, _WAS.incident_id == _KNOWN.id)
        .where(_WAS.at == newest, or_(_KNOWN.closed_at.is_(None), _KNOWN.closed_at >= closed_since))
    )
    return _read(connection, query)


def _read(connection: Connection, query: Select[Any]) -> Sequence[Incident]:
    found = []
    for row in connection.execute(query.order_by(_KNOWN.opened_at, _KNOWN.id)):
        try:
            found.append(from_plain(Incident, row.incident))
        except DamagedError as error:
            raise DamagedError(f"the incident {row.id[:80]!r}: {error}") from error
    return found


def _transition(row: Any) -> IncidentTransition:
    return IncidentTransition(
        id=take(row, "id", str),
        incident=IncidentId(take(row, "incident_id", str)),
        turn=from_plain(IncidentTurn, row["turn"]),
        at=take(row, "at", datetime),
        run=RunId(take(row, "run_id", str)),
        sentence=take(row, "sentence", str),
    )


def _incident_row(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "opened_at": incident.opened_at,
        "closed_at": incident.closed_at,
        "incident": to_plain(incident),
    }


def _version_row(run: Run, incident: Incident) -> dict[str, Any]:
    at = run.finished_at or run.started_at
    return {"incident_id": incident.id, "at": at, "incident": to_plain(incident)}


def _turned_rows(turned: Iterable[IncidentTransition]) -> Iterator[dict[str, Any]]:
    for position, each in enumerate(turned):
        yield {
            "id": each.id,
            "incident_id": each.incident,
            "at": each.at,
            "position": position,
            "turn": each.turn,
            "run_id": each.run,
            "sentence": each.sentence,
        }

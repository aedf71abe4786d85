"""What a run comes to: read as it was, decided, and written, within one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from monitor.core.conclusion import Conclusion, Known
from monitor.core.incidents import COMES_BACK
from monitor.core.model import Json, ResourceId, Run
from monitor.core.reasons import Grade, Reason, explain
from monitor.core.states import Sign, State, Transition, Turn, sign
from monitor.store import rows, sightings
from monitor.store.codec import DamagedError, clean, mapping, take
from monitor.store.incidents import read_incidents, write_incidents
from monitor.store.plain import from_plain, to_plain
from monitor.store.reading import stored
from monitor.store.tables import OBSERVATIONS, PAGES, RECHECKS, RUNS, STATES, TRANSITIONS
from monitor.store.upserting import put

_OBSERVED = OBSERVATIONS.c
_WORKS = [str(each) for each in Reason if sign(each) in {Sign.WORKS, Sign.REMARKED}]
_NOT_ASKED = [str(each) for each in Reason if explain(each).grade is Grade.OWN]
_NOT_ASKED.append(str(Reason.NOT_ASKED))


def conclude(
    connection: Connection,
    run: Run,
    decide: Callable[[Known], Conclusion],
    policies: Mapping[ResourceId, str],
) -> Conclusion:
    """Write the end of a run and what `decide` makes of what is known; return that."""
    if not run.valid:
        rows.write_end(connection, run)
        return Conclusion()
    conclusion = decide(_known(connection, run, policies))
    rows.write_end(connection, run)
    _write_met(connection, run, conclusion.met)
    put(connection, STATES, _state_rows(conclusion, policies))
    put(connection, TRANSITIONS, _transition_rows(conclusion.happened))
    write_incidents(connection, run, conclusion.incidents, conclusion.turned)
    connection.execute(delete(RECHECKS).where(RECHECKS.c.resource_id.in_(_asked(run))))
    return conclusion


def read_states(
    connection: Connection, ids: Iterable[ResourceId] | None
) -> Iterator[tuple[ResourceId, str, State]]:
    """Give the states of these resources, or of all, each with the digest of its policy."""
    query = select(STATES.c.resource_id, STATES.c.policy, STATES.c.state)
    queries = [query.order_by(STATES.c.resource_id)]
    if ids is not None:
        named = STATES.c.resource_id
        queries = [query.where(named.in_(some)) for some in rows.chunks(sorted(map(clean, ids)))]
    for each in queries:
        for id_, policy, plain in connection.execute(each):
            try:
                yield ResourceId(id_), policy, from_plain(State, plain)
            except DamagedError as error:
                raise DamagedError(f"the state of {id_[:80]!r}: {error}") from error


def read_transitions(connection: Connection, resource: ResourceId) -> Sequence[Transition]:
    """Return what happened to a resource, oldest first."""
    known = TRANSITIONS.c
    query = select(TRANSITIONS).where(known.resource_id == resource)
    found = map(stored, connection.execute(query.order_by(known.at, known.position)))
    return [
        Transition(
            turn=from_plain(Turn, row["turn"]),
            at=take(row, "at", datetime),
            reason=from_plain(Reason, row["reason"]),
        )
        for row in found
    ]


def _known(connection: Connection, run: Run, policies: Mapping[ResourceId, str]) -> Known:
    """Return what history holds besides this run, as it may have been concluded before."""
    at = run.finished_at or run.started_at
    stored_states = read_states(connection, policies)
    states = {id_: state for id_, policy, state in stored_states if policies[id_] == policy}
    unknown = [id_ for id_ in policies if id_ not in states]
    return Known(
        states=states,
        incidents=read_incidents(connection, closed_since=at - COMES_BACK),
        sightings=sightings.of_one(connection, besides=run.id, wanted=unknown),
        good=lambda id_: _good(connection, run, id_),
        is_read=lambda source: _is_read(connection, source, at),
    )


_LATELY = 30
"""Runs of late: the newest so many, and all of as many days."""


def _is_read(connection: Connection, source: str, at: datetime) -> bool:
    """Return whether runs of late read a source, or tried.

    Days alone do not tell: after a summer of rest the first run would find all others gone.
    """
    newest = select(RUNS.c.started_at).order_by(RUNS.c.started_at.desc())
    oldest = connection.scalar(newest.offset(_LATELY - 1).limit(1))
    query = select(PAGES.c.position).join_from(PAGES, RUNS).where(PAGES.c.source == source)
    if oldest is not None:
        since = min(oldest, at - timedelta(days=_LATELY))
        query = query.where(RUNS.c.started_at >= since)
    return connection.scalar(query.limit(1)) is not None


def _good(connection: Connection, run: Run, resource: ResourceId) -> Mapping[str, Json]:
    """Return the facts of when a resource last worked, before this run; none where it never did."""
    query = (
        select(_OBSERVED.verdict)
        .join_from(OBSERVATIONS, RUNS)
        .where(
            _OBSERVED.resource_id == resource,
            RUNS.c.id != run.id,
            sightings.VALID,
            sightings.trusted(),
            func.coalesce(_OBSERVED.met, _OBSERVED.reason).in_(_WORKS),
        )
        .order_by(_OBSERVED.at.desc(), _OBSERVED.run_id.desc())
        .limit(1)
    )
    verdict = connection.scalar(query)
    return {} if verdict is None else mapping(mapping(verdict).get("facts"))


def _write_met(connection: Connection, run: Run, met: Mapping[ResourceId, Reason]) -> None:
    """Note the reasons as readers met them, where they are not the resources' own."""
    of_run = select(_OBSERVED.resource_id, _OBSERVED.reason, _OBSERVED.met).where(
        _OBSERVED.run_id == run.id
    )
    changed = []
    for id_, own, before in connection.execute(of_run):
        now = met.get(ResourceId(id_))
        new = None if now is None or now == own else str(now)
        if new != before:
            changed.append({"resource": id_, "new": new})
    if changed:
        statement = update(OBSERVATIONS).where(
            _OBSERVED.run_id == run.id, _OBSERVED.resource_id == bindparam("resource")
        )
        connection.execute(statement.values(met=bindparam("new")), changed)


def _state_rows(
    conclusion: Conclusion, policies: Mapping[ResourceId, str]
) -> Iterator[dict[str, Any]]:
    for id_, state in conclusion.states.items():
        yield {
            "resource_id": id_,
            "phase": state.phase,
            "since": state.since,
            "policy": conclusion.policies.get(id_) or policies[id_],
            "state": to_plain(state),
        }


def _transition_rows(
    happened: Mapping[ResourceId, Sequence[Transition]],
) -> Iterator[dict[str, Any]]:
    for id_, transitions in happened.items():
        for position, each in enumerate(transitions):
            yield {
                "resource_id": id_,
                "at": each.at,
                "turn": each.turn,
                "position": position,
                "reason": each.reason,
            }


def _asked(run: Run) -> Select[Any]:
    """Return the query for the resources that were really asked in a run.

    What was still fresh in it has an instant from before.
    """
    return select(_OBSERVED.resource_id).where(
        _OBSERVED.run_id == run.id,
        _OBSERVED.at >= run.started_at,
        _OBSERVED.reason.not_in(_NOT_ASKED),
    )

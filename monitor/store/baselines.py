"""The facts that were accepted, by the run from which on they hold."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from monitor.core.model import Json, ResourceId, Run
from monitor.store.codec import clean, mapping
from monitor.store.rows import chunks
from monitor.store.tables import BASELINES, OBSERVATIONS

Facts = Mapping[str, Json]


def write_baselines(
    connection: Connection, run: Run, facts: Mapping[ResourceId, Facts], at: datetime
) -> None:
    """Write what is accepted of a run; it holds for this run and those after it."""
    rows = [
        {
            "resource_id": resource,
            "run_id": run.id,
            "since": run.started_at,
            "accepted_at": at,
            "facts": accepted,
        }
        for resource, accepted in facts.items()
    ]
    known = BASELINES.c
    for ids in chunks(map(clean, facts)):
        of_run = delete(BASELINES).where(known.run_id == run.id, known.resource_id.in_(ids))
        connection.execute(of_run)
    if rows:
        connection.execute(insert(BASELINES), rows)


def read_baselines(connection: Connection, run: Run) -> Mapping[ResourceId, Facts]:
    """Return which facts hold for what a run observed."""
    known = BASELINES.c
    observed = select(OBSERVATIONS.c.resource_id).where(OBSERVATIONS.c.run_id == run.id)
    query = (
        select(known.resource_id, known.facts)
        .where(known.since <= run.started_at, known.resource_id.in_(observed))
        .order_by(known.since, known.run_id)
    )
    return {ResourceId(row.resource_id): mapping(row.facts) for row in connection.execute(query)}


def read_accepted(
    connection: Connection, ids: Collection[ResourceId]
) -> Mapping[ResourceId, Facts]:
    """Return which facts hold now for resources, of those for which any were accepted."""
    known = BASELINES.c
    found: dict[ResourceId, Facts] = {}
    for some in chunks(map(clean, ids)):
        query = (
            select(known.resource_id, known.facts)
            .where(known.resource_id.in_(some))
            .order_by(known.since, known.run_id)
        )
        for row in connection.execute(query):
            found[ResourceId(row.resource_id)] = mapping(row.facts)
    return found

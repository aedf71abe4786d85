"""Writing values as rows of the tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from monitor.core.model import (
    Observation,
    Occurrence,
    PageRecord,
    Reference,
    Resource,
    Run,
    RunId,
    Skipped,
)
from monitor.core.ports import Exchange, Response
from monitor.core.provider import Answer, Checked
from monitor.store.codec import clean, hops_to_plain, said_to_plain, verdict_to_plain
from monitor.store.tables import (
    ANSWERS,
    EXCHANGES,
    LINKS,
    OBSERVATIONS,
    PAGES,
    RESOURCES,
    RUNS,
    SKIPPED,
)

CHUNK = 500
"""How many ids one query names; SQLite takes 32,766, older ones 999 (sqlite.org/limits.html)."""

_MICROSECOND = timedelta(microseconds=1)
_Item = TypeVar("_Item")


def chunks(items: Iterable[_Item]) -> Iterator[Sequence[_Item]]:
    """Divide into pieces that one query can name."""
    whole = list(items)
    for start in range(0, len(whole), CHUNK):
        yield whole[start : start + CHUNK]


def write_run(connection: Connection, run: Run) -> None:
    """Write a run that begins."""
    connection.execute(insert(RUNS).values(id=run.id, started_at=run.started_at, **_end(run)))


def write_end(connection: Connection, run: Run) -> None:
    """Write how a run ended."""
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(**_end(run)))


def write_page(
    connection: Connection,
    run: RunId,
    page: PageRecord,
    references: Sequence[Reference],
    skipped: Sequence[Skipped],
) -> None:
    """Write a page with what stands on it, after the pages that the run already has."""
    count = select(func.count()).select_from(PAGES).where(PAGES.c.run_id == run)
    number = connection.scalar(count)
    connection.execute(
        insert(PAGES).values(
            run_id=run,
            position=number,
            name=page.name,
            url=page.url,
            read_at=page.read_at,
            notes=page.notes,
        )
    )
    key = {"run_id": run, "page": number}
    links = [
        {
            **key,
            "position": position,
            "url": each.link.url,
            "resource_id": each.resource,
            **_occurrence(each.link.written, each.link.occurrence),
        }
        for position, each in enumerate(references)
    ]
    left_out = [
        {**key, "position": position, "why": s.why, **_occurrence(s.written, s.occurrence)}
        for position, s in enumerate(skipped)
    ]
    for table, rows in ((LINKS, links), (SKIPPED, left_out)):
        if rows:
            connection.execute(insert(table), rows)


def write_resources(connection: Connection, resources: Iterable[Resource]) -> None:
    """Write resources; of one that is known already, what is newer counts."""
    new = {clean(each.id): _resource(each) for each in resources}
    known = RESOURCES.c
    for ids in chunks(new):
        stored = {
            row.id: dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
            for row in connection.execute(select(RESOURCES).where(known.id.in_(ids)))
        }
        added = [new[id_] for id_ in ids if id_ not in stored]
        if added:
            connection.execute(insert(RESOURCES), added)
        changed = [
            {"known": id_, **{key: value for key, value in new[id_].items() if key != "id"}}
            for id_ in ids
            if id_ in stored and new[id_] != stored[id_]
        ]
        if changed:
            connection.execute(update(RESOURCES).where(known.id == bindparam("known")), changed)


def write_checked(connection: Connection, batch: Sequence[tuple[RunId, Checked]]) -> None:
    """Write checks with their evidence; a second check of a resource replaces the first."""
    write_resources(connection, (checked.observation.resource for _, checked in batch))
    for run in dict.fromkeys(run for run, _ in batch):
        of_run = [checked for other, checked in batch if other == run]
        _write_exchanges(connection, run, (e for checked in of_run for e in checked.exchanges))
        checks = {clean(checked.observation.resource.id): checked for checked in of_run}
        for ids in chunks(checks):
            connection.execute(
                delete(OBSERVATIONS).where(
                    OBSERVATIONS.c.run_id == run, OBSERVATIONS.c.resource_id.in_(ids)
                )
            )
        connection.execute(
            insert(OBSERVATIONS), [_observation(run, each.observation) for each in checks.values()]
        )
        answers = [
            _answer(run, checked.observation.resource, position, answer)
            for checked in checks.values()
            for position, answer in enumerate(checked.answers)
        ]
        if answers:
            connection.execute(insert(ANSWERS), answers)


def _write_exchanges(connection: Connection, run: RunId, exchanges: Iterable[Exchange]) -> None:
    new = {each.id: each for each in exchanges}
    of_run = select(EXCHANGES.c.id).where(EXCHANGES.c.run_id == run)
    for ids in chunks(new):
        stored = set(connection.scalars(of_run.where(EXCHANGES.c.id.in_(ids))))
        added = [_exchange(run, new[id_]) for id_ in ids if id_ not in stored]
        if added:
            connection.execute(insert(EXCHANGES), added)


def _end(run: Run) -> dict[str, Any]:
    return {
        "finished_at": run.finished_at,
        "invalid_reason": run.invalid_reason,
        "trusted_until": run.trusted_until,
        "stopped": run.stopped,
        "notes": run.notes,
    }


def _occurrence(written: str, at: Occurrence) -> dict[str, Any]:
    return {
        "written": written,
        "line": at.position.line,
        "col": at.position.column,
        "element": at.element,
        "attribute": at.attribute,
        "text": at.text,
        "context": at.context,
        "used_line": at.used_at and at.used_at.line,
        "used_col": at.used_at and at.used_at.column,
    }


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "id": resource.id,
        "provider": resource.provider,
        "kind": resource.kind,
        "url": resource.url,
        "keys": dict(resource.keys),
        "needs": sorted(resource.needs),
    }


def _observation(run: RunId, observation: Observation) -> dict[str, Any]:
    return {
        "run_id": run,
        "resource_id": observation.resource.id,
        "at": observation.at,
        "reason": observation.verdict.reason,
        "verdict": verdict_to_plain(observation.verdict),
    }


def _answer(run: RunId, resource: Resource, position: int, answer: Answer) -> dict[str, Any]:
    return {
        "run_id": run,
        "resource_id": resource.id,
        "position": position,
        "probe": answer.probe,
        "at": answer.at,
        "said": said_to_plain(answer.said),
        "exchanges": answer.exchanges,
    }


def _exchange(run: RunId, exchange: Exchange) -> dict[str, Any]:
    said = exchange.said
    return {
        "id": exchange.id,
        "run_id": run,
        "method": exchange.method,
        "url": exchange.url,
        "at": exchange.at,
        "elapsed": exchange.elapsed // _MICROSECOND,
        "attempts": exchange.attempts,
        "said": said_to_plain(said),
        "body": said.body if isinstance(said, Response) else None,
        "hops": hops_to_plain(exchange.hops),
    }

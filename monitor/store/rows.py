"""Writing values as rows of the tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.core.model import (
    Occurrence,
    PageRecord,
    Reference,
    Resource,
    Run,
    RunId,
    Skipped,
)
from monitor.core.ports import Exchange, Response
from monitor.core.provider import Checked
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
from monitor.store.upserting import put, put_new

CHUNK = 500
"""How many ids one query names; SQLite takes 32,766, older ones 999 (sqlite.org/limits.html)."""

_MICROSECOND = timedelta(microseconds=1)
_Item = TypeVar("_Item")


def chunks(items: Iterable[_Item]) -> Iterator[Sequence[_Item]]:
    """Divide into pieces that one query can name."""
    whole = list(items)
    for start in range(0, len(whole), CHUNK):
        yield whole[start : start + CHUNK]


def write_run(connection: Connection, run: Run, *, again: bool) -> None:
    """Write a run that begins; `again` is for one that may have been written already."""
    row = {"id": run.id, "started_at": run.started_at, **_end(run)}
    if again:
        put(connection, RUNS, [row])
    else:
        connection.execute(insert(RUNS).values(row))


def write_end(connection: Connection, run: Run) -> None:
    """Write how a run ended."""
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(**_end(run)))


def pages_of(connection: Connection, run: RunId) -> int:
    """Return how many pages a run has so far."""
    count = select(func.count()).select_from(PAGES).where(PAGES.c.run_id == run)
    return connection.scalar(count) or 0


def write_page(
    connection: Connection,
    key: tuple[RunId, int],
    page: PageRecord,
    references: Sequence[Reference],
    skipped: Sequence[Skipped],
) -> None:
    """Write a page with what stands on it, as the one of that number in its run."""
    run, number = key
    row = {
        "run_id": run,
        "position": number,
        "name": page.name,
        "url": page.url,
        "read_at": page.read_at,
        "notes": page.notes,
        "source": page.source,
        "read": page.read,
        "whole": page.whole,
    }
    put(connection, PAGES, [row])
    of_page = {"run_id": run, "page": number}
    links = [
        {
            **of_page,
            "position": position,
            "url": each.link.url,
            "resource_id": each.resource,
            **_occurrence(each.link.written, each.link.occurrence),
        }
        for position, each in enumerate(references)
    ]
    left_out = [
        {**of_page, "position": position, "why": s.why, **_occurrence(s.written, s.occurrence)}
        for position, s in enumerate(skipped)
    ]
    for table, rows in ((LINKS, links), (SKIPPED, left_out)):
        put(connection, table, rows)


def write_resources(connection: Connection, resources: Iterable[Resource]) -> None:
    """Write resources; of one that is known already, what is newer counts."""
    put(connection, RESOURCES, {clean(each.id): _resource(each) for each in resources}.values())


def write_checked(connection: Connection, batch: Sequence[tuple[RunId, Checked]]) -> None:
    """Write checks with their evidence; a second check of a resource replaces the first."""
    write_resources(connection, (checked.observation.resource for _, checked in batch))
    for run in dict.fromkeys(run for run, _ in batch):
        of_run = [checked for other, checked in batch if other == run]
        checks = {clean(checked.observation.resource.id): checked for checked in of_run}
        for ids in chunks(checks):
            connection.execute(
                delete(OBSERVATIONS).where(
                    OBSERVATIONS.c.run_id == run, OBSERVATIONS.c.resource_id.in_(ids)
                )
            )
        exchanges = (_exchange(run, e) for checked in of_run for e in checked.exchanges)
        put_new(connection, EXCHANGES, exchanges)
        put(connection, OBSERVATIONS, (_observation(run, each) for each in checks.values()))
        put(connection, ANSWERS, _answers(run, checks.values()))


def _end(run: Run) -> dict[str, Any]:
    return {
        "finished_at": run.finished_at,
        "invalid_reason": run.invalid_reason,
        "trusted_until": run.trusted_until,
        "stopped": run.stopped,
        "notes": run.notes,
        "sources": run.sources,
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


def _observation(run: RunId, checked: Checked) -> dict[str, Any]:
    observation = checked.observation
    took = [exchange.elapsed // _MICROSECOND for exchange in checked.exchanges]
    return {
        "run_id": run,
        "resource_id": observation.resource.id,
        "at": observation.at,
        "reason": observation.verdict.reason,
        "verdict": verdict_to_plain(observation.verdict),
        "met": None,
        "took": sum(took) if took else None,
    }


def _answers(run: RunId, checks: Iterable[Checked]) -> Iterator[dict[str, Any]]:
    for checked in checks:
        for position, answer in enumerate(checked.answers):
            yield {
                "run_id": run,
                "resource_id": checked.observation.resource.id,
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

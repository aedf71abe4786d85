"""Reading rows as values again; what is damaged raises DamagedError."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.core.model import (
    ExchangeId,
    Link,
    Observation,
    Occurrence,
    PageRecord,
    Position,
    Record,
    Reference,
    Resource,
    ResourceId,
    Run,
    RunId,
    Skipped,
    Url,
)
from monitor.core.ports import Exchange
from monitor.core.provider import Answer
from monitor.store.baselines import read_baselines
from monitor.store.codec import (
    answer_from_plain,
    hops_from_plain,
    may,
    response_from_plain,
    take,
    texts,
    verdict_from_plain,
    words,
)
from monitor.store.tables import LINKS, OBSERVATIONS, PAGES, RESOURCES, SKIPPED

OBSERVED = [
    *RESOURCES.c,
    OBSERVATIONS.c.at,
    OBSERVATIONS.c.verdict,
]
"""The columns that `read_observation` wants, from observations joined with resources."""

_Stored = Mapping[str, Any]


def read_record(connection: Connection, run: Run) -> Record:
    """Return all that is stored of a run, in the order of its pages and their links."""
    names: dict[int, str] = {}
    pages = []
    for row in _of_run(connection, PAGES, run.id):
        pages.append(_page(row))
        names[take(row, "position", int)] = pages[-1].name
    references = tuple(_reference(row, names) for row in _of_run(connection, LINKS, run.id))
    observed = (
        select(*OBSERVED).join_from(OBSERVATIONS, RESOURCES).where(OBSERVATIONS.c.run_id == run.id)
    )
    observations = [
        read_observation(stored(row))
        for row in connection.execute(observed.order_by(OBSERVATIONS.c.at, RESOURCES.c.id))
    ]
    return Record(
        run=run,
        pages=tuple(pages),
        references=references,
        skipped=tuple(_skipped(row, names) for row in _of_run(connection, SKIPPED, run.id)),
        resources=_resources(connection, run.id, references, observations),
        observations={each.resource.id: each for each in observations},
        baselines=read_baselines(connection, run),
    )


def stored(row: Row[Any]) -> _Stored:
    """Return a row by the names of its columns."""
    return row._mapping  # type: ignore[return-value]  # noqa: SLF001 - public in SQLAlchemy


def read_run(row: _Stored) -> Run:
    """Return the run of a row of `runs`."""
    return Run(
        id=RunId(take(row, "id", str)),
        started_at=take(row, "started_at", datetime),
        finished_at=row["finished_at"],
        invalid_reason=row["invalid_reason"],
        trusted_until=row["trusted_until"],
        stopped=take(row, "stopped", bool),
        notes=words(row["notes"]),
        sources=words(row["sources"]),
    )


def read_resource(row: _Stored) -> Resource:
    """Return the resource of a row of `resources`."""
    return Resource(
        id=ResourceId(take(row, "id", str)),
        provider=take(row, "provider", str),
        kind=take(row, "kind", str),
        url=Url(take(row, "url", str)),
        keys=texts(row["keys"]),
        needs=frozenset(words(row["needs"])),
    )


def read_observation(row: _Stored) -> Observation:
    """Return the observation of a row of OBSERVED."""
    return Observation(
        resource=read_resource(row),
        verdict=verdict_from_plain(row["verdict"]),
        at=take(row, "at", datetime),
    )


def read_answer(row: _Stored) -> Answer:
    """Return the answer of a row of `answers`."""
    return Answer(
        probe=take(row, "probe", str),
        at=take(row, "at", datetime),
        said=answer_from_plain(row["said"]),
        exchanges=tuple(ExchangeId(each) for each in words(row["exchanges"])),
    )


def read_exchange(row: _Stored) -> Exchange:
    """Return the exchange of a row of `exchanges`."""
    return Exchange(
        id=ExchangeId(take(row, "id", str)),
        method=take(row, "method", str),
        url=Url(take(row, "url", str)),
        at=take(row, "at", datetime),
        elapsed=timedelta(microseconds=take(row, "elapsed", int)),
        said=response_from_plain(row["said"], may(row, "body", bytes) or b""),
        hops=hops_from_plain(row["hops"]),
        attempts=take(row, "attempts", int),
    )


def _of_run(connection: Connection, table: Any, run: RunId) -> list[_Stored]:
    query = select(table).where(table.c.run_id == run)
    rows = connection.execute(query.order_by(*table.primary_key.columns))
    return [stored(row) for row in rows]


def _page(row: _Stored) -> PageRecord:
    url = may(row, "url", str)
    return PageRecord(
        name=take(row, "name", str),
        url=None if url is None else Url(url),
        read_at=take(row, "read_at", datetime),
        notes=words(row["notes"]),
        source=take(row, "source", str),
        read=take(row, "read", bool),
        whole=take(row, "whole", bool),
    )


def _reference(row: _Stored, names: Mapping[int, str]) -> Reference:
    link = Link(
        written=take(row, "written", str),
        url=Url(take(row, "url", str)),
        occurrence=_occurrence(row, names),
    )
    return Reference(link=link, resource=ResourceId(take(row, "resource_id", str)))


def _skipped(row: _Stored, names: Mapping[int, str]) -> Skipped:
    return Skipped(
        written=take(row, "written", str),
        occurrence=_occurrence(row, names),
        why=take(row, "why", str),
    )


def _occurrence(row: _Stored, names: Mapping[int, str]) -> Occurrence:
    used_line, used_column = may(row, "used_line", int), may(row, "used_col", int)
    return Occurrence(
        page=names.get(row["page"], ""),
        position=Position(line=take(row, "line", int), column=take(row, "col", int)),
        element=take(row, "element", str),
        attribute=take(row, "attribute", str),
        text=take(row, "text", str),
        context=words(row["context"]),
        used_at=None
        if used_line is None or used_column is None
        else Position(line=used_line, column=used_column),
    )


def _resources(
    connection: Connection,
    run: RunId,
    references: tuple[Reference, ...],
    observed: list[Observation],
) -> dict[ResourceId, Resource]:
    """Return the resources that the links name, in their order, then the others observed."""
    named = select(LINKS.c.resource_id).where(LINKS.c.run_id == run)
    rows = connection.execute(select(RESOURCES).where(RESOURCES.c.id.in_(named)))
    known = {each.id: each for each in (read_resource(stored(row)) for row in rows)}
    found = {each.resource: known.get(each.resource) or _by_its_name(each) for each in references}
    for each in observed:
        found.setdefault(each.resource.id, each.resource)
    return found


def _by_its_name(reference: Reference) -> Resource:
    """Return a resource that a killed run noted only in a link, as far as its id tells it."""
    provider, _, rest = reference.resource.partition(":")
    kind = "page" if "://" in rest else rest.partition(":")[0]
    return Resource(id=reference.resource, provider=provider, kind=kind, url=reference.link.url)

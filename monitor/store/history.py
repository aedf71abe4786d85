"""What was observed in all runs, kept in a database: the only door to it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    exists,
    or_,
    select,
    type_coerce,
)

from monitor.core.model import (
    ExchangeId,
    Json,
    Observation,
    PageRecord,
    Record,
    Reference,
    Resource,
    ResourceId,
    Run,
    RunId,
    Skipped,
)
from monitor.core.ports import Exchange, Failure, FailureKind
from monitor.core.provider import Answer, Checked
from monitor.core.reasons import Status
from monitor.store import rows
from monitor.store.baselines import read_accepted, write_baselines
from monitor.store.codec import cut
from monitor.store.database import open_to_read, open_to_write
from monitor.store.door import again
from monitor.store.incidents import Incidents
from monitor.store.leases import Leases
from monitor.store.newest import Newest
from monitor.store.over_time import OverTime
from monitor.store.place import Place
from monitor.store.reading import (
    OBSERVED,
    read_answer,
    read_exchange,
    read_observation,
    read_record,
    read_resource,
    read_run,
    stored,
)
from monitor.store.resources import Resources
from monitor.store.retention import COUNTS, Retention
from monitor.store.sightings import VALID, trusted
from monitor.store.tables import ANSWERS, EXCHANGES, OBSERVATIONS, RESOURCES, RUNS
from monitor.store.tallies import Tallies
from monitor.store.tellings import Tellings
from monitor.store.validators import StoredValidators
from monitor.store.wishes import Wishes

PATIENCE = timedelta(seconds=10)
"""How long to wait while another program writes: ours hold the database for milliseconds."""

LONGEST_REFUSAL = timedelta(days=2)
"""No service that we know takes longer to make a quota whole again: most a day, or an hour."""

_NEWEST_FIRST = (RUNS.c.started_at.desc(), RUNS.c.id.desc())


class History(OverTime, Incidents, Leases, Newest, Resources, Retention, Tallies, Tellings, Wishes):
    """All runs, with their pages, links, observations and evidence, and what came of them.

    Whatever goes wrong with the database is a HistoryError that says what to do. One thread
    writes; reading sees what has been written, also by another process meanwhile.
    """

    @classmethod
    def open(
        cls, where: str | Path, *, read_only: bool = False, patience: timedelta = PATIENCE
    ) -> Self:
        """Open the history at a path or a database URL, made or brought up to date as needed.

        `read_only` is for reports: it needs an existing history, changes nothing and works
        on a disk that cannot be written.
        """
        place = Place.of(where)
        engine = (open_to_read if read_only else open_to_write)(place, patience)
        return cls(engine, place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def begin(self, run: Run) -> None:
        """Note that a run begins; until `finish` it reads as killed."""
        tries = count()

        def write(connection: Connection) -> None:
            rows.write_run(connection, run, again=next(tries) > 0)

        self._writer.do(write)

    def add_page(
        self,
        run: RunId,
        page: PageRecord,
        references: Sequence[Reference],
        skipped: Sequence[Skipped],
        resources: Iterable[Resource] = (),
    ) -> None:
        """Note a page and what stands on it, after the pages before.

        `resources` are those that the references name, so that a run that ends early still
        knows them.
        """
        known, position = list(resources), None

        def write(connection: Connection) -> None:
            nonlocal position
            rows.write_resources(connection, known)
            if position is None:  # where this is done again, it is the same page
                position = rows.pages_of(connection, run)
            rows.write_page(connection, (run, position), page, references, skipped)

        self._writer.do(write)

    async def record(self, run: RunId, checked: Checked) -> None:
        """Hand a check over to be written; waits while too many wait, never blocks the loop.

        Raises HistoryError where an earlier one could not be written.
        """
        await self._writer.put(run, cut(checked))

    def settle(self) -> None:
        """Write all that was handed over, so that it can be read."""
        self._writer.do(lambda _: None)

    def finish(self, run: Run) -> None:
        """Write all that waits, and how the run ended."""
        self._writer.do(lambda connection: rows.write_end(connection, run))

    def accept(
        self, run: Run, facts: Mapping[ResourceId, Mapping[str, Json]], at: datetime
    ) -> None:
        """Note identity facts of a run as accepted; they hold for it and for those after it."""
        self._writer.do(lambda connection: write_baselines(connection, run, facts, at))

    @again
    def accepted(self, ids: Collection[ResourceId]) -> Mapping[ResourceId, Mapping[str, Json]]:
        """Return the facts that hold now for resources, of those for which any were accepted."""
        with self._reading() as connection:
            return read_accepted(connection, ids)

    @again
    def load(self, run: RunId) -> Record | None:
        """Return all that is stored of a run, or None when there is no such run."""
        with self._reading() as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.id == run)).first()
            return None if row is None else read_record(connection, read_run(stored(row)))

    @again
    def runs(self, most: int = 30) -> Sequence[Run]:
        """Return the newest runs, newest first, killed and invalid ones too."""
        query = select(RUNS).order_by(*_NEWEST_FIRST).limit(most)
        with self._reading() as connection:
            return [read_run(stored(row)) for row in connection.execute(query)]

    @again
    def previous_valid(self, run: RunId) -> RunId | None:
        """Return the last run before this one that ended and counts, or None."""
        with self._reading() as connection:
            this = connection.execute(select(RUNS).where(RUNS.c.id == run)).first()
            if this is None:
                return None
            started = RUNS.c.started_at
            earlier = or_(
                started < this.started_at, and_(started == this.started_at, RUNS.c.id < this.id)
            )
            query = select(RUNS.c.id).where(earlier, VALID).order_by(*_NEWEST_FIRST).limit(1)
            found = connection.scalar(query)
            return None if found is None else RunId(found)

    @again
    def observations(
        self, resource: ResourceId, most: int = 30
    ) -> Sequence[tuple[Run, Observation]]:
        """Return what was observed of a resource, newest first, in invalid runs too."""
        query = (
            select(OBSERVATIONS.c.run_id, *OBSERVED)
            .join_from(OBSERVATIONS, RESOURCES)
            .join(RUNS, OBSERVATIONS.c.run_id == RUNS.c.id)
            .where(OBSERVATIONS.c.resource_id == resource)
            .order_by(*_NEWEST_FIRST)
            .limit(most)
        )
        with self._reading() as connection:
            found = [stored(row) for row in connection.execute(query)]
            named = select(RUNS).where(RUNS.c.id.in_([row["run_id"] for row in found]))
            runs = {row.id: read_run(stored(row)) for row in connection.execute(named)}
            return [(runs[row["run_id"]], read_observation(row)) for row in found]

    @again
    def evidence(self, resource: ResourceId) -> tuple[Resource, Sequence[Answer]] | None:
        """Return a resource with its newest stored answers, or None when it was never observed.

        Answers that count come before those of invalid runs and of the time after the
        network was lost; an observation without answers comes last.
        """
        with self._reading() as connection:
            seen = connection.execute(_best_evidence(resource)).first()
            if seen is None:
                return None
            known = connection.execute(select(RESOURCES).where(RESOURCES.c.id == resource)).one()
            of_run = select(ANSWERS).where(
                ANSWERS.c.run_id == seen.run_id, ANSWERS.c.resource_id == resource
            )
            answers = connection.execute(of_run.order_by(ANSWERS.c.position))
            return read_resource(stored(known)), [read_answer(stored(row)) for row in answers]

    @again
    def recent(self, since: datetime) -> Mapping[ResourceId, Observation]:
        """Return the newest observation since an instant of each resource that could be told.

        Only what counts: of valid runs, before the network was lost, and not unknown.
        """
        observed = OBSERVATIONS.c
        query = (
            select(*OBSERVED)
            .join_from(OBSERVATIONS, RESOURCES)
            .join(RUNS, observed.run_id == RUNS.c.id)
            .where(VALID, observed.at >= since, trusted())
            .order_by(observed.at, *reversed(_NEWEST_FIRST))
        )
        with self._reading() as connection:
            seen = [read_observation(stored(row)) for row in connection.execute(query)]
        told = (each for each in seen if each.verdict.status is not Status.UNKNOWN)
        return {each.resource.id: each for each in told}

    @again
    def refusals(self, now: datetime) -> Mapping[tuple[str, str], Failure]:
        """Return which probes our quota does not allow yet, by provider and probe."""
        words = type_coerce(ANSWERS.c.said, String)
        query = (
            select(RESOURCES.c.provider, *ANSWERS.c)
            .join_from(ANSWERS, RESOURCES, ANSWERS.c.resource_id == RESOURCES.c.id)
            .where(ANSWERS.c.at >= now - LONGEST_REFUSAL, words.contains(f'"{FailureKind.QUOTA}"'))
            .order_by(ANSWERS.c.at)
        )
        found: dict[tuple[str, str], Failure] = {}
        with self._reading() as connection:
            for row in map(stored, connection.execute(query)):
                answer = read_answer(row)
                refusal = answer.said
                if not isinstance(refusal, Failure) or refusal.kind is not FailureKind.QUOTA:
                    continue
                until = refusal.retry_at
                if until is not None and now < until <= now + LONGEST_REFUSAL:
                    found[row["provider"], answer.probe] = refusal
        return found

    @again
    def exchanges(self, ids: Iterable[ExchangeId]) -> Sequence[Exchange]:
        """Return stored exchanges in the order asked for, without those that are not stored.

        Bodies are cut to what is kept. Of an id that two runs used, the newest is meant.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Exchange] = {}
        with self._reading() as connection:
            for some in rows.chunks(wanted):
                query = select(EXCHANGES).where(EXCHANGES.c.id.in_(some)).order_by(EXCHANGES.c.at)
                for row in connection.execute(query):
                    exchange = read_exchange(stored(row))
                    found[exchange.id] = exchange
        return [found[id_] for id_ in wanted if id_ in found]

    def validators(self) -> StoredValidators:
        """Return the answers that services need not send twice, for the network to use."""
        return StoredValidators(self._reading, self._writer)


def _best_evidence(resource: ResourceId) -> Select[tuple[str]]:
    """Return the query for the run whose answers about a resource are the best to go by."""
    observed = OBSERVATIONS.c
    answered = exists().where(
        ANSWERS.c.run_id == observed.run_id, ANSWERS.c.resource_id == observed.resource_id
    )
    return (
        select(observed.run_id)
        .join_from(OBSERVATIONS, RUNS)
        .where(observed.resource_id == resource)
        .order_by(_first(answered), _first(COUNTS), *_NEWEST_FIRST)
    )


def _first(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return what to sort by, so that the rows that meet a condition come first."""
    return case((condition, 0), else_=1)

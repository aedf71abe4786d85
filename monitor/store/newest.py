"""What is known of each resource by now: what it takes to tell when it is to be asked again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from monitor.core.model import Observation, ResourceId, RunId
from monitor.store.door import Door, again
from monitor.store.reading import OBSERVED, read_observation, stored
from monitor.store.rows import chunks
from monitor.store.sightings import VALID, trusted
from monitor.store.tables import LINKS, OBSERVATIONS, PAGES, RESOURCES, RUNS

_NEWEST_FIRST = (RUNS.c.started_at.desc(), RUNS.c.id.desc())
_MOST_RUNS = 400
"""So many runs are looked through for one that read all."""


class Newest(Door):
    """The part of history that tells how things stand now."""

    @again
    def newest(self) -> Mapping[ResourceId, Observation]:
        """Return the newest observation that counts of each resource, the unknown ones too.

        Of those that were met in the last run that read whole sources to its end, or since; of
        all the newest runs where there is none.
        """
        found: dict[ResourceId, Observation] = {}
        with self._reading() as connection:
            runs, _ = _runs_since_a_whole_one(connection)
            for some in chunks(runs):
                query = (
                    select(*OBSERVED)
                    .join_from(OBSERVATIONS, RESOURCES)
                    .join(RUNS, OBSERVATIONS.c.run_id == RUNS.c.id)
                    .where(OBSERVATIONS.c.run_id.in_(some), trusted())
                    .order_by(OBSERVATIONS.c.at, RUNS.c.started_at, RUNS.c.id)
                )
                for row in connection.execute(query):
                    observation = read_observation(stored(row))
                    before = found.get(observation.resource.id)
                    if before is None or before.at <= observation.at:
                        found[observation.resource.id] = observation
        return found

    @again
    def links_now(self) -> Mapping[ResourceId, Sequence[str]]:
        """Return what the pages link to, each with the sources it stands in, as last read."""
        found: dict[ResourceId, dict[str, None]] = {}
        with self._reading() as connection:
            _, whole = _runs_since_a_whole_one(connection)
            on_page = (LINKS.c.run_id == PAGES.c.run_id) & (LINKS.c.page == PAGES.c.position)
            query = (
                select(LINKS.c.resource_id, PAGES.c.source)
                .join_from(LINKS, PAGES, on_page)
                .where(LINKS.c.run_id == whole)
                .distinct()
                .order_by(LINKS.c.resource_id, PAGES.c.source)
            )
            for id_, source in connection.execute(query):
                found.setdefault(ResourceId(id_), {})[source] = None
        return {id_: tuple(sources) for id_, sources in found.items()}

    @again
    def pages_read(self, sources: Iterable[str]) -> Mapping[str, datetime]:
        """Return when the pages of sources were last read, or tried, in a run to its end.

        It is the run's beginning. Sources that were in no run that counts are left out.
        """
        found: dict[str, datetime] = {}
        with self._reading() as connection:
            for source in sources:
                of_source = exists().where(PAGES.c.run_id == RUNS.c.id, PAGES.c.source == source)
                query = (
                    select(RUNS.c.started_at)
                    .where(VALID, RUNS.c.stopped.is_(False), of_source)
                    .order_by(*_NEWEST_FIRST)
                    .limit(1)
                )
                at = connection.scalar(query)
                if at is not None:
                    found[source] = at
        return found


def _runs_since_a_whole_one(connection: Connection) -> tuple[Sequence[RunId], RunId | None]:
    """Return the runs that count, newest first, down to the last that read sources whole.

    And that one, which is None where there is none.
    """
    query = (
        select(RUNS.c.id, RUNS.c.stopped, RUNS.c.sources)
        .where(VALID)
        .order_by(*_NEWEST_FIRST)
        .limit(_MOST_RUNS)
    )
    found: list[RunId] = []
    for id_, stopped, sources in connection.execute(query):
        found.append(RunId(id_))
        if sources and not stopped:
            return found, found[-1]
    return found, None

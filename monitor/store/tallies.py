"""How many resources were met how, run by run: what an index of runs shows."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import exists, func, select

from monitor.core.model import RunId
from monitor.core.reasons import Reason, Status, explain
from monitor.store.door import Door
from monitor.store.rows import chunks
from monitor.store.tables import LINKS, OBSERVATIONS

_KNOWN = {reason.value: explain(reason).status for reason in Reason}


class Tallies(Door):
    """The part of history that counts."""

    def tallies(self, runs: Sequence[RunId]) -> Mapping[RunId, Mapping[Status, int]]:
        """Return how many linked resources each run met how, as their readers did.

        What was never reached is in none of the numbers; nor is what an invalid run claims.
        """
        seen = OBSERVATIONS.c
        met = func.coalesce(seen.met, seen.reason)
        linked = exists().where(
            LINKS.c.run_id == seen.run_id, LINKS.c.resource_id == seen.resource_id
        )
        found: dict[RunId, Counter[Status]] = {run: Counter() for run in runs}
        with self._reading() as connection:
            for some in chunks(runs):
                query = (
                    select(seen.run_id, met, func.count())
                    .where(seen.run_id.in_(some), linked)
                    .group_by(seen.run_id, met)
                )
                for run, reason, number in connection.execute(query):
                    found[RunId(run)][_KNOWN.get(reason, Status.UNKNOWN)] += number
        return found

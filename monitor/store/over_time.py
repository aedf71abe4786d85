"""How resources fared over time: sightings, states, what happened to them, and their days."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from monitor.core.conclusion import Conclusion, Known
from monitor.core.days import Day
from monitor.core.model import ResourceId, Run
from monitor.core.states import Sighting, State, Transition
from monitor.store import outcomes, sightings
from monitor.store.days import any_before, read_days
from monitor.store.door import Door, again


class OverTime(Door):
    """The part of history that is folded from observations."""

    def conclude(
        self,
        run: Run,
        decide: Callable[[Known], Conclusion],
        policies: Mapping[ResourceId, str],
    ) -> Conclusion:
        """Write how a run ended, and all that it comes to, in one transaction; return that.

        `policies` are the digests of the policies that hold now: a state that was folded under
        another is not among those known. `decide` is called within the transaction, so that two
        runs are concluded one after the other; it may read this history, and must not write.
        A run that does not count is only ended, and `decide` is not called. To conclude a run
        again changes nothing. What `decide` raises is raised, and then nothing is written.
        """
        return self._writer.do(lambda c: outcomes.conclude(c, run, decide, policies))

    @again
    def states(self, ids: Iterable[ResourceId] | None = None) -> Mapping[ResourceId, State]:
        """Return the stored states of these resources, or of all; those without are left out."""
        with self._reading() as connection:
            return {id_: state for id_, _, state in outcomes.read_states(connection, ids)}

    def sightings(
        self, until: datetime | None = None, ids: Iterable[ResourceId] | None = None
    ) -> Iterator[tuple[ResourceId, Sequence[Sighting]]]:
        """Give the sightings of each resource, oldest first, in the order of the resources' ids.

        Only what counts: of valid runs that ended, before the network was lost, and not after
        `until`. The reason is that which readers met, where a run was concluded, else the
        resource's own. They are read as they are asked for; close what is not read to its end.
        """
        with self._reading() as connection:
            yield from sightings.stream(connection, until, ids)

    @again
    def transitions(self, resource: ResourceId) -> Sequence[Transition]:
        """Return all that ever happened to a resource, oldest first."""
        with self._reading() as connection:
            return outcomes.read_transitions(connection, resource)

    @again
    def days(
        self, ids: Iterable[ResourceId], since: date, until: date
    ) -> Mapping[ResourceId, Sequence[Day]]:
        """Return the days of resources, in UTC, from `since` to `until`, both included.

        They come oldest first, and go back as far as history does. Days without a sighting that
        counts are left out, and so are resources without such days.
        """
        with self._reading() as connection:
            return read_days(connection, ids, since, until)

    @again
    def forgot_before(self, day: date) -> bool:
        """Return whether of days before a day, in UTC, only what `days` gives is kept."""
        with self._reading() as connection:
            return any_before(connection, day)

"""What our own side knows when issues are reconciled, as one value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.findings import Finding
from monitor.core.incidents import Incident, IncidentTransition
from monitor.core.maintenance import is_window
from monitor.core.model import ResourceId
from monitor.core.mutes import Mute, mute_of
from monitor.core.states import Sighting, Sign, sign
from monitor.core.tracked import Tracked


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """How a resource fared: when it last worked before it failed, and since then, if it does.

    `good` are at most two: the newest of the sightings in a row that show it well.
    """

    last_good: datetime | None = None
    good: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that is to be told, and what has been told of it.

    `incidents` are the open ones and those that closed not long ago. `checked_from` and
    `checked_at` are when the newest run that counts began and ended. `suspects`, `unknown` and
    `drifted` are for the dashboard alone; so are `since`, the instants at which suspects began
    to fail. `tracked` is by the id of an incident, and DASHBOARD.
    """

    incidents: Sequence[Incident]
    now: datetime
    checked_from: datetime | None = None
    checked_at: datetime | None = None
    mutes: Sequence[Mute] = ()
    tracked: Mapping[str, Tracked] = field(default_factory=dict)
    untold: Sequence[IncidentTransition] = ()
    fared: Mapping[ResourceId, Fared] = field(default_factory=dict)
    suspects: Sequence[Finding] = ()
    unknown: Sequence[Finding] = ()
    drifted: Sequence[Finding] = ()
    since: Mapping[ResourceId, datetime] = field(default_factory=dict)

    def mute(self, incident: Incident) -> Mute | None:
        """Return what keeps an incident from being told of now, or None."""
        return mute_of(incident, self.mutes, self.now)

    def mute_shown(self, incident: Incident) -> Mute | None:
        """Return what mutes an incident by somebody's wish, or None: that is written into bodies.

        Hours of maintenance come and go every day: they only keep from filing and commenting.
        """
        return mute_of(incident, [m for m in self.mutes if not is_window(m)], self.now)


def fared(sightings: Iterable[Sighting]) -> Fared:
    """Return how a resource fared, by what was seen of it; what says nothing is left out."""
    told = [each for each in sorted(sightings) if sign(each.reason) is not Sign.NOTHING]
    end = len(told)
    while end and _works(told[end - 1]):
        end -= 1
    before = [each.at for each in told[:end] if _works(each)]
    if end == 0:  # it never failed
        return Fared(last_good=told[-1].at if told else None)
    return Fared(last_good=before[-1] if before else None, good=tuple(told[end:][-2:]))


def _works(sighting: Sighting) -> bool:
    return sign(sighting.reason) <= Sign.REMARKED

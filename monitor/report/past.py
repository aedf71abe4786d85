"""What came before a run, as a report needs it: states, days, incidents, mutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from monitor.core.days import Day
from monitor.core.incidents import Incident, IncidentId, IncidentTransition
from monitor.core.model import ResourceId
from monitor.core.mutes import Mute
from monitor.core.states import State, StatePolicy

WINDOW = 90
"""How many days a strip shows; its last is that of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that a report says beyond its run's own verdicts; as of the end of the run.

    `until` is the day of the run, the last of the WINDOW days that `days` may speak of. `states`
    and `policies` are those of the resources on the pages; without a policy the patient one
    holds. `incidents` are the open ones, and those that closed not long ago, with their
    `stories`. `mutes` are in force; `muted` are the resources that they hold for, and
    `muted_incidents` the incidents, each with the mute that lasts longest. `notes` are
    sentences for whoever must act or should know, such as where the states come from.
    `retold` tells that there is no run any more: all is from what was stored of the changes.
    """

    until: date
    states: Mapping[ResourceId, State] = field(default_factory=dict)
    policies: Mapping[ResourceId, StatePolicy] = field(default_factory=dict)
    days: Mapping[ResourceId, Sequence[Day]] = field(default_factory=dict)
    incidents: Sequence[Incident] = ()
    stories: Mapping[IncidentId, Sequence[IncidentTransition]] = field(default_factory=dict)
    mutes: Sequence[Mute] = ()
    muted: Mapping[ResourceId, Mute] = field(default_factory=dict)
    muted_incidents: Mapping[IncidentId, Mute] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    retold: bool = False

    @property
    def since(self) -> date:
        """Return the first day of the strips."""
        return self.until - timedelta(days=WINDOW - 1)

    def state(self, id_: ResourceId) -> State:
        """Return the state of a resource; the empty one where nothing is known."""
        return self.states.get(id_, _NOTHING)

    def policy(self, id_: ResourceId) -> StatePolicy:
        """Return the policy by which a resource's state was made."""
        return self.policies.get(id_, _PATIENT)


_NOTHING = State()
_PATIENT = StatePolicy()

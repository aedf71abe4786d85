"""What a run comes to, beyond its own verdicts: states, incidents, and what happened to them.

`conclude` is pure. The store calls it inside the transaction that writes its value, so that a
run is concluded wholly or not at all, and two runs one after the other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core.carrying_on import carry_on
from monitor.core.findings import Finding, as_met
from monitor.core.incidents import (
    Incident,
    IncidentTransition,
    Keys,
    Member,
    Seen,
    Watched,
)
from monitor.core.model import Json, Record, Resource, ResourceId, Verdict
from monitor.core.policies import PolicyFor
from monitor.core.provider import Provider
from monitor.core.reasons import Reason, Status, explain
from monitor.core.root_causes import causes_of
from monitor.core.states import (
    Phase,
    Sighting,
    Sign,
    State,
    Transition,
    replay,
    sign,
    step,
)
from monitor.core.verdicts import severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What history holds at the moment of concluding a run.

    `states` are those stored under the policy that holds now; a resource whose state was folded
    under another has none. `sightings` gives all that counted of a resource so far, for those
    that must be replayed. `good` are the facts of when each last worked. `incidents` are the
    open ones and those closed so lately that they may come back. `is_read` tells of a source
    whether runs of late read it, of this configuration or of another that shares the history.
    """

    states: Mapping[ResourceId, State]
    incidents: Sequence[Incident]
    sightings: Callable[[ResourceId], Sequence[Sighting]]
    good: Callable[[ResourceId], Mapping[str, Json]]
    is_read: Callable[[str], bool] = lambda _source: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What is to be written with the end of a run, all of it or nothing.

    `met` is the reason as readers met each resource that the pages link to. `policies` tells by
    which policy, as a short digest, each state was folded. `incidents` are those that changed.
    """

    met: Mapping[ResourceId, Reason] = field(default_factory=dict)
    states: Mapping[ResourceId, State] = field(default_factory=dict)
    policies: Mapping[ResourceId, str] = field(default_factory=dict)
    happened: Mapping[ResourceId, Sequence[Transition]] = field(default_factory=dict)
    incidents: Sequence[Incident] = ()
    turned: Sequence[IncidentTransition] = ()


def conclude(
    known: Known,
    record: Record,
    found: Sequence[Finding],
    providers: Sequence[Provider],
    policy_for: PolicyFor,
    keys: Keys | None = None,
) -> Conclusion:
    """Return what a run comes to, given what history knew before it.

    `record` is the run as it ended, `found` what it found, `keys` how services took our keys. A
    run that does not count comes to nothing.
    """
    if not record.run.valid or record.run.finished_at is None:
        return Conclusion()
    one = _Conclusion(known, record, providers, policy_for)
    watched = [one.watched(finding) for finding in found]
    incidents: Sequence[Incident] = ()
    turned: Sequence[IncidentTransition] = ()
    if record.run.sources:
        seen = Seen(
            run=record.run.id,
            at=record.run.finished_at,
            sources=record.run.sources,
            unread=_not_read_whole(record),
            watched=watched,
            keys=keys or Keys(),
            gone=_gone(known, record),
        )
        incidents, turned = carry_on(known.incidents, seen)
    return replace(one.so_far, incidents=incidents, turned=turned)


def digests(
    record: Record, found: Sequence[Finding], policy_for: PolicyFor
) -> Mapping[ResourceId, str]:
    """Return the digest of the policy that holds for each resource that a run found."""
    by_page = _sources_by_page(record)
    return {
        finding.resource.id: policy_for(finding.resource, _sources_of(finding, by_page))[1]
        for finding in found
    }


def _not_read_whole(record: Record) -> frozenset[str]:
    """Return the pages on which there may be links that the run does not know of."""
    return frozenset(page.name for page in record.pages if not (page.read and page.whole))


def _gone(known: Known, record: Record) -> frozenset[str]:
    """Return the sources that incidents name and nobody reads any more: they are called
    otherwise now, or were taken out of the configuration.
    """
    named = {
        source
        for incident in known.incidents
        for member in incident.members
        for source in member.sources
    }
    tried = {*record.run.sources, *(page.source for page in record.pages)}
    return frozenset(source for source in named - tried if not known.is_read(source))


def _sources_by_page(record: Record) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for page in record.pages:
        found.setdefault(page.name, []).append(page.source)
    return found


def _sources_of(finding: Finding, by_page: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the sources on whose pages links to a resource stand."""
    pages = dict.fromkeys(each.link.occurrence.page for each in finding.links)
    return tuple(dict.fromkeys(source for page in pages for source in by_page.get(page, ())))


class _Conclusion:
    """One conclusion, while it is drawn."""

    def __init__(
        self,
        known: Known,
        record: Record,
        providers: Sequence[Provider],
        policy_for: PolicyFor,
    ) -> None:
        self._known = known
        self._record = record
        self._providers = providers
        self._policy_for = policy_for
        self._sources = _sources_by_page(record)
        self._members = {
            member.resource.id: member
            for incident in known.incidents
            if incident.is_open
            for member in incident.members
        }
        self._met: dict[ResourceId, Reason] = {}
        self._states: dict[ResourceId, State] = {}
        self._policies: dict[ResourceId, str] = {}
        self._happened: dict[ResourceId, Sequence[Transition]] = {}

    @property
    def so_far(self) -> Conclusion:
        """Return what has been found of the states."""
        return Conclusion(
            met=self._met, states=self._states, policies=self._policies, happened=self._happened
        )

    def watched(self, finding: Finding) -> Watched:
        """Return a resource with its trouble, if there is one to tell; notes its new state."""
        resource = finding.resource
        verdict = as_met(finding)
        sources = _sources_of(finding, self._sources)
        state = self._stepped(resource, verdict, sources)
        good = self._good(resource, verdict) if _is_told(state) else {}
        trouble = self._member(finding, verdict, state, sources, good)
        against = verdict if trouble is None else trouble.verdict
        return Watched(
            id=resource.id,
            causes=causes_of(resource, against, good, self._providers),
            works=sign(verdict.reason) in {Sign.WORKS, Sign.REMARKED},
            trouble=trouble,
            well=_well(state),
        )

    def _good(self, resource: Resource, verdict: Verdict) -> Mapping[str, Json]:
        """Return the facts of when a resource last worked, and what it passes readers on to."""
        end = verdict.facts.get("target_id")
        behind = self._known.good(ResourceId(end)) if isinstance(end, str) else {}
        return {**behind, **self._known.good(resource.id)}

    def _stepped(self, resource: Resource, verdict: Verdict, sources: Sequence[str]) -> State:
        id_ = resource.id
        before = self._known.states.get(id_)
        observation = self._record.observations.get(id_)
        if observation is None:  # not reached, or not asked
            return before or State()
        self._met[id_] = verdict.reason
        sighting = Sighting(at=observation.at, reason=verdict.reason)
        policy, digest = self._policy_for(resource, sources)
        if before is None or (before.seen_at is not None and sighting.at < before.seen_at):
            state, happened = replay([*self._counted(id_), sighting], policy)
        else:
            state, happened = step(before, sighting, policy)
        new = tuple(each for each in happened if each.at == sighting.at)
        if new:
            self._happened[id_] = new
        if state != before:
            self._states[id_] = state
            self._policies[id_] = digest
        return state

    def _counted(self, id_: ResourceId) -> Sequence[Sighting]:
        """Return what counted of a resource up to now, and not what a wrong clock put ahead."""
        end = (self._record.run.finished_at or self._record.run.started_at) + _AHEAD
        return [each for each in self._known.sightings(id_) if each.at <= end]

    def _member(
        self,
        finding: Finding,
        verdict: Verdict,
        state: State,
        sources: tuple[str, ...],
        good: Mapping[str, Json],
    ) -> Member | None:
        """Return a resource as one of an incident; None where there is nothing to tell."""
        if not _is_told(state):
            return None
        breaks = state.broken.is_told or state.flapping is not None
        trouble = state.broken if breaks else state.remark
        before = self._members.get(finding.resource.id)
        against = _against(verdict, state, before, breaks=breaks)
        worst = [each for each in finding.links if severity(each.verdict) == severity(verdict)]
        return Member(
            resource=finding.resource,
            verdict=against,
            since=trouble.began or (before.since if before else _newest(state)),
            phase=state.phase if breaks else trouble.phase,
            links=tuple(each.link for each in worst or finding.links),
            sources=sources,
            known=good,
        )


_AHEAD = timedelta(minutes=10)
"""How far the clocks of two machines that share a history may be apart."""


def _is_told(state: State) -> bool:
    return state.flapping is not None or state.broken.is_told or state.remark.is_told


def _well(state: State) -> frozenset[Status]:
    """Return the statuses that a resource was seen to be over.

    What a policy calls too little to be told is not over, and neither is what nobody knows.
    """
    troubles = {Status.BROKEN: state.broken, Status.WARNING: state.remark}
    return frozenset(status for status, each in troubles.items() if each.phase is Phase.HEALTHY)


def _newest(state: State) -> datetime:
    """Return when a resource that flaps, and works now, last failed."""
    assert state.failed is not None  # noqa: S101 - what never failed is no trouble
    return state.failed.at


def _against(verdict: Verdict, state: State, before: Member | None, *, breaks: bool) -> Verdict:
    """Return the newest verdict that counted against a resource.

    That is this run's where it speaks of the trouble. Else the one that its incident knows; a
    resource that begins to flap while it works has none, and only the reason is remembered.
    """
    speaking = {Sign.FAILS_SOFTLY, Sign.FAILS_HARD} if breaks else {Sign.REMARKED}
    if sign(verdict.reason) in speaking:
        return verdict
    if before is not None and sign(before.verdict.reason) in speaking:
        return before.verdict
    reason = state.failed.reason if breaks and state.failed else state.remark.reason
    kept = reason or verdict.reason
    return Verdict(reason=kept, detail=explain(kept).what, facts=verdict.facts)

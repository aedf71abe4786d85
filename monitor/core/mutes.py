"""Troubles that the owner does not want to hear of for a while; they stay visible."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.incidents import Incident, IncidentId, Member
from monitor.core.leave_alone import fits
from monitor.core.model import Resource

BY_CONFIG = "config.yaml"
"""Who wished for what the configuration mutes: it can be ended only there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A wish not to hear of something until a day: it then comes back by itself.

    `what` is an address, a pattern of addresses (see `leave_alone.compiled`), the id of a
    resource, or `incident:` and the id of one. `by` tells who wished it: a name on GitHub, "the
    command line", "config.yaml". `until` None is for ever, which only the configuration allows.
    `source` is the name of the one source of whose links it speaks; None speaks of all.
    """

    id: str
    what: str
    reason: str
    by: str
    since: datetime
    until: datetime | None
    source: str | None = None


def of_incident(id_: IncidentId) -> str:
    """Return how a mute names an incident."""
    return f"incident:{id_}"


def in_force(mutes: Iterable[Mute], now: datetime) -> Sequence[Mute]:
    """Return the mutes that hold at an instant."""
    return [each for each in mutes if each.since <= now and (not each.until or now < each.until)]


def names(mute: Mute, resource: Resource) -> bool:
    """Return whether a mute names a resource: its id, or its address by a pattern."""
    return mute.what == resource.id or fits(mute.what, resource.url)


def muted_by(
    resource: Resource, sources: Collection[str], mutes: Iterable[Mute], now: datetime
) -> Mute | None:
    """Return what mutes a resource that stands in these sources, or None where it is to be heard.

    A mute of one source counts where every source that it stands in is muted. Of several mutes
    the one that lasts longest; of those of several sources that which ends first.
    """
    holding = [each for each in in_force(mutes, now) if names(each, resource)]
    found = [each for each in holding if each.source is None]
    by_source = [longest(each for each in holding if each.source == name) for name in set(sources)]
    return longest([*found, *_all_of(by_source)])


def mute_of(incident: Incident, mutes: Iterable[Mute], now: datetime) -> Mute | None:
    """Return what mutes an incident: it is named, or each of its members that ails is muted.

    Of several the one that lasts longest; of those of the members that which ends first.
    """
    holding = in_force(mutes, now)
    named = [each for each in holding if each.what == of_incident(incident.id)]
    return longest([*named, *_all_of([_of_member(m, holding, now) for m in _ailing(incident)])])


def mutes_of(incident: Incident, mutes: Iterable[Mute], now: datetime) -> Sequence[Mute]:
    """Return every mute that holds and names an incident or one of its members."""
    return [
        each
        for each in in_force(mutes, now)
        if each.what == of_incident(incident.id)
        or any(names(each, member.resource) for member in incident.members)
    ]


def muted_of(
    incidents: Iterable[Incident], mutes: Iterable[Mute], now: datetime
) -> Mapping[IncidentId, Mute]:
    """Return the incidents that are muted, each with what mutes it."""
    holding = in_force(mutes, now)
    found = ((incident.id, mute_of(incident, holding, now)) for incident in incidents)
    return {id_: mute for id_, mute in found if mute is not None}


def longest(mutes: Iterable[Mute]) -> Mute | None:
    """Return the mute that lasts longest, or None where there is none."""
    return max(mutes, key=_end, default=None)


def _of_member(member: Member, holding: Sequence[Mute], now: datetime) -> Mute | None:
    return muted_by(member.resource, member.sources, holding, now)


def _ailing(incident: Incident) -> Sequence[Member]:
    """Return the members that matter: those that ail, or all of what is over."""
    return [each for each in incident.members if each.ails] or incident.members


def _all_of(mutes: Sequence[Mute | None]) -> Sequence[Mute]:
    """Return what mutes all together: the one that ends first, or none where one is missing."""
    there = [each for each in mutes if each is not None]
    return [min(there, key=_end)] if there and len(there) == len(mutes) else []


def _end(mute: Mute) -> tuple[bool, float, str]:
    return mute.until is None, mute.until.timestamp() if mute.until else 0.0, mute.id

"""What has become of a member of an incident, as one run saw it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from monitor.core.incidents import Member, Seen, Watched
from monitor.core.model import ResourceId
from monitor.core.reasons import Status
from monitor.core.states import Phase


class Fate(StrEnum):
    """What has become of a member."""

    AILS = "ails"
    WELL = "well"
    ELSEWHERE = "elsewhere"
    """It had a warning, and now it is broken, which is told by another incident."""
    UNLINKED = "unlinked"
    UNSEEN = "unseen"
    """The run did not read, or not wholly, where it stands, or nothing tells that it is well.

    It is left as it is.
    """


def fate_of(
    member: Member, status: Status, watched: Mapping[ResourceId, Watched], seen: Seen
) -> Fate:
    """Return what has become of a member of an incident of a status, broken or warning."""
    now = watched.get(member.resource.id)
    if now is None:
        told = {*member.sources} - seen.gone <= {*seen.sources}
        return Fate.UNLINKED if told and not {*_pages(member)} & seen.unread else Fate.UNSEEN
    if now.trouble is not None:
        if now.trouble.status is status:
            return Fate.AILS
        if status is Status.WARNING and member.phase is not Phase.HEALTHY:
            return Fate.ELSEWHERE
    return Fate.WELL if status in now.well else Fate.UNSEEN


def after(member: Member, fate: Fate, watched: Mapping[ResourceId, Watched], seen: Seen) -> Member:
    """Return a member as it is after a run in which it had a fate."""
    if fate is Fate.WELL:
        return replace(member, phase=Phase.HEALTHY)
    if fate is Fate.UNLINKED:
        stood = tuple(dict.fromkeys(_pages(member))) or member.stood
        return replace(member, links=(), sources=(), stood=stood)
    trouble = watched[member.resource.id].trouble if fate is Fate.AILS else None
    return joined(trouble, member, seen) if trouble is not None else member


def joined(new: Member, old: Member, seen: Seen) -> Member:
    """Return a member as a run saw it, with what the run could not see of where it stands."""
    kept = tuple(
        link for link in old.links if link.occurrence.page in seen.unread and link not in new.links
    )
    known = {*new.sources} | seen.gone
    sources = tuple(
        each for each in old.sources if each not in known and (kept or each not in seen.sources)
    )
    return replace(
        new,
        links=new.links + kept,
        sources=new.sources + sources,
        known=new.known or old.known,
    )


def _pages(member: Member) -> Iterable[str]:
    return (link.occurrence.page for link in member.links)

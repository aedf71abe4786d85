"""The troubles of one run by their root cause, as incidents are made of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.causes import Cause, the_resource
from monitor.core.common_causes import Sufferer, by_common_cause
from monitor.core.incidents import Member, Watched
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a run saw of one cause: who suffers from it; `key` is the same in every run."""

    cause: Cause
    key: str
    ids: Sequence[ResourceId]


def groups_of(status: Status, watched: Mapping[ResourceId, Watched]) -> Iterator[Group]:
    """Yield the troubles of one status, broken or warning, by their root cause.

    Warnings of one cause are told by their reason apart: what to do about them differs.
    """
    if status is Status.BROKEN:
        cleared = _cleared(watched, ())
        for cause, ids in by_common_cause(_sufferers(status, watched), cleared).items():
            yield Group(cause=cause, key=cause.key, ids=ids)
        return
    by_reason: dict[Reason, list[Sufferer]] = {}
    for one in _sufferers(status, watched):
        by_reason.setdefault(one.reason, []).append(one)
    for reason, ones in sorted(by_reason.items()):
        cleared = _cleared(watched, {one.id for one in ones})
        for cause, ids in by_common_cause(ones, cleared, narrowest_is_sure=True).items():
            yield Group(cause=cause, key=warning_key(cause, reason), ids=ids)


def warning_key(cause: Cause, reason: Reason) -> str:
    """Return the key of the warnings of one cause."""
    return f"{reason} {cause.key}"


def _cleared(
    watched: Mapping[ResourceId, Watched], but: Collection[ResourceId]
) -> frozenset[Cause]:
    """Return the causes of what works, which therefore do not explain a trouble."""
    working = (each for each in watched.values() if each.works and each.id not in but)
    return frozenset(cause for each in working for cause in each.causes)


def _sufferers(status: Status, watched: Mapping[ResourceId, Watched]) -> Iterator[Sufferer]:
    for each in watched.values():
        member = each.trouble
        if member is not None and member.status is status:
            own = the_resource(member.resource, _title(member))
            reason = member.verdict.reason
            yield Sufferer(id=each.id, reason=reason, own=own, causes=each.causes)


def _title(member: Member) -> str | None:
    """Return what a resource is called, as it was when it last worked."""
    for facts in (member.known, member.verdict.facts):
        for key in ("title", "name"):
            title = facts.get(key)
            if isinstance(title, str) and title.strip():
                return title
    return None

"""What changed since the last run that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.findings import Finding, as_met
from monitor.core.model import Verdict
from monitor.core.reasons import Grade, Status
from monitor.report.wording import label, name_of


class ChangeKind(StrEnum):
    """What happened to a resource between two runs; the worst first."""

    NEWLY_BROKEN = "Newly broken"
    NEWLY_WARNED = "New warning"
    OUT_OF_SIGHT = "Can no longer be checked"
    RECOVERED = "Works again"
    ADDED = "New on the page"
    REMOVED = "No longer on the page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource that differs: what it was, what it is; None where it was or is not there."""

    kind: ChangeKind
    finding: Finding
    name: str
    before: Verdict | None
    now: Verdict | None


_OK, _WARNING, _BROKEN, _UNKNOWN = Status.OK, Status.WARNING, Status.BROKEN, Status.UNKNOWN

_KINDS: dict[tuple[Status | None, Status | None], ChangeKind] = {
    (None, _OK): ChangeKind.ADDED,
    (None, _WARNING): ChangeKind.ADDED,
    (None, _UNKNOWN): ChangeKind.ADDED,
    (None, _BROKEN): ChangeKind.NEWLY_BROKEN,
    (_OK, _WARNING): ChangeKind.NEWLY_WARNED,
    (_OK, _UNKNOWN): ChangeKind.OUT_OF_SIGHT,
    (_OK, _BROKEN): ChangeKind.NEWLY_BROKEN,
    (_OK, None): ChangeKind.REMOVED,
    (_WARNING, _OK): ChangeKind.RECOVERED,
    (_WARNING, _UNKNOWN): ChangeKind.OUT_OF_SIGHT,
    (_WARNING, _BROKEN): ChangeKind.NEWLY_BROKEN,
    (_WARNING, None): ChangeKind.REMOVED,
    (_BROKEN, _OK): ChangeKind.RECOVERED,
    (_BROKEN, _WARNING): ChangeKind.RECOVERED,
    (_BROKEN, _UNKNOWN): ChangeKind.OUT_OF_SIGHT,
    (_BROKEN, None): ChangeKind.REMOVED,
    (_UNKNOWN, _OK): ChangeKind.RECOVERED,
    (_UNKNOWN, _WARNING): ChangeKind.NEWLY_WARNED,
    (_UNKNOWN, _BROKEN): ChangeKind.NEWLY_BROKEN,
    (_UNKNOWN, None): ChangeKind.REMOVED,
}
"""Status before and now; a pair that is missing is no change."""


def changes(previous: Sequence[Finding], found: Sequence[Finding]) -> tuple[Change, ...]:
    """Return what differs between two runs, the worst kind first, then in page order.

    What our own side kept us from asking is no change, neither when it begins nor when it ends.
    A warning that gives way to another is a change too; a break that gives way to another
    is not, for the reader meets a dead link as before.
    """
    before = {finding.resource.id: finding for finding in previous}
    now = {finding.resource.id: finding for finding in found}
    pairs = [(before.get(id_), finding) for id_, finding in now.items()]
    gone = [(finding, None) for id_, finding in before.items() if id_ not in now]
    made = [change for was, is_ in (*pairs, *gone) if (change := _change(was, is_)) is not None]
    order = list(ChangeKind)
    return tuple(sorted(made, key=lambda change: order.index(change.kind)))


def _change(was: Finding | None, is_: Finding | None) -> Change | None:
    before = as_met(was) if was is not None else None
    now = as_met(is_) if is_ is not None else None
    if (before and _unasked(before)) or (now and _unasked(now)):
        return None
    kind = _KINDS.get((before.status if before else None, now.status if now else None))
    if before and now and before.status is now.status is _WARNING and before.reason != now.reason:
        kind = ChangeKind.NEWLY_WARNED
    finding = is_ if is_ is not None else was
    if kind is None or finding is None:
        return None
    return Change(kind=kind, finding=finding, name=name_in_report(finding), before=before, now=now)


def _unasked(verdict: Verdict) -> bool:
    return verdict.status is _UNKNOWN and verdict.grade in {Grade.OWN, Grade.NONE}


def name_in_report(finding: Finding) -> str:
    """Return what to call a resource where it stands by itself: as its first link does."""
    if finding.links:
        return label(finding.links[0].link, finding.resource, finding.verdict)
    return name_of(finding.resource, finding.verdict)

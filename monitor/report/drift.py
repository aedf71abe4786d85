"""What changed behind the links, as people read it."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.core.drift import DRIFTED, FactChange
from monitor.core.findings import Finding, as_met
from monitor.core.reasons import Reason, Status, explain
from monitor.report.changes import name_in_report
from monitor.report.grouping import Place
from monitor.report.wording import fact, label, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact that differs: its name, what was accepted, what it is now."""

    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One resource that is not any more what was accepted, and the command to accept it."""

    finding: Finding
    name: str
    title: str
    status: Status
    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    accept: str


def drifts(found: Iterable[Finding]) -> tuple[Drift, ...]:
    """Return what differs from what was accepted, what is broken by it first."""
    made = [_drift(finding) for finding in found if finding.changes]
    return tuple(sorted(made, key=lambda drift: drift.status is not Status.BROKEN))


def _drift(finding: Finding) -> Drift:
    verdict = as_met(finding)
    met = (finding.verdict, *(found.verdict for found in finding.links))
    reason = next((each.reason for each in met if each.reason in DRIFTED), Reason.CHANGED)
    return Drift(
        finding=finding,
        name=name_in_report(finding),
        title=explain(reason).title,
        status=verdict.status,
        lines=tuple(_line(change) for change in finding.changes),
        places=tuple(
            Place(label=label(found.link, finding.resource, verdict), link=found.link)
            for found in finding.links
        ),
        accept=f"linkwell accept {shlex.quote(shown(finding.resource.id, 2000))}",
    )


def _line(change: FactChange) -> Line:
    return Line(
        name=shown(change.name.replace("_", " "), 40),
        before=fact(change.name, change.before),
        now=fact(change.name, change.now),
    )

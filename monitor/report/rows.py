"""How a report is laid out, whatever it is written in: rows, counts, names of things."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.core.findings import Finding, as_met
from monitor.core.model import Link, Resource, Verdict
from monitor.core.reasons import Grade, Status, explain
from monitor.report import wording
from monitor.report.changes import Change, ChangeKind
from monitor.report.grouping import Place, anchor
from monitor.report.headline import Summary
from monitor.report.over_time import OverTime, over_time
from monitor.report.report import Report

WORDS = {
    Status.BROKEN: "Broken",
    Status.WARNING: "Warning",
    Status.UNKNOWN: "Not known",
    Status.OK: "Works",
}
"""What a status is called, the worst first."""

GRADES = {
    Grade.HARD: "",
    Grade.SOFT: "may be passing",
    Grade.BLOCKED: "we were refused",
    Grade.OWN: "the fault is ours",
    Grade.GOOD: "",
    Grade.NONE: "",
}
"""What a grade adds to a status; nothing where it says no more than that."""

KIND_MARKS = {
    ChangeKind.NEWLY_BROKEN: Status.BROKEN,
    ChangeKind.NEWLY_WARNED: Status.WARNING,
    ChangeKind.OUT_OF_SIGHT: Status.UNKNOWN,
    ChangeKind.RECOVERED: Status.OK,
    ChangeKind.ADDED: Status.OK,
    ChangeKind.REMOVED: Status.UNKNOWN,
}

COUNTED = {
    Status.BROKEN: "broken",
    Status.WARNING: "with a warning",
    Status.UNKNOWN: "not known",
    Status.OK: "working",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table of every resource."""

    finding: Finding
    verdict: Verdict
    anchor: str
    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    past: OverTime | None


def rows(report: Report) -> list[Row]:
    """Return the lines of the table of all resources."""
    return [_row(finding, report) for finding in report.found]


def _row(finding: Finding, report: Report) -> Row:
    id_, past = finding.resource.id, report.past
    verdict = as_met(finding)
    return Row(
        finding=finding,
        verdict=verdict,
        anchor=anchor(finding),
        title=explain(verdict.reason).title,
        name=wording.title_of(verdict) or "",
        facts=wording.facts(verdict),
        places=tuple(
            Place(label=_said(found.link, finding.resource), link=found.link)
            for found in finding.links
        ),
        past=over_time(id_, past, report.strips[id_]) if past is not None else None,
    )


def _said(link: Link, resource: Resource) -> str:
    """Return a link's text, or the kind of what it leads to: the title stands beside it."""
    text = wording.shown(link.occurrence.text, wording.MOST_TITLE)
    return text if wording.says_something(text) else wording.kind_name(resource)


def tally(summary: Summary) -> tuple[tuple[Status, int], ...]:
    """Return how many resources have each status, the worst first."""
    return (
        (Status.BROKEN, summary.broken),
        (Status.WARNING, summary.warning),
        (Status.UNKNOWN, summary.unknown),
        (Status.OK, summary.ok),
    )


def by_kind(changed: Sequence[Change] | None) -> Iterator[tuple[ChangeKind, list[Change]]]:
    """Yield the changes of each kind, the worst kind first."""
    for kind, some in groupby(changed or (), key=lambda change: change.kind):
        yield kind, list(some)

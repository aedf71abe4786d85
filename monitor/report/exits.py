"""What the exit code of a check tells: one decision, and pure."""

from monitor.core.exits import Exit, FailOn
from monitor.core.findings import Finding, as_met
from monitor.core.model import ResourceId
from monitor.core.reasons import Status
from monitor.core.states import Phase
from monitor.report.changes import ChangeKind
from monitor.report.report import Report
from monitor.report.standing import Standing


def exit_of(report: Report, fail_on: FailOn = FailOn.BROKEN_NOW) -> Exit:
    """Return what a run says as a whole.

    What is muted does not count. Where a change is asked about, only links on lines that it adds or
    touches count. A run that is not to be believed, or ended early, cannot say
    that all is well, whatever it takes to fail.
    """
    run = report.run
    heard = {
        finding.resource.id
        for finding in report.found
        if report.standings.get(finding.resource.id) is not Standing.MUTED
        and _blamed(report, finding, fail_on)
    }
    if run.valid and not heard.isdisjoint(_failing(report, fail_on)):
        return Exit.BROKEN
    return Exit.WELL if run.valid and not run.stopped else Exit.INVALID


def _blamed(report: Report, finding: Finding, fail_on: FailOn) -> bool:
    """Return whether a resource may make the check fail, going by where its links stand.

    Where states over time decide, any link to it will do, whatever is met of it just now.
    """
    if report.checkout.touched is None:
        return True
    return any(
        report.checkout.is_new(found.link.occurrence)
        and (fail_on in _PHASES or found.verdict.status is Status.BROKEN)
        for found in finding.links
    )


_CONFIRMED = frozenset({Phase.CONFIRMED, Phase.RECOVERING, Phase.FLAPPING})
_PHASES = {FailOn.CONFIRMED: _CONFIRMED, FailOn.SUSPECT: _CONFIRMED | {Phase.SUSPECT}}


def _failing(report: Report, fail_on: FailOn) -> set[ResourceId]:
    """Return the resources, among them all that the report speaks of, that make a check fail."""
    if fail_on is FailOn.NEVER:
        return set()
    if fail_on in _PHASES:
        states = report.past.states if report.past is not None else {}
        return {id_ for id_, state in states.items() if state.phase in _PHASES[fail_on]}
    if fail_on is FailOn.NEW and report.changed is not None:
        newly = (each for each in report.changed if each.kind is ChangeKind.NEWLY_BROKEN)
        return {each.finding.resource.id for each in newly}
    return {
        finding.resource.id for finding in report.found if as_met(finding).status is Status.BROKEN
    }

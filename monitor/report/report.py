"""What a run means to the owner of the page, as one value; every format is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.findings import Finding, LinkFinding
from monitor.core.model import Occurrence, PageRecord, Record, Run, Skipped, Verdict
from monitor.core.reasons import Reason, Status
from monitor.report.changes import Change, changes
from monitor.report.drift import Drift, drifts
from monitor.report.grouping import Group, as_met, groups
from monitor.report.wording import count, instant, joined, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many of what. A resource counts once, as the readers of the page meet it."""

    pages: int
    links: int
    resources: int
    ok: int
    warning: int
    broken: int
    unknown: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that there is to say of a run.

    `status` is the worst that needs the reader, None for a run that does not count.
    `changed` is None where nothing can be compared, and `compared` says to what, or why not.
    `needs` are the broken and the warned, `drifted` what works but is not as it was accepted,
    `unknowns` what could not be told. `found` holds
    every resource in page order. `health` is the run's own, one sentence each; empty: good.
    """

    run: Run
    headline: str
    status: Status | None
    summary: Summary
    pages: tuple[PageRecord, ...]
    compared: str
    changed: tuple[Change, ...] | None
    needs: tuple[Group, ...]
    drifted: tuple[Drift, ...]
    unknowns: tuple[Group, ...]
    found: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    health: tuple[str, ...]

    @property
    def checked_at(self) -> datetime:
        """Return the instant for which the report speaks: the end of the run, or its start."""
        return self.run.finished_at or self.run.started_at

    @property
    def took(self) -> timedelta | None:
        """Return how long the run took, or None where it has not finished."""
        end = self.run.finished_at
        return end - self.run.started_at if end is not None else None


def build(
    record: Record,
    found: Sequence[Finding],
    previous: Sequence[Finding] | None,
    previous_run: Run | None,
) -> Report:
    """Return the report of a run; pure.

    `previous` and `previous_run` are the last valid run before it, None where there is none.
    In a run that does not count every verdict reads as our own network's fault, so that no
    link is called broken.
    """
    run = record.run
    order = _PageOrder(record)
    kept = sorted((order.finding(finding) for finding in found), key=order.of_finding)
    if not run.valid:
        kept = [_discounted(finding, run) for finding in kept]
    summary = _summary(record, kept)
    return Report(
        run=run,
        headline=_headline(run, summary),
        status=_status(summary) if run.valid else None,
        summary=summary,
        pages=record.pages,
        compared=_compared(run, previous_run),
        changed=changes(previous, kept) if run.valid and previous is not None else None,
        needs=groups(kept, frozenset({Status.BROKEN, Status.WARNING})),
        drifted=drifts(kept),
        unknowns=groups(kept, frozenset({Status.UNKNOWN})),
        found=tuple(kept),
        skipped=tuple(sorted(record.skipped, key=lambda skip: order.of(skip.occurrence))),
        health=_health(run, kept),
    )


class _PageOrder:
    """The order in which a reader comes upon things: pages as given, then line and column."""

    def __init__(self, record: Record) -> None:
        self._pages = {page.name: n for n, page in enumerate(record.pages)}

    def of(self, occurrence: Occurrence) -> tuple[int, str, int, int]:
        number = self._pages.get(occurrence.page, len(self._pages))
        position = occurrence.position
        return number, occurrence.page, position.line, position.column

    def of_link(self, found: LinkFinding) -> tuple[int, str, int, int]:
        return self.of(found.link.occurrence)

    def of_finding(self, finding: Finding) -> tuple[tuple[int, str, int, int], str]:
        nowhere = (len(self._pages), "", 0, 0)
        first = min((self.of_link(found) for found in finding.links), default=nowhere)
        return first, finding.resource.id

    def finding(self, finding: Finding) -> Finding:
        return replace(finding, links=tuple(sorted(finding.links, key=self.of_link)))


def _discounted(finding: Finding, run: Run) -> Finding:
    """Return a finding of an invalid run: what was found is not claimed."""

    def own(verdict: Verdict) -> Verdict:
        if verdict.status is Status.UNKNOWN:
            return verdict
        detail = f"Not counted, for this run is not to be believed: {run.invalid_reason}."
        return Verdict(reason=Reason.OWN_NETWORK, detail=detail, facts=verdict.facts)

    links = tuple(replace(found, verdict=own(found.verdict)) for found in finding.links)
    return replace(finding, verdict=own(finding.verdict), links=links, changes=())


def _summary(record: Record, found: Sequence[Finding]) -> Summary:
    statuses = [as_met(finding).status for finding in found]
    return Summary(
        pages=len(record.pages),
        links=sum(len(finding.links) for finding in found),
        resources=len(found),
        ok=statuses.count(Status.OK),
        warning=statuses.count(Status.WARNING),
        broken=statuses.count(Status.BROKEN),
        unknown=statuses.count(Status.UNKNOWN),
        skipped=len(record.skipped),
    )


def _status(summary: Summary) -> Status:
    if summary.broken:
        return Status.BROKEN
    if summary.warning:
        return Status.WARNING
    return Status.UNKNOWN if summary.unknown else Status.OK


def _headline(run: Run, summary: Summary) -> str:
    if run.invalid_reason is not None:
        reason = shown(run.invalid_reason, 300).rstrip(".")
        uncounted = "" if "nothing was counted" in reason else ", so nothing was counted"
        return f"{reason[:1].upper()}{reason[1:]}{uncounted}."
    if not summary.pages:
        return "No page was read, so nothing was checked."
    owner = "page" if summary.pages == 1 else "pages"
    if not summary.resources:
        return f"Your {owner} {_verb(summary.pages, 'hold')} no links to check."
    troubles = [
        text
        for number, text in (
            (summary.broken, f"{_are(summary.broken)} broken"),
            (summary.warning, f"{summary.warning:,} {_verb(summary.warning, 'need')} attention"),
            (summary.unknown, f"{summary.unknown:,} could not be checked"),
        )
        if number
    ]
    resources = count(summary.resources, "resource")
    behind = f"{resources} that your {owner} {_verb(summary.pages, 'link')} to"
    if troubles:
        return f"Of the {behind}, {joined(troubles)}."
    works = "it works" if summary.resources == 1 else "every one works"
    return f"All is well: of the {behind}, {works}."


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def _compared(run: Run, previous: Run | None) -> str:
    if not run.valid:
        last = f" The last run that counts is of {instant(_end(previous))}." if previous else ""
        return f"Nothing was counted, so nothing can have changed.{last}"
    if previous is None:
        return "This is the first run that counts, so there is nothing to compare it with."
    return f"Compared with the run of {instant(_end(previous))}."


def _end(run: Run) -> datetime:
    return run.finished_at or run.started_at


def _health(run: Run, found: Sequence[Finding]) -> tuple[str, ...]:
    said = []
    if run.invalid_reason is not None:
        said.append(f"This run does not count: {shown(run.invalid_reason).rstrip('.')}.")
    if run.finished_at is None:
        said.append("This run has not finished, or was killed: only what it had done is here.")
    if run.stopped:
        said.append("The run was stopped early; what it had finished counts.")
    if run.valid and run.trusted_until is not None:
        said.append(
            f"Our own network was lost after {instant(run.trusted_until)};"
            " what was observed later does not count."
        )
    said += (shown(note, 300) for note in run.notes)
    unreached = sum(as_met(finding).reason is Reason.NOT_ASKED for finding in found)
    if unreached:
        said.append(f"{count(unreached, 'resource was', 'resources were')} not asked.")
    own = sum(
        as_met(finding).reason in {Reason.OWN_CREDENTIAL, Reason.OWN_QUOTA} for finding in found
    )
    if own:
        said.append(
            f"{count(own, 'resource')} could not be checked for want of a key or quota of ours."
        )
    return tuple(said)

"""What a run means to the owner of the page, as one value; every format is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core.checkout import NO_CHECKOUT, Checkout
from monitor.core.findings import Finding, LinkFinding, as_met
from monitor.core.model import (
    Occurrence,
    PageRecord,
    Record,
    ResourceId,
    Run,
    Skipped,
    Verdict,
)
from monitor.core.mutes import of_incident
from monitor.core.reasons import Reason, Status
from monitor.report.changes import Change, changes, name_in_report
from monitor.report.drift import Drift, drifts
from monitor.report.grouping import Group, groups
from monitor.report.headline import Summary, headline
from monitor.report.past import Past
from monitor.report.standing import Standing, fails_now, standing
from monitor.report.stories import Story, stories
from monitor.report.strips import Strip, strip
from monitor.report.wording import count, instant, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that there is to say of a run.

    `status` is the worst that needs the reader, None for a run that does not count.
    `changed` is None where nothing can be compared, and `compared` says to what, or why not.
    `needs` are the broken and the warned, `drifted` what works but is not as it was accepted,
    `unknowns` what could not be told. `found` holds
    every resource in page order. `health` is the run's own, one sentence each; empty: good.

    The rest speaks of time, and is empty where `past` is None: `suspects` fail now but are not
    confirmed, `muted` are the troubles not to hear of; neither is among `needs`. `standings`
    tells where each resource stands, and is empty for a run that does not count. `checkout` is
    where the sources stand, as far as that is known, and what a change touches in them.
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
    past: Past | None = None
    suspects: tuple[Group, ...] = ()
    muted: tuple[Group, ...] = ()
    stories: tuple[Story, ...] = ()
    standings: Mapping[ResourceId, Standing] = field(default_factory=dict)
    strips: Mapping[ResourceId, Strip] = field(default_factory=dict)
    checkout: Checkout = NO_CHECKOUT

    def number(self, *standings: Standing) -> int:
        """Return how many resources stand in one of these places."""
        return sum(each in standings for each in self.standings.values())

    @property
    def broken(self) -> tuple[Group, ...]:
        """Return what needs the reader for being broken."""
        return tuple(group for group in self.needs if group.status is not Status.WARNING)

    @property
    def warned(self) -> tuple[Group, ...]:
        """Return what needs the reader for a warning alone."""
        return tuple(group for group in self.needs if group.status is Status.WARNING)

    @property
    def muted_names(self) -> Mapping[str, str]:
        """Return what people call the resources and incidents that a mute may name by id."""
        past = self.past
        if past is None:
            return {}
        wanted = {mute.what for mute in past.mutes}
        names: dict[str, str] = {of_incident(i.id): i.cause.name for i in past.incidents}
        names |= {str(each.resource.id): name_in_report(each) for each in self.found}
        return {what: name for what, name in names.items() if what in wanted}

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
    past: Past | None = None,
) -> Report:
    """Return the report of a run; pure.

    `previous` and `previous_run` are the last valid run before it, None where there is none.
    `past` is what is known over time as of the end of the run; without it nothing is said of it.
    In a run that does not count every verdict reads as our own network's fault, so that no
    link is called broken.
    """
    run = record.run
    order = _PageOrder(record)
    kept = sorted((order.finding(finding) for finding in found), key=order.of_finding)
    if not run.valid:
        kept = [_discounted(finding, run) for finding in kept]
    summary = _summary(record, kept)
    over_time = past if run.valid else None
    standings = {f.resource.id: standing(f, over_time) for f in kept} if over_time else {}
    parts = _Parts(kept, standings)
    return Report(
        run=run,
        headline=headline(run, summary, parts.suspect, standings, over_time),
        status=_status(parts.heard) if run.valid else None,
        summary=summary,
        pages=record.pages,
        compared=_compared(run, previous_run),
        changed=changes(previous, kept) if run.valid and previous is not None else None,
        needs=parts.needs(),
        drifted=drifts(kept),
        unknowns=groups(parts.other, frozenset({Status.UNKNOWN})),
        found=tuple(kept),
        skipped=tuple(sorted(record.skipped, key=lambda skip: order.of(skip.occurrence))),
        health=_health(run, kept, past),
        past=past,
        suspects=groups(parts.suspect, _TROUBLE),
        muted=groups(parts.muted, _TROUBLE),
        stories=stories(past) if past is not None else (),
        standings=standings,
        strips=_strips(kept, past) if past is not None else {},
    )


def _strips(found: Sequence[Finding], past: Past) -> Mapping[ResourceId, Strip]:
    ids = (finding.resource.id for finding in found)
    return {id_: strip(past.days.get(id_, ()), past.state(id_), past.until) for id_ in ids}


_TROUBLE = frozenset({Status.BROKEN, Status.WARNING, Status.UNKNOWN})


class _Parts:
    """What was found, divided by where it stands over time; all is `other` where none is known."""

    def __init__(self, found: Sequence[Finding], standings: Mapping[ResourceId, Standing]) -> None:
        self.muted: list[Finding] = []
        self.suspect: list[Finding] = []
        self.silent: list[Finding] = []
        """Confirmed as broken, of which now is known only that it does not answer."""
        self.other: list[Finding] = []
        places = {Standing.MUTED: self.muted, Standing.SUSPECT: self.suspect}
        for finding in found:
            stands = standings.get(finding.resource.id)
            place = places.get(stands, self.other) if stands is not None else self.other
            known = stands in {Standing.CONFIRMED, Standing.FLAPPING}
            if known and as_met(finding).status is Status.UNKNOWN and fails_now(finding):
                place = self.silent
            place.append(finding)

    @property
    def heard(self) -> Sequence[Finding]:
        """Return all but the muted."""
        return [*self.suspect, *self.silent, *self.other]

    def needs(self) -> tuple[Group, ...]:
        """Return what needs the reader, worst first: broken, confirmed without answer, warned."""
        return (
            *groups(self.other, frozenset({Status.BROKEN})),
            *groups(self.silent, _TROUBLE),
            *groups(self.other, frozenset({Status.WARNING})),
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


def _status(found: Sequence[Finding]) -> Status:
    """Return the worst that was found, in the order in which it needs the reader."""
    there = {as_met(finding).status for finding in found}
    worst_first = (Status.BROKEN, Status.WARNING, Status.UNKNOWN)
    return next((status for status in worst_first if status in there), Status.OK)


def _compared(run: Run, previous: Run | None) -> str:
    if not run.valid:
        last = f" The last run that counts is of {instant(_end(previous))}." if previous else ""
        return f"Nothing was counted, so nothing can have changed.{last}"
    if previous is None:
        return "This is the first run that counts, so there is nothing to compare it with."
    return f"Compared with the run of {instant(_end(previous))}."


def _end(run: Run) -> datetime:
    return run.finished_at or run.started_at


def _health(run: Run, found: Sequence[Finding], past: Past | None) -> tuple[str, ...]:
    said: list[str] = []
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
    notes = (*run.notes, *(past.notes if past is not None else ()))
    said += (shown(note, 300) for note in notes)
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

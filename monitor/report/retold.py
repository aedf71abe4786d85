"""The report of a day of which no run is kept any more: what the stored changes of state tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.findings import Finding, LinkFinding
from monitor.core.incidents import Member
from monitor.core.model import Record, Resource, ResourceId, Run, RunId, Url, Verdict
from monitor.core.reasons import explain
from monitor.core.states import Phase, State, Transition, Trouble, Turn
from monitor.report.past import Past
from monitor.report.report import Report, build
from monitor.report.standing import Standing, worst_words
from monitor.report.wording import count, day

NOTE = (
    "The runs of that day are kept no more. This is what the stored changes of state tell: what"
    " was in trouble then, and why; what worked is not listed, and days and times are not known."
)


def retold(end: datetime, turns: Mapping[ResourceId, Sequence[Transition]], past: Past) -> Report:
    """Return the report of the day that ends at an instant, from the changes up to it.

    `turns` are those of each resource, oldest first; `past` has the incidents as of then.
    """
    members = {
        member.resource.id: member
        for incident in past.incidents
        if incident.is_open
        for member in incident.members
    }
    states = {id_: state_told(all_) for id_, all_ in turns.items() if all_}
    ailing = {id_: state for id_, state in states.items() if _ails(state)}
    found = [
        _finding(id_, state, members.get(id_), turns[id_][-1])
        for id_, state in sorted(ailing.items())
    ]
    past = replace(past, states=states, notes=(NOTE,), retold=True)
    run = Run(id=RunId(f"{end:%Y-%m-%d}"), started_at=end, finished_at=end)
    record = Record(
        run=run,
        pages=(),
        references=(),
        skipped=(),
        resources={each.resource.id: each.resource for each in found},
        observations={},
    )
    made = build(record, found, None, None, past)
    return replace(made, headline=_headline(end, made, past), compared=_COMPARED)


_COMPARED = "What changed on that day cannot be told any more; the incidents have their stories."


def state_told(turns: Sequence[Transition]) -> State:
    """Return a state as far as what happened tells it, oldest first."""
    state = State()
    for turn in turns:
        state = _told(state, turn)
    return state


_PHASES = {
    Turn.SUSPECTED: Phase.SUSPECT,
    Turn.CLEARED: Phase.HEALTHY,
    Turn.CONFIRMED: Phase.CONFIRMED,
    Turn.RELAPSED: Phase.CONFIRMED,
    Turn.RECOVERING: Phase.RECOVERING,
    Turn.RECOVERED: Phase.HEALTHY,
}


def _told(state: State, turn: Transition) -> State:
    state = replace(state, seen_at=turn.at, reason=turn.reason)
    if turn.turn is Turn.FLAPPING:
        return replace(state, flapping=turn.at)
    if turn.turn is Turn.CALMED:
        works = explain(turn.reason).status.value in {"ok", "warning"}
        phase = Phase.HEALTHY if works else Phase.CONFIRMED
        return replace(state, flapping=None, broken=_trouble(state.broken, phase, turn))
    if turn.turn is Turn.REMARKED:
        return replace(state, remark=_trouble(state.remark, Phase.CONFIRMED, turn))
    if turn.turn is Turn.REMARK_GONE:
        return replace(state, remark=_trouble(state.remark, Phase.HEALTHY, turn))
    return replace(state, broken=_trouble(state.broken, _PHASES[turn.turn], turn))


def _trouble(before: Trouble, phase: Phase, turn: Transition) -> Trouble:
    if phase is Phase.HEALTHY:
        return Trouble(phase=phase, since=turn.at)
    reason = before.reason if phase is Phase.RECOVERING else turn.reason
    return Trouble(phase=phase, since=turn.at, began=before.began or turn.at, reason=reason)


def _ails(state: State) -> bool:
    phases = {Phase.UNKNOWN, Phase.HEALTHY}
    return state.phase not in phases or state.remark.is_told


def _finding(id_: ResourceId, state: State, member: Member | None, last: Transition) -> Finding:
    """Return what is known of a resource: from its incident where it has one, else by its id."""
    if member is not None and state.phase is not Phase.RECOVERING:
        links = tuple(LinkFinding(link=link, verdict=member.verdict) for link in member.links)
        return Finding(resource=member.resource, verdict=member.verdict, links=links)
    resource = member.resource if member is not None else _by_its_id(id_)
    verdict = Verdict(reason=last.reason, detail=explain(last.reason).what)
    return Finding(resource=resource, verdict=verdict, links=())


def _by_its_id(id_: ResourceId) -> Resource:
    """Return a resource as far as its name tells it."""
    provider, _, rest = id_.partition(":")
    kind = "page" if "://" in rest else rest.partition(":")[0]
    return Resource(id=id_, provider=provider, kind=kind, url=Url(rest))


def _headline(end: datetime, report: Report, past: Past) -> str:
    suspects = [
        finding
        for finding in report.found
        if report.standings[finding.resource.id] is Standing.SUSPECT
    ]
    words = worst_words(Counter(report.standings.values()), suspects, past)
    listed = count(len(report.found), "resource was", "resources were")
    said = f": {words}" if words else ""
    return f"As far as is still known of {day(end.date())}, {listed} in trouble{said}."

"""What history knows of the time before a run, as of its end; and the reports of past days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from monitor.config import Config
from monitor.core.errors import ConfigError
from monitor.core.findings import findings
from monitor.core.incidents import COMES_BACK
from monitor.core.model import Record, Resource, ResourceId, RunId
from monitor.core.mutes import Mute, in_force, longest, muted_by, muted_of
from monitor.core.policies import Policies, PolicyFor
from monitor.core.states import Phase, Sighting, State, StatePolicy, replay
from monitor.providers import find
from monitor.report.past import Past
from monitor.report.report import Report, build
from monitor.report.retold import retold, state_told
from monitor.report.wording import instant
from monitor.store.history import History

REMEMBERED = COMES_BACK
"""So long a closed incident is told of; as long as it may open again."""

_ALL_RUNS = 1_000_000


_FORGOTTEN = "The runs before this one are kept no more, so what changed cannot be told."

_RETOLD = (
    "The runs of the days before are kept no more: how resources fared until then is told by the"
    " stored changes of state."
)


def _nothing(_now: datetime) -> Sequence[Mute]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the configuration says of time: which policy holds, and what it mutes when."""

    policy_for: PolicyFor = Policies().policy_for
    mutes: Callable[[datetime], Sequence[Mute]] = _nothing


def rules_of(config: Config) -> Rules:
    """Return what a configuration says of time."""
    return Rules(policy_for=config.state_rules(), mutes=config.mutes)


def report_of(history: History, run: RunId, rules: Rules, *, as_of_then: bool = False) -> Report:
    """Return the report of a stored run, with the time before it.

    The states of the newest run are those stored; of an older one, or with `as_of_then`, what
    had been seen by its end is folded again. Raises ConfigError when history has no such run.
    """
    record = history.load(run)
    if record is None:
        known = ", ".join(run.id for run in history.runs(most=5))
        raise ConfigError(f"History holds no run “{run}”; the newest are: {known or 'none'}.")
    providers = find()
    before = history.previous_valid(run)
    earlier = history.load(before) if before is not None else None
    newest = next((each.id for each in history.runs(most=1)), run)
    past = past_of(history, record, rules, as_of_then=as_of_then or newest != run)
    found = findings(record, providers)
    if earlier is not None:
        return build(record, found, findings(earlier, providers), earlier.run, past)
    made = build(record, found, None, None, past)
    alone = record.run.valid and history.forgot_before(past.until)
    return replace(made, compared=_FORGOTTEN) if alone else made


def report_at(history: History, day: date, rules: Rules) -> Report:
    """Return the report of the last run that counts on or before the end of a day, in UTC.

    Where the runs of that day are kept no more, it is made of the stored changes of state. Under
    one configuration it is the same whenever it is asked for, until its runs, or those before
    them, are forgotten, which it says. Raises ConfigError for a day of which nothing is known.
    """
    end = datetime.combine(day, time.max, UTC)
    counted = [run for run in history.runs(_ALL_RUNS) if run.valid and run.finished_at is not None]
    run = next((run.id for run in counted if run.finished_at and run.finished_at <= end), None)
    if run is not None:
        return report_of(history, run, rules, as_of_then=True)
    all_turns = {id_: history.transitions(id_) for id_ in sorted(history.states())}
    turns = {id_: [turn for turn in each if turn.at <= end] for id_, each in all_turns.items()}
    past = _as_of(history, end, history.mutes_at(end), rules)
    if not any(turns.values()) and not past.incidents:
        first = min((run.started_at for run in counted), default=None)
        why = f"the first run that counts is of {instant(first)}" if first else "there was no run"
        raise ConfigError(f"History knows nothing of {day.isoformat()}: {why}.")
    return retold(end, turns, past)


def past_of(history: History, record: Record, rules: Rules, *, as_of_then: bool = False) -> Past:
    """Return what is known of the time before a run, as of its end.

    `as_of_then` folds the states anew from what had been seen by then; else those stored serve.
    """
    at = record.run.finished_at or record.run.started_at
    linked = {
        reference.resource: record.resources[reference.resource] for reference in record.references
    }
    policies = _policies(record, linked, rules.policy_for)
    notes: tuple[str, ...] = ()
    if as_of_then:
        forgot = history.forgot_before(at.astimezone(UTC).date())
        states, notes = _states_at(history, at, policies, told=forgot), (_RETOLD,) * forgot
        past = _as_of(history, at, history.mutes_at(at), rules)
    else:
        states = dict(history.states(linked))
        past = _as_of(history, at, history.mutes(), rules)
    past = replace(past, states=states, policies=policies, notes=notes)
    return replace(
        past,
        days=history.days(linked, past.since, past.until),
        muted=_muted(record, linked, past, at),
    )


def _states_at(
    history: History, at: datetime, policies: Mapping[ResourceId, StatePolicy], *, told: bool
) -> dict[ResourceId, State]:
    """Return the states as what had been seen by an instant makes them.

    `told`: not all of that is kept; up to the first that is, they are what happened tells.
    """
    seen: dict[ResourceId, Sequence[Sighting]] = dict(history.sightings(at, policies))
    if not told:
        return {id_: replay(all_, policies[id_])[0] for id_, all_ in seen.items()}
    states = {}
    for id_, policy in policies.items():
        kept = seen.get(id_, ())
        first = min((sighting.at for sighting in kept), default=at)
        turns = [turn for turn in history.transitions(id_) if turn.at <= at]
        before = [turn for turn in turns if turn.at < first]
        state = replay(kept, policy, state_told(before))[0]
        said = state_told(turns)
        if before and _phases(state) != _phases(said):  # failures before are not counted again
            state = replace(said, good_at=state.good_at, reason=state.reason)
        if kept or before:
            states[id_] = state
    return states


def _phases(state: State) -> tuple[Phase, bool]:
    return state.phase, state.remark.is_told


def _as_of(history: History, at: datetime, mutes: Iterable[Mute], rules: Rules) -> Past:
    """Return the part of the past that is not about the resources on the pages."""
    incidents = history.incidents_at(at, at - REMEMBERED)
    stories = {
        each.id: [turn for turn in history.story(each.id) if turn.at <= at] for each in incidents
    }
    holding = in_force([*mutes, *rules.mutes(at)], at)
    holding = sorted(holding, key=lambda each: (each.since, each.id))
    return Past(
        until=at.astimezone(UTC).date(),
        incidents=incidents,
        stories=stories,
        mutes=holding,
        muted_incidents=muted_of(incidents, holding, at),
    )


def _policies(
    record: Record, linked: Mapping[ResourceId, Resource], policy_for: PolicyFor
) -> dict[ResourceId, StatePolicy]:
    return {id_: policy_for(linked[id_], names)[0] for id_, names in _sources(record).items()}


def _sources(record: Record) -> dict[ResourceId, tuple[str, ...]]:
    """Return the sources on whose pages each resource stands."""
    pages: dict[str, list[str]] = {}
    for page in record.pages:
        pages.setdefault(page.name, []).append(page.source)
    sources: dict[ResourceId, dict[str, None]] = {}
    for reference in record.references:
        there = sources.setdefault(reference.resource, {})
        there.update(dict.fromkeys(pages.get(reference.link.occurrence.page, ())))
    return {id_: tuple(names) for id_, names in sources.items()}


def _muted(
    record: Record, linked: Mapping[ResourceId, Resource], past: Past, at: datetime
) -> dict[ResourceId, Mute]:
    """Return the resources that mutes hold for, or for an incident of theirs."""
    by_incident = {
        member.resource.id: past.muted_incidents[incident.id]
        for incident in past.incidents
        if incident.is_open and incident.id in past.muted_incidents
        for member in incident.members
    }
    found: dict[ResourceId, Mute] = {}
    for id_, sources in _sources(record).items():
        own, theirs = muted_by(linked[id_], sources, past.mutes, at), by_incident.get(id_)
        mute = longest(each for each in (own, theirs) if each is not None)
        if mute is not None:
            found[id_] = mute
    return found

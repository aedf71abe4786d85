"""The command `history`: all that is known of a link over time; and all of it as a file.

Typer reads the signatures at once; whatever is heavy is imported when the command is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.core.days import Day
from monitor.core.errors import ConfigError
from monitor.core.model import Observation, Resource, ResourceId, Run
from monitor.core.states import State, Transition
from monitor.options import ConfigOption, JsonOption, load_config, open_history

if TYPE_CHECKING:
    from monitor.core.incidents import Incident, IncidentTransition
    from monitor.core.patience import StatePolicy
    from monitor.store.history import History

_BEGINNING = date(1970, 1, 1)
_END = date(9999, 12, 30)
_MOST_LOOKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that is known of a resource over time; `looks` are the newest, newest first."""

    resource: Resource
    state: State | None
    transitions: Sequence[Transition]
    days: Sequence[Day]
    looks: Sequence[tuple[Run, Observation]]
    incidents: "Sequence[tuple[Incident, Sequence[IncidentTransition]]]"


def history(
    wanted: Annotated[
        str | None, typer.Argument(metavar="URL|RESOURCE", help="A link, or a resource's id.")
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(metavar="csv|json|parquet", help="Write all of history in this form."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DAY", help="Only what is of this day or later."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file; else standard output.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - an option
) -> None:
    """Tell all that is known of a link over time; or export what is known of all links."""
    from monitor.report.json_report import as_text

    if (wanted is None) == (export is None):
        raise ConfigError(
            "Name a link (`linkwell history https://example.org/`), or export all of it"
            " (`linkwell history --export csv`)."
        )
    if wanted is None and as_json:
        raise ConfigError("--json tells of one link; for all of them use --export json.")
    if wanted is not None and output is not None:
        raise ConfigError("--output goes with --export.")
    loaded = load_config(config)
    first = since.date() if since is not None else _BEGINNING
    with open_history(loaded, read_only=True) as known:
        if export is not None:
            from monitor.commands.exporting import write

            write(known, export, first, output)
            return
        assert wanted is not None  # noqa: S101 - told apart above
        life = life_of(known, _named(wanted, known), first)
        policy, _ = loaded.state_rules()(life.resource, known.links_now().get(life.resource.id, ()))
    if as_json:
        typer.echo(as_text(fields(life)), nl=False)
        return
    for line in words(life, policy):
        typer.echo(line)


def life_of(known: "History", resource: Resource, since: date = _BEGINNING) -> Life:
    """Return what history knows of a resource since a day, the looks of late days only."""
    ids = [resource.id]
    began = datetime.combine(since, datetime.min.time(), UTC)
    met = [
        each
        for each in known.incidents(began)
        if any(member.resource.id == resource.id for member in each.members)
    ]
    return Life(
        resource=resource,
        state=known.states(ids).get(resource.id),
        transitions=[each for each in known.transitions(resource.id) if each.at >= began],
        days=known.days(ids, since, _END).get(resource.id, ()),
        looks=known.observations(resource.id, _MOST_LOOKS),
        incidents=[(each, known.story(each.id)) for each in met],
    )


def words(life: Life, policy: "StatePolicy") -> Iterator[str]:
    """Yield it for people, what is newest first."""
    from monitor.core.reasons import explain
    from monitor.report.site import TURN_WORDS
    from monitor.report.standing import state_words
    from monitor.report.wording import count, instant, shown, shown_url

    yield f"{shown_url(life.resource.url)}  ({shown(life.resource.id)})"
    state = state_words(life.state, policy) if life.state is not None else ""
    yield state[:1].upper() + state[1:] + "." if state else "Nothing is known of it over time yet."
    if life.transitions:
        yield "What happened:"
    for turn in reversed(life.transitions):
        yield f"  {instant(turn.at)}  {TURN_WORDS[turn.turn]}: {explain(turn.reason).title}"
    if life.incidents:
        yield "Incidents:"
    for incident, story in reversed(life.incidents):
        end = "open" if incident.is_open else str(incident.ending)
        yield f"  {incident.id}  {shown(incident.cause.name)} ({end})"
        for told in story:
            yield f"    {instant(told.at)}  {told.turn}: {shown(told.sentence, 400)}"
    if life.days:
        seen = sum(day.ok + day.warning + day.broken + day.unknown for day in life.days)
        yield f"{count(len(life.days), 'day')} (UTC), {count(seen, 'look')}:"
    for spell in reversed(_spells(life.days)):
        yield f"  {_spell(spell)}"
    if life.looks:
        yield "Last looks:"
    for run, seen_at in life.looks:
        counts = "" if run.valid and run.finished_at is not None else "  (does not count)"
        verdict = seen_at.verdict
        title = explain(verdict.reason).title
        said = f"{verdict.status}: {title}. {shown(verdict.detail, 200)}"
        yield f"  {instant(seen_at.at)}  {said}{counts}"


def fields(life: Life) -> Mapping[str, Any]:
    """Return it for programs; times are ISO 8601 in UTC, `took_ms` is in milliseconds."""
    from monitor.commands.incidents import fields as incident_fields
    from monitor.core.incidents import Incident
    from monitor.report.wording import iso

    def told(incident: Incident, story: "Sequence[IncidentTransition]") -> Mapping[str, Any]:
        return incident_fields(incident, story, None)

    return {
        **life_fields(life.resource, life.state, life.transitions, life.days),
        "incidents": [told(*each) for each in life.incidents],
        "looks": [
            {
                "at": iso(seen.at),
                "run": run.id,
                "counts": run.valid and run.finished_at is not None,
                "status": seen.verdict.status,
                "reason": seen.verdict.reason,
                "detail": seen.verdict.detail,
            }
            for run, seen in life.looks
        ],
    }


def life_fields(
    resource: Resource,
    state: State | None,
    transitions: Sequence[Transition],
    days: Sequence[Day],
) -> dict[str, Any]:
    """Return how a resource fared, for programs."""
    from monitor.report.wording import iso

    return {
        "resource": resource.id,
        "url": resource.url,
        "provider": resource.provider,
        "kind": resource.kind,
        "phase": state.phase if state is not None else None,
        "since": iso(state.since) if state is not None and state.since is not None else None,
        "reason": state.reason if state is not None else None,
        "transitions": [
            {"at": iso(turn.at), "turn": turn.turn, "reason": turn.reason} for turn in transitions
        ],
        "days": [day_fields(day) for day in days],
    }


def day_fields(day: Day) -> dict[str, Any]:
    """Return a day for programs."""
    return {
        "day": day.day.isoformat(),
        "worst": day.worst,
        "ok": day.ok,
        "warning": day.warning,
        "broken": day.broken,
        "unknown": day.unknown,
        "took_ms": None if day.took is None else day.took // timedelta(milliseconds=1),
    }


def _named(wanted: str, known: "History") -> Resource:
    """Return the resource that an id or an address names; raises ConfigError."""
    from monitor.core.identify import identify, link_to
    from monitor.core.urls import normalise
    from monitor.providers import find

    text = wanted.strip()
    ids = [ResourceId(text)]
    url = normalise(text)
    if url is not None:
        ids.append(identify(link_to(url), find()).id)
    found = {each.id: each for each in known.resources(ids)}
    for id_ in ids:
        if id_ in found:
            return found[id_]
    raise ConfigError(
        f"History knows nothing of “{text[:200]}”: it is on no page that was checked, or is"
        " written otherwise there (see the newest report)."
    )


def _spells(days: Sequence[Day]) -> list[list[Day]]:
    """Return days in spells on which it was met alike, without a gap."""
    found: list[list[Day]] = []
    for day in days:
        last = found[-1][-1] if found else None
        if last is not None and last.worst is day.worst and day.day - last.day == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _spell(spell: Sequence[Day]) -> str:
    from statistics import median_low

    from monitor.report.wording import duration

    first, last = spell[0], spell[-1]
    when = f"{first.day}" if len(spell) == 1 else f"{first.day} to {last.day}"
    names = ("broken", "warning", "unknown", "ok")
    met = {name: sum(getattr(day, name) for day in spell) for name in names}
    times = [day.took for day in spell if day.took is not None]
    took = f", {duration(median_low(times))}" if times else ""
    return f"{when:24}  {', '.join(f'{n} × {name}' for name, n in met.items() if n)}{took}"

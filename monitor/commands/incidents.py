"""The command `incidents`: what is wrong now, since when, and how it came about.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.core.errors import ConfigError
from monitor.options import ConfigOption, JsonOption, load_config, open_history

if TYPE_CHECKING:
    from monitor.core.incidents import Incident, IncidentId, IncidentTransition, Member
    from monitor.core.mutes import Mute


def incidents(
    wanted: Annotated[
        str | None, typer.Argument(metavar="ID", help="One incident, open or over; else the open.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - an option
) -> None:
    """List what is wrong now, one root cause each; or tell all about one of them."""
    from monitor.core.incidents import IncidentId
    from monitor.core.mutes import muted_of
    from monitor.doors import utc_now
    from monitor.report.json_report import as_text

    loaded = load_config(config)
    now = utc_now()
    with open_history(loaded, read_only=True) as history:
        if wanted is None:
            found = list(history.incidents(now))
            found = [each for each in found if each.is_open]
        else:
            one = history.incident(IncidentId(wanted.removeprefix("incident:")))
            if one is None:
                raise ConfigError(f"There is no incident “{wanted}”: see `linkwell incidents`.")
            found = [one]
        stories = {each.id: history.story(each.id) for each in found}
        muted = muted_of(found, [*history.mutes(), *loaded.mutes(now)], now)
    if as_json:
        listed = [fields(each, stories[each.id], muted.get(each.id)) for each in found]
        typer.echo(as_text({"incidents": listed}), nl=False)
        return
    for line in words(found, stories, muted, whole=wanted is not None):
        typer.echo(line)


def words(
    found: "Sequence[Incident]",
    stories: "Mapping[IncidentId, Sequence[IncidentTransition]]",
    muted: "Mapping[IncidentId, Mute]",
    *,
    whole: bool,
) -> Iterator[str]:
    """Yield incidents with their story, oldest first; `whole` tells of each member too."""
    from monitor.core.reasons import explain
    from monitor.report.wording import count, instant, shown

    for each in found:
        ailing = sum(member.ails for member in each.members)
        of = f", {count(ailing, 'resource')}" if len(each.members) > 1 else ""
        title = explain(each.reason).title
        yield f"{each.id}  {each.status}: {title} – {shown(each.cause.name)}{of}"
        if each.id in muted:
            until = muted[each.id].until
            end = f"until {instant(until)}" if until is not None else "for ever"
            yield f"  Muted {end}: {shown(muted[each.id].reason)}"
        for turn in stories[each.id]:
            yield f"  {instant(turn.at)}  {turn.turn}: {shown(turn.sentence, 400)}"
        for member in each.members if whole else ():
            yield from _member(member)
    if not found:
        yield "Nothing is known to be wrong."


def _member(member: "Member") -> Iterator[str]:
    from monitor.report.wording import instant, shown_url

    yield f"  - {shown_url(member.resource.url)}: {member.phase}, since {instant(member.since)}"
    for link in member.links:
        place = link.occurrence
        yield f"    {shown_url(place.page)}:{place.position.line}:{place.position.column}"


def fields(
    incident: "Incident", story: "Sequence[IncidentTransition]", mute: "Mute | None"
) -> Mapping[str, Any]:
    """Return an incident with its story, as plain values for programs."""
    from monitor.core.contacts import contacts
    from monitor.report.wording import iso

    return {
        "id": incident.id,
        "status": incident.status,
        "reason": incident.reason,
        "cause": {
            "kind": incident.cause.kind.name.lower(),
            "key": incident.cause.key,
            "name": incident.cause.name,
        },
        "detail": incident.detail,
        "opened_at": iso(incident.opened_at),
        "closed_at": iso(incident.closed_at) if incident.closed_at is not None else None,
        "ending": incident.ending,
        "into": incident.into,
        "flapping": incident.flapping,
        "muted_by": mute.id if mute is not None else None,
        "members": [_member_fields(member) for member in incident.members],
        "contacts": [
            {"who": each.who, "what": each.what, "where": each.where, "sentence": each.sentence}
            for each in contacts(incident)
        ],
        "story": [
            {"id": turn.id, "turn": turn.turn, "at": iso(turn.at), "sentence": turn.sentence}
            for turn in story
        ],
    }


def _member_fields(member: "Member") -> Mapping[str, Any]:
    from monitor.report.wording import iso

    return {
        "resource": member.resource.id,
        "url": member.resource.url,
        "phase": member.phase,
        "since": iso(member.since),
        "reason": member.verdict.reason,
        "detail": member.verdict.detail,
        "places": [
            {
                "page": link.occurrence.page,
                "line": link.occurrence.position.line,
                "column": link.occurrence.position.column,
            }
            for link in member.links
        ],
    }

"""The commands about what you do not want to hear of: `mute`, `unmute`, `mutes`.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.core.errors import ConfigError
from monitor.options import ConfigOption, JsonOption, load_config, open_history

if TYPE_CHECKING:
    from monitor.core.model import Resource
    from monitor.core.mutes import Mute
    from monitor.store.history import History

BY_COMMAND = "the command line"
"""Who wished for what `linkwell mute` mutes."""

WhatArgument = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="An address, a pattern such as *.example.org/*, a resource's or an incident's id.",
    ),
]


def mute(
    what: WhatArgument,
    span: Annotated[str, typer.Option("--for", help="How long, such as 12h or 30d.")] = "30d",
    reason: Annotated[str, typer.Option(help="Why; the report shows it.")] = "no reason given",
    config: ConfigOption = None,
) -> None:
    """Tell nobody of a trouble for a while; it is checked and shown all the same."""
    from monitor.core.mutes import Mute, names
    from monitor.doors import utc_now
    from monitor.report.wording import count, instant

    loaded = load_config(config)
    lasts = _lasting(span)
    now = utc_now()
    with open_history(loaded) as history:
        meant = _meant(what, history)
        one = Mute(
            id=f"cli-{sha256(meant.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}",
            what=meant,
            reason=reason.strip()[:500] or "no reason given",
            by=BY_COMMAND,
            since=now,
            until=now + lasts,
        )
        history.mute(one)
        fitting = sum(names(one, each) for each in _linked(history))
    typer.echo(f"Muted until {instant(now + lasts)}: {meant}")
    if meant.startswith("incident:"):
        return
    if fitting:
        typer.echo(f"That is {count(fitting, 'resource')} of the newest run.")
    else:
        typer.echo("Nothing of the newest run is called so; is it written as it should be?")


def unmute(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="What is muted, or the mute's id: see `mutes`.")
    ],
    config: ConfigOption = None,
) -> None:
    """End a mute."""
    from monitor.core.mutes import in_force
    from monitor.doors import utc_now

    loaded = load_config(config)
    now = utc_now()
    with open_history(loaded) as history:
        wanted = {what, _meant(what, history)}
        found = [each for each in history.mutes() if {each.id, each.what} & wanted]
        for each in found:
            history.unmute(each.id, now)
    for each in found:
        typer.echo(f"No longer muted: {each.what}")
    kept = [each for each in loaded.mutes(now) if {each.id, each.what} & wanted]
    if kept and in_force(kept, now):
        raise ConfigError(f"config.yaml mutes {kept[0].what} too: take it out of `mutes:` there.")
    if not found:
        raise ConfigError(f"“{what}” is not muted; `linkwell mutes` lists what is.")


def mutes(config: ConfigOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002 - an option
    """List what is muted, why, by whom, and until when."""
    from monitor.doors import utc_now
    from monitor.report.json_report import as_text

    loaded = load_config(config)
    now = utc_now()
    with open_history(loaded, read_only=True) as history:
        found = lasting([*history.mutes(), *loaded.mutes(now)], now)
    if as_json:
        typer.echo(as_text({"mutes": [_fields(each) for each in found]}), nl=False)
        return
    for line in words(found, now):
        typer.echo(line)


def lasting(mutes: "Iterable[Mute]", now: datetime) -> "Sequence[Mute]":
    """Return the mutes that are not over, those that end first before the others."""
    left = [each for each in mutes if each.until is None or each.until > now]
    return sorted(left, key=lambda each: (each.until is None, each.until or now, each.id))


def words(mutes: "Iterable[Mute]", now: datetime) -> Iterator[str]:
    """Yield mutes in words, two lines each."""
    from monitor.report.wording import instant, shown, shown_url

    none = True
    for each in mutes:
        none = False
        of = f" (of {shown(each.source)})" if each.source is not None else ""
        end = f"until {instant(each.until)}" if each.until is not None else "for ever"
        begin = f"from {instant(each.since)} " if each.since > now else ""
        yield f"{shown_url(each.what)}{of}: {begin}{end}"
        why = f": {shown(each.reason)}" if each.reason else ""
        yield f"  {each.id}, by {shown(each.by)}{why}"
    if none:
        yield "Nothing is muted."


def _lasting(text: str) -> timedelta:
    from monitor.config.values import read_duration

    try:
        lasts = read_duration(text)
    except ValueError as error:
        raise ConfigError(
            f"--for takes {error}; found “{text}”. What is to be muted for ever"
            " stands under `mutes:` in config.yaml."
        ) from None
    if not lasts:
        raise ConfigError("--for takes a duration longer than nothing, such as 30d.")
    return lasts


def _meant(what: str, history: "History") -> str:
    """Return how a mute names what a person wrote: an incident, a resource, or a pattern.

    Raises ConfigError where it is a pattern that does not compile.
    """
    from monitor.config.values import read_pattern
    from monitor.core.identify import identify, link_to
    from monitor.core.incidents import IncidentId
    from monitor.core.leave_alone import REGEX
    from monitor.core.mutes import of_incident
    from monitor.core.urls import normalise, split
    from monitor.providers import find

    text = what.strip()
    incident = history.incident(IncidentId(text.removeprefix("incident:")))
    if incident is not None:
        return of_incident(incident.id)
    url = normalise(text) if "*" not in text and not text.startswith(REGEX) else None
    if url is not None and split(url).is_web:
        return identify(link_to(url), find()).id
    try:
        return read_pattern(text)
    except ValueError as error:
        raise ConfigError(f"Expected {error}; found “{what}”.") from None


def _linked(history: "History") -> "Iterable[Resource]":
    """Return what the newest run found on the pages."""
    runs = history.runs(most=1)
    record = history.load(runs[0].id) if runs else None
    if record is None:
        return ()
    return [record.resources[id_] for id_ in {each.resource for each in record.references}]


def _fields(mute: "Mute") -> dict[str, str | None]:
    from monitor.report.wording import iso

    return {
        "id": mute.id,
        "what": mute.what,
        "source": mute.source,
        "reason": mute.reason,
        "by": mute.by,
        "since": iso(mute.since),
        "until": iso(mute.until) if mute.until is not None else None,
    }

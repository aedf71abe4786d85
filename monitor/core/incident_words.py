"""What happened to an incident, in one or two plain sentences.

Titles and addresses in them are as strangers wrote them, though on one line: whoever shows them
escapes them.
"""

from collections.abc import Iterable

from monitor.core.causes import CauseKind, on_one_line
from monitor.core.incidents import Ending, Incident, Member
from monitor.core.reasons import Status, explain

MOST_DETAIL = 300
"""Characters of a verdict's own sentence that are repeated."""

_FAILS = {Status.BROKEN: ("fails", "fail"), Status.WARNING: ("has a warning", "have a warning")}

COMES_AND_GOES = (
    "It comes and goes too often to be called broken or well; no more is told until it settles."
)


def opened(incident: Incident) -> str:
    """Return that it began: what fails, and how."""
    title = explain(incident.reason).title
    title = title[:1].lower() + title[1:]
    if incident.cause.kind is CauseKind.RESOURCE:
        detail = on_one_line(_ailing(incident).verdict.detail, MOST_DETAIL)
        return f"{_name(incident)}: {title}. {detail}".rstrip()
    number = _links(each for each in incident.members if each.ails)
    return f"{_count(number)} to {_name(incident)} {_fails(incident, number)}: {title}."


def reopened(incident: Incident) -> str:
    """Return that it is back."""
    return f"Again: {opened(incident)}"


def worsened(before: Incident, incident: Incident, more: Iterable[Member]) -> str:
    """Return that more of it fails than before, or that its cause is a wider one."""
    number, now = _links(more), _links(each for each in incident.members if each.ails)
    if incident.cause != before.cause:
        fails = _fails(incident, now)
        return f"Not only {_name(before)}: {_count(now)} to {_name(incident)} {fails}."
    fails = _fails(incident, number)
    return f"{_count(number, 'more link')} to {_name(incident)} {fails}: now {now:,}."


def closed(incident: Incident, into: Incident | None = None) -> str:
    """Return how it ended; `into` is the incident in which it goes on."""
    name = _name(incident)
    if into is not None:
        return f"It goes on as a part of what is told of {_name(into)}."
    if incident.ending is Ending.UNLINKED:
        return f"Your pages no longer link to {name}."
    gone = sum(not (each.links or each.sources) for each in incident.members)
    more = f" {_count(gone)} of it no longer on your pages." if gone else ""
    if incident.status is Status.WARNING:
        return f"The warning about {name} is gone.{more}"
    if incident.cause.kind is CauseKind.RESOURCE:
        return f"{_name(incident)} works again."
    number = _links(each for each in incident.members if each.links or each.sources)
    return f"{_count(number)} to {name} {'works' if number == 1 else 'work'} again.{more}"


def _ailing(incident: Incident) -> Member:
    """Return the first member that ails: others may have recovered long ago."""
    return next((each for each in incident.members if each.ails), incident.members[0])


def _name(incident: Incident) -> str:
    return incident.cause.name


def _fails(incident: Incident, number: int) -> str:
    one, many = _FAILS[incident.status]
    return one if number == 1 else many


def _links(members: Iterable[Member]) -> int:
    """Return in how many places on the pages members stand."""
    return sum(max(len(each.links), 1) for each in members)


def _count(number: int, noun: str = "link") -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

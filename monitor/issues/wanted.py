"""Which issues there should be: the open incidents, as issues, with what mutes them."""

from dataclasses import dataclass

from monitor.config.issues import Issues
from monitor.core.incidents import Incident
from monitor.core.reasons import Status
from monitor.issues import bodies
from monitor.issues.marker import MOST_IDS, Marker, short, written
from monitor.issues.view import View

MUTED_STATE = "muted"
"""The state in the marker of an issue whose trouble is muted."""

STATES = {Status.BROKEN: "broken", Status.WARNING: "warning", Status.UNKNOWN: "ours"}
"""The states in markers, by the status of the incident."""

SEVERITIES = {
    Status.BROKEN: ("severity: broken", "b60205", "Links that do not work for readers"),
    Status.WARNING: ("severity: warning", "fbca04", "Links that work, but need a look"),
    Status.UNKNOWN: ("severity: ours", "5319e7", "Linkwell itself needs something, such as a key"),
}
"""The label for each status: name, colour, description."""

BASE_LABEL = ("0e8a16", "Kept by Linkwell: what is wrong behind the links of the pages")
"""Colour and description of the labels that the configuration names."""

MUTED_LABEL = "muted"
"""The label by which people mute an issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An issue as it should be. `body` is all of it, its marker first."""

    key: str
    title: str
    body: str
    marker: Marker
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    muted: bool = False


def wanted(incident: Incident, view: View, config: Issues) -> Wanted:
    """Return the issue of an incident, as it should be now."""
    mute = view.mute_shown(incident)
    title = bodies.title(incident)
    content = bodies.body(incident, view, mute)
    muted = mute is not None and incident.is_open
    marker = Marker(
        cause=cause_of(incident),
        ids=ids_of(incident)[:MOST_IDS],
        state=MUTED_STATE if muted else STATES[incident.status],
        title=short(title),
        digest=short(content),
        until=written(mute.until) if mute is not None and muted else "",
    )
    pages = (link.occurrence.page for member in incident.members for link in member.links)
    return Wanted(
        key=incident.id,
        title=title,
        body=f"{marker}\n{content}",
        marker=marker,
        labels=(*config.labels, SEVERITIES[incident.status][0]),
        assignees=config.assigned(pages),
        muted=mute is not None,
    )


def cause_of(incident: Incident) -> str:
    """Return the digest by which an incident's cause is known in markers."""
    return short(incident.cause.key)


def ids_of(incident: Incident) -> tuple[str, ...]:
    """Return the digests of an incident's members, in an order that is always the same."""
    return tuple(sorted(short(member.resource.id) for member in incident.members))


def files(incident: Incident, config: Issues) -> bool:
    """Return whether an incident is one that gets an issue of its own."""
    return "incident" in config.mode and (config.warnings or incident.status is not Status.WARNING)


def urgency(incident: Incident) -> tuple[int, int, str]:
    """Return what to sort by, so that what matters most is first."""
    order = (Status.BROKEN, Status.UNKNOWN, Status.WARNING)
    links = sum(len(member.links) for member in incident.members)
    return order.index(incident.status), -links, incident.id

"""Incidents as people read them: what it is, how it stands, and how it came to that."""

import hashlib
from dataclasses import dataclass

from monitor.core.incidents import Ending, Incident, IncidentTransition, IncidentTurn
from monitor.core.mutes import Mute
from monitor.core.reasons import Status, explain
from monitor.report.grouping import Place
from monitor.report.past import Past
from monitor.report.wording import MOST_TITLE, count, instant, label, shown

TURNS = {
    IncidentTurn.OPENED: "Opened",
    IncidentTurn.WORSENED: "Worse",
    IncidentTurn.FLAPPING: "Comes and goes",
    IncidentTurn.CLOSED: "Closed",
    IncidentTurn.REOPENED: "Back again",
}
"""What happened to an incident, for people."""

_ENDINGS = {
    Ending.RECOVERED: "it works again",
    Ending.UNLINKED: "your pages no longer link to it",
    Ending.MERGED: "it is part of another",
}
_ORDER = (Status.BROKEN, Status.WARNING, Status.UNKNOWN, Status.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One incident with its story, oldest first, and the mute that holds for it, if any.

    `subject` is what it is about, `stands` how it stands now, `places` where it stands on the
    pages; `ailing` is how many resources still suffer from it.
    """

    incident: Incident
    subject: str
    stands: str
    turns: tuple[IncidentTransition, ...]
    places: tuple[Place, ...]
    ailing: int
    mute: Mute | None

    @property
    def title(self) -> str:
        """Return what is the matter with it."""
        return explain(self.incident.reason).title

    @property
    def anchor(self) -> str:
        """Return its name within the report, the same from run to run."""
        return hashlib.sha256(self.incident.id.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def stories(past: Past) -> tuple[Story, ...]:
    """Return the incidents of the past: the open ones first, the worst and newest before others."""
    made = [_story(incident, past) for incident in past.incidents]
    return tuple(sorted(made, key=_order))


def _story(incident: Incident, past: Past) -> Story:
    ailing = sum(member.ails for member in incident.members)
    places = tuple(
        Place(label=label(link, member.resource, member.verdict), link=link)
        for member in incident.members
        for link in member.links
    )
    return Story(
        incident=incident,
        subject=shown(incident.cause.name, MOST_TITLE),
        stands=_stands(incident, ailing),
        turns=tuple(sorted(past.stories.get(incident.id, ()), key=lambda turn: (turn.at, turn.id))),
        places=places,
        ailing=ailing,
        mute=past.muted_incidents.get(incident.id) if incident.is_open else None,
    )


def _stands(incident: Incident, ailing: int) -> str:
    """Return how an incident stands: "open since …, 3 of 22 resources still affected"."""
    if incident.closed_at is not None:
        why = f": {_ENDINGS[incident.ending]}" if incident.ending is not None else ""
        return f"closed on {instant(incident.closed_at)}{why}"
    said = [f"open since {instant(incident.opened_at)}"]
    number = len(incident.members)
    if ailing == number and number > 1:
        said.append(f"{number:,} resources affected")
    elif ailing != number:
        said.append(f"{ailing:,} of {count(number, 'resource')} still affected")
    if incident.flapping:
        said.append("comes and goes")
    return ", ".join(said)


def _order(story: Story) -> tuple[bool, bool, int, float, str]:
    incident = story.incident
    newest = -(incident.closed_at or incident.opened_at).timestamp()
    return (
        not incident.is_open,
        story.mute is not None,
        _ORDER.index(incident.status) if incident.is_open else 0,
        newest,
        incident.id,
    )

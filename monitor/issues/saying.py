"""What is said below an issue: each thing once, whoever has said it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.incidents import Incident, IncidentTransition, IncidentTurn
from monitor.issues.actions import Comment
from monitor.issues.found import Issue
from monitor.issues.marker import short, telling, told
from monitor.issues.matching import Desk
from monitor.issues.view import View

SAME_NEWS = timedelta(hours=20)
"""So long the same news by another instance, with a history of its own, counts as told."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """What has been said, and what is still to be."""

    view: View
    desk: Desk

    def comment(
        self, incident: Incident, issue: Issue, ids: Sequence[str], text: str, kind: str
    ) -> Comment | None:
        """Return a comment that tells of an incident's turns, or None where it is there already.

        `ids` name the occasion, or each of several: those that a comment told before are left
        out, and where none is left, there is nothing to say. `kind` is what sort of news it is.
        """
        members = sorted(short(member.resource.id) for member in incident.members)
        what = short(f"{kind} {' '.join(members)} {incident.status}")
        by_another = self.said_at(issue, what)
        if by_another is not None and self.view.now - by_another < SAME_NEWS:
            return None
        ids = [each for each in ids if not self.has_said(issue, each)]
        if not ids:
            return None
        body = f"{telling(ids, what)}\n{text}"
        return Comment(key=incident.id, number=issue.number, body=body, tells=self.turns(incident))

    def has_said(self, issue: Issue, id_: str) -> bool:
        """Return whether a comment of ours tells of an occasion."""
        return self.said_at(issue, short(id_)) is not None

    def said_at(self, issue: Issue, digest: str) -> datetime | None:
        """Return when a comment of ours last told something, or None where none did."""
        said = [
            comment.at
            for comment in issue.comments
            if digest in told(comment.body) and self.desk.is_ours(comment, issue)
        ]
        return max(said, default=None)

    def untold(self, incident: Incident, *turns: IncidentTurn) -> Sequence[IncidentTransition]:
        """Return what has happened to an incident and was not told: of some turns, or of all."""
        return [
            each
            for each in self.view.untold
            if each.incident == incident.id and (not turns or each.turn in turns)
        ]

    def turns(self, incident: Incident) -> tuple[str, ...]:
        """Return the ids of all that has happened to an incident and was not told."""
        return tuple(each.id for each in self.untold(incident))

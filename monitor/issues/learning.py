"""What people have said in the issues, and done with them: mutes, rechecks, acceptance.

Closing, labelling and ticking are guarded by GitHub itself: strangers can do none of them. Who
has the role "triage" may close and label, and so mute; the owner has trusted them with that.
Comments anybody can write, so only those of people with write access count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core.incidents import Incident
from monitor.core.model import ResourceId
from monitor.core.mutes import BY_CONFIG, Mute, in_force, mute_of, mutes_of, of_incident
from monitor.core.tracked import Tracked, TrackedState
from monitor.issues.actions import Learnt
from monitor.issues.found import Comment, Issue
from monitor.issues.marker import find, is_duplicate, short, told
from monitor.issues.marks import LABELLED, settled
from monitor.issues.matching import Desk, Match
from monitor.issues.verbs import MUTE_FOR, Command, Verb, commands, ticked
from monitor.issues.view import View
from monitor.issues.wanted import MUTED_LABEL, cause_of

BY_ANOTHER = "another Linkwell"
"""By whom a mute is that another instance has heard of; it keeps the issue's body meanwhile."""

OLD = timedelta(days=7)
"""An older wish to check again or to accept is not heeded: it was meant for its day."""


def speakers(issues: Iterable[Issue], desk: Desk, tracked: Mapping[str, Tracked]) -> frozenset[str]:
    """Return whose access decides whether commands count: who has given any since last time.

    Of whoever hid something in a comment as we do, it decides whether that is believed.
    """
    heard = {each.number: each.heard for each in tracked.values() if desk.is_here(each)}
    return frozenset(
        comment.author.lower()
        for issue in issues
        for comment in issue.comments
        if (comment.id > heard.get(issue.number, 0) and _said(comment))
        or (told(comment.body) and not comment.by_app and comment.author != issue.author)
    )


def learn(view: View, desk: Desk, matches: Mapping[str, Match]) -> Learnt:
    """Return what is to be noted before anything is written."""
    one = _Lesson(view, desk)
    incidents: dict[str, Incident] = {incident.id: incident for incident in view.incidents}
    for key, found in matches.items():
        one.hear(key, incidents.get(key), found)
    return one.learnt()


@dataclass(slots=True)
class _Lesson:
    """What has been learnt so far."""

    view: View
    desk: Desk
    mutes: dict[str, Mute] = field(default_factory=dict)
    unmutes: list[str] = field(default_factory=list)
    rechecks: list[ResourceId] = field(default_factory=list)
    accepts: list[ResourceId] = field(default_factory=list)
    tracked: dict[str, Tracked] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def learnt(self) -> Learnt:
        """Return all of it."""
        return Learnt(
            mutes=tuple(self.mutes.values()),
            unmutes=tuple(dict.fromkeys(self.unmutes)),
            rechecks=tuple(dict.fromkeys(self.rechecks)),
            accepts=tuple(dict.fromkeys(self.accepts)),
            tracked=self.tracked,
            notes=tuple(self.notes),
        )

    def hear(self, key: str, incident: Incident | None, found: Match) -> None:
        """Learn from one issue; `incident` is None for the dashboard."""
        before = self.view.tracked.get(key)
        issue = found.issue
        if issue is None:
            if not found.is_part:
                self._gone(key, incident)
            return
        now = self._known(issue, before)
        if incident is not None:
            now = self._closing(incident, issue, now)
            now = self._label(incident, issue, now)
            self._other(incident, issue, now)
        for comment in issue.comments:
            if comment.id > now.heard:
                self._comment(incident, issue, comment)
                now = replace(now, heard=comment.id)
        for wish in sorted(ticked(issue.body), key=lambda each: (each.verb, each.of)):
            source = f"{self._source(issue)}:box:{wish.verb}:{wish.of}"
            self._heed(self._meant(incident, wish), wish, source, "a ticked box", self.view.now)
        if now != before:
            self.tracked[key] = now

    def _known(self, issue: Issue, before: Tracked | None) -> Tracked:
        """Return what is known of an issue; one that is new to us begins afresh."""
        if before is None or before.number != issue.number or not self.desk.is_here(before):
            return Tracked(repository=self.desk.repository.full_name, number=issue.number)
        return replace(settled(before, issue), repository=self.desk.repository.full_name)

    def _gone(self, key: str, incident: Incident | None) -> None:
        """Take a deleted issue for the wish to hear nothing of it for a while."""
        before = self.view.tracked[key]
        now = replace(before, state=TrackedState.GONE, closed_at=self.view.now)
        self.tracked[key] = now
        if incident is None or not incident.is_open:
            return
        reason = f"its issue, number {before.number}, was deleted"
        self._mute(
            incident, f"{before.repository}:{before.number}:gone", reason, "GitHub", self.view.now
        )
        self.notes.append(
            f"Issue {before.number} in {before.repository} is gone, so {incident.cause.name}"
            " is muted for 30 days; it is filed anew if it fails then."
        )

    def _closing(self, incident: Incident, issue: Issue, now: Tracked) -> Tracked:
        """Take a closing as not planned for a mute; once for each closing.

        What lasts and is open is ours to close, whoever has opened it again.
        """
        if issue.is_open:
            closed = {TrackedState.CLOSED, TrackedState.CLOSED_BY_HAND}
            again = incident.is_open and now.state in closed
            return replace(now, state=TrackedState.OPEN) if again else now
        if not incident.is_open:  # whoever closed it, it is over
            return now if now.state is TrackedState.GONE else replace(now, state=_CLOSED)
        if now.closed_at == issue.closed_at or issue.closed_at is None:
            return now
        if now.state is TrackedState.CLOSED or is_duplicate(issue.body):
            return now  # that was us
        if issue.reason in {"not_planned", "duplicate"}:
            source = f"{self._source(issue)}:closed:{issue.closed_at:%Y%m%dT%H%M%S}"
            reason = f"issue {issue.number} was closed as {issue.reason.replace('_', ' ')}"
            self._mute(incident, source, reason, "GitHub", issue.closed_at)
        return replace(now, closed_at=issue.closed_at, state=TrackedState.CLOSED_BY_HAND)

    def _label(self, incident: Incident, issue: Issue, now: Tracked) -> Tracked:
        """Take the label for a mute, and its disappearance for the end of that."""
        has = MUTED_LABEL in {label.lower() for label in issue.labels}
        source = f"{self._source(issue)}:label"
        if has and LABELLED not in now.marks and incident.is_open:
            self._mute(incident, source, f"the label “{MUTED_LABEL}”", "GitHub", self.view.now)
            return replace(now, marks=(*now.marks, LABELLED))
        if not has and LABELLED in now.marks:
            self.unmutes.append(source)
            return replace(now, marks=tuple(mark for mark in now.marks if mark != LABELLED))
        return now

    def _other(self, incident: Incident, issue: Issue, now: Tracked) -> None:
        """Take over a mute that another instance has heard of, and its end, from the body."""
        marker = find(issue.body)
        if marker is None or marker.digest == now.digest:
            return  # we have written it ourselves
        source, until = f"{self._source(issue)}:other", marker.muted_until
        if until is None:
            self.unmutes += [each.id for each in self.view.mutes if each.id == source]
            return
        muted = mute_of(incident, self.view.mutes, self.view.now) is not None
        if incident.is_open and until > self.view.now and not muted:
            self.mutes[source] = Mute(
                id=source,
                what=of_incident(incident.id),
                reason=f"issue {issue.number} is muted",
                by=BY_ANOTHER,
                since=self.view.now,
                until=until,
            )

    def _comment(self, incident: Incident | None, issue: Issue, comment: Comment) -> None:
        said = _said(comment)
        if not said or not self.desk.may_write(comment.author):
            return
        for n, command in enumerate(said):
            if command.verb in {Verb.RECHECK, Verb.ACCEPT} and self.view.now - comment.at > OLD:
                continue
            source = f"{self._source(issue)}:comment:{comment.id}:{n}"
            meant = self._meant(incident, command)
            self._heed(meant, command, source, comment.author, comment.at)

    def _heed(
        self,
        meant: "_Meant",
        command: Command,
        source: str,
        by: str,
        at: datetime,
    ) -> None:
        match command.verb:
            case Verb.MUTE:
                self.unmutes = [id_ for id_ in self.unmutes if id_ != source]  # it begins anew
                reason = command.reason or "no reason given"
                for what in meant.named:
                    self.mutes[source] = Mute(
                        id=source,
                        what=what,
                        reason=reason[:300],
                        by=f"{by} on GitHub",
                        since=min(at, self.view.now),  # their clock may be before ours
                        until=at + command.span,
                    )
            case Verb.UNMUTE:
                self._unmute(meant)
            case Verb.RECHECK:
                self.rechecks += meant.resources
            case _:
                self.accepts += meant.resources

    def _unmute(self, meant: "_Meant") -> None:
        """End the mutes that hold, and those just wished for; the configuration's stay."""
        wished = [id_ for id_, mute in self.mutes.items() if mute.what in meant.named]
        for id_ in wished:
            del self.mutes[id_]
        incident = meant.incident
        holding = mutes_of(incident, self.view.mutes, self.view.now) if incident is not None else ()
        resources = set(meant.resources)
        holding = [
            *holding,
            *(m for m in in_force(self.view.mutes, self.view.now) if m.what in resources),
        ]
        for mute in holding:
            if mute.by == BY_CONFIG:
                self.notes.append(f"A mute of config.yaml can only be ended there: {mute.what}.")
            else:
                self.unmutes.append(mute.id)

    def _mute(self, incident: Incident, source: str, reason: str, by: str, since: datetime) -> None:
        self.mutes[source] = Mute(
            id=source,
            what=of_incident(incident.id),
            reason=reason,
            by=by,
            since=min(since, self.view.now),  # their clock may be before ours
            until=since + MUTE_FOR,
        )

    def _meant(self, incident: Incident | None, command: Command) -> "_Meant":
        """Return what a command is about: its issue's incident, or what the dashboard names."""
        if incident is not None:
            return _whole(incident)
        for each in self.view.incidents:
            if each.is_open and command.of == cause_of(each):
                return _whole(each)
        for finding in (*self.view.suspects, *self.view.unknown, *self.view.drifted):
            if command.of == short(finding.resource.id):
                id_ = finding.resource.id
                return _Meant(named=(id_,), resources=(id_,))
        return _Meant()

    def _source(self, issue: Issue) -> str:
        return f"{self.desk.repository.full_name}:{issue.number}"


_CLOSED = TrackedState.CLOSED


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a wish is about: how mutes name it, its resources, and its incident if it has one."""

    named: tuple[str, ...] = ()
    resources: tuple[ResourceId, ...] = ()
    incident: Incident | None = None


def _whole(incident: Incident) -> _Meant:
    return _Meant(
        named=(of_incident(incident.id),),
        resources=tuple(member.resource.id for member in incident.members),
        incident=incident,
    )


def _said(comment: Comment) -> Sequence[Command]:
    """Return the commands of a comment; what we have written ourselves holds none."""
    return () if told(comment.body) else commands(comment.body)

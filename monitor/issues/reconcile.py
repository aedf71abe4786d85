"""What is wanted against what is there: the plan of what to write, and nothing twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.config.issues import Issues
from monitor.core.incidents import Ending, Incident, IncidentTurn
from monitor.core.mutes import of_incident
from monitor.core.reasons import Status
from monitor.core.states import Phase
from monitor.core.tracked import DASHBOARD, TrackedState
from monitor.issues import bodies, dashboard
from monitor.issues.actions import (
    Action,
    CloseIssue,
    Comment,
    CreateIssue,
    CreateLabel,
    EditIssue,
    Learnt,
    Plan,
    ReopenIssue,
)
from monitor.issues.found import Issue
from monitor.issues.learning import BY_ANOTHER, learn
from monitor.issues.marker import duplicate, find, short, telling, without
from monitor.issues.marks import LABELLED
from monitor.issues.matching import Desk, Match, match
from monitor.issues.revising import Revision
from monitor.issues.saying import Sayings
from monitor.issues.view import View
from monitor.issues.wanted import (
    BASE_LABEL,
    MUTED_STATE,
    SEVERITIES,
    Wanted,
    files,
    urgency,
    wanted,
)

_COMMENTED = (IncidentTurn.WORSENED, IncidentTurn.FLAPPING)
"""The turns that get a comment; the others are told by opening and closing."""

_MUTE_OVER = "It is no longer muted, and it still fails."


def plan(view: View, desk: Desk, config: Issues) -> Plan:
    """Return what to note and what to write, given all that is known; pure.

    Nothing is written to an archived repository, nor where issues are switched off.
    """
    name = desk.repository.full_name
    if desk.repository.archived or not desk.repository.has_issues:
        why = "is archived" if desk.repository.archived else "has issues switched off"
        note = f"{name} {why}, so no issues can be kept there."
        return Plan(repository=name, learnt=Learnt(notes=(note,)))
    matches = match(view, desk)
    learnt = learn(view, desk, matches)
    one = _Planning(
        view=replace(
            view,
            mutes=(*(m for m in view.mutes if m.id not in learnt.unmutes), *learnt.mutes),
            tracked={**view.tracked, **learnt.tracked},
        ),
        desk=desk,
        config=config,
        matches=matches,
        unmuted=frozenset(m.what for m in view.mutes if m.id in learnt.unmutes),
        known=frozenset(each.number for each in view.tracked.values()),
    )
    actions = tuple(one.actions())
    return Plan(
        repository=name,
        learnt=replace(learnt, silent=tuple(dict.fromkeys(one.silent))),
        actions=(*one.labels(actions), *actions),
        waiting=len(one.waiting),
    )


@dataclass(slots=True, kw_only=True)
class _Planning:
    """One plan while it is made. `silent` are turns that need no telling any more.

    `unmuted` is what somebody has ended the mutes of, just now. `known` are the issues that we
    knew before.
    """

    view: View
    desk: Desk
    config: Issues
    matches: Mapping[str, Match]
    unmuted: frozenset[str]
    known: frozenset[int]
    waiting: list[Incident] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def actions(self) -> Iterator[Action]:
        """Yield all steps but the labels: what is over first, then what lasts, then what waits."""
        incidents = sorted(self.view.incidents, key=urgency)
        for incident in incidents:
            if not incident.is_open:
                yield from self._over(incident)
        room = self.config.max_new_issues - self._opened_for_this_run()
        for incident in incidents:
            if not incident.is_open:
                continue
            issue = self._issue(incident.id)
            if issue is not None:
                yield from self._kept(incident, issue)
            elif self._is_quiet(incident) or not files(incident, self.config):
                self._silence(incident)
            elif room > 0:
                room -= 1
                yield self._new(incident)
            else:
                self.waiting.append(incident)
        yield from self._dashboard()

    def labels(self, actions: Sequence[Action]) -> Iterator[CreateLabel]:
        """Yield the labels that the steps need and that the repository lacks."""
        named = {
            label
            for action in actions
            if isinstance(action, CreateIssue | EditIssue | ReopenIssue)
            for label in action.labels or ()
        }
        known = {name.lower() for name in self.desk.labels}
        described = {name: (color, words) for name, color, words in SEVERITIES.values()}
        for name in sorted(named & {*self.config.labels, *described}):
            if name.lower() not in known:
                color, words = described.get(name, BASE_LABEL)
                yield CreateLabel(name=name, color=color, description=words)

    def _opened_for_this_run(self) -> int:
        """Return how many issues were opened since the newest run began: the limit is of a run."""
        issues = (self._issue(incident.id) for incident in self.view.incidents)
        begun = self.view.checked_from
        return sum(
            issue.opened_at is not None and begun is not None and issue.opened_at >= begun
            for issue in issues
            if issue is not None
        )

    # --- what lasts ---

    def _new(self, incident: Incident) -> CreateIssue:
        want = wanted(incident, self.view, self.config)
        return _creation(want, self._says.turns(incident))

    def _kept(self, incident: Incident, issue: Issue) -> Iterator[Action]:
        revision = self._revision(wanted(incident, self.view, self.config), issue)
        yield from self._duplicates(incident.id)
        if self.view.mute(incident) is not None:
            self._silence(incident)
            shown = self.view.mute_shown(incident)
            if issue.is_open and (shown is None or shown.by != BY_ANOTHER):
                yield from _given(revision.edit())
        elif issue.is_open:
            yield from self._news(incident, issue)
            yield from _given(revision.edit())
        else:
            yield from self._closed(incident, revision)

    def _news(self, incident: Incident, issue: Issue) -> Iterator[Action]:
        """Yield one comment on all that has happened since; nothing where nothing has."""
        told = self._says.untold(incident, *_COMMENTED)
        if issue.number not in self.known:
            told = ()  # its body tells of them
        told = [each for each in told if not self._says.has_said(issue, each.id)]
        sentences = [each.sentence for each in told]
        ids = [each.id for each in told]
        before = find(issue.body)
        names = {of_incident(incident.id), *(member.resource.id for member in incident.members)}
        if before is not None and before.state == MUTED_STATE and not names & self.unmuted:
            sentences.append(_MUTE_OVER)
            ids.append(f"{incident.id}:unmuted:{before.digest}")
        if sentences:
            yield from self._say(incident, issue, ids, bodies.changed(sentences), "changed")
        else:
            self._silence(incident)

    def _closed(self, incident: Incident, revision: Revision) -> Iterator[Action]:
        """Yield what opens a closed issue again, as soon as that is right."""
        issue = revision.issue
        tracked = self.view.tracked.get(incident.id)
        if tracked is not None and tracked.state is TrackedState.CLOSED:
            back = self._says.untold(incident, IncidentTurn.REOPENED)
            sentence = back[0].sentence if back else "It is back."
        elif issue.reason in {"not_planned", "duplicate"}:
            sentence = _MUTE_OVER
        else:
            yield from self._disputed(incident, revision)
            return
        said = bodies.again(sentence, incident, self.view)
        id_ = f"{incident.id}:reopened:{issue.closed_at}"
        yield from self._say(incident, issue, [id_], said, "reopened")
        yield revision.reopen()

    def _disputed(self, incident: Incident, revision: Revision) -> Iterator[Action]:
        """Yield the answer to somebody who closed what still fails: first words, then deeds.

        The first check after the closing gets a comment, the next one opens it again. What
        works for the moment, or was not checked since, waits.
        """
        checked, closed = self.view.checked_from, revision.issue.closed_at
        if checked is None or closed is None or checked <= closed or not _fails(incident):
            return
        id_ = f"{incident.id}:still:{closed:%Y%m%dT%H%M%S}"
        said = self._says.said_at(revision.issue, short(id_))
        if said is None:
            text = bodies.still(self.view)
            yield from self._say(incident, revision.issue, [id_], text, f"still {closed}")
        elif checked > said:
            yield revision.reopen()

    # --- what is over ---

    def _over(self, incident: Incident) -> Iterator[Action]:
        """Yield what closes the issue of an incident that is over."""
        issue = self._issue(incident.id)
        tracked = self.view.tracked.get(incident.id)
        closed = tracked is not None and tracked.state is TrackedState.CLOSED
        if issue is None or not issue.is_open or closed:  # somebody has opened it again: theirs
            self._silence(incident)
        elif incident.ending is Ending.MERGED and self._issue(incident.into or "") is not None:
            yield from self._merged(incident, issue)
        else:
            if self.view.mute_shown(incident) is None:
                said = bodies.over(incident, self.view)
                id_ = f"{incident.id}:closed:{incident.closed_at}"
                yield from self._say(incident, issue, [id_], said, "closed")
            else:
                self._silence(incident)
            yield self._revision(wanted(incident, self.view, self.config), issue).close()

    def _merged(self, incident: Incident, issue: Issue) -> Iterator[Action]:
        """Yield what closes an issue that goes on in another."""
        into = next(each for each in self.view.incidents if each.id == incident.into)
        there = self.matches[into.id].issue
        number = there.number if there is not None else 0
        id_ = f"{incident.id}:merged:{number}"
        yield from self._say(incident, issue, [id_], bodies.merged(number, into), "merged")
        yield _as_duplicate(incident.id, issue, number)

    def _duplicates(self, key: str) -> Iterator[Action]:
        """Yield what closes the other issues that say the same."""
        found = self.matches[key]
        for twin in found.duplicates:
            number = found.issue.number if found.issue else 0
            id_ = f"{key}:duplicate:{twin.number}:{number}"
            if not self._says.has_said(twin, id_):
                body = f"{telling([id_], '')}\n{bodies.duplicate(number)}"
                yield Comment(key="", number=twin.number, body=body)
            yield _as_duplicate("", twin, number)

    # --- the dashboard ---

    def _dashboard(self) -> Iterator[Action]:
        """Yield what keeps the one rolling issue: where it is asked for, or something waits."""
        issue = self._issue(DASHBOARD)
        numbers = {key: each.issue.number for key, each in self.matches.items() if each.issue}
        want = dashboard.wanted_dashboard(self.view, self.config, numbers, self.waiting)
        on = "dashboard" in self.config.mode or bool(self.waiting)
        tracked = self.view.tracked.get(DASHBOARD)
        if issue is None:
            if on and dashboard.has_news(self.view) and not dashboard.is_unwanted(self.view):
                yield _creation(want)
            return
        yield from self._duplicates(DASHBOARD)
        revision = self._revision(want, issue)
        ours = tracked is not None and tracked.state is TrackedState.CLOSED
        if issue.is_open and on:
            yield from _given(revision.edit())
        elif issue.is_open and not ours:
            yield revision.close()
        elif on and (ours or dashboard.has_news_since(self.view, issue)):
            yield revision.reopen()

    # --- what they share ---

    @property
    def _says(self) -> Sayings:
        return Sayings(self.view, self.desk)

    def _is_quiet(self, incident: Incident) -> bool:
        """Return whether an incident gets no issue now: it is muted, or told of in another's."""
        is_part = self.matches.get(incident.id, Match()).is_part
        return is_part or self.view.mute(incident) is not None

    def _issue(self, key: str) -> Issue | None:
        return self.matches.get(key, Match()).issue

    def _revision(self, want: Wanted, issue: Issue) -> Revision:
        tracked = self.view.tracked.get(want.key)
        labelled = tracked is not None and LABELLED in tracked.marks
        return Revision(want, issue, unlabel=labelled and not want.muted)

    def _say(
        self, incident: Incident, issue: Issue, ids: Sequence[str], text: str, kind: str
    ) -> Iterator[Action]:
        comment = self._says.comment(incident, issue, ids, text, kind)
        if comment is None:
            self._silence(incident)
        else:
            yield comment

    def _silence(self, incident: Incident) -> None:
        self.silent += self._says.turns(incident)


def _creation(want: Wanted, tells: tuple[str, ...] = ()) -> CreateIssue:
    return CreateIssue(
        key=want.key,
        title=want.title,
        body=want.body,
        digest=want.marker.digest,
        labels=want.labels,
        assignees=want.assignees,
        tells=tells,
    )


def _given(edit: EditIssue | None) -> Iterator[Action]:
    if edit is not None:
        yield edit


def _as_duplicate(key: str, issue: Issue, number: int) -> CloseIssue:
    body = f"{duplicate(number)}\n{without(issue.body)}"
    return CloseIssue(key=key, number=issue.number, reason="not_planned", body=body)


def _fails(incident: Incident) -> bool:
    """Return whether it fails at the moment, and not only has not yet recovered for sure."""
    failing = {Phase.CONFIRMED, Phase.FLAPPING, Phase.SUSPECT}
    ours = incident.status is Status.UNKNOWN and not incident.members
    return ours or any(m.ails and m.phase in failing for m in incident.members)

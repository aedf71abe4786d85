"""One repository's issue tracker: its issues, comments, labels and people, and what may happen.

What changes an issue goes through the methods of `IssueTracker`, whoever does it, so that times,
events and counts are always those that GitHub would show. Nothing here knows of HTTP.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from tests.world.github_humans import Human
from tests.world.github_repository import number

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""What somebody may be in a repository, the least first."""

_FRESH_COLOR = "ededed"
"""The grey of a label that came into being because an issue was given it."""


@dataclass(slots=True, kw_only=True)
class Label:
    """A label of the repository; names are compared without regard to case."""

    id: int
    name: str
    color: str = _FRESH_COLOR
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment under an issue."""

    id: int
    number: int
    body: str
    user: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to an issue: closed, reopened, labeled, renamed, assigned, locked …"""

    id: int
    event: str
    actor: str
    at: datetime
    label: str | None = None
    color: str = _FRESH_COLOR
    rename: tuple[str, str] | None = None
    assignee: str | None = None
    state_reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Issue:
    """An issue; `labels` are names, `assignees` logins."""

    id: int
    number: int
    title: str
    body: str | None
    user: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_by: str | None = None
    locked: bool = False
    pull_request: bool = False
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class IssueTracker:
    """The issues of one repository.

    `collaborators` are roles by login; whoever is not named reads a public repository and has
    nothing in a private one. `archived`, `has_issues` and `private` may be set at any time.
    `lag` is how many lists a new issue is missing from.
    """

    def __init__(
        self,
        name: str,
        now: Callable[[], datetime],
        *,
        collaborators: Mapping[str, str] | None = None,
        labels: Iterable[str] = ("bug", "question"),
        private: bool = False,
        archived: bool = False,
        has_issues: bool = True,
    ) -> None:
        self.name = name
        self.id = number(name)
        self.former_names: set[str] = set()
        self.now = now
        self.collaborators = {self.owner: "admin", **(collaborators or {})}
        self.private, self.archived, self.has_issues = private, archived, has_issues
        self.lag = 0
        self.issues: dict[int, Issue] = {}
        self.deleted: set[int] = set()
        self.labels: dict[str, Label] = {}
        self._ids = count(self.id * 1000 + 1)
        self._numbers = count(1)
        self._hidden: dict[int, int] = {}
        self.created_at = self.now()
        for label in labels:
            self.make_label(label)

    @property
    def owner(self) -> str:
        """Return the login of the repository's owner."""
        return self.name.partition("/")[0]

    @property
    def open(self) -> Sequence[Issue]:
        """Return the open issues, the oldest first."""
        return [each for each in self.issues.values() if each.state == "open"]

    @property
    def closed(self) -> Sequence[Issue]:
        """Return the closed issues, the oldest first."""
        return [each for each in self.issues.values() if each.state == "closed"]

    def human(self, login: str) -> Human:
        """Return somebody in front of a browser, whose acts are done at once."""
        return Human(self, login)

    def role(self, login: str) -> str:
        """Return what somebody may be here, one of ROLES."""
        known = {each.lower(): role for each, role in self.collaborators.items()}
        return known.get(login.lower(), "none" if self.private else "read")

    def rename(self, name: str) -> None:
        """Give the repository another name; the old one leads to its number."""
        self.former_names.add(self.name)
        self.collaborators.setdefault(name.partition("/")[0], "admin")
        self.name = name

    def listed(self) -> Sequence[Issue]:
        """Return what a list shows now; each call brings new issues nearer to being shown."""
        shown = [each for each in self.issues.values() if not self._hidden.get(each.number)]
        self._hidden = {n: left - 1 for n, left in self._hidden.items() if left > 1}
        return shown

    def make_label(
        self, name: str, color: str = _FRESH_COLOR, description: str | None = None
    ) -> Label:
        """Return the label of a name, made if there is none."""
        fresh = Label(id=0, name=name, color=color, description=description)
        label = self.labels.setdefault(name.lower(), fresh)
        label.id = label.id or next(self._ids)
        return label

    def remove_label(self, name: str) -> None:
        """Take a label out of the repository, and off every issue."""
        del self.labels[name.lower()]
        for issue in self.issues.values():
            issue.labels = [each for each in issue.labels if each.lower() != name.lower()]

    def create(
        self,
        actor: str,
        title: str,
        body: str | None = None,
        labels: Iterable[str] = (),
        assignees: Iterable[str] = (),
        *,
        pull_request: bool = False,
    ) -> Issue:
        """Return a new issue."""
        now = self.now()
        issue = Issue(
            id=next(self._ids),
            number=next(self._numbers),
            title=title,
            body=body,
            user=actor,
            created_at=now,
            updated_at=now,
            pull_request=pull_request,
        )
        self.issues[issue.number] = issue
        if self.lag:
            self._hidden[issue.number] = self.lag
        self.label(issue, actor, labels)
        self.assign(issue, actor, assignees)
        return issue

    def retitle(self, issue: Issue, actor: str, title: str) -> None:
        """Change an issue's title, as an event tells."""
        if title != issue.title:
            self._happened(issue, "renamed", actor, rename=(issue.title, title))
            issue.title = title

    def rewrite(self, issue: Issue, body: str | None) -> None:
        """Change an issue's body; no event tells of that."""
        if body != issue.body:
            issue.body = body
            issue.updated_at = self.now()

    def close(self, issue: Issue, actor: str, reason: str = "completed") -> None:
        """Close an issue; nothing happens to one that is closed."""
        if issue.state == "open":
            issue.state, issue.state_reason = "closed", reason
            issue.closed_at, issue.closed_by = self.now(), actor
            self._happened(issue, "closed", actor, state_reason=reason)

    def reopen(self, issue: Issue, actor: str) -> None:
        """Open a closed issue again."""
        if issue.state == "closed":
            issue.state, issue.state_reason = "open", "reopened"
            issue.closed_at = issue.closed_by = None
            self._happened(issue, "reopened", actor)

    def comment(self, issue: Issue, actor: str, body: str) -> Comment:
        """Return a new comment under an issue."""
        now = self.now()
        comment = Comment(
            id=next(self._ids),
            number=issue.number,
            body=body,
            user=actor,
            created_at=now,
            updated_at=now,
        )
        issue.comments.append(comment)
        issue.updated_at = now
        return comment

    def found_comment(self, id_: int) -> Comment | None:
        """Return a comment by its number, or None where there is none such."""
        every = (each for issue in self.issues.values() for each in issue.comments)
        return next((each for each in every if each.id == id_), None)

    def rewrite_comment(self, comment: Comment, body: str) -> None:
        """Change what a comment says."""
        comment.body = body
        comment.updated_at = self.now()

    def remove_comment(self, comment: Comment) -> None:
        """Take a comment away."""
        self.issues[comment.number].comments.remove(comment)

    def label(self, issue: Issue, actor: str, names: Iterable[str]) -> None:
        """Give labels to an issue; those that the repository lacks come into being."""
        for name in names:
            label = self.make_label(name)
            if label.name not in issue.labels:
                issue.labels.append(label.name)
                self._happened(issue, "labeled", actor, label=label.name, color=label.color)

    def unlabel(self, issue: Issue, actor: str, names: Iterable[str]) -> None:
        """Take labels off an issue."""
        for name in names:
            held = next((each for each in issue.labels if each.lower() == name.lower()), None)
            if held is not None:
                issue.labels.remove(held)
                color = self.labels[held.lower()].color
                self._happened(issue, "unlabeled", actor, label=held, color=color)

    def relabel(self, issue: Issue, actor: str, names: Sequence[str]) -> None:
        """Let an issue have these labels and no others."""
        wanted = {name.lower() for name in names}
        self.unlabel(issue, actor, [each for each in issue.labels if each.lower() not in wanted])
        self.label(issue, actor, names)

    def assign(self, issue: Issue, actor: str, logins: Iterable[str]) -> None:
        """Give an issue to people; who cannot be assigned is left out."""
        for login in logins:
            if self.assignable(login) and login not in issue.assignees:
                issue.assignees.append(login)
                self._happened(issue, "assigned", actor, assignee=login)

    def unassign(self, issue: Issue, actor: str, logins: Iterable[str]) -> None:
        """Take an issue from people."""
        for login in logins:
            if login in issue.assignees:
                issue.assignees.remove(login)
                self._happened(issue, "unassigned", actor, assignee=login)

    def assignable(self, login: str) -> bool:
        """Return whether an issue can be given to somebody: a collaborator of any role."""
        return login.lower() in map(str.lower, self.collaborators)

    def lock(self, issue: Issue, actor: str) -> None:
        """Lock the talk under an issue."""
        issue.locked = True
        self._happened(issue, "locked", actor)

    def delete(self, issue: Issue) -> None:
        """Delete an issue for ever; its number is gone, not free."""
        del self.issues[issue.number]
        self.deleted.add(issue.number)

    def _happened(
        self,
        issue: Issue,
        event: str,
        actor: str,
        *,
        label: str | None = None,
        color: str = _FRESH_COLOR,
        rename: tuple[str, str] | None = None,
        assignee: str | None = None,
        state_reason: str | None = None,
    ) -> None:
        issue.updated_at = self.now()
        issue.events.append(
            Event(
                id=next(self._ids),
                event=event,
                actor=actor,
                at=issue.updated_at,
                label=label,
                color=color,
                rename=rename,
                assignee=assignee,
                state_reason=state_reason,
            )
        )

"""What is to be done on GitHub, step by step: the exact writes, and their words for people.

There is no step that locks, and none that deletes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from monitor.core.model import Json, ResourceId
from monitor.core.mutes import Mute
from monitor.core.tracked import Tracked
from monitor.issues.verbs import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One writing request: method, path below the API's base, and what is sent as JSON."""

    method: str
    path: str
    sent: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateLabel:
    """Make a label that the repository lacks."""

    name: str
    color: str
    description: str

    def write(self, repository: str) -> Write:
        """Return the request."""
        sent = {"name": self.name, "color": self.color, "description": self.description}
        return Write(method="POST", path=f"/repos/{repository}/labels", sent=sent)

    def words(self) -> str:
        """Return what it does, in one line."""
        return f"make the label “{self.name}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIssue:
    """Open an issue for `key`; `tells` are the transitions that it tells of by being there."""

    key: str
    title: str
    body: str
    digest: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()

    def write(self, repository: str) -> Write:
        """Return the request."""
        sent: dict[str, Json] = {
            "title": self.title,
            "body": self.body,
            "labels": list(self.labels),
        }
        if self.assignees:
            sent["assignees"] = list(self.assignees)
        return Write(method="POST", path=f"/repos/{repository}/issues", sent=sent)

    def words(self) -> str:
        """Return what it does, in one line."""
        to = f", assigned to {', '.join(self.assignees)}" if self.assignees else ""
        return f"open an issue: “{self.title}” ({', '.join(self.labels)}){to}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditIssue:
    """Change an issue's body, and its title and labels where they are given.

    `heeded` are the ticked boxes that have been dealt with: they are open again. Boxes ticked
    meanwhile stay ticked.
    """

    key: str
    number: int
    body: str
    digest: str
    title: str | None = None
    labels: tuple[str, ...] | None = None
    heeded: frozenset[Command] = frozenset()
    tells: tuple[str, ...] = ()

    def write(self, repository: str) -> Write:
        """Return the request."""
        sent: dict[str, Json] = {"body": self.body}
        if self.title is not None:
            sent["title"] = self.title
        if self.labels is not None:
            sent["labels"] = list(self.labels)
        return _patch(repository, self.number, sent)

    def words(self) -> str:
        """Return what it does, in one line."""
        more = [
            f"the title “{self.title}”" if self.title is not None else "",
            f"the labels {', '.join(self.labels)}" if self.labels is not None else "",
        ]
        return f"edit #{self.number}: {', '.join(['the body', *filter(None, more)])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Say something below an issue. `tells` are the transitions that it tells of."""

    key: str
    number: int
    body: str
    tells: tuple[str, ...] = ()

    def write(self, repository: str) -> Write:
        """Return the request."""
        path = f"/repos/{repository}/issues/{self.number}/comments"
        return Write(method="POST", path=path, sent={"body": self.body})

    def words(self) -> str:
        """Return what it does, in one line."""
        return f"comment on #{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIssue:
    """Close an issue as `reason`: completed, or not_planned; with its last body."""

    key: str
    number: int
    body: str
    reason: str = "completed"
    digest: str = ""
    tells: tuple[str, ...] = ()

    def write(self, repository: str) -> Write:
        """Return the request."""
        sent = {"state": "closed", "state_reason": self.reason, "body": self.body}
        return _patch(repository, self.number, sent)

    def words(self) -> str:
        """Return what it does, in one line."""
        return f"close #{self.number} as {self.reason.replace('_', ' ')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIssue:
    """Open a closed issue again, with its body as it is now wanted."""

    key: str
    number: int
    body: str
    digest: str
    title: str | None = None
    labels: tuple[str, ...] | None = None
    tells: tuple[str, ...] = ()

    def write(self, repository: str) -> Write:
        """Return the request."""
        sent: dict[str, Json] = {"state": "open", "body": self.body}
        if self.title is not None:
            sent["title"] = self.title
        if self.labels is not None:
            sent["labels"] = list(self.labels)
        return _patch(repository, self.number, sent)

    def words(self) -> str:
        """Return what it does, in one line."""
        return f"reopen #{self.number}"


Action: TypeAlias = CreateLabel | CreateIssue | EditIssue | Comment | CloseIssue | ReopenIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What people said in the issues, and what became of issues: to be noted before any write.

    `unmutes` are ids of mutes. `silent` are transitions of which nobody is to hear any more.
    `notes` are sentences for the run.
    """

    mutes: tuple[Mute, ...] = ()
    unmutes: tuple[str, ...] = ()
    rechecks: tuple[ResourceId, ...] = ()
    accepts: tuple[ResourceId, ...] = ()
    tracked: Mapping[str, Tracked] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to note, and what to write, in this order. `waiting` could not be filed this time."""

    repository: str
    learnt: Learnt = Learnt()
    actions: tuple[Action, ...] = ()
    waiting: int = 0

    def writes(self) -> Sequence[Write]:
        """Return the requests that write, exactly, in their order."""
        return [action.write(self.repository) for action in self.actions]

    def lines(self) -> Iterator[str]:
        """Yield the plan in words, with every text that would be sent."""
        yield from self.learnt.notes
        for mute in self.learnt.mutes:
            yield f"mute {mute.what} {_until(mute.until)} ({mute.by}): {mute.reason}"
        yield from (f"end the mute {id_}" for id_ in self.learnt.unmutes)
        yield from (f"check again at the next run: {id_}" for id_ in self.learnt.rechecks)
        yield from (f"accept as it is now: {id_}" for id_ in self.learnt.accepts)
        for action in self.actions:
            yield action.words()
            body = getattr(action, "body", None)
            yield from (f"    {line}" for line in (body or "").splitlines())
        yield from self.more()
        if not self.actions:
            yield "Nothing to write."

    def more(self) -> Iterator[str]:
        """Yield in words what there is besides, and is not for this run."""
        if self.waiting:
            yield f"{self.waiting} more wait for the next run (max_new_issues)"


def _patch(repository: str, number: int, sent: Mapping[str, Json]) -> Write:
    return Write(method="PATCH", path=f"/repos/{repository}/issues/{number}", sent=sent)


def _until(until: datetime | None) -> str:
    return f"until {until:%Y-%m-%d}" if until else "for ever"

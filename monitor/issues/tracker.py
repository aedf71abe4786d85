"""Doing a plan step by step; each step is noted as soon as it is done.

Killed in between, or refused, the rest is left for the next time, which starts from what is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeAlias
from urllib.parse import quote

from monitor.core.model import Json, ResourceId
from monitor.core.mutes import Mute
from monitor.core.tracked import Tracked, TrackedState
from monitor.issues import bodies
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
    Write,
)
from monitor.issues.found import Issue, read_issue
from monitor.issues.marker import duplicate, find, telling, without
from monitor.issues.marks import writing, written
from monitor.issues.matching import Desk
from monitor.issues.verbs import ticked, with_ticks
from monitor.net.github_api import GitHubApi
from monitor.net.github_refusals import Refusal

CHANNEL = "github"
"""The name under which history notes what has been told in issues."""

MOST_REFUSED = 3
"""So many steps that GitHub refuses, and the rest is left for another day."""


_CLAIMED = Refusal(detail="Another process is at it.")
_WAITS = "Another process is about to {words}: the rest of it is left to the next run."


class Notebook(Protocol):
    """Where steps are noted: history."""

    def track(self, key: str, tracked: Tracked) -> None:
        """Note which issue tells of what."""

    def claim(self, ids: Sequence[str], channel: str, at: datetime) -> Sequence[str]:
        """Set out to tell of transitions; return those that nobody else tells of just now."""

    def tell(self, ids: Sequence[str], channel: str, at: datetime) -> None:
        """Note that transitions are told."""

    def fail(self, ids: Sequence[str], channel: str, why: str) -> None:
        """Note that transitions could not be told, so that they are free again."""

    def mute(self, mute: Mute) -> None:
        """Note a mute."""

    def unmute(self, mute: str, at: datetime, /) -> bool:
        """End a mute at an instant; return whether there was one."""

    def recheck(self, ids: Sequence[ResourceId]) -> None:
        """Note what is to be asked again."""


Accept: TypeAlias = Callable[[ResourceId], str | None]
"""Accepts what a resource is now; returns why it cannot, or None."""


@dataclass(slots=True, kw_only=True)
class Tracker:
    """Does one plan. `notes` say what went wrong; `done` and `left` count."""

    api: GitHubApi
    notebook: Notebook
    desk: Desk
    tracked: Mapping[str, Tracked]
    now: Callable[[], datetime]
    accept: Accept
    notes: list[str] = field(default_factory=list)
    done: int = 0
    left: int = 0
    refused: int = 0
    me: str = ""

    async def do(self, plan: Plan) -> None:
        """Note what was learnt, then take the steps."""
        known = {**self.tracked, **plan.learnt.tracked}
        self._note(plan.learnt)
        failed: set[str | int] = set()
        created: list[CreateIssue] = []
        stopped = False
        for action in plan.actions:
            on = _subject(action)
            if stopped or on in failed:
                self.left += 1
                continue
            refusal = await self._step(action, known)
            if refusal is None:
                created += [action] if isinstance(action, CreateIssue) else []
                continue
            self.left += 1
            failed.add(on)
            if refusal is _CLAIMED:
                self.notes.append(_WAITS.format(words=action.words()))
                continue
            self.refused += 1
            self.notes.append(f"Could not {action.words()}: {refusal.detail}")
            stopped = _ends_it(refusal) or self.refused >= MOST_REFUSED
        if created and not stopped:
            await self._yield_to_the_first(created, known)

    def _note(self, learnt: Learnt) -> None:
        """Note what was learnt; mutes before what has been heard, so that none is lost."""
        for mute in learnt.mutes:
            self.notebook.mute(mute)
        for id_ in learnt.unmutes:
            self.notebook.unmute(id_, self.now())
        if learnt.rechecks:
            self.notebook.recheck(learnt.rechecks)
        self.notes += [why for id_ in learnt.accepts if (why := self.accept(id_))]
        for key, tracked in learnt.tracked.items():
            self.notebook.track(key, tracked)
        if learnt.silent:
            self.notebook.tell(learnt.silent, CHANNEL, self.now())
        self.notes += learnt.notes

    async def _step(self, action: Action, known: dict[str, Tracked]) -> Refusal | None:
        """Take a step and note it; return why it could not be taken, or None."""
        match action:
            case CreateLabel():
                return await self._label(action)
            case CreateIssue():
                return await self._create(action, known)
            case EditIssue():
                return await self._edit(action, known)
            case Comment():
                return await self._comment(action)
            case CloseIssue():
                return await self._change(action, known, TrackedState.CLOSED)
            case _:
                return await self._change(action, known, TrackedState.OPEN)

    async def _label(self, action: CreateLabel) -> Refusal | None:
        """Make a label; that it is there already, or is none of our business, stops nothing."""
        said = await self._write(action.write(self._name))
        if isinstance(said, Refusal) and _ends_it(said):
            return said
        return None

    async def _create(self, action: CreateIssue, known: dict[str, Tracked]) -> Refusal | None:
        said = await self._write(action.write(self._name))
        if isinstance(said, Refusal) and said.status == 422 and action.assignees:
            # GitHub takes no issue for somebody who cannot be assigned: it is better unassigned.
            said = await self._write(replace(action, assignees=()).write(self._name))
        if isinstance(said, Refusal):
            return said
        issue = read_issue(said)
        if issue is None:
            return Refusal(detail="GitHub's answer about the new issue could not be read.")
        self.me = issue.author
        made = Tracked(repository=self._name, number=issue.number, digest=action.digest)
        self._track(action.key, made, known)
        self._tell(action.tells)
        self._dropped(action, issue)
        return None

    def _dropped(self, action: CreateIssue, issue: Issue) -> None:
        """Note what GitHub has left out without a word, which it does for want of rights."""
        lost = {login.lower() for login in action.assignees}
        lost -= {login.lower() for login in issue.assignees}
        if lost:
            self.notes.append(
                f"Issue {issue.number} could not be assigned to {', '.join(sorted(lost))}:"
                " they need access to the repository."
            )
        if not issue.labels:
            self.notes.append(
                f"Issue {issue.number} got no label, so it may not be found again: the token's"
                " owner needs write access to the repository."
            )

    async def _edit(self, action: EditIssue, known: dict[str, Tracked]) -> Refusal | None:
        """Change an issue as it is at this moment: what people did meanwhile stays."""
        fresh = await self._fresh(action.number)
        if isinstance(fresh, Refusal):
            return fresh
        if not fresh.is_open:
            return None  # somebody has just closed it: that is for the next time
        ticks = ticked(fresh.body) - action.heeded
        body = with_ticks(action.body, ticks)
        labels = _merged(action.labels, self._seen(action.number), fresh.labels)
        return await self._change(
            replace(action, body=body, labels=labels), known, TrackedState.OPEN
        )

    async def _comment(self, action: Comment) -> Refusal | None:
        claimed = self.notebook.claim(action.tells, CHANNEL, self.now()) if action.tells else ()
        if len(claimed) < len(action.tells):
            if claimed:
                self.notebook.fail(claimed, CHANNEL, "another process tells of a part of it")
            return _CLAIMED
        said = await self._write(action.write(self._name))
        if isinstance(said, Refusal):
            if action.tells:
                self.notebook.fail(action.tells, CHANNEL, said.detail)
            return said
        self._tell(action.tells)
        return None

    async def _change(
        self,
        action: EditIssue | CloseIssue | ReopenIssue,
        known: dict[str, Tracked],
        state: TrackedState,
    ) -> Refusal | None:
        before = known[action.key] if action.key else None  # a duplicate has none
        if before is not None:
            self._track(action.key, writing(before, action.digest, state), known)
        said = await self._write(action.write(self._name))
        if isinstance(said, Refusal):
            return said
        if before is not None:
            self._track(action.key, written(before, action.digest, state), known)
        return None

    async def _yield_to_the_first(
        self, created: Sequence[CreateIssue], known: dict[str, Tracked]
    ) -> None:
        """Close what we have just filed where another instance was faster."""
        label = quote(created[0].labels[0], safe="")
        path = f"/repos/{self._name}/issues?state=open&labels={label}&per_page=100"
        said = await self.api.pages(path, self._name)
        if isinstance(said, Refusal):
            return  # the next look-up finds the duplicates all the same
        there = [issue for each in said if (issue := read_issue(each)) is not None]
        for action in created:
            cause, tracked = _cause(action.body), known[action.key]
            same = [each.number for each in there if self._says(each, cause)]
            first = min(same, default=tracked.number)
            if first < tracked.number:
                await self._give_way(action, tracked, first, known)

    def _says(self, issue: Issue, cause: str | None) -> bool:
        """Return whether an issue of ours, or of another instance, tells of a cause."""
        ours = issue.author == self.me
        trusted = ours or issue.by_app or self.desk.may_write(issue.author)
        return trusted and cause is not None and _cause(issue.body) == cause

    async def _give_way(
        self, action: CreateIssue, tracked: Tracked, first: int, known: dict[str, Tracked]
    ) -> None:
        number = tracked.number
        id_ = f"{action.key}:duplicate:{number}:{first}"
        body = f"{telling([id_], '')}\n{bodies.duplicate(first)}"
        closing = f"{duplicate(first)}\n{without(action.body)}"
        steps = (
            Comment(key="", number=number, body=body),
            CloseIssue(key="", number=number, reason="not_planned", body=closing),
        )
        for step in steps:
            if await self._step(step, known) is not None:
                return  # the next time finds both
        self._track(action.key, Tracked(repository=self._name, number=first), known)

    async def _fresh(self, number: int) -> Issue | Refusal:
        said = await self.api.get(f"/repos/{self._name}/issues/{number}", self._name)
        if isinstance(said, Refusal):
            return said
        return read_issue(said) or Refusal(detail="GitHub's answer could not be read.")

    async def _write(self, write: Write) -> Json | Refusal:
        said = await self.api.write(write.method, write.path, write.sent, self._name)
        self.done += not isinstance(said, Refusal)
        return said

    def _track(self, key: str, tracked: Tracked, known: dict[str, Tracked]) -> None:
        known[key] = tracked
        self.notebook.track(key, tracked)

    def _tell(self, ids: Sequence[str]) -> None:
        if ids:
            self.notebook.tell(ids, CHANNEL, self.now())

    def _seen(self, number: int) -> tuple[str, ...]:
        return next((each.labels for each in self.desk.issues if each.number == number), ())

    @property
    def _name(self) -> str:
        return self.desk.repository.full_name


def _subject(action: Action) -> str | int:
    """Return what a step is about: where one fails, the others of the same wait."""
    if isinstance(action, CreateLabel):
        return f"label {action.name}"
    return action.key or getattr(action, "number", 0)


def _cause(body: str) -> str | None:
    marker = find(body)
    return marker.cause if marker is not None else None


def _ends_it(refusal: Refusal) -> bool:
    """Return whether there is no point in going on now."""
    status = refusal.status
    return refusal.limited or status is None or status in {301, 307, 308, 401} or status >= 500


def _merged(
    wanted: tuple[str, ...] | None, seen: Sequence[str], fresh: Sequence[str]
) -> tuple[str, ...] | None:
    """Return labels with our changes applied to what they are at this moment."""
    if wanted is None:
        return None
    kept = [label for label in fresh if label in wanted or label not in seen]
    return tuple(dict.fromkeys([*kept, *(label for label in wanted if label not in seen)]))

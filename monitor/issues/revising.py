"""An issue as it is against the issue as it should be: what to change, and what people changed."""

from dataclasses import dataclass, replace

from monitor.issues.actions import CloseIssue, EditIssue, ReopenIssue
from monitor.issues.found import Issue
from monitor.issues.marker import find, short
from monitor.issues.verbs import ticked
from monitor.issues.wanted import MUTED_LABEL, SEVERITIES, Wanted

_SEVERITIES = frozenset(name for name, _, _ in SEVERITIES.values())


@dataclass(frozen=True, slots=True)
class Revision:
    """One issue, and what it should be. `unlabel` takes off the label `muted`.

    A title that somebody has changed is theirs, and so are all labels but the severity's.
    """

    want: Wanted
    issue: Issue
    unlabel: bool = False

    def edit(self) -> EditIssue | None:
        """Return the edit that is needed, or None where all is as it should be."""
        before, want = find(self.issue.body), self.want.marker
        heeded = ticked(self.issue.body)
        title, labels = self.title(), self.labels()
        kept = before is not None and replace(want, title=before.title) == before
        if kept and title is None and labels is None and not heeded:
            return None
        return EditIssue(
            key=self.want.key,
            number=self.issue.number,
            title=title,
            body=self.body(),
            digest=want.digest,
            labels=labels,
            heeded=heeded,
        )

    def reopen(self) -> ReopenIssue:
        """Return what opens it again, as it should be."""
        return ReopenIssue(
            key=self.want.key,
            number=self.issue.number,
            title=self.title(),
            body=self.body(),
            digest=self.want.marker.digest,
            labels=self.labels(),
        )

    def close(self) -> CloseIssue:
        """Return what closes it, with its last body."""
        return CloseIssue(
            key=self.want.key,
            number=self.issue.number,
            body=self.body(),
            digest=self.want.marker.digest,
        )

    def title(self) -> str | None:
        """Return the title to give it, or None where that stays."""
        before = find(self.issue.body)
        if before is None or before.title != short(self.issue.title):
            return None  # somebody has given it another
        return self.want.title if before.title != self.want.marker.title else None

    def body(self) -> str:
        """Return the body to write; it remembers which title was ours."""
        before = find(self.issue.body)
        if before is None or self.title() is not None:
            return self.want.body
        kept = replace(self.want.marker, title=before.title)
        return self.want.body.replace(str(self.want.marker), str(kept), 1)

    def labels(self) -> tuple[str, ...] | None:
        """Return the labels to give it, or None where those stay.

        A severity label that somebody has taken off stays off.
        """
        mine = next((name for name in self.want.labels if name in _SEVERITIES), None)
        labels = list(self.issue.labels)
        if mine is not None and _SEVERITIES & set(labels) - {mine}:
            labels = [name for name in labels if name not in _SEVERITIES] + [mine]
        if self.unlabel:
            labels = [name for name in labels if name.lower() != MUTED_LABEL]
        return tuple(labels) if tuple(labels) != self.issue.labels else None

"""What is noted of an issue beside its number and digest, as marks of what is tracked."""

from dataclasses import replace

from monitor.core.tracked import Tracked, TrackedState
from monitor.issues.found import Issue
from monitor.issues.marker import find

LABELLED = "label"
"""The mark of an issue whose label `muted` has been heeded."""

_WRITING = "writing"


def writing(tracked: Tracked, digest: str, state: TrackedState) -> Tracked:
    """Return what to note before a body is written: its answer may be lost, or we be killed."""
    return replace(tracked, marks=(*_without(tracked), f"{_WRITING}:{digest}:{state}"))


def written(tracked: Tracked, digest: str, state: TrackedState) -> Tracked:
    """Return what to note once a body is written."""
    return replace(tracked, digest=digest, state=state, marks=_without(tracked))


def settled(tracked: Tracked, issue: Issue) -> Tracked:
    """Return what is tracked, with a write made good of which we never heard that it was made.

    That it was made shows in the issue's marker, or where that is the same as before, in
    whether the issue is open.
    """
    marker = find(issue.body)
    for mark in tracked.marks:
        name, _, rest = mark.partition(":")
        digest, _, state = rest.partition(":")
        if name == _WRITING and marker is not None and marker.digest == digest:
            as_wished = issue.is_open == (state == TrackedState.OPEN)
            if digest != tracked.digest or as_wished:
                return written(tracked, digest, TrackedState(state))
    return tracked


def _without(tracked: Tracked) -> tuple[str, ...]:
    return tuple(mark for mark in tracked.marks if not mark.startswith(f"{_WRITING}:"))

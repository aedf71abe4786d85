"""What came to pass on the tracker, night by night: what was filed, said, closed, opened again."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tests.world.github_tracker import Event, IssueTracker

DASHBOARD = "Link health dashboard"
"""The title of the one issue that is about all troubles."""

OPENED, CLOSED, SAID, REOPENED = "filed", "closed", "commented", "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that Linkwell did with an issue. `shows` are the texts of the plan in its body."""

    night: int
    what: str
    number: int
    by: str
    shows: frozenset[str] = frozenset()
    text: str = ""

    def __str__(self) -> str:
        """Return it in one line."""
        return f"night {self.night}: #{self.number} {self.what} by {self.by}"


class Ledger:
    """All deeds so far; `marks` are texts by which a plan's troubles are known, by name.

    `bots` are the logins of Linkwell; whatever others do is passed over.
    """

    def __init__(self, tracker: IssueTracker, bots: Collection[str]) -> None:
        self._tracker = tracker
        self._bots = bots
        self._known: dict[int, tuple[int, int]] = {}
        self.deeds: list[Deed] = []

    def look(self, night: int, marks: Mapping[str, str]) -> None:
        """Write down what has happened since the last look, as of a night."""
        for issue in self._tracker.issues.values():
            if issue.number not in self._known and issue.user in self._bots:
                body = f"{issue.title}\n{issue.body}"
                shows = frozenset(name for name, mark in marks.items() if mark in body)
                shows = frozenset() if issue.title == DASHBOARD else shows
                self._write(night, OPENED, issue.number, issue.user, shows, issue.title)
            events, comments = self._known.get(issue.number, (0, 0))
            for comment in issue.comments[comments:]:
                self._write(night, SAID, issue.number, comment.user, text=comment.body)
            for event in _turns(issue.events[events:]):
                self._write(night, event.event, issue.number, event.actor, text=event.state_reason)
            self._known[issue.number] = len(issue.events), len(issue.comments)

    def _write(
        self,
        night: int,
        what: str,
        number: int,
        by: str,
        shows: frozenset[str] = frozenset(),
        text: str | None = "",
    ) -> None:
        if by in self._bots:
            deed = Deed(night=night, what=what, number=number, by=by, shows=shows, text=text or "")
            self.deeds.append(deed)


def _turns(events: list[Event]) -> Iterator[Event]:
    return (each for each in events if each.event in {CLOSED, REOPENED})

"""What people do on the issues page, by hand: `world.tracker("meadow/course").human("ada")`."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.world.github_tracker import Comment, Issue, IssueTracker


class Human:
    """Somebody in front of a browser. An issue is named by its number."""

    def __init__(self, tracker: "IssueTracker", login: str) -> None:
        self.login = login
        self._tracker = tracker

    def open(self, title: str, body: str = "", labels: Iterable[str] = ()) -> "Issue":
        """Return an issue opened by hand."""
        return self._tracker.create(self.login, title, body, labels)

    def open_pull_request(self, title: str, body: str = "") -> "Issue":
        """Return a pull request, which GitHub's lists of issues show too."""
        return self._tracker.create(self.login, title, body, pull_request=True)

    def close(self, number: int, *, not_planned: bool = False) -> None:
        """Close an issue, as completed or as not planned."""
        reason = "not_planned" if not_planned else "completed"
        self._tracker.close(self._issue(number), self.login, reason)

    def reopen(self, number: int) -> None:
        """Open a closed issue again."""
        self._tracker.reopen(self._issue(number), self.login)

    def label(self, number: int, name: str) -> None:
        """Give an issue a label."""
        self._tracker.label(self._issue(number), self.login, [name])

    def unlabel(self, number: int, name: str) -> None:
        """Take a label off an issue."""
        self._tracker.unlabel(self._issue(number), self.login, [name])

    def assign(self, number: int, login: str) -> None:
        """Give an issue to somebody."""
        self._tracker.assign(self._issue(number), self.login, [login])

    def comment(self, number: int, body: str) -> "Comment":
        """Return a comment written under an issue."""
        return self._tracker.comment(self._issue(number), self.login, body)

    def edit_comment(self, comment: "Comment", body: str) -> None:
        """Change what a comment says, whoever wrote it."""
        self._tracker.rewrite_comment(comment, body)

    def delete_comment(self, comment: "Comment") -> None:
        """Delete a comment."""
        self._tracker.remove_comment(comment)

    def edit_title(self, number: int, title: str) -> None:
        """Change an issue's title."""
        self._tracker.retitle(self._issue(number), self.login, title)

    def edit_body(self, number: int, to: str | Callable[[str], str]) -> None:
        """Change an issue's body: to a text, or by what makes the new text of the old."""
        issue = self._issue(number)
        self._tracker.rewrite(issue, to if isinstance(to, str) else to(issue.body or ""))

    def tick(self, number: int, box: str) -> None:
        """Tick the one open box whose line holds `box`; hidden comments count as well."""
        self._mark(number, box, before="[ ]", after="[x]")

    def untick(self, number: int, box: str) -> None:
        """Clear the one ticked box whose line holds `box`."""
        self._mark(number, box, before="[x]", after="[ ]")

    def lock(self, number: int) -> None:
        """Lock the talk under an issue."""
        self._tracker.lock(self._issue(number), self.login)

    def delete(self, number: int) -> None:
        """Delete an issue for ever."""
        self._tracker.delete(self._issue(number))

    def _issue(self, number: int) -> "Issue":
        return self._tracker.issues[number]

    def _mark(self, number: int, box: str, *, before: str, after: str) -> None:
        issue = self._issue(number)
        lines = (issue.body or "").splitlines(keepends=True)
        meant = [n for n, line in enumerate(lines) if before in line and box in line]
        if len(meant) != 1:
            raise ValueError(f"{len(meant)} boxes {before} say {box!r} in issue {number}")
        lines[meant[0]] = lines[meant[0]].replace(before, after, 1)
        self._tracker.rewrite(issue, "".join(lines))

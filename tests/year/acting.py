"""What people do with the issues of the simulated year."""

from tests.world.github_tracker import Issue, IssueTracker
from tests.year.plan import Act


def act(tracker: IssueTracker, what: Act, issue: Issue) -> None:
    """Do with an issue what somebody does."""
    human, number = tracker.human(what.by), issue.number
    match what.does:
        case "comment":
            human.comment(number, what.says)
        case "title":
            human.edit_title(number, what.says)
        case "body":
            human.edit_body(number, what.says)
        case "label":
            human.label(number, what.says)
        case "tick":
            human.tick(number, what.says)
        case "delete":
            human.delete(number)
        case "reopen":
            human.reopen(number)
        case "close as completed":
            human.close(number)
        case "close as not planned":
            human.close(number, not_planned=True)
        case _:
            raise ValueError(f"nobody can {what.does}")

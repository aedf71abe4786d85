"""What is said of every reason: status, grade, and the sentences that explain it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What to tell the user now."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """How much one observation counts towards a break.

    good: it works, so not at all. hard: the service said so. soft: it may be a passing
    trouble of theirs. blocked: they refused us, which says nothing about readers. own: our
    network, key or quota is at fault. none: it tells nothing at all.
    """

    GOOD = "good"
    HARD = "hard"
    SOFT = "soft"
    BLOCKED = "blocked"
    OWN = "own"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a reason means to the reader: its status and grade, and three sentences.

    `title` is a short label for lists; `what` happened, `why` it matters, what to `do`.
    """

    status: Status
    grade: Grade
    title: str
    what: str
    why: str
    do: str


def ok(title: str, what: str, why: str, do: str) -> Explanation:
    """Return the explanation of one that is no trouble."""
    return Explanation(status=Status.OK, grade=Grade.GOOD, title=title, what=what, why=why, do=do)


def warning(title: str, what: str, why: str, do: str) -> Explanation:
    """Return the explanation of one that readers can live with."""
    return Explanation(
        status=Status.WARNING, grade=Grade.GOOD, title=title, what=what, why=why, do=do
    )


def broken(title: str, what: str, why: str, do: str, grade: Grade = Grade.HARD) -> Explanation:
    """Return the explanation of one that keeps readers out."""
    return Explanation(status=Status.BROKEN, grade=grade, title=title, what=what, why=why, do=do)


def unknown(title: str, grade: Grade, what: str, why: str, do: str) -> Explanation:
    """Return the explanation of one that tells nothing of the link."""
    return Explanation(status=Status.UNKNOWN, grade=grade, title=title, what=what, why=why, do=do)

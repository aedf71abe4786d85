"""What is there on GitHub, as values: read from plain JSON, whatever that may hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import Json


class Access(StrEnum):
    """What somebody may do in the repository, as far as it matters here."""

    WRITE = "write"
    NONE = "none"
    """Less than writing: no command counts."""
    REFUSED = "refused"
    """We may not ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository: what it is called now, and whether issues can be written there."""

    full_name: str
    archived: bool = False
    has_issues: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment below an issue."""

    id: int
    author: str
    body: str
    at: datetime
    by_app: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue as it is now. `reason` is why it was closed: completed, not_planned, duplicate.

    `by_app` tells that an app opened it: only those can that the repository's owner has
    installed. `talks` is how many comments there are, `comments` those that have been read.
    """

    number: int
    title: str
    body: str
    author: str
    is_open: bool = True
    reason: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    by_app: bool = False
    talks: int = 0
    comments: tuple[Comment, ...] = ()
    repository: str = ""


def read_repository(said: Json) -> Repository | None:
    """Return a repository, or None where an answer is none."""
    name = text_at(said, "full_name") or ""
    if "/" not in name:
        return None
    return Repository(
        full_name=name,
        archived=dig(said, "archived") is True,
        has_issues=dig(said, "has_issues") is not False,
    )


def read_issue(said: Json) -> Issue | None:
    """Return an issue, or None where an answer is none."""
    number = number_at(said, "number")
    if number is None:
        return None
    return Issue(
        number=number,
        title=text_at(said, "title") or "",
        body=text_at(said, "body") or "",
        author=text_at(said, "user", "login") or "",
        by_app=text_at(said, "user", "type") == "Bot",
        is_open=text_at(said, "state") != "closed",
        reason=text_at(said, "state_reason") or "",
        opened_at=_instant(said, "created_at"),
        closed_at=_instant(said, "closed_at"),
        labels=tuple(filter(None, map(_label, items_at(said, "labels")))),
        assignees=tuple(
            login for each in items_at(said, "assignees") if (login := text_at(each, "login"))
        ),
        talks=number_at(said, "comments") or 0,
        repository="/".join((text_at(said, "repository_url") or "").split("/")[-2:]),
    )


def read_comment(said: Json) -> Comment | None:
    """Return a comment, or None where an answer is none."""
    id_ = number_at(said, "id")
    if id_ is None:
        return None
    return Comment(
        id=id_,
        author=text_at(said, "user", "login") or "",
        body=text_at(said, "body") or "",
        at=_instant(said, "created_at") or _NEVER,
        by_app=text_at(said, "user", "type") == "Bot",
    )


def read_access(said: Json) -> Access:
    """Return what the answer about a collaborator's permission comes to.

    Source: GitHub's OpenAPI description, "Get repository permissions for a user": `permission`
    is admin, write, read or none; the roles maintain and triage read as write and read.
    """
    permission = text_at(said, "permission")
    return Access.WRITE if permission in {"admin", "maintain", "write"} else Access.NONE


def _label(said: Json) -> str:
    return said if isinstance(said, str) else text_at(said, "name") or ""


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _instant(said: Json, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text_at(said, name) or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None

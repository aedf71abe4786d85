"""What may be behind the trouble of many resources at once: one root cause, told once."""

from dataclasses import dataclass, field
from enum import IntEnum

from monitor.core.model import Resource, Url
from monitor.core.reasons import Grade, Reason, Status, explain
from monitor.core.urls import site


class CauseKind(IntEnum):
    """What kind of cause it is; the lower goes before the higher, for it explains more."""

    CREDENTIAL = 1
    """A key of ours is refused."""
    PROVIDER = 2
    """The whole service fails."""
    HOST = 3
    OWNER = 4
    """An account, a channel, a person to whom resources belong."""
    FOLDER = 5
    REPOSITORY = 6
    BRANCH = 7
    RESOURCE = 8
    """The resource itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What resources may fail together for; equal by kind and key.

    `key` is the same in every run ("github:repository:octocat/hello"), `name` is for people
    ("the repository octocat/hello"); it is on one line, but else as strangers wrote it.
    """

    kind: CauseKind
    key: str
    name: str = field(compare=False)


def credential(name: str, called: str = "") -> Cause:
    """Return the cause that a key of ours is, by its name in the configuration.

    `called` is how the user knows it, such as the variable that holds it.
    """
    return cause(CauseKind.CREDENTIAL, f"credential:{name}", f"the key {called or name}")


def whole_service(provider: str, title: str) -> Cause:
    """Return the cause that a provider's whole service is."""
    return cause(CauseKind.PROVIDER, f"provider:{provider}", title)


def hosts_of(url: Url) -> tuple[Cause, ...]:
    """Return the host of an address as a cause, by the name people know it by; none without."""
    host = site(url)
    return (cause(CauseKind.HOST, f"host:{host}", host),) if host else ()


def the_resource(resource: Resource, title: str | None = None) -> Cause:
    """Return the cause that a resource is by itself, named by its title, else its address."""
    address = resource.url.removeprefix("https://").removeprefix("http://")
    name = f"“{on_one_line(title)}”" if title and on_one_line(title) else address
    return cause(CauseKind.RESOURCE, f"resource:{resource.id}", name.removeprefix("www."))


def cause(kind: CauseKind, key: str, name: str) -> Cause:
    """Return a cause with its name made fit for one line."""
    return Cause(kind=kind, key=key, name=on_one_line(name))


def may_explain(kind: CauseKind, reason: Reason) -> bool:
    """Return whether a cause of a kind can be behind a reason at all.

    A whole service explains only what may pass. What is wrong with a link as it is written
    explains itself. A host gives the same warning to all of its pages only where it moved, or
    shows a page in between. A branch is behind what is missing from it, and not behind the
    repository's own fate.
    """
    if kind is CauseKind.RESOURCE:
        return True
    if reason in _BY_ITSELF:
        return False
    told = explain(reason)
    if kind is CauseKind.PROVIDER:
        return told.grade in _PASSING
    if kind is CauseKind.HOST:
        return told.status is not Status.WARNING or reason in _OF_THE_HOST
    return kind is not CauseKind.BRANCH or reason in _OF_THE_BRANCH


_BY_ITSELF = frozenset({Reason.MALFORMED_URL, Reason.PART_MISSING})
_PASSING = frozenset({Grade.SOFT, Grade.BLOCKED, Grade.OWN, Grade.NONE})
_OF_THE_HOST = frozenset({Reason.MOVED, Reason.INTERSTITIAL})
_OF_THE_BRANCH = frozenset({Reason.BRANCH_GONE, Reason.PATH_GONE})

MOST_NAME = 120


def on_one_line(text: str, most: int = MOST_NAME) -> str:
    """Return a stranger's text on one line, without what cannot be printed, cut at its end."""
    line = " ".join("".join(c for c in text[: most * 4] if c.isprintable() or c.isspace()).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"

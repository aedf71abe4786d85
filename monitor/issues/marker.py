"""What Linkwell hides in issues and comments, to know them again: HTML comments on their own line.

Scraped text can write none of them: it never begins a line, and "<" in it is an entity. Where it
can, in a block of code, none is read.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.issues.fences import blanked

MOST_IDS = 200
"""Members that a marker names; so many are enough to know an incident again."""

_LINE = re.compile(r"^<!-- linkwell:(?P<fields>[^\r\n<>]*?) *-->[ \t]*\r?$\n?", re.MULTILINE)
_FIELD = re.compile(r"([a-z-]+)=([A-Za-z0-9_.,:#-]*)")
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the body of an issue says of itself.

    `cause` and `ids` are the digests of the incident's cause and of its members, `digest` that
    of the visible body, `title` that of the title, as they were written. `state` is what it was
    then: broken, warning, ours, muted. `until` is when a mute ends, for other instances, or "".
    """

    cause: str
    ids: tuple[str, ...] = ()
    state: str = ""
    title: str = ""
    digest: str = ""
    until: str = ""

    def __str__(self) -> str:
        """Return the marker as a line."""
        ids = ",".join(self.ids[:MOST_IDS])
        return (
            f"<!-- linkwell:incident={self.cause} ids={ids} state={self.state}"
            f" title={self.title} digest={self.digest}{self.until and f' until={self.until}'} -->"
        )

    @property
    def muted_until(self) -> datetime | None:
        """Return when the mute ends of which it tells, or None where it tells of none."""
        try:
            return datetime.strptime(self.until, _INSTANT).replace(tzinfo=UTC)
        except ValueError:
            return None


_INSTANT = "%Y%m%dT%H%M%SZ"


def written(until: datetime | None) -> str:
    """Return the end of a mute as markers have it; "" where there is none."""
    return until.astimezone(UTC).strftime(_INSTANT) if until is not None else ""


def short(text: str) -> str:
    """Return the digest of a text that stands for it in markers."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def find(body: str) -> Marker | None:
    """Return the first marker of an issue's body, or None where there is none to read."""
    for line in _lines(body):
        fields = _fields(line)
        if _NAME.fullmatch(fields.get("incident", "")):
            ids = (each for each in fields.get("ids", "").split(",") if _NAME.fullmatch(each))
            return Marker(
                cause=fields["incident"],
                ids=tuple(ids),
                state=fields.get("state", ""),
                title=fields.get("title", ""),
                digest=fields.get("digest", ""),
                until=fields.get("until", ""),
            )
    return None


def without(body: str) -> str:
    """Return a body without any hidden line of ours."""
    kept, end = [], 0
    for line in _lines(body):
        kept.append(body[end : line.start()])
        end = line.end()
    return "".join([*kept, body[end:]])


def telling(ids: Iterable[str], what: str) -> str:
    """Return the hidden line of a comment that tells of transitions, and what it comes to."""
    told = ",".join(short(each) for each in ids)
    return f"<!-- linkwell:told={told} what={what} -->"


def told(body: str) -> frozenset[str]:
    """Return what a comment has told: the digests of transitions, and of what they came to."""
    found: set[str] = set()
    for line in _lines(body):
        fields = _fields(line)
        if "told" in fields:
            found |= {*fields["told"].split(","), fields.get("what", "")}
    return frozenset(found - {""})


def duplicate(number: int) -> str:
    """Return the hidden line that takes the marker's place in an issue that says it twice."""
    return f"<!-- linkwell:duplicate-of={number} -->"


def is_duplicate(body: str) -> bool:
    """Return whether we have closed an issue because another says the same."""
    return any("duplicate-of" in _fields(line) for line in _lines(body))


def _lines(body: str) -> Iterator[re.Match[str]]:
    return _LINE.finditer(blanked(body))


def _fields(line: re.Match[str]) -> dict[str, str]:
    return dict(_FIELD.findall(line["fields"]))

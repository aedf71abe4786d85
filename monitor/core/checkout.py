"""Sources in a git checkout: which file a page is, and which lines a change adds or touches."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.core.model import Occurrence

Lines: TypeAlias = Sequence[range]
"""Lines of a file, 1-based, as stretches."""

EVERY_LINE: Lines = (range(1, 2**31),)
"""The lines of a file that is new as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change does to the files of a checkout, all by their path from its top.

    `touched` are the lines that it adds or touches, `new` the files that were not there before,
    under that path, `moved` those of them that stood elsewhere, each with its old path.
    """

    touched: Mapping[str, Lines]
    new: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is known of the checkout that the sources stand in; nothing, by default.

    `files` are the pages that are files in it, by name, each with its path from the checkout's
    top, with slashes; None where that is not known of any. `touched` are the lines that a change
    adds or touches, by such a path; None where nobody asked, and then every link counts.
    `turned` are links that lead elsewhere since their page moved: they are new on any line.
    `unpublished` are links to what the change itself adds, which no site can have yet: they
    are never new.
    """

    files: Mapping[str, str] | None = None
    touched: Mapping[str, Lines] | None = None
    turned: frozenset[Occurrence] = frozenset()
    unpublished: frozenset[Occurrence] = frozenset()

    def file(self, page: str) -> str | None:
        """Return the path of a page from the checkout's top, or None where it is no file there."""
        return (self.files or {}).get(page)

    def blames(self, occurrence: Occurrence) -> bool:
        """Return whether a trouble here is the change's own; without a change, all are."""
        return self.touched is None or self.is_new(occurrence)

    def is_new(self, occurrence: Occurrence) -> bool:
        """Return whether a change is known, and adds or touches the line of a link.

        Of a reference link that is the line of its definition, or that of its use.
        """
        path = self.file(occurrence.page)
        if self.touched is None or path is None or occurrence in self.unpublished:
            return False
        if occurrence in self.turned:
            return True
        lines = self.touched.get(path, ())
        places = (occurrence.position, occurrence.used_at)
        return any(place.line in some for place in places if place is not None for some in lines)


NO_CHECKOUT = Checkout()

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}


def touched_lines(diff: str) -> Mapping[str, Lines]:
    """Return the lines that a diff adds or touches, by the new path of their file.

    For what `git diff --unified=0 --src-prefix=a/ --dst-prefix=b/` prints. Lines are counted as
    the head of each stretch says, so that no content can be taken for a head. A file of which only
    lines are taken away is there without any.
    """
    found: dict[str, list[range]] = {}
    path: str | None = None
    for line in _heads(diff):
        if line.startswith("diff --git "):
            path = None
        elif line.startswith("+++ "):
            path = _path(line.removeprefix("+++ "))
            if path is not None:
                found.setdefault(path, [])
        elif (hunk := _HUNK.match(line)) is not None:
            _, first, added = _numbers(hunk)
            if path is not None and added:
                found[path].append(range(first, first + added))
    return found


def moved_files(diff: str) -> Mapping[str, str]:
    """Return the old path of each file that a diff moves, by its new one."""
    found: dict[str, str] = {}
    old = ""
    for line in _heads(diff):
        if line.startswith("rename from "):
            old = _unquoted(line.removeprefix("rename from "))
        elif line.startswith("rename to "):
            found[_unquoted(line.removeprefix("rename to "))] = old
    return found


def _heads(diff: str) -> Iterator[str]:
    """Yield the lines of a diff that are no content of a file."""
    lines = iter(diff.split("\n"))
    for line in lines:
        yield line
        hunk = _HUNK.match(line)
        if hunk is not None:
            taken, _, added = _numbers(hunk)
            _pass_over(lines, taken + added)


def _numbers(hunk: "re.Match[str]") -> tuple[int, int, int]:
    """Return how many lines a stretch takes away, the first that it adds, and how many."""
    taken, first, added = (int(part if part is not None else 1) for part in hunk.groups())
    return taken, first, added


def _pass_over(lines: Iterator[str], number: int) -> None:
    """Take the content of a stretch from the lines; what tells of a missing end is no content."""
    while number and (line := next(lines, None)) is not None:
        number -= not line.startswith("\\")


def _path(written: str) -> str | None:
    """Return the path that a head names, or None for a file that is no more (/dev/null)."""
    name = _unquoted(written.removesuffix("\t"))  # git ends a name with spaces in it so
    return name.removeprefix("b/") if name.startswith("b/") else None


def _unquoted(name: str) -> str:
    """Return a name without the quotes and escapes in which git writes an odd one."""
    if name.startswith('"') and name.endswith('"'):
        raw = name[1:-1].encode("utf-8", "surrogateescape")
        return _ESCAPE.sub(_byte, raw).decode("utf-8", "surrogateescape")
    return name


def _byte(match: "re.Match[bytes]") -> bytes:
    escaped = match.group(1)
    return bytes([_LETTERS[escaped] if escaped in _LETTERS else int(escaped, 8) & 255])

"""Patterns of file names: those of `include:` and of .gitignore; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreLine:
    """One line of a .gitignore, as its documentation has it (git-scm.com/docs/gitignore).

    `base` is the folder of the file that holds it, "" or ending in "/"; paths are relative to
    the root that `left_out` is asked about.
    """

    base: str
    pattern: str
    negated: bool
    folders_only: bool


def included(path: str, patterns: Sequence[str]) -> bool:
    """Return whether a relative path fits one of the patterns, or there are none.

    A pattern without a slash is one of the file's name, at any depth.
    """
    return not patterns or any(_fits(pattern, path) for pattern in patterns)


def ignore_lines(text: str, base: str) -> tuple[IgnoreLine, ...]:
    """Return the lines of a .gitignore that say something."""
    found = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line or line.startswith("#"):
            continue
        negated = line.startswith("!")
        pattern = line.removeprefix("!").removeprefix("\\")
        found.append(
            IgnoreLine(
                base=base,
                pattern=pattern.rstrip("/"),
                negated=negated,
                folders_only=pattern.endswith("/"),
            )
        )
    return tuple(found)


def left_out(path: str, lines: Iterable[IgnoreLine], *, folder: bool) -> bool:
    """Return whether git would ignore a path: the last line that fits decides."""
    out = False
    for line in lines:
        concerned = path.startswith(line.base) and (folder or not line.folders_only)
        if concerned and _fits(line.pattern, path.removeprefix(line.base)):
            out = not line.negated
    return out


def _fits(pattern: str, path: str) -> bool:
    regex = _compiled(pattern)
    subject = path if "/" in pattern else path.rpartition("/")[2]
    return regex is not None and regex.fullmatch(subject) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern as a regular expression, or None where it is none: it fits nothing.

    `*` and `?` stay within a name, `**` goes across folders.
    """
    parts = re.split(r"(\*\*/|/\*\*|\*+|\?|\[[^\]/]+\]|\\.)", pattern.removeprefix("/"))
    regex = "".join(_WILD.get(part) or _class(part) for part in parts)
    try:
        return re.compile(regex, re.DOTALL)
    except re.error:
        return None


_WILD = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _class(part: str) -> str:
    if len(part) > 2 and part[0] == "[":
        inside = part[1:-1].replace("\\", "\\\\")
        return f"[^/{inside[1:]}]" if inside[0] in "!^" else f"[{inside}]"
    if len(part) == 2 and part[0] == "\\":
        return re.escape(part[1])
    return re.escape(part)

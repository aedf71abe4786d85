"""Where things stand in a configuration file, and how they may be shown."""

import re
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a value: ("sources", 0, "url")."""

LONGEST = 60
"""How many characters of a value are told."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the file: line and column, 1-based, in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, in one sentence, and where; without a place it concerns the file."""

    what: str
    place: Place | None = None


def shown(text: str) -> str:
    """Return a text for a message: one line, short, without the password of a URL."""
    line = re.sub(r"//[^/\s]*@", "//…@", " ".join(text.split()))
    line = "".join(char if char.isprintable() else "�" for char in line)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"

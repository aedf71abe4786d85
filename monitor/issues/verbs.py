"""What people say to Linkwell within an issue: lines of comments, and ticked boxes.

Who may say it is decided elsewhere; here it is only read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from monitor.issues.fences import blanked

MUTE_FOR = timedelta(days=30)
"""How long a mute lasts when nothing else is said."""

LONGEST = timedelta(days=366)
MOST_COMMANDS = 20
"""Commands of one comment that are heard."""


class Verb(StrEnum):
    """What can be asked for."""

    MUTE = "mute"
    UNMUTE = "unmute"
    RECHECK = "recheck"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One wish. `of` is the digest of what it is about, "" for the whole of the issue."""

    verb: Verb
    of: str = ""
    span: timedelta = MUTE_FOR
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A tick box of ours: what it asks for, and whether it is ticked."""

    command: Command
    ticked: bool


_COMMAND = re.compile(r"/(mute|unmute|recheck|accept)(?:[ \t]+(.*))?", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:for\s+)?(\d{1,4})\s*(h|hours?|d|days?|w|weeks?)\b[\s:,-]*(.*)", re.IGNORECASE
)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_BOX = re.compile(
    r"^(?P<before>[ \t]*- \[)(?P<tick>[ xX])(?P<after>\] <!-- linkwell:do=(?P<verb>[a-z]+)"
    r"(?: of=(?P<of>[A-Za-z0-9_.:-]{1,80}))? -->)",
    re.MULTILINE,
)


def commands(text: str) -> Sequence[Command]:
    """Return the commands of a comment: lines that begin with one, outside of code and quotes."""
    found: list[Command] = []
    for line in blanked(text).splitlines():
        if line[:1] == "/" and (said := _COMMAND.fullmatch(line.strip(" \t"))):
            verb, rest = Verb(said.group(1).lower()), (said.group(2) or "").strip()
            found.append(_mute(rest) if verb is Verb.MUTE else Command(verb=verb))
    return found[:MOST_COMMANDS]


def boxes(body: str) -> Sequence[Box]:
    """Return the tick boxes of ours in a body; what stands in a block of code is none."""
    return [
        Box(command=_wish(m), ticked=m["tick"] != " ")
        for m in _BOX.finditer(blanked(body))
        if m["verb"] in set(Verb)
    ]


def ticked(body: str) -> frozenset[Command]:
    """Return what the ticked boxes of a body ask for."""
    return frozenset(box.command for box in boxes(body) if box.ticked)


def box(command: Command) -> str:
    """Return an open tick box, to stand before the words of what it does."""
    of = f" of={command.of}" if command.of else ""
    return f"- [ ] <!-- linkwell:do={command.verb.value}{of} -->"


def with_ticks(body: str, wishes: frozenset[Command]) -> str:
    """Return a body in which the boxes of these wishes are ticked, and the others as they are."""
    marked = list(body)
    for m in _BOX.finditer(blanked(body)):
        if m["verb"] in set(Verb) and _wish(m) in wishes:
            marked[m.start("tick")] = "x"
    return "".join(marked)


def _wish(m: re.Match[str]) -> Command:
    return Command(verb=Verb(m["verb"]), of=m["of"] or "")


def _mute(rest: str) -> Command:
    said = _SPAN.fullmatch(rest)
    if said is None:
        return Command(verb=Verb.MUTE, reason=rest)
    span = int(said.group(1)) * _UNITS[said.group(2)[0].lower()]
    return Command(verb=Verb.MUTE, span=min(span, LONGEST), reason=said.group(3).strip())

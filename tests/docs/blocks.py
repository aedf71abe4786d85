"""The blocks of code that a page shows, and what a comment before them tells of them.

    <!-- run -->          the commands after `$ ` are run, and say what stands below them
    <!-- run: 1 -->       the same; the last of them ends with 1
    <!-- file: NAME -->   the block is a file
    <!-- add: NAME -->     the block is added to a file

In what a command says `…` stands for anything on its line, and alone for any lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOLD = r"(?P<verb{0}>run|file|add)(?:: (?P<what{0}>\S+))?"
_BLOCK = re.compile(
    rf"^(?:<!-- {_TOLD.format('')} -->\n)?"
    r"```(?P<language>[\w-]*)\n(?P<text>.*?)^```$"
    rf"|^<!-- {_TOLD.format('_unseen')}\n(?P<text_unseen>.*?)^-->$",
    re.MULTILINE | re.DOTALL,
)

_VARYING = (
    (r"\b\d{1,2} [A-Z][a-z]+ 20\d\d(, \d\d:\d\d UTC)?", "DAY"),
    (r"\b(today|tomorrow)( \d\d:\d\d UTC)?", "DAY"),
    (r"\b20\d\d-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?", "DAY"),
    (r"\b\d{8}-\d{6}-[0-9a-f]{4}\b", "RUN"),
    (r"\b[0-9a-f]{12}\b", "ID"),
    (r"\b\d+ ms\b", "TIME"),
    (r"\b127\.0\.0\.1:\d+", "PLACE"),
)
"""What differs from one time to the next, and what it is taken for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of a page: its language, its text, and what to do with it, None for nothing."""

    verb: str | None
    what: str
    language: str
    text: str

    @property
    def turns(self) -> Iterator[tuple[str, str]]:
        """Yield each command with what it says below."""
        for turn in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, said = turn.partition("\n")
            while command.endswith("\\"):
                more, _, said = said.partition("\n")
                command = f"{command}\n{more.removeprefix('> ')}"
            yield command, said

    @property
    def commands(self) -> Iterator[str]:
        """Yield the command lines of a block in a shell's language, without what they say."""
        if self.language in {"sh", "bash"}:
            yield from self.text.replace("\\\n", " ").splitlines()
        elif self.language == "console":
            yield from (command for command, _ in self.turns)


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page in order."""
    return [
        Block(
            verb=found["verb"] or found["verb_unseen"],
            what=found["what"] or found["what_unseen"] or "",
            language=found["language"] or "",
            text=found["text"] or found["text_unseen"] or "",
        )
        for found in _BLOCK.finditer(page)
    ]


def is_said(expected: str, found: str) -> bool:
    """Return whether a command said what a page shows, where it shows anything."""
    if not expected.strip():
        return True
    pattern = ""
    for line in _steady(expected).rstrip("\n").split("\n"):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(map(re.escape, line.rstrip().split("…"))) + r"[ ]*\n"
    return re.fullmatch(pattern, f"{_steady(found).rstrip()}\n") is not None


def _steady(text: str) -> str:
    for varying, word in _VARYING:
        text = re.sub(varying, word, text)
    return text

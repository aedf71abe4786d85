"""The mailbox of the kill loop: what arrives, and when."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.world.wire import Asked, Reply, text

HOST = "post.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An alert as it arrived, in a round."""

    round: int
    subject: str
    body: str

    def tells(self, word: str, name: str) -> bool:
        """Return whether it says that something is New, or Over, by the headlines in it."""
        lines = f"{self.subject.removeprefix('Linkwell: ')}\n{self.body}".splitlines()
        return any(line.startswith((f"{word} (", f"{word}:")) and name in line for line in lines)


class Post:
    """A host that takes what apprise brings; `arrived` is told of each letter, and may act."""

    hosts = frozenset({HOST})

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.round = 0
        self.arrived: Callable[[], None] | None = None

    def answer(self, asked: Asked) -> Reply:
        """Take a letter."""
        said = json.loads(asked.body)
        letter = Letter(round=self.round, subject=said["title"], body=said["message"])
        self.letters.append(letter)
        if self.arrived is not None:
            self.arrived()
        return text("taken")

"""Where the commands of a page are run: an empty home, a world, and one shell after the other."""

import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import prepared
from tests.docs.blocks import Block, is_said

HOME = "/home/ada"
"""The home that the pages show."""

LONGEST = 120


@dataclass
class Stage:
    """A home, with a world around it; what a block leaves behind the next one finds."""

    home: Path
    environment: Mapping[str, str]

    def __post_init__(self) -> None:
        programs = self.home / ".bin"
        programs.mkdir()
        program = programs / "linkwell"
        program.write_text(prepared.program(prepared.server()))
        program.chmod(0o755)
        self._left = self.home / ".left"
        self._left.write_text(f"cd {shlex.quote(str(self.home))}\n")

    def play(self, block: Block) -> str | None:
        """Do what a block says; returns what went otherwise than shown, None where nothing did."""
        if block.verb in {"file", "add"}:
            with (self._folder() / block.what).open("a" if block.verb == "add" else "w") as file:
                file.write(block.text)
            return None
        turns = list(block.turns)
        for n, (command, expected) in enumerate(turns, 1):
            code, said = self._run(command)
            wanted = int(block.what or 0) if n == len(turns) else 0
            if code != wanted:
                return f"$ {command}\nended with {code}, not {wanted}:\n{said}"
            if not is_said(expected, said):
                return f"$ {command}\nsaid\n{said}\nnot\n{expected}"
        return None

    def _run(self, command: str) -> tuple[int, str]:
        left = shlex.quote(str(self._left))
        script = (
            f"source {left}\n{command}\ncode=$?\n"
            f'{{ printf "cd %q\\n" "$PWD"; export -p; }} > {left}\nexit $code\n'
        )
        done = subprocess.run(
            ["bash", "-c", script],
            env={**self.environment, "HOME": str(self.home), "PATH": self._path()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
            check=False,
        )
        said = done.stdout.decode().replace(str(self.home / ".bin" / "linkwell"), "linkwell")
        return done.returncode, said.replace(str(self.home), HOME)

    def _path(self) -> str:
        return f"{self.home / '.bin'}:{self.environment.get('PATH', '/usr/bin:/bin')}"

    def _folder(self) -> Path:
        first = self._left.read_text().splitlines()[0]
        return Path(shlex.split(first)[1])

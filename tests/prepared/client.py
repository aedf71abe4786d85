"""Asks the server of prepared processes for one: `python client.py SOCKET ARGUMENTS…`.

As a program it needs nothing but Python itself, so that it starts at once.
"""

import array
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_at(
    place: Path,
    arguments: Sequence[str],
    cwd: str,
    environment: Mapping[str, str],
    files: Sequence[int],
    longest: float | None = None,
) -> int:
    """Run a command with these three files to its end, and return its exit code.

    Raises TimeoutError after `longest` seconds, and ends the command then.
    """
    asked = json.dumps([list(arguments), cwd, dict(environment)]).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.connect(str(place))
        descriptors = array.array("i", files)
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)]
        door.sendmsg([len(asked).to_bytes(4, "big")], rights)
        door.sendall(asked)
        heard = door.makefile("r")
        pid = int(heard.readline())
        door.settimeout(longest)
        try:
            return int(heard.readline())
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise


if __name__ == "__main__":
    sys.exit(run_at(Path(sys.argv[1]), sys.argv[2:], str(Path.cwd()), os.environ, (0, 1, 2)))

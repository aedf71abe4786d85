"""`python -m tests.prepared.server SOCKET`: forks a `linkwell` for whoever asks.

It lives until its input ends. Each command goes on from here as `python -m monitor` would, to the
end of its interpreter.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import time
from pathlib import Path

import monitor

_HEAVY = ("yt_dlp", "yt_dlp.extractor.youtube", "googleapiclient.discovery")
_FILES = 3


def serve(place: Path) -> bool:
    """Fork for whoever asks until the input ends; returns True in each process that was forked.

    There the arguments, the files, the folder and the environment are those that were asked for.
    """
    running: dict[int, socket.socket] = {}
    wake, woken = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        waiting = place.with_suffix(".new")
        listening.bind(str(waiting))
        listening.listen(64)
        waiting.rename(place)  # what is there can be asked
        while True:
            ready, _, _ = select.select([listening, wake, 0], [], [])
            if wake in ready:
                os.read(wake, 4096)
                _tell_ends(running)
            if listening in ready:
                door, _ = listening.accept()
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for other in running.values():
                        other.close()
                    os.close(wake)
                    os.close(woken)
                    _become(door)
                    return True
                running[pid] = door
                door.sendall(f"{pid}\n".encode())
            if 0 in ready and not os.read(0, 4096):
                return False


def _tell_ends(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as door:
            try:
                door.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            except OSError:
                continue  # whoever asked has gone


def _become(door: socket.socket) -> None:
    """Be the process that was asked for."""
    head, files, _, _ = socket.recv_fds(door, 4, _FILES)
    with door.makefile("rb") as stream:
        arguments, cwd, environment = json.loads(stream.read(int.from_bytes(head, "big")))
    door.close()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors=errors, buffering=buffering, closefd=False)  # noqa: SIM115 - the process' own
        for number, mode, errors, buffering in (
            (0, "r", "strict", -1),
            (1, "w", "strict", -1),
            (2, "w", "backslashreplace", 1),
        )
    )
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv[1:] = arguments
    sys.argv[0] = str(Path(monitor.__file__).with_name("__main__.py"))


def _prepare() -> None:
    """Import all of Linkwell, and the heavy libraries that it imports when it uses them."""
    for module in pkgutil.walk_packages(monitor.__path__, "monitor."):
        # The one runs Linkwell when it is imported, the other migrates a database.
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    for name in _HEAVY:
        importlib.import_module(name)
    gc.freeze()


if __name__ == "__main__":
    _prepare()
    if serve(Path(sys.argv[1])):
        from monitor.cli import main

        main()

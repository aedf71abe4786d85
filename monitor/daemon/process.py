"""What the operating system says of this process."""

import os
import resource
import time
from contextlib import suppress
from pathlib import Path

from monitor.daemon.status import Process


def process(pid: int | None = None) -> Process:
    """Return memory in use, open files and time on the processor; of this process, or another."""
    folder = Path("/proc") / (str(pid) if pid is not None else "self")
    memory = files = None
    with suppress(OSError, ValueError, IndexError):  # no Linux
        pages = int((folder / "statm").read_text("ascii").split()[1])
        memory = pages * resource.getpagesize()
        files = len(os.listdir(folder / "fd"))  # noqa: PTH208 - of names alone
    return Process(memory=memory, files=files, cpu=time.process_time() if pid is None else None)

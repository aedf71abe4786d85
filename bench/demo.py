"""The demo's check, 111 resources at 50 ms an answer: wall time and memory, median of 3."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.world.course.page import BASE_URL, PAGE, VARIABLES, course_config  # noqa: E402
from tests.world.demo import world  # noqa: E402

ROUNDS, MOST_SECONDS, MOST_MEGABYTES = 3, 6.0, 200.0


def check(there, folder: Path) -> tuple[float, float]:
    """Return how many seconds and megabytes one check took, process start included."""
    command = [sys.executable, "-m", "monitor", "check", str(PAGE), f"--base-url={BASE_URL}"]
    command += [f"--var={name}={value}" for name, value in VARIABLES.items()]
    command += [f"--config={course_config(there, folder)}", f"--output={folder}"]
    began = perf_counter()
    child = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **there.environment}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 1, child.returncode
    return perf_counter() - began, used.ru_maxrss / 1024


def main() -> int:
    rows = []
    for _ in range(ROUNDS):
        with world(latency_ms=50) as there, tempfile.TemporaryDirectory() as folder:
            rows.append(check(there, Path(folder)))
    seconds, megabytes = (statistics.median(column) for column in zip(*rows, strict=True))
    print(
        f"{seconds:.2f} s (at most {MOST_SECONDS}), {megabytes:.0f} MB (at most {MOST_MEGABYTES})"
    )
    return seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES


if __name__ == "__main__":
    sys.exit(main())

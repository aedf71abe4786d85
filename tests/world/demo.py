"""`make demo`: the real command on a course page, against the internet in a box.

The world is one process, `linkwell check` another; nothing leaves this computer. Ends with the
path of the report, and with 0 where the check came to its end, whatever it found.
"""

import argparse
import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.world.course.page import BASE_URL, PAGE, VARIABLES, course_config

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "reports" / "demo"

START, CHECK, END = 30, 120, 5
"""How many seconds the world may take to start, the check to run, either to end."""

FINISHED = frozenset({0, 1})
"""The exit codes of a check that came to its end: nothing broken, something broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A world in another process: where it can be entered."""

    proxy_url: str
    ca_file: Path
    environment: dict[str, str]


def main() -> int:
    """Run the demo; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.world.demo", description=__doc__)
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where the report goes")
    parser.add_argument("--latency-ms", type=float, default=50, help="of each answer")
    given = parser.parse_args()
    output: Path = given.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    with world(latency_ms=given.latency_ms) as there:
        report = output / "index.html"
        report.unlink(missing_ok=True)  # so that an older one is not taken for this run's
        began = time.monotonic()
        code = check(there, output)
        took = time.monotonic() - began
    if code not in FINISHED or not report.exists():
        print(f"The demo failed: linkwell check ended with {code}.", file=sys.stderr)  # noqa: T201
        return 1
    print(f"\nChecked in {took:.1f} s. The report: {report}")  # noqa: T201
    return 0


@contextlib.contextmanager
def world(*, latency_ms: float = 50) -> Iterator[Elsewhere]:
    """Lend the course page's world, run as a child process; it ends with the block."""
    command = [sys.executable, "-m", "tests.world", "--course", "--latency-ms", str(latency_ms)]
    with _ended(
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ) as child:
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], START)
        line = child.stdout.readline() if ready else b""
        if not line:
            raise SystemExit(f"The world did not start within {START} seconds.")
        said = json.loads(line)
        yield Elsewhere(
            proxy_url=said["proxy"],
            ca_file=Path(said["ca_file"]),
            environment=said["environment"],
        )


def check(there: Elsewhere, output: Path) -> int:
    """Run `linkwell check` on the course page, its words on our output; returns its exit code."""
    variables = [f"--var={name}={value}" for name, value in VARIABLES.items()]
    config = course_config(there, output)
    command = [sys.executable, "-m", "monitor", "check", str(PAGE)]
    command += [f"--config={config}", f"--output={output}", f"--base-url={BASE_URL}", *variables]
    environment = {**os.environ, **there.environment}
    with _ended(subprocess.Popen(command, cwd=ROOT, env=environment)) as child:
        try:
            return child.wait(CHECK)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"linkwell check did not end within {CHECK} seconds.") from None
        except KeyboardInterrupt:  # the child got it too, and writes the report of what it has
            return child.wait(END)


@contextlib.contextmanager
def _ended(child: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """See to it that a child has ended when the block has: by itself, by request, by force."""
    try:
        yield child
    finally:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        if child.stdin is None:  # nothing told it to end yet
            child.terminate()
        for next_word in (child.terminate, child.kill):
            try:
                child.wait(END)
            except subprocess.TimeoutExpired:
                next_word()
        child.wait()


if __name__ == "__main__":
    raise SystemExit(main())

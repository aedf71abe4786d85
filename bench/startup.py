"""`linkwell --help` against an empty Typer application: wall time, median of 11 in turns."""

import statistics
import subprocess
import sys
from time import perf_counter

EMPTY = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
OURS = "from monitor.cli import main; main()"
ROUNDS, MOST = 11, 1.5


def wall(code: str) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-c", code, "--help"], check=True, capture_output=True)
    return perf_counter() - began


def main() -> int:
    times = [(wall(EMPTY), wall(OURS)) for _ in range(ROUNDS)]
    empty, ours = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"empty Typer application {empty:.3f} s, linkwell --help {ours:.3f} s")
    print(f"ratio {ours / empty:.2f} (at most {MOST})")
    return ours / empty > MOST


if __name__ == "__main__":
    sys.exit(main())

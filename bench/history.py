"""How fast history is made, opened, written and read: python -m bench.history [checks].

The wish is for 10,000 checks with their evidence a second, of which kill -9 loses no more than
the last second's.
"""

import asyncio
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.core.model import (
    ExchangeId,
    Observation,
    Resource,
    ResourceId,
    Run,
    RunId,
    Url,
    Verdict,
)
from monitor.core.ports import Exchange, Response
from monitor.core.provider import Checked, answer
from monitor.core.reasons import Reason
from monitor.store.history import History

START = datetime(2026, 1, 1, tzinfo=UTC)


def check(n: int) -> Checked:
    """Return a check with 4 KB of evidence and 2 KB of answer."""
    url = Url(f"https://host{n % 50}.test/{n}")
    said = Response(status=200, url=url, headers={"content-type": "text/html"}, body=b"x" * 4096)
    exchange = Exchange(
        id=ExchangeId(f"e{n}"),
        method="GET",
        url=url,
        at=START,
        elapsed=timedelta(seconds=1),
        said=said,
    )
    verdict = Verdict(reason=Reason.ALIVE, detail="It answered.", facts={"title": f"Lecture {n}"})
    resource = Resource(id=ResourceId(f"web:{url}"), provider="web", kind="page", url=url)
    return Checked(
        observation=Observation(resource=resource, verdict=verdict, at=START),
        answers=(answer("get", exchange, lambda _: {"words": "word " * 400}),),
        exchanges=(exchange,),
    )


async def record(history: History, run: RunId, checks: list[Checked]) -> None:
    for each in checks:
        await history.record(run, each)


async def write_for_ever(file: Path) -> None:
    """Write checks as fast as they are taken, and say how many were handed over by when."""
    checks = [check(n) for n in range(2_000)]
    with History.open(file) as history:
        began = time.perf_counter()
        for number in range(1_000):
            run = Run(id=RunId(f"{number}"), started_at=START)
            history.begin(run)
            for done, each in enumerate(checks, number * len(checks)):
                await history.record(run.id, each)
                if done % 100 == 0:
                    print(f"{done} {time.perf_counter() - began:.3f} .", flush=True)


def killed(file: Path) -> None:
    """Kill a process that writes as fast as it can, and tell what it lost."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.history", "for-ever", str(file)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        while float(said[-1].split()[1]) < 3:
            said.append(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        said += child.stdout.read().split("\n")
    handed_over, seconds = map(
        float, [each for each in said if each.strip().endswith(".")][-1].split()[:2]
    )
    with History.open(file) as history:
        kept = sum(len(history.load(run.id).observations) for run in history.runs(most=1_000))
    lost = max(0.0, handed_over - kept)
    print(
        f"kill -9 after {seconds:.1f} s: {lost:,.0f} of {handed_over:,.0f} checks were lost,"
        f" the last {lost / handed_over * seconds:.2f} s"
    )


def main(count: int) -> None:
    checks = [check(n) for n in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        began = time.perf_counter()
        History.open(file).close()
        print(f"make a history: {(time.perf_counter() - began) * 1000:.0f} ms")
        began = time.perf_counter()
        history = History.open(file)
        print(f"open it again: {(time.perf_counter() - began) * 1000:.1f} ms")
        for name in ("first", "second"):
            run = Run(id=RunId(name), started_at=START)
            began = time.perf_counter()
            history.begin(run)
            asyncio.run(record(history, run.id, checks))
            history.finish(run)
            seconds = time.perf_counter() - began
            print(
                f"write {count:,} checks ({name} run): {count / seconds:,.0f} checks/s,"
                f" {3 * count / seconds:,.0f} rows/s"
            )
        began = time.perf_counter()
        history.load(RunId("second"))
        print(f"load a run: {count / (time.perf_counter() - began):,.0f} observations/s")
        history.close()
        killed(Path(folder) / "killed.sqlite3")
        print(f"size: {file.stat().st_size / count / 2 / 1024:.1f} KiB a check")


if __name__ == "__main__":
    if sys.argv[1:2] == ["for-ever"]:
        asyncio.run(write_for_ever(Path(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

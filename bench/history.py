"""How fast history is made, opened, written and read: python -m bench.history [checks]."""

import asyncio
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
        print(f"size: {file.stat().st_size / count / 2 / 1024:.1f} KiB a check")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

"""How fast years are read and concluded: python -m bench.replay [resources] [days].

The wish is for 100,000 resources with 90 observations each: replayed in under 60 s and 500 MB,
the step of one night in under 10 s, and 90 days of 10,000 resources in under 3 s.
"""

import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing import Process
from pathlib import Path

from monitor.core.conclusion import Conclusion, Known
from monitor.core.model import ResourceId, Run, RunId
from monitor.core.reasons import Reason
from monitor.core.states import PRESETS, Sighting, replay, step
from monitor.store.history import History

START = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = PRESETS["patient"]
VERDICT = (
    '{"reason":"%s","detail":"It answered as it should.","leads_to":null,"retry_at":null,'
    '"instead":null,"facts":{"title":"Lecture 7: gradient descent","status":200}}'
)
INDEX = "ix_observations_sightings"


def ids(count: int) -> list[ResourceId]:
    return [
        ResourceId(f"web:https://host{n % 500}.example.org/course/{n}.html") for n in range(count)
    ]


def run_of(number: int) -> Run:
    at = START + number * DAY
    return Run(id=RunId(f"{at:%Y%m%d-%H%M%S}-abcd"), started_at=at, finished_at=at + DAY / 24)


def seen(name: str, n: int, number: int) -> tuple[str, datetime, str, int]:
    """Return what one night saw of one resource: of a hundred, one fails; some of them often."""
    fails = n % 100 == number % 100 or (n % 1000 == 7 and number % 10 > 6)
    reason = (Reason.NOT_FOUND if n % 2 else Reason.NOT_ANSWERING) if fails else Reason.ALIVE
    at = run_of(number).started_at + timedelta(microseconds=n * 30_000 + 1)
    return name, at, reason, 20_000 + (n * 7919 + number * 104_729) % 2_000_000


def rows(names: list[ResourceId], number: int) -> Iterator[tuple[object, ...]]:
    run = run_of(number).id
    for n, name in enumerate(names):
        id_, at, reason, took = seen(name, n, number)
        written = at.replace(tzinfo=None).isoformat(" ", "microseconds")
        yield run, id_, written, reason, VERDICT % reason, None, took


def build(file: Path, names: list[ResourceId], days: int) -> None:
    """Fill a history by its tables, which is not what is measured."""
    with History.open(file) as history:
        for number in range(days):
            history.begin(run_of(number))
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            opened.execute(f"PRAGMA {pragma}")
        [index] = opened.execute("SELECT sql FROM sqlite_master WHERE name=?", [INDEX]).fetchone()
        opened.execute(f"DROP INDEX {INDEX}")
        opened.execute("BEGIN")
        opened.executemany(
            "INSERT INTO resources VALUES (?, 'web', 'page', ?, '{}', '[]')",
            ((id_, id_[4:]) for id_ in names),
        )
        for number in range(days):
            insert(opened, names, number)
        opened.execute("COMMIT")
        opened.execute(index)


def insert(opened: sqlite3.Connection, names: list[ResourceId], number: int) -> None:
    opened.executemany("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?)", rows(names, number))


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def told(what: str, began: float, cpu: float) -> None:
    seconds, busy = time.perf_counter() - began, time.process_time() - cpu
    print(f"{what}: {seconds:.1f} s ({busy:.1f} s of a core), {megabytes():.0f} MB at most so far")


def clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def whole(history: History, names: list[ResourceId], days: int) -> None:
    """Replay all as `stats` does, streamed, and keep nothing of it."""
    began = clocks()
    count = broken = 0
    for _, sightings in history.sightings():
        count += len(sightings)
        broken += replay(sightings, POLICY)[0].broken.is_told
    told(f"replay {count:,} sightings of {len(names):,} resources ({broken:,} broken)", *began)
    assert count == len(names) * days


def first_night(history: History, names: list[ResourceId], days: int) -> None:
    """Conclude a run as the first one does, or the first under another policy."""

    def decide(known: Known) -> Conclusion:
        states = {id_: replay(known.sightings(id_), POLICY)[0] for id_ in names}
        return Conclusion(states=states)

    began = clocks()
    history.conclude(run_of(days - 1), decide, dict.fromkeys(names, "p"))
    told(f"conclude a run that folds all {len(names):,} states anew", *began)


def another_night(file: Path, names: list[ResourceId], days: int) -> None:
    run = run_of(days)
    with History.open(file) as history:
        history.begin(run)
    with closing(sqlite3.connect(file)) as opened, opened:
        insert(opened, names, days)

    def decide(known: Known) -> Conclusion:
        states, happened, met = {}, {}, {}
        for n, id_ in enumerate(names):
            _, at, reason, _ = seen(id_, n, days)
            states[id_], turns = step(known.states[id_], Sighting(at, reason), POLICY)
            met[id_] = Reason.PART_MISSING if n % 50 == 0 else reason
            if turns:
                happened[id_] = turns
        return Conclusion(met=met, states=states, happened=happened)

    with History.open(file) as history:
        began = clocks()
        history.conclude(run, decide, dict.fromkeys(names, "p"))
        told(f"conclude a night with one new observation of {len(names):,} resources", *began)


def main(count: int, days: int) -> None:
    names = ids(count)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        builder = Process(target=build, args=(file, names, days))  # its memory is not ours
        builder.start()
        builder.join()
        print(f"{file.stat().st_size / 1024 / 1024:,.0f} MB of history")
        with History.open(file) as history:
            for number in range(days):
                history.finish(run_of(number))
            whole(history, names, days)
            some = names[:10_000]
            began = clocks()
            last = (START + days * DAY).date()
            found = history.days(some, START.date(), last)
            number = sum(len(each) for each in found.values())
            told(f"{number:,} days of {len(some):,} resources", *began)
            del found
            first_night(history, names, days)
        another_night(file, names, days)


if __name__ == "__main__":
    main(*(int(each) for each in (sys.argv[1:] + ["10000", "90"][len(sys.argv) - 1 :])))

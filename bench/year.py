"""How large a year of a course page is, checked every night: python -m bench.year [days] [links].

By what is kept: all of it, then the looks of 90 days, then the answers of 30 days only.
"""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from monitor.core.conclusion import Conclusion, Known
from monitor.core.model import (
    ExchangeId,
    Link,
    Observation,
    Occurrence,
    PageRecord,
    Position,
    Reference,
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
from monitor.core.states import PRESETS, Sighting, State, step
from monitor.store.history import History

FIRST = datetime(2026, 1, 1, 3, tzinfo=UTC)
PAGE = "https://course.test/"
POLICY = PRESETS["patient"]
WORDS = ("the", "of", "lecture", "slides", "exercise", "notes", "model", "data", "network", "proof")


def resource(n: int) -> Resource:
    url = Url(f"https://host{n % 40}.test/course/2026/lecture-{n:03}/slides.html")
    return Resource(id=ResourceId(f"web:{url}"), provider="web", kind="page", url=url)


def reference(n: int) -> Reference:
    occurrence = Occurrence(
        page=PAGE,
        position=Position(line=20 + 3 * n, column=18),
        element="a",
        attribute="href",
        text=f"Lecture {n}: slides",
        context=("Lectures", f"Week {n // 8}"),
    )
    url = resource(n).url
    return Reference(
        link=Link(written=str(url), url=url, occurrence=occurrence), resource=resource(n).id
    )


def check(n: int, night: int, at: datetime, chance: Random) -> Checked:
    """Return a look with 4 kB of a page, as it is kept, and what was read in it."""
    one = resource(n)
    text = " ".join(chance.choices(WORDS, k=700))
    said = Response(
        status=200,
        url=one.url,
        headers={"content-type": "text/html", "server": "nginx", "etag": f'"{night}-{n}"'},
        body=text.encode()[:4096],
    )
    exchange = Exchange(
        id=ExchangeId(f"{night:04}-{n:05}"),
        method="GET",
        url=one.url,
        at=at,
        elapsed=timedelta(milliseconds=chance.randint(80, 900)),
        said=said,
    )
    reason = Reason.GONE if chance.random() < 0.02 else Reason.ALIVE
    verdict = Verdict(reason=reason, detail="It answered.", facts={"title": f"Lecture {n}"})
    return Checked(
        observation=Observation(resource=one, verdict=verdict, at=at),
        answers=(answer("get", exchange, lambda _: {"words": text[:1500]}),),
        exchanges=(exchange,),
    )


async def night(history: History, number: int, links: int, chance: Random) -> datetime:
    at = FIRST + number * timedelta(days=1)
    run = Run(id=RunId(f"{at:%Y%m%d-%H%M%S}"), started_at=at, sources=(PAGE,))
    history.begin(run)
    page = PageRecord(name=PAGE, url=Url(PAGE), read_at=at, notes=(), source=PAGE)
    references = [reference(n) for n in range(links)]
    history.add_page(run.id, page, references, (), [resource(n) for n in range(links)])
    looks = [check(n, number, at + timedelta(seconds=n), chance) for n in range(links)]
    for each in looks:
        await history.record(run.id, each)

    def decide(known: Known) -> Conclusion:
        steps = {}
        for each in looks:
            seen = each.observation
            sighting = Sighting(seen.at, seen.verdict.reason)
            before = known.states.get(seen.resource.id, State())
            steps[seen.resource.id] = step(before, sighting, POLICY)
        return Conclusion(
            states={id_: state for id_, (state, _) in steps.items()},
            policies=dict.fromkeys(steps, "p"),
            happened={id_: happened for id_, (_, happened) in steps.items()},
        )

    ended = Run(
        id=run.id, started_at=at, finished_at=at + timedelta(minutes=3), sources=run.sources
    )
    history.conclude(ended, decide, {each.observation.resource.id: "p" for each in looks})
    return at


def year(nights: int, links: int, keep: int | None, evidence: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        chance = Random(7)
        spent, worst = 0.0, 0.0
        with History.open(file) as history:
            for number in range(nights):
                at = asyncio.run(night(history, number, links, chance))
                began = time.perf_counter()
                if keep is not None:
                    history.purge(at - timedelta(days=keep))
                if evidence is not None:
                    history.drop_evidence(at - timedelta(days=evidence))
                spent += time.perf_counter() - began
                worst = max(worst, time.perf_counter() - began)
        size = file.stat().st_size / 1e6
        print(
            f"{nights} nights of {links} links, looks {keep or 'for ever'},"
            f" answers {evidence or 'as long'}: {size:.1f} MB;"
            f" to forget took {spent / nights * 1000:.0f} ms a night, {worst * 1000:.0f} at most"
        )


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    wanted = (numbers[0] if numbers else 365, numbers[1] if numbers[1:] else 110)
    for kept in ((None, None), (90, None), (90, 30)):
        year(*wanted, *kept)

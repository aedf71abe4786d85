"""Memory of pending links: a check of 2,000 and of 20,000 resources, peak bytes a resource.

Fixed workers, not a task a link: a task that waits costs about 7 kB.
"""

import asyncio
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.check import Check
from monitor.core.identify import identify, link_to
from monitor.core.model import ExchangeId, Url
from monitor.core.ports import Exchange, Outline, Response
from monitor.doors import Doors, utc_now
from monitor.providers import find

MOST_BYTES = 6_000


async def peak(count: int) -> float:
    """Return the peak of memory that a check of so many pages takes above its input."""
    most_tasks = 0

    async def fetch(request):
        nonlocal most_tasks
        most_tasks = max(most_tasks, len(asyncio.all_tasks()))
        await asyncio.sleep(0)
        said = Response(status=200, url=request.url, headers={"content-type": "text/html"})
        return Exchange(
            id=ExchangeId(request.url),
            method="GET",
            url=request.url,
            at=datetime.now(UTC),
            elapsed=timedelta(),
            said=said,
        )

    async def deliver(checked):
        pass

    providers = find()
    doors = Doors(fetch=fetch, video=None, outline=lambda _: Outline(title="x"), now=utc_now)
    links = [link_to(Url(f"https://h{n % 500}.example/{n}")) for n in range(count)]
    resources = [(identify(link, providers), [link]) for link in links]
    tracemalloc.start()
    await Check(providers, doors, deliver).run(resources, {})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{count:6} resources: {most / count:,.0f} bytes each, {most_tasks} tasks at most")
    return most / count


def main() -> int:
    few, many = asyncio.run(peak(2_000)), asyncio.run(peak(20_000))
    print(f"ratio {many / few:.2f}; at most {MOST_BYTES:,} bytes each")
    return many > MOST_BYTES


if __name__ == "__main__":
    sys.exit(main())

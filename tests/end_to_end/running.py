"""Whole runs in this process, over either entrance of a world."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from monitor.check import Progress
from monitor.config import Config, Network, Source, Store
from monitor.config.surroundings import with_environment
from monitor.core.model import Observation
from monitor.doors import Doors, opened, utc_now
from monitor.extract.outline import outline
from monitor.gather import PageLinks, Wish
from monitor.net.fetch import Fetch
from monitor.net.validators import Validators
from monitor.net.ytdlp import VideoReader
from monitor.past import report_of, rules_of
from monitor.report.report import Report
from monitor.run import run
from monitor.store.history import History
from tests.histories import made
from tests.world import keys
from tests.world.scenario import Entrance
from tests.world.server import World

HASTE = {
    "connect_timeout": "2s",
    "read_timeout": "500ms",
    "link_budget": "3s",
    "attempts": 2,
    "longest_wait": "100ms",
    "starts_per_second": 1000,
}
"""Patience for tests: a server that hangs is given up soon."""


class Quiet:
    """A listener that hears everything and says nothing."""

    def __init__(self) -> None:
        self.pages: list[PageLinks] = []
        self.found: list[Observation] = []
        self.written: list[tuple[str, int]] = []
        self.progress: Callable[[], Progress] | None = None

    def page_read(self, page: PageLinks) -> None:
        self.pages.append(page)

    def checking(self, progress: Callable[[], Progress]) -> None:
        self.progress = progress

    def checked(self, observation: Observation) -> None:
        self.found.append(observation)

    def issues_written(self, repository: str, changes: int) -> None:
        self.written.append((repository, changes))


def checked(
    world: World,
    source: Source,
    folder: Path,
    *,
    entrance: Entrance = Entrance.PROXY,
    network: Mapping[str, object] = HASTE,
    credentials: bool = False,
    environment: Mapping[str, str] | None = None,
    configured: bool = False,
) -> Report:
    """Check a source in a world, with the history of a folder, and return the report.

    `credentials` gives the run all keys of tests.world.keys, as its environment would;
    `environment` those that it names. `configured` makes it a run of the whole configuration.
    """
    proxy = world.proxy_url if entrance is Entrance.PROXY else None
    # The resolver leads into loopback, which only private addresses are.
    proxies = {"http_proxy": proxy, "https_proxy": proxy, "allow_private": proxy is None}
    config = Config(
        network=Network.model_validate({**network, **proxies, "ca_file": world.ca_file}),
        store=Store(path=folder / "history.sqlite3"),
    )
    given = {**(keys.ENVIRONMENT if credentials else {}), **(environment or {})}
    config = with_environment(config, given)

    @asynccontextmanager
    async def through_the_resolver(
        config: Config, validators: Validators | None = None
    ) -> AsyncIterator[Doors]:
        videos = VideoReader()
        async with Fetch(config.network, resolver=world.resolver(), validators=validators) as fetch:
            yield Doors(fetch=fetch.fetch, video=videos.video, outline=outline, now=utc_now)
        videos.close()

    with History.open(made(config.store.path)) as history:
        run_id = run(
            config,
            Wish(sources=(source,), configured=configured),
            history,
            Quiet(),
            opened if entrance is Entrance.PROXY else through_the_resolver,
        )
        return report_of(history, run_id, rules_of(config))

"""One run, top to bottom: the only file that knows the order of the steps.

sources → pages → links → resources → answers → verdicts → observations → history.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from monitor import baselines, crawl
from monitor.check import Check, Progress
from monitor.config import Config
from monitor.core.errors import ConfigError
from monitor.core.findings import findings
from monitor.core.model import Observation, ResourceId, Run, RunId
from monitor.core.ports import Failure, Response
from monitor.core.provider import Answer, Checked
from monitor.core.reasons import Reason, Status
from monitor.core.urls import split
from monitor.core.validity import Sight, doubt, sight, sites_doubt, tls_doubt, trusted_until
from monitor.doors import Doors, opened, utc_now
from monitor.gather import Gathered, PageLinks, Wish, gather
from monitor.memory import Memory
from monitor.net.validators import Validators
from monitor.providers import find
from monitor.refining import refining
from monitor.report.refusals import refusals
from monitor.report.report import Report, build
from monitor.store.history import History
from monitor.watch import Lookout

OpenDoors = Callable[[Config, Validators | None], AbstractAsyncContextManager[Doors]]


class Listener(Protocol):
    """Who is told how a run goes on; the command line draws it."""

    def page_read(self, page: PageLinks) -> None:
        """Hear that a page was read, and what it holds."""

    def checking(self, progress: Callable[[], Progress]) -> None:
        """Hear that the check begins; `progress` may be called at any time from now on."""

    def checked(self, observation: Observation) -> None:
        """Hear what was found of one resource."""


def run(
    config: Config,
    wish: Wish,
    history: History,
    listener: Listener,
    open_doors: OpenDoors = opened,
) -> RunId:
    """Check all sources once and return the run's id; history holds everything about it.

    Ctrl-C, SIGTERM and the end of `limits.run_budget` end it early: what was finished stays
    and counts; what is older than `store.keep` is forgotten. `open_doors` is how the network
    is reached. Raises SourceError before anything
    is begun where a local source is not there.
    """
    for source in wish.sources:
        crawl.must_exist(source)
    now = utc_now()
    begun = Run(id=RunId(f"{now:%Y%m%d-%H%M%S}-{uuid4().hex[:4]}"), started_at=now)
    history.begin(begun)
    one = _Pass(config, wish, history, listener)
    history.finish(asyncio.run(one.go(begun, open_doors)))
    if (record := history.load(begun.id)) is not None:
        baselines.note(history, record)
    if config.store.keep is not None:
        history.purge(now - config.store.keep)
    return begun.id


def report_of(history: History, run_id: RunId) -> Report:
    """Return the report of a stored run; raises SetUpError when history has no such run."""
    record = history.load(run_id)
    if record is None:
        known = ", ".join(run.id for run in history.runs(most=5))
        raise ConfigError(f"History holds no run “{run_id}”; the newest are: {known or 'none'}.")
    providers = find()
    before = history.previous_valid(run_id)
    earlier = history.load(before) if before is not None else None
    return build(
        record,
        findings(record, providers),
        findings(earlier, providers) if earlier is not None else None,
        earlier.run if earlier is not None else None,
    )


class _Pass:
    """One run, while it lasts."""

    def __init__(self, config: Config, wish: Wish, history: History, listener: Listener) -> None:
        self._config = config
        self._wish = wish
        self._history = history
        self._listener = listener
        self._gathered = Gathered()
        self._observed: list[datetime] = []
        self._broken = 0
        self._certificates: dict[str, bool] = {}
        self._sights: dict[str, Sight] = {}
        self._refused: Callable[[], Mapping[tuple[str, str], Failure]] = dict

    async def go(self, run: Run, open_doors: OpenDoors) -> Run:
        """Do the steps, and return the run as it ended."""
        async with open_doors(self._config, self._history.validators()) as doors:
            lookout = Lookout(self._config.sentinels, doors.fetch, doors.now)
            steps = asyncio.create_task(self._steps(run, doors, lookout))
            with ended_early(steps, self._config.limits.run_budget) as ended:
                with suppress(asyncio.CancelledError):
                    await steps
                stopped = ended()
        return replace(
            run,
            finished_at=utc_now(),
            invalid_reason=self._doubt(lookout, stopped=stopped),
            trusted_until=trusted_until(lookout.watches),
            stopped=stopped,
            notes=refusals(self._refused(), find(), self._config.key_words()),
        )

    def _doubt(self, lookout: Lookout, *, stopped: bool) -> str | None:
        """Return why the run is not to be believed, or None when it is."""
        why = doubt(lookout.watches, self._observed)
        why = why or tls_doubt(self._certificates, ours=lookout.tls_works)
        if trusted_until(lookout.watches) is None:  # else it is known when the network was lost
            why = why or sites_doubt(self._sights)
        if why is None and not stopped and not self._broken:
            pages = self._gathered.pages
            if not any(page.read for page in pages):
                notes = "; ".join(f"{p.page.name}: {' '.join(p.page.notes)}" for p in pages)
                why = f"no page could be read: {notes or 'the sources hold none'}"
        return why

    async def _steps(self, run: Run, doors: Doors, lookout: Lookout) -> None:
        await lookout.look()
        if lookout.is_online():
            async with lookout.watching():
                await self._check(run, doors)
            await lookout.look()
            if self._certificates and not any(self._certificates.values()):
                await lookout.look_by_tls()

    async def _check(self, run: Run, doors: Doors) -> None:
        providers = find()

        def found(page: PageLinks) -> None:
            self._history.add_page(run.id, page.page, page.references, page.skipped, page.resources)
            self._listener.page_read(page)

        async def deliver(checked: Checked) -> None:
            self._heed(checked)
            await self._history.record(run.id, checked)
            self._listener.checked(checked.observation)

        memory = self._memory(doors.now())  # before the pages' own needs are written down
        self._gathered = await gather(self._config, self._wish, providers, doors, found)
        check = Check(
            providers,
            doors,
            deliver,
            refine=refining(self._config, doors.now),
            memory=memory,
            per_host=self._config.network.per_host,
        )
        self._refused = lambda: check.refused
        self._listener.checking(lambda: check.progress)
        await check.run(self._gathered.links_by_resource(), self._gathered.links_by_page())

    def _answers(self, id_: ResourceId) -> Sequence[Answer]:
        known = self._history.evidence(id_)
        return known[1] if known is not None else ()

    def _memory(self, now: datetime) -> Memory:
        """Return what earlier runs know that this one need not, or may not, ask."""
        fresh_for = self._config.limits.fresh_for
        return Memory(
            fresh=self._history.recent(now - fresh_for) if fresh_for else {},
            answers=self._answers,
            refused=self._history.refusals(now),
        )

    def _heed(self, checked: Checked) -> None:
        """Note what speaks for and against our own network."""
        if checked.answers:  # else it was known beforehand
            self._observed.append(checked.observation.at)
        self._broken += checked.observation.verdict.status is Status.BROKEN
        invalid = checked.observation.verdict.reason is Reason.TLS_INVALID
        for exchange in checked.exchanges:
            parts = split(exchange.url)
            answered = isinstance(exchange.said, Response)
            seen = sight(exchange)
            self._sights[parts.origin] = max(seen, self._sights.get(parts.origin, seen))
            if parts.scheme == "https" and (answered or invalid):
                good = answered or self._certificates.get(parts.host, False)
                self._certificates[parts.host] = good


@contextmanager
def ended_early(
    steps: asyncio.Task[None], budget: timedelta | None
) -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C, SIGTERM and the end of the budget cancel a task.

    The value lent tells whether one of them did.
    """
    came: list[str] = []

    def end(what: str) -> None:
        came.append(what)
        steps.cancel()

    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for each in signals:
        loop.add_signal_handler(each, end, each.name)
    timer = loop.call_later(budget.total_seconds(), end, "budget") if budget else None
    try:
        yield lambda: bool(came)
    finally:
        for each in signals:
            loop.remove_signal_handler(each)
        if timer is not None:
            timer.cancel()

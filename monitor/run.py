"""One run, top to bottom: the only file that knows the order of the steps.

sources → pages → links → resources → answers → verdicts → observations → history.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import uuid4

from monitor import baselines, crawl
from monitor.agenda import agenda, reached
from monitor.alone import Turn
from monitor.check import Check, Progress
from monitor.config import Config
from monitor.core.conclusion import Conclusion, Known, conclude, digests
from monitor.core.findings import findings
from monitor.core.first_looks import first_looks, lookable, looking
from monitor.core.identify import provider_named
from monitor.core.incidents import Keys
from monitor.core.model import Link, Observation, Record, Resource, ResourceId, Run, RunId
from monitor.core.ports import Failure, Response
from monitor.core.provider import Answer, Checked
from monitor.core.reasons import Reason, Status
from monitor.core.refused_keys import taken
from monitor.core.urls import split
from monitor.core.validity import (
    DOUBTFUL_SITES,
    Sight,
    clock_doubt,
    doubt,
    seen_before,
    sight,
    sites_doubt,
    tls_doubt,
    trusted_until,
)
from monitor.doors import Doors, opened, utc_now
from monitor.gather import Gathered, PageLinks, Wish, gather
from monitor.memory import Memory
from monitor.net.validators import Validators
from monitor.providers import find
from monitor.refining import refining
from monitor.report.refusals import refusals, refused_keys
from monitor.store.history import History
from monitor.telling import tell
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

    def issues_written(self, repository: str, changes: int) -> None:
        """Hear that so many changes were written to the issues of a repository."""


def run(
    config: Config,
    wish: Wish,
    history: History,
    listener: Listener,
    open_doors: OpenDoors = opened,
    clock: Callable[[], datetime] = utc_now,
    turn: Turn | None = None,
) -> RunId:
    """Check all sources once, tell people, and return the run's id; history holds all of it.

    Ctrl-C, SIGTERM, the end of `limits.run_budget` and the loss of our `turn` end it early: what
    was finished stays and counts; what is older than `store.keep` is forgotten. `open_doors` is
    how the network is reached, `clock` tells the time. Raises SourceError before anything is
    begun where a local source is not there.
    """
    for source in wish.sources:
        crawl.must_exist(source)
    now = clock()
    begun = Run(id=RunId(f"{now:%Y%m%d-%H%M%S}-{uuid4().hex[:4]}"), started_at=now)
    history.begin(begun)
    one = _Pass(config, wish, history, listener, clock, turn)
    with _heeding_signals():
        ended = asyncio.run(one.go(begun, open_doors))
        baselines.note(history, _concluded(config, history, ended, one.keys()))
    tell(config, history, ended, clock, listener.issues_written)
    if config.store.keep is not None:
        history.purge(now - config.store.keep)
    if config.store.keep_evidence is not None:
        history.drop_evidence(now - config.store.keep_evidence)
    return begun.id


def _concluded(config: Config, history: History, ended: Run, keys: Keys) -> Record:
    """Write how a run ended and what it comes to, and return it as history holds it."""
    history.settle()
    stored = history.load(ended.id)
    assert stored is not None  # noqa: S101 - it was begun
    record = replace(stored, run=ended)
    providers = find()
    found = findings(record, providers)
    rules = config.state_rules()

    def decide(known: Known) -> Conclusion:
        return conclude(known, record, found, providers, rules, keys)

    history.conclude(ended, decide, digests(record, found, rules))
    return record


class _Pass:
    """One run, while it lasts."""

    def __init__(
        self,
        config: Config,
        wish: Wish,
        history: History,
        listener: Listener,
        clock: Callable[[], datetime],
        turn: Turn | None,
    ) -> None:
        self._turn = turn
        self._config = config
        self._wish = wish
        self._history = history
        self._listener = listener
        self._clock = clock
        self._gathered = Gathered()
        self._observed: list[datetime] = []
        self._broken = 0
        self._certificates: dict[str, bool] = {}
        self._sights: dict[str, Sight] = {}
        self._refused: Callable[[], Mapping[tuple[str, str], Failure]] = dict
        self._taken: set[str] = set()

    async def go(self, run: Run, open_doors: OpenDoors) -> Run:
        """Do the steps, and return the run as it ended."""
        ticked = _elapsed()
        async with open_doors(self._config, self._history.validators()) as doors:
            lookout = Lookout(self._config.sentinels, doors.fetch, doors.now)
            steps = asyncio.create_task(self._steps(run, doors, lookout))
            with ended_early(steps, self._config.limits.run_budget, self._turn) as ended:
                with suppress(asyncio.CancelledError):
                    await steps
                stopped = ended()
        finished = self._clock()
        jumped = (finished - run.started_at) - (_elapsed() - ticked)
        return replace(
            run,
            finished_at=finished,
            invalid_reason=self._doubt(run, lookout, jumped, stopped=stopped),
            trusted_until=trusted_until(lookout.watches),
            stopped=stopped,
            sources=() if stopped else self._gathered.sources_read_whole(self._wish),
            notes=refusals(self._refused(), find(), self._config.key_words()),
        )

    def keys(self) -> Keys:
        """Return the keys that the run had, and how services took them."""
        had = self._config.key_words()
        return Keys(
            had=frozenset(had),
            taken=frozenset(self._taken),
            refused=refused_keys(self._refused(), find(), had),
        )

    def _doubt(self, run: Run, lookout: Lookout, jumped: timedelta, *, stopped: bool) -> str | None:
        """Return why the run is not to be believed, or None when it is."""
        why = doubt(lookout.watches, self._observed) or clock_doubt(lookout.watches, jumped)
        why = why or tls_doubt(self._certificates, ours=lookout.tls_works)
        if trusted_until(lookout.watches) is None:  # else it is known when the network was lost
            why = why or self._sites_doubt(run)
        if why is None and not stopped and not self._broken:
            pages = self._gathered.pages
            if not any(page.read for page in pages):
                notes = "; ".join(f"{p.page.name}: {' '.join(p.page.notes)}" for p in pages)
                why = f"no page could be read: {notes or 'the sources hold none'}"
        return why

    def _sites_doubt(self, run: Run) -> str | None:
        """Return why the sites that failed point to us, by how earlier runs saw them."""
        if sum(each is not Sight.SEEN for each in self._sights.values()) < DOUBTFUL_SITES:
            return None  # so few are never doubted
        ended = (one for one in self._history.runs() if one.id != run.id and one.finished_at)
        loaded = ((one, self._history.load(one.id) if one.valid else None) for one in ended)
        seen = seen_before(run, loaded, whole=self._wish.configured)
        return sites_doubt(self._sights, seen.sights, lasting=seen.lasting)

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
        await check.run(self._linked(memory, doors), self._gathered.links_by_page())

    def _linked(self, memory: Memory, doors: Doors) -> Sequence[tuple[Resource, Sequence[Link]]]:
        """Return the resources with their links, those to be looked at with that need."""
        linked = self._gathered.links_by_resource()
        asked = (resource for resource, _ in linked if memory.known(resource) is None)
        can = lookable(asked, find(), doors.keys)
        accepted, states = self._history.accepted(can.keys()), self._history.states(can.keys())
        needs = first_looks(can, accepted, states, doors.now().date())
        return [(looking(resource, needs), links) for resource, links in linked]

    def _answers(self, id_: ResourceId) -> Sequence[Answer]:
        known = self._history.evidence(id_)
        return known[1] if known is not None else ()

    def _memory(self, now: datetime) -> Memory:
        """Return what earlier runs know that this one need not, or may not, ask."""
        if self._wish.due:
            fresh = agenda(self._config, self._history, now).fresh(find())
        else:
            fresh = self._fresh(now, self._config.limits.fresh_for)
        return Memory(
            fresh=fresh,
            answers=self._answers,
            refused=self._history.refusals(now),
        )

    def _fresh(self, now: datetime, fresh_for: timedelta) -> Mapping[ResourceId, Observation]:
        """Return what is fresh enough, but for what somebody wished to be asked again."""
        if not fresh_for:
            return {}
        recent = self._history.recent(now - fresh_for)
        wished = reached(self._history.rechecks(), recent, find())
        return {id_: seen for id_, seen in recent.items() if id_ not in wished}

    def _heed(self, checked: Checked) -> None:
        """Note what speaks for and against our own network."""
        if checked.answers:  # else it was known beforehand
            self._observed.append(checked.observation.at)
            self._taken |= taken(
                provider_named(checked.observation.resource.provider, find()), checked
            )
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


def _elapsed() -> timedelta:
    """Return the time since the machine was started, its sleep too where that can be told."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(seconds=time.clock_gettime(clock))


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What ends a run early."""


@contextmanager
def _heeding_signals() -> Iterator[None]:
    """See to it that signals do again what they did before, once the block has ended."""
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, did in before.items():
            signal.signal(each, did)


@contextmanager
def ended_early(
    steps: asyncio.Task[None], budget: timedelta | None, turn: Turn | None = None
) -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C, SIGTERM, the end of the budget and the loss of our turn cancel a task.

    The value lent tells whether one of them did.
    """
    came: list[str] = []

    def end(what: str) -> None:
        came.append(what)
        steps.cancel()

    loop = asyncio.get_running_loop()
    for each in _SIGNALS:
        loop.add_signal_handler(each, end, each.name)
    timer = loop.call_later(budget.total_seconds(), end, "budget") if budget else None
    if turn is not None:
        turn.when_lost(partial(loop.call_soon_threadsafe, end, "turn"))
    try:
        yield lambda: bool(came)
    finally:
        if turn is not None:
            turn.when_lost(None)
        for each in _SIGNALS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_IGN)  # what was found is yet to be written
        if timer is not None:
            timer.cancel()

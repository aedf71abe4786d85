"""The daemon itself: it wakes up, starts one run at a time, and tells how it is.

It keeps nothing but its configuration. What is due is known by history, and worked out by the
run: so it may be killed and started again at any time, and share its history with others.
"""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import (  # type: ignore[import-untyped]
    AsyncIOScheduler,
)

from monitor.core.errors import SetUpError
from monitor.core.recurrence import pace
from monitor.daemon.child import Child, Ended
from monitor.daemon.log import Library, Log
from monitor.daemon.process import process
from monitor.daemon.status import GOOD, Status, metrics
from monitor.daemon.surroundings import Accepted, Clock, Surroundings
from monitor.daemon.times import times_of
from monitor.net.service_manager import ServiceManager

if TYPE_CHECKING:
    from monitor.net.status_server import Answer

JUMP = timedelta(seconds=30)
"""What the wall's clock may gain or lose between two looks; more is a jump, or we slept."""

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True)
class _Run:
    """The run that goes on."""

    child: Child | None = None
    asked_to_end: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Daemon:
    """Runs checks when they are due, until it is told to stop."""

    def __init__(
        self,
        path: Path | None,
        read: Callable[[], Accepted],
        log: Log,
        world: Surroundings,
        version: str,
    ) -> None:
        self._path = path
        self._read = read
        self._accepted = read()
        self._log = log
        self._world = world
        self._manager = ServiceManager(world.environment, os.getpid())
        self._status = Status(version=version, started_at=world.now(), good_at=world.ticks())
        self._clock = Clock(world.now(), world.ticks())
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._wanted = asyncio.Event()
        self._why = "start"
        self._stop = asyncio.Event()
        self._run: _Run | None = None
        self.address: tuple[str, int] | None = None
        """Where it can be asked how it is."""

    @property
    def status(self) -> Status:
        """Return how it is now."""
        self._status.dropped = self._log.dropped
        times = [job.next_run_time for job in self._scheduler.get_jobs()]
        self._status.next_at = min((each for each in times if each), default=None)
        return self._status

    async def live(self) -> None:
        """Run checks until a signal comes; what goes on then ends within half a minute.

        Raises ConfigError where it cannot listen as it should.
        """
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._unexpected)
        logging.getLogger("apscheduler").addHandler(Library(self._log))
        async with AsyncExitStack() as stack:
            if (listen := self._accepted.config.daemon.listen) is not None:
                from monitor.net.status_server import serving

                pages = {"/healthz": self._healthz, "/metrics": self._metrics}
                self.address = await stack.enter_async_context(serving(listen, pages))
            for each in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(each, self._told_to_stop, each.name)
            loop.add_signal_handler(signal.SIGHUP, self._reload)
            self._scheduler.start()
            self._plan()
            listens = "{}:{}".format(*self.address) if self.address is not None else None
            self._log.say("started", pid=os.getpid(), next_at=self.status.next_at, listens=listens)
            self._manager.tell("READY=1", "STATUS=Waiting.")
            self._want("start")  # whatever was missed while nobody was here
            work = asyncio.create_task(self._work())
            others = [asyncio.create_task(self._watch_clock())]
            if self._manager.watchdog is not None:
                others.append(asyncio.create_task(self._feed_watchdog(self._manager.watchdog)))
            stop = asyncio.create_task(self._stop.wait())
            await asyncio.wait([stop, work, *others], return_when=asyncio.FIRST_COMPLETED)
            self._stop.set()
            self._scheduler.shutdown(wait=False)
            await self._drain(work)
            for task in (*others, stop):
                task.cancel()
            await asyncio.gather(*others, stop, return_exceptions=True)
            if not work.cancelled():
                work.result()
        self._log.say("stopped")

    # --- runs ---

    def _want(self, why: str) -> None:
        """Let a run begin; one that goes on is enough, for what it leaves will be due again."""
        if self._run is not None:
            self._log.say("skipped", why=why, because="a run goes on")
            return
        self._why = why
        self._wanted.set()

    async def _work(self) -> None:
        while not self._stop.is_set():
            await self._wanted.wait()
            self._wanted.clear()
            await self._one_run(self._why)

    async def _one_run(self, why: str) -> None:
        status, world = self._status, self._world
        accepted, run = self._accepted, _Run()
        began = status.running_since = world.ticks()
        self._run = run
        self._manager.tell("STATUS=Checking.")

        def started(child: Child) -> None:
            run.child = child
            self._log.say("run-started", pid=child.pid, why=why)
            self._end_later(run, accepted.config.daemon.longest_run, accepted.config.daemon.drain)
            if self._stop.is_set():
                child.ask_to_end()

        try:
            ended = await world.start(
                self._path,
                accepted.text,
                world.environment,
                started=started,
                said=lambda line: self._log.say("run-said", line=line),
            )
        except OSError as error:  # no more processes, no memory
            ended = Ended(code=-1)
            self._log.warning("run-not-started", because=str(error))
        finally:
            self._run, status.running_since = None, None
            for timer in run.timers:
                timer.cancel()
        status.took = timedelta(seconds=world.ticks() - began)
        self._note(ended)

    def _end_later(self, run: _Run, longest: timedelta, drain: timedelta) -> None:
        """See to it that a run that does not end is ended."""
        loop, child = asyncio.get_running_loop(), run.child
        assert child is not None  # noqa: S101 - it was just started
        after = longest.total_seconds()
        run.timers.append(loop.call_later(after, child.ask_to_end))
        run.timers.append(loop.call_later(after + drain.total_seconds(), child.kill))

    def _note(self, ended: Ended) -> None:
        status, outcome = self._status, ended.outcome
        status.outcomes[outcome] += 1
        status.ended_at = self._world.now()
        if outcome in GOOD:
            status.good_at = self._world.ticks()
        if outcome in {"done", "idle"}:
            status.succeeded_at = status.ended_at
        links = ended.told.get("links")
        if outcome in {"done", "stopped"} and isinstance(links, dict):
            status.links = {str(k): int(v) for k, v in links.items()}
            status.pages = ended.told.get("pages")
        say = self._log.say if outcome in GOOD else self._log.warning
        took = round(status.took.total_seconds(), 3) if status.took is not None else None
        told = {k: v for k, v in ended.told.items() if k in {"run", "links", "next_at"}}
        say("run-ended", outcome=outcome, code=ended.code, took=took, **told)
        self._manager.tell(f"STATUS=Waiting. The last run: {outcome}.")

    async def _drain(self, work: "asyncio.Task[None]") -> None:
        """Let a run that goes on end early; after a while make it end."""
        run, patience = self._run, self._accepted.config.daemon.drain.total_seconds()
        if run is None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            return
        self._log.say("draining")
        if run.child is not None:
            run.child.ask_to_end()
        self._wanted.set()  # the worker looks whether to stop
        _, late = await asyncio.wait([work], timeout=patience)
        if late:
            self._log.warning("run-killed", because=f"it did not end within {patience:g} s")
            if self._run is not None and self._run.child is not None:
                self._run.child.kill()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    # --- times ---

    def _plan(self) -> None:
        """Tell the scheduler when to wake us, by the configuration that holds now."""
        config = self._accepted.config
        self._scheduler.remove_all_jobs()
        sources = [source.label for source in config.sources]
        for why, times in times_of(
            config.schedule, sources, f"{gethostname()} {self._path}"
        ).items():
            self._scheduler.add_job(
                self._wake,
                times,
                args=(why,),
                id=why,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
            )

    async def _wake(self, why: str) -> None:
        self._want(why)

    async def _watch_clock(self) -> None:
        """Plan anew where the clock was set, or the machine slept; and look what was missed."""
        while True:
            await asyncio.sleep(self._world.tick.total_seconds())
            by = self._clock.jumped(self._world.now(), self._world.ticks())
            if abs(by) > JUMP:
                self._log.warning("clock-jumped", seconds=round(by.total_seconds(), 1))
                self._plan()
                self._want("the clock jumped")

    async def _feed_watchdog(self, within: timedelta) -> None:
        while True:
            self._manager.tell("WATCHDOG=1")
            await asyncio.sleep(within.total_seconds() / 3)

    # --- what it is told, and asked ---

    def _told_to_stop(self, by: str) -> None:
        if self._stop.is_set():  # told twice: now
            if self._run is not None and self._run.child is not None:
                self._run.child.kill()
            return
        self._log.say("stopping", by=by)
        self._manager.tell("STOPPING=1", "STATUS=Ending the run that goes on.")
        self._stop.set()

    def _reload(self) -> None:
        """Take the configuration as it is now; where it is wrong, keep the one that holds."""
        self._manager.tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        before = self._accepted.config.daemon.listen
        try:
            self._accepted = self._read()
        except SetUpError as error:
            self._status.reloads["refused"] += 1
            self._status.reloaded_well = False
            self._log.warning("reload-refused", because=str(error))
        else:
            self._status.reloads["done"] += 1
            self._status.reloaded_well = True
            self._plan()
            self._log.say("reloaded", next_at=self.status.next_at)
            if self._accepted.config.daemon.listen != before:
                self._log.warning("restart-needed", because="daemon.listen was changed")
            self._want("reload")
        self._manager.tell("READY=1", "STATUS=Waiting.")

    def _healthz(self) -> "Answer":
        from monitor.net.status_server import Answer

        wrong = self._wrong()
        return Answer(body="well\n") if wrong is None else Answer(status=503, body=f"{wrong}\n")

    def _metrics(self) -> "Answer":
        from monitor.net.status_server import Answer

        said = metrics(self.status, process(), healthy=self._wrong() is None)
        return Answer(body=said, kind=PROMETHEUS)

    def _wrong(self) -> str | None:
        config = self._accepted.config
        sources = [config.schedule.of(source.label) for source in config.sources]
        often = max(config.schedule.rechecks, *map(pace, sources))
        longest = config.daemon.longest_run + config.daemon.drain
        return self._status.health(self._world.ticks(), often, longest)

    def _unexpected(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        says = str(context.get("exception") or context.get("message"))
        self._log.warning("unexpected", says=says)

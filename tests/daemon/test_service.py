"""The daemon with runs that do as they are told: signals, overlaps, clocks, reloads."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.config import load
from monitor.core.errors import ConfigError
from monitor.daemon.child import Ended
from monitor.daemon.log import Log
from monitor.daemon.service import Daemon
from monitor.daemon.surroundings import Accepted, Surroundings

LONG = 20
DONE = Ended(code=1, told={"run": "r", "valid": True, "links": {"ok": 3, "broken": 1}, "pages": 2})
IDLE = Ended(code=0, told={"due": False, "next_at": "2026-11-26T03:17:00+00:00"})
RARELY = "sources: page.md\nschedule: {when: 9d, rechecks: 8d}\n"
OFTEN = "sources: page.md\nschedule: {when: 1s, rechecks: 1s, jitter: 0s}\n"


class Run:
    """A run that goes on until it is let go, asked to end, or killed."""

    def __init__(self, text: str, *, stubborn: bool = False) -> None:
        self.text = text
        self.pid = 4711
        self.over = asyncio.get_running_loop().create_future()
        self.asked = self.killed = False
        self.stubborn = stubborn

    def ends(self, ended: Ended = DONE) -> None:
        if not self.over.done():
            self.over.set_result(ended)

    def ask_to_end(self) -> None:
        self.asked = True
        if not self.stubborn:
            self.ends(Ended(code=1, told={"valid": True, "stopped": True}))

    def kill(self) -> None:
        self.killed = True
        self.ends(Ended(code=-9))


class Watched:
    """A daemon in this very process, and all that it did."""

    def __init__(self, folder: Path, text: str, **environment: str) -> None:
        self.file = folder / "config.yaml"
        self.file.write_text(text)
        self.runs: list[Run] = []
        self.stubborn = False
        self.broken: OSError | None = None
        self.lines: list[bytes] = []
        self.log = Log(self.lines.append)
        self.off_by = timedelta(0)
        world = Surroundings(
            environment=environment,
            now=lambda: datetime.now(UTC) + self.off_by,
            start=self._start,
            tick=timedelta(milliseconds=5),
        )
        self.daemon = Daemon(self.file, self._read, self.log, world, "0.1.0")

    def _read(self) -> Accepted:
        text = self.file.read_text()
        return Accepted(config=load(self.file, {}, text), text=text)

    async def _start(self, _config, text, _environment, *, started, said) -> Ended:
        if self.broken is not None:
            raise self.broken
        run = Run(text, stubborn=self.stubborn)
        self.runs.append(run)
        started(run)
        said("page.md: 7 links")
        return await run.over

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in list(self.lines)]

    def said(self, event: str) -> list[dict]:
        return [each for each in self.events if each["event"] == event]

    async def until(self, what: Callable[[], object]) -> None:
        async with asyncio.timeout(LONG):
            while not what():  # noqa: ASYNC110 - of many things that happen
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def living(self):
        task = asyncio.create_task(self.daemon.live())
        try:
            await self.until(lambda: self.said("started") or task.done())
            if task.done():
                task.result()
            yield self
        finally:
            if not task.done():
                for run in self.runs:
                    run.stubborn = False
                os.kill(os.getpid(), signal.SIGTERM)
            with suppress(ConfigError):
                await asyncio.wait_for(task, LONG)
            self.log.close()


@pytest.fixture
def watch(tmp_path) -> Callable[..., Watched]:
    (tmp_path / "page.md").write_text("")
    return lambda text=RARELY, **environment: Watched(tmp_path, text, **environment)


async def test_what_was_missed_is_looked_after_at_once(watch):
    async with watch().living() as it:
        await it.until(lambda: it.runs)
        assert it.runs[0].text == RARELY
        it.runs[0].ends()
        await it.until(lambda: it.said("run-ended"))

        [ended] = it.said("run-ended")
        assert (ended["outcome"], ended["links"]) == ("done", {"ok": 3, "broken": 1})
        assert it.said("run-said")[0]["line"] == "page.md: 7 links"
        assert it.daemon.status.links == {"ok": 3, "broken": 1}
    assert it.said("stopped")


async def test_runs_begin_again_and_again_and_never_two_at_once(watch):
    async with watch(OFTEN).living() as it:
        await it.until(lambda: it.said("skipped"))
        assert len(it.runs) == 1
        it.runs[0].ends(IDLE)
        await it.until(lambda: len(it.runs) == 2)
        assert it.daemon.status.outcomes == {"idle": 1}


async def test_told_to_stop_it_lets_the_run_end_early(watch):
    async with watch().living() as it:
        await it.until(lambda: it.runs)
        os.kill(os.getpid(), signal.SIGTERM)
        await it.until(lambda: it.said("stopped"))

    assert (it.runs[0].asked, it.runs[0].killed) == (True, False)
    assert [each["event"] for each in it.events][-4:] == [
        "stopping", "draining", "run-ended", "stopped",
    ]  # fmt: skip
    assert it.said("run-ended")[0]["outcome"] == "stopped"


async def test_a_run_that_does_not_end_is_killed(watch):
    it = watch(RARELY + "daemon: {drain: 1s}\n")
    it.stubborn = True
    async with it.living():
        await it.until(lambda: it.runs)
        os.kill(os.getpid(), signal.SIGINT)
        await it.until(lambda: it.said("stopped"))

    assert (it.runs[0].asked, it.runs[0].killed) == (True, True)
    assert it.said("run-killed")


async def test_told_twice_it_does_not_wait(watch):
    it = watch()
    it.stubborn = True
    async with it.living():
        await it.until(lambda: it.runs)
        os.kill(os.getpid(), signal.SIGTERM)
        await it.until(lambda: it.said("draining"))
        os.kill(os.getpid(), signal.SIGTERM)
        await it.until(lambda: it.said("stopped"))

    assert it.runs[0].killed


async def test_a_run_that_takes_too_long_is_ended(watch):
    it = watch(RARELY + "daemon: {drain: 1s, longest_run: 1s}\n")
    it.stubborn = True
    async with it.living():
        await it.until(lambda: it.said("run-ended"))

        assert (it.runs[0].asked, it.runs[0].killed) == (True, True)
        assert it.said("run-ended")[0]["outcome"] == "killed"


async def test_a_new_configuration_is_taken_and_looked_after(watch):
    async with watch().living() as it:
        await it.until(lambda: it.runs)
        it.runs[0].ends(IDLE)
        await it.until(lambda: it.said("run-ended"))
        it.file.write_text(OFTEN)

        os.kill(os.getpid(), signal.SIGHUP)

        await it.until(lambda: len(it.runs) == 2)
        assert it.runs[1].text == OFTEN
        assert it.daemon.status.reloads == {"done": 1}


async def test_a_wrong_configuration_is_refused_and_the_old_one_holds(watch):
    async with watch(OFTEN).living() as it:
        await it.until(lambda: it.runs)
        it.file.write_text("sources: [page.md\nschedule: never\n")

        os.kill(os.getpid(), signal.SIGHUP)

        await it.until(lambda: it.said("reload-refused"))
        assert "config.yaml" in it.said("reload-refused")[0]["because"]
        assert not it.daemon.status.reloaded_well
        it.runs[0].ends(IDLE)
        await it.until(lambda: len(it.runs) == 2)
        assert it.runs[1].text == OFTEN


async def test_a_configuration_that_is_gone_is_refused_too(watch):
    async with watch().living() as it:
        it.file.unlink()
        it.daemon._read = lambda: (_ for _ in ()).throw(ConfigError("config.yaml does not exist"))
        os.kill(os.getpid(), signal.SIGHUP)
        await it.until(lambda: it.said("reload-refused"))


@pytest.mark.parametrize("by", [timedelta(hours=1), -timedelta(hours=1)])
async def test_a_clock_that_is_set_is_noticed(watch, by):
    async with watch().living() as it:
        await it.until(lambda: it.runs)
        it.runs[0].ends(IDLE)
        await it.until(lambda: it.said("run-ended"))

        it.off_by = by

        await it.until(lambda: len(it.runs) == 2)
        [jumped] = it.said("clock-jumped")
        assert abs(jumped["seconds"] - by.total_seconds()) < LONG
        it.runs[1].ends(IDLE)


async def test_a_run_that_cannot_be_started_is_tried_again(watch):
    it = watch(OFTEN)
    it.broken = OSError(11, "Resource temporarily unavailable")
    async with it.living():
        await it.until(lambda: it.said("run-not-started"))
        it.broken = None
        await it.until(lambda: it.runs)


async def asked(address: tuple[str, int], path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{address[0]}:{address[1]}{path}") as response,
    ):
        return response.status, await response.text()


async def test_it_tells_how_it_is(watch):
    async with watch(RARELY + f"daemon: {free_port()}\n").living() as it:
        await it.until(lambda: it.runs)
        it.runs[0].ends(DONE)
        await it.until(lambda: it.said("run-ended"))
        where = it.daemon.address

        assert await asked(where, "/healthz") == (200, "well\n")
        status, text = await asked(where, "/metrics")
        found = {each.name: each for each in text_string_to_metric_families(text)}
        assert status == 200
        assert found["linkwell_links"].samples[0].value == 3
        assert found["linkwell_runs"].type == "counter"
        assert (await asked(where, "/"))[0] == 404

        it.daemon._status.good_at -= timedelta(days=20).total_seconds()
        status, text = await asked(where, "/healthz")
        assert (status, text.startswith("no run came to its end")) == (503, True)


async def test_a_port_that_is_taken_is_told_at_the_start(watch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        it = watch(RARELY + f"daemon: {taken.getsockname()[1]}\n")
        with pytest.raises(ConfigError, match=r"daemon\.listen: .* cannot be had"):
            await it.daemon.live()
    it.log.close()


async def test_the_service_manager_hears_of_it(watch, tmp_path):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(LONG)
        it = watch(RARELY, NOTIFY_SOCKET=path, WATCHDOG_USEC="60000000")
        async with it.living():
            await it.until(lambda: it.runs)
            it.runs[0].ends(IDLE)
            await it.until(lambda: it.said("run-ended"))
            os.kill(os.getpid(), signal.SIGHUP)
            await it.until(lambda: it.said("reloaded"))
        heard = []
        manager.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                heard.append(manager.recv(4096).decode())

    firsts = [each.splitlines()[0] for each in heard]
    assert firsts[0] == "READY=1"
    assert "WATCHDOG=1" in firsts
    reloading = next(n for n, each in enumerate(heard) if each.startswith("RELOADING=1\nMONOTONIC"))
    assert firsts[reloading + 1] == "READY=1"
    assert "STOPPING=1" in firsts


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]

"""One thread writes: in order, soon, without blocking anybody, and never in silence."""

import asyncio
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.core.errors import HistoryError
from monitor.core.model import RunId
from monitor.store.history import History
from monitor.store.writer import MOST_WAITING
from tests.store.places import another_program_writes, broken_tables
from tests.store.samples import NOON, a_check, a_page, a_reference, a_run, ended

ROOT = Path(__file__).parents[2]
RUN = RunId("r1")
NO_TABLE = '(no such table: observations|relation "observations" does not exist)'


def check(n):
    return a_check(f"youtube:video:{n}")


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - another thread makes it true
            await asyncio.sleep(0)


async def record_without_end(history):
    async with asyncio.timeout(20):
        while True:
            await history.record(RUN, check(2))
            await asyncio.sleep(0)


def count(history):
    return len(history.load(RUN).observations)


async def test_what_is_recorded_is_soon_there_for_others_to_read(history, place):
    history.begin(a_run())
    with History.open(place, read_only=True) as reader:
        for n in range(3):
            await history.record(RUN, check(n))
            await until(lambda n=n: count(reader) == n + 1)


async def test_others_read_one_moment_while_we_write(history, place):
    history.begin(a_run())
    seen = []
    with History.open(place, read_only=True) as reader:
        for n in range(300):
            await history.record(RUN, check(n))
            if n % 20 == 0:
                seen.append(count(reader))
    history.finish(ended(a_run()))
    assert seen == sorted(seen)
    assert count(history) == 300


async def test_record_never_blocks_the_loop_and_the_queue_has_an_end(history, place):
    """While nothing can be written the loop runs on, and who records waits."""
    history.begin(a_run())
    total, beats = MOST_WAITING * 2, 0
    with another_program_writes(place):
        await history.record(RUN, check("first"))
        await until(lambda: history._writer.waiting == 0)  # the writer holds it, and waits
        tasks = [asyncio.create_task(history.record(RUN, check(n))) for n in range(total)]
        for _ in range(50):
            await asyncio.sleep(0)
            beats += 1
        assert history._writer.waiting == MOST_WAITING
        assert sum(task.done() for task in tasks) == MOST_WAITING
    await asyncio.gather(*tasks)
    history.finish(ended(a_run()))
    assert beats == 50
    assert count(history) == total + 1


async def test_who_waits_to_record_can_be_cancelled(history, place):
    history.begin(a_run())
    with another_program_writes(place):
        await history.record(RUN, check("first"))
        await until(lambda: history._writer.waiting == 0)
        tasks = [
            asyncio.create_task(history.record(RUN, check(n))) for n in range(MOST_WAITING + 5)
        ]
        await until(lambda: history._writer.waiting == MOST_WAITING)
        for task in tasks:
            task.cancel()
    assert {type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)} == {
        type(None),
        asyncio.CancelledError,
    }
    history.finish(ended(a_run()))
    assert count(history) == MOST_WAITING + 1


def test_a_loop_that_ended_while_somebody_waited_does_no_harm(history, place):
    async def fill():
        await history.record(RUN, check("first"))
        await until(lambda: history._writer.waiting == 0)
        tasks = [
            asyncio.create_task(history.record(RUN, check(n))) for n in range(MOST_WAITING + 5)
        ]
        await until(lambda: history._writer.waiting == MOST_WAITING)
        assert not tasks[-1].done()

    history.begin(a_run())
    with another_program_writes(place):
        asyncio.run(fill())
    history.finish(ended(a_run()))
    assert count(history) == MOST_WAITING + 1


async def test_what_was_recorded_before_is_written_before(history):
    history.begin(a_run())
    for n in range(50):
        await history.record(RUN, check(n))
    history.add_page(RUN, a_page(), (a_reference(),), ())
    assert count(history) == 50


async def test_closing_writes_what_waits(place):
    with History.open(place) as history:
        history.begin(a_run())
        for n in range(50):
            await history.record(RUN, check(n))
    with History.open(place) as history:
        assert count(history) == 50
        assert history.runs() == [a_run()]


async def test_checks_of_several_runs_may_come_mixed(history):
    for name in ("r1", "r2"):
        history.begin(a_run(name))
    for n in range(20):
        await history.record(RunId(f"r{1 + n % 2}"), check(n // 4))
    for name in ("r1", "r2"):
        history.finish(ended(a_run(name)))
        assert len(history.load(RunId(name)).observations) == 5


async def test_what_could_not_be_written_is_told_at_the_next_record(history, place):
    history.begin(a_run())
    with broken_tables(place):
        await history.record(RUN, check(1))
        with pytest.raises(HistoryError, match=f"cannot be used: {NO_TABLE}"):
            await record_without_end(history)
        with pytest.raises(HistoryError, match=NO_TABLE):
            history.finish(ended(a_run()))
    history.close()  # it has been told


async def test_what_could_not_be_written_is_told_at_the_end_of_the_run(history, place):
    history.begin(a_run())
    with broken_tables(place):
        await history.record(RUN, check(1))
        with pytest.raises(HistoryError, match=NO_TABLE):
            history.finish(ended(a_run()))


async def test_what_could_not_be_written_is_told_at_the_latest_at_closing(place):
    history = History.open(place)
    history.begin(a_run())
    with broken_tables(place):
        await history.record(RUN, check(1))
        with pytest.raises(HistoryError, match=NO_TABLE):
            history.close()


async def test_who_waits_while_the_writing_fails_is_told(history, place):
    history.begin(a_run())
    with broken_tables(place):
        with another_program_writes(place):
            await history.record(RUN, check("first"))
            await until(lambda: history._writer.waiting == 0)
            tasks = [
                asyncio.create_task(history.record(RUN, check(n))) for n in range(MOST_WAITING + 5)
            ]
            await until(lambda: history._writer.waiting == MOST_WAITING)
            page = asyncio.create_task(asyncio.to_thread(history.add_page, RUN, a_page(), (), ()))
            await until(lambda: history._writer.waiting == MOST_WAITING + 1)
        told = await asyncio.gather(*tasks, page, return_exceptions=True)
    assert [type(each) for each in told[-6:]] == [HistoryError] * 6


async def test_our_own_mistake_is_not_called_the_disks(history):
    history.begin(a_run())
    wrong = check(1)
    observation = replace(wrong.observation, at=NOON.replace(tzinfo=None))
    await history.record(RUN, replace(wrong, observation=observation))
    with pytest.raises(TypeError, match="names no time zone"):
        history.finish(ended(a_run()))


KILLED = """
import asyncio, sys
from monitor.store.history import History
from tests.store.places import another_program_writes, broken_tables
from tests.store.samples import a_check, a_page, a_reference, a_run

async def main():
    history = History.open(sys.argv[1])
    run = a_run()
    history.begin(run)
    for n in range(100):
        await history.record(run.id, a_check(f"youtube:video:{n}"))
    history.add_page(run.id, a_page(), (a_reference(),), ())
    print("kept", flush=True)
    for n in range(100, 10**9):
        await history.record(run.id, a_check(f"youtube:video:{n}"))

asyncio.run(main())
"""


def test_a_killed_run_leaves_what_it_had_finished(place):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(place)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout.readline() == "kept\n"
        child.send_signal(signal.SIGKILL)
    with History.open(place) as history:
        assert history.runs() == [a_run()]
        record = history.load(RUN)
        assert record.references == (a_reference(),)
        assert len(record.observations) >= 100
        names = {f"youtube:video:{n}" for n in range(len(record.observations))}
        assert set(record.observations) == names
        history.begin(a_run("r2", NOON))
        assert history.previous_valid(RunId("r2")) is None

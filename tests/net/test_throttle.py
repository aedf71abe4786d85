import asyncio

import pytest

from monitor.net.throttle import SWEEP_ABOVE, CoolingError, Throttle
from tests.net.loopback import Clock


def throttle(clock: Clock, **settings: float) -> Throttle:
    return Throttle(
        **{"per_host": 2, "starts_per_second": 10, "longest_wait": 30, **settings},
        clock=clock,
        sleep=clock.sleep,
    )


async def test_no_more_than_the_slots_are_held_at_once(clock: Clock) -> None:
    held, most = 0, 0

    async def visit() -> None:
        nonlocal held, most
        async with manners.slot("example.org"):
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1

    manners = throttle(clock)
    await asyncio.gather(*(visit() for _ in range(10)))
    assert most == 2


async def test_starts_come_at_once_up_to_the_slots_and_are_then_spread(clock: Clock) -> None:
    manners = throttle(clock)
    starts = []
    for _ in range(5):
        async with manners.slot("example.org"):
            starts.append(round(clock() - 1000, 3))
    assert starts == [0, 0, 0.1, 0.2, 0.3]


async def test_one_host_does_not_wait_for_another(clock: Clock) -> None:
    manners = throttle(clock, per_host=1)
    async with manners.slot("a.example"), manners.slot("b.example"):
        pass
    assert clock.slept == []


async def test_a_host_in_cool_off_is_left_alone_until_then(clock: Clock) -> None:
    manners = throttle(clock)
    manners.cool_off("example.org", 12)
    async with manners.slot("example.org"):
        assert clock() == 1012


async def test_a_shorter_cool_off_does_not_end_a_longer_one(clock: Clock) -> None:
    manners = throttle(clock)
    manners.cool_off("example.org", 12)
    manners.cool_off("example.org", 1)
    async with manners.slot("example.org"):
        assert clock() == 1012


async def test_a_cool_off_beyond_all_patience_is_told_at_once(clock: Clock) -> None:
    manners = throttle(clock)
    manners.cool_off("example.org", 3600)
    with pytest.raises(CoolingError) as told:
        async with manners.slot("example.org"):
            pytest.fail("the host was not left alone")
    assert told.value.seconds == 3600
    assert clock.slept == []


async def test_a_cancelled_wait_gives_its_slot_back_and_costs_no_start(clock: Clock) -> None:
    manners = throttle(clock, per_host=1)

    async def visit() -> None:
        async with manners.slot("example.org"):
            pass

    async with manners.slot("example.org"):
        waiting = asyncio.create_task(visit())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with manners.slot("example.org"):
        assert clock() == pytest.approx(1000.1)


async def test_idle_hosts_are_forgotten(clock: Clock) -> None:
    manners = throttle(clock)
    async with manners.slot("busy.example"):
        for number in range(3 * SWEEP_ABOVE):
            async with manners.slot(f"{number}.example"):
                clock.seconds += 1
        assert len(manners) <= SWEEP_ABOVE
        manners.cool_off("cooling.example", 10_000)
        for number in range(2 * SWEEP_ABOVE):
            async with manners.slot(f"{number}.example.org"):
                clock.seconds += 1
        with pytest.raises(CoolingError):
            async with manners.slot("cooling.example"):
                pass

"""Years of sightings: only what counts, resource by resource, and day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.conclusion import Conclusion
from monitor.core.days import Day
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason, Status
from monitor.core.states import PRESETS, Sighting, State, replay, step
from monitor.store.history import History
from tests.store.samples import DAY, LECTURE, NOON, a_check, a_run, an_exchange, ended, reasons

HOUR = timedelta(hours=1)
FIRST = ResourceId("web:https://a.test/")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
MARCH_1 = date(2026, 3, 1)


def took(milliseconds):
    """Return exchanges that took so long."""
    return tuple(
        an_exchange(f"e{n}-{each}", elapsed=timedelta(milliseconds=each))
        for n, each in enumerate(milliseconds)
    )


async def seen(history, name, *checks, **end):
    """Store a run with checks of the lecture, each a reason at an instant."""
    run = a_run(name)
    history.begin(run)
    for check in checks:
        await history.record(run.id, check)
    history.finish(ended(run, **end))
    return ended(run, **end)


async def test_sightings_come_resource_by_resource_and_oldest_first(history):
    await seen(history, "r2", a_check(at=NOON + DAY), a_check(FIRST, Reason.MOVED, NOON + DAY))
    await seen(history, "r1", a_check(reason=Reason.GONE, at=NOON))

    assert list(history.sightings()) == [
        (FIRST, [Sighting(NOON + DAY, Reason.MOVED)]),
        (LECTURE, [Sighting(NOON, Reason.GONE), Sighting(NOON + DAY, Reason.ALIVE)]),
    ]


@pytest.mark.parametrize(
    ("end", "counts"),
    [
        pytest.param({}, True, id="of a run that ended"),
        pytest.param({"stopped": True}, True, id="of a run that the user stopped"),
        pytest.param({"invalid_reason": "no network"}, False, id="not of one that is invalid"),
        pytest.param({"finished_at": None}, False, id="nor of one that was killed"),
        pytest.param({"trusted_until": NOON}, True, id="before the network was lost"),
        pytest.param(
            {"trusted_until": NOON - timedelta(microseconds=1)}, False, id="not after that"
        ),
    ],
)
async def test_what_counts(history, end, counts):
    history.finish(replace(await seen(history, "r1", a_check()), **end))

    assert list(history.sightings()) == ([(LECTURE, [(NOON, Reason.ALIVE)])] if counts else [])
    assert (LECTURE in history.days([LECTURE], MARCH_1, MARCH_1)) is counts


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, {LECTURE: 2, FIRST: 1}, id="all"),
        pytest.param({"until": NOON}, {LECTURE: 1, FIRST: 1}, id="up to an instant"),
        pytest.param({"until": NOON - HOUR}, {}, id="nothing was seen so early"),
        pytest.param({"ids": [FIRST]}, {FIRST: 1}, id="of one resource"),
        pytest.param({"ids": []}, {}, id="of none"),
        pytest.param({"ids": [LECTURE, LECTURE, "odd"], "until": NOON}, {LECTURE: 1}, id="twice"),
        pytest.param({"ids": [f"{n}" for n in range(999)] + [FIRST]}, {FIRST: 1}, id="of many"),
    ],
)
async def test_sightings_of(history, asked, found):
    await seen(history, "r1", a_check(), a_check(FIRST))
    await seen(history, "r2", a_check(at=NOON + DAY))

    assert {id_: len(some) for id_, some in history.sightings(**asked)} == found


async def test_the_reason_is_that_which_readers_met(history):
    run = await seen(history, "r1", a_check(), a_check(FIRST))
    met = Conclusion(met={LECTURE: Reason.PART_MISSING, FIRST: Reason.ALIVE})
    history.conclude(run, lambda _: met, {})

    assert dict(history.sightings()) == {
        LECTURE: [Sighting(NOON, Reason.PART_MISSING)],
        FIRST: [Sighting(NOON, Reason.ALIVE)],
    }
    [day] = history.days([LECTURE], MARCH_1, MARCH_1)[LECTURE]
    assert day.worst is Status.WARNING


async def test_what_is_not_read_to_its_end_can_be_closed(history):
    await seen(history, "r1", a_check(), a_check(FIRST))
    reading = history.sightings()
    next(reading)
    reading.close()
    assert history.purge(NOON + DAY) == 0


@pytest.mark.parametrize(
    ("checks", "day"),
    [
        pytest.param(
            [(Reason.ALIVE, 0, [100]), (Reason.GONE, 1, [300]), (Reason.ALIVE, 2, [200])],
            Day(
                day=MARCH_1,
                worst=Status.BROKEN,
                ok=2,
                broken=1,
                took=timedelta(milliseconds=200),
            ),
            id="the worst of a day, and the time that it mostly took",
        ),
        pytest.param(
            [(Reason.MOVED, 0, [100, 30])],
            Day(day=MARCH_1, worst=Status.WARNING, warning=1, took=timedelta(milliseconds=130)),
            id="the time of all its exchanges together",
        ),
        pytest.param(
            [(Reason.ALIVE, 0, []), (Reason.BLOCKED, 1, [])],
            Day(day=MARCH_1, worst=Status.OK, ok=1, unknown=1),
            id="what tells nothing is not worse than what works",
        ),
        pytest.param(
            [(Reason.OWN_QUOTA, 0, [])],
            Day(day=MARCH_1, worst=Status.UNKNOWN, unknown=1),
            id="a day that tells nothing",
        ),
    ],
)
async def test_a_day(history, checks, day):
    for reason, hours, times in checks:
        check = a_check(reason=reason, at=NOON + hours * HOUR, exchanges=took(times))
        await seen(history, f"r{hours}", check)

    assert history.days([LECTURE], MARCH_1, MARCH_1) == {LECTURE: [day]}


async def test_a_verdict_that_was_still_fresh_counts_once(history):
    """A later run that asks nothing tells it again, with the instant at which it was found."""
    await seen(history, "r1", a_check(exchanges=took([100])))
    await seen(history, "r2", a_check(reason=Reason.MOVED, exchanges=()))

    assert history.days([LECTURE], MARCH_1, MARCH_1) == {
        LECTURE: [
            Day(day=MARCH_1, worst=Status.WARNING, warning=1, took=timedelta(milliseconds=100))
        ]
    }


async def test_days_end_at_midnight_in_utc(history):
    last, first = MIDNIGHT - timedelta(microseconds=1), MIDNIGHT
    await seen(history, "r1", a_check(at=last))
    await seen(history, "r2", a_check(at=first), a_check(FIRST, at=first))
    march_2 = MARCH_1 + DAY

    both = history.days([LECTURE, FIRST], MARCH_1, march_2)
    assert {id_: [each.day for each in days] for id_, days in both.items()} == {
        LECTURE: [MARCH_1, march_2],
        FIRST: [march_2],
    }
    one = history.days([LECTURE], march_2, march_2)
    assert [each.day for each in one[LECTURE]] == [march_2]
    assert history.days([LECTURE], march_2 + DAY, march_2 + DAY) == {}
    assert history.days([], MARCH_1, march_2) == {}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 400), reasons), max_size=12))
async def test_folding_run_by_run_gives_what_replaying_gives(new_place, seen_at):
    """What conclude stores each night is what all stored sightings come to together."""
    policy = PRESETS["patient"]
    with History.open(new_place()) as history:
        for number, (hours, reason) in enumerate(sorted(seen_at)):
            at = NOON + hours * HOUR
            run = a_run(f"r{number}", at)
            history.begin(run)
            await history.record(run.id, a_check(reason=reason, at=at))

            def decide(known, at=at, reason=reason):
                before = known.states.get(LECTURE, State())
                return Conclusion(
                    states={LECTURE: step(before, Sighting(at, reason), policy)[0]},
                    policies={LECTURE: "p"},
                )

            history.conclude(ended(run), decide, {LECTURE: "p"})
        folded = history.states().get(LECTURE, State())
        stored = dict(history.sightings()).get(LECTURE, [])
    instants = [at for at, _ in stored]
    if len(set(instants)) == len(instants):
        assert replay(stored, policy)[0] == folded
    assert [each.at for each in stored] == sorted(NOON + hours * HOUR for hours, _ in seen_at)

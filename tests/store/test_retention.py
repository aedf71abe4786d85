"""What is forgotten and what stays: days for ever, evidence of the latest verdicts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.days import Day
from monitor.core.errors import HistoryError
from monitor.core.model import ExchangeId, ResourceId
from monitor.core.reasons import Reason, Status
from monitor.store.history import History
from tests.store.places import change
from tests.store.samples import (
    DAY,
    LECTURE,
    NOON,
    a_check,
    a_run,
    an_answer,
    an_exchange,
    ended,
    reasons,
)

HOUR = timedelta(hours=1)
OTHER = ResourceId("web:https://other.test/")
MARCH_1 = date(2026, 3, 1)
AGES = (date.min, date.max - timedelta(days=1))
NO_NETWORK = {"invalid_reason": "no network"}


async def seen(history, number, *checks, at=None, **end):
    """Store a run, by its number that of a day, whose checks have evidence of their own."""
    run = a_run(f"r{number}", at or NOON + number * DAY)
    history.begin(run)
    for check in checks:
        await history.record(run.id, check)
    history.finish(ended(run, **end))
    return run


def a_look(number, id_=LECTURE, reason=Reason.ALIVE, at=None, answered=True):
    name = f"e{number}-{id_}"
    return a_check(
        id_,
        reason,
        at=at or NOON + number * DAY,
        answers=(an_answer(f"p{number}", exchanges=(name,)),) if answered else (),
        exchanges=(an_exchange(name, elapsed=timedelta(milliseconds=100 + number)),)
        if answered
        else (),
    )


async def test_days_stay_when_what_they_are_made_of_is_forgotten(history):
    await seen(history, 0, a_look(0), a_look(0, OTHER, Reason.GONE))
    await seen(history, 1, a_look(1, reason=Reason.MOVED))
    await seen(history, 2, a_look(2))
    before = history.days([LECTURE, OTHER], *AGES)

    assert history.purge(NOON + 2 * DAY) == 2

    assert [run.id for run in history.runs()] == ["r2"]
    assert len(dict(history.sightings())[LECTURE]) == 1
    assert history.days([LECTURE, OTHER], *AGES) == before
    assert before[LECTURE][1] == Day(
        day=MARCH_1 + DAY,
        worst=Status.WARNING,
        warning=1,
        took=timedelta(milliseconds=101),
    )
    assert list(history.days([LECTURE], MARCH_1, MARCH_1)[LECTURE]) == before[LECTURE][:1]
    assert history.days([OTHER], MARCH_1 + DAY, MARCH_1 + 9 * DAY) == {}


async def test_a_day_is_forgotten_only_when_it_is_whole(history):
    """So that nothing of it can be seen later, and it is counted once."""
    at = datetime(2026, 3, 1, 23, 50, tzinfo=UTC)
    over_midnight = (a_look(0, at=at), a_look(1, OTHER, at=at + HOUR))
    await seen(history, 0, *over_midnight, at=at)
    await seen(history, 1, a_look(2, at=NOON + DAY))

    assert history.purge(datetime(2026, 3, 2, tzinfo=UTC)) == 0
    assert history.purge(datetime(2026, 3, 2, 23, tzinfo=UTC)) == 0
    assert history.purge(datetime(2026, 3, 3, tzinfo=UTC)) == 1


async def test_the_newest_run_that_counts_stays_and_its_days_are_counted_once(history):
    await seen(history, 0, a_look(0, reason=Reason.GONE), at=NOON)
    await seen(history, 1, a_look(1, at=NOON + HOUR), at=NOON + HOUR)
    before = history.days([LECTURE], *AGES)
    assert history.purge(NOON + 9 * DAY) == 1
    assert history.days([LECTURE], *AGES) == before

    await seen(history, 20, a_look(20, OTHER))
    assert history.purge(NOON + 9 * DAY) == 1
    assert history.days([LECTURE], *AGES) == before


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    looks=st.lists(st.tuples(st.integers(0, 200), reasons, st.booleans()), max_size=12),
    cuts=st.lists(st.integers(0, 240), max_size=3),
    data=st.data(),
)
async def test_days_are_the_same_however_often_and_whenever_is_forgotten(
    new_place, looks, cuts, data
):
    """Also those of runs over midnight, of verdicts that are told again, and of other runs."""
    with History.open(new_place()) as history:
        for number, (hours, reason, counts) in enumerate(looks):
            began = NOON + hours * HOUR
            at = began + data.draw(st.sampled_from([-20, 0, 13])) * HOUR
            end = {} if counts else NO_NETWORK
            look = a_look(number, reason=reason, at=at)
            await seen(history, f"{number:02}", look, at=began, **end)
        before = history.days([LECTURE], *AGES)
        for hours in cuts:
            history.purge(NOON + hours * HOUR)
            assert history.days([LECTURE], *AGES) == before


@pytest.mark.parametrize(
    ("runs", "kept"),
    [
        pytest.param([(0, {}), (1, {}), (2, {})], [2], id="that of the newest verdict"),
        pytest.param([(0, {}), (1, {}), (40, {})], [40], id="old ones where there is a new one"),
        pytest.param([(0, {}), (1, NO_NETWORK)], [0], id="one that counts before one that is not"),
        pytest.param([(0, {}), (40, NO_NETWORK)], [0, 40], id="what is new is not touched"),
        pytest.param([(0, NO_NETWORK), (1, NO_NETWORK)], [1], id="the newest where none counts"),
        pytest.param(
            [(0, {}), (1, {"trusted_until": NOON})], [0], id="not what came after the network left"
        ),
        pytest.param([(0, {}), (1, None)], [0], id="a look without answers takes nothing away"),
        pytest.param([(38, {}), (39, {})], [38, 39], id="nothing that is new"),
    ],
)
async def test_evidence_that_stays(history, runs, kept):
    for number, end in runs:
        await seen(history, number, a_look(number, answered=end is not None), **(end or {}))
    before = history.evidence(LECTURE)

    gone = history.drop_evidence(NOON + 30 * DAY)

    answered = [number for number, end in runs if end is not None]
    assert gone == len(answered) - len(kept)
    assert history.evidence(LECTURE) == before
    ids = [ExchangeId(f"e{number}-{LECTURE}") for number in answered]
    assert [each.id for each in history.exchanges(ids)] == [f"e{n}-{LECTURE}" for n in kept]
    assert len(dict(history.sightings()).get(LECTURE, ())) == len(
        [end for _, end in runs if end in ({}, None)]
    )
    assert history.drop_evidence(NOON + 30 * DAY) == 0


async def test_evidence_that_many_share_stays_while_one_needs_it(history):
    shared = an_exchange("batch")
    both = [
        a_check(id_, answers=(an_answer(exchanges=("batch",)),), exchanges=(shared,))
        for id_ in (LECTURE, OTHER)
    ]
    await seen(history, 0, *both)
    await seen(history, 1, a_look(1))

    assert history.drop_evidence(NOON + 30 * DAY) == 1
    assert history.exchanges([ExchangeId("batch")]) == [shared]

    await seen(history, 2, a_look(2, OTHER))
    assert history.drop_evidence(NOON + 30 * DAY) == 1
    assert history.exchanges([ExchangeId("batch")]) == []


async def test_a_day_that_holds_nothing_is_damage(history, place):
    await seen(history, 0, a_look(0))
    await seen(history, 5, a_look(5))
    history.purge(NOON + 2 * DAY)
    change(place, "UPDATE days SET ok = 0")
    with pytest.raises(HistoryError, match=r"is damaged.*the day 2026-03-01 of .* holds nothing"):
        history.days([LECTURE], *AGES)

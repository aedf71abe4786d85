"""What was accepted holds for its run and those after it, and stays when they go."""

from datetime import timedelta

from monitor.core.model import ResourceId
from monitor.store.history import History
from tests.store.samples import DAY, LECTURE, NOON, a_check, a_run, ended

OTHER = ResourceId("web:https://other.test/")
FACTS = {"title": "Lezione ②", "duration": 3605, "owners": ["A", "B"]}


async def stored(history, *runs, resources=(LECTURE,)):
    for run in runs:
        history.begin(run)
        for resource in resources:
            await history.record(run.id, a_check(resource))
        history.finish(ended(run))


def days(number, name=None):
    return a_run(name or f"r{number}", NOON + number * DAY)


async def test_what_is_accepted_holds_for_its_run_and_later_ones(history):
    first, second, third = (days(n) for n in (1, 2, 3))
    await stored(history, first, second, third)
    history.accept(second, {LECTURE: FACTS}, NOON)

    assert history.load(first.id).baselines == {}
    assert history.load(second.id).baselines == {LECTURE: FACTS}
    assert history.load(third.id).baselines == {LECTURE: FACTS}


async def test_what_is_accepted_later_counts_from_then_on(history):
    first, second = days(1), days(2)
    await stored(history, first, second)
    history.accept(second, {LECTURE: {"title": "B"}}, NOON)
    history.accept(first, {LECTURE: {"title": "A"}}, NOON + DAY)

    assert history.load(first.id).baselines == {LECTURE: {"title": "A"}}
    assert history.load(second.id).baselines == {LECTURE: {"title": "B"}}


async def test_accepting_twice_leaves_the_last(history):
    run = days(1)
    await stored(history, run)
    history.accept(run, {LECTURE: {"title": "A"}}, NOON)
    history.accept(run, {LECTURE: {"title": "B"}}, NOON)
    history.accept(run, {}, NOON)

    assert history.load(run.id).baselines == {LECTURE: {"title": "B"}}


async def test_only_what_a_run_observed_comes_with_it(history):
    first, second = days(1), days(2)
    await stored(history, first, resources=(LECTURE, OTHER))
    await stored(history, second)
    history.accept(first, {LECTURE: FACTS, OTHER: {"title": "A"}}, NOON)

    assert history.load(second.id).baselines == {LECTURE: FACTS}


async def test_it_outlives_its_run_and_its_link(history):
    first, second = days(1), days(40)
    await stored(history, first, resources=(LECTURE, OTHER))
    await stored(history, second)
    history.accept(first, {LECTURE: FACTS, OTHER: {"title": "A"}}, NOON)

    assert history.purge(NOON + 30 * DAY) == 1
    assert history.load(second.id).baselines == {LECTURE: FACTS}
    third = days(41)
    await stored(history, third, resources=(LECTURE, OTHER))
    assert history.load(third.id).baselines == {LECTURE: FACTS, OTHER: {"title": "A"}}


async def test_it_is_there_after_closing(place):
    run = days(1)
    with History.open(place) as history:
        await stored(history, run)
        history.accept(run, {LECTURE: FACTS}, NOON + timedelta(hours=1))
    with History.open(place, read_only=True) as history:
        assert history.load(run.id).baselines == {LECTURE: FACTS}


async def test_what_holds_now_is_read_by_resource(history):
    first, second = days(1), days(2)
    await stored(history, first, second, resources=(LECTURE, OTHER))
    history.accept(second, {LECTURE: FACTS}, NOON)
    history.accept(first, {LECTURE: {"title": "before"}, OTHER: {"title": "A"}}, NOON + DAY)

    assert history.accepted([LECTURE, ResourceId("web:unknown")]) == {LECTURE: FACTS}
    assert history.accepted({LECTURE: 1, OTHER: 2}.keys()).keys() == {LECTURE, OTHER}
    assert history.accepted([]) == {}

"""When resources are asked next."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import ResourceId
from monitor.core.patience import PRESETS, Patience, StatePolicy
from monitor.core.reasons import Reason
from monitor.core.recurrence import Cron, Every, pace
from monitor.core.schedule import (
    Planned,
    Standing,
    Why,
    due,
    planned,
    share,
    spent_of,
)
from monitor.core.states import Sighting, State, replay

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHTLY = Cron.read("17 3 * * *", UTC)
ALWAYS = ResourceId("web:https://a.example/1218")
"""One with nearly no share of a spread."""

REASONS = {".": Reason.ALIVE, "w": Reason.MOVED, "x": Reason.NOT_FOUND, "s": Reason.NOT_ANSWERING}


def state_of(seen: str, policy: StatePolicy, until: datetime) -> State:
    """Return the state of what was seen night by night, the last at an instant."""
    at = [until - (len(seen) - 1 - n) * DAY for n in range(len(seen))]
    found = zip(at, seen, strict=True)
    return replay([Sighting(when, REASONS[each]) for when, each in found], policy)[0]


def standing(seen: str, reason: Reason | None = None, **more) -> Standing:
    """Return a resource that was last asked at NOW."""
    policy = more.get("policy", PRESETS["patient"])
    return Standing(
        id=ALWAYS,
        host="a.example",
        pages=more.pop("pages", NIGHTLY),
        asked_at=NOW,
        reason=reason or REASONS[seen[-1]],
        state=state_of(seen, policy, NOW),
        **more,
    )


def waits(one: Standing, now: datetime = NOW) -> tuple[timedelta, Why]:
    [plan] = planned([one], now)
    return plan.at - NOW, plan.why


def test_one_stands_for_those_that_are_spread_by_nothing():
    assert share(ALWAYS) < 0.001


NIGHT = timedelta(hours=15, minutes=17)
"""From NOW to the next reading of the pages."""


@pytest.mark.parametrize(
    ("seen", "expected", "why"),
    [
        pytest.param(".", NIGHT + DAY, Why.STEADY, id="what works, as its pages are read"),
        pytest.param("." * 5, NIGHT + DAY, Why.STEADY, id="for some days, too"),
        pytest.param("." * 13, NIGHT + 2 * DAY, Why.STEADY, id="twelve days: after three"),
        pytest.param("." * 60, NIGHT + 5 * DAY, Why.STEADY, id="for long: within a week"),
        pytest.param("." * 8 + "x", 6 * HOUR, Why.SUSPECT, id="it failed: in six hours"),
        pytest.param("." * 8 + "s", 6 * HOUR, Why.SUSPECT, id="softly, too"),
        pytest.param("." * 8 + "ss", DAY, Why.SUSPECT, id="twice: a day later"),
        pytest.param("xx", NIGHT + DAY, Why.BROKEN, id="broken: as its pages are read"),
        pytest.param("x" * 60, NIGHT + 2 * DAY, Why.BROKEN, id="long broken: within three days"),
        pytest.param("xx.", 6 * HOUR, Why.RECOVERING, id="it works again: in six hours"),
        pytest.param("x.x.x.x.", NIGHT + DAY, Why.UNSURE, id="it comes and goes"),
        pytest.param("...w", NIGHT + DAY, Why.UNSURE, id="a warning that is not yet sure"),
        pytest.param("w" * 60, NIGHT + 5 * DAY, Why.STEADY, id="a warning of old"),
    ],
)
def test_what_is_seen_of_it_tells_when(seen, expected, why):
    if expected < DAY or why in {Why.SUSPECT, Why.RECOVERING}:
        found, told = waits(standing(seen))
        assert (abs(found - expected) < timedelta(minutes=2), told) == (True, why)
    else:
        assert waits(standing(seen)) == (expected, why)


@pytest.mark.parametrize(
    ("policy", "seen", "expected"),
    [
        pytest.param("patient", ".x", 6 * HOUR, id="six hours at first"),
        pytest.param(
            StatePolicy(hard=Patience(times=3, apart=HOUR)),
            ".x",
            1.2 * HOUR,
            id="sooner, if so wished",
        ),
        pytest.param(StatePolicy(hard=Patience(times=3)), ".x", HOUR, id="but not within the hour"),
        pytest.param(
            StatePolicy(soft=Patience(times=3, apart=72 * HOUR)),
            ".s",
            6 * HOUR,
            id="six hours, be it far too soon to count",
        ),
        pytest.param(
            StatePolicy(hard=Patience(times=9, apart=72 * HOUR), soft=Patience(times=9, apart=DAY)),
            ".xx",
            1.2 * DAY,
            id="then when the next failure counts",
        ),
    ],
)
def test_the_policy_tells_how_soon_a_suspect_is_asked(policy, seen, expected):
    policy = PRESETS[policy] if isinstance(policy, str) else policy

    found, why = waits(standing(seen, policy=policy))

    assert why is Why.SUSPECT
    assert abs(found - expected) < 2 * MINUTE


def test_a_suspect_that_was_asked_after_six_hours_waits_for_the_day():
    at_first = state_of("..x", PRESETS["patient"], NOW)
    again, _ = replay([Sighting(NOW + 6 * HOUR, Reason.NOT_FOUND)], PRESETS["patient"], at_first)
    asked = replace(standing("..x"), state=again, asked_at=NOW + 6 * HOUR)

    found, why = waits(asked, NOW + 6 * HOUR)

    assert (why, abs(found - DAY) < 3 * MINUTE) == (Why.SUSPECT, True)


def test_a_suspect_that_nobody_asked_for_days_is_overdue():
    state = state_of("..x", PRESETS["patient"], NOW)
    blocked = replace(standing("..x"), state=state, asked_at=NOW + 3 * DAY)

    found, why = waits(blocked, NOW + 3 * DAY)

    assert (why, abs(found - 4 * DAY) < 3 * MINUTE) == (Why.SUSPECT, True)


@pytest.mark.parametrize(
    ("reason", "retry_in", "expected", "why"),
    [
        pytest.param(Reason.UPCOMING, 5 * HOUR, 5 * HOUR, Why.STARTS, id="a premiere at its hour"),
        pytest.param(
            Reason.UPCOMING,
            -2 * HOUR,
            2 * HOUR,
            Why.STARTS,
            id="a late one, in the time it is late",
        ),
        pytest.param(
            Reason.UPCOMING, -MINUTE, HOUR, Why.STARTS, id="a late one, not within the hour"
        ),
        pytest.param(
            Reason.UPCOMING, -9 * DAY, DAY, Why.STARTS, id="a very late one, as its page is read"
        ),
        pytest.param(
            Reason.UPCOMING,
            90 * DAY,
            7 * DAY,
            Why.STEADY,
            id="one far ahead, in a week: it may be moved",
        ),
        pytest.param(
            Reason.UPCOMING, None, NIGHT + DAY, Why.STEADY, id="one whose hour nobody knows"
        ),
        pytest.param(
            Reason.OWN_QUOTA, 20 * HOUR, 20 * HOUR, Why.RESET, id="a spent quota after its reset"
        ),
        pytest.param(
            Reason.RATE_LIMITED,
            MINUTE,
            HOUR,
            Why.RESET,
            id="not within the hour, whatever they say",
        ),
        pytest.param(
            Reason.RATE_LIMITED, 99 * DAY, 7 * DAY, Why.RESET, id="within a week, whatever they say"
        ),
        pytest.param(
            Reason.BLOCKED, None, NIGHT + DAY, Why.UNSURE, id="blocked, as its page is read"
        ),
        pytest.param(
            Reason.SERVER_ERROR, 10 * HOUR, 10 * HOUR, Why.SUSPECT, id="not before they want it"
        ),
        pytest.param(
            Reason.SERVER_ERROR, 99 * DAY, 7 * DAY, Why.SUSPECT, id="but at most a week later"
        ),
    ],
)
def test_what_the_service_says_tells_when(reason, retry_in, expected, why):
    retry_at = NOW + retry_in if retry_in is not None else None
    seen = ".s" if reason is Reason.SERVER_ERROR else "."

    found, told = waits(standing(seen, reason, retry_at=retry_at))

    assert told is why
    assert abs(found - expected) < 2 * MINUTE


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"wished": True}, Why.WISHED, id="somebody wishes it"),
        pytest.param({"asked_at": None}, Why.NEW, id="it was never asked"),
        pytest.param({"reason": None}, Why.NEW, id="nobody knows what came of it"),
        pytest.param({"asked_at": NOW + DAY}, Why.NEW, id="a clock that was wrong put it ahead"),
    ],
)
def test_some_are_asked_at_once(change, why):
    assert waits(replace(standing("." * 60), **change)) == (timedelta(0), why)


def test_a_page_that_is_read_weekly_has_its_links_asked_weekly():
    weekly = Cron.read("0 3 * * mon", UTC)

    at, _ = waits(standing(".", pages=weekly))

    assert NOW + at == datetime(2026, 12, 7, 3, tzinfo=UTC)  # the first Monday is too near


def test_what_has_no_state_yet_is_asked_as_its_pages_are_read():
    assert waits(replace(standing("."), state=State())) == (NIGHT + DAY, Why.UNSURE)


def plan(name: str, at: datetime, why: Why, host: str = "a.example") -> Planned:
    return Planned(id=ResourceId(name), host=host, at=at, why=why)


def names(plans) -> list[str]:
    return [each.id for each in plans]


PLANS = (
    plan("steady", NOW - DAY, Why.STEADY),
    plan("suspect", NOW, Why.SUSPECT),
    plan("later", NOW + MINUTE, Why.SUSPECT),
    plan("wished", NOW, Why.WISHED),
    plan("new", NOW, Why.NEW),
    plan("elsewhere", NOW, Why.STEADY, "b.example"),
)


@pytest.mark.parametrize(
    ("budget", "spent", "now", "later"),
    [
        pytest.param(
            None, {}, ["wished", "new", "suspect", "steady", "elsewhere"], [], id="all, without one"
        ),
        pytest.param(
            3, {}, ["wished", "new", "suspect", "elsewhere"], ["steady"], id="the least urgent wait"
        ),
        pytest.param(
            3,
            {"a.example": 2},
            ["wished", "new", "elsewhere"],
            ["suspect", "steady"],
            id="what was spent today counts",
        ),
        pytest.param(
            3,
            {"a.example": 9, "b.example": 3},
            ["wished", "new"],
            ["suspect", "steady", "elsewhere"],
            id="wishes and what is new never wait",
        ),
    ],
)
def test_a_budget_of_each_host_and_day(budget, spent, now, later):
    found = due(PLANS, NOW, budget=budget, spent=spent)

    assert (names(found.now), names(found.waits)) == (now, later)


def test_what_the_last_day_has_cost():
    asked = [replace(standing("."), asked_at=NOW - n * HOUR) for n in (0, 5, 23, 25)]
    never = replace(standing("."), asked_at=None)
    ahead = replace(standing("."), asked_at=NOW + DAY)

    assert spent_of([*asked, never, ahead], NOW) == Counter({"a.example": 3})


ids = st.integers(0, 10**6).map(lambda n: ResourceId(f"web:https://a.example/{n}"))
policies = st.sampled_from(list(PRESETS.values()))
pages = st.sampled_from([NIGHTLY, Every(pace=5 * HOUR), Cron.read("@weekly", UTC)])
spans = st.integers(-20 * 86400, 60 * 86400).map(lambda n: timedelta(seconds=n))


@st.composite
def standings(draw) -> Standing:
    policy, asked_at = draw(policies), NOW - draw(st.integers(0, 10**6)) * timedelta(seconds=1)
    seen = draw(st.text("..wxs", min_size=1, max_size=40))
    retry = draw(st.none() | spans)
    return Standing(
        id=draw(ids),
        host=draw(st.sampled_from(["a.example", "b.example"])),
        pages=draw(pages),
        asked_at=asked_at,
        reason=draw(st.sampled_from(list(Reason)) | st.just(REASONS[seen[-1]])),
        retry_at=asked_at + retry if retry is not None else None,
        state=state_of(seen, policy, asked_at - draw(st.integers(0, 99)) * HOUR),
        policy=policy,
        wished=draw(st.booleans()),
    )


@given(standings())
def test_nothing_is_asked_again_within_the_hour_nor_left_for_much_longer_than_a_week(one):
    [found] = planned([one], NOW)

    if found.why not in {Why.WISHED, Why.NEW}:
        usual = pace(one.pages)
        least = min(HOUR, usual * 2 / 3)
        assert found.at - one.asked_at >= least
        assert found.at - one.asked_at <= max(7 * DAY, usual) + usual + HOUR


@given(standings(), st.integers(0, 10**6))
def test_when_it_is_asked_does_not_hang_on_when_one_looks(one, seconds):
    one = replace(one, wished=False)

    [now], [later] = planned([one], NOW), planned([one], NOW + timedelta(seconds=seconds))

    assert now == later


@given(st.lists(standings(), max_size=12), st.randoms())
def test_the_order_of_the_question_changes_nothing(some, chance):
    some = list({one.id: one for one in some}.values())
    mixed = list(some)
    chance.shuffle(mixed)

    assert planned(mixed, NOW) == planned(some, NOW)


@given(st.lists(standings(), max_size=12), st.integers(1, 5))
def test_a_budget_loses_nothing_and_is_kept(some, budget):
    some = list({one.id: one for one in some}.values())
    plans = planned(some, NOW)

    found = due(plans, NOW, budget=budget)
    counted = Counter(each.host for each in found.now if each.why not in {Why.WISHED, Why.NEW})

    assert {*found.now, *found.waits} == {each for each in plans if each.at <= NOW}
    assert all(number <= budget for number in counted.values())


@given(ids)
def test_a_share_is_a_share(id_):
    assert 0 <= share(id_) < 1
    assert share(id_) == share(id_)


def test_many_are_spread_over_the_nights():
    many = [
        replace(standing("." * 60), id=ResourceId(f"web:https://a.example/{n}")) for n in range(300)
    ]

    nights = Counter(each.at for each in planned(many, NOW))

    assert set(nights) == {NOW + NIGHT + n * DAY for n in (5, 6)}
    assert min(nights.values()) > 80

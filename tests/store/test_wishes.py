"""What people wish for is kept until they change it: mutes, rechecks, and their issues."""

from dataclasses import replace

import pytest

from monitor.core.conclusion import Conclusion
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason
from monitor.core.tracked import DASHBOARD, Tracked, TrackedState
from monitor.store.history import History
from tests.store.over_time import a_mute
from tests.store.samples import DAY, LECTURE, NOON, a_check, a_run, ended

OTHER = ResourceId("web:https://other.test/")
ISSUE = Tracked(repository="octocat/hello", number=7, digest="abc", closed_at=NOON, marks=("m",))


def test_mutes_are_kept_until_they_are_lifted(history):
    short = a_mute("m2", until=NOON + DAY)
    long = a_mute("m1", since=NOON + DAY, by="octocat", source="the course")
    for mute in (long, short):
        history.mute(mute)

    assert history.mutes() == [short, long]
    assert history.unmute("m2", NOON)
    assert not history.unmute("m2", NOON)
    assert history.mutes() == [long]


def test_what_was_muted_is_known_after_it_was_lifted(history):
    history.mute(a_mute(until=NOON + 9 * DAY))
    assert history.unmute("m1", NOON + 2 * DAY)
    history.mute(again := a_mute(since=NOON + 4 * DAY, until=NOON + 9 * DAY))
    history.mute(longer := a_mute(since=NOON + 5 * DAY, until=NOON + 12 * DAY))

    assert history.mutes() == [longer]
    assert [history.mutes_at(NOON + n * DAY) for n in range(-1, 6)] == [
        [],
        [a_mute(until=NOON + 9 * DAY)],
        [a_mute(until=NOON + 9 * DAY)],
        [],
        [],
        [again],
        [longer],
    ]


def test_a_mute_with_the_same_id_goes_in_the_place_of_the_other(history):
    history.mute(a_mute(until=NOON))
    history.mute(a_mute(until=NOON + DAY, reason="It takes longer."))
    assert history.mutes() == [a_mute(until=NOON + DAY, reason="It takes longer.")]


def test_what_a_mute_says_may_be_anything(history):
    history.mute(a_mute(reason="\ud800\x00 '; DROP TABLE mutes; --"))
    assert history.mutes()[0].reason == "\ufffd\x00 '; DROP TABLE mutes; --"


def test_issues_are_known_by_what_they_tell_of(history):
    history.track("i1", ISSUE)
    history.track(DASHBOARD, replace(ISSUE, number=8))
    history.track("i1", replace(ISSUE, state=TrackedState.CLOSED))

    assert history.tracked() == {
        "i1": replace(ISSUE, state=TrackedState.CLOSED),
        DASHBOARD: replace(ISSUE, number=8),
    }


async def test_what_was_still_fresh_was_not_asked_again(history):
    history.recheck([LECTURE])
    run = a_run(at=NOON + DAY)
    history.begin(run)
    await history.record(run.id, a_check(at=NOON))

    history.conclude(ended(run), lambda _: Conclusion(), {})
    assert history.rechecks() == {LECTURE}


@pytest.mark.parametrize(
    ("reason", "end", "left"),
    [
        pytest.param(Reason.GONE, {}, {OTHER}, id="asked, and gone"),
        pytest.param(Reason.BLOCKED, {}, {OTHER}, id="asked, and refused"),
        pytest.param(Reason.OWN_QUOTA, {}, {LECTURE, OTHER}, id="not asked for want of quota"),
        pytest.param(Reason.NOT_ASKED, {}, {LECTURE, OTHER}, id="not asked at all"),
        pytest.param(Reason.GONE, {"invalid_reason": "no network"}, {LECTURE, OTHER}, id="in vain"),
    ],
)
async def test_a_wish_for_a_recheck_lasts_until_it_is_met(history, reason, end, left):
    history.recheck([LECTURE])
    history.recheck([LECTURE, OTHER])
    history.recheck([])
    run = a_run()
    history.begin(run)
    await history.record(run.id, a_check(reason=reason))
    assert history.rechecks() == {LECTURE, OTHER}

    history.conclude(ended(run, **end), lambda _: Conclusion(), {})
    assert history.rechecks() == left


def test_wishes_are_there_after_closing_and_purging(place):
    with History.open(place) as history:
        history.mute(a_mute())
        history.track("i1", ISSUE)
        history.recheck([LECTURE])
        history.purge(NOON + DAY)
    with History.open(place, read_only=True) as history:
        assert history.mutes() == [a_mute()]
        assert history.tracked() == {"i1": ISSUE}
        assert history.rechecks() == {LECTURE}

"""When a suspect will be confirmed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.outlook import Outlook, outlook
from monitor.core.patience import PRESETS, Patience, StatePolicy
from monitor.core.reasons import Reason
from monitor.core.states import Phase, Sighting, State, replay, step

NIGHT = datetime(2026, 11, 24, 3, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENT = PRESETS["patient"]
GONE, SILENT, WORKS = Reason.NOT_FOUND, Reason.NOT_ANSWERING, Reason.ALIVE


def seen(*reasons: Reason) -> list[Sighting]:
    """Return one sighting a night, the last of them at NIGHT."""
    first = NIGHT - (len(reasons) - 1) * timedelta(days=1)
    return [Sighting(first + n * timedelta(days=1), reason) for n, reason in enumerate(reasons)]


@pytest.mark.parametrize(
    ("reasons", "hours", "checks"),
    [
        pytest.param([WORKS, GONE], 20, 1, id="not found once: by the next night's check"),
        pytest.param([WORKS, SILENT], 68, 2, id="silent once: two more checks, over 68 hours"),
        pytest.param([SILENT, SILENT], 44, 1, id="silent twice: one more, 68 hours from the first"),
        pytest.param([SILENT] * 3, 20, 1, id="silent thrice: it has not gone on long enough"),
        pytest.param([SILENT, GONE], 20, 1, id="silent, then not found: as not found"),
        pytest.param([GONE, SILENT], 44, 1, id="not found, then silent: as silence"),
    ],
)
def test_what_it_takes(reasons, hours, checks):
    state, _ = replay(seen(*reasons), PATIENT)
    assert outlook(state, PATIENT) == Outlook(at=NIGHT + hours * HOUR, checks=checks)


def test_of_two_ways_the_sooner_is_told():
    policy = StatePolicy(hard=Patience(times=9), soft=Patience(times=5))
    state, _ = replay(seen(SILENT, SILENT, SILENT, GONE), policy)
    assert outlook(state, policy) == Outlook(at=NIGHT, checks=1)


@pytest.mark.parametrize(
    "reasons",
    [
        pytest.param([], id="nothing is known"),
        pytest.param([WORKS], id="it works"),
        pytest.param([GONE, GONE], id="it is confirmed already"),
        pytest.param([GONE, GONE, WORKS], id="it is recovering"),
        pytest.param([GONE, WORKS] * 4 + [GONE], id="it comes and goes"),
    ],
)
def test_what_is_no_suspect_has_no_such_instant(reasons):
    state, _ = replay(seen(*reasons), PATIENT)
    assert outlook(state, PATIENT) is None


spells = st.integers(0, 72).map(lambda n: n * HOUR)
patiences = st.builds(
    Patience, times=st.integers(1, 4), apart=spells.map(HOUR.__add__), span=spells
)
policies = st.builds(StatePolicy, hard=patiences, soft=patiences)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([GONE, SILENT])), max_size=5),
    st.sampled_from([GONE, SILENT]),
    policies,
)
def test_checks_every_hour_confirm_it_at_just_that_instant(steps, last, policy):
    state, at = State(), NIGHT
    for gap, reason in [*steps, (1, last)]:
        at += gap * HOUR
        state, _ = step(state, Sighting(at, reason), policy)
    expected = outlook(state, policy)
    if expected is None:
        assert state.phase is Phase.CONFIRMED
        return
    seen_at = at
    while state.phase is Phase.SUSPECT:
        at += HOUR
        state, _ = step(state, Sighting(at, last), policy)
    assert at == max(expected.at, seen_at + HOUR)

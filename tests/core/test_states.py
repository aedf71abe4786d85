"""How a resource fares over time: what a person would say of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.reasons import Reason
from monitor.core.states import (
    PRESETS,
    Patience,
    Phase,
    Sighting,
    Sign,
    State,
    StatePolicy,
    Transition,
    Turn,
    sign,
    step,
)

FIRST_NIGHT = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)

LETTERS = {
    ".": Reason.ALIVE,
    "w": Reason.RENAMED,
    "x": Reason.NOT_FOUND,
    "s": Reason.NOT_ANSWERING,
    "b": Reason.BLOCKED,
    "o": Reason.OWN_NETWORK,
    "?": Reason.UNEXPECTED_ANSWER,
}
"""How the tables below write what was seen."""

JITTER = (0, 55, -48, 90, -90, 13, -35)
"""How many minutes later than planned a night's run comes: a busy machine, a daylight saving."""

PATIENT, NIGHTLY, STRICT = (PRESETS[name] for name in ("patient", "nightly", "strict"))


def nights(seen: str) -> list[Sighting]:
    """Return one sighting a night, with jitter; a space is a night without a run."""
    return [
        Sighting(
            FIRST_NIGHT + n * timedelta(days=1) + timedelta(minutes=JITTER[n % len(JITTER)]),
            LETTERS[letter],
        )
        for n, letter in enumerate(seen)
        if letter != " "
    ]


def at_hours(seen: dict[float, str]) -> list[Sighting]:
    return [Sighting(FIRST_NIGHT + n * HOUR, LETTERS[letter]) for n, letter in seen.items()]


def told(sightings: Sequence[Sighting], policy: StatePolicy) -> tuple[Phase, list[str]]:
    """Return the phase in the end, and what happened, each with its day (the first is 1)."""
    state, happened = folded(sightings, policy)
    return state.phase, [f"{each.turn} {day_of(each.at)}" for each in happened]


def day_of(at: datetime) -> int:
    return (at - FIRST_NIGHT + timedelta(hours=12)).days + 1


def folded(
    sightings: Sequence[Sighting], policy: StatePolicy, state: State | None = None
) -> tuple[State, list[Transition]]:
    """Return what plain steps come to: what `replay` must equal."""
    now, happened = state or State(), []
    for sighting in sightings:
        now, turns = step(now, sighting, policy)
        happened += turns
    return now, happened


# --- what a person would say of it ---


@pytest.mark.parametrize(
    ("seen", "phase", "happened"),
    [
        pytest.param("", Phase.UNKNOWN, [], id="nothing was seen"),
        pytest.param("bo?", Phase.UNKNOWN, [], id="nothing that counts was seen"),
        pytest.param("....", Phase.HEALTHY, [], id="a page that always works is no news"),
        pytest.param(
            "..x..",
            Phase.HEALTHY,
            ["suspected 3", "cleared 4"],
            id="a page that fails one night is a blip",
        ),
        pytest.param(
            "..xx",
            Phase.CONFIRMED,
            ["suspected 3", "confirmed 4"],
            id="not found is confirmed on day 2",
        ),
        pytest.param("x", Phase.SUSPECT, ["suspected 1"], id="the first night is no proof"),
        pytest.param("sss", Phase.SUSPECT, ["suspected 1"], id="three silent nights are not yet"),
        pytest.param(
            "ssss",
            Phase.CONFIRMED,
            ["suspected 1", "confirmed 4"],
            id="no answer is confirmed on day 4",
        ),
        pytest.param("sxs", Phase.SUSPECT, ["suspected 1"], id="one not found among silence"),
        pytest.param(
            "xsx",
            Phase.CONFIRMED,
            ["suspected 1", "confirmed 3"],
            id="silence between two not founds takes nothing from them",
        ),
        pytest.param(
            "ssxs",
            Phase.CONFIRMED,
            ["suspected 1", "confirmed 4"],
            id="not found counts among the silent nights too",
        ),
        pytest.param(
            "xbbbx",
            Phase.CONFIRMED,
            ["suspected 1", "confirmed 5"],
            id="bot walls in between freeze what was known",
        ),
        pytest.param("x.x.", Phase.HEALTHY, None, id="a good night begins the count again"),
        pytest.param("xbob?", Phase.SUSPECT, ["suspected 1"], id="bot walls add nothing"),
        pytest.param("x      x", Phase.CONFIRMED, None, id="a week without a run is no matter"),
        pytest.param(
            "xx.",
            Phase.RECOVERING,
            ["suspected 1", "confirmed 2", "recovering 3"],
            id="one good night is not yet a recovery",
        ),
        pytest.param(
            "xx..",
            Phase.HEALTHY,
            ["suspected 1", "confirmed 2", "recovering 3", "recovered 4"],
            id="two good nights are",
        ),
        pytest.param("xx.b", Phase.RECOVERING, None, id="a bot wall is no second good night"),
        pytest.param("xx.b.", Phase.HEALTHY, None, id="nor does it take from the first"),
        pytest.param(
            "xx.s",
            Phase.CONFIRMED,
            ["suspected 1", "confirmed 2", "recovering 3", "relapsed 4"],
            id="what fails again before it was well is broken still",
        ),
        pytest.param("xx.w", Phase.HEALTHY, None, id="a warning is good enough to recover"),
        pytest.param("xxb", Phase.CONFIRMED, None, id="a bot wall mends nothing"),
        pytest.param(
            "x.x.x.x.",
            Phase.FLAPPING,
            [
                *("suspected 1", "cleared 2", "suspected 3", "cleared 4"),
                *("suspected 5", "cleared 6", "suspected 7", "cleared 8", "flapping 8"),
            ],
            id="four blips in a fortnight are flapping",
        ),
        pytest.param(
            "xx..xx..",
            Phase.FLAPPING,
            [
                *("suspected 1", "confirmed 2", "recovering 3", "recovered 4"),
                *("suspected 5", "confirmed 6", "recovering 7", "recovered 8", "flapping 8"),
            ],
            id="so are two breaks that were mended",
        ),
        pytest.param(
            "x.x.x.x.x.xx..", Phase.FLAPPING, None, id="while it flaps, nothing more is told"
        ),
        pytest.param(
            "x.......x.......x.......x.......",
            Phase.HEALTHY,
            None,
            id="a blip a week is no flapping",
        ),
        pytest.param("x.x.x.x.......", Phase.FLAPPING, None, id="six calm nights are too few"),
        pytest.param("x.x.x.x........", Phase.HEALTHY, None, id="after a week of calm it is well"),
        pytest.param(
            "x.x.x.x.xxxxxxxxx", Phase.CONFIRMED, None, id="or, calmly, it is broken for good"
        ),
        pytest.param("wwww", Phase.HEALTHY, ["remarked 2"], id="a renamed repository works"),
    ],
)
def test_patient(seen, phase, happened):
    found = told(nights(seen), PATIENT)
    assert found == (phase, found[1] if happened is None else happened)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(".w.", [], id="a name that was back the next night is not told"),
        pytest.param("ww", ["remarked 2"], id="renamed for two nights is told"),
        pytest.param("wbw", ["remarked 3"], id="a bot wall changes nothing"),
        pytest.param("wsw", ["suspected 2", "cleared 3", "remarked 3"], id="nor does a blip"),
        pytest.param("ww.", ["remarked 2"], id="one night without is not yet the end of it"),
        pytest.param("ww..", ["remarked 2", "remark-gone 4"], id="two nights are"),
        pytest.param("ww.w.", ["remarked 2"], id="nor when it comes back meanwhile"),
        pytest.param(
            "wwxx",
            ["remarked 2", "suspected 3", "confirmed 4"],
            id="what was renamed can break as well",
        ),
    ],
)
def test_remarks(seen, expected):
    assert told(nights(seen), PATIENT)[1] == expected


def test_a_remark_keeps_its_reason_and_when_it_began():
    state, _ = folded(nights(".ww."), PATIENT)
    assert state.remark.is_told
    assert state.remark.reason is Reason.RENAMED
    assert day_of(state.remark.began) == 2
    assert state.broken.phase is Phase.HEALTHY


def test_remarks_have_a_patience_of_their_own():
    policy = replace(PATIENT, remark=Patience(times=5), soft=Patience(times=1))
    assert told(nights("wwww"), policy)[1] == []
    assert told(nights("wwwww"), policy)[1] == ["remarked 5"]


@pytest.mark.parametrize(
    ("seen", "phase"),
    [
        pytest.param({0: "x", 3: "x"}, Phase.SUSPECT, id="two 404s three hours apart are one"),
        pytest.param({0: "x", 20: "x"}, Phase.CONFIRMED, id="twenty hours apart they are two"),
        pytest.param({0: "x", 3: "x", 20: "x"}, Phase.CONFIRMED, id="what is between is no matter"),
        pytest.param({0: "s", 30: "s", 67: "s"}, Phase.SUSPECT, id="three within 67 hours"),
        pytest.param({0: "s", 30: "s", 68: "s"}, Phase.CONFIRMED, id="three within 68 hours"),
        pytest.param({0: "s", 67: "s", 71: "s"}, Phase.SUSPECT, id="two of three close together"),
        pytest.param(
            {0: "s", 30: "s", 60: "s", 75: "s"},
            Phase.CONFIRMED,
            id="the newest may stand for the one close before it",
        ),
        pytest.param({0: "x", 24: "x", 25: ".", 26: "."}, Phase.RECOVERING, id="an hour of health"),
        pytest.param({0: "x", 24: "x", 25: ".", 31: "."}, Phase.HEALTHY, id="six hours of health"),
    ],
)
def test_distance_counts(seen, phase):
    assert folded(at_hours(seen), PATIENT)[0].phase is phase


@pytest.mark.parametrize(
    ("policy", "seen", "happened"),
    [
        pytest.param(NIGHTLY, "sss", ["suspected 1", "confirmed 3"], id="nightly: silence, day 3"),
        pytest.param(NIGHTLY, "xx", ["suspected 1", "confirmed 2"], id="nightly: not found, day 2"),
        pytest.param(
            NIGHTLY,
            "xx.",
            ["suspected 1", "confirmed 2", "recovered 3"],
            id="nightly: well at once",
        ),
        pytest.param(STRICT, "x", ["confirmed 1"], id="strict: the first failure counts"),
        pytest.param(STRICT, ".s", ["confirmed 2"], id="strict: silence too"),
        pytest.param(STRICT, ".s.", ["confirmed 2", "recovered 3"], id="strict: and is mended"),
        pytest.param(STRICT, "w", ["remarked 1"], id="strict: the first remark"),
        pytest.param(STRICT, "w.", ["remarked 1", "remark-gone 2"], id="strict: and its end"),
        pytest.param(STRICT, "bo?", [], id="strict: a bot wall is no failure"),
    ],
)
def test_the_other_presets(policy, seen, happened):
    assert told(nights(seen), policy)[1] == happened


@pytest.mark.parametrize(
    ("calm", "night"), [pytest.param(7, 15, id="a week"), pytest.param(20, 29, id="three weeks")]
)
def test_calm_is_counted_from_the_last_turn_however_long_it_is(calm, night):
    policy = replace(PATIENT, calm=timedelta(days=calm))
    _, happened = folded(nights("x.x.x.x" + "." * 30), policy)
    assert (happened[-1].turn, day_of(happened[-1].at)) == (Turn.CALMED, night)


def test_after_the_calm_turns_count_anew():
    calmed = "x.x.x.x........"
    assert told(nights(calmed + "x."), PATIENT)[1][-2:] == ["suspected 16", "cleared 17"]


def test_a_state_remembers_what_reports_tell():
    state, happened = folded(nights(".xxb"), PATIENT)
    nights_ = [each.at for each in nights(".xxb")]
    assert (state.seen_at, state.good_at) == (nights_[2], nights_[0])
    assert (state.broken.began, state.since) == (nights_[1], nights_[2])
    assert state.reason is state.broken.reason is Reason.NOT_FOUND
    assert happened[-1] == Transition(turn=Turn.CONFIRMED, at=nights_[2], reason=Reason.NOT_FOUND)
    assert State().since is None
    flapping, _ = folded(nights("x.x.x.x.."), PATIENT)
    assert day_of(flapping.since) == 8


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.ALIVE, Sign.WORKS),
        (Reason.UPCOMING, Sign.WORKS),
        (Reason.MOVED, Sign.REMARKED),
        (Reason.DELETED, Sign.FAILS_HARD),
        (Reason.TLS_INVALID, Sign.FAILS_SOFTLY),
        (Reason.SERVER_ERROR, Sign.FAILS_SOFTLY),
        (Reason.RATE_LIMITED, Sign.NOTHING),
        (Reason.OWN_QUOTA, Sign.NOTHING),
        (Reason.NOT_ASKED, Sign.NOTHING),
    ],
)
def test_what_a_reason_says_over_time(reason, expected):
    assert sign(reason) is expected

"""Values of the core come back from plain JSON as they went in, whatever fields they have."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given

from monitor.core.incidents import Incident
from monitor.core.reasons import Reason
from monitor.core.states import PRESETS, Phase, Sighting, State, step
from monitor.core.tracked import Tracked
from monitor.store.codec import DamagedError, dump, parse
from monitor.store.plain import from_plain, to_plain
from tests.store.over_time import incidents, issues, sightings, states
from tests.store.samples import DAY, NOON, any_jsons, any_texts, spread


def through(value):
    return from_plain(type(value), parse(dump(to_plain(value))))


@given(states)
def test_a_state_comes_back_as_it_was(state):
    assert through(state) == state


@given(sightings)
def test_a_sighting_comes_back_as_it_was(sighting):
    assert through(sighting) == sighting


@given(incidents())
def test_an_incident_comes_back_with_all_that_is_in_it(incident):
    assert spread(through(incident)) == spread(incident)


@given(issues)
def test_an_issue_comes_back_as_it_was(issue):
    assert through(issue) == issue


@given(incidents(any_texts, any_jsons))
def test_any_incident_can_be_stored_and_then_stays_as_it_is(incident):
    stored = dump(to_plain(incident))
    stored.encode()
    assert dump(to_plain(from_plain(Incident, parse(stored)))) == stored


@given(any_jsons)
def test_what_we_never_wrote_is_damaged_or_reads_as_a_value(plain):
    for kind in (State, Incident, Sighting, Tracked):
        try:
            from_plain(kind, parse(dump(plain)))
        except DamagedError:
            continue


def test_what_has_its_default_is_not_written():
    state, _ = step(State(), Sighting(NOON, Reason.ALIVE), PRESETS["patient"])
    noon = "2026-03-01T12:00:00.123456+00:00"
    assert to_plain(State()) == {}
    assert to_plain(state) == {
        "seen_at": noon,
        "good_at": noon,
        "reason": "alive",
        "broken": {"phase": "healthy", "since": noon},
        "remark": {"phase": "healthy", "since": noon},
    }


GOOD = {"repository": "o/r", "number": 7}


@pytest.mark.parametrize(
    ("kind", "plain", "why"),
    [
        pytest.param(Tracked, [], "no object", id="a list"),
        pytest.param(Tracked, {"number": 7}, "Tracked without repository", id="a part is missing"),
        pytest.param(Tracked, {**GOOD, "number": "7"}, "no int: '7'", id="a text for a number"),
        pytest.param(Tracked, {**GOOD, "number": True}, "no int: 'True'", id="true is no number"),
        pytest.param(Tracked, {**GOOD, "number": 7.0}, "no int: '7.0'", id="a fraction"),
        pytest.param(Tracked, {**GOOD, "state": "shut"}, "no TrackedState", id="an unknown name"),
        pytest.param(Tracked, {**GOOD, "state": []}, "no TrackedState", id="a list for a name"),
        pytest.param(Tracked, {**GOOD, "marks": "x"}, "no list", id="a text for a list"),
        pytest.param(Tracked, {**GOOD, "marks": [7]}, "no str: '7'", id="a number among texts"),
        pytest.param(Tracked, {**GOOD, "marks": None}, "no list", id="nothing for a list"),
        pytest.param(State, {"seen_at": "soon"}, "no instant: 'soon'", id="no instant"),
        pytest.param(State, {"seen_at": 7}, "no instant: '7'", id="a number for an instant"),
        pytest.param(
            State, {"seen_at": "2026-03-01T12:00:00"}, "without a time zone", id="no time zone"
        ),
        pytest.param(Sighting, ["2026-03-01T12:00:00+00:00"], "no Sighting", id="half a row"),
    ],
)
def test_what_we_never_wrote_is_damaged(kind, plain, why):
    with pytest.raises(DamagedError, match=why):
        from_plain(kind, plain)


def test_a_field_of_another_time_is_passed_over():
    assert from_plain(Tracked, {**GOOD, "colour": "red"}) == Tracked(repository="o/r", number=7)


def test_an_instant_without_a_zone_is_our_own_mistake():
    with pytest.raises(TypeError, match="names no time zone"):
        to_plain(State(seen_at=NOON.replace(tzinfo=None)))


def test_a_type_that_nothing_stores_is_our_own_mistake():
    @dataclass
    class Odd:
        part: complex

    with pytest.raises(TypeError, match="is not stored"):
        to_plain(Odd(part=1j))


def test_names_are_read_as_names():
    assert from_plain(Phase, "healthy") is Phase.HEALTHY
    assert from_plain(datetime, "2026-03-02T12:00:00.123456+00:00") == NOON + DAY

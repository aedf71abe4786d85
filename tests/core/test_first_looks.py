"""Who is looked at more closely, and when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import providers
from monitor.core.first_looks import (
    FIRST_LOOK,
    LOOK_AGAIN,
    MOST_LOOKS,
    first_looks,
    lookable,
    looking,
)
from monitor.core.model import Resource, ResourceId, Url
from monitor.core.provider import CloserLook
from monitor.core.reasons import Reason
from monitor.core.states import State

DAY = date(2026, 11, 24)
LENGTH = CloserLook(
    facts=frozenset({"duration"}), reasons=frozenset({Reason.PAYWALLED, Reason.DELETED})
)


def resource(id_, kind="video", provider="youtube"):
    url = Url(f"https://www.youtube.com/{kind}/{id_}")
    return Resource(id=ResourceId(id_), provider=provider, kind=kind, url=url)


def drawn(*given):
    """Return which are to be looked at."""
    return {id_ for id_, needs in first_looks(*given).items() if FIRST_LOOK in needs}


def ids(count):
    return [ResourceId(f"youtube:video:{n:011}") for n in range(count)]


@pytest.mark.parametrize(
    ("seen", "keys", "expected"),
    [
        pytest.param(resource("a"), frozenset(), {"a": {"duration"}}, id="a video has a length"),
        pytest.param(resource("a", "playlist"), frozenset(), {}, id="a playlist has none"),
        pytest.param(resource("a", "page", "web"), frozenset(), {}, id="nor has a page"),
        pytest.param(resource("a"), frozenset({"youtube"}), {}, id="with a key it is told anyway"),
        pytest.param(
            resource("a"),
            frozenset({"github"}),
            {"a": {"duration"}},
            id="another's key tells nothing",
        ),
    ],
)
def test_who_can_be_looked_at(seen, keys, expected):
    found = lookable([seen], providers.find(), keys)
    assert {id_: look.facts for id_, look in found.items()} == expected


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        pytest.param({}, True, id="never seen"),
        pytest.param({"title": "A lecture"}, True, id="seen without its length"),
        pytest.param({"title": "A lecture", "duration": 600}, False, id="all is known"),
    ],
)
def test_who_is_looked_at(accepted, chosen):
    (id_,) = ids(1)
    assert drawn({id_: LENGTH}, {id_: accepted}, {}, DAY) == ({id_} if chosen else set())


@given(
    count=st.integers(min_value=0, max_value=80),
    most=st.integers(min_value=0, max_value=40),
    known=st.sets(st.integers(min_value=0, max_value=79)),
)
def test_so_many_at_most_are_looked_at_whatever_their_order(count, most, known):
    every = ids(count)
    accepted = {id_: {"duration": 1} for n, id_ in enumerate(every) if n in known}
    can = dict.fromkeys(every, LENGTH)
    chosen = drawn(can, accepted, {}, DAY, most)
    assert len(chosen) == min(most, count - len(accepted))
    assert not chosen & accepted.keys()
    assert drawn(dict.fromkeys(reversed(every), LENGTH), accepted, {}, DAY, most) == chosen


def test_nobody_is_kept_out_for_ever_by_those_that_are_looked_at_in_vain():
    can = dict.fromkeys(ids(4 * MOST_LOOKS), LENGTH)
    days = [drawn(can, {}, {}, DAY + timedelta(days=n)) for n in range(30)]
    assert {len(day) for day in days} == {MOST_LOOKS}
    assert set().union(*days) == can.keys()


@pytest.mark.parametrize(
    ("ailing", "looked_at"),
    [
        pytest.param(1, 1, id="one that ails is looked at every day"),
        pytest.param(MOST_LOOKS // 2, MOST_LOOKS // 2, id="and so are as many as half"),
    ],
)
def test_what_a_look_found_amiss_goes_first(ailing, looked_at):
    every = ids(4 * MOST_LOOKS)
    states = dict.fromkeys(every, State(reason=Reason.ALIVE))
    states |= dict.fromkeys(every[:ailing], State(reason=Reason.PAYWALLED))
    can = dict.fromkeys(every, LENGTH)
    for n in range(10):
        chosen = drawn(can, {}, states, DAY + timedelta(days=n))
        assert len(chosen) == MOST_LOOKS
        assert len(chosen & set(every[:ailing])) == looked_at


def test_what_ails_leaves_half_of_the_looks_to_the_others():
    ailing, others = ids(8 * MOST_LOOKS)[: 4 * MOST_LOOKS], ids(8 * MOST_LOOKS)[4 * MOST_LOOKS :]
    states = dict.fromkeys(ailing, State(reason=Reason.DELETED))
    can = dict.fromkeys((*ailing, *others), LENGTH)
    for n in range(10):
        chosen = drawn(can, {}, states, DAY + timedelta(days=n))
        assert len(chosen & set(ailing)) >= MOST_LOOKS // 2
        assert chosen & set(others)


@pytest.mark.parametrize(
    ("reason", "accepted", "needs"),
    [
        pytest.param(None, {}, {FIRST_LOOK}, id="nothing is known of it"),
        pytest.param(Reason.ALIVE, {}, {FIRST_LOOK}, id="it read as well"),
        pytest.param(Reason.UPCOMING, {}, {FIRST_LOOK}, id="it had not begun"),
        pytest.param(Reason.PAYWALLED, {}, {FIRST_LOOK, LOOK_AGAIN}, id="it was withheld"),
        pytest.param(Reason.PRIVATE, {}, {FIRST_LOOK}, id="the cheap answer told it"),
        pytest.param(Reason.NOT_ANSWERING, {}, {FIRST_LOOK}, id="there was no answer"),
        pytest.param(Reason.DELETED, {"duration": 9}, None, id="its length is known: no look told"),
    ],
)
def test_what_only_a_look_tells_is_not_well_by_the_cheap_answer(reason, accepted, needs):
    (id_,) = ids(1)
    found = first_looks({id_: LENGTH}, {id_: accepted}, {id_: State(reason=reason)}, DAY)
    assert found.get(id_) == needs


def test_what_ails_is_so_noted_where_it_was_not_drawn_too():
    every = ids(2 * MOST_LOOKS)
    states = dict.fromkeys(every, State(reason=Reason.PAYWALLED))
    needs = first_looks(dict.fromkeys(every, LENGTH), {}, states, DAY)
    assert all(LOOK_AGAIN in needs[id_] for id_ in every)
    assert sum(FIRST_LOOK in needs[id_] for id_ in every) == MOST_LOOKS


def test_any_id_can_be_drawn():
    odd = ResourceId("youtube:video:\ud800")
    assert drawn({odd: LENGTH}, {}, {}, DAY) == {odd}


def test_who_was_chosen_needs_a_look_besides():
    seen = resource("a")
    assert looking(seen, {}) == seen
    assert looking(seen, {seen.id: frozenset({FIRST_LOOK})}).needs == {FIRST_LOOK}

"""What is muted, by what, and until when."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.incidents import Incident
from monitor.core.mutes import Mute, in_force, mute_of, muted_by, muted_of, mutes_of, of_incident
from monitor.core.states import Phase
from tests.core.days import START, Days, fails, resource

A, B = "https://example.org/a", "https://example.org/b.pdf"
DAY = timedelta(days=1)
NOW = START


def mute(what: str, *, days: float | None = 30, since: datetime = START, source=None) -> Mute:
    until = START + days * DAY if days is not None else None
    return Mute(
        id=f"{what} {days} {source}",
        what=what,
        reason="It is known.",
        by="the command line",
        since=since,
        until=until,
        source=source,
    )


@pytest.mark.parametrize(
    ("mutes", "holds"),
    [
        pytest.param([mute(A)], True, id="by its address, or its id"),
        pytest.param([mute("https://example.org/*")], True, id="by a pattern"),
        pytest.param([mute("example.org")], True, id="by its site"),
        pytest.param([mute("re:/a$")], True, id="by an expression"),
        pytest.param([mute(B)], False, id="another"),
        pytest.param([mute(A, days=0)], False, id="over"),
        pytest.param([mute(A, since=START + DAY)], False, id="not yet"),
        pytest.param([mute(A, days=None)], True, id="for ever"),
        pytest.param([mute("*", source="course")], True, id="the source that it stands in"),
        pytest.param([mute("*", source="lectures")], False, id="another source"),
    ],
)
def test_a_resource_is_muted(mutes, holds):
    found = muted_by(resource(A), ("course",), mutes, NOW)
    assert found == (mutes[0] if holds else None)


def test_what_stands_in_two_sources_is_muted_when_both_are():
    one, other = mute("*", source="course", days=9), mute("*", source="lectures", days=5)
    both = ("course", "lectures")
    assert muted_by(resource(A), both, [one], NOW) is None
    assert muted_by(resource(A), both, [one, other], NOW) == other
    assert muted_by(resource(A), both, [one, other, mute(A)], NOW) == mute(A)
    assert muted_by(resource(A), (), [one], NOW) is None


def test_of_several_the_one_that_lasts_longest_mutes():
    mutes = [mute(A), mute("*", days=None), mute("example.org", days=40)]
    assert muted_by(resource(A), (), mutes, NOW) == mutes[1]


def incident(*watched) -> Incident:
    days = Days()
    days.run(*watched)
    (found,) = days.open
    return found


def test_an_incident_is_muted_by_its_name():
    one = incident(fails(A), fails(B))
    by_name = mute(of_incident(one.id))
    assert mute_of(one, [by_name], NOW) == by_name
    assert mute_of(one, [mute("incident:another")], NOW) is None


def test_an_incident_is_muted_when_all_that_ails_is():
    one = incident(fails(A), fails(B))
    first, second = mute(A, days=5), mute("*.pdf", days=9)
    assert mute_of(one, [first], NOW) is None
    assert mute_of(one, [first, second], NOW) == first
    well = replace(
        one,
        members=tuple(
            replace(member, phase=Phase.HEALTHY) if member.resource.id == B else member
            for member in one.members
        ),
    )
    assert mute_of(well, [first], NOW) == first
    assert mute_of(replace(one, members=()), [mute("*")], NOW) is None


def test_an_incident_that_is_over_is_muted_by_all_of_it():
    one = incident(fails(A))
    over = replace(one, members=(replace(one.members[0], phase=Phase.HEALTHY),))
    assert mute_of(over, [mute(A)], NOW) == mute(A)


def test_all_mutes_of_an_incident_and_all_incidents_that_are_muted():
    one = incident(fails(A), fails(B))
    named, first, late = mute(of_incident(one.id)), mute(A), mute(A, since=START + DAY)
    assert mutes_of(one, [named, first, late, mute("https://x.org/")], NOW) == [named, first]
    assert muted_of([one], [first], NOW) == {}
    assert muted_of([one], [named, first], NOW) == {one.id: named}


mutes = st.lists(
    st.builds(
        mute,
        st.sampled_from([A, B, "*", "*.pdf", "re:[ab]"]),
        days=st.none() | st.integers(-5, 50),
        source=st.sampled_from([None, "course", "lectures"]),
    ),
    max_size=6,
)


@given(
    some=mutes,
    more=mutes,
    sources=st.sets(st.sampled_from(["course", "lectures"])),
    days=st.integers(0, 60),
)
def test_a_mute_comes_back_by_itself_and_more_mutes_mute_no_less(some, more, sources, days):
    now = START + days * DAY
    found = muted_by(resource(A), sources, some, now)
    if found is not None:
        assert found in in_force(some, now)
        assert muted_by(resource(A), sources, [*some, *more], now) is not None
        if found.until is not None:
            later = muted_by(resource(A), sources, [found], found.until)
            assert later is None

"""When maintenance is on: by days, by days of every year, by days of the week, by hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.maintenance import MonthDay, Window
from monitor.core.mutes import in_force

ROME = ZoneInfo("Europe/Rome")


def window(**given) -> Window:
    return Window(id="maintenance:1", reason="Summer break", **given)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "now", "since", "until"),
    [
        pytest.param(
            window(dates=(date(2027, 8, 1), date(2027, 8, 31))),
            "2027-08-15T12:00",
            "2027-08-01T00:00",
            "2027-09-01T00:00",
            id="from a date to another, the last one whole",
        ),
        pytest.param(
            window(dates=(date(2027, 8, 1), date(2027, 8, 31)), zone=ROME),
            "2027-07-31T22:30",
            "2027-07-31T22:00",
            "2027-08-31T22:00",
            id="by the calendar of its zone",
        ),
        pytest.param(
            window(yearly=(MonthDay(8, 1), MonthDay(8, 31))),
            "2031-08-31T23:59",
            "2031-08-01T00:00",
            "2031-09-01T00:00",
            id="every year",
        ),
        pytest.param(
            window(yearly=(MonthDay(12, 20), MonthDay(1, 6))),
            "2027-01-02T00:00",
            "2026-12-20T00:00",
            "2027-01-07T00:00",
            id="every year, over its end",
        ),
        pytest.param(
            window(weekdays=frozenset({5, 6})),
            "2026-11-29T12:00",
            "2026-11-28T00:00",
            "2026-11-30T00:00",
            id="a weekend",
        ),
        pytest.param(
            window(hours=(time(2), time(4)), zone=ROME),
            "2026-11-24T01:30",
            "2026-11-24T01:00",
            "2026-11-24T03:00",
            id="hours by the clock on the wall",
        ),
        pytest.param(
            window(hours=(time(22), time(6)), weekdays=frozenset({4})),
            "2026-11-28T05:59",
            "2026-11-27T22:00",
            "2026-11-28T06:00",
            id="a night belongs to the day on which it begins",
        ),
        pytest.param(
            window(hours=(time(1), time(3)), zone=ROME),
            "2026-10-25T01:30",
            "2026-10-24T23:00",
            "2026-10-25T02:00",
            id="the night that is an hour longer",
        ),
        pytest.param(
            window(hours=(time(1), time(4)), zone=ROME),
            "2027-03-28T00:30",
            "2027-03-28T00:00",
            "2027-03-28T02:00",
            id="the night that is an hour shorter",
        ),
        pytest.param(
            window(weekdays=frozenset(range(7))),
            "2026-11-29T00:00",
            "2025-10-25T00:00",
            None,
            id="always",
        ),
    ],
)
def test_it_is_on(one, now, since, until):
    (mute,) = one.mutes(at(now))
    assert (mute.what, mute.reason, mute.by) == ("*", "Summer break", "config.yaml")
    assert (mute.since, mute.until) == (at(since), at(until) if until else None)


@pytest.mark.parametrize(
    ("one", "now"),
    [
        pytest.param(
            window(dates=(date(2027, 8, 1), date(2027, 8, 31))), "2027-09-01T00:00", id="after it"
        ),
        pytest.param(
            window(yearly=(MonthDay(8, 1), MonthDay(8, 31))), "2027-07-31T23:59", id="before it"
        ),
        pytest.param(
            window(yearly=(MonthDay(12, 20), MonthDay(1, 6))), "2027-06-01T00:00", id="in June"
        ),
        pytest.param(window(weekdays=frozenset({5, 6})), "2026-11-27T23:59", id="on a Friday"),
        pytest.param(window(hours=(time(2), time(4))), "2026-11-24T04:00", id="at its last hour"),
        pytest.param(
            window(hours=(time(22), time(6)), weekdays=frozenset({4})),
            "2026-11-27T05:00",
            id="the night before",
        ),
        pytest.param(
            window(hours=(time(22), time(6)), weekdays=frozenset({4})),
            "2026-11-28T22:00",
            id="the night after",
        ),
    ],
)
def test_it_is_not_on(one, now):
    assert one.mutes(at(now)) == ()


def test_maintenance_of_sources_is_a_mute_of_each():
    one = window(sources=("course", "lectures"), weekdays=frozenset({1}))
    found = one.mutes(at("2026-11-24T12:00"))
    assert [(mute.id, mute.source) for mute in found] == [
        ("maintenance:1:course", "course"),
        ("maintenance:1:lectures", "lectures"),
    ]


def test_a_day_of_every_year_reads_as_the_file_has_it():
    assert str(MonthDay(8, 1)) == "08-01"


windows = st.builds(
    Window,
    id=st.just("maintenance:1"),
    reason=st.just("Summer break"),
    yearly=st.none()
    | st.tuples(*[st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28)) for _ in range(2)]),
    weekdays=st.none() | st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.none()
    | st.tuples(
        *[st.builds(time, st.integers(0, 23), st.sampled_from([0, 30])) for _ in range(2)]
    ).filter(lambda hours: hours[0] != hours[1]),
    zone=st.sampled_from([UTC, ROME, ZoneInfo("America/New_York")]),
)
instants = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis wants it naive, the zone is beside
    datetime(2028, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


@given(one=windows, now=instants)
def test_maintenance_holds_from_its_beginning_to_its_end(one, now):
    for mute in one.mutes(now):
        assert one.holds(now)
        assert in_force([mute], now) == [mute]
        assert one.holds(mute.since)
        if mute.until is not None:
            assert not one.holds(mute.until)

"""When something happens again: crontab's lines over the changes of clocks, and steady paces."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.recurrence import Cron, Every, pace

ROME = ZoneInfo("Europe/Rome")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instants(cron: Cron | Every, after: str, number: int) -> list[str]:
    """Return the next instants as texts."""
    found, now = [], at(after)
    for _ in range(number):
        now = cron.next(now)
        found.append(f"{now:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        pytest.param(
            "17 3 * * *", "2026-11-25 03:16", ["2026-11-25 03:17", "2026-11-26 03:17"], id="nightly"
        ),
        pytest.param(
            "17 3 * * *", "2026-11-25 03:17", ["2026-11-26 03:17"], id="never the given instant"
        ),
        pytest.param(
            "0 6 * * mon-fri",
            "2026-11-27 12:00",
            ["2026-11-30 06:00", "2026-12-01 06:00"],
            id="not on weekends",
        ),
        pytest.param(
            "0 6 * * 7", "2026-11-25 12:00", ["2026-11-29 06:00"], id="Sunday is 7 as well as 0"
        ),
        pytest.param(
            "30 5,17 1 */6 *",
            "2026-11-25 00:00",
            ["2027-01-01 05:30", "2027-01-01 17:30", "2027-07-01 05:30"],
            id="lists and steps",
        ),
        pytest.param(
            "0 0 13 * fri",
            "2026-11-25 00:00",
            ["2026-11-27 00:00", "2026-12-04 00:00", "2026-12-11 00:00", "2026-12-13 00:00"],
            id="a day or a weekday, where both are given",
        ),
        pytest.param(
            "0 0 29 2 *", "2096-03-01 00:00", ["2104-02-29 00:00"], id="a day that comes seldom"
        ),
        pytest.param(
            "55/2 23 * * *",
            "2026-11-25 00:00",
            ["2026-11-25 23:55", "2026-11-25 23:57"],
            id="a step from somewhere on",
        ),
        pytest.param("@weekly", "2026-11-25 00:00", ["2026-11-29 00:00"], id="a name for it"),
        pytest.param(
            " @Daily ", "2026-11-25 00:00", ["2026-11-26 00:00"], id="a name, carelessly written"
        ),
    ],
)
def test_what_a_line_of_crontab_means(text, after, expected):
    assert instants(Cron.read(text, UTC), after, len(expected)) == expected


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        pytest.param(
            "30 2 * * *",
            "2026-03-28 00:00",
            ["2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30"],
            id="in spring the hour that is skipped comes an hour later by the wall, once",
        ),
        pytest.param(
            "30 2 * * *",
            "2026-10-24 00:00",
            ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"],
            id="in autumn the hour that comes twice counts once",
        ),
        pytest.param(
            "30 2,3 * * *",
            "2026-03-28 12:00",
            ["2026-03-29 01:30", "2026-03-30 00:30", "2026-03-30 01:30"],
            id="two that fall together in spring are one",
        ),
        pytest.param(
            "30 * * * *",
            "2026-10-24 23:45",
            ["2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 02:30"],
            id="in autumn what comes each hour comes in both",
        ),
        pytest.param(
            "30 * * * *",
            "2026-03-28 23:45",
            ["2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"],
            id="in spring what comes each hour misses none",
        ),
    ],
)
def test_when_clocks_are_put_forward_and_back(text, after, expected):
    assert instants(Cron.read(text, ROME), after, len(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "17 3 * *", "five fields: minute, hour, day, month, weekday", id="four fields"
        ),
        pytest.param("60 3 * * *", "a minute from 0 to 59; found “60”", id="no such minute"),
        pytest.param("0 24 * * *", "an hour from 0 to 23; found “24”", id="no such hour"),
        pytest.param("0 5-3 * * *", "an hour from 0 to 23; found “5-3”", id="backwards"),
        pytest.param("0 0 0 * *", "a day from 1 to 31; found “0”", id="no day 0"),
        pytest.param("0 0 * foo *", "a month from 1 to 12; found “foo”", id="no such name"),
        pytest.param("*/0 0 * * *", "a minute from 0 to 59; found “\\*/0”", id="no step"),
        pytest.param("0 0 ? * *", "a day such as \\*, 3, 1-5 or \\*/2; found “\\?”", id="a sign"),
        pytest.param("99999 0 * * *", "a minute from 0 to 59", id="a long number"),
        pytest.param("0 0 31 2 *", "a day that there is; “0 0 31 2 \\*” never comes", id="never"),
    ],
)
def test_what_is_no_line_of_crontab(text, expected):
    with pytest.raises(ValueError, match=expected):
        Cron.read(text, UTC)


def test_a_steady_pace_is_the_same_whoever_asks():
    assert instants(Every(pace=6 * HOUR), "2026-11-25 01:00", 3) == [
        "2026-11-25 06:00",
        "2026-11-25 12:00",
        "2026-11-25 18:00",
    ]


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        pytest.param(Every(pace=5 * MINUTE), 5 * MINUTE, id="its own"),
        pytest.param(Cron.read("17 3 * * *", ROME), DAY, id="a night"),
        pytest.param(Cron.read("0 3 * * mon", UTC), 7 * DAY, id="a week"),
        pytest.param(Cron.read("0 3,5 * * *", UTC), 2 * HOUR, id="the shorter of two"),
    ],
)
def test_how_often_it_comes(recurrence, expected):
    assert pace(recurrence) == expected


seconds = st.integers(0, 10 * 365 * 86400).map(
    lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)
numbers = st.integers(0, 59)
zones = st.sampled_from([UTC, ROME, *map(ZoneInfo, ("America/St_Johns", "Australia/Lord_Howe"))])
crons = st.builds(
    lambda minute, hour, weekday, zone: Cron.read(f"{minute} {hour} * * {weekday}", zone),
    numbers,
    st.sampled_from(["*", "*/3", "2", "0,2,23"]),
    st.sampled_from(["*", "1-5", "sun"]),
    zones,
)


@given(
    crons | st.builds(Every, pace=st.integers(1, 10**6).map(lambda n: timedelta(seconds=n))),
    seconds,
)
def test_the_next_instant_comes_after_and_none_lies_between(recurrence, after):
    following = recurrence.next(after)

    assert following > after
    assert recurrence.next(following - timedelta(microseconds=1)) == following
    between = after + (following - after) / 2
    assert recurrence.next(between) == following or between == following


@given(crons, seconds)
def test_an_instant_is_one_that_the_wall_shows_or_skips(cron, after):
    found = cron.next(after).astimezone(cron.zone)

    shown = found.minute in cron.minutes and found.hour in cron.hours
    before = found.astimezone(UTC) - 2 * HOUR
    skipped = before.astimezone(cron.zone).utcoffset() != found.utcoffset()
    assert shown or skipped

"""Hours without messages, by the clock on the wall, also when that is put forward or back."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.quiet import Quiet

ROME = ZoneInfo("Europe/Rome")
NIGHT = Quiet(start=time(22), end=time(7), zone=ROME)
NOON = Quiet(start=time(12), end=time(14, 30), zone=ROME)


def rome(day: str, clock: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=ROME, fold=fold)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        pytest.param(NIGHT, rome("11-24", "21:59"), None, id="before it begins"),
        pytest.param(NIGHT, rome("11-24", "22:00"), rome("11-25", "07:00"), id="it begins"),
        pytest.param(NIGHT, rome("11-25", "00:00"), rome("11-25", "07:00"), id="midnight"),
        pytest.param(NIGHT, rome("11-25", "06:59"), rome("11-25", "07:00"), id="nearly over"),
        pytest.param(NIGHT, rome("11-25", "07:00"), None, id="it is over"),
        pytest.param(NOON, rome("11-24", "11:59"), None, id="before lunch"),
        pytest.param(NOON, rome("11-24", "12:00"), rome("11-24", "14:30"), id="lunch"),
        pytest.param(NOON, rome("11-24", "14:30"), None, id="after lunch"),
        pytest.param(
            NIGHT,
            rome("03-28", "23:00"),  # CET
            datetime(2026, 3, 29, 5, 0, tzinfo=UTC),  # 7:00 CEST, an hour earlier
            id="the night in which the clock is put forward has an hour less",
        ),
        pytest.param(
            NIGHT,
            rome("10-24", "23:00"),  # CEST
            datetime(2026, 10, 25, 6, 0, tzinfo=UTC),  # 7:00 CET, an hour later
            id="the night in which the clock is put back has an hour more",
        ),
        pytest.param(
            Quiet(start=time(22), end=time(2, 30), zone=ROME),
            rome("10-25", "02:15"),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            id="the hour that comes twice, the first time",
        ),
        pytest.param(
            Quiet(start=time(22), end=time(2, 30), zone=ROME),
            rome("10-25", "02:15", fold=1),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            id="the hour that comes twice, the second time",
        ),
        pytest.param(
            Quiet(start=time(22), end=time(2, 30), zone=ROME),
            rome("03-29", "01:59"),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # 3:30 CEST: there is no 2:30
            id="the hour that never comes",
        ),
    ],
)
def test_until(quiet, now, until):
    assert quiet.until(now) == until
    assert quiet.until(now.astimezone(UTC)) == until


@given(
    clocks=st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants it naive
    zone=st.sampled_from(["UTC", "Europe/Rome", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_quiet_hours_end_within_a_day(clocks, now, zone):
    start, end = clocks
    until = Quiet(start=start, end=end, zone=ZoneInfo(zone)).until(now)
    assert until is None or now < until <= now + timedelta(hours=25)

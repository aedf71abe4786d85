"""The day by which Google counts."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.pacific import pacific_zone, quota_reset


@pytest.mark.parametrize(
    ("answered_at", "whole_at"),
    [
        pytest.param(
            datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
            datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
            id="in winter California is eight hours behind",
        ),
        pytest.param(
            datetime(2026, 7, 1, 6, 59, tzinfo=UTC),
            datetime(2026, 7, 1, 7, 0, tzinfo=UTC),
            id="in summer seven",
        ),
        pytest.param(
            datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
            datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
            id="the day on which summer time ends has 25 hours",
        ),
    ],
)
def test_a_daily_quota_is_whole_again_at_midnight_in_california(answered_at, whole_at):
    assert quota_reset(answered_at) == whole_at


def test_where_the_machine_knows_no_zones_it_is_winter():
    assert pacific_zone("Nowhere/Nothing").utcoffset(None) == timedelta(hours=-8)

"""Retry-After, in both forms, from honest and other servers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.retry_after import retry_after
from tests.strategies import NOON, instants

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        pytest.param(None, None, id="no header"),
        pytest.param("", None, id="an empty header"),
        pytest.param("120", timedelta(seconds=120), id="seconds"),
        pytest.param(" 0 ", timedelta(0), id="at once"),
        pytest.param("9" * 400, WEEK, id="more seconds than there are, up to a week"),
        pytest.param("Tue, 24 Nov 2026 12:01:00 GMT", timedelta(minutes=1), id="a date"),
        pytest.param("Tue, 24 Nov 2026 13:01:00 +0100", timedelta(minutes=1), id="another zone"),
        pytest.param("Tue, 24 Nov 2026 12:01:00 -0000", timedelta(minutes=1), id="no zone"),
        pytest.param("Mon, 23 Nov 2026 12:00:00 GMT", timedelta(0), id="a date in the past"),
        pytest.param("Sun, 24 Nov 2030 12:00:00 GMT", WEEK, id="a date far off, up to a week"),
        pytest.param("-5", None, id="negative seconds"),
        pytest.param("1.5", None, id="fractions"),
        pytest.param("²", None, id="a digit that is none"),
        pytest.param("soon", None, id="a word"),
    ],
)
def test_retry_after(value, wait):
    assert retry_after(value, NOON) == (NOON + wait if wait is not None else None)


def test_the_limit_can_be_set():
    assert retry_after("3600", NOON, timedelta(minutes=1)) == NOON + timedelta(minutes=1)


@given(value=st.text() | instants.map(lambda at: f"{at:%a, %d %b %Y %H:%M:%S %z}"), at=instants)
def test_no_header_names_an_instant_out_of_bounds(value, at):
    named = retry_after(value, at)
    assert named is None or at <= named <= at + WEEK


def test_an_instant_at_the_end_of_time_is_none():
    late = "Fri, 31 Dec 9999 23:59:59 -2300"
    assert retry_after(late, datetime(2026, 1, 1, tzinfo=UTC)) is None

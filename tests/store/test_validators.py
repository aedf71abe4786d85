"""Answers kept from one run to the next: as they came, no more than fit, none that is damaged."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.model import Url
from monitor.net.validators import Validator
from monitor.store.history import History
from monitor.store.validators import LONGEST_URL, MOST_BODY, StoredValidators
from tests.store.places import change, is_server

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = Url("https://api.example/x")


def validator(url=URL, credential="", body=b'{"id": 7}', minutes=0, **more):
    settings = {"etag": '"1"', "last_modified": None, "headers": {"etag": '"1"'}, **more}
    at = NOON + timedelta(minutes=minutes)
    return Validator(url=Url(url), credential=credential, body=body, stored_at=at, **settings)


async def test_what_is_kept_comes_back_and_the_newest_counts(history):
    kept = history.validators()
    assert await kept.find(URL, "") is None
    await kept.keep(validator())
    new = validator(body=b"2" * 1000, minutes=1, etag=None, last_modified="yesterday")
    await kept.keep(new)
    await kept.keep(validator(credential="github"))
    assert await kept.find(URL, "") == new
    assert await kept.find(URL, "github") == validator(credential="github")
    assert await kept.find(URL, "other") is None


async def test_it_outlives_the_run(place):
    with History.open(place) as history:
        await history.validators().keep(validator())
    with History.open(place) as history:
        assert await history.validators().find(URL, "") == validator()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=2000), etag=st.text(st.characters(codec="ascii"), max_size=20))
async def test_any_body_comes_back(new_place, body, etag):
    each = validator(body=body, headers={"etag": etag.replace("\0", "")})
    with History.open(new_place()) as history:
        await history.validators().keep(each)
        assert await history.validators().find(URL, "") == each


async def test_secret_headers_are_not_kept(history):
    await history.validators().keep(validator(headers={"set-cookie": "canary", "etag": '"1"'}))
    assert (await history.validators().find(URL, "")).headers == {"etag": '"1"'}


async def test_a_body_beyond_all_measure_is_not_kept(history):
    await history.validators().keep(validator(body=b"x" * (MOST_BODY + 1)))
    assert await history.validators().find(URL, "") is None


async def test_an_address_beyond_all_measure_is_not_kept(history):
    long = f"https://api.example/{'x' * LONGEST_URL}"
    await history.validators().keep(validator(long))
    assert await history.validators().find(Url(long), "") is None


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"most": 2}, id="by number"),
        pytest.param({"most_bytes": 60}, id="by size: each takes some 20 bytes"),
    ],
)
async def test_the_oldest_make_room(history, limits):
    kept = StoredValidators(history._reading, history._writer, **limits)
    for n in range(4):
        await kept.keep(validator(f"https://api.example/{n}", minutes=n))
    there = [await kept.find(Url(f"https://api.example/{n}"), "") is not None for n in range(4)]
    assert there[0] is False
    assert there[3] is True


async def test_one_that_does_not_fit_by_itself_leaves_nothing(history):
    kept = StoredValidators(history._reading, history._writer, most_bytes=1)
    await kept.keep(validator())
    assert await kept.find(URL, "") is None


@pytest.mark.parametrize(
    "damage",
    ["body = x'00'", "body = 'text'", "body = x'789c'", "headers = '[]'", "headers = '{'"],
)
async def test_a_damaged_one_is_as_if_it_were_not_there(place, damage):
    if is_server(place):
        damage = damage.replace("x'", r"'\x")
    with History.open(place) as history:
        await history.validators().keep(validator())
    change(place, f"UPDATE validators SET {damage}")
    with History.open(place) as history:
        assert await history.validators().find(URL, "") is None


async def test_purging_runs_leaves_it(history):
    await history.validators().keep(validator())
    history.purge(NOON + timedelta(days=1))
    assert await history.validators().find(URL, "") is not None

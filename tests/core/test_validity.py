"""When a run is to be believed."""

from datetime import timedelta

import pytest

from monitor.core.model import ExchangeId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Response
from monitor.core.validity import (
    SENTINELS,
    Sentinel,
    Sight,
    Watch,
    answers_as_known,
    doubt,
    sight,
    sites_doubt,
    tls_doubt,
    tls_works,
    trusted_until,
)
from tests.strategies import NOON

SUCCESS = Sentinel(url="http://example.org/success.txt", body="success")
NO_CONTENT = Sentinel(url="http://example.org/generate_204", status=204)


def after(minutes):
    return NOON + timedelta(minutes=minutes)


def look(minutes, good, asked=3):
    return Watch(at=after(minutes), good=good, asked=asked)


def exchange(said):
    return Exchange(
        id=ExchangeId("x"),
        method="GET",
        url=Url("http://example.org/"),
        at=NOON,
        elapsed=timedelta(0),
        said=said,
    )


def response(status, body):
    return Response(status=status, url=Url("http://example.org/"), headers={}, body=body)


@pytest.mark.parametrize(
    ("sentinel", "said", "known"),
    [
        pytest.param(SUCCESS, response(200, b"success\n"), True, id="its answer"),
        pytest.param(NO_CONTENT, response(204, b""), True, id="its empty answer"),
        pytest.param(SUCCESS, response(200, b"<html>Log in</html>"), False, id="a captive portal"),
        pytest.param(NO_CONTENT, response(200, b"<html>"), False, id="a portal's 200 for a 204"),
        pytest.param(NO_CONTENT, response(302, b""), False, id="a portal's redirect"),
        pytest.param(SUCCESS, response(200, b"\xff"), False, id="bytes that are no text"),
        pytest.param(
            SUCCESS, Failure(kind=FailureKind.TIMEOUT, detail="No answer."), False, id="no answer"
        ),
    ],
)
def test_a_sentinel_is_held_to_its_word(sentinel, said, known):
    assert answers_as_known(sentinel, exchange(said)) is known


def test_there_are_three_sentinels_of_different_operators():
    hosts = {sentinel.url.split("/")[2].split(".")[-2] for sentinel in SENTINELS}
    assert len(hosts) == 3


@pytest.mark.parametrize(
    ("good", "asked", "online"),
    [
        (3, 3, True),
        (2, 3, True),
        (1, 3, False),
        (0, 3, False),
        (1, 1, True),
        (0, 1, False),
        (0, 0, True),
    ],
)
def test_two_good_answers_are_enough(good, asked, online):
    assert look(0, good, asked).online is online


@pytest.mark.parametrize(
    ("watches", "until"),
    [
        pytest.param([], None, id="nobody looked"),
        pytest.param([look(0, 3), look(5, 3)], None, id="good at the end"),
        pytest.param([look(0, 3), look(5, 0), look(9, 3)], None, id="lost and found again"),
        pytest.param([look(0, 3), look(5, 3), look(9, 1)], after(5), id="lost at the end"),
        pytest.param([look(0, 0), look(9, 0)], after(0), id="never there"),
    ],
)
def test_trusted_until(watches, until):
    assert trusted_until(watches) == until


@pytest.mark.parametrize(
    ("watches", "observed", "believed"),
    [
        pytest.param([look(0, 3), look(9, 3)], [after(3)], True, id="a good run"),
        pytest.param([look(0, 3), look(9, 3)], [], True, id="a good run of an empty page"),
        pytest.param([look(0, 3), look(9, 0)], [after(0), after(3)], True, id="something counts"),
        pytest.param([look(0, 3), look(9, 0)], [after(3)], False, id="all of it came too late"),
        pytest.param([look(0, 1)], [], False, id="no network at the start"),
    ],
)
def test_doubt(watches, observed, believed):
    assert (doubt(watches, observed) is None) is believed


def test_a_doubt_says_how_many_answered():
    assert doubt([look(0, 1)], []) == (
        "no network: only 1 of 3 well-known addresses gave their known answer,"
        " so nothing was counted"
    )


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        (Response(status=404, url=Url("http://x.example/"), headers={}), Sight.SEEN),
        (Response(status=502, url=Url("http://x.example/"), headers={}), Sight.UNSURE),
        (Failure(kind=FailureKind.TLS, detail="expired"), Sight.SEEN),
        (Failure(kind=FailureKind.NO_SUCH_HOST, detail="no such host"), Sight.UNSURE),
        (Failure(kind=FailureKind.RESOLVER, detail="no look-up"), Sight.UNSURE),
        (Failure(kind=FailureKind.NETWORK, detail="no way"), Sight.OURS),
    ],
)
def test_how_a_site_was_seen(said, seen):
    assert sight(exchange(said)) is seen


@pytest.mark.parametrize(
    ("seen", "unsure", "ours", "believed"),
    [
        pytest.param(0, 0, 0, True, id="no site was asked"),
        pytest.param(0, 4, 0, True, id="four sites may be down"),
        pytest.param(0, 5, 0, False, id="not one of five can be reached"),
        pytest.param(1, 50, 0, True, id="old pages lead to many sites that are gone"),
        pytest.param(10, 0, 5, False, id="a third fails by our fault"),
        pytest.param(20, 0, 5, True, id="a fifth fails by our fault"),
        pytest.param(4, 0, 4, True, id="four are too few to tell"),
    ],
)
def test_sites_that_fail_together(seen, unsure, ours, believed):
    sights = [Sight.SEEN] * seen + [Sight.UNSURE] * unsure + [Sight.OURS] * ours
    assert (sites_doubt({str(n): each for n, each in enumerate(sights)}) is None) is believed


@pytest.mark.parametrize(
    ("certificates", "believed"),
    [
        pytest.param({}, True, id="no site was asked over https"),
        pytest.param({"a": False, "b": False}, True, id="two bad sites may be two bad sites"),
        pytest.param({"a": False, "b": False, "c": True}, True, id="one good site clears us"),
        pytest.param({"a": False, "b": False, "c": False}, False, id="all bad points to us"),
    ],
)
def test_certificates(certificates, believed):
    said = tls_doubt(certificates)
    assert (said is None) is believed
    assert believed or "none of the 3 sites" in said


@pytest.mark.parametrize(
    ("certificates", "ours", "believed"),
    [
        pytest.param({}, False, True, id="without https nothing hangs on it"),
        pytest.param({"a": True}, False, True, id="one good site clears us"),
        pytest.param({"a": False}, False, False, id="a known certificate is refused too"),
        pytest.param(dict.fromkeys("abc", False), True, True, id="a known one is accepted"),
    ],
)
def test_a_known_certificate_tells_better_than_numbers(certificates, ours, believed):
    assert (tls_doubt(certificates, ours=ours) is None) is believed


@pytest.mark.parametrize(
    ("said", "works"),
    [
        (Response(status=204, url=Url("https://x.example/"), headers={}), True),
        (Response(status=403, url=Url("https://x.example/"), headers={}), None),
        (Failure(kind=FailureKind.TLS, detail="expired"), False),
        (Failure(kind=FailureKind.TIMEOUT, detail="no answer"), None),
    ],
)
def test_what_a_known_certificate_tells(said, works):
    assert tls_works(exchange(said)) is works

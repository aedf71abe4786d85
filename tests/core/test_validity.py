"""When a run is to be believed."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from monitor.core.model import (
    ExchangeId,
    Observation,
    Record,
    Resource,
    ResourceId,
    Run,
    RunId,
    Url,
    Verdict,
)
from monitor.core.ports import Exchange, Failure, FailureKind, Response
from monitor.core.reasons import Reason
from monitor.core.validity import (
    SENTINELS,
    Sentinel,
    Sight,
    Watch,
    ahead,
    answers_as_known,
    clock_doubt,
    doubt,
    seen_before,
    sight,
    sights_of,
    sites_doubt,
    tls_doubt,
    tls_works,
    trusted_until,
)
from tests.strategies import NOON

HTTP_NOON = format_datetime(NOON, usegmt=True)
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


@pytest.mark.parametrize(
    ("before", "now", "believed"),
    [
        pytest.param("SSSSSSSSSS", "SSSSSUUUUU", False, id="half of the sites fail at once"),
        pytest.param("SSSSSSSSSS", "SSSSSSUUUU", True, id="four are too few to tell"),
        pytest.param("SSSSSSSSSSSSSSSSSSSS", "S" * 15 + "U" * 5, True, id="a quarter may fail"),
        pytest.param("SSSSSUUUUU", "SSSSSUUUUU", True, id="they failed last time too"),
        pytest.param("UUUUUU", "UUUUUU", True, id="all are down, and were last time"),
        pytest.param("SSSSSS", "UUUUUU", False, id="all fail that did not last time"),
        pytest.param("SSSSSUUUUU", "SUUUUUUUUU", True, id="four more than last time"),
        pytest.param("SSSSSSUUUU", "SUUUUUUUUU", False, id="five more than last time"),
    ],
)
def test_what_had_failed_before_is_theirs(before, now, believed):
    letters = {"S": Sight.SEEN, "U": Sight.UNSURE}
    origins = [f"https://host-{n}.example" for n in range(len(now))]
    was, is_ = (
        {o: letters[c] for o, c in zip(origins, word, strict=True)} for word in (before, now)
    )
    assert (sites_doubt(is_, was) is None) is believed
    assert sites_doubt(is_, was, lasting=True) is None


def test_what_is_ours_for_sure_is_doubted_however_long_it_lasts():
    sights = {f"https://host-{n}.example": Sight.OURS for n in range(5)}
    assert sites_doubt(sights, lasting=True) is not None


def test_the_hosts_of_one_domain_may_go_down_together():
    hosts = [f"https://{n}.university.edu" for n in range(10)]
    others = [f"https://host-{n}.example" for n in range(3)]
    was = dict.fromkeys([*hosts, *others], Sight.SEEN)
    assert sites_doubt({**was, **dict.fromkeys(hosts, Sight.UNSURE)}, was) is None


def dated(sentinel_body, header, minutes=0):
    headers = {"date": header} if header is not None else {}
    said = Response(status=200, url=Url("http://x.example/"), headers=headers, body=sentinel_body)
    return replace(exchange(said), at=NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("exchanges", "by"),
    [
        pytest.param([], None, id="nobody was asked"),
        pytest.param([dated(b"success", None)], None, id="no date"),
        pytest.param([dated(b"success", "yesterday")], None, id="no readable date"),
        pytest.param([dated(b"portal", HTTP_NOON, 60)], None, id="a portal's word is nothing"),
        pytest.param([dated(b"success", HTTP_NOON, 3)], timedelta(minutes=3), id="ahead"),
        pytest.param([dated(b"success", HTTP_NOON, -60)], -timedelta(hours=1), id="behind"),
        pytest.param(
            [dated(b"success", HTTP_NOON, m) for m in (0, 1, 900)],
            timedelta(minutes=1),
            id="the middle one counts",
        ),
    ],
)
def test_by_how_much_our_clock_is_ahead(exchanges, by):
    assert ahead([SUCCESS] * len(exchanges), exchanges) == by


def test_no_answer_tells_no_time():
    failure = Failure(kind=FailureKind.TIMEOUT, detail="no answer")
    assert ahead([SUCCESS], [exchange(failure)]) is None


@pytest.mark.parametrize(
    ("off", "jumped", "said"),
    [
        pytest.param([None, None], 0, None, id="nobody tells the time"),
        pytest.param([0, 1], 0, None, id="a good clock"),
        pytest.param([9], -9, None, id="some minutes do no harm"),
        pytest.param([0], 61, "jumped forward by 1 hour", id="set forward in the run"),
        pytest.param([0], -1440 * 3, "jumped back by 3 days", id="set back in the run"),
        pytest.param([720, 720], 0, "clock is 12 hours ahead", id="a wrong time zone"),
        pytest.param([-11], 0, "clock is 11 minutes behind", id="slow"),
    ],
)
def test_a_wrong_clock_makes_a_run_invalid(off, jumped, said):
    watches = [
        Watch(at=NOON, good=3, asked=3, ahead=None if o is None else timedelta(minutes=o))
        for o in off
    ]
    doubted = clock_doubt(watches, timedelta(minutes=jumped))
    assert doubted is None if said is None else said in doubted


def test_a_stored_run_tells_how_it_saw_its_sites():
    def seen(url, reason):
        resource = Resource(id=ResourceId(url), provider="web", kind="page", url=Url(url))
        return Observation(
            resource=resource, verdict=Verdict(reason=reason, detail="So it is."), at=NOON
        )

    observed = [
        seen("https://a.example/1", Reason.NOT_ANSWERING),
        seen("https://a.example/2", Reason.NOT_FOUND),
        seen("https://b.example/", Reason.SERVER_ERROR),
        seen("https://c.example/", Reason.OWN_NETWORK),
    ]
    record = Record(
        run=Run(id=RunId("1"), started_at=NOON),
        pages=(),
        references=(),
        skipped=(),
        resources={o.resource.id: o.resource for o in observed},
        observations={o.resource.id: o for o in observed},
    )
    assert sights_of(record) == {
        "https://a.example": Sight.SEEN,
        "https://b.example": Sight.UNSURE,
        "https://c.example": Sight.OURS,
    }


def a_night(days, *, seen=None, sources=("course",), valid=True):
    """Return a run so many days ago, with its record where it counts: one site, so seen."""
    began = NOON - timedelta(days=days)
    run = Run(
        id=RunId(f"{days}"),
        started_at=began,
        finished_at=began,
        sources=sources,
        invalid_reason=None if valid else "no network",
    )
    resource = Resource(id=ResourceId("w"), provider="web", kind="page", url=Url("https://a.test/"))
    verdict = Verdict(reason=seen or Reason.ALIVE, detail="So it is.")
    observed = Observation(resource=resource, verdict=verdict, at=began)
    record = Record(
        run=run,
        pages=(),
        references=(),
        skipped=(),
        resources={resource.id: resource},
        observations={resource.id: observed} if seen else {},
    )
    return run, record if valid else None


ALIVE, SILENT = Reason.ALIVE, Reason.NOT_ANSWERING
SEEN, UNSURE = {"https://a.test": Sight.SEEN}, {"https://a.test": Sight.UNSURE}


@pytest.mark.parametrize(
    ("nights", "sights", "lasting"),
    [
        pytest.param([], {}, False, id="there was none"),
        pytest.param([a_night(1, seen=ALIVE)], SEEN, False, id="one"),
        pytest.param(
            [a_night(1, seen=SILENT), a_night(2, seen=ALIVE)], UNSURE, False, id="the newest counts"
        ),
        pytest.param(
            [a_night(1, sources=()), a_night(2, seen=ALIVE)],
            SEEN,
            False,
            id="a look by hand hides nothing",
        ),
        pytest.param(
            [a_night(1, valid=False), a_night(2, seen=ALIVE)],
            SEEN,
            False,
            id="an invalid night counts for nothing",
        ),
        pytest.param(
            [a_night(1, valid=False), a_night(3, valid=False), a_night(4, seen=ALIVE)],
            SEEN,
            True,
            id="three days of doubt are enough",
        ),
    ],
)
def test_how_earlier_runs_saw_the_sites(nights, sights, lasting):
    now = Run(id=RunId("now"), started_at=NOON)
    seen = seen_before(now, nights, whole=True)
    assert (seen.sights, seen.lasting) == (sights, lasting)


def test_without_a_configuration_the_newest_run_that_counts_is_enough():
    now = Run(id=RunId("now"), started_at=NOON)
    nights = [a_night(1, sources=()), a_night(2, seen=ALIVE)]
    assert seen_before(now, nights, whole=False).sights == {}

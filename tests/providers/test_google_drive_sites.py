"""Google Sites, and Colab's rarer addresses."""

import pytest

from monitor.core.model import Verdict
from monitor.core.ports import FailureKind
from monitor.core.provider import Ask
from monitor.core.reasons import Reason
from monitor.providers.google_drive import PROVIDER
from tests.providers.fakes import FakePorts, check, drive, html, link, nothing, reply

FILE = "1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb"
SITE = "https://sites.google.com/view/course/home"
COLAB = "https://colab.research.google.com"
LOG_IN = "https://accounts.google.com/ServiceLogin?continue=x"


def page(title="Course - Home", body=""):
    return html(f"<title>{title}</title>{body}")


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        (SITE, "site:view/course/home"),
        (f"{SITE}/?authuser=1&usp=sharing", "site:view/course/home"),
        (f"{SITE}?week=3&pli=1", "site:view/course/home?week=3"),
        ("https://sites.google.com/u/1/view/course", "site:view/course"),
        ("https://sites.google.com/x.edu/course", "site:x.edu/course"),
        ("https://sites.google.com/a/x.edu/course/home", "site:a/x.edu/course/home"),
        ("https://sites.google.com/site/course", "site:site/course"),
        ("https://sites.google.com/d/1abc/p/2def/edit", "site:d/1abc/p/2def/edit"),
        (f"{COLAB}/#fileId={FILE}", f"file:{FILE}"),
        (f"{COLAB}/notebook#fileId={FILE}&offline=true", f"file:{FILE}"),
        (f"{COLAB}/#x=y&fileId={FILE}", f"file:{FILE}"),
        (f"{COLAB}/drive/{FILE}#fileId={FILE[::-1]}", f"file:{FILE}"),
        (f"{COLAB}/drive/1Q7LtZ", "truncated:1Q7LtZ"),
    ],
)
def test_sites_and_notebooks_have_names(url, id_):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert resource.id == f"drive:{id_}"
    assert PROVIDER.identify(link(resource.url)) == resource


@pytest.mark.parametrize(
    "url",
    [
        "https://sites.google.com/",
        "https://sites.google.com/new",
        "https://sites.google.com/view",
        "https://sites.google.com/view/",
        "https://sites.google.com/policies/terms",
        "https://sites.google.com:8443/view/course",
        "https://drive.google.com/drive/my-drive",
        f"{COLAB}/",
        f"{COLAB}/#create=true",
        f"{COLAB}/#fileId=short",
        f"{COLAB}/#fileId=https%3A//x.example/{FILE}.ipynb",
        f"{COLAB}/github/x/y/blob/main/a.ipynb#fileId={FILE}",
        f"{COLAB}/notebooks/intro.ipynb",
    ],
)
def test_what_is_no_page_of_a_site_is_left_to_others(url):
    assert PROVIDER.identify(link(url)) is None


@pytest.mark.parametrize(
    ("said", "reason", "facts"),
    [
        pytest.param(page(), Reason.ALIVE, {"title": "Course - Home"}, id="a site"),
        pytest.param(page(""), Reason.ALIVE, {}, id="a site without a title"),
        pytest.param(reply(302, location=LOG_IN), Reason.NOT_SHARED, {}, id="sent to the log-in"),
        pytest.param(html(status=401), Reason.NOT_SHARED, {}, id="asked to sign in"),
        pytest.param(
            page("Sign in - Google Accounts"), Reason.NOT_SHARED, {}, id="the log-in in its place"
        ),
        pytest.param(
            html("<title>You need access</title>", 403), Reason.NOT_SHARED, {}, id="a refusal"
        ),
        pytest.param(html(status=403), Reason.BLOCKED, {"status": 403}, id="403 without a word"),
        pytest.param(html(status=404), Reason.DELETED, {}, id="not there"),
        pytest.param(html(status=410), Reason.DELETED, {}, id="removed"),
        pytest.param(html(status=503), Reason.SERVER_ERROR, {"status": 503}, id="in trouble"),
        pytest.param(
            reply(302, location="https://www.google.com/sorry/index"),
            Reason.RATE_LIMITED,
            {},
            id="a check for robots",
        ),
        pytest.param(
            reply(302, location="https://consent.google.com/ml?continue=x"),
            Reason.BLOCKED,
            {},
            id="asked for consent",
        ),
        pytest.param(
            page("Before you continue to Google"), Reason.BLOCKED, {}, id="consent in its place"
        ),
        pytest.param(nothing(FailureKind.TIMEOUT), Reason.NOT_ANSWERING, {}, id="no answer"),
    ],
)
async def test_a_site_is_what_somebody_sees_who_is_not_signed_in(said, reason, facts):
    verdict = await check(PROVIDER, SITE, FakePorts({SITE: said}))
    assert (verdict.reason, verdict.facts) == (reason, facts)


@pytest.mark.parametrize(
    ("status", "reason"), [(301, Reason.MOVED), (308, Reason.MOVED), (302, Reason.LEADS_ON)]
)
async def test_a_site_may_have_an_address_of_its_own(status, reason):
    target = "https://course.example/home"
    verdict = await check(PROVIDER, SITE, FakePorts({SITE: reply(status, location=target)}))
    assert (verdict.reason, verdict.leads_to) == (reason, target)
    offered = verdict.instead.url if verdict.instead is not None else None
    assert offered == (target if reason is Reason.MOVED else None)


async def test_a_site_that_ends_on_googles_front_page_may_be_lost_or_not():
    home = "https://sites.google.com/"
    ports = FakePorts({SITE: reply(302, location=home), home: page("Google Sites")})
    assert (await check(PROVIDER, SITE, ports)).reason is Reason.UNEXPECTED_ANSWER


@pytest.mark.parametrize(
    ("fragment", "reason", "instead"),
    [
        pytest.param("h.week1", Reason.ALIVE, None, id="a heading of the page"),
        pytest.param("h.week2", Reason.PART_MISSING, f"{SITE}#h.week1", id="one much like it"),
        pytest.param("zzz", Reason.PART_MISSING, None, id="none"),
        pytest.param("top", Reason.ALIVE, None, id="the top is always there"),
    ],
)
async def test_a_link_may_name_a_place_of_a_site(fragment, reason, instead):
    ports = FakePorts({SITE: page(body="<h2 id=h.week1>Week 1</h2>")})
    verdict = await check(PROVIDER, f"{SITE}#{fragment}", ports)
    assert verdict.reason is reason
    assert (verdict.instead.url if verdict.instead is not None else None) == instead


async def test_only_the_place_that_this_link_names_is_its_own():
    resource = PROVIDER.identify(link(f"{SITE}#h.week2"))
    assert resource is not None
    ports = FakePorts({SITE: page(body="<h2 id=h.week1>Week 1</h2>")})
    verdict, _ = await drive(PROVIDER, resource, ports)
    assert PROVIDER.judge_link(link(SITE), verdict) is verdict
    assert PROVIDER.judge_link(link(f"{SITE}#h.week2"), verdict).reason is Reason.PART_MISSING


async def test_of_a_page_that_was_cut_nothing_is_missing():
    long = page(body="<h2 id=a>A</h2>" + "x" * 1_100_000)
    verdict = await check(PROVIDER, f"{SITE}#h.week2", FakePorts({SITE: long}))
    assert verdict.reason is Reason.ALIVE


async def test_an_id_that_lost_its_end_is_seen_without_asking():
    ports = FakePorts()
    verdict = await check(PROVIDER, f"{COLAB}/drive/1Q7LtZ", ports)
    assert (verdict.reason, ports.asked) == (Reason.MALFORMED_URL, [])


def test_a_site_that_cannot_be_asked_is_not_judged():
    resource = PROVIDER.identify(link(SITE))
    assert resource is not None
    judged = PROVIDER.judge(resource, [], frozenset())
    assert isinstance(judged, Verdict)
    assert judged.reason is Reason.NOT_ASKED
    assert PROVIDER.judge(resource, [], frozenset({"site", "page"})) == Ask("site")

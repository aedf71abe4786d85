"""Short links past their pages in between: hints, previews, look-ups, Bitly's API."""

import json
from datetime import timedelta

import pytest

from monitor.core.identify import link_to
from monitor.core.model import Url
from monitor.core.ports import FailureKind
from monitor.core.reasons import Reason
from monitor.core.urls import normalise
from monitor.providers.short_link import PROVIDER
from tests.providers.fakes import AT, FakePorts, drive, html, nothing, redirect, reply

FILE = Url("https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view")
SLIDES = Url("https://bit.ly/PPUU-slides")
BITLY = "https://api-ssl.bitly.com/v4/expand"
TOO_OFTEN = {"retry_after": "60"}


def resource(url):
    found = PROVIDER.identify(link_to(normalise(url)))
    assert found is not None
    return found


def api(status=200, /, _headers=None, **body):
    headers = {"content_type": "application/json", **(_headers or {})}
    return reply(status, json.dumps(body), **headers)


def with_own_address_on(page):
    return html(f"<p>You are going to <a class=go href='{page}'>{page}</a></p>")


# --- hints ---


@pytest.mark.parametrize(
    ("url", "status", "hint"),
    [
        pytest.param(SLIDES, 301, FILE, id="a link for good could be the address itself"),
        pytest.param(SLIDES, 308, FILE, id="also by the newer status"),
        pytest.param(SLIDES, 302, None, id="one that may change has its use"),
        pytest.param("https://doi.org/10.1000/182", 301, None, id="a DOI outlives addresses"),
        pytest.param("https://forms.gle/abc", 301, None, id="the owner of the target made it"),
        pytest.param("https://maps.app.goo.gl/abc", 301, None, id="so did Google with maps"),
    ],
)
async def test_a_lasting_short_link_gets_a_hint_and_stays_fine(url, status, hint):
    ports = FakePorts({url: redirect(FILE, status)})
    verdict, _ = await drive(PROVIDER, resource(url), ports)
    assert verdict.reason is Reason.LEADS_ON
    assert (verdict.instead.url if verdict.instead else None) == hint


# --- pages that show where they lead ---


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        pytest.param(with_own_address_on(FILE), FILE, id="the address as the text of its link"),
        pytest.param(
            html(f"<a href='{FILE}'>{FILE.removeprefix('https://')}</a>"),
            FILE,
            id="without its scheme",
        ),
        pytest.param(
            html(f"<a href='{FILE}'>{FILE}</a> <a href='{FILE}'>{FILE}</a>"),
            FILE,
            id="the same one twice",
        ),
        pytest.param(
            html(f"<a href='{FILE}'>{FILE}</a> <a href='https://ad.example/'>ad.example</a>"),
            None,
            id="two addresses, one of them perhaps an advertisement's",
        ),
        pytest.param(html(f"<a href='{FILE}'>Go on</a>"), None, id="a link of other words"),
        pytest.param(
            html("<a href='https://tinyurl.com/app'>tinyurl.com/app</a>"),
            None,
            id="the service's own address",
        ),
        pytest.param(html("<a href='http://['>http://[</a>"), None, id="no address"),
        pytest.param(html("<a name=x>some.words</a>"), None, id="no target"),
    ],
)
async def test_a_preview_is_read_for_its_target(page, leads_to):
    url = "https://tinyurl.com/abc"
    verdict, _ = await drive(PROVIDER, resource(url), FakePorts({url: page}))
    expected = Reason.INTERSTITIAL if leads_to else Reason.UNEXPECTED_ANSWER
    assert (verdict.reason, verdict.leads_to) == (expected, leads_to)
    assert (verdict.instead.url if verdict.instead else None) == leads_to


@pytest.mark.parametrize(
    ("past", "reason", "leads_to"),
    [
        pytest.param(api(url=FILE), Reason.INTERSTITIAL, FILE, id="the address"),
        pytest.param(
            api(errorcode=1, errormessage="x"), Reason.UNEXPECTED_ANSWER, None, id="an error"
        ),
        pytest.param(
            api(url="javascript:x()"), Reason.UNEXPECTED_ANSWER, None, id="no web address"
        ),
        pytest.param(html("<h1>Oops"), Reason.UNEXPECTED_ANSWER, None, id="no JSON"),
        pytest.param(nothing(FailureKind.TIMEOUT), Reason.UNEXPECTED_ANSWER, None, id="no answer"),
    ],
)
async def test_vgd_shows_a_page_to_everybody_and_tells_the_address_when_asked(
    past, reason, leads_to
):
    url = "https://v.gd/abc"
    ports = FakePorts({url: html(), "https://v.gd/forward.php?format=json&shorturl=abc": past})
    verdict, asked = await drive(PROVIDER, resource(url), ports)
    assert (verdict.reason, verdict.leads_to) == (reason, leads_to)
    assert asked == ["step", "past"]


async def test_google_may_take_us_for_a_robot_behind_its_page():
    url = "https://goo.gl/abc"
    sorry = redirect("https://www.google.com/sorry/index?continue=x", 302)
    verdict, _ = await drive(
        PROVIDER, resource(url), FakePorts({url: html(), f"{url}?si=1": sorry})
    )
    assert verdict.reason is Reason.RATE_LIMITED


# --- Bitly's API ---


@pytest.mark.parametrize(
    ("step", "told", "reason", "leads_to"),
    [
        pytest.param(
            html("<title>Bitly</title>"),
            api(long_url=FILE),
            Reason.INTERSTITIAL,
            FILE,
            id="a preview page that names no target",
        ),
        pytest.param(reply(403), api(long_url=FILE), Reason.LEADS_ON, FILE, id="a bot wall"),
        pytest.param(
            nothing(FailureKind.TIMEOUT), api(long_url=FILE), Reason.LEADS_ON, FILE, id="silence"
        ),
        pytest.param(
            reply(429), api(404, message="NOT_FOUND"), Reason.DELETED, None, id="no such link"
        ),
        pytest.param(reply(403), api(410, message="GONE"), Reason.GONE, None, id="switched off"),
        pytest.param(
            html(), api(404, message="NOT_FOUND"), Reason.DELETED, None, id="a page, and no link"
        ),
        pytest.param(reply(403), html("<h1>", 404), Reason.BLOCKED, None, id="a page of a proxy"),
        pytest.param(reply(403), api(404), Reason.BLOCKED, None, id="404 without Bitly's words"),
        pytest.param(reply(403), api(x=1), Reason.BLOCKED, None, id="no address in it"),
        pytest.param(
            reply(403), api(long_url="mailto:x"), Reason.BLOCKED, None, id="no web address"
        ),
        pytest.param(
            reply(403), api(403, message="FORBIDDEN"), Reason.BLOCKED, None, id="a wrong token"
        ),
        pytest.param(reply(403), api(429, TOO_OFTEN), Reason.BLOCKED, None, id="a spent allowance"),
        pytest.param(
            reply(403), api(500, long_url=FILE), Reason.BLOCKED, None, id="Bitly in trouble"
        ),
        pytest.param(
            reply(403), api(long_url=SLIDES), Reason.REDIRECT_LOOP, None, id="itself as target"
        ),
    ],
)
async def test_bitly_is_asked_where_the_link_itself_told_nothing(step, told, reason, leads_to):
    ports = FakePorts({SLIDES: step, f"POST {BITLY}": told})
    verdict, asked = await drive(PROVIDER, resource(SLIDES), ports)
    assert (verdict.reason, verdict.leads_to) == (reason, leads_to)
    assert asked == ["step", "expand"]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        pytest.param(redirect(FILE), Reason.LEADS_ON, id="it leads on"),
        pytest.param(reply(404), Reason.DELETED, id="there is none"),
        pytest.param(
            redirect("https://bitly.com/a/warning?url=x", 302),
            Reason.UNSAFE,
            id="its readers are warned, which the API does not tell",
        ),
        pytest.param(nothing(FailureKind.NETWORK), Reason.OWN_NETWORK, id="our own network"),
    ],
)
async def test_bitly_is_not_asked_where_the_link_itself_told(step, reason):
    verdict, asked = await drive(PROVIDER, resource(SLIDES), FakePorts({SLIDES: step}))
    assert (verdict.reason, asked) == (reason, ["step"])


async def test_without_a_key_a_preview_stays_unknown():
    ports = FakePorts({SLIDES: html()})
    verdict, asked = await drive(PROVIDER, resource(SLIDES), ports, without=["expand"])
    assert (verdict.reason, asked) == (Reason.UNEXPECTED_ANSWER, ["step"])


@pytest.mark.parametrize(
    ("url", "step", "asked"),
    [
        pytest.param("https://bitly.com/x", html(), "bit.ly/x", id="bitly.com is bit.ly"),
        pytest.param("https://nyti.ms/x", reply(429), "nyti.ms/x", id="a customer's host"),
        pytest.param(
            "https://rebrand.ly/x",
            html("<title>Bitly | Preview</title>"),
            "rebrand.ly/x",
            id="a host that shows Bitly's page",
        ),
        pytest.param("https://rebrand.ly/x", html("<title>Rebrandly</title>"), None, id="another"),
        pytest.param("https://rebrand.ly/x", reply(403), None, id="nobody knows whose"),
        pytest.param(
            "https://rebrand.ly/x", nothing(FailureKind.RESET), None, id="no answer at all"
        ),
    ],
)
async def test_bitly_is_asked_for_its_own_hosts_only(url, step, asked):
    ports = FakePorts({url: step, f"POST {BITLY}": api(long_url=FILE)})
    await drive(PROVIDER, resource(url), ports)
    sent = [json.loads(r.body)["bitlink_id"] for r in ports.requests if r.method == "POST"]
    assert sent == ([asked] if asked else [])
    assert all(r.credential == "bitly" for r in ports.requests if r.method == "POST")


@pytest.mark.parametrize(
    ("said", "kind", "wait"),
    [
        pytest.param(
            api(403, message="FORBIDDEN"), FailureKind.CREDENTIAL, None, id="a wrong token"
        ),
        pytest.param(
            api(402, message="UPGRADE_REQUIRED"), FailureKind.CREDENTIAL, None, id="no plan for it"
        ),
        pytest.param(
            api(429, TOO_OFTEN), FailureKind.QUOTA, AT + timedelta(minutes=1), id="too often"
        ),
        pytest.param(api(403), FailureKind.UNREADABLE, None, id="a refusal not in Bitly's form"),
    ],
)
async def test_what_bitly_refuses_is_told_by_who_must_act(said, kind, wait):
    the_link = resource(SLIDES)
    ports = FakePorts({f"POST {BITLY}": said})
    answer = (await PROVIDER.probes["expand"].ask([the_link], ports))[the_link.id]
    assert (answer.said.kind, answer.said.retry_at) == (kind, wait)


def test_the_token_goes_to_bitlys_api_alone():
    use = PROVIDER.credentials["bitly"]
    assert (use.header, use.form) == ("Authorization", "Bearer {}")
    assert use.hosts == {"api-ssl.bitly.com"}


def test_every_fact_of_a_chain_is_documented():
    assert [name for name, fact in PROVIDER.facts.items() if fact.identity] == ["target"]

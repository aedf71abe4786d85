"""Short links: one step each, and what stands in the way."""

from html import escape

import pytest

from monitor import providers
from monitor.core.identify import link_to
from monitor.core.model import Url, Verdict
from monitor.core.ports import Failure, FailureKind
from monitor.core.provider import Answer, Ask, Document
from monitor.core.reasons import Reason
from monitor.core.urls import normalise
from monitor.providers import _short_link_places
from monitor.providers.short_link import PROVIDER
from tests.providers.fakes import FakePorts, drive, html, redirect
from tests.strategies import NOON

SLIDES = Url("http://bit.ly/PPUU-slides")
GOOGLE = Url("https://goo.gl/abc")
FILE = Url("https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view")
EXAMPLES = [SLIDES, GOOGLE, "https://lnkd.in/abc", "https://doi.org/10.1000/182"]
EXAMPLES += ["https://is.gd/abc", "https://app.page.link/abc", "https://maps.app.goo.gl/abc"]
WITHOUT_KEY = frozenset(PROVIDER.probes) - {"expand"}


def resource(url=SLIDES):
    return PROVIDER.identify(link_to(normalise(url)))


def step(status=200, *, location=None, probe="step", **body):
    said = Document(status=status, url=SLIDES, body=body, location=location)
    return Answer(probe=probe, at=NOON, said=said)


def judge(*answers, url=SLIDES, usable=WITHOUT_KEY):
    return PROVIDER.judge(resource(url), answers, usable)


# --- recognising ---


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        pytest.param("http://bit.ly/PPUU-slides", "bit.ly/PPUU-slides", id="case matters"),
        pytest.param("https://bitly.com/DLSP20", "bitly.com/DLSP20", id="bitly.com is bit.ly too"),
        pytest.param("https://BIT.LY/x", "bit.ly/x", id="the host's case does not matter"),
        pytest.param("https://www.tinyurl.com/x/", "tinyurl.com/x", id="www and a slash"),
        pytest.param("https://bit.ly/x+", "bit.ly/x", id="a plus asks for the page about a link"),
        pytest.param("https://bit.ly/x#part", "bit.ly/x", id="a fragment is no part of it"),
        pytest.param("https://preview.tinyurl.com/x", "tinyurl.com/x", id="a preview"),
        pytest.param("https://t.co/x?amp=1", "t.co/x?amp=1", id="a query may matter"),
        pytest.param("https://goo.gl/maps/x", "goo.gl/maps/x", id="a map"),
        pytest.param("https://maps.app.goo.gl/x", "maps.app.goo.gl/x", id="a newer map"),
        pytest.param("https://dx.doi.org/10.1000/ABC", "doi.org/10.1000/abc", id="a DOI's case"),
        pytest.param("https://hdl.handle.net/1721.1/5", "hdl.handle.net/1721.1/5", id="a handle"),
        pytest.param("https://rebrand.ly/x", "rebrand.ly/x", id="a host of the shipped list"),
        pytest.param("https://app.page.link/x", "app.page.link/x", id="a Firebase Dynamic Link"),
        pytest.param("https://photos.app.goo.gl/x", "photos.app.goo.gl/x", id="an album"),
        pytest.param("https://goo.gl/x?si=1", "goo.gl/x", id="a wish for no page in between"),
        pytest.param("https://goo.gl/x?d=1", "goo.gl/x", id="the page about a short link"),
        pytest.param("https://is.gd/x-", "is.gd/x", id="is.gd's page about a short link"),
        pytest.param("https://bit.ly/x-", "bit.ly/x-", id="a hyphen is part of bit.ly's names"),
    ],
)
def test_a_short_link_is_recognised(url, id_):
    assert resource(url).id == f"shortlink:{id_}"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.org/x", id="an ordinary site"),
        pytest.param("https://bit.ly/", id="the service's front page"),
        pytest.param("https://bit.ly/+", id="a plus alone"),
        pytest.param("https://bitly.com/pages/pricing", id="the service's own pages"),
        pytest.param("https://bitly.com/a/warning?url=x", id="the service's warning"),
        pytest.param("https://youtu.be/0bMe_vCZo30", id="YouTube's short host is YouTube"),
        pytest.param("https://www.doi.org/the-identifier", id="the DOI Foundation's own pages"),
        pytest.param("https://hdl.handle.net/help", id="the Handle System's own pages"),
        pytest.param("https://dub.co/help/article", id="pages of a host known by name only"),
        pytest.param("https://bit.ly:8443/x", id="another port"),
        pytest.param("mailto:x@bit.ly", id="an e-mail"),
    ],
)
def test_something_else_is_left_to_others(url):
    assert resource(url) is None


def test_what_is_asked_is_the_address_as_written_without_plus_and_fragment():
    assert resource("http://bit.ly/x+?a=1#b").url == "http://bit.ly/x?a=1"
    assert resource("https://preview.tinyurl.com/x").url == "https://tinyurl.com/x"


@pytest.mark.parametrize(
    ("url", "kind"), [("https://doi.org/10.1000/182", "identifier"), (SLIDES, "link")]
)
def test_permanent_identifiers_are_told_apart(url, kind):
    assert resource(url).kind == kind


def test_the_shipped_list_is_read_whole_without_its_comments():
    hosts = _short_link_places.hosts()
    assert len(hosts) > 250
    assert {"1url.com", "zzb.bz", "bit.ly", "git.io"} <= hosts
    assert not any("#" in host or " " in host or not host for host in hosts)


@pytest.mark.parametrize("path", ["abc", "10.1000/182", "forms/abc", "maps/abc"])
def test_no_host_of_the_shipped_list_belongs_to_another_provider_too(path):
    others = [p for p in providers.find() if p.name not in {"web", "short_link"}]
    links = [link_to(Url(f"https://{host}/{path}")) for host in sorted(_short_link_places.hosts())]
    claimed = [link for link in links if PROVIDER.identify(link) is not None]
    assert [(p.name, link.url) for p in others for link in claimed if p.identify(link)] == []


# --- judging ---


@pytest.mark.parametrize(
    ("answer", "reason", "leads_to"),
    [
        pytest.param(step(301, location=FILE), Reason.LEADS_ON, FILE, id="a redirect leads on"),
        pytest.param(step(302, location=FILE), Reason.LEADS_ON, FILE, id="a temporary one too"),
        pytest.param(step(refresh=FILE), Reason.LEADS_ON, FILE, id="t.co sends browsers on so"),
        pytest.param(
            step(way_on=FILE), Reason.INTERSTITIAL, FILE, id="LinkedIn shows a page in between"
        ),
        pytest.param(step(way_on="0"), Reason.UNEXPECTED_ANSWER, None, id="a way on to no address"),
        pytest.param(step(refresh="0"), Reason.UNEXPECTED_ANSWER, None, id="a refresh to none"),
        pytest.param(step(404), Reason.DELETED, None, id="an unknown short link"),
        pytest.param(
            step(302, location=Url("https://bitly.com/")),
            Reason.SOFT_NOT_FOUND,
            None,
            id="the service's own front page instead of a target",
        ),
        pytest.param(
            step(302, location=Url("https://www.bit.ly/404")),
            Reason.SOFT_NOT_FOUND,
            None,
            id="the service's own error page instead of a target",
        ),
        pytest.param(step(410), Reason.GONE, None, id="a short link that was switched off"),
        pytest.param(step(403), Reason.BLOCKED, None, id="robots are turned away"),
        pytest.param(step(999), Reason.BLOCKED, None, id="LinkedIn turns robots away"),
        pytest.param(step(429), Reason.RATE_LIMITED, None, id="asked too often"),
        pytest.param(step(502), Reason.SERVER_ERROR, None, id="the service is in trouble"),
        pytest.param(
            step(title="Welcome"), Reason.UNEXPECTED_ANSWER, None, id="a page that tells nothing"
        ),
        pytest.param(
            step(refresh=SLIDES), Reason.UNEXPECTED_ANSWER, None, id="a page that reloads itself"
        ),
        pytest.param(
            step(words="Rate limit exceeded - please wait"),
            Reason.RATE_LIMITED,
            None,
            id="is.gd says that it was asked too often",
        ),
        pytest.param(
            step(title="Link Disabled"), Reason.TAKEN_DOWN, None, id="is.gd disabled the link"
        ),
        pytest.param(
            step(302, location=Url("https://bitly.com/a/warning?hash=x&url=http://evil.example/")),
            Reason.UNSAFE,
            None,
            id="Bitly warns of the target",
        ),
        pytest.param(
            step(302, location=Url("https://bitly.com/a/warning")),
            Reason.UNSAFE,
            None,
            id="Bitly warns without naming the target",
        ),
        pytest.param(
            step(302, location=Url("https://www.google.com/sorry/index?continue=x")),
            Reason.RATE_LIMITED,
            None,
            id="Google takes us for a robot",
        ),
        pytest.param(step(301, location=SLIDES), Reason.REDIRECT_LOOP, None, id="a link to itself"),
        pytest.param(
            step(301, location=Url("https://www.bit.ly/PPUU-slides")),
            Reason.REDIRECT_LOOP,
            None,
            id="a link to another spelling of itself",
        ),
        pytest.param(
            Answer(
                probe="step",
                at=NOON,
                said=Failure(kind=FailureKind.TIMEOUT, detail="bit.ly did not answer"),
            ),
            Reason.NOT_ANSWERING,
            None,
            id="the service does not answer",
        ),
    ],
)
def test_judge(answer, reason, leads_to):
    verdict = judge(answer)
    assert (verdict.reason, verdict.leads_to) == (reason, leads_to)


def test_the_target_that_bitly_warns_of_is_told():
    target = "http://evil.example/"
    verdict = judge(step(302, location=Url(f"https://bitly.com/a/warning?url={target}")))
    assert verdict.facts == {"warned_of": target}
    assert verdict.detail == "The service warns of the target, http://evil.example/."


def test_a_short_link_is_asked_first():
    assert judge() == Ask("step")


def test_nothing_is_claimed_when_it_cannot_be_asked():
    assert judge(usable=frozenset()).reason is Reason.NOT_ASKED


def test_the_page_between_of_googles_short_links_is_asked_to_step_aside():
    assert judge(step(), url=GOOGLE) == Ask("past")
    past = step(302, location=FILE, probe="past")
    verdict = judge(step(), past, url=GOOGLE)
    assert (verdict.reason, verdict.leads_to) == (Reason.INTERSTITIAL, FILE)


@pytest.mark.parametrize(
    "past",
    [
        step(200, probe="past"),
        Answer(
            probe="past", at=NOON, said=Failure(kind=FailureKind.RESET, detail="It was cut off.")
        ),
    ],
)
def test_a_page_between_that_stays_tells_nothing(past):
    assert judge(step(), past, url=GOOGLE).reason is Reason.UNEXPECTED_ANSWER


def test_a_link_has_no_part_of_its_own():
    verdict = Verdict(reason=Reason.LEADS_ON, detail="It leads on.", leads_to=FILE)
    assert PROVIDER.judge_link(link_to(SLIDES), verdict) is verdict


# --- asking ---


async def test_a_redirect_is_not_followed():
    ports = FakePorts({SLIDES: redirect(FILE)})
    verdict, asked = await drive(PROVIDER, resource(), ports)
    assert (verdict.leads_to, asked) == (FILE, ["step"])
    assert ports.asked == [SLIDES]


async def test_the_services_own_move_to_https_is_no_circle():
    secure = Url("https://bit.ly/PPUU-slides")
    ports = FakePorts({SLIDES: redirect(secure), secure: redirect(FILE)})
    verdict, _ = await drive(PROVIDER, resource(), ports)
    assert (verdict.reason, verdict.leads_to) == (Reason.LEADS_ON, FILE)


async def test_there_and_back_is_a_circle():
    secure = Url("https://bit.ly/PPUU-slides")
    ports = FakePorts({SLIDES: redirect(secure), secure: redirect(SLIDES)})
    verdict, _ = await drive(PROVIDER, resource(), ports)
    assert verdict.reason is Reason.REDIRECT_LOOP


LINKEDIN = Url("https://lnkd.in/abc")


@pytest.mark.parametrize(
    ("body", "leads_to"),
    [
        pytest.param(
            f"<a href='{escape(FILE + '?a=1&b=2')}'"
            " data-tracking-control-name='external_url_click'>",
            f"{FILE}?a=1&b=2",
            id="the address before its mark, with entities",
        ),
        pytest.param(
            f"<a class='b' data-tracking-control-name='external_url_click' href='{FILE}'>on</a>",
            FILE,
            id="the address after its mark",
        ),
        pytest.param(f'<a href="{FILE}">elsewhere</a>', None, id="another link"),
        pytest.param(
            '<a data-tracking-control-name="external_url_click">', None, id="a mark alone"
        ),
        pytest.param(
            '<a data-tracking-control-name="external_url_click" href="javascript:x()">',
            None,
            id="a script",
        ),
        pytest.param(
            '<a data-tracking-control-name="external_url_click" href="http://[">',
            None,
            id="no address",
        ),
        pytest.param("<a " * 2000, None, id="a hostile page"),
    ],
)
async def test_the_way_on_from_linkedins_page_in_between(body, leads_to):
    ports = FakePorts({LINKEDIN: html(body.encode())})
    verdict, _ = await drive(PROVIDER, resource(LINKEDIN), ports)
    assert verdict.leads_to == leads_to


async def test_a_page_that_refreshes_itself_leads_nowhere():
    ports = FakePorts({LINKEDIN: html(f'<meta http-equiv="refresh" content="0; url={LINKEDIN}">')})
    verdict, _ = await drive(PROVIDER, resource(LINKEDIN), ports)
    assert verdict.reason is Reason.UNEXPECTED_ANSWER


async def test_an_empty_page_tells_nothing():
    ports = FakePorts({LINKEDIN: html(b"")})
    verdict, _ = await drive(PROVIDER, resource(LINKEDIN), ports)
    assert verdict.reason is Reason.UNEXPECTED_ANSWER


async def test_googles_page_in_between_costs_a_second_request():
    past = Url(f"{GOOGLE}?si=1")
    ports = FakePorts({GOOGLE: html(), past: redirect(FILE, 302)})
    verdict, asked = await drive(PROVIDER, resource(GOOGLE), ports)
    assert (verdict.reason, asked) == (Reason.INTERSTITIAL, ["step", "past"])
    assert verdict.leads_to == FILE

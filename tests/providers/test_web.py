"""Ordinary pages and files: what each answer of a server means for the link."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.identify import link_to
from monitor.core.model import Suggestion, Url, Verdict
from monitor.core.ports import Failure, FailureKind, Hop, Response
from monitor.core.provider import Answer, Ask, Document
from monitor.core.reasons import Reason, Status
from monitor.core.urls import normalise
from monitor.providers.web import PROVIDER, sibling
from tests.providers.fakes import FakePorts, drive, html, redirect
from tests.strategies import NOON

PAGE = Url("https://example.org/it/week01")
PDF = Url("https://example.org/slides.pdf")
ROOT = Url("https://example.org/")
LOST = Url("https://example.org/404.html")
VIDEO = Url("https://www.youtube.com/watch?v=0bMe_vCZo30")
EXAMPLES = [PAGE, f"{PAGE}#video", PDF, "http://[::1", "ftp://example.org/a"]
EVERY = frozenset(PROVIDER.probes)


def resource(url=PAGE):
    return PROVIDER.identify(link_to(normalise(url) or Url(url)))


def document(status=200, *, url=PAGE, hops=(), location=None, headers=None, **body):
    return Document(
        status=status,
        url=url,
        body={"title": "", "heading": "", "words": "", "refresh": None, "truncated": False} | body,
        headers={"content-type": "text/html"} | (headers or {}),
        hops=hops,
        location=location,
    )


def hop(location, status=301, url=PAGE):
    return Hop(status=status, url=url, location=location)


def got(said, probe="get"):
    return Answer(probe=probe, at=NOON, said=said)


def failed(kind):
    return Failure(kind=kind, detail="It went wrong.")


def judge(*answers, url=PAGE, usable=EVERY):
    return PROVIDER.judge(resource(url), answers, usable)


# --- recognising ---


@pytest.mark.parametrize(
    ("written", "id_", "kind", "needs"),
    [
        pytest.param(PAGE, f"web:{PAGE}", "page", set(), id="a page"),
        pytest.param(f"{PAGE}#video", f"web:{PAGE}", "page", {"#video"}, id="a place on a page"),
        pytest.param(f"{PAGE}#top", f"web:{PAGE}", "page", set(), id="the top is always there"),
        pytest.param(f"{PAGE}#", f"web:{PAGE}", "page", set(), id="an empty fragment"),
        pytest.param(f"{PAGE}#!/a", f"web:{PAGE}", "page", set(), id="a route for scripts"),
        pytest.param(f"{PAGE}#/a", f"web:{PAGE}", "page", set(), id="another route for scripts"),
        pytest.param(f"{PAGE}#:~:text=a", f"web:{PAGE}", "page", set(), id="a text fragment"),
        pytest.param(f"{PDF}#page=3", f"web:{PDF}", "file", set(), id="a page of a file"),
        pytest.param("http://[::1", "web:http://[::1", "malformed", set(), id="no address"),
        pytest.param("ftp://example.org/a", "web:ftp://example.org/a", "other", set(), id="ftp"),
        pytest.param("mailto:a@b.org", "web:mailto:a@b.org", "other", set(), id="an e-mail"),
    ],
)
def test_identify(written, id_, kind, needs):
    found = resource(written)
    assert (found.id, found.kind, found.needs) == (id_, kind, needs)


@pytest.mark.parametrize(
    ("written", "detail"),
    [
        ("http://exa mple/", "The name of the site holds a space."),
        ("http://[::1", "The address in brackets is not a valid IPv6 address."),
        ("https//x.org", "The colon after http or https is missing."),
    ],
)
def test_what_is_no_address_is_broken_without_asking(written, detail):
    verdict = judge(url=written)
    assert (verdict.reason, verdict.detail) == (Reason.MALFORMED_URL, detail)


def test_what_is_not_asked_by_http_is_not_asked():
    assert judge(url="ftp://example.org/a").reason is Reason.NOT_ASKED


# --- which way to ask ---


@pytest.mark.parametrize(
    ("url", "answers", "probe"),
    [
        pytest.param(PAGE, [], "get", id="a page is asked by GET at once, for its title"),
        pytest.param(PDF, [], "head", id="a file is asked by HEAD"),
        pytest.param(
            PDF,
            [got(document(405), "head")],
            "get",
            id="a server that refuses HEAD is asked by GET",
        ),
        pytest.param(PDF, [got(document(404), "head")], "get", id="a 404 on HEAD is doubted"),
        pytest.param(PDF, [got(document(501), "head")], "get", id="a 501 on HEAD is doubted"),
        pytest.param(
            PDF, [got(document(200), "head")], "get", id="a page where a file should be is read"
        ),
        pytest.param(
            PDF,
            [got(failed(FailureKind.RESET), "head")],
            "get",
            id="a connection that is cut on HEAD is tried by GET",
        ),
    ],
)
def test_what_is_asked_next(url, answers, probe):
    assert judge(*answers, url=url) == Ask(probe)


def test_a_file_is_asked_by_get_where_head_cannot_be_used():
    assert judge(url=PDF, usable=frozenset({"get"})) == Ask("get")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (failed(FailureKind.NO_SUCH_HOST), Reason.NO_SUCH_HOST),
        (failed(FailureKind.TLS), Reason.TLS_INVALID),
        (document(429), Reason.RATE_LIMITED),
        (document(301, location=VIDEO), Reason.MOVED),
    ],
)
def test_what_get_would_not_change_is_judged_by_head(said, reason):
    assert judge(got(said, "head"), url=PDF).reason is reason


@pytest.mark.parametrize("answers", [[], [got(document(404), "head")]])
def test_nothing_is_claimed_when_no_way_to_ask_is_left(answers):
    assert judge(*answers, url=PDF, usable=frozenset()).reason is Reason.NOT_ASKED


# --- what an answer means ---


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(document(200), Reason.ALIVE, id="a 200 is alive"),
        pytest.param(document(204), Reason.ALIVE, id="a 204 is alive"),
        pytest.param(document(404), Reason.NOT_FOUND, id="a 404 is broken"),
        pytest.param(document(410), Reason.GONE, id="a 410 is gone"),
        pytest.param(document(451), Reason.LEGAL_BLOCK, id="a 451 is withheld"),
        pytest.param(document(400), Reason.UNEXPECTED_ANSWER, id="a 400 says nothing"),
        pytest.param(document(401), Reason.LOGIN_REQUIRED, id="a 401 asks to log in"),
        pytest.param(document(403), Reason.BLOCKED, id="a 403 may be for robots only"),
        pytest.param(document(405), Reason.BLOCKED, id="a 405 on GET is a wall"),
        pytest.param(document(406), Reason.BLOCKED, id="a 406 is a wall"),
        pytest.param(document(999), Reason.BLOCKED, id="LinkedIn's 999 is a wall"),
        pytest.param(document(429), Reason.RATE_LIMITED, id="a 429 asks to come later"),
        pytest.param(document(500), Reason.SERVER_ERROR, id="a 500 may pass"),
        pytest.param(document(503), Reason.SERVER_ERROR, id="a 503 may pass"),
        pytest.param(
            document(503, title="Just a moment..."), Reason.BLOCKED, id="a 503 with a challenge"
        ),
        pytest.param(
            document(200, headers={"cf-mitigated": "challenge"}),
            Reason.BLOCKED,
            id="a challenge behind a 200",
        ),
        pytest.param(
            document(200, title="Attention Required! | Cloudflare"),
            Reason.BLOCKED,
            id="a wall that calls itself a success",
        ),
        pytest.param(document(404, title="Access denied"), Reason.NOT_FOUND, id="a 404 stays one"),
        pytest.param(
            document(200, title="Access denied", words="word " * 400),
            Reason.ALIVE,
            id="a long page about walls is none",
        ),
        pytest.param(
            document(200, title="How CAPTCHAs work"), Reason.ALIVE, id="an article about captchas"
        ),
        pytest.param(failed(FailureKind.TIMEOUT), Reason.NOT_ANSWERING, id="no answer may pass"),
        pytest.param(failed(FailureKind.NETWORK), Reason.OWN_NETWORK, id="our own network"),
        pytest.param(failed(FailureKind.TLS), Reason.TLS_INVALID, id="a bad certificate"),
        pytest.param(failed(FailureKind.REDIRECT_LOOP), Reason.REDIRECT_LOOP, id="a circle"),
        pytest.param(
            document(304), Reason.UNEXPECTED_ANSWER, id="a redirect without a target says nothing"
        ),
    ],
)
def test_judge(said, reason):
    assert judge(got(said)).reason is reason


def test_a_refusal_keeps_its_status_for_the_rules_of_the_user():
    assert judge(got(document(403))).facts == {"status": 403}


def test_a_page_tells_its_title_type_and_age():
    said = document(
        title=" Deep Learning ",
        heading="Week 1",
        headers={"last-modified": "Tue, 24 Nov 2026 10:00:00 GMT", "content-length": "512"},
    )
    assert judge(got(said)).facts == {
        "title": "Deep Learning",
        "content_type": "text/html",
        "last_modified": "Tue, 24 Nov 2026 10:00:00 GMT",
    }


def test_a_file_tells_its_size():
    headers = {"content-type": "application/pdf", "content-length": "1048576"}
    verdict = judge(got(Document(status=200, url=PDF, headers=headers), "head"), url=PDF)
    assert verdict.reason is Reason.ALIVE
    assert verdict.facts == {"content_type": "application/pdf", "size": 1048576}


# --- redirects ---

NEW = Url("https://new.example.org/week01")


@pytest.mark.parametrize(
    ("said", "reason", "instead"),
    [
        pytest.param(
            document(url=NEW, hops=(hop(NEW, 301),)), Reason.MOVED, NEW, id="a permanent redirect"
        ),
        pytest.param(
            document(url=NEW, hops=(hop(ROOT, 308), hop(NEW, 301))),
            Reason.MOVED,
            NEW,
            id="a chain of permanent redirects leads to its end",
        ),
        pytest.param(
            document(url=NEW, hops=(hop(NEW, 302),)), Reason.ALIVE, None, id="a temporary redirect"
        ),
        pytest.param(
            document(url=NEW, hops=(hop(ROOT, 301), hop(NEW, 307))),
            Reason.ALIVE,
            None,
            id="a chain is as temporary as its most temporary step",
        ),
        pytest.param(
            document(url=PAGE, hops=(hop(ROOT), hop(PAGE))), Reason.ALIVE, None, id="there and back"
        ),
        pytest.param(
            document(404, url=NEW, hops=(hop(NEW, 301),)),
            Reason.NOT_FOUND,
            None,
            id="a redirect to nothing",
        ),
        pytest.param(
            document(url=Url("https://example.org/login?next=/it"), hops=(hop(ROOT, 302),)),
            Reason.LOGIN_REQUIRED,
            None,
            id="a redirect to a log-in page",
        ),
        pytest.param(
            document(
                url=Url("https://example.org/?return_to=%2Fit%2Fweek01"), hops=(hop(ROOT, 302),)
            ),
            Reason.LOGIN_REQUIRED,
            None,
            id="a redirect to a page that would send back",
        ),
        pytest.param(
            document(url=NEW, hops=(hop(NEW, 302),), title="Sign in – The university"),
            Reason.LOGIN_REQUIRED,
            None,
            id="a redirect to a page that calls itself a log-in",
        ),
        pytest.param(
            document(301, location=VIDEO), Reason.MOVED, VIDEO, id="a page that became a video"
        ),
        pytest.param(
            document(302, location=VIDEO), Reason.LEADS_ON, None, id="a page that leads to a video"
        ),
        pytest.param(
            document(301, hops=(hop(ROOT, 302),), location=VIDEO),
            Reason.LEADS_ON,
            None,
            id="a video behind a temporary step",
        ),
        pytest.param(
            document(302, location=Url("https://accounts.google.com/ServiceLogin")),
            Reason.LOGIN_REQUIRED,
            None,
            id="a redirect to Google's log-in",
        ),
    ],
)
def test_redirects(said, reason, instead):
    verdict = judge(got(said), usable=frozenset())
    assert verdict.reason is reason
    assert (verdict.instead and verdict.instead.url) == instead
    assert verdict.leads_to == said.location or reason is Reason.LOGIN_REQUIRED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("http://example.org/it", "https://example.org/it", id="https"),
        pytest.param("https://example.org/it", "https://example.org/it/", id="a slash"),
        pytest.param("https://example.org/it", "https://www.example.org/it", id="www"),
        pytest.param("https://example.org/it/index.html", "https://example.org/it/", id="index"),
    ],
)
def test_a_redirect_to_another_spelling_is_said_to_be_one(old, new):
    said = document(url=Url(new), hops=(hop(Url(new), url=Url(old)),))
    verdict = judge(got(said), url=old)
    assert verdict.reason is Reason.MOVED
    assert verdict.detail.endswith("only the spelling of the address differs.")
    assert verdict.instead.url == new


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        pytest.param(document(refresh=VIDEO), VIDEO, id="an empty page that sends on leads on"),
        pytest.param(
            document(refresh=VIDEO, words="word " * 200),
            None,
            id="a page with text is read by those with scripts",
        ),
        pytest.param(document(refresh=PAGE), None, id="a page that reloads itself leads nowhere"),
        pytest.param(document(refresh="javascript:x()"), None, id="a script is no target"),
    ],
)
def test_a_page_that_sends_its_readers_on(said, leads_to):
    assert judge(got(said)).leads_to == leads_to


# --- error pages in disguise ---

NEVER = sibling(PAGE)


@pytest.mark.parametrize(
    ("said", "neighbour", "reason"),
    [
        pytest.param(
            document(title="Page not found"),
            document(url=NEVER, title="Page not found"),
            Reason.SOFT_NOT_FOUND,
            id="the same error page for an address that never existed",
        ),
        pytest.param(
            document(title="Il sito", heading="Pagina non trovata"),
            document(url=NEVER, title="Il sito", heading="Pagina non trovata"),
            Reason.SOFT_NOT_FOUND,
            id="the heading gives it away",
        ),
        pytest.param(
            document(title="Page not found: the history of the 404"),
            document(404, url=NEVER, title="Not found"),
            Reason.ALIVE,
            id="an article about error pages, on a site that knows a 404",
        ),
        pytest.param(
            document(title="Page not found: a history"),
            document(url=NEVER, title="Welcome to our application"),
            Reason.ALIVE,
            id="the site shows something else for what never existed",
        ),
        pytest.param(
            document(title="Page not found"),
            failed(FailureKind.TIMEOUT),
            Reason.ALIVE,
            id="a second question without an answer confirms nothing",
        ),
        pytest.param(
            document(title="Page not found"),
            document(200, url=NEVER, location=VIDEO),
            Reason.ALIVE,
            id="a second answer that leads away confirms nothing",
        ),
        pytest.param(
            document(url=ROOT, hops=(hop(ROOT, 301),), title="Home"),
            document(url=ROOT, hops=(hop(ROOT, 301),), title="Home"),
            Reason.SOFT_NOT_FOUND,
            id="whatever is lost is sent to the front page for good",
        ),
        pytest.param(
            document(url=ROOT, hops=(hop(ROOT, 302),), title="Home"),
            document(url=ROOT, hops=(hop(ROOT, 302),), title="Home"),
            Reason.UNEXPECTED_ANSWER,
            id="a site that sends everybody to its front page for now may be a wall for cookies",
        ),
        pytest.param(
            document(url=ROOT, hops=(hop(ROOT, 301),), title="Home"),
            document(404, url=NEVER),
            Reason.MOVED,
            id="just this page was moved to the front page",
        ),
        pytest.param(
            document(url=LOST, hops=(hop(LOST, 302),), title="Ups"),
            document(url=LOST, hops=(hop(LOST, 302),), title="Ups"),
            Reason.SOFT_NOT_FOUND,
            id="whatever is lost is sent to an error page",
        ),
        pytest.param(
            document(title="example.org is for sale"),
            document(url=NEVER, title="example.org is for sale"),
            Reason.SOFT_NOT_FOUND,
            id="a domain that is for sale shows the same everywhere",
        ),
        pytest.param(
            document(url=LOST, hops=(hop(LOST, 302),)),
            document(url=NEVER),
            Reason.ALIVE,
            id="two pages without any words are not the same",
        ),
    ],
)
def test_an_error_page_in_disguise(said, neighbour, reason):
    assert judge(got(said)) == Ask("sibling")
    assert judge(got(said), got(neighbour, "sibling")).reason is reason


@pytest.mark.parametrize(
    ("neighbour", "reason"),
    [
        pytest.param(document(title="Our App"), Reason.UNEXPECTED_ANSWER, id="as for any address"),
        pytest.param(document(404), Reason.ALIVE, id="on a site that knows what it has not"),
    ],
)
def test_a_page_in_place_of_a_file(neighbour, reason):
    html = {"content-type": "text/html"}
    said = replace(document(url=PDF, title="Our App"), headers=html)
    assert judge(got(said), url=PDF) == Ask("sibling")
    assert judge(got(said), got(neighbour, "sibling"), url=PDF).reason is reason


def test_a_doubt_that_cannot_be_asked_after_is_dropped():
    verdict = judge(got(document(title="Page not found")), usable=frozenset({"get"}))
    assert verdict.reason is Reason.ALIVE


def test_a_disguise_suggests_no_front_page():
    said = document(url=ROOT, hops=(hop(ROOT, 301),))
    verdict = judge(got(said), got(said, "sibling"))
    assert verdict.reason is Reason.SOFT_NOT_FOUND
    assert verdict.instead is None
    assert verdict.detail == (
        "It redirects to the front page, https://example.org/, and the site shows the same"
        " for an address that never existed."
    )


# --- the link's own part ---


def place(fragment, ids, **more):
    found = replace(resource(f"{PAGE}#{fragment}"), needs=frozenset({f"#{fragment}"}))
    verdict = PROVIDER.judge(found, [got(document(ids=ids, **more))], EVERY)
    link = link_to(Url(f"{PAGE}#{fragment}"))
    return PROVIDER.judge_link(link, verdict)


@pytest.mark.parametrize(
    ("fragment", "ids", "reason"),
    [
        pytest.param("video", ["video"], Reason.ALIVE, id="a heading that is there"),
        pytest.param("video", ["audio"], Reason.PART_MISSING, id="a heading that is not"),
        pytest.param("video", [], Reason.ALIVE, id="a page without any ids says nothing"),
        pytest.param("video", ["root", "x"], Reason.ALIVE, id="a page built by scripts"),
        pytest.param("video", ["user-content-video"], Reason.ALIVE, id="GitHub's prefix"),
        pytest.param("caff%C3%A8", ["caffè"], Reason.ALIVE, id="a percent-encoded heading"),
        pytest.param("a%20b", ["a%20b"], Reason.ALIVE, id="an id that is percent-encoded itself"),
        pytest.param("video", "video", Reason.ALIVE, id="an answer of odd shape says nothing"),
    ],
)
def test_places_on_a_page(fragment, ids, reason):
    assert place(fragment, ids).reason is reason


def test_a_page_that_was_cut_says_nothing_of_places():
    assert place("video", ["audio"], truncated=True).reason is Reason.ALIVE


def test_a_place_of_a_similar_name_is_offered():
    verdict = place("introducton", ["introduction", "summary"])
    assert verdict.detail == "The page is there, but nothing on it is named “introducton”."
    assert verdict.instead == Suggestion(
        url=Url(f"{PAGE}#introduction"),
        why="The page has a place of a similar name, “introduction”.",
        confidence=0.6,
    )


def test_a_similar_place_is_offered_at_the_new_address():
    verdict = place("introducton", ["introduction"], url=NEW, hops=(hop(NEW),))
    assert verdict.reason is Reason.PART_MISSING
    assert verdict.instead.url == f"{NEW}#introduction"


def test_a_link_into_a_moved_page_keeps_its_place():
    verdict = place("video", ["video"], url=NEW, hops=(hop(NEW),))
    assert (verdict.reason, verdict.instead.url) == (Reason.MOVED, f"{NEW}#video")


def test_other_links_to_the_page_are_not_blamed():
    verdict = Verdict(
        reason=Reason.ALIVE, detail="It answered 200.", facts={"anchors_missing": {"video": None}}
    )
    assert PROVIDER.judge_link(link_to(PAGE), verdict) is verdict


def test_a_page_that_is_broken_has_no_places():
    verdict = Verdict(reason=Reason.NOT_FOUND, detail="404")
    assert PROVIDER.judge_link(link_to(Url(f"{PAGE}#video")), verdict) is verdict


def test_a_link_that_lost_its_colon_is_told_so():
    link = replace(link_to(Url("https://example.org/https//x.org")), written="https//x.org")
    verdict = PROVIDER.judge_link(link, Verdict(reason=Reason.NOT_FOUND, detail="404"))
    assert verdict.reason is Reason.MALFORMED_URL
    assert verdict.detail == "The colon after http or https is missing."


# --- asking ---


async def test_a_page_costs_one_request():
    ports = FakePorts({PAGE: html("<title>Week 1</title>")})
    verdict, asked = await drive(PROVIDER, resource(), ports)
    assert (verdict.reason, asked) == (Reason.ALIVE, ["get"])
    assert verdict.facts["title"] == "Week 1"
    assert [request.read for request in ports.requests] == [64 * 1024]


async def test_places_cost_a_longer_read():
    ports = FakePorts({PAGE: html('<h2 id="video">Video</h2>')})
    verdict, _ = await drive(PROVIDER, resource(f"{PAGE}#audio"), ports)
    assert verdict.facts["anchors_missing"] == {"audio": None}
    assert [request.read for request in ports.requests] == [1024 * 1024]


async def test_a_file_costs_a_head_without_a_body():
    pdf = Response(status=200, url=PDF, headers={"content-type": "application/pdf"}, body=b"%PDF")
    ports = FakePorts({PDF: pdf})
    verdict, asked = await drive(PROVIDER, resource(PDF), ports)
    assert (verdict.reason, asked) == (Reason.ALIVE, ["head"])
    assert [request.read for request in ports.requests] == [0]


async def test_a_file_whose_server_refuses_head_costs_two():
    pdf = Response(status=200, url=PDF, headers={"content-type": "application/pdf"}, body=b"%PDF")
    ports = FakePorts({f"HEAD {PDF}": replace(pdf, status=405), PDF: pdf})
    verdict, asked = await drive(PROVIDER, resource(PDF), ports)
    assert (verdict.reason, asked) == (Reason.ALIVE, ["head", "get"])


async def test_redirects_are_followed_on_the_web_only():
    ports = FakePorts({PAGE: redirect(NEW), NEW: redirect(VIDEO)})
    verdict, _ = await drive(PROVIDER, resource(), ports)
    assert (verdict.reason, verdict.leads_to) == (Reason.MOVED, VIDEO)


async def test_a_site_without_error_pages_is_found_out():
    lost = html("<title>Página no encontrada</title>")
    ports = FakePorts({PAGE: lost, NEVER: lost})
    verdict, asked = await drive(PROVIDER, resource(), ports)
    assert (verdict.reason, asked) == (Reason.SOFT_NOT_FOUND, ["get", "sibling"])
    assert verdict.status is Status.BROKEN


async def test_one_question_answers_for_a_whole_folder():
    pages = [resource(f"https://example.org/it/{name}") for name in ("a", "b")]
    elsewhere = resource("https://example.org/en/a")
    probe = PROVIDER.probes["sibling"]
    batches = probe.cut([*pages, elsewhere])
    assert [[one.id for one in batch] for batch in batches] == [
        [one.id for one in pages],
        [elsewhere.id],
    ]
    ports = FakePorts({})
    answers = await probe.ask(batches[0], ports)
    assert set(answers) == {one.id for one in pages}
    assert ports.asked == [sibling(pages[0].url)]


@given(name=st.from_regex(r"[a-z0-9.]{0,3}[a-z0-9]", fullmatch=True))
def test_the_unused_address_hangs_on_the_folder_alone(name):
    url = normalise(f"https://example.org/it/{name}")
    assert sibling(url) == sibling(Url("https://example.org/it/x"))
    assert sibling(url) != url

"""What of links into a repository that the API does not show: its page has the last word."""

import json

import pytest

from monitor.core.reasons import Reason
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, drive, link, reply
from tests.providers.test_github import FILE, NOT_FOUND, REPO, SITE

GRAPHQL = "https://api.github.com/graphql"
NO_REPOSITORY = {
    "data": {"r0": None},
    "errors": [{"type": "NOT_FOUND", "path": ["r0"], "message": "Could not resolve"}],
}

ARCHIVE = f"{SITE}/archive/refs/heads/main.zip"


@pytest.mark.parametrize("url", [FILE, f"{SITE}/tree/main/a", f"{SITE}/tree/main", ARCHIVE])
@pytest.mark.parametrize(
    ("home", "page", "reason"),
    [
        pytest.param(reply(404), reply(404), Reason.DELETED, id="its page is not there either"),
        pytest.param(reply(429), reply(200), Reason.DELETED, id="its page is shut"),
        pytest.param(reply(200), reply(200), Reason.ALIVE, id="its page is there, and the link's"),
        pytest.param(reply(200), reply(404), Reason.NOT_FOUND, id="only the repository's page is"),
        pytest.param(reply(200), reply(429), Reason.RATE_LIMITED, id="the link's page is shut"),
    ],
)
async def test_where_the_api_alone_says_404_the_repositorys_page_is_asked(url, home, page, reason):
    own = {PROVIDER.identify(link(url)).url: page}
    ports = FakePorts({REPO: NOT_FOUND, SITE: home, **own})
    assert (await check(PROVIDER, url, ports)).reason is reason


async def test_without_a_page_to_ask_the_apis_word_counts_and_no_more_is_claimed():
    gone = await check(PROVIDER, FILE, FakePorts({REPO: NOT_FOUND}), without=["repo_page"])
    assert gone.reason is Reason.DELETED
    ports = FakePorts({REPO: NOT_FOUND, SITE: reply(200)})
    there = await check(PROVIDER, FILE, ports, without=["page"])
    assert there.reason is Reason.NOT_ASKED


async def test_a_file_is_told_by_its_own_page_where_the_repositorys_leads_to_a_new_name():
    new = "https://github.com/n/r"
    pages = {
        SITE: reply(301, location=new),
        new: reply(200),
        FILE: reply(301, location=f"{new}/blob/main/a/b.py"),
        f"{new}/blob/main/a/b.py": reply(200),
    }
    verdict = await check(PROVIDER, FILE, FakePorts({REPO: NOT_FOUND, **pages}))
    assert verdict.reason is Reason.RENAMED
    assert verdict.instead.url == f"{new}/blob/main/a/b.py"


async def test_where_graphql_and_rest_agree_no_page_is_asked_for_a_file():
    resource = PROVIDER.identify(link(FILE))
    agreed = reply(200, json.dumps(NO_REPOSITORY))
    ports = FakePorts({GRAPHQL: agreed, REPO: NOT_FOUND, SITE: reply(200), FILE: reply(200)})
    verdict, asked = await drive(PROVIDER, resource, ports)
    assert (verdict.reason, asked) == (Reason.DELETED, ["graphql", "repository"])


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(404, '{"message": "Not Found"}'), id="a proxy knows no such address"),
        pytest.param(reply(200, '{"data": {}}'), id="an answer without the repository"),
        pytest.param(
            reply(200, '{"data": {"r0": null}, "errors": [{"type": "X", "path": ["r0"]}]}'),
            id="kept back",
        ),
        pytest.param(reply(200, '{"data": {"r0": {}}}'), id="a repository without a name"),
    ],
)
async def test_what_graphql_did_not_deny_is_confirmed_by_the_page(answer):
    ports = FakePorts({GRAPHQL: answer, REPO: NOT_FOUND, SITE: reply(200), FILE: reply(200)})
    assert (await check(PROVIDER, FILE, ports)).reason is Reason.ALIVE


async def test_a_repositorys_page_is_asked_once_for_all_links_into_it():
    urls = [SITE, FILE, f"{SITE}/tree/main", "https://github.com/O/R/blob/main/c.py"]
    resources = [PROVIDER.identify(link(url)) for url in (*urls, "https://github.com/p/q")]
    probe = PROVIDER.probes["repo_page"]
    batches = probe.cut(resources)
    assert [len(batch) for batch in batches] == [4, 1]
    ports = FakePorts({SITE: reply(200)})
    answers = await probe.ask(batches[0], ports)
    assert {i: a.said.status for i, a in answers.items()} == {r.id: 200 for r in resources[:4]}
    assert ports.asked == [SITE]
    assert ports.requests[0].credential is None


@pytest.mark.parametrize(
    ("allowance", "names"),
    [
        pytest.param("github-graphql", {"graphql", "elsewhere"}, id="points"),
        pytest.param(None, {"lines", "page", "repo_page"}, id="what GitHub does not count"),
    ],
)
def test_probes_share_the_allowance_of_their_api(allowance, names):
    by_rest = PROVIDER.probes.keys() - {"graphql", "elsewhere", "lines", "page", "repo_page"}
    assert {n for n, p in PROVIDER.probes.items() if p.allowance == allowance} == names
    assert {PROVIDER.probes[n].allowance for n in by_rest} == {"github-rest"}

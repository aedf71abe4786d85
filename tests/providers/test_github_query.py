"""Hostile and partial answers to a query, who has the next word then, and the query itself."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Verdict
from monitor.core.ports import Failure, FailureKind
from monitor.core.reasons import Reason
from monitor.providers import _github_graphql as graphql
from monitor.providers._github_places import NOWHERE, Place
from monitor.providers.github import PROVIDER
from tests.providers.fakes import AT, FakePorts, check, link, nothing, reply
from tests.providers.github_world import GRAPH
from tests.world.graphql_parsing import parse

SITE = "https://github.com/o/r"
GRAPHQL = "https://api.github.com/graphql"
REPO = "https://api.github.com/repos/o/r"


def said(data, *errors, status=200, **headers):
    return reply(status, json.dumps({"data": data, "errors": list(errors)}), **headers)


REPOSITORY = {"nameWithOwner": "o/r", "defaultBranchRef": {"name": "main"}, "isPrivate": False}
NOT_FOUND = {"type": "NOT_FOUND", "path": ["r0"], "message": "Could not resolve"}
TREE = {f"{REPO}/git/trees/main?recursive=1": reply(200, '{"tree": [{"path": "a/b.py"}]}')}
THERE = {REPO: reply(200, '{"full_name": "o/r", "default_branch": "main"}'), **TREE}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(200, "<html>"), id="no JSON"),
        pytest.param(reply(200, "[" * 100_000), id="nested too deeply"),
        pytest.param(reply(200, "[1, 2]"), id="a list"),
        pytest.param(reply(200, '{"data": 7}'), id="data of the wrong shape"),
        pytest.param(said(None, {"message": "Something went wrong"}), id="an error and no data"),
        pytest.param(reply(502, "<html>Unicorn!"), id="the ten seconds were over"),
        pytest.param(said({}), id="data without our aliases"),
        pytest.param(said({"r0": []}), id="a repository that is a list"),
        pytest.param(said({"r0": {}}), id="a repository without a name"),
        pytest.param(said({"r0": None}, {"type": "FORBIDDEN", "path": ["r0"]}), id="kept back"),
        pytest.param(said({"r0": None}, {"message": "x"}), id="an error about nothing"),
        pytest.param(said({"r0": None}, NOT_FOUND), id="not seen, although REST sees it"),
        pytest.param(
            said({"r0": {**REPOSITORY, "object_0": 1, "ref_0": [2]}}), id="things that are none"
        ),
        pytest.param(
            said(
                {"r0": {**REPOSITORY, "object_0": None, "ref_0": {}}},
                {"type": "X", "path": ["r0", "object_0"]},
            ),
            id="a path kept back",
        ),
        pytest.param(said({"r0": REPOSITORY}), id="a repository without what was asked of it"),
        pytest.param(nothing(FailureKind.TIMEOUT), id="no answer"),
    ],
)
async def test_where_graphql_says_nothing_clear_rest_does(answer):
    ports = FakePorts({GRAPHQL: answer, **THERE})
    verdict = await check(PROVIDER, f"{SITE}/blob/main/a/b.py", ports)
    assert verdict.reason is Reason.ALIVE


PAGE = {f"{SITE}/blob/main/a/b.py": reply(429)}
RESET = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795600000"}
LIMITED = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}


@pytest.mark.parametrize(
    ("answer", "retry_at"),
    [
        pytest.param(said(None, LIMITED), AT + timedelta(hours=1, seconds=0.05), id="no instant"),
        pytest.param(
            said(None, LIMITED, **RESET), datetime.fromtimestamp(1795600000, UTC), id="an instant"
        ),
        pytest.param(
            said({"r0": None}, {"type": "RATE_LIMIT"}, **RESET),
            datetime.fromtimestamp(1795600000, UTC),
            id="the other name",
        ),
        pytest.param(
            reply(403, '{"message": "You have exceeded a secondary rate limit"}', retry_after="90"),
            AT + timedelta(seconds=90.05),
            id="a secondary limit",
        ),
    ],
)
async def test_a_spent_allowance_of_points_is_our_own_trouble(answer, retry_at):
    ports = FakePorts({GRAPHQL: answer, **PAGE})
    resource = PROVIDER.identify(link(f"{SITE}/blob/main/a/b.py"))
    found = (await PROVIDER.probes["graphql"].ask([resource], ports))[resource.id].said
    assert isinstance(found, Failure)
    assert (found.kind, found.retry_at) == (FailureKind.QUOTA, retry_at)
    assert f"ask again at {retry_at:%H:%M} UTC" in found.detail
    others = sorted(set(PROVIDER.probes) - {"graphql", "elsewhere"})
    verdict = await check(PROVIDER, f"{SITE}/blob/main/a/b.py", ports, without=others)
    assert (verdict.reason, verdict.retry_at) == (Reason.OWN_QUOTA, retry_at)


async def test_rest_is_asked_where_only_the_points_are_spent():
    ports = FakePorts({GRAPHQL: said(None, LIMITED), **THERE})
    assert (await check(PROVIDER, f"{SITE}/blob/main/a/b.py", ports)).reason is Reason.ALIVE


async def test_a_refused_token_is_refused_once_and_the_page_asked():
    ports = FakePorts({GRAPHQL: reply(401, '{"message": "Bad credentials"}'), SITE: reply(200)})
    assert (await check(PROVIDER, SITE, ports)).reason is Reason.ALIVE
    assert ports.asked == [GRAPHQL, SITE]
    shut = FakePorts({GRAPHQL: reply(401, '{"message": "Bad credentials"}'), SITE: reply(429)})
    assert (await check(PROVIDER, SITE, shut, without=["page"])).reason is Reason.OWN_CREDENTIAL


@pytest.mark.parametrize("url", [SITE, f"{SITE}/blob/main/a/b.py", f"{SITE}/issues/1"])
async def test_what_only_our_token_sees_is_private(url):
    ports = FakePorts({GRAPHQL: said({"r0": {**REPOSITORY, "isPrivate": True}})})
    assert (await check(PROVIDER, url, ports)).reason is Reason.PRIVATE
    assert ports.asked == [GRAPHQL]


async def test_a_disabled_repository_is_asked_after_and_then_its_page():
    disabled = said({"r0": {**REPOSITORY, "isDisabled": True}})
    block = reply(403, '{"message": "blocked", "block": {"reason": "tos"}}')
    blocked = FakePorts({GRAPHQL: disabled, REPO: block})
    assert (await check(PROVIDER, SITE, blocked)).reason is Reason.TAKEN_DOWN
    shown = FakePorts({GRAPHQL: disabled, REPO: reply(503), SITE: reply(200)})
    assert (await check(PROVIDER, SITE, shown)).reason is Reason.ALIVE


FILE = f"{SITE}/blob/main/a/b.py"
NO_FILE = {"r0": {**REPOSITORY, "ref_0": {"__typename": "Commit"}, "object_0": None}}
NO_REF = {"r0": {**REPOSITORY, "ref_0": None, "object_0": None}}
LONG_TREE = f"{REPO}/git/trees/main%2Fa?recursive=1"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        pytest.param(
            {GRAPHQL: said(NO_FILE), **{url: reply(500) for url in TREE}},
            Reason.PATH_GONE,
            id="a path that GraphQL knows not, and a tree nobody gets",
        ),
        pytest.param(
            {GRAPHQL: said(NO_FILE), FILE: reply(200)},
            Reason.ALIVE,
            id="a path that GraphQL knows not, but the page",
        ),
        pytest.param(
            {GRAPHQL: said(NO_FILE), **TREE}, Reason.ALIVE, id="one that the tree knows: a module"
        ),
        pytest.param(
            {
                REPO: THERE[REPO],
                f"{REPO}/git/matching-refs/heads/main": reply(
                    200, '[{"ref": "refs/heads/main/a"}]'
                ),
                LONG_TREE: reply(200, '{"tree": [], "truncated": true}'),
                FILE: reply(200),
            },
            Reason.ALIVE,
            id="a ref with a slash and a tree that is cut off: the page tells",
        ),
        pytest.param(
            {
                REPO: THERE[REPO],
                f"{REPO}/git/matching-refs/heads/main": reply(200, '[{"ref": "x"}, 7]'),
                f"{REPO}/git/matching-refs/tags/main": reply(200, '[{"ref": "refs/tags/main/a"}]'),
                LONG_TREE: reply(200, '{"tree": [{"path": "b.py"}]}'),
            },
            Reason.ALIVE,
            id="a tag with a slash",
        ),
    ],
)
async def test_a_path_is_looked_for_by_every_way_there_is(table, reason):
    assert (await check(PROVIDER, FILE, FakePorts(table))).reason is reason


async def test_where_the_second_query_fails_rest_looks_for_branches():
    class Failing(FakePorts):
        def _answer(self, url, request):
            first = url == GRAPHQL and self.asked.count(GRAPHQL) == 1
            return said(NO_REF) if first else super()._answer(url, request)

    names = {f"{REPO}/git/matching-refs/heads/main": reply(200, '[{"ref": "refs/heads/main/a"}]')}
    tree = {LONG_TREE: reply(200, '{"tree": [{"path": "b.py"}]}')}
    ports = Failing({**names, **tree})
    assert (await check(PROVIDER, FILE, ports)).reason is Reason.ALIVE
    assert (await check(PROVIDER, FILE, Failing({}))).reason is Reason.BRANCH_GONE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(reply(200), Reason.ALIVE, id="it comes"),
        pytest.param(reply(404), Reason.NOT_FOUND, id="it does not"),
    ],
)
async def test_only_the_second_page_of_an_archive_tells_where_the_api_does_not(answer, reason):
    url, there = f"{SITE}/archive/main.zip", "https://codeload.github.com/o/r/zip/refs/heads/main"
    ports = FakePorts({REPO: reply(503), url: reply(302, location=there), there: answer})
    assert (await check(PROVIDER, url, ports)).reason is reason


async def test_a_wiki_page_that_leads_to_another_has_moved():
    url = f"{SITE}/wiki/Old"
    ports = FakePorts({**THERE, url: reply(302, location=f"{SITE}/wiki/New")})
    verdict = await check(PROVIDER, url, ports)
    assert (verdict.reason, verdict.instead.url) == (Reason.MOVED, f"{SITE}/wiki/New")


async def test_a_gist_that_leads_elsewhere_is_there():
    gist = "https://gist.github.com/0123456789abcdef0123"
    ports = FakePorts({gist: reply(302, location="https://gist.github.com/u/x")})
    assert (await check(PROVIDER, gist, ports, without=["item"])).reason is Reason.ALIVE


# --- the query ---

TRICKY = 'a"){x}\\"\n\u2028\x00{{%s}}'


@given(ref=st.text(min_size=1), path=st.text(min_size=1))
def test_no_text_of_a_page_can_end_a_string_of_the_query(ref, path):
    place = Place(kind="blob", repo="o/r", ref=ref, path=path)
    for fields in (graphql.first_fields, graphql.later_fields):
        for field in fields(place, lines=True).values():
            (parsed,) = parse(f"{{x:{field}}}", {})
            assert parsed.name == "object"
            assert parsed.arguments["expression"].partition(":")[0] in {
                "HEAD",
                ref,
                *(place.with_longer_ref(n).ref for n in (2, 3, 4)),
                *(place.with_longer_ref(n).ref.partition(":")[0] for n in (2, 3, 4)),
            }


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(Place(kind="asset", repo="o/r", ref=TRICKY, path=TRICKY), id="an asset"),
        pytest.param(Place(kind="release", repo="o/r", ref=TRICKY), id="a release"),
        pytest.param(Place(kind="commit", repo="o/r", ref=TRICKY), id="a commit"),
        pytest.param(Place(kind="user", path=TRICKY), id="a person"),
    ],
)
def test_every_text_arrives_as_it_was(place):
    (field,) = graphql.first_fields(place, lines=False).values()
    (parsed,) = parse(f"{{x:{field}}}", {})
    assert TRICKY in parsed.arguments.values()


@pytest.mark.parametrize("number", ["9" * 10, "²", "9" * 5000])
def test_a_number_that_is_none_of_graphqls_is_not_asked(number):
    assert graphql.first_fields(Place(kind="issue", repo="o/r", path=number), lines=False) == {}


def test_a_place_that_is_none_asks_nothing():
    assert graphql.first_fields(NOWHERE, lines=False) == {}
    assert graphql.later_fields(NOWHERE, lines=False) == {}
    colon = Place(kind="blob", repo="o/r", ref="a:b", path="c")
    assert graphql.first_fields(colon, lines=False) == {}
    assert graphql.later_fields(colon, lines=False) == {}


def test_a_batch_holds_a_hundred_and_the_texts_of_twenty():
    many = [PROVIDER.identify(link(f"{SITE}/blob/main/{n}.py")) for n in range(250)]
    texts = [PROVIDER.identify(link(f"{SITE}/blob/main/{n}.py#L1")) for n in range(50)]
    assert [len(batch) for batch in PROVIDER.probes["graphql"].cut(many)] == [100, 100, 50]
    assert [len(batch) for batch in PROVIDER.probes["graphql"].cut(texts)] == [20, 20, 10]


@pytest.mark.parametrize("kept", GRAPH)
def test_the_probes_of_graphql_need_the_token(kept):
    assert PROVIDER.probes[kept].credential == "github"
    judged_without = PROVIDER.judge(PROVIDER.identify(link(SITE)), [], frozenset())
    assert isinstance(judged_without, Verdict)


@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["data", "errors", "r0", "object_0", "ref_0", "path", "type", "text"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
async def test_no_answer_at_all_makes_reading_it_fail(data):
    resource = PROVIDER.identify(link(f"{SITE}/blob/main/a/b.py#L1"))
    ports = FakePorts({GRAPHQL: reply(200, json.dumps(data))})
    assert set(await PROVIDER.probes["graphql"].ask([resource], ports)) == {resource.id}

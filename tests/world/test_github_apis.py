"""The doubles of GitHub's GraphQL and REST and of Bitly's API, asked by aiohttp."""

import json

import pytest

from tests.world import World, keys
from tests.world.clients import client
from tests.world.scenario import Entrance

API = "https://api.github.com"
NOTES = f"{API}/repos/meadow/notes"
TOKEN = {"Authorization": f"Bearer {keys.GITHUB}"}
STATE = {
    "github": {
        "repos": {
            "meadow/notes": {
                "branches": {"main": ["a.ipynb", "slides/b c.pdf"], "feature/x": ["a.ipynb"]},
                "tags": {"v1.0": ["a.ipynb"]},
                "lines": {"a.ipynb": 7},
                "releases": {"v1.0": ["weights.pt"]},
                "issues": [1],
                "pulls": [2],
                "discussions": [3],
                "deleted_issues": [4],
                "transferred": {"5": "meadow/course#9"},
                "renamed_branches": {"master": "main"},
                "history": {"old.ipynb": "a.ipynb"},
                "wiki": ["Home"],
            },
            "meadow/course": {"issues": [9], "archived": True},
            "meadow/old": {"renamed_to": "meadow/notes"},
            "meadow/claimed": {"blocked": "dmca"},
            "meadow/empty": {"empty": True},
        },
        "gists": {"abc123": {"owner": "ada", "files": ["a.py"]}},
    },
}


async def asked(*urls, state=(), method="GET", headers=TOKEN, **more):
    world = World(keys.STATE, STATE, *state)
    async with world, client(world, Entrance.PROXY) as there:
        said = [await there.ask(url, method, headers=headers, **more) for url in urls]
    return world, said


async def queried(query, *, state=(), headers=TOKEN, **variables):
    sent = json.dumps({"query": query, "variables": variables})
    world, (said,) = await asked(
        f"{API}/graphql", state=state, method="POST", headers=headers, data=sent
    )
    return world, said


async def test_many_things_of_many_repositories_are_one_query():
    world, said = await queried("""{
        rateLimit { cost remaining resetAt }
        a: repository(owner: "meadow", name: "notes") {
            nameWithOwner isArchived defaultBranchRef { name }
            o0: object(expression: "main:a.ipynb") { __typename ... on Blob { byteSize oid } }
            o1: object(expression: "main:gone") { __typename }
            o2: object(expression: "main:slides") { __typename ... on Tree { entries {name type} } }
            r0: ref(qualifiedName: "refs/heads/feature/x") { name }
            r1: ref(qualifiedName: "refs/heads/gone") { name }
            l: release(tagName: "v1.0") { url releaseAssets(first: 10) { nodes { name } } }
        }
        b: repository(owner: "meadow", name: "course") { isArchived databaseId }
    }""")
    assert world.complaints == []
    assert "errors" not in said.json
    data = said.json["data"]
    assert data["rateLimit"]["cost"] == 1
    assert data["a"]["nameWithOwner"] == "meadow/notes"
    assert data["a"]["o0"]["__typename"] == "Blob"
    assert data["a"]["o2"]["entries"] == [{"name": "b c.pdf", "type": "blob"}]
    assert data["a"]["r0"] == {"name": "feature/x"}
    assert data["a"]["l"]["releaseAssets"]["nodes"] == [{"name": "weights.pt"}]
    assert (data["a"]["o1"], data["a"]["r1"]) == (None, None)
    assert data["b"]["isArchived"] is True


async def test_a_new_name_is_followed_without_a_word():
    _, said = await queried('{r:repository(owner:"meadow",name:"old"){nameWithOwner}}')
    assert said.json == {"data": {"r": {"nameWithOwner": "meadow/notes"}}}


async def test_what_is_missing_is_null_beside_what_is_there():
    _, said = await queried(
        'query Q($n:String!){a:repository(owner:"meadow",name:$n){url}'
        ' b:repository(owner:"meadow",name:"notes"){i:issue(number:8){title}}}',
        n="nothing",
    )
    assert said.status == 200
    assert said.json["data"] == {"a": None, "b": {"i": None}}
    first, second = said.json["errors"]
    assert (first["type"], first["path"]) == ("NOT_FOUND", ["a"])
    assert first["message"] == ("Could not resolve to a Repository with the name 'meadow/nothing'.")
    assert second["path"] == ["b", "i"]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ('{r:repository(owner:"meadow",name:"notes"){isArchived', "end of document"),
        ('{r:repository(owner:"meadow",name:"notes"){colour}}', "'colour' doesn't exist"),
        ('{r:repository(owner:"meadow",name:"notes",x:1){url}}', "argument 'x'"),
        ('{r:repository(owner:"meadow"){url}}', "missing required argument 'name'"),
        ('{r:repository(owner:"meadow",name:"notes")}', "must have selections"),
        ('{r:repository(owner:"meadow",name:"notes"){url{a}}}', "on scalars"),
        ('{r:repository(owner:"meadow",name:"notes"){... on Colour{a}}}', "No such type Colour"),
        ("mutation{a}", "only queries"),
        ("{a;b}", "Parse error on ';'"),
        ("{}", "an empty selection"),
        ("{a:repository(owner:$x,name:$y){url}}", "not declared"),
    ],
)
async def test_a_query_that_the_schema_does_not_have_brings_errors_and_no_data(query, word):
    world, said = await queried(query)
    assert said.status == 200
    assert "data" not in said.json
    assert word in said.json["errors"][0]["message"]
    assert len(world.complaints) == 1


@pytest.mark.parametrize(
    ("state", "headers", "status", "sign"),
    [
        ({}, {}, 401, "requires you to be authenticated"),
        ({}, {"Authorization": "Bearer bad"}, 401, "Bad credentials"),
        ({"token_trouble": "bad"}, TOKEN, 401, "Bad credentials"),
        ({"token_trouble": "sso"}, TOKEN, 403, "SAML"),
        ({"remaining_graphql": 0}, TOKEN, 200, "RATE_LIMITED"),
        ({"graphql_says": "timeout"}, TOKEN, 502, "Something went wrong"),
        ({"secondary_limit": True}, TOKEN, 403, "secondary rate limit"),
    ],
)
async def test_a_query_is_refused_as_documented(state, headers, status, sign):
    query = '{r:repository(owner:"meadow",name:"notes"){url}}'
    _, said = await queried(query, state=[{"github": state}], headers=headers)
    assert said.status == status
    assert sign in said.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/releases", 200),
        ("/releases/latest", 200),
        ("/releases/tags/v1.0", 200),
        ("/releases/tags/v2.0", 404),
        ("/issues/1", 200),
        ("/issues/8", 404),
        ("/issues/4", 410),
        ("/issues/5", 301),
        ("/pulls/2", 200),
        ("/branches/master", 301),
        ("/git/matching-refs/heads/fea", 200),
        ("/commits/main", 200),
        ("/commits/0123456789abcdef", 422),
        ("/commits?path=old.ipynb", 200),
        ("/compare/main...v1.0", 200),
        ("/compare/main...gone", 404),
        ("/colours", 400),
    ],
)
async def test_rest_answers(path, status):
    world, (said,) = await asked(f"{NOTES}{path}")
    assert said.status == status
    assert bool(world.complaints) is (status == 400)


async def test_a_transferred_issue_is_found_where_the_redirect_leads():
    _, (said,) = await asked(f"{NOTES}/issues/5", allow_redirects=True)
    assert said.json["html_url"] == "https://github.com/meadow/course/issues/9"


async def test_a_move_is_found_by_the_commits_of_the_old_path():
    _, (said,) = await asked(f"{NOTES}/commits?path=old.ipynb")
    _, (commit,) = await asked(f"{NOTES}/commits/{said.json[0]['sha']}")
    (file,) = commit.json["files"]
    assert (file["previous_filename"], file["filename"]) == ("old.ipynb", "a.ipynb")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://gist.github.com/ada/abc123", 200),
        ("https://gist.github.com/ada/gone00", 404),
        (f"{API}/gists/abc123", 200),
        (f"{API}/gists/gone00", 404),
        ("https://github.com/meadow/notes/wiki/Home", 200),
        ("https://github.com/meadow/notes/wiki/Setup", 302),
        ("https://github.com/meadow/notes/blob/master/a.ipynb", 302),
        ("https://github.com/meadow/notes/releases/download/v1.0/weights.pt", 302),
        ("https://github.com/meadow/notes/releases/download/v1.0/gone.pt", 404),
        ("https://github.com/meadow/notes/discussions/3", 200),
        ("https://github.com/meadow/notes/discussions/8", 404),
        ("https://github.com/meadow/notes/archive/refs/heads/main.zip", 302),
    ],
)
async def test_what_github_shows_browsers(url, status):
    _, (said,) = await asked(url, headers={})
    assert said.status == status


async def test_what_is_unchanged_is_free_for_a_token_alone():
    _, (first,) = await asked(NOTES)
    _, (anonymous,) = await asked(NOTES, headers={})
    etag, other = first.headers["ETag"], anonymous.headers["ETag"]
    assert etag != other
    _, (same, after) = await asked(NOTES, NOTES, headers={**TOKEN, "If-None-Match": etag})
    assert (same.status, same.body, same.headers["X-RateLimit-Remaining"]) == (304, b"", "5000")
    assert after.headers["X-RateLimit-Remaining"] == "5000"
    _, (counted,) = await asked(NOTES, headers={"If-None-Match": other})
    assert (counted.status, counted.headers["X-RateLimit-Remaining"]) == (304, "59")


async def test_a_token_has_its_own_allowance():
    state = [{"github": {"remaining": 0}}]
    _, (spent,) = await asked(NOTES, state=state, headers={})
    _, (there,) = await asked(NOTES, state=state)
    assert (spent.status, there.status) == (403, 200)
    assert there.headers["X-RateLimit-Limit"] == "5000"


BITLY = "https://api-ssl.bitly.com/v4"
BEARER = {"Authorization": f"Bearer {keys.BITLY}"}
LINKS = {
    "bitly": {"hosts": ["amzn.to"]},
    "short": {
        "bit.ly": {
            "plain": "https://library.example.org/",
            "banned": {"state": "banned", "to": "https://library.example.org/"},
            "off": {"state": "disabled"},
        },
        "amzn.to": {"book": "https://library.example.org/"},
        "tinyurl.com": {"other": "https://library.example.org/"},
    },
}


@pytest.mark.parametrize(
    ("id_", "state", "headers", "status"),
    [
        ("bit.ly/plain", {}, BEARER, 200),
        ("bit.ly/banned", {}, BEARER, 200),
        ("amzn.to/book", {}, BEARER, 200),
        ("tinyurl.com/other", {}, BEARER, 404),
        ("bit.ly/never", {}, BEARER, 404),
        ("bit.ly/off", {}, BEARER, 410),
        ("https://bit.ly/plain", {}, BEARER, 422),
        ("bit.ly/plain", {}, {}, 401),
        ("bit.ly/plain", {}, {"Authorization": "Bearer bad"}, 403),
        ("bit.ly/plain", {"error": 429}, BEARER, 429),
        ("bit.ly/plain", {"error": 503}, BEARER, 503),
    ],
)
async def test_bitly_expands(id_, state, headers, status):
    _, (said,) = await asked(
        f"{BITLY}/expand",
        state=[LINKS, {"bitly": state}],
        method="POST",
        headers=headers,
        data=json.dumps({"bitlink_id": id_}),
    )
    assert said.status == status
    if status == 200:
        assert said.json["long_url"] == "https://library.example.org/"
    else:
        assert said.json["message"]


@pytest.mark.parametrize(
    ("url", "headers", "complaint"),
    [
        (f"{NOTES}?access_token=x", {}, "a token in the URL of a request to api.github.com"),
        (
            "https://raw.githubusercontent.com/meadow/notes/main/a.ipynb",
            TOKEN,
            "the github key was sent to raw.githubusercontent.com, as authorization",
        ),
        (
            f"https://github.com/meadow/notes?t={keys.GITHUB}",
            {},
            "the github key stands in the URL of a request to github.com",
        ),
        (NOTES.replace("https", "http"), TOKEN, "the github key was sent without encryption"),
        (f"{BITLY}/expand?access_token=x", {}, "a token in the URL of a request to api-ssl"),
    ],
)
async def test_a_key_in_the_wrong_place_is_remembered(url, headers, complaint):
    world, _ = await asked(url, headers=headers)
    assert any(complaint in each for each in world.complaints)

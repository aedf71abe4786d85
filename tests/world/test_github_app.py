"""A GitHub App in the world: its JSON web token, its installation, and a real library with both."""

import ssl
import time
from datetime import timedelta

import aiohttp
import jwt
import pytest
from gidgethub.aiohttp import GitHubAPI
from gidgethub.apps import get_installation_access_token

from tests.world.clients import TIMEOUT
from tests.world.conftest import API, NOON


def session(world):
    trust = ssl.create_default_context(cafile=str(world.ca_file))
    connector = aiohttp.TCPConnector(ssl=trust)
    return aiohttp.ClientSession(connector=connector, proxy=world.proxy_url, timeout=TIMEOUT)


async def test_an_app_comes_in_by_its_installation_through_a_real_library(github):
    app = github.issues.app("linkwell", "meadow/course")
    github.issues.now = lambda: NOON + timedelta(days=1)
    async with session(github.world) as there:
        api = GitHubAPI(there, "linkwell")
        token = jwt.encode(
            {"iat": int(time.time()) - 60, "exp": int(time.time()) + 540, "iss": app.client_id},
            app.private_key,
            algorithm="RS256",
        )
        installation = await api.getitem("/repos/meadow/course/installation", jwt=token)
        assert installation["permissions"] == {"issues": "write", "metadata": "read"}
        lent = await get_installation_access_token(
            api,
            installation_id=str(installation["id"]),
            app_id=str(app.id),
            private_key=app.private_key,
        )
        assert lent["expires_at"] == "2026-03-05T13:00:00Z"
        api = GitHubAPI(there, "linkwell", oauth_token=lent["token"])
        made = await api.post("/repos/meadow/course/issues", data={"title": "A"})
        assert made["user"]["login"] == "linkwell[bot]"
        found = [each["title"] async for each in api.getiter("/repos/meadow/course/issues")]
        assert found == ["A"]
    github.issues.now = lambda: NOON + timedelta(days=2)
    assert (await github.get("/issues", token=lent["token"])).status == 401


@pytest.mark.parametrize(
    ("claims", "algorithm", "words"),
    [
        pytest.param({"iss": "1"}, "RS256", "Integration not found", id="another app"),
        pytest.param({"exp": 30}, "RS256", "representing the future", id="outlived"),
        pytest.param({"exp": 3600}, "RS256", "too far in the future", id="for an hour"),
        pytest.param({"iat": 600}, "RS256", "representing the assertion time", id="from tomorrow"),
        pytest.param({}, "HS256", "could not be decoded", id="signed by a word"),
    ],
)
async def test_an_app_that_signs_badly_is_refused(github, claims, algorithm, words):
    app, now = github.issues.app("linkwell", "meadow/course"), int(time.time()) - 60
    moved = {name: now + int(value) for name, value in claims.items() if name != "iss"}
    whole = {"iat": now, "exp": now + 600, "iss": claims.get("iss", str(app.id)), **moved}
    key = app.private_key if algorithm == "RS256" else "w" * 32
    token = jwt.encode(whole, key, algorithm=algorithm)
    said = await github.get("/installation", token=token)
    assert said.status == 401
    assert words in said.json["message"]


async def test_an_app_that_is_not_installed_or_suspended_gets_no_token(github):
    app, now = github.issues.app("linkwell", "meadow/course"), int(time.time())
    token = jwt.encode(
        {"iat": now - 60, "exp": now + 500, "iss": str(app.id)}, app.private_key, algorithm="RS256"
    )
    assert (await github.get(f"{API}/repos/ada/notes/installation", token=token)).status == 404
    (installation,) = app.installations
    at = f"{API}/app/installations/{installation}/access_tokens"
    assert (await github.post(at, {}, token=token)).status == 201
    less = await github.post(at, {"permissions": {"issues": "read"}}, token=token)
    assert less.json["permissions"] == {"issues": "read"}
    said = await github.post("/issues", {"title": "A"}, token=less.json["token"])
    assert said.status == 403
    more = await github.post(at, {"permissions": {"contents": "write"}}, token=token)
    assert (more.status, more.json["message"][:29]) == (422, "The permissions requested are")
    app.suspended = True
    assert (await github.ask("POST", at, token=token)).status == 403
    assert (await github.ask("POST", at[:-17] + "9/access_tokens", token=token)).status == 404

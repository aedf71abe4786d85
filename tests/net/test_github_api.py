"""GitHub's API over our own fetch: what comes back as a value, and what is waited for."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from monitor.core.errors import ConfigError
from monitor.core.model import ExchangeId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Request, Response
from monitor.net import github_api
from monitor.net.github_api import AppKey, GitHubApi
from monitor.net.github_refusals import Refusal

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
JSON = {"content-type": "application/json; charset=utf-8"}


def said(status: int, value: object, **headers: str) -> Response:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Response(status=status, url=Url("https://x"), headers={**JSON, **named}, body=body)


@dataclass
class Wire:
    """Gives one answer after the other, and keeps what was asked."""

    answers: list[Response | Failure]
    asked: list[Request] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    at: datetime = NOW

    async def fetch(self, request: Request) -> Exchange:
        self.asked.append(request)
        return Exchange(
            id=ExchangeId("x"),
            method=request.method,
            url=request.url,
            at=NOW,
            elapsed=timedelta(0),
            said=self.answers.pop(0),
        )

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def api(self, **how: object) -> GitHubApi:
        more = {"credential": "github_issues", **how}
        return GitHubApi(self.fetch, lambda: self.at, sleep=self.sleep, **more)  # type: ignore[arg-type]


async def test_a_request_carries_the_token_by_name_and_the_version():
    wire = Wire([said(200, {"full_name": "o/r"})])
    assert await wire.api().get("/repos/o/r") == {"full_name": "o/r"}
    (asked,) = wire.asked
    assert asked.url == "https://api.github.com/repos/o/r"
    assert asked.credential == "github_issues"
    assert asked.headers == {
        "accept": "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
    }
    assert not asked.once
    assert asked.follow is not None
    assert asked.follow(Url("https://api.github.com/repositories/1"))
    assert not asked.follow(Url("https://evil.example/"))


async def test_a_write_is_sent_once_and_follows_nothing():
    wire = Wire([said(201, {"number": 1})])
    assert await wire.api().write("POST", "/repos/o/r/issues", {"title": "t"}) == {"number": 1}
    (asked,) = wire.asked
    assert (asked.method, asked.once, asked.follow) == ("POST", True, None)
    assert asked.body == b'{"title": "t"}'


async def test_between_two_writes_there_is_a_pause():
    wire = Wire([said(201, {}), said(200, {}), said(200, {})])
    api = wire.api()
    await api.write("POST", "/a", {})
    await api.get("/b")
    await api.write("PATCH", "/a", {})
    assert wire.waited == [1.0]


async def test_pages_are_read_to_the_last():
    there = '<https://api.github.com/next?page=2>; rel="next", <https://x>; rel="last"'
    wire = Wire([said(200, [{"id": 1}], link=there), said(200, [{"id": 2}])])
    assert await wire.api().pages("/list?per_page=1") == [{"id": 1}, {"id": 2}]
    assert wire.asked[1].url == "https://api.github.com/next?page=2"


async def test_too_many_items_are_not_read(monkeypatch):
    monkeypatch.setattr(github_api, "MOST_ITEMS", 2)
    wire = Wire([said(200, [{"id": n} for n in range(5)])])
    assert await wire.api().pages("/list") == [{"id": 0}, {"id": 1}]


async def test_what_has_not_changed_comes_from_memory():
    wire = Wire([said(200, {"id": 1}, etag='"a"'), Response(status=304, url=Url("x"), headers={})])
    api = wire.api()
    assert await api.get("/a") == await api.get("/a") == {"id": 1}
    assert wire.asked[1].headers["if-none-match"] == '"a"'


@pytest.mark.parametrize(
    ("answer", "detail", "status"),
    [
        (
            said(404, {"message": "Not Found"}),
            "GitHub says 404, there is no such thing, or the token may not see it (Not Found).",
            404,
        ),
        (
            said(401, {"message": "Bad credentials"}),
            "GitHub says 401, it refuses the token (Bad credentials).",
            401,
        ),
        (
            said(403, {"message": "Resource not accessible"}),
            "GitHub says 403, it does not allow that (Resource not accessible).",
            403,
        ),
        (
            said(410, {"message": "This issue was deleted"}),
            (
                "GitHub says 410, it is gone, or issues are switched off in the repository"
                " (This issue was deleted)."
            ),
            410,
        ),
        (
            said(422, {"message": "Validation Failed", "errors": [{"field": "body"}]}),
            "GitHub says 422, it does not take what was sent (Validation Failed: None).",
            422,
        ),
        (
            said(301, {"message": "Moved Permanently"}),
            "GitHub says 301, the repository has another name now (Moved Permanently).",
            301,
        ),
        (said(502, b"<html>"), "GitHub says 502, it is not well (Bad Gateway).", 502),
        (
            said(418, {"message": "x" * 500}),
            f"GitHub says 418, an unexpected answer ({'x' * 200}).",
            418,
        ),
    ],
)
async def test_a_refusal_says_what_it_means(answer, detail, status):
    if answer.body == b"<html>":
        answer = Response(
            status=502, url=Url("x"), headers={"content-type": "text/html"}, body=b"<html>"
        )
    got = await Wire([answer]).api().get("/a")
    assert got == Refusal(detail=detail, status=status)
    assert got.gone is (status in {404, 410})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(200, b"{"), id="half of it"),
        pytest.param(said(200, b"[1]"), id="a list of numbers"),
        pytest.param(said(200, "text"), id="a text"),
        pytest.param(said(200, b""), id="nothing"),
        pytest.param(said(200, b"[" * 100_000), id="nested too deep"),
        pytest.param(said(200, b"\xff"), id="no UTF-8"),
        pytest.param(said(200, {}, content_type="application/json; charset=klingon"), id="klingon"),
        pytest.param(said(200, {}, content_type="text/html"), id="a page"),
        pytest.param(
            said(
                200,
                {},
                x_ratelimit_limit="many",
                x_ratelimit_remaining="some",
                x_ratelimit_reset="soon",
            ),
            id="limits that are no numbers",
        ),
        pytest.param(said(422, []), id="a refusal that is a list"),
        pytest.param(said(422, {}), id="a refusal without a message"),
        pytest.param(said(799, {}), id="a status that nobody knows"),
        pytest.param(
            Response(status=200, url=Url("x"), headers=JSON, body=b"{}", truncated=True),
            id="longer than all of GitHub",
        ),
    ],
)
@pytest.mark.parametrize("way", ["get", "pages", "write"])
async def test_an_answer_that_is_none_of_githubs_is_never_nothing_there(answer, way):
    api = Wire([answer]).api()
    call = {
        "get": lambda: api.get("/a"),
        "pages": lambda: api.pages("/a"),
        "write": lambda: api.write("POST", "/a", {}),
    }[way]
    got = await call()
    if way == "pages" and answer.body == b"{}" and not answer.truncated:
        return  # a thing where a list is due has no items
    assert isinstance(got, Refusal)


async def test_no_answer_is_the_networks_own_word():
    later = NOW + timedelta(hours=1)
    failure = Failure(kind=FailureKind.TIMEOUT, detail="It did not answer.", retry_at=later)
    got = await Wire([failure]).api().get("/a")
    assert got == Refusal(detail="It did not answer.", retry_at=later)


async def test_a_page_of_a_list_at_another_site_is_not_asked_for():
    there = '<https://evil.example/next>; rel="next"'
    wire = Wire([said(200, [{"id": 1}], link=there)])
    assert isinstance(await wire.api().pages("/list"), Refusal)
    assert len(wire.asked) == 1


SECONDARY = {"message": "You have exceeded a secondary rate limit."}


@pytest.mark.parametrize("status", [403, 429])
async def test_a_short_pause_is_made_once(status):
    wire = Wire([said(status, SECONDARY, retry_after="30"), said(201, {"id": 1})])
    assert await wire.api().write("POST", "/a", {}) == {"id": 1}
    assert wire.waited == [30.0]
    assert wire.asked[0] == wire.asked[1]


@pytest.mark.parametrize(
    ("answer", "retry_at"),
    [
        (said(403, SECONDARY, retry_after="3600"), NOW + timedelta(hours=1)),
        (said(403, SECONDARY), NOW + timedelta(minutes=1)),
        (said(429, {"message": "Slow down"}), NOW + timedelta(minutes=1)),
        (
            said(403, {"message": "You have triggered an abuse detection mechanism."}),
            NOW + timedelta(minutes=1),
        ),
        (
            said(
                403,
                {"message": "API rate limit exceeded"},
                x_ratelimit_limit="5000",
                x_ratelimit_remaining="0",
                x_ratelimit_reset=str(int((NOW + timedelta(minutes=40)).timestamp())),
            ),
            NOW + timedelta(minutes=40),
        ),
    ],
)
async def test_a_long_pause_is_for_the_next_run(answer, retry_at):
    wire = Wire([answer])
    got = await wire.api().get("/a")
    assert isinstance(got, Refusal)
    assert (got.limited, got.retry_at, wire.waited) == (True, retry_at, [])


async def test_limited_again_after_the_pause_it_gives_up():
    limit = said(403, SECONDARY, retry_after="5")
    wire = Wire([limit, limit])
    got = await wire.api().get("/a")
    assert isinstance(got, Refusal)
    assert got.limited
    assert wire.waited == [5.0]


async def test_the_librarys_own_wait_is_ours():
    wire = Wire([])
    await wire.api()._gidget.sleep(3)
    assert wire.waited == [3]


# --- GitHub Apps ---


@pytest.fixture(scope="module")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def token(ends: datetime = NOW + timedelta(hours=1), value: str = "ghs_1") -> Response:
    return said(201, {"token": value, "expires_at": ends.isoformat()})


async def test_an_app_asks_for_a_token_of_its_installation(pem):
    wire = Wire([said(200, {"id": 5}), token(), said(200, {}), said(200, {})])
    api = wire.api(app=AppKey(id="12", private_key=pem))
    await api.get("/repos/o/r", "o/r")
    await api.get("/repos/o/r", "o/r")
    where, making, first, second = wire.asked
    assert where.url == "https://api.github.com/repos/o/r/installation"
    assert where.headers["authorization"].startswith("bearer ey")
    assert making.url == "https://api.github.com/app/installations/5/access_tokens"
    assert json.loads(making.body) == {"permissions": {"issues": "write", "metadata": "read"}}
    assert first.headers["authorization"] == second.headers["authorization"] == "token ghs_1"
    assert {each.credential for each in wire.asked} == {None}


async def test_a_token_that_ends_soon_is_made_anew(pem):
    wire = Wire([token(), said(200, {}), token(value="ghs_2"), said(200, {})])
    api = wire.api(app=AppKey(id="12", private_key=pem, installation=7))
    await api.get("/a")
    wire.at += timedelta(minutes=56)
    await api.get("/a")
    assert wire.asked[3].headers["authorization"] == "token ghs_2"


@pytest.mark.parametrize(
    ("answers", "detail"),
    [
        (
            [said(404, {"message": "Not Found"})],
            "The GitHub App got no token: it is not installed on the repository. GitHub says 404,",
        ),
        (
            [said(200, {"id": 5}), said(401, {"message": "Bad JWT"})],
            "The GitHub App got no token: it may not write issues, or its key is not valid.",
        ),
        ([said(200, {"id": 5}), said(500, {})], "GitHub says 500, it is not well"),
        ([said(200, []), token()], "GitHub's answer held no installation of the app."),
        ([said(200, {"id": 5}), said(201, {})], "GitHub's answer held no token for the app."),
        (
            [said(200, {"id": 5}), said(201, {"token": "x", "expires_at": "soon"})],
            "GitHub's answer held no token for the app.",
        ),
    ],
)
async def test_an_app_without_a_token_says_why(pem, answers, detail):
    api = Wire(answers).api(app=AppKey(id="12", private_key=pem))
    for call in (api.get("/a", "o/r"),):
        got = await call
        assert isinstance(got, Refusal)
        assert got.detail.startswith(detail)


def test_a_key_is_read_from_its_file(tmp_path, pem):
    path = tmp_path / "key.pem"
    path.write_text(pem)
    key = AppKey.read("12", path, 7)
    assert key == AppKey(id="12", private_key=pem, installation=7)
    assert "PRIVATE" not in repr(key)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "which cannot be read (No such file or directory): correct the path."),
        (b"nothing of the kind", "which holds no RSA private key in PEM form"),
        (b"\xff\xfe", "which holds no RSA private key in PEM form"),
    ],
)
def test_a_file_that_is_no_key(tmp_path, content, words):
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        AppKey.read("12", path)
    assert words in str(refused.value)

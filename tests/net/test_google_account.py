"""A service account: its file, its token, and what becomes of both."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from monitor.config import Config
from monitor.config.surroundings import with_environment
from monitor.config.values import Secret
from monitor.core.errors import ConfigError
from monitor.core.ports import Exchange, Failure, FailureKind, Response
from monitor.doors import Recorder, opened
from monitor.net.google import Google
from monitor.net.google_account import ServiceAccount
from tests.net.google_service import Service, file_call, said
from tests.world.service_account import ACCOUNT, signed_by_us, write_account

TOKEN = "ya29.CANARY-0123456789"
GRANTED = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}


class Clock:
    """A clock that is moved by hand; google-auth has its own, so it starts at the present."""

    def __init__(self):
        self.at = datetime.now(UTC)

    def __call__(self):
        return self.at


class TokenService(Service):
    """Files, and tokens for those who sign for them."""

    def __init__(self, *tokens, files):
        super().__init__(files)
        self.tokens = list(tokens)

    def _said(self, request):
        if request.url == "https://oauth2.googleapis.com/token":
            return self.tokens.pop(0)
        return super()._said(request)


def account_call(name):
    from dataclasses import replace

    return replace(file_call(name), credential="google_account")


@pytest.fixture
def account(tmp_path):
    return ServiceAccount.read(str(write_account(tmp_path / "key.json")))


FILES = {name: said(200, {"id": name}) for name in "abc"}


async def test_a_token_is_fetched_and_shown(account):
    service = TokenService(said(200, GRANTED), files=FILES)
    answers = await Google(account=account).calls([account_call("a")], service.fetch, Clock())
    assert answers == [({"id": "a"}, ("x2",))]
    asking, asked = service.requests
    form = parse_qs(asking.body.decode())
    assert asking.method == "POST"
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    assert signed_by_us(form["assertion"][0])
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.credential is None


async def test_each_part_of_a_batch_shows_the_token(account):
    service = TokenService(said(200, GRANTED), files=FILES)
    calls = [account_call("a"), account_call("b")]
    answers = await Google(account=account).calls(calls, service.fetch, Clock())
    assert [value for value, _ in answers] == [{"id": "a"}, {"id": "b"}]
    body = service.requests[1].body.decode()
    assert body.count(f"Authorization: Bearer {TOKEN}") == 2


async def test_a_token_serves_until_shortly_before_its_end(account):
    clock, service = Clock(), TokenService(said(200, GRANTED), said(200, GRANTED), files=FILES)
    google = Google(account=account)
    await google.calls([account_call("a")], service.fetch, clock)
    clock.at += timedelta(minutes=50)
    await google.calls([account_call("a")], service.fetch, clock)
    assert len(service.tokens) == 1
    clock.at += timedelta(minutes=6)
    await google.calls([account_call("a")], service.fetch, clock)
    assert service.tokens == []


async def test_the_answer_with_the_token_is_no_evidence_of_a_call(account):
    service = TokenService(said(200, GRANTED), files=FILES)
    ((_, evidence),) = await Google(account=account).calls(
        [account_call("a")], service.fetch, Clock()
    )
    assert evidence == ("x2",)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (said(400, {"error": "invalid_grant"}), FailureKind.CREDENTIAL),
        (said(401, "no"), FailureKind.CREDENTIAL),
        (said(403, "no"), FailureKind.CREDENTIAL),
        (said(500, "<html>"), FailureKind.UNREADABLE),
        (said(429, "{}"), FailureKind.UNREADABLE),
        (said(200, "<html>"), FailureKind.UNREADABLE),
        (said(200, {}), FailureKind.UNREADABLE),
        (said(200, []), FailureKind.UNREADABLE),
        (said(200, {"access_token": TOKEN}), FailureKind.UNREADABLE),
        (said(200, {**GRANTED, "access_token": "a\r\nb"}), FailureKind.UNREADABLE),
        (said(200, {**GRANTED, "access_token": 7.5, "expires_in": "x"}), FailureKind.UNREADABLE),
        (said(200, {**GRANTED, "expires_in": 1e300}), FailureKind.UNREADABLE),
        (Failure(kind=FailureKind.TIMEOUT, detail="late"), FailureKind.TIMEOUT),
    ],
)
async def test_without_a_token_nothing_more_is_asked(account, answer, kind):
    service = TokenService(answer, files=FILES)
    calls = [account_call("a"), account_call("b")]
    answers = await Google(account=account).calls(calls, service.fetch, Clock())
    assert [value.kind for value, _ in answers] == [kind] * 2
    may_hold_a_token = isinstance(answer, Response) and answer.status == 200
    assert [evidence for _, evidence in answers] == [() if may_hold_a_token else ("x1",)] * 2
    assert len(service.requests) == 1


async def test_without_an_account_nothing_is_asked():
    service = Service(FILES)
    ((value, evidence),) = await Google().calls([account_call("a")], service.fetch, Clock())
    assert (value.kind, evidence, service.requests) == (FailureKind.CREDENTIAL, (), [])


def without(name, content):
    return json.dumps({k: v for k, v in content.items() if k != name})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: "{", id="no JSON"),
        pytest.param(lambda c: "[" * 99_999, id="a deep well"),
        pytest.param(lambda c: "[]", id="a list"),
        pytest.param(lambda c: json.dumps({**c, "type": "authorized_user"}), id="a person's"),
        pytest.param(lambda c: without("private_key", c), id="without its key"),
        pytest.param(lambda c: json.dumps({**c, "private_key": "CANARY"}), id="with a torn key"),
        pytest.param(lambda c: json.dumps({**c, "private_key": 7}), id="with a number for a key"),
        pytest.param(lambda c: without("client_email", c), id="without a name"),
        pytest.param(lambda c: without("token_uri", c), id="without an address"),
        pytest.param(
            lambda c: json.dumps({**c, "token_uri": "http://x.org/"}), id="with a plain address"
        ),
    ],
)
def test_a_file_that_is_none_is_the_users_to_set_right(tmp_path, change):
    path = write_account(tmp_path / "key.json")
    path.write_text(change(json.loads(path.read_text("utf-8"))), "utf-8")
    with pytest.raises(ConfigError, match="google_account") as raised:
        ServiceAccount.read(str(path))
    assert "CANARY" not in str(raised.value)


@pytest.mark.parametrize(
    "path", ["/nowhere/at/all.json", '{"private_key": "CANARY"}', "~nobody/x", "", "a\0b"]
)
def test_a_path_that_leads_nowhere_is_not_repeated(path):
    with pytest.raises(ConfigError, match="google_account") as raised:
        ServiceAccount.read(path)
    assert "CANARY" not in str(raised.value)


async def test_the_doors_know_whether_there_is_an_account(tmp_path):
    path = str(write_account(tmp_path / "key.json"))
    async with opened(Config(credentials={"google_account": Secret(path)})) as doors:
        assert "google_account" in doors.keys
        assert doors.left_out == {}
    async with opened(Config()) as doors:
        assert "google_account" not in doors.keys


KINDS = [
    pytest.param(None, "cannot be read", id="no file at all"),
    pytest.param("{", "is not JSON", id="no JSON"),
    pytest.param('{"type": "authorized_user"}', "no service account's key", id="a person's"),
    pytest.param('{"type": "external_account"}', "no service account's key", id="another cloud's"),
]


@pytest.mark.parametrize(("content", "why"), KINDS)
async def test_a_file_that_the_environment_names_for_others_stops_nothing(tmp_path, content, why):
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content, "utf-8")
    environment = {"GOOGLE_APPLICATION_CREDENTIALS": str(path)}
    async with opened(with_environment(Config(), environment)) as doors:
        assert "google_account" not in doors.keys
        assert why in doors.left_out["google_account"]


@pytest.mark.parametrize(("content", "why"), KINDS)
async def test_a_file_that_the_configuration_names_is_to_be_set_right(tmp_path, content, why):
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content, "utf-8")
    config = Config(credentials={"google_account": Secret(str(path), by_file=True)})
    with pytest.raises(ConfigError, match=why):
        async with opened(config):
            pass


async def test_a_google_key_serves_youtube_too():
    async with opened(Config(credentials={"google": Secret("k" * 39)})) as doors:
        assert {"youtube"} <= doors.keys
    own = Config(credentials={"google": Secret("k" * 39), "youtube": Secret("y" * 39)})
    assert own.secrets()["youtube"] == "y" * 39


async def test_the_recorder_keeps_what_google_said(account):
    service = TokenService(said(200, GRANTED), files=FILES)
    async with opened(Config()) as doors:
        from dataclasses import replace

        google = Google(account=account)
        recorder = Recorder(replace(doors, fetch=service.fetch, google=google.calls), ())
        ((_, evidence),) = await recorder.google([account_call("a")])
    kept = recorder.exchanges[evidence[0]]
    assert isinstance(kept, Exchange)
    assert kept.said == FILES["a"]


def test_an_account_has_the_name_that_the_world_knows(tmp_path):
    assert ACCOUNT in write_account(tmp_path / "key.json").read_text("utf-8")

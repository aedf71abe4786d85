"""The sections `alerts` and `heartbeat` of config.yaml."""

from datetime import time
from pathlib import Path

import pytest

from monitor.config import describe, load
from monitor.core.alerts import Channel
from monitor.core.errors import ConfigError
from monitor.core.incidents import IncidentTurn
from monitor.core.quiet import Quiet
from monitor.core.reasons import Status

MAIL = "mailtos://mabel:correct-horse@example.org"
ENVIRONMENT = {"MAIL_URL": MAIL, "BEAT": "https://beat.example/8d1f2a3b"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text: str, environment=None):
    Path("config.yaml").write_text(text)
    return load(Path("config.yaml"), ENVIRONMENT if environment is None else environment)


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        pytest.param("", [], id="nobody"),
        pytest.param("alerts:", [], id="nothing comes after it"),
        pytest.param("alerts: ${MAIL_URL}", [Channel(name="alert")], id="an address alone"),
        pytest.param(
            "alerts: {name: mail, url: '${MAIL_URL}'}", [Channel(name="mail")], id="one, not a list"
        ),
        pytest.param(
            """
            alerts:
              - {name: mail, url: '${MAIL_URL}', digest: false}
              - {name: chat, file: chat.txt, quiet: 22:00-07:00 Europe/Rome}
            """,
            [
                Channel(name="mail", digest=False),
                Channel(
                    name="chat",
                    quiet=Quiet(start=time(22), end=time(7), zone=None),  # see below
                ),
            ],
            id="two",
        ),
        pytest.param(
            """
            alerts:
              name: mail
              url: ${MAIL_URL}
              only: {turns: [opened, reopened], status: [broken, own], providers: youtube,
                     pages: docs/*}
            """,
            [
                Channel(
                    name="mail",
                    turns=frozenset({IncidentTurn.OPENED, IncidentTurn.REOPENED}),
                    statuses=frozenset({Status.BROKEN, Status.UNKNOWN}),
                    providers=frozenset({"youtube"}),
                    pages="docs/*",
                )
            ],
            id="filters",
        ),
    ],
)
def test_channels(text, channels):
    found = [alert.channel() for alert in read(text).alerts]
    zones = [(c.quiet.start, c.quiet.end, str(c.quiet.zone)) for c in found if c.quiet]
    assert [repr(c).replace("zoneinfo.ZoneInfo(key='Europe/Rome')", "None") for c in found] == [
        repr(c) for c in channels
    ]
    assert set(zones) <= {(time(22), time(7), "Europe/Rome")}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(f"alerts: {{url: '{MAIL}'}}", "a secret does not belong", id="written out"),
        pytest.param(f"alerts: [{MAIL}]", "a secret does not belong", id="written out, in short"),
        pytest.param("heartbeat: https://beat.example/8d1f", "does not belong", id="a heartbeat"),
        pytest.param("alerts: {name: mail}", "exactly one of `url` and `file`", id="no address"),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', file: a.txt}", "exactly one of `url` and `file`", id="two"
        ),
        pytest.param(
            "alerts: ['${MAIL_URL}', '${MAIL_URL}']", "`name` of its own; “alert”", id="one name"
        ),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', quiet: at night}",
            "22:00-07:00 Europe/Rome",
            id="quiet in words",
        ),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', quiet: 25:00-07:00}",
            "22:00-07:00 Europe/Rome",
            id="an hour that is none",
        ),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', quiet: 07:00-7:00}",
            "begin and end at different times",
            id="quiet for ever",
        ),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', quiet: 22:00-07:00 Rome/Europe}",
            "a zone of the tz database",
            id="no such zone",
        ),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', only: {turns: gone}}", "opened", id="no such turn"
        ),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', only: {pages: 're:('}}", "breaks off", id="no pattern"
        ),
        pytest.param(f"alerts: {{url: '${{MAIL_URL}}', name: {'x' * 41}}}", "40", id="a long name"),
    ],
)
def test_what_is_wrong_is_said_without_the_secret(text, complaint):
    with pytest.raises(ConfigError) as raised:
        read(text)
    assert complaint in str(raised.value)
    assert "horse" not in str(raised.value)


def test_an_address_comes_from_the_environment():
    (alert,) = read("alerts: ${MAIL_URL}").alerts
    assert alert.address() == MAIL
    assert "horse" not in repr(alert)


def test_a_variable_that_is_not_set_is_told_when_it_is_needed():
    (alert,) = read("alerts: ${MAIL_URL}", {}).alerts
    with pytest.raises(ConfigError, match="MAIL_URL is not set"):
        alert.address()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(MAIL.encode() + b"\n", MAIL, id="an address on one line"),
        pytest.param(b"", "must hold one address", id="an empty one"),
        pytest.param(b"json://a.example\njson://b.example", "must hold one address", id="two"),
        pytest.param(b"\xff\xfe", "cannot be read", id="no text"),
        pytest.param(None, "cannot be read", id="no file"),
    ],
)
def test_an_address_comes_from_a_file_beside_the_configuration(tmp_path, monkeypatch, body, said):
    (alert,) = read("alerts: {file: secret.txt}").alerts
    if body is not None:
        Path("secret.txt").write_bytes(body)
    path = tmp_path / "config.yaml"
    monkeypatch.chdir("/")
    (alert,) = load(path, {}).alerts
    if said == MAIL:
        assert alert.address() == MAIL
    else:
        with pytest.raises(ConfigError, match=said):
            alert.address()


def test_what_is_secret_is_known_to_be_blotted_out():
    config = read("{alerts: '${MAIL_URL}', heartbeat: '${BEAT}'}")
    assert {MAIL, ENVIRONMENT["BEAT"]} <= config.secret_texts()


@pytest.mark.parametrize(
    ("environment", "lines"),
    [
        pytest.param(
            ENVIRONMENT,
            ["alert mail: there", "alert chat: by chat.txt", "heartbeat: there"],
            id="all is there",
        ),
        pytest.param(
            {},
            [
                "alert mail: missing, MAIL_URL is not set",
                "alert chat: by chat.txt",
                "heartbeat: missing, BEAT is not set",
            ],
            id="nothing is set",
        ),
    ],
)
def test_described(environment, lines):
    text = "alerts: [{name: mail, url: '${MAIL_URL}'}, {name: chat, file: chat.txt}]\n"
    described = describe(read(f"{text}heartbeat: ${{BEAT}}", environment))
    assert [line for line in described if line.startswith(("alert", "heartbeat"))] == lines

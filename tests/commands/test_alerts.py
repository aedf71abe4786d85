"""`linkwell alerts`: what people read."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.commands.alerts import words
from monitor.core.alerts import Due, Item
from monitor.core.conclusion import Conclusion
from monitor.core.errors import ConfigError
from monitor.core.incidents import IncidentTurn
from monitor.core.tellings import Telling
from monitor.store.history import History
from tests.store.over_time import a_turn, an_incident
from tests.store.samples import NOON, a_run, ended

NOBODY = "json://mabel:correct-horse@127.0.0.1:1/hook"  # port 1: nothing listens there


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAIL_URL", NOBODY)
    Path("config.yaml").write_text(
        "alerts:\n"
        "- {name: mail, url: '${MAIL_URL}'}\n"
        "- {name: chat, url: '${CHAT_URL}', only: {turns: closed}}\n"
    )


@pytest.fixture
def history():
    """A history in which something broke."""
    with History.open(Path(".linkwell/history.sqlite3")) as history:
        run = a_run()
        history.begin(run)
        came_to = Conclusion(incidents=[an_incident()], turned=(a_turn(),))
        history.conclude(ended(run), lambda _: came_to, {})
        yield history


def said(*arguments: str, code: int = 0) -> list[str]:
    done = CliRunner().invoke(app, ["alerts", *arguments], catch_exceptions=False)
    assert done.exit_code == code
    return done.stdout.splitlines()


def test_what_is_to_be_told(history):
    assert said("pending") == [
        "mail: 1 thing to tell, in 1 message.",
        "  opened: The channel UC1 was terminated.",
        "chat: nothing to tell.",
    ]


def test_what_waits():
    item = Item(incident=an_incident(), turns=(a_turn(),))
    assert list(words("mail", Due(waiting=(item,), until=NOON), NOON)) == [
        "mail: 1 thing to tell, not before 1 March 2026, 12:00 UTC.",
        "  opened: The channel UC1 was terminated.",
    ]


def test_sending_says_what_did_not_work(history, monkeypatch):
    monkeypatch.setattr("monitor.alerts.telling.AGAIN_AFTER", NOON - NOON)
    (line,) = said("send", code=1)
    assert line.startswith("The alert channel “mail” fails: A Connection error occurred")
    assert "horse" not in line
    (failing,) = history.failing(NOON)
    assert failing == Telling(transition="t1", channel="alert mail", tries=1, error=failing.error)


def test_sending_where_nothing_waits(history):
    history.tell(["t1"], "alert mail", NOON)
    assert said("send") == []


def test_trying_out_says_what_came_of_it():
    lines = said("test", code=1)
    assert lines[0].startswith("mail: not sent. A Connection error occurred")
    assert lines[1:] == ["chat: not sent. CHAT_URL is not set in the environment."]
    assert said("test", "chat", code=1) == lines[1:]
    assert "horse" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "arguments", "complaint"),
    [
        pytest.param(None, ["test", "male"], "there are: mail, chat", id="no such channel"),
        pytest.param("", ["test"], "write a channel under `alerts:`", id="no channel"),
        pytest.param("", ["send"], "write a channel under `alerts:`", id="nobody to send to"),
        pytest.param(
            "alerts: {url: '${MAIL_URL}', only: {providers: utube}}",
            ["test"],
            "There is no provider “utube”",
            id="no such provider",
        ),
    ],
)
def test_what_is_wrong(text, arguments, complaint):
    if text is not None:
        Path("config.yaml").write_text(text)
    with pytest.raises(ConfigError, match=complaint):
        said(*arguments)


def test_what_is_over_is_listed_so(history):
    run = a_run("r2")
    history.begin(run)
    over = an_incident(closed_at=NOON)
    turn = a_turn("t2", turn=IncidentTurn.CLOSED, run="r2")
    history.tell(["t1"], "alert chat", NOON)
    history.conclude(ended(run), lambda _: Conclusion(incidents=[over], turned=(turn,)), {})
    assert said("pending")[-1] == "chat: nothing to tell.", "it is no news any more"

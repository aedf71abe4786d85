"""`linkwell incidents`: what is wrong now, and how it came about."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.core.carrying_on import carry_on
from monitor.core.conclusion import Conclusion
from monitor.core.errors import ConfigError
from monitor.core.model import Run
from monitor.core.reasons import Reason
from monitor.store.history import History
from tests.core.days import fails, link, seen, works

A, B, C = (f"https://example.org/{name}" for name in "abc")
LOST = "https://a.example/lost"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def nights(*runs) -> None:
    """Fill the history of this folder, one run a night."""
    with History.open(Path(".linkwell/history.sqlite3")) as history:
        for n, watched in enumerate(runs):
            run = seen(*watched, day=n)
            begun = Run(id=run.run, started_at=run.at - timedelta(minutes=5))
            history.begin(begun)

            def decide(known, run=run):
                incidents, turned = carry_on(known.incidents, run)
                return Conclusion(incidents=incidents, turned=turned)

            history.conclude(replace(begun, finished_at=run.at), decide, {})


def said(*arguments: str) -> list[str]:
    done = CliRunner().invoke(app, ["incidents", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout.splitlines()


def year() -> list[str]:
    """Remember some nights, and return the ids of the open incidents, oldest first."""
    nights(
        [fails(A), fails(B), fails(LOST)],
        [fails(A), fails(B), fails(C), works(LOST)],
        [fails(A), works(B), fails(C), fails(LOST, reason=Reason.MOVED, links=(link(LOST),) * 2)],
    )
    return [each["id"] for each in json.loads("\n".join(said("--json")))["incidents"]]


def test_where_nothing_is_wrong_that_is_said():
    nights([works(A)])
    assert said() == ["Nothing is known to be wrong."]


def test_open_incidents_with_their_story():
    site, moved = year()
    assert said() == [
        f"{site}  broken: Not found – example.org, 2 resources",
        "  1 November 2026, 03:00 UTC  opened: 2 links to example.org fail: not found.",
        "  2 November 2026, 03:00 UTC  worsened: 1 more link to example.org fails: now 3.",
        f"{moved}  warning: Moved – a.example/lost",
        "  3 November 2026, 03:00 UTC  opened: a.example/lost: moved. It answered so.",
    ]


def test_one_incident_with_all_that_belongs_to_it():
    site, _ = year()
    assert said(site)[3:] == [
        "  - https://example.org/a: confirmed, since 1 November 2026, 03:00 UTC",
        "    https://course.example/:1:1",
        "  - https://example.org/b: healthy, since 1 November 2026, 03:00 UTC",
        "    https://course.example/:1:1",
        "  - https://example.org/c: confirmed, since 1 November 2026, 03:00 UTC",
        "    https://course.example/:1:1",
    ]
    assert said(f"incident:{site}") == said(site)


def test_what_is_muted_is_listed_as_such():
    year()
    Path("config.yaml").write_text("mutes: [{what: a.example, reason: It is known.}]")
    assert "  Muted for ever: It is known." in said()
    Path("config.yaml").write_text("mutes: [{what: a.example, until: 9999-01-01}]")
    assert "  Muted until 2 January 9999, 00:00 UTC: " in said()


def test_programs_read_the_same():
    site, _ = year()
    (one,) = json.loads("\n".join(said(site, "--json")))["incidents"]
    assert one["cause"] == {"kind": "host", "key": "host:example.org", "name": "example.org"}
    assert (one["status"], one["reason"], one["muted_by"]) == ("broken", "not-found", None)
    assert [turn["turn"] for turn in one["story"]] == ["opened", "worsened"]
    assert one["members"][1] == {
        "resource": B,
        "url": B,
        "phase": "healthy",
        "since": "2026-11-01T03:00:00Z",
        "reason": "not-found",
        "detail": "It answered so.",
        "places": [{"page": "https://course.example/", "line": 1, "column": 1}],
    }


def test_what_is_over_can_be_looked_at():
    nights([fails(A)], [works(A)])
    with History.open(Path(".linkwell/history.sqlite3")) as history:
        (over,) = history.incidents(seen(day=0).at)
    (one,) = json.loads("\n".join(said(over.id, "--json")))["incidents"]
    assert (one["closed_at"], one["ending"]) == ("2026-11-02T03:00:00Z", "recovered")
    assert said() == ["Nothing is known to be wrong."]


def test_an_incident_that_is_not_there_is_refused():
    nights([works(A)])
    done = CliRunner().invoke(app, ["incidents", "0123456789ab"])
    assert isinstance(done.exception, ConfigError)


def test_whom_to_ask_is_told_to_programs():
    nights([fails(A, reason=Reason.DELETED, channel="A teacher", title="A lecture")])
    (one,) = json.loads("\n".join(said("--json")))["incidents"]
    assert [(each["who"], each["what"], each["where"]) for each in one["contacts"]] == [
        ("A teacher", "the channel", None)
    ]

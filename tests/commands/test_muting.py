"""`linkwell mute`, `unmute` and `mutes`: what people and programs read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.commands.muting import lasting, words
from monitor.core.conclusion import Conclusion
from monitor.core.errors import ConfigError
from monitor.core.incidents import Incident
from monitor.core.model import PageRecord, Reference, ResourceId, Run, RunId
from monitor.core.mutes import Mute
from monitor.store.history import History
from tests.core.days import START, Days, fails, link, resource

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def history() -> History:
    return History.open(Path(".linkwell/history.sqlite3"))


def said(*arguments: str, code: int = 0) -> list[str]:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == code
    return done.stdout.splitlines()


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert isinstance(done.exception, ConfigError)
    return str(done.exception)


def stored() -> list[Mute]:
    with history() as opened:
        return list(opened.mutes())


def remember(*incidents: Incident) -> None:
    run = Run(id=RunId("r1"), started_at=START, finished_at=START + DAY)
    with history() as opened:
        opened.begin(replace(run, finished_at=None))
        one = resource("https://a.org/x.pdf")
        page = PageRecord(name="https://course.example/", url=None, read_at=START)
        reference = Reference(link=link(one.url), resource=one.id)
        opened.add_page(run.id, page, [reference], [], [one])
        opened.conclude(run, lambda _: Conclusion(incidents=incidents), {})


@pytest.mark.parametrize(
    ("what", "meant"),
    [
        pytest.param("*.pdf", "*.pdf", id="a pattern"),
        pytest.param(" a.org ", "a.org", id="a site"),
        pytest.param("re:/x", "re:/x", id="an expression"),
        pytest.param("https://a.org/x.pdf", "web:https://a.org/x.pdf", id="an address"),
        pytest.param(
            "https://youtu.be/0bMe_vCZo30?t=9",
            "youtube:video:0bMe_vCZo30",
            id="an address of a thing that has others",
        ),
        pytest.param("youtube:video:0bMe_vCZo30", "youtube:video:0bMe_vCZo30", id="a resource"),
    ],
)
def test_what_is_muted_and_that_it_is_no_longer(what, meant):
    (first, *_) = said("mute", what, "--for", "3d", "--reason", "It is known.")
    assert first.startswith("Muted until ")
    assert first.endswith(f": {meant}")
    (mute,) = stored()
    assert (mute.what, mute.reason, mute.by) == (meant, "It is known.", "the command line")
    assert mute.until is not None
    assert mute.until - mute.since == 3 * DAY
    assert said("unmute", what) == [f"No longer muted: {meant}"]
    assert stored() == []


def test_muting_again_is_the_same_mute_with_another_end():
    said("mute", "*.pdf")
    said("mute", "*.pdf", "--for", "90d")
    (mute,) = stored()
    assert mute.until is not None
    assert (mute.until - mute.since, mute.reason) == (90 * DAY, "no reason given")
    assert said("unmute", mute.id) == ["No longer muted: *.pdf"]


def test_it_is_told_how_much_of_the_newest_run_that_is():
    remember()
    assert said("mute", "*.pdf")[1] == "That is 1 resource of the newest run."
    assert said("mute", "*.pfd")[1] == (
        "Nothing of the newest run is called so; is it written as it should be?"
    )


def test_an_incident_is_muted_by_its_id():
    days = Days()
    days.run(fails("https://a.org/x.pdf"))
    (incident,) = days.open
    remember(incident)
    (line,) = said("mute", incident.id, "--for", "12h")
    assert line.endswith(f"incident:{incident.id}")
    assert said("unmute", incident.id) == [f"No longer muted: incident:{incident.id}"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["mute", "re:("], "Expected a regular expression after re:"),
        (["mute", " "], "Expected a pattern such as"),
        (["mute", "a.org", "--for", "ever"], "config.yaml"),
        (["mute", "a.org", "--for", "0s"], "longer than nothing"),
        (["unmute", "a.org"], "“a.org” is not muted; `linkwell mutes` lists what is."),
    ],
)
def test_what_cannot_be_done_is_told(arguments, complaint):
    assert complaint in refused(*arguments)


def test_what_the_configuration_mutes_can_be_ended_only_there():
    Path("config.yaml").write_text("mutes: [a.org, {what: b.org, until: 2020-01-01}]")
    said("mute", "a.org")
    assert "take it out of `mutes:` there" in refused("unmute", "a.org")
    assert stored() == []
    assert "is not muted" in refused("unmute", "b.org")


def test_mutes_are_listed_for_people_and_programs():
    Path("config.yaml").write_text(
        "mutes: [{what: a.org, reason: Old.}, {what: b, until: 2020-01-01}]"
    )
    said("mute", "*.pdf", "--reason", "It is known.")
    (mute,) = stored()
    lines = said("mutes")
    assert lines[0].startswith("*.pdf: until ")
    assert lines[1:] == [
        f"  {mute.id}, by the command line: It is known.",
        "a.org: for ever",
        "  config.yaml:a.org, by config.yaml: Old.",
    ]
    listed = json.loads("\n".join(said("mutes", "--json")))["mutes"]
    assert [each["until"] is None for each in listed] == [False, True]
    assert listed[1] == {
        "id": "config.yaml:a.org",
        "what": "a.org",
        "source": None,
        "reason": "Old.",
        "by": "config.yaml",
        "since": "1970-01-01T00:00:00Z",
        "until": None,
    }


def test_the_words_of_mutes():
    one = Mute(
        id="maintenance:1:course",
        what="*",
        reason="",
        by="config.yaml",
        since=NOW,
        until=NOW + DAY,
        source="course",
    )
    over = replace(one, id="a", until=NOW)
    coming = replace(one, id="b", source=None, since=NOW + DAY, until=None)
    assert list(words(lasting([coming, over, one], NOW), NOW)) == [
        "* (of course): until 25 November 2026, 12:00 UTC",
        "  maintenance:1:course, by config.yaml",
        "*: from 25 November 2026, 12:00 UTC for ever",
        "  b, by config.yaml",
    ]
    assert list(words([], NOW)) == ["Nothing is muted."]


def test_what_was_never_checked_is_muted_too():
    said("mute", "web:https://a.org/")
    assert stored()[0].what == ResourceId("web:https://a.org/")

"""`linkwell issues plan` and `sync`, with a history on disk."""

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.core.conclusion import Conclusion
from monitor.core.incidents import IncidentTurn
from monitor.core.model import Run, RunId
from monitor.core.tracked import TrackedState
from monitor.store.history import History
from tests.issues.build import REPO, ended, incident, turned

NOW = datetime.now(UTC).replace(microsecond=0)
A = incident("a", opened_at=NOW - timedelta(days=1))


def conclude(history: History, name: str, at: datetime, *incidents, turns=()):
    run = Run(id=RunId(name), started_at=at - timedelta(minutes=5), sources=("x",))
    history.begin(run)
    ended_ = Run(id=run.id, started_at=run.started_at, finished_at=at, sources=("x",))
    said = Conclusion(incidents=incidents, turned=turns)
    history.conclude(ended_, lambda known: said, {})


@pytest.fixture
def place(tmp_path, github, course, monkeypatch):
    """A folder with a configuration, and the world's GitHub behind it."""
    github.issues.now = lambda: NOW
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_TOKEN", course.token)
    (tmp_path / "config.yaml").write_text(
        f"""\
issues: {REPO}
store: history.sqlite3
network: {{proxy: "{github.proxy_url}", ca_file: "{github.ca_file}"}}
"""
    )
    monkeypatch.setattr("monitor.net.github_api.PAUSE", 0.0)
    return tmp_path


def linkwell(*words: str):
    return CliRunner().invoke(app, ["issues", *words])


def test_a_plan_and_what_comes_of_it(place, course):
    with History.open(place / "history.sqlite3") as history:
        conclude(history, "r1", NOW, A, turns=(turned(A, IncidentTurn.OPENED, at=NOW),))
    plan = linkwell("plan")
    assert plan.exit_code == 0
    assert "open an issue: “Broken: Not found – site.example/a”" in plan.stdout
    assert "    **Not found: site.example/a: 1 link on 1 page**" in plan.stdout
    assert not course.issues
    done = linkwell("sync")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "3 written, 0 left for the next time."
    assert course.issues[1].title == "Broken: Not found – site.example/a"
    assert linkwell("sync").stdout == "0 written, 0 left for the next time.\n"
    assert "Nothing to write." in linkwell("plan").stdout
    with History.open(place / "history.sqlite3") as history:
        assert history.tracked()["inc-a"].number == 1
        assert history.untold("github", NOW - timedelta(days=1)) == []
        over = ended(A, at=NOW + timedelta(minutes=1))
        turn = turned(A, IncidentTurn.CLOSED, at=NOW, run="r2")
        conclude(history, "r2", NOW + timedelta(minutes=1), over, turns=(turn,))
    assert linkwell("sync").exit_code == 0
    assert course.issues[1].state == "closed"
    with History.open(place / "history.sqlite3") as history:
        assert history.tracked()["inc-a"].state is TrackedState.CLOSED
        assert history.untold("github", NOW - timedelta(days=1)) == []


def test_people_are_heard(place, course):
    with History.open(place / "history.sqlite3") as history:
        conclude(history, "r1", NOW, A)
    linkwell("sync")
    course.human().comment(1, "/mute 3d\n/recheck\n/accept")
    heard = linkwell("sync")
    assert heard.exit_code == 0
    assert "is nothing that the newest run (r1) saw working" in heard.stderr
    with History.open(place / "history.sqlite3") as history:
        assert [each.by for each in history.mutes()] == ["ada on GitHub"]
        assert history.rechecks() == {A.members[0].resource.id}


def test_a_failed_look_up_is_told_by_the_exit_code(place, course, github):
    with History.open(place / "history.sqlite3") as history:
        conclude(history, "r1", NOW, A)
    github.issues.fail("unauthorized", times=None)
    for word in ("plan", "sync"):
        failed = linkwell(word)
        assert failed.exit_code == 3
        assert "The issues in meadow/course were left alone: GitHub says 401" in failed.stderr


def test_the_dashboard_from_history(place, course):
    text = (place / "config.yaml").read_text()
    words = f"issues: {{repository: {REPO}, mode: dashboard}}"
    (place / "config.yaml").write_text(text.replace(f"issues: {REPO}", words))
    with History.open(place / "history.sqlite3") as history:
        conclude(history, "r1", NOW, A)
    assert linkwell("sync").exit_code == 0
    assert course.issues[1].title == "Link health dashboard"

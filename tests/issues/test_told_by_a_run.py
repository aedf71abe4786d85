"""What a run tells the tracker when it has ended, and what its listener hears of that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import Config, load
from monitor.core.conclusion import Conclusion
from monitor.core.incidents import IncidentTurn
from monitor.core.model import Run, RunId
from monitor.store.history import History
from monitor.telling import tell
from tests.histories import made
from tests.issues.build import REPO, incident, turned

NOW = datetime.now(UTC).replace(microsecond=0)
RUN = Run(id=RunId("r1"), started_at=NOW - timedelta(minutes=5), sources=("x",))


@pytest.fixture
def configured(tmp_path, github, monkeypatch):
    """Load the configuration, with these variables around it."""
    github.issues.now = lambda: NOW
    monkeypatch.setattr("monitor.net.github_api.PAUSE", 0.0)
    file = tmp_path / "config.yaml"
    file.write_text(
        f'issues: {REPO}\nnetwork: {{proxy: "{github.proxy_url}", ca_file: "{github.ca_file}"}}\n'
    )
    return lambda **around: load(file, around)


@pytest.fixture
def history(tmp_path: Path):
    """A history with an incident that nobody was told of."""
    with History.open(made(tmp_path / "history.sqlite3")) as opened:
        opened.begin(RUN)
        trouble = incident("a", opened_at=NOW - timedelta(days=1))
        turn = turned(trouble, IncidentTurn.OPENED, at=NOW)
        said = Conclusion(incidents=(trouble,), turned=(turn,))
        opened.conclude(replace(RUN, finished_at=NOW), lambda _known: said, {})
        yield opened


def told(config: Config, history: History, run: Run = RUN) -> list[tuple[str, int]]:
    heard: list[tuple[str, int]] = []
    tell(config, history, replace(run, finished_at=NOW), lambda: NOW, lambda *w: heard.append(w))
    return heard


def test_what_was_written_is_heard_once(configured, history, course):
    config = configured(GITHUB_TOKEN=course.token)
    assert told(config, history) == [(REPO, 3)]  # two labels and an issue
    assert len(course.issues) == 1
    assert told(config, history) == []


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(replace(RUN, sources=()), id="a run of a part"),
        pytest.param(replace(RUN, invalid_reason="no network"), id="a run that does not count"),
    ],
)
def test_of_other_runs_nobody_is_told(configured, history, course, run):
    config = configured(GITHUB_TOKEN=course.token)
    assert told(config, history, run) == []
    assert not course.issues


def test_without_a_token_the_run_says_what_to_do(configured, history, course):
    assert told(configured(), history) == []
    assert not course.issues
    stored = history.load(RUN.id)
    assert stored is not None
    assert any("GITHUB_TOKEN" in note for note in stored.run.notes)

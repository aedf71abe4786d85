"""`linkwell stats`: what people and programs read."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.commands.stats import words
from monitor.core.conclusion import Conclusion
from monitor.core.hindsight import look_back
from monitor.core.model import Observation, Resource, ResourceId, Run, RunId, Url, Verdict
from monitor.core.patience import PRESETS
from monitor.core.provider import Checked
from monitor.core.reasons import Reason
from monitor.core.states import Sighting
from monitor.store.history import History
from tests.histories import made

FIRST_NIGHT = datetime(2026, 10, 1, 3, 17, tzinfo=UTC)
DAY = timedelta(days=1)
LETTERS = {".": Reason.ALIVE, "x": Reason.NOT_FOUND, "s": Reason.NOT_ANSWERING}
SEEN = {
    "drive:file:1": ".x.......",
    "shortlink:bit.ly/x": "ssssss...",
    "web:https://a.org/": "..xxxxxxx",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def remember(seen: dict[str, str]) -> None:
    """Fill the history of this folder, one run a night."""
    with History.open(made(Path(".linkwell/history.sqlite3"))) as history:
        for n in range(len(next(iter(seen.values())))):
            at = FIRST_NIGHT + n * DAY
            run = Run(id=RunId(f"r{n}"), started_at=at)
            history.begin(run)
            for id_, letters in seen.items():
                resource = Resource(
                    id=ResourceId(id_), provider="web", kind="page", url=Url("https://a.org/")
                )
                verdict = Verdict(reason=LETTERS[letters[n]], detail="So it was.")
                observation = Observation(resource=resource, verdict=verdict, at=at)
                checked = Checked(observation=observation, answers=(), exchanges=())
                asyncio.run(history.record(run.id, checked))
            history.conclude(replace(run, finished_at=at), lambda _: Conclusion(), {})


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["stats", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_what_people_read():
    remember(SEEN)
    assert said().splitlines() == [
        "3 resources were seen 27 times from 1 October 2026 to 9 October 2026.",
        (
            "History is too short for these numbers to say much: they need 10 failures of what"
            " worked before, with two checks after each."
        ),
        (
            "1 resource failed when first seen: when that began is not known, so the shares leave"
            " it out."
        ),
        "",
        "First failures                     number  well by 2nd check   by 3rd check",
        "Google Drive, said by the service       1      1 of 1 (100%)  1 of 1 (100%)",
        "Web, said by the service                1        0 of 1 (0%)    0 of 1 (0%)",
        "",
        "Numbers                    breaks called  false  too early  flapping  median delay",
        "patient (yours)                        2      1          0         0         1.0 d",
        "nightly                                2      0          0         0         1.0 d",
        "strict                                 3      1          0         0         0.0 h",
        "hard: 1                                3      2          0         0         0.0 h",
        "hard: 3                                2      1          0         0         2.0 d",
        "soft: {times: 1, span: 0}              3      1          0         0         0.0 h",
        "soft: {times: 2, span: 0}              2      0          0         0         1.0 d",
        "soft: {times: 3, span: 0}              2      0          0         0         1.0 d",
        "",
        "False: it worked again within 3 checks. Too early: fewer have followed so far.",
    ]


def test_what_programs_read():
    remember(SEEN)
    found = json.loads(said("--json", "--within", "1"))
    assert {name: found[name] for name in found if name not in {"first_failures", "policies"}} == {
        "resources": 3,
        "sightings": 27,
        "since": "2026-10-01T03:17:00+00:00",
        "until": "2026-10-09T03:17:00+00:00",
        "enough": False,
        "failed_when_first_seen": 1,
        "false_within": 1,
    }
    assert found["first_failures"][0] == {
        "provider": "google_drive",
        "evidence": "hard",
        "failures": 1,
        "recovered_by_second": {"recovered": 1, "of": 1},
        "recovered_by_third": {"recovered": 1, "of": 1},
    }
    assert found["policies"][0] == {
        "name": "patient (yours)",
        "called": 2,
        "false": 0,
        "too_early": 0,
        "flapping": 0,
        "median_delay": 86400,
    }


def test_numbers_of_your_own_are_tried_first():
    remember(SEEN)
    Path("config.yaml").write_text("states: {hard: 3}")
    names = [each["name"] for each in json.loads(said("--json"))["policies"]]
    assert names == [
        *("yours", "patient", "nightly", "strict", "hard: 1"),
        *(f"soft: {{times: {times}, span: 0}}" for times in (1, 2, 3)),
    ]


def test_without_a_run_that_counts_there_is_nothing_to_tell():
    History.open(Path(".linkwell/history.sqlite3")).close()
    told = ["History holds no run that counts yet: run `linkwell check` on a few days."]
    assert said().splitlines() == told
    assert json.loads(said("--json"))["since"] is None


def test_with_enough_behind_it_there_is_no_warning():
    reasons = (Reason.ALIVE, Reason.NOT_FOUND, Reason.ALIVE)
    seen = [Sighting(FIRST_NIGHT + n * DAY, reason) for n, reason in enumerate(reasons)]
    histories = [(ResourceId(f"other:{n}"), seen) for n in range(10)]
    found = look_back(histories, {"patient": PRESETS["patient"]}, lambda _: "other")
    assert words(found, {}, 1) == (
        "10 resources were seen 30 times from 1 October 2026 to 3 October 2026.",
        "",
        "First failures              number  well by 2nd check     by 3rd check",
        "other, said by the service      10    10 of 10 (100%)  10 of 10 (100%)",
        "",
        "Numbers  breaks called  false  too early  flapping  median delay",
        "patient              0      0          0         0             –",
        "",
        "False: it worked again within 1 check. Too early: fewer have followed so far.",
    )


@pytest.mark.parametrize("name", ["github_", "youtub"])
def test_an_override_for_no_provider_is_refused(name):
    Path("config.yaml").write_text(f"states: {{overrides: {{provider: {name}, preset: strict}}}}")
    done = CliRunner().invoke(app, ["stats"])
    assert done.exit_code == 1
    assert name in str(done.exception)

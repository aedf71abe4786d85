"""How the daemon is, in the forms that machines read."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.daemon.process import process
from monitor.daemon.status import OUTCOMES, Process, Status, metrics

NOW = datetime(2026, 11, 25, 3, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL = {
    "running_since": 5.0,
    "outcomes": Counter(done=3, idle=20),
    "ended_at": NOW,
    "succeeded_at": NOW,
    "took": timedelta(seconds=2.5),
    "next_at": NOW + HOUR,
    "links": {"ok": 40, "broken": 2, "nonsense": 7},
    "pages": 3,
    "reloads": Counter(refused=1),
    "reloaded_well": False,
    "dropped": 4,
}


def a_status(**more) -> Status:
    return Status(version="0.1.0", started_at=NOW, good_at=100.0, **more)


def families(status: Status, of: Process = Process()) -> dict:  # noqa: B008 - a value
    text = metrics(status, of, healthy=True)
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(families: dict, name: str, **labels: str) -> float:
    [sample] = [each for each in families[name].samples if each.labels == labels]
    return sample.value


def test_prometheus_reads_all_of_it():
    found = families(a_status(**FULL), Process(memory=50_000_000, files=11, cpu=0.5))

    assert value(found, "linkwell_build_info", version="0.1.0") == 1
    assert value(found, "linkwell_healthy") == 1
    assert value(found, "linkwell_runs", outcome="done") == 3
    assert value(found, "linkwell_runs", outcome="failed") == 0
    assert value(found, "linkwell_run_in_progress") == 1
    assert value(found, "linkwell_last_run_end_timestamp_seconds") == NOW.timestamp()
    assert value(found, "linkwell_next_run_timestamp_seconds") == (NOW + HOUR).timestamp()
    assert value(found, "linkwell_last_run_duration_seconds") == 2.5
    assert value(found, "linkwell_pages") == 3
    assert value(found, "linkwell_links", status="broken") == 2
    assert value(found, "linkwell_config_reloads", outcome="refused") == 1
    assert value(found, "linkwell_config_last_reload_successful") == 0
    assert value(found, "linkwell_log_lines_dropped") == 4
    assert value(found, "process_resident_memory_bytes") == 50_000_000
    assert value(found, "process_open_fds") == 11
    assert value(found, "process_cpu_seconds") == 0.5


def test_what_is_not_known_is_not_told():
    found = families(a_status())

    assert "linkwell_last_run_end_timestamp_seconds" not in found
    assert "linkwell_links" not in found
    assert "process_open_fds" not in found
    assert value(found, "linkwell_run_in_progress") == 0


def test_names_follow_the_conventions():
    text = metrics(a_status(**FULL), Process(memory=1, files=1, cpu=1.0), healthy=True)
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))

    assert all(re.fullmatch(r"(linkwell|process)_[a-z][a-z0-9_]*", name) for name in kinds)
    assert all(name.endswith("_total") == (kind == "counter") for name, kind in kinds.items())
    assert not [name for name in kinds if re.search(r"milli|minute|hour|_ms|_kb|percent", name)]
    assert set(re.findall(r"\{(\w+)=", text)) == {"version", "outcome", "status"}
    labels = set(re.findall(r'outcome="(\w+)"', text)) - {"refused"}
    assert labels == set(OUTCOMES)
    assert text.endswith("\n")


def test_a_version_may_hold_anything():
    found = families(Status(version='0.1+"a\\b"\n', started_at=NOW, good_at=0.0))

    assert value(found, "linkwell_build_info", version='0.1+"a\\b"\n') == 1


@pytest.mark.parametrize(
    ("more", "later", "wrong"),
    [
        pytest.param({}, 7200, None, id="within twice the schedule"),
        pytest.param({}, 7201, "no run came to its end", id="later"),
        pytest.param({"running_since": 150.0}, 7201, None, id="while a run goes on"),
        pytest.param({"running_since": 150.0}, 36100, "a run does not end", id="too long a run"),
    ],
)
def test_health(more, later, wrong):
    found = a_status(**more).health(100.0 + later, HOUR, 10 * HOUR)

    assert found == wrong or (wrong is not None and found.startswith(wrong))


def test_this_process_is_known_to_the_system():
    found = process()

    assert found.memory > 10_000_000
    assert found.files > 2
    assert found.cpu > 0
    assert process(-1) == Process()

"""The sections `schedule` and `daemon` of config.yaml."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config import Config, load
from monitor.core.errors import ConfigError
from monitor.core.recurrence import Cron, Every

HOUR = timedelta(hours=1)
UTC, ROME = ZoneInfo("UTC"), ZoneInfo("Europe/Rome")
SOURCES = 'sources: [{url: "https://a.org/", name: course}, "https://b.org/"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Config:
    Path("config.yaml").write_text(SOURCES + text)
    return load(Path("config.yaml"), {})


@pytest.mark.parametrize(
    ("text", "usual", "of_course"),
    [
        pytest.param("", "17 3 * * *", "17 3 * * *", id="every night, where nothing is said"),
        pytest.param("schedule: 30 2 * * *", "30 2 * * *", "30 2 * * *", id="a line of crontab"),
        pytest.param("schedule: '@weekly'", "@weekly", "@weekly", id="a name"),
        pytest.param(
            "schedule: {sources: {course: 0 5 * * mon}}", "17 3 * * *", "0 5 * * mon", id="a source"
        ),
    ],
)
def test_when_sources_are_checked(text, usual, of_course):
    schedule = read(text).schedule

    assert schedule.of("https://b.org/") == Cron.read(usual, UTC)
    assert schedule.of("course") == Cron.read(of_course, UTC)


def test_a_zone_of_its_own():
    schedule = read("schedule: {when: 30 2 * * *, zone: Europe/Rome}").schedule

    assert schedule.of("course") == Cron.read("30 2 * * *", ROME)


def test_a_pace():
    assert read("schedule: 6h").schedule.of("course") == Every(pace=6 * HOUR)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", timedelta(minutes=5), id="five minutes"),
        pytest.param("schedule: 4m", timedelta(minutes=2), id="not more than half of the shortest"),
        pytest.param("schedule: {jitter: 0s}", timedelta(0), id="none"),
    ],
)
def test_within_what_time_a_run_begins(text, expected):
    assert read(text).schedule.spread == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", None, id="nowhere"),
        pytest.param("daemon: 127.0.0.1:9100", ("127.0.0.1", 9100), id="here alone"),
        pytest.param("daemon: 9100", ("127.0.0.1", 9100), id="a port alone"),
        pytest.param("daemon: {listen: 9100}", ("127.0.0.1", 9100), id="a port"),
        pytest.param("daemon: {listen: '[::1]:9100'}", ("::1", 9100), id="IPv6"),
        pytest.param("daemon: {listen: '0.0.0.0:80'}", ("0.0.0.0", 80), id="for all, if so wished"),
    ],
)
def test_where_the_daemon_answers(text, expected):
    assert read(text).daemon.listen == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("schedule: sometimes", "expected when, as crontab says it", id="words"),
        pytest.param("schedule: 0s", "expected when, as crontab says it", id="always"),
        pytest.param("schedule: {when: 3}", "expected when, as crontab says it", id="a number"),
        pytest.param("schedule: 0 25 * * *", "expected an hour from 0 to 23", id="no such hour"),
        pytest.param("schedule: {zone: Rome}", "expected a zone of the tz database", id="no zone"),
        pytest.param(
            "schedule: {sources: {lectures: 6h}}",
            r"2:32: schedule.sources.lectures: expected the name of one of `sources:` \(course, ",
            id="a source that there is not",
        ),
        pytest.param("schedule: {rechecks: 0s}", "rechecks", id="rechecks all the time"),
        pytest.param("schedule: {per_host_a_day: 0}", "per_host_a_day", id="no budget at all"),
        pytest.param(
            "daemon: {listen: everywhere}", "expected a port, or an address", id="no port"
        ),
        pytest.param(
            "daemon: {listen: 70000}", "expected a port, or an address", id="no such port"
        ),
        pytest.param("daemon: {listen: true}", "expected a port, or an address", id="a yes"),
        pytest.param("daemon: {drain: 2m}", "drain", id="longer than systemd waits"),
    ],
)
def test_what_is_wrong(text, expected):
    with pytest.raises(ConfigError, match=expected):
        read(text)


def test_the_text_may_have_been_read_before():
    Path("config.yaml").write_text("schedule: nonsense")

    found = load(Path("config.yaml"), {}, "schedule: 6h")

    assert found.schedule.usual == Every(pace=6 * HOUR)

"""The sections `mutes` and `maintenance` of config.yaml."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config import Config, describe, load
from monitor.core.errors import ConfigError
from monitor.core.maintenance import MonthDay, Window
from monitor.core.mutes import Mute

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCES = 'sources: [{url: "https://a.org/", name: course}, "https://b.org/"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Config:
    Path("config.yaml").write_text(text)
    return load(Path("config.yaml"), {})


def muted(what: str, since: str = "1970-01-01", until: str | None = None, reason: str = "") -> Mute:
    def day(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    return Mute(
        id=f"config.yaml:{what}",
        what=what,
        reason=reason,
        by="config.yaml",
        since=day(since),
        until=day(until) if until else None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param('mutes: "*.pdf"', [muted("*.pdf")], id="a pattern, for ever"),
        pytest.param(
            "mutes: [{what: old.example, reason: It is known., until: 2027-01-31}]",
            [muted("old.example", until="2027-02-01", reason="It is known.")],
            id="its last day is whole",
        ),
        pytest.param(
            "mutes: [{what: old.example, since: 2026-11-01, for: 30d}]",
            [muted("old.example", since="2026-11-01", until="2026-12-01")],
            id="for so long from a day on",
        ),
        pytest.param(
            "mutes: [{what: old.example, until: 9999-12-31}]",
            [muted("old.example")],
            id="to the end of the calendar",
        ),
        pytest.param(
            "mutes: [{what: 'incident:0123456789ab', for: }, 'youtube:video:0bMe_vCZo30']",
            [muted("incident:0123456789ab"), muted("youtube:video:0bMe_vCZo30")],
            id="incidents and resources",
        ),
    ],
)
def test_what_is_muted(text, expected):
    assert list(read(text).mutes(NOW)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "{from: 2027-08-01, to: 2027-08-31}",
            {"dates": (date(2027, 8, 1), date(2027, 8, 31))},
            id="dates",
        ),
        pytest.param(
            '{from: 12-20, to: "01-06", reason: Holidays}',
            {"yearly": (MonthDay(12, 20), MonthDay(1, 6)), "reason": "Holidays"},
            id="days of every year",
        ),
        pytest.param("{days: Saturday}", {"weekdays": frozenset({5})}, id="a day of the week"),
        pytest.param(
            "{days: [mon-wed, sun]}", {"weekdays": frozenset({0, 1, 2, 6})}, id="days of the week"
        ),
        pytest.param(
            "{days: fri-mon}", {"weekdays": frozenset({4, 5, 6, 0})}, id="over the week's end"
        ),
        pytest.param(
            "{days: 'sat, sun', hours: '22:00-06:00', zone: Europe/Rome}",
            {
                "weekdays": frozenset({5, 6}),
                "hours": (time(22), time(6)),
                "zone": ZoneInfo("Europe/Rome"),
            },
            id="hours of a zone",
        ),
        pytest.param(
            "{days: sat, source: course}",
            {"weekdays": frozenset({5}), "sources": ("course",)},
            id="of one source",
        ),
        pytest.param(
            '{days: sat, source: [course, "https://b.org/"]}',
            {"weekdays": frozenset({5}), "sources": ("course", "https://b.org/")},
            id="of some sources",
        ),
    ],
)
def test_when_maintenance_is(text, expected):
    (entry,) = read(f"{SOURCES}maintenance: {text}").maintenance
    usual = {"reason": "Maintenance", "zone": ZoneInfo("UTC")}
    assert entry.window(1) == Window(id="maintenance:1", **{**usual, **expected})


def test_maintenance_mutes_while_it_is_on():
    config = read(f"{SOURCES}maintenance: [{{days: tue}}, {{days: sun}}]\nmutes: old.example")
    assert [mute.id for mute in config.mutes(NOW)] == ["config.yaml:old.example", "maintenance:1"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("mutes: [{reason: none}]", "mutes[1]: the key `what` is missing"),
        ("mutes: 're:('", "a regular expression after re:"),
        ("mutes: [{what: a, span: 3d}]", "unknown key `span`"),
        ("mutes: [{what: a, for: 3d}]", "`since`, the day from which `for` counts"),
        (
            "mutes: [{what: a, since: 2026-01-01, for: 3d, until: 2026-02-01}]",
            "expected one of `until` and `for`, not both",
        ),
        (
            "mutes: [{what: a, since: 2026-01-01, until: 2025-02-01}]",
            "expected `until` on the day of `since` or later",
        ),
        ("mutes: [{what: a, until: tomorrow}]", "a date such as 2027-01-31"),
        ("maintenance: {reason: x}", "at least one of `from` and `to`, `days`, and `hours`"),
        ("maintenance: {from: 08-01}", "`from` and `to`, both or none"),
        ("maintenance: {from: 08-01, to: 2027-08-31}", "both with a year, or both without"),
        ("maintenance: {from: 2027-08-31, to: 2027-08-01}", "`to` on the day of `from` or later"),
        ("maintenance: {from: 02-30, to: 03-01}", "a day that is in the calendar, such as 08-31"),
        ("maintenance: {from: 3, to: 03-01}", "a date such as 2027-08-01, or a day of every year"),
        ("maintenance: {days: someday}", "days of the week such as sat, sun or mon-fri"),
        ("maintenance: {days: [1]}", "days of the week such as sat, sun or mon-fri"),
        ("maintenance: {hours: late}", "hours such as 22:00-06:00"),
        ("maintenance: {hours: 25:00-06:00}", "hours such as 22:00-06:00"),
        ("maintenance: {hours: 6}", "hours such as 22:00-06:00"),
        ("maintenance: {hours: 06:00-06:00}", "which begin and end at different times"),
        ("maintenance: {days: sat, zone: Rome}", "a zone of the tz database, such as Europe/Rome"),
        ("maintenance: {days: sat, zone: 7}", "a zone of the tz database, such as Europe/Rome"),
        (
            "maintenance: {days: sat, source: lectures}",
            "maintenance[1].source: expected the name of one of `sources:` (course,",
        ),
    ],
)
def test_a_wrong_entry_is_told_what_would_be_right(text, complaint):
    with pytest.raises(ConfigError, match=r"config\.yaml:") as caught:
        read(f"{SOURCES}{text}")
    assert complaint in str(caught.value)


def test_it_is_described_in_words():
    config = read(
        f"{SOURCES}mutes: [{{what: a.org, reason: Old., until: 2026-01-31}}, b.org]\n"
        "maintenance:\n"
        '- {from: "08-01", to: "08-31", reason: Summer break}\n'
        "- {days: [sun, sat], hours: 22:00-06:00, zone: Europe/Rome, source: course}\n"
    )
    lines = describe(config, NOW.date())
    assert [line for line in lines if line.startswith(("mute", "maintenance"))] == [
        "mute a.org until 2026-01-31 (over: it no longer counts): Old.",
        "mute b.org",
        "maintenance: 08-01 to 08-31 (UTC): Summer break",
        "maintenance of course: sat, sun, 22:00-06:00 (Europe/Rome): Maintenance",
    ]

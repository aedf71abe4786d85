"""SQLite and PostgreSQL tell the same of the same runs, to the byte."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from monitor.commands import exporting
from monitor.core.errors import ConfigError
from monitor.core.mutes import Mute
from monitor.core.reasons import Reason
from monitor.past import Rules, report_at, report_of
from monitor.report.render import FORMATS
from monitor.report.site import site
from monitor.store.history import History
from tests.postgresql import Cluster
from tests.test_past import FIRST, GONE, OK, Nights

WARNED, SILENT, BLOCKED = Reason.MOVED, Reason.NOT_ANSWERING, Reason.BLOCKED
NIGHTS = (
    *[{"a": OK, "b": OK}] * 3,
    {"a": GONE, "b": OK},
    {"a": GONE, "b": WARNED},
    *[{"a": GONE, "b": SILENT}] * 4,
    *[{"a": OK, "b": BLOCKED}] * 3,
    {"a": GONE, "b": GONE},
    {"a": OK},
    *[{"a": GONE, "b": GONE}] * 4,
    *[{"a": GONE, "b": OK}] * 3,
)


def lived(nights: Nights) -> Nights:
    """Live through all nights; the network is gone in one, a mute is made, much is forgotten."""
    for number, met in enumerate(NIGHTS):
        nights.night(valid=number != 6, **met)
        if number == 8:
            at = FIRST + timedelta(days=8)
            nights.history.mute(
                Mute(
                    id="m1",
                    what="https://b.example/*",
                    reason="It is being moved – naïve “Ü”",
                    by="test",
                    since=at,
                    until=at + timedelta(days=4),
                )
            )
        if number == 12:
            nights.history.purge(FIRST + timedelta(days=7))
        if number == 15:
            nights.history.drop_evidence(FIRST + timedelta(days=10))
    return nights


def told(history: History) -> dict[str, str]:
    """Return all that can be told of a history, by what it is."""
    found = {}
    rules = Rules()
    runs = history.runs(1_000)
    for run in runs:
        report = report_of(history, run.id, rules)
        for form, files in FORMATS.items():
            for file, write in files.items():
                found[f"{run.id} {form} {file}"] = write(report)
    for day in range(1, 25):
        try:
            report = report_at(history, date(2026, 3, day), rules)
        except ConfigError as error:
            found[f"{day}"] = str(error)
            continue
        found |= {f"{day} {form}": next(iter(f.values()))(report) for form, f in FORMATS.items()}
    newest = report_of(history, runs[0].id, rules)
    tallies = history.tallies([run.id for run in runs])
    found |= site(newest, runs, tallies, history.transitions)
    found["sightings"] = repr(list(history.sightings()))
    found["states"] = repr(sorted(history.states().items()))
    for form in ("csv", "json"):
        file = BytesIO()
        {"csv": exporting._csv, "json": exporting._json}[form](history, date.min, file)
        found[form] = file.getvalue().decode()
    return found


@pytest.fixture
def places(tmp_path: Path, cluster: Cluster) -> tuple[str, str]:
    return str(tmp_path / "history.sqlite3"), cluster.emptied()


def test_both_tell_the_same_to_the_byte(places: tuple[str, str]) -> None:
    both = []
    for place in places:
        nights = lived(Nights(place))
        nights.history.close()
        with History.open(place, read_only=True) as history:
            both.append(told(history))
    one, other = both
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert len(one) > 300
    assert len({*one.values()}) > 100  # it is not all empty
    assert "Muted" in "".join(one.values())


def test_a_server_that_is_restarted_in_mid_run_tells_the_same(
    places: tuple[str, str], cluster: Cluster
) -> None:
    both = []
    for place in places:
        nights = Nights(place)
        if place == places[1]:
            nights.history.record = _then(nights.history.record, lambda: _restart(cluster))
        lived(nights)
        nights.history.close()
        with History.open(place, read_only=True) as history:
            both.append(told(history))
    one, other = both
    assert [name for name in one if one[name] != other[name]] == []


def _then(record: Callable, do: Callable[[], None]) -> Callable:
    """Return what records, and does something after the seventh check."""
    done = []

    async def recorded(*arguments: object) -> None:
        await record(*arguments)
        done.append(True)
        if len(done) == 7:
            await asyncio.to_thread(do)

    return recorded


def _restart(cluster: Cluster) -> None:
    cluster.stop("immediate")
    cluster.start()

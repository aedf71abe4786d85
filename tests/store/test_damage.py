"""Rows that somebody damaged: read as they stand, or told with advice; never a traceback."""

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from monitor.core.conclusion import Conclusion
from monitor.core.errors import HistoryError
from monitor.core.model import RunId
from monitor.core.reasons import Reason
from monitor.core.states import State, Transition, Turn
from monitor.core.tracked import Tracked
from monitor.store.history import History
from tests.store.over_time import a_mute, a_turn, an_incident
from tests.store.samples import (
    DAY,
    LECTURE,
    NOON,
    a_check,
    a_mail,
    a_page,
    a_reference,
    a_run,
    ended,
)

COLUMNS = [
    ("runs", "started_at"),
    ("runs", "sources"),
    ("runs", "trusted_until"),
    ("pages", "notes"),
    ("pages", "source"),
    ("pages", "read"),
    ("pages", "whole"),
    ("links", "line"),
    ("links", "context"),
    ("links", "used_col"),
    ("skipped", "why"),
    ("resources", "keys"),
    ("resources", "needs"),
    ("observations", "at"),
    ("observations", "verdict"),
    ("baselines", "since"),
    ("baselines", "facts"),
]


@pytest.mark.parametrize("value", [b"\xff", "nonsense", 1e300, "[7]", '{"a":7}'], ids=repr)
@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_a_damaged_row_is_read_as_it_stands_or_told_with_advice(file, table, column, value):
    with History.open(file) as history:
        history.begin(a_run())
        where = a_reference(used_at=a_reference().link.occurrence.position)
        history.add_page(RunId("r1"), a_page(), (where,), (a_mail(),))
        await history.record(RunId("r1"), a_check())
        history.finish(ended(a_run(), trusted_until=NOON))
        history.accept(a_run(), {LECTURE: {"title": "A"}}, NOON)
        other = sqlite3.connect(file)
        with other:
            other.execute(f"UPDATE {table} SET {column} = ?", (value,))
        other.close()
        try:
            told = str(history.load(RunId("r1")).run.id)
        except HistoryError as error:
            told = str(error).removeprefix(f"{file} ").partition(" (")[0]
    assert told in {"r1", "is damaged: move it away, or put a backup in its place"}


OVER_TIME = [
    ("runs", "trusted_until"),
    ("observations", "at"),
    ("observations", "reason"),
    ("observations", "met"),
    ("observations", "took"),
    ("states", "policy"),
    ("states", "state"),
    ("transitions", "at"),
    ("transitions", "turn"),
    ("transitions", "reason"),
    ("incidents", "opened_at"),
    ("incidents", "closed_at"),
    ("incidents", "incident"),
    ("incident_versions", "at"),
    ("incident_versions", "incident"),
    ("incident_transitions", "at"),
    ("incident_transitions", "turn"),
    ("incident_transitions", "sentence"),
    ("tellings", "claimed_at"),
    ("tellings", "tries"),
    ("tellings", "error"),
    ("mutes", "since"),
    ("mutes", "mute"),
    ("mutes", "ended_at"),
    ("tracked", "tracked"),
]
WRONG = [b"\xff", "nonsense", 1e300, "[7]", '{"a":7}', '{"id":[],"members":[7],"turns":7}']


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A history with a row in every table, closed."""
    file = tmp_path_factory.mktemp("whole") / "history.sqlite3"
    return asyncio.run(filled(file))


async def filled(file):
    run = ended(a_run(), trusted_until=NOON)
    happened = {LECTURE: [Transition(turn=Turn.CONFIRMED, at=NOON, reason=Reason.GONE)]}
    with History.open(file) as history:
        history.begin(run)
        await history.record(run.id, a_check())
        conclusion = Conclusion(
            met={LECTURE: Reason.MOVED},
            states={LECTURE: State(seen_at=NOON)},
            policies={LECTURE: "p"},
            happened=happened,
            incidents=(an_incident(),),
            turned=(a_turn(),),
        )
        history.conclude(run, lambda _: conclusion, {})
        history.claim(["t1"], "mail", NOON)
        history.fail(["t1"], "mail", "It is down.")
        history.mute(a_mute(until=NOON + DAY))
        history.track("i1", Tracked(repository="o/r", number=7))
    return file


READINGS = [
    lambda history: history.states(),
    lambda history: history.transitions(LECTURE),
    lambda history: list(history.sightings()),
    lambda history: history.days([LECTURE], NOON.date(), NOON.date()),
    lambda history: history.incidents(),
    lambda history: history.incidents_at(NOON + 9 * DAY, NOON),
    lambda history: history.story("i1"),
    lambda history: history.untold("chat", NOON - DAY),
    lambda history: history.failing(NOON - DAY),
    lambda history: history.claim(["t1"], "mail", NOON + DAY),
    lambda history: history.mutes(),
    lambda history: history.mutes_at(NOON + DAY),
    lambda history: history.tracked(),
    lambda history: history.purge(NOON),
    lambda history: history.conclude(
        ended(a_run()),
        lambda known: Conclusion(happened={LECTURE: known.sightings(LECTURE)[:0]}),
        {LECTURE: "p"},
    ),
]


@pytest.mark.parametrize(("table", "column"), OVER_TIME)
def test_damage_of_years_is_read_as_it_stands_or_told_with_advice(whole, tmp_path, table, column):
    file = shutil.copy(whole, tmp_path)
    told = []
    with closing(sqlite3.connect(file)) as other, History.open(file) as history:
        for value in WRONG:
            with other:
                other.execute(f"UPDATE {table} SET {column} = ?", (value,))
            for read in READINGS:
                try:
                    read(history)
                except HistoryError as error:
                    told.append(str(error).removeprefix(f"{file} ").partition(" (")[0])
    assert set(told) <= {"is damaged: move it away, or put a backup in its place"}


@pytest.mark.parametrize(
    ("table", "column", "read", "named"),
    [
        pytest.param(
            "states",
            "state",
            lambda history: history.states(),
            "the state of 'youtube:video:0bMe_vCZo30': no list: '7'",
            id="a state",
        ),
        pytest.param(
            "incidents",
            "incident",
            lambda history: history.incidents(),
            "the incident 'i1': Incident without cause, id, members, opened_at, reason, status",
            id="an incident",
        ),
        pytest.param(
            "tracked",
            "tracked",
            lambda history: history.tracked(),
            "the issue of 'i1': Tracked without number, repository",
            id="an issue",
        ),
        pytest.param(
            "mutes",
            "mute",
            lambda history: history.mutes(),
            "the mute 'm1': Mute without by, id, reason, since, until, what",
            id="a mute",
        ),
        pytest.param(
            "observations",
            "reason",
            lambda history: list(history.sightings()),
            "what was seen of 'youtube:video:0bMe_vCZo30'",
            id="a sighting",
        ),
    ],
)
def test_what_is_damaged_is_named(whole, tmp_path, table, column, read, named):
    file = shutil.copy(whole, tmp_path)
    with closing(sqlite3.connect(file)) as other, other:
        other.execute(f"""UPDATE {table} SET {column} = '{{"turns":7}}'""")
        other.execute("UPDATE observations SET met = NULL")
    with History.open(file) as history, pytest.raises(HistoryError, match=re.escape(named)):
        read(history)

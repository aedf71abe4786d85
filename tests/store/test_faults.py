"""A full disk, a locked database, a second process, a killed one: told, and nothing half done."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.conclusion import Conclusion
from monitor.core.errors import HistoryError
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason
from monitor.core.states import PRESETS, Phase, Sighting, State, step
from monitor.store.history import History
from tests.store.over_time import a_mute, a_turn, an_incident
from tests.store.samples import DAY, LECTURE, NOON, a_check, a_run, ended

ROOT = Path(__file__).parents[2]
ALMOST_NO_PATIENCE = timedelta(milliseconds=20)
STRICT = PRESETS["strict"]
MANY = [ResourceId(f"web:https://{n}.test/") for n in range(2_000)]
FAILING = Conclusion(states=dict.fromkeys(MANY, State(seen_at=NOON)), incidents=(an_incident(),))


@pytest.fixture
def begun(file):
    """A history with a run that has begun."""
    with History.open(file) as history:
        history.begin(a_run())
    return file


def contents(file):
    with History.open(file, read_only=True) as history:
        return history.runs(), history.states(), history.incidents(), history.mutes()


def leave_no_room(history):
    """Let the database grow no further, as on a full disk."""

    def limit(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    history._writer.do(limit)


def test_a_full_disk_is_told_and_nothing_is_half_written(begun):
    before = contents(begun)
    with History.open(begun) as history:
        leave_no_room(history)
        with pytest.raises(HistoryError, match=r"there is no room left for .*: free some space or"):
            history.conclude(ended(a_run()), lambda _: FAILING, dict.fromkeys(MANY, "p"))
    assert contents(begun) == before

    with History.open(begun) as history:  # there is room again
        history.conclude(ended(a_run()), lambda _: FAILING, dict.fromkeys(MANY, "p"))
        assert len(history.states()) == len(MANY)


WAYS = [
    pytest.param(
        lambda h: h.conclude(ended(a_run()), lambda _: Conclusion(), {}), id="conclude a run"
    ),
    pytest.param(lambda h: h.claim(["t1"], "mail", NOON), id="claim what is to be told"),
    pytest.param(lambda h: h.mute(a_mute()), id="mute"),
    pytest.param(lambda h: h.recheck([LECTURE]), id="wish for a recheck"),
]


@pytest.mark.parametrize("write", WAYS)
def test_a_database_that_another_program_holds_is_told(begun, write):
    with History.open(begun, patience=ALMOST_NO_PATIENCE) as history:
        with closing(sqlite3.connect(begun, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(HistoryError, match="is in use by another program: try again when"):
                write(history)
            assert history.states() == {}
        write(history)


@pytest.mark.parametrize("write", WAYS)
def test_what_is_open_for_reading_alone_is_not_written(begun, write):
    before = contents(begun)
    with (
        History.open(begun, read_only=True) as history,
        pytest.raises(HistoryError, match="cannot be written: make it and its folder writable"),
    ):
        write(history)
    assert contents(begun) == before


def failing_at(at, counted=None):
    """Return what decides as a run does that saw the lecture fail at an instant."""

    def decide(known):
        before = known.states.get(LECTURE, State())
        if counted is not None:
            counted.append(before)
        state, happened = step(before, Sighting(at, Reason.GONE), STRICT)
        return Conclusion(
            states={LECTURE: state}, policies={LECTURE: "p"}, happened={LECTURE: happened}
        )

    return decide


async def test_of_two_that_conclude_at_once_the_second_knows_what_the_first_decided(file):
    runs = [a_run(f"r{n}", NOON + n * DAY) for n in range(2)]
    with History.open(file) as history:
        for run in runs:
            history.begin(run)
            await history.record(run.id, a_check(reason=Reason.GONE, at=run.started_at))
    start, first_is_in, before = threading.Barrier(2), threading.Event(), []

    def conclude(run):
        def decide(known):
            first_is_in.set()
            return failing_at(run.started_at, before)(known)

        with History.open(file) as history:
            start.wait()
            if run is runs[1]:
                first_is_in.wait()
            history.conclude(ended(run), decide, {LECTURE: "p"})

    threads = [threading.Thread(target=conclude, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.phase for each in before] == [Phase.UNKNOWN, Phase.CONFIRMED]
    with History.open(file) as history:
        assert history.states()[LECTURE].seen_at == NOON + DAY
        assert len(history.transitions(LECTURE)) == 1


KILLED = """
import os, signal, sys
from monitor.core.conclusion import Conclusion
from monitor.core.states import State
from monitor.store import outcomes
from monitor.store.history import History
from tests.store.over_time import a_turn, an_incident
from tests.store.samples import LECTURE, NOON, a_run, ended

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def decide(known):
    if sys.argv[2] == "deciding":
        die()
    return Conclusion(
        states={LECTURE: State(seen_at=NOON)},
        policies={LECTURE: "p"},
        incidents=(an_incident(),),
        turned=(a_turn(),),
    )

if sys.argv[2] == "writing":
    write, outcomes.write_incidents = outcomes.write_incidents, lambda *a: (write(*a), die())
history = History.open(sys.argv[1])
history.conclude(ended(a_run()), decide, {LECTURE: "p"})
if sys.argv[2] == "telling":
    history.claim(["t1"], "mail", NOON)
die()
"""


@pytest.mark.parametrize(
    ("at", "counts", "claimable"),
    [
        pytest.param("deciding", False, [], id="killed while it decides"),
        pytest.param("writing", False, [], id="killed while it writes"),
        pytest.param("concluded", True, ["t1"], id="killed before it tells"),
        pytest.param("telling", True, [], id="killed while it tells"),
    ],
)
def test_a_process_that_is_killed_has_concluded_all_or_nothing(begun, at, counts, claimable):
    ran = subprocess.run([sys.executable, "-c", KILLED, str(begun), at], cwd=ROOT, check=False)
    assert ran.returncode == -9

    with History.open(begun) as history:
        assert (history.runs()[0].finished_at is not None) is counts
        assert (LECTURE in history.states()) is counts
        assert [each.id for each in history.incidents()] == ["i1"] * counts
        assert history.untold("mail", NOON) == [a_turn()] * counts
        assert history.claim(["t1"], "mail", NOON) == claimable
        late = history.claim(["t1"], "mail", NOON + DAY)
        assert late == ["t1"] * counts

"""Backups, upgrades, a look for damage, and room that is given back."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.core.conclusion import Conclusion
from monitor.core.errors import HistoryError
from monitor.core.model import RunId
from monitor.core.states import State
from monitor.core.tracked import Tracked
from monitor.store import maintenance
from monitor.store.history import History
from monitor.store.leases import Holder
from monitor.store.rows import write_checked
from monitor.store.tables import VERSION
from tests.postgresql import PASSWORD
from tests.store.over_time import a_mute, a_turn, an_incident
from tests.store.places import another_program_writes, change, is_server
from tests.store.samples import (
    DAY,
    LECTURE,
    NOON,
    a_check,
    a_mail,
    a_page,
    a_reference,
    a_run,
    an_answer,
    ended,
)
from tests.store.test_upgrading import a_history_of

CONCLUSION = Conclusion(
    states={LECTURE: State(seen_at=NOON)},
    policies={LECTURE: "p"},
    incidents=(an_incident(),),
    turned=(a_turn(),),
)
ALMOST_NO_PATIENCE = timedelta(milliseconds=20)


def fill(place):
    """Write something into almost each table."""
    with History.open(place) as history:
        for number in range(3):
            run = a_run(f"r{number}", NOON + number * DAY)
            history.begin(run)
            history.add_page(run.id, a_page(), (a_reference(),), (a_mail(),))
            look = a_check(at=NOON + number * DAY)
            history._writer.do(lambda c, run=run, look=look: write_checked(c, [(run.id, look)]))
            history.conclude(ended(run), lambda _: CONCLUSION, {LECTURE: "p"})
        history.accept(run, {LECTURE: {"title": "Lezione"}}, NOON)
        history.mute(a_mute())
        history.track("i1", Tracked(repository="o/r", number=7, digest="d"))
        history.lease(Holder.here("a check"))
        assert history.purge(NOON + DAY) == 1


@pytest.fixture
def full(place):
    fill(place)
    return place


def test_what_is_whole_is_found_whole(full):
    assert maintenance.check(full) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            "UPDATE observations SET verdict = '{' WHERE run_id = 'r2'",
            f"observations.verdict, row r2, {LECTURE}: no JSON: '{{'",
            id="half a verdict",
        ),
        pytest.param(
            "UPDATE observations SET reason = 'nonsense' WHERE run_id = 'r1'",
            f"observations, row r1, {LECTURE}: no Reason: 'nonsense'",
            id="a reason that there is not",
        ),
        pytest.param(
            "UPDATE states SET state = '[7]'",
            f"states, row {LECTURE}: no object: '[7]'",
            id="a state of another form",
        ),
        pytest.param(
            "UPDATE incidents SET incident = '{}'",
            "incidents, row i1: Incident without cause, id, members, opened_at, reason, status",
            id="an empty incident",
        ),
        pytest.param(
            "UPDATE answers SET exchanges = '7' WHERE run_id = 'r2'",
            f"answers, row r2, {LECTURE}, 0: no list: '7'",
            id="evidence that is no list",
        ),
        pytest.param(
            "UPDATE tracked SET tracked = 'null'",
            "tracked, row i1: no object: 'None'",
            id="an issue",
        ),
    ],
)
def test_a_damaged_row_is_named(full, statement, found):
    change(full, statement)
    assert maintenance.check(full) == [found]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            "UPDATE runs SET started_at = 'tuesday' WHERE id = 'r1'",
            "runs.started_at, row r1: no instant: 'tuesday'",
            id="no instant",
        ),
        pytest.param(
            "UPDATE pages SET position = 'x' WHERE run_id = 'r1'",
            "it hangs on a row of pages that is not there",
            id="a row that hangs on nothing",
        ),
        pytest.param(
            "UPDATE days SET ok = 'many'",
            f"days.ok, row {LECTURE}, 2026-03-01: no int: 'many'",
            id="no number",
        ),
        pytest.param(
            "UPDATE runs SET id = x'ff' WHERE id = 'r1'", "no text: \"b'\\\\xff'\"", id="no text"
        ),
        pytest.param(
            "UPDATE days SET day = 'x'",
            f"days.day, row {LECTURE}, x: Invalid isoformat string: 'x'",
            id="no day",
        ),
    ],
)
def test_in_sqlite_anything_may_stand_anywhere(tmp_path, statement, found):
    file = tmp_path / "history.sqlite3"
    fill(file)
    change(file, "PRAGMA foreign_keys=OFF", statement)
    said = maintenance.check(file)
    assert any(found in each for each in said), said


def test_no_more_than_a_hundred_are_named(place):
    with History.open(place) as history:
        for number in range(120):
            history.begin(a_run(f"r{number}"))
    change(place, "UPDATE runs SET notes = '{'")
    assert len(maintenance.check(place)) == maintenance.MOST_DAMAGE


def test_an_older_history_is_to_be_upgraded_before_it_is_looked_through(file):
    file.parent.mkdir()
    a_history_of("0003", file)
    with pytest.raises(HistoryError, match="from an older Linkwell: run `linkwell db upgrade` fi"):
        maintenance.check(file)


def test_a_damaged_file_is_told(file):
    History.open(file).close()
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(b"\xff" * 3000)
    with pytest.raises(HistoryError, match="is damaged: move it away, or put a backup in its pla"):
        maintenance.check(file)


def test_a_damaged_page_of_the_file_is_found(file):
    with History.open(file) as history:
        for number in range(400):
            history.begin(a_run(f"r{number:04}"))
    with file.open("r+b") as opened:
        opened.seek(-16_384, os.SEEK_END)
        opened.write(b"\x0d" + b"\xee" * 16_383)
    try:
        said = " ".join(maintenance.check(file))
    except HistoryError as error:  # as the page may be one that all reading needs
        said = str(error)
    assert "the file: " in said or "is damaged" in said


def test_a_backup_is_one_file_with_all_that_is_there_while_a_run_writes(file, tmp_path):
    copy = tmp_path / "backups" / "copy.sqlite3"
    with History.open(file) as history:
        history.begin(a_run())
        with another_program_writes(file):
            maintenance.backup(file, copy)
        history.begin(a_run("r2"))
    assert [each.name for each in copy.parent.iterdir()] == [copy.name]
    with History.open(copy) as history:
        assert [run.id for run in history.runs()] == ["r1"]
    maintenance.backup(file, copy)
    with History.open(copy, read_only=True) as history:
        assert len(history.runs()) == 2


def test_a_backup_that_cannot_be_written_is_told(file, tmp_path):
    History.open(file).close()
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(HistoryError, match=r"the backup cannot be written to .*: free some space"):
        maintenance.backup(file, tmp_path / "taken" / "copy")
    with pytest.raises(HistoryError, match="is the history itself: name another file"):
        maintenance.backup(file, file)
    with pytest.raises(HistoryError, match="there is no history at"):
        maintenance.backup(tmp_path / "none", tmp_path / "copy")


def test_a_server_is_backed_up_by_its_own_program(cluster, tmp_path):
    with pytest.raises(HistoryError) as raised:
        maintenance.backup(cluster.url("made"), tmp_path / "copy")
    assert (
        f"`pg_dump --format=custom --file={tmp_path}/copy"
        f" postgresql://linkwell@127.0.0.1:{cluster.port}/made`"
    ) in str(raised.value)
    assert PASSWORD not in str(raised.value)


def test_an_upgrade_keeps_the_file_as_it_was(file):
    file.parent.mkdir()
    a_history_of("0005", file)

    done = maintenance.upgrade(file)

    assert (done.before, done.after) == ("0005", VERSION)
    with closing(sqlite3.connect(done.backup)) as before:
        assert before.execute("SELECT version_num FROM linkwell_version").fetchone() == ("0005",)
        assert before.execute("SELECT count(*) FROM observations").fetchone() == (2,)
    with History.open(file, read_only=True) as history:
        assert history.load(RunId("r1")) is not None
    again = maintenance.upgrade(file)
    assert (again.before, again.after, again.backup) == (VERSION, VERSION, None)


def test_an_upgrade_makes_a_history_where_there_is_none(place, file, cluster):
    nothing = cluster.blank() if is_server(place) else file
    assert maintenance.upgrade(nothing).before is None
    assert maintenance.upgrade(nothing).before == VERSION


def test_a_newer_history_is_not_upgraded(file):
    History.open(file).close()
    change(file, "UPDATE linkwell_version SET version_num = '0999'")
    with pytest.raises(HistoryError, match="was written by a newer Linkwell: upgrade Linkwell"):
        maintenance.upgrade(file)


async def test_compacting_gives_room_back(history, place):
    for number in range(2):
        run = a_run(f"r{number}", NOON + number * DAY)
        history.begin(run)
        for n in range(300 if number == 0 else 1):
            answers = (an_answer(body={"words": "word " * 500}, exchanges=()),)
            await history.record(run.id, a_check(f"v{n}", answers=answers, exchanges=()))
        history.finish(ended(run))
    history.purge(NOON + DAY)
    history.close()

    done = maintenance.compact(place)

    assert done.after < done.before - 100_000
    with History.open(place, read_only=True) as opened:
        assert [run.id for run in opened.runs()] == ["r1"]


def test_a_history_in_use_is_not_compacted(file):
    History.open(file).close()
    with another_program_writes(file), pytest.raises(HistoryError, match="is in use by another"):
        maintenance.compact(file, ALMOST_NO_PATIENCE)
    with pytest.raises(HistoryError, match="there is no history at"):
        maintenance.compact(file.with_name("none"))

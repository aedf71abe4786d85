"""A history in PostgreSQL: what is refused, restarts, and hosts that share it."""

import asyncio
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy.exc import InternalError, OperationalError

from monitor.core.errors import HistoryError
from monitor.core.identify import identify, link_to
from monitor.core.model import RunId, Url
from monitor.providers import find
from monitor.store.advice import SERVERS_ADVICE, is_gone, trouble
from monitor.store.history import History
from monitor.store.lasting import Lasting
from monitor.store.place import Place
from tests.postgresql import PASSWORD
from tests.store.places import another_program_writes, change
from tests.store.samples import a_check, a_page, a_reference, a_run, ended

ROOT = Path(__file__).parents[2]
ALMOST_NO_PATIENCE = timedelta(milliseconds=20)
RUN = RunId("r1")


@pytest.fixture
def place(cluster):
    return cluster.emptied()


def name(place):
    return str(place).replace(PASSWORD, "***")


def test_no_server_is_told(cluster):
    nowhere = f"postgresql://linkwell:{PASSWORD}@127.0.0.1:1/x"
    with pytest.raises(HistoryError) as raised:
        History.open(nowhere)
    assert str(raised.value) == (
        "PostgreSQL at postgresql://linkwell:***@127.0.0.1:1/x has stopped, or cannot be reached:"
        " start it and try again, or correct host and port in store.url"
    )


@pytest.mark.parametrize(
    ("named", "message"),
    [
        pytest.param(
            {"password": "wrong-canary"},
            "refuses this user or password: correct them in store.url",
            id="a wrong password",
        ),
        pytest.param(
            {"user": "nobody", "password": "wrong-canary"},
            "refuses this user or password: correct them in store.url",
            id="a user that is not there",
        ),
        pytest.param(
            {"database": "none"},
            "make it (`createdb -E UTF8 NAME`), or correct its name in store.url",
            id="a database that is not there",
        ),
    ],
)
@pytest.mark.parametrize("read_only", [False, True], ids=["to write", "to read"])
def test_who_is_not_let_in_hears_why_and_no_password(cluster, named, message, read_only):
    with pytest.raises(HistoryError) as raised:
        History.open(cluster.url(**{"database": "made", **named}), read_only=read_only)
    assert message in str(raised.value)
    assert "canary" not in str(raised.value)
    assert PASSWORD not in str(raised.value)


def test_a_password_in_the_options_is_not_shown(cluster):
    where = f"postgresql://linkwell@127.0.0.1:{cluster.port}/none?password={PASSWORD}"
    with pytest.raises(HistoryError) as raised:
        History.open(where)
    assert f"there is no such database at postgresql://linkwell@127.0.0.1:{cluster.port}/none" in (
        str(raised.value)
    )


def test_a_user_who_may_not_make_tables_is_told(cluster):
    cluster.blank()
    cluster.do(
        "blank",
        "DROP ROLE IF EXISTS guest",
        f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'",
    )
    with pytest.raises(HistoryError, match="may not do that: let it own the database"):
        History.open(cluster.url("blank", "guest"))


def test_a_server_that_is_only_read_is_told(cluster, place):
    History.open(place).close()
    option = "?options=-cdefault_transaction_read_only%3Don"
    with pytest.raises(HistoryError, match="can only be read, as a standby can: name the server"):
        History.open(place + option)
    with History.open(place + option, read_only=True) as history:
        assert history.runs() == []


def test_other_texts_than_unicode_are_refused(cluster):
    cluster.do(
        "postgres",
        "DROP DATABASE IF EXISTS latin",
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
    )
    with pytest.raises(HistoryError, match="holds texts as LATIN1: make a database for Linkwell"):
        History.open(cluster.url("latin"))


def test_a_database_with_other_tables_is_left_alone(cluster):
    place = cluster.blank()
    change(place, "CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(HistoryError, match="is not a Linkwell history: move it away or set"):
        History.open(place)


def test_nothing_to_read_is_told(cluster):
    with pytest.raises(HistoryError, match="is empty or from an older Linkwell: run `linkwell"):
        History.open(cluster.blank(), read_only=True)


def test_another_writer_is_waited_for_and_told(place):
    with History.open(place, patience=ALMOST_NO_PATIENCE) as history:
        with another_program_writes(place), pytest.raises(HistoryError, match="is in use by anoth"):
            history.begin(a_run())
        history.begin(a_run())


async def test_texts_sort_by_code_points_whatever_language_the_server_speaks(cluster):
    cluster.do(
        "postgres",
        "DROP DATABASE IF EXISTS german",
        "CREATE DATABASE german TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de'"
        " LOCALE 'C.UTF-8'",
    )
    ids = ["web:B", "web:a", "web:A", "web:é", "web:z", "web:_", "web:a-b", "web:ab"]
    with History.open(cluster.url("german")) as history:
        history.begin(a_run())
        for each in ids:
            await history.record(RUN, a_check(each))
        history.finish(ended(a_run()))
        assert [id_ for id_, _ in history.sightings()] == sorted(ids)


def test_many_may_make_the_same_history_at_once(cluster):
    place = cluster.blank()
    start, troubles = threading.Barrier(4), []

    def make(name):
        start.wait()
        try:
            with History.open(place) as history:
                history.begin(a_run(name))
        except HistoryError as error:
            troubles.append(error)

    threads = [threading.Thread(target=make, args=(f"r{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with History.open(place, read_only=True) as history:
        assert len(history.runs()) == 4


@pytest.mark.parametrize("how", ["fast", "immediate"], ids=["stopped", "killed"])
async def test_a_restart_in_mid_run_loses_nothing(cluster, place, how):
    with History.open(place) as history:
        history.begin(a_run())
        history.add_page(RUN, a_page(), (a_reference("youtube:video:0"),), ())
        for n in range(200):
            await history.record(RUN, a_check(f"youtube:video:{n}"))
        stopping = threading.Thread(target=lambda: (cluster.stop(how), cluster.start()))
        stopping.start()
        for n in range(200, 3_000):
            await history.record(RUN, a_check(f"youtube:video:{n}"))
        await asyncio.to_thread(history.add_page, RUN, a_page("b"), (a_reference(page="b"),), ())
        stopping.join()
        history.finish(ended(a_run()))
        record = history.load(RUN)
    assert record.run == ended(a_run())
    assert len(record.observations) == 3_000
    assert [page.name for page in record.pages] == ["https://course.test/", "b"]


def test_what_was_written_as_the_server_went_is_not_written_twice(place, cluster):
    """It may be written, and the server gone before it could say so."""
    with History.open(place) as history:
        lost = []

        def then_lose(write):
            def once(connection):
                write(connection)
                if not lost:
                    lost.append(True)
                    connection.commit()
                    raise OperationalError("COMMIT", {}, psycopg.OperationalError("gone"))

            return once

        do = history._writer.do
        history._writer.do = lambda write: do(then_lose(write))
        history.begin(a_run())
        assert lost.pop()
        history.add_page(RUN, a_page(), (a_reference(),), ())
        assert lost.pop()
        history.finish(ended(a_run()))
        assert lost.pop()
        history._writer.do = do
        assert [page.name for page in history.load(RUN).pages] == ["https://course.test/"]
        assert history.runs() == [ended(a_run())]


def test_a_server_that_does_not_come_back_is_told_in_the_end():
    now, pauses = iter(range(100)), []
    lasting = Lasting(most=timedelta(seconds=5), now=lambda: next(now), pause=pauses.append)
    gone = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))

    def do():
        raise gone

    with pytest.raises(OperationalError):
        lasting.until(do)
    assert pauses == [0.05, 0.1, 0.2, 0.4]
    told = trouble(gone, Place.of("postgresql://u:canary@db.test/x"))
    assert str(told) == SERVERS_ADVICE["08"].format(name="postgresql://u:***@db.test/x")


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        pytest.param(psycopg.errors.AdminShutdown("stopped"), True, id="it was stopped"),
        pytest.param(psycopg.errors.CannotConnectNow("starting"), True, id="it is starting"),
        pytest.param(psycopg.OperationalError("refused"), True, id="nobody answers"),
        pytest.param(psycopg.errors.DiskFull("full"), False, id="its disk is full"),
        pytest.param(psycopg.errors.UniqueViolation("twice"), False, id="our own mistake"),
    ],
)
def test_what_may_pass_by_itself(error, gone):
    assert is_gone(OperationalError("SELECT 1", {}, error)) is gone
    assert not is_gone(error)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (psycopg.errors.DiskFull("x"), "there is no room left on the disk of p://h/x: free some"),
        (psycopg.errors.IoError("x"), "the disk fails under p://h/x: look at the server's log or"),
        (psycopg.errors.DataCorrupted("x"), "PostgreSQL says that p://h/x is damaged: look at"),
        (psycopg.errors.QueryCanceled("x"), "PostgreSQL at p://h/x ended the work because it to"),
        (psycopg.errors.TooManyConnections("x"), "PostgreSQL at p://h/x takes no more connect"),
        (psycopg.errors.OutOfMemory("x"), "PostgreSQL at p://h/x has no memory left: look at"),
        (psycopg.errors.LockNotAvailable("x"), "p://h/x is in use by another program: try again"),
        (psycopg.OperationalError("FATAL: too many clients"), "PostgreSQL at p://h/x takes no mo"),
        (psycopg.OperationalError("consuming input failed: server closed the connection"),
         "PostgreSQL at p://h/x has stopped, or cannot be reached"),
        (psycopg.OperationalError("FATAL:  utente sconosciuto\nDETAIL: x"),
         "the history p://h/x cannot be used: FATAL: utente sconosciuto DETAIL: x. Mend it or"),
    ],
)  # fmt: skip
def test_trouble_comes_with_advice(error, message):
    place = Place(name="p://h/x", file=None)
    told = trouble(OperationalError("SELECT 1", {}, error), place)
    assert str(told).startswith(message)


ANOTHER_HOST = """
import asyncio, sys
from dataclasses import replace
from monitor.store.history import History
from tests.store.samples import a_check, a_run, ended

async def main(name):
    with History.open(sys.argv[1]) as history:
        run = a_run(name)
        history.begin(run)
        print("begun", flush=True)
        for n in range(1_000):
            await history.record(run.id, a_check(f"youtube:video:{n}", exchanges=()))
        history.finish(ended(run))

asyncio.run(main(sys.argv[2]))
"""


def another_host(place, run):
    child = subprocess.Popen(
        [sys.executable, "-c", ANOTHER_HOST, place, run],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "begun\n"
    return child


def test_two_hosts_may_write_at_once_and_one_may_be_killed(place):
    hosts = [another_host(place, name) for name in ("r1", "r2", "r3")]
    with hosts[0], hosts[1], hosts[2]:
        hosts[2].send_signal(signal.SIGKILL)
        assert [each.wait() for each in hosts] == [0, 0, -9]
    with History.open(place, read_only=True) as history:
        runs = {run.id: run for run in history.runs()}
        assert runs["r1"] == ended(a_run("r1"))
        assert runs["r2"] == ended(a_run("r2"))
        assert runs["r3"].finished_at is None
        assert [len(history.load(RunId(each)).observations) for each in ("r1", "r2")] == [1000] * 2


def test_reading_is_tried_again_where_the_server_was_restarted_in_the_midst(place):
    gone = OperationalError("SELECT 1", {}, psycopg.errors.AdminShutdown("stopped"))
    with History.open(place) as history:
        history.begin(a_run())
        reading, left = history._reading, [gone]

        @contextmanager
        def once_in_vain():
            with reading() as connection:
                if left:
                    raise left.pop()
                yield connection

        history._reading = once_in_vain
        assert history.runs() == [a_run()]
        left += [gone, gone]
        with pytest.raises(HistoryError, match="has stopped, or cannot be reached: start it and"):
            history.runs()
        left[:] = [OperationalError("SELECT 1", {}, psycopg.errors.DiskFull("full"))]
        with pytest.raises(HistoryError, match="there is no room left on the disk"):
            history.runs()
        assert left == []


def test_who_reads_sees_one_moment(place):
    with History.open(place) as history, History.open(place, read_only=True) as other:
        history.begin(a_run())
        with other._reading() as connection:
            before = connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one()
            history.begin(a_run("r2"))
            assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one() == before
        assert len(other.runs()) == 2


def test_who_only_reads_cannot_write(place):
    with (
        History.open(place) as history,
        history._reading() as connection,
        pytest.raises(InternalError, match="read-only transaction"),
    ):
        connection.exec_driver_sql("DELETE FROM runs")


async def test_the_longest_address_has_a_name_that_an_index_holds(place):
    """Of random letters, so that it cannot be made smaller."""
    letters = Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=60_000)
    url = Url(f"https://a.test/{''.join(letters)}")
    resource = identify(link_to(url), find())
    with History.open(place) as history:
        history.begin(a_run())
        history.add_page(RUN, a_page(), (a_reference(resource.id),), (), (resource,))
        await history.record(RUN, a_check(resource))
        history.finish(ended(a_run()))
        assert history.load(RUN).resources == {resource.id: resource}

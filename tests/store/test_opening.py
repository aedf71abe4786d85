"""Opening a history: what is there, what is not ours, and what to do about it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from monitor.core.errors import HistoryError
from monitor.store.advice import ADVICE, trouble
from monitor.store.history import History
from monitor.store.place import Place
from monitor.store.tables import VERSION
from tests.store.samples import a_run, ended

ROOT = Path(__file__).parents[2]
ALMOST_NO_PATIENCE = timedelta(milliseconds=20)


def change(file, *statements):
    connection = sqlite3.connect(file)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def pragma(file, name):
    connection = sqlite3.connect(file)
    [value] = connection.execute(f"PRAGMA {name}").fetchone()
    connection.close()
    return value


@pytest.fixture
def closed(file):
    """A history with one run, closed."""
    with History.open(file) as history:
        history.begin(a_run())
        history.finish(ended(a_run()))
    return file


def test_a_new_history_is_made_with_its_folders(file):
    History.open(file).close()
    assert pragma(file, "journal_mode") == "wal"
    assert sorted(each.name for each in file.parent.iterdir()) == ["history.sqlite3"]


def test_what_was_stored_is_there_again(closed):
    with History.open(str(closed)) as history:
        assert history.runs() == [ended(a_run())]


@pytest.mark.parametrize("scheme", ["sqlite:///", "sqlite+pysqlite:///"])
def test_a_database_url_names_the_same_file(closed, scheme):
    with History.open(f"{scheme}{closed}") as history:
        assert len(history.runs()) == 1


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "what?.db", "#1.db", "è.db"])
def test_a_file_may_have_any_name(tmp_path, name):
    History.open(tmp_path / name).close()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    History.open(tmp_path / name, read_only=True).close()


def test_a_path_is_relative_to_where_we_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    History.open("x/history.sqlite3").close()
    assert (tmp_path / "x" / "history.sqlite3").exists()


def test_an_empty_file_becomes_a_history(tmp_path):
    file = tmp_path / "history.sqlite3"
    file.touch()
    with History.open(file) as history:
        history.begin(a_run())
        assert history.runs() == [a_run()]


def test_opening_what_is_up_to_date_needs_no_migrations(closed):
    script = (
        "import sys; from monitor.store.history import History;"
        " History.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(closed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "False\n"


def test_many_may_make_the_same_history_at_once(file):
    start, troubles = threading.Barrier(4), []

    def make(name):
        start.wait()
        try:
            with History.open(file) as history:
                history.begin(a_run(name))
        except HistoryError as error:
            troubles.append(error)

    threads = [threading.Thread(target=make, args=(f"r{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with History.open(file) as history:
        assert len(history.runs()) == 4


def not_a_database(file):
    file.write_bytes(b"Dear diary, " * 1000)


def another_programs(file):
    change(file, "CREATE TABLE bookmarks (url TEXT)", "CREATE TABLE alembic_version (version_num)")


def damaged(file):
    History.open(file).close()
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(b"\xff" * 3000)


def a_folder(file):
    file.mkdir()


def under_a_file(file):
    file.parent.rmdir()
    file.parent.write_text("a file where the folder should be")


def versioned(stored):
    def make(file):
        History.open(file).close()
        change(file, "DELETE FROM linkwell_version", *stored)

    return make


def only_the_version(file):
    change(
        file,
        "CREATE TABLE linkwell_version (version_num TEXT)",
        f"INSERT INTO linkwell_version VALUES ('{VERSION}')",
    )


NEWER = versioned(["INSERT INTO linkwell_version VALUES ('0999')"])
ODD = versioned(["INSERT INTO linkwell_version VALUES ('tuesday')"])
NONE = versioned([])
DISK = "or set store.url to another place"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            not_a_database, f"is not a Linkwell history: move it away {DISK}", id="a text"
        ),
        pytest.param(
            another_programs,
            f"is not a Linkwell history: move it away {DISK}",
            id="another program's database",
        ),
        pytest.param(
            NEWER, f"was written by a newer Linkwell: upgrade Linkwell, {DISK}", id="newer"
        ),
        pytest.param(
            ODD,
            "is damaged: move it away, or put a backup in its place (version 'tuesday')",
            id="a version that is none",
        ),
        pytest.param(
            NONE,
            "is damaged: move it away, or put a backup in its place (version 'None')",
            id="without a version",
        ),
        pytest.param(
            damaged, "is damaged: move it away, or put a backup in its place", id="damaged"
        ),
        pytest.param(a_folder, "is a folder: set store.url to a file in it", id="a folder"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True], ids=["to write", "to read"])
def test_what_is_no_history_of_ours_is_refused_and_left_alone(file, make, message, read_only):
    file.parent.mkdir()
    make(file)
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(HistoryError) as raised:
        History.open(file, read_only=read_only)
    assert str(raised.value) == f"{file} {message}"
    assert before is None or file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(file):
    file.parent.write_text("a file where the folder should be")
    with pytest.raises(HistoryError, match=r"cannot be made.*: make .*linkwell yourself, or set"):
        History.open(file)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc on this system")
def test_a_place_where_nobody_can_write_is_named():
    with pytest.raises(
        HistoryError, match=r"/proc/self/h.sqlite3 cannot be opened: make its folder"
    ):
        History.open("/proc/self/h.sqlite3")


def test_tables_that_are_missing_are_told(file):
    file.parent.mkdir()
    only_the_version(file)
    with History.open(file) as history:
        with pytest.raises(
            HistoryError, match=r"cannot be used: no such table: runs\. Mend it or set"
        ):
            history.runs()
        with pytest.raises(HistoryError, match="no such table: runs"):
            history.begin(a_run())


def test_a_history_in_use_by_another_program_is_told(closed):
    other = sqlite3.connect(closed, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryError, match="in use by another program: try again when its run"):
        History.open(closed, patience=ALMOST_NO_PATIENCE)
    with History.open(closed, read_only=True, patience=ALMOST_NO_PATIENCE) as history:
        assert len(history.runs()) == 1
    other.close()


@pytest.mark.parametrize(
    ("where", "message"),
    [
        pytest.param("post gres://", "is no database URL: write a path", id="no URL at all"),
        pytest.param("sqlite://", "names no file: write a path", id="memory forgets"),
        pytest.param("sqlite:///:memory:", "names no file: write a path", id="memory by its name"),
        pytest.param("sqlite:///file:x?uri=true", "names no file", id="a file by its own URL"),
        pytest.param(
            "no_such_base://u:secret@db.test/x",
            "no_such_base is no database that Linkwell keeps a history in: write a path",
            id="an unknown database",
        ),
        pytest.param(
            "postgresql+pg8000://u:secret@db.test/x",
            "postgresql+pg8000 is no database that Linkwell keeps a history in",
            id="a driver that we do not know",
        ),
    ],
)
@pytest.mark.parametrize("read_only", [False, True], ids=["to write", "to read"])
def test_a_url_that_names_no_history(where, message, read_only):
    with pytest.raises(HistoryError) as raised:
        History.open(where, read_only=read_only)
    assert message in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_driver_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(HistoryError) as raised:
        History.open("postgresql://u:secret@db.test/x")
    assert str(raised.value).startswith(
        "postgresql://u:***@db.test/x needs a driver that is not installed"
    )
    assert "install it with `pip install 'linkwell[postgresql]'`, or set" in str(raised.value)


@pytest.mark.parametrize("name", ["none.sqlite3", "empty.sqlite3"])
def test_there_is_nothing_to_read_before_the_first_run(tmp_path, name):
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(HistoryError, match="run `linkwell check` first"):
        History.open(tmp_path / name, read_only=True)


def test_reading_changes_nothing_and_leaves_nothing(closed):
    before = closed.read_bytes()
    with History.open(closed, read_only=True) as history:
        assert history.runs() == [ended(a_run())]
        with pytest.raises(
            HistoryError, match="cannot be written: make it and its folder writable"
        ):
            history.begin(a_run("r2"))
    assert closed.read_bytes() == before
    assert [each.name for each in closed.parent.iterdir()] == [closed.name]


@pytest.fixture
def sealed(closed, request):
    """A history in a folder where we may read but not write, which does not bind root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(closed, folder)
        for unsaved in getattr(request, "param", ()):
            (folder / (closed.name + unsaved)).write_bytes(b"\x00" * 64)
        (folder / closed.name).chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)  # nobody
        try:
            yield folder / closed.name
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_a_history_that_nobody_can_write_can_be_read(sealed):
    with History.open(sealed, read_only=True) as history:
        assert history.runs() == [ended(a_run())]


def test_a_history_that_nobody_can_write_is_told_at_once(sealed):
    with pytest.raises(HistoryError) as raised:
        History.open(sealed)
    assert str(raised.value) == ADVICE["SQLITE_READONLY"].format(name=sealed)


@pytest.mark.parametrize("sealed", [["-wal"]], indirect=True, ids=["not closed"])
def test_a_history_that_was_not_closed_cannot_be_read_where_nobody_can_write(sealed):
    with pytest.raises(HistoryError, match="was not closed and cannot be written: copy it with"):
        History.open(sealed, read_only=True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("SQLITE_FULL", "there is no room left for h.db: free some space"),
        ("SQLITE_IOERR_WRITE", "the disk fails under h.db: look at the disk"),
        ("SQLITE_BUSY_SNAPSHOT", "h.db is in use by another program"),
        ("SQLITE_READONLY_DBMOVED", "h.db cannot be written"),
        ("SQLITE_ERROR", "the history h.db cannot be used: something. Mend it or set store.url"),
    ],
)
def test_trouble_comes_with_advice(name, message):
    said = sqlite3.OperationalError("something\nand more")
    said.sqlite_errorname = name
    told = trouble(OperationalError("SELECT 1", {}, said), Place.of("h.db"))
    assert isinstance(told, HistoryError)
    assert str(told).startswith(message)


def test_another_trouble_is_our_own_mistake():
    error = KeyError("run")
    assert trouble(error, Place.of("h.db")) is error

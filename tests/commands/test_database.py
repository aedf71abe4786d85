"""`linkwell db`: what its commands say and how they end."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from monitor.cli import app
from monitor.core.errors import HistoryError
from monitor.store.history import History
from monitor.store.tables import VERSION
from tests.store.places import change
from tests.store.test_upgrading import a_history_of

HISTORY = Path(".linkwell/history.sqlite3")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["db", *arguments], catch_exceptions=False)


def test_an_upgrade_says_from_where_to_where():
    HISTORY.parent.mkdir()
    a_history_of("0004", HISTORY)
    assert ran("upgrade").stdout == (
        f"{HISTORY}: upgraded from version 0004 to {VERSION}.\n"
        f"As it was before: {HISTORY}.version-0004\n"
    )
    assert ran("upgrade").stdout == f"{HISTORY}: it is of version {VERSION} already.\n"


def test_an_upgrade_makes_what_is_not_there():
    assert ran("upgrade").stdout == f"{HISTORY}: made, of version {VERSION}.\n"


def test_damage_is_named_and_ends_with_1():
    History.open(HISTORY).close()
    assert ran("check").stdout == "All rows are as Linkwell wrote them.\n"

    change(HISTORY, "INSERT INTO tracked VALUES ('i1', '{')")
    done = ran("check")

    assert done.exit_code == 1
    assert done.stdout == "tracked.tracked, row i1: no JSON: '{'\n"
    assert done.stderr == "1 damaged: put a backup in its place, or delete these rows.\n"


def test_a_backup():
    History.open(HISTORY).close()
    assert ran("backup", "copy.sqlite3").stdout == "Backup: copy.sqlite3\n"
    assert Path("copy.sqlite3").stat().st_size == HISTORY.stat().st_size


def test_compacting_says_how_much():
    History.open(HISTORY).close()
    assert ran("compact").stdout == f"{HISTORY}: 0.8 MB before, 0.8 MB now.\n"


@pytest.mark.parametrize("command", [["check"], ["backup", "x"], ["compact"]])
def test_without_a_history_there_is_nothing_to_do(command):
    with pytest.raises(
        HistoryError, match=r"there is no history at .*: run `linkwell check` first"
    ):
        ran(*command)

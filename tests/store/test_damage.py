"""Rows that somebody damaged: read as they stand, or told with advice; never a traceback."""

import sqlite3

import pytest

from monitor.core.errors import HistoryError
from monitor.core.model import RunId
from monitor.store.history import History
from tests.store.samples import LECTURE, NOON, a_check, a_mail, a_page, a_reference, a_run, ended

COLUMNS = [
    ("runs", "started_at"),
    ("runs", "trusted_until"),
    ("pages", "notes"),
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

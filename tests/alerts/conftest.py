"""Each test has a folder and a history of its own."""

import pytest

from monitor.store.history import History
from tests.histories import made


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def history(tmp_path):
    with History.open(made(tmp_path / "history.sqlite3")) as opened:
        yield opened

"""A fresh history for each test."""

import pytest

from monitor.store.history import History


@pytest.fixture
def file(tmp_path):
    return tmp_path / ".linkwell" / "history.sqlite3"


@pytest.fixture
def history(file):
    with History.open(file) as opened:
        yield opened

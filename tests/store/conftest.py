"""A fresh history for each test, in a file of SQLite and in a database of PostgreSQL."""

from itertools import count

import pytest

from monitor.store.history import History
from tests.histories import made
from tests.store.places import is_server


@pytest.fixture
def file(tmp_path):
    return tmp_path / ".linkwell" / "history.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request, tmp_path):
    """Return what names a place for a history at each call, with nothing in it.

    Of PostgreSQL it is one and the same, emptied.
    """
    if request.param == "postgresql":
        return request.getfixturevalue("cluster").emptied
    numbers = count()
    return lambda: tmp_path / f"{next(numbers)}" / "history.sqlite3"


@pytest.fixture
def place(new_place):
    return new_place()


@pytest.fixture
def history(place):
    with History.open(place if is_server(place) else made(place)) as opened:
        yield opened

"""One run at a time, and what becomes of one that loses its turn."""

import threading
from datetime import timedelta

import pytest

from monitor import alone as alone_module
from monitor.alone import BusyError, alone
from monitor.core.errors import HistoryError
from monitor.store.history import History
from monitor.store.leases import Holder
from monitor.store.tables import LEASES
from tests.histories import made

OFTEN = timedelta(milliseconds=5)
LONG = 20


@pytest.fixture
def history(tmp_path):
    with History.open(made(tmp_path / "history.sqlite3")) as opened:
        yield opened


def test_the_turn_is_given_back_at_the_end(history):
    with alone(history, "a check"):
        held = history.leased()
        assert held is not None
        assert held.holder.what == "a check"
    assert history.leased() is None


def test_the_turn_is_given_back_where_the_run_fails(history):
    with pytest.raises(ZeroDivisionError), alone(history, "a check"):
        _ = 1 / 0
    assert history.leased() is None


def test_who_comes_second_hears_who_is_running(history):
    with (
        alone(history, "linkwell check"),
        pytest.raises(BusyError, match=r"since .* UTC: linkwell check on .*, process \d+\. Wait"),
        alone(history, "another"),
    ):
        pass


def test_who_waits_gets_the_turn_when_it_is_free(history):
    first = Holder.here("a check")
    history.lease(first)
    slept = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        history.release(first)

    with alone(history, "another", timedelta(hours=1), sleep=sleep) as turn:
        assert history.leased().holder == turn.holder
    assert slept == [0.5]


def test_it_gives_signs_of_life_while_it_lasts(history):
    with alone(history, "a check", beat=OFTEN):
        before = history.leased().beat_at
        until = threading.Event()
        for _ in range(LONG * 100):
            if history.leased().beat_at > before:
                break
            until.wait(0.01)
        assert history.leased().beat_at > before


def test_who_was_robbed_of_the_turn_is_told_at_once(history):
    told = threading.Event()
    with alone(history, "a check", beat=OFTEN) as turn:
        turn.when_lost(told.set)
        history._writer.do(lambda connection: connection.execute(LEASES.delete()))
        assert told.wait(LONG)
        assert turn.lost


def test_who_asks_after_it_was_lost_is_told_too(history):
    with alone(history, "a check") as turn:
        turn.lose()
        told = threading.Event()
        turn.when_lost(told.set)
        turn.when_lost(None)
    assert told.is_set()


class Away:
    """A history that is away for so many signs of life."""

    def __init__(self, history: History, times: int) -> None:
        self.lease, self.release, self.real = history.lease, history.release, history
        self.times = times
        self.tried = threading.Event()

    def renew(self, holder: Holder) -> bool:
        self.times -= 1
        if self.times >= 0:
            raise HistoryError("history.sqlite3 is in use by another program")
        self.tried.set()
        return self.real.renew(holder)


def test_a_history_that_is_away_for_a_moment_loses_nothing(history):
    away = Away(history, 3)
    with alone(away, "a check", beat=OFTEN) as turn:
        assert away.tried.wait(LONG)
        assert not turn.lost


def test_a_history_that_is_away_for_long_loses_the_turn(history, monkeypatch):
    monkeypatch.setattr(alone_module, "LEASE", 3 * OFTEN)
    told = threading.Event()
    with alone(Away(history, 10**9), "a check", beat=OFTEN) as turn:
        turn.when_lost(told.set)
        assert told.wait(LONG)


def test_a_turn_that_cannot_be_given_back_ends_by_itself(history):
    def away(_holder: Holder) -> None:
        raise HistoryError("the disk is full")

    broken = Away(history, 0)
    broken.release = away
    with alone(broken, "a check"):
        pass
    assert history.leased() is not None

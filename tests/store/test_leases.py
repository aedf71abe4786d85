"""One holder of a lease at a time; a dead one loses it."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store.history import History
from monitor.store.leases import LEASE, Holder, is_alive
from monitor.store.tables import LEASES

FOREIGN = Holder(token="f", host="elsewhere", machine="another", pid=4711, what="linkwell check")


def older(history: History, by: timedelta) -> None:
    """Put the newest sign of life back, or ahead."""

    def write(connection) -> None:
        [row] = connection.execute(LEASES.select())
        connection.execute(LEASES.update().values(beat_at=row.beat_at - by))

    history._writer.do(write)


def test_a_lease_is_one_holder_s_until_it_is_given_back(history):
    first, second = Holder.here("a check"), Holder.here("another check")

    assert history.lease(first) is None
    held = history.lease(second)
    assert held is not None
    assert held.holder == first
    assert held == history.leased()
    history.release(first)
    assert history.leased() is None
    assert history.lease(second) is None


def test_nobody_gives_back_or_renews_what_is_another_s(history):
    history.lease(FOREIGN)
    here = Holder.here("a check")

    history.release(here)
    assert not history.renew(here)

    held = history.leased()
    assert held is not None
    assert held.holder == FOREIGN


def test_a_lease_may_be_taken_twice_by_its_holder(history):
    assert history.lease(FOREIGN) is None
    assert history.lease(FOREIGN) is None


def test_leases_of_different_names_are_apart(history):
    assert history.lease(FOREIGN) is None
    assert history.lease(Holder.here("x"), "something else") is None


@pytest.mark.parametrize(
    ("lives", "silent", "free"),
    [
        pytest.param(None, LEASE / 2, False, id="elsewhere, and heard of lately"),
        pytest.param(None, LEASE, True, id="elsewhere, and silent for long"),
        pytest.param(None, -LEASE / 2, False, id="elsewhere, by a clock that was set back a bit"),
        pytest.param(None, -1.1 * LEASE, True, id="elsewhere, by a clock that was set back"),
        pytest.param(True, LEASE / 2, False, id="here, and alive"),
        pytest.param(True, LEASE, True, id="here, alive and silent: it hangs"),
        pytest.param(True, -100 * LEASE, False, id="here, alive, by a clock that was set back"),
        pytest.param(False, timedelta(0), True, id="here, and dead"),
    ],
)
def test_who_dies_loses_it(history, lives, silent, free):
    history.lease(FOREIGN)
    older(history, silent)

    held = history.lease(Holder.here("a check"), alive=lambda _holder: lives)

    assert (held is None) is free


def test_a_sign_of_life_keeps_it(history):
    history.lease(FOREIGN)
    older(history, LEASE)

    assert history.renew(FOREIGN)

    assert history.lease(Holder.here("a check")) is not None


def test_who_was_robbed_hears_of_it(history):
    history.lease(FOREIGN)
    older(history, LEASE)
    history.lease(Holder.here("a check"))

    assert not history.renew(FOREIGN)


def test_another_process_sees_it_too(history, place):
    history.lease(FOREIGN)
    with History.open(place) as other:
        assert other.lease(Holder.here("a check")) is not None


def test_a_process_of_this_machine_is_known_to_live_or_to_be_dead():
    here = Holder.here("a check")
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()

    assert is_alive(here) is True
    assert is_alive(replace(here, pid=child.pid)) is False
    assert is_alive(replace(here, machine="another")) is None
    assert is_alive(replace(here, pid=0)) is None
    if os.getuid():
        assert is_alive(replace(here, pid=1)) is True  # another user's

"""When the scheduler wakes the daemon."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.config.schedule import Schedule
from monitor.core.recurrence import Cron
from monitor.daemon.times import Times, times_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_sources_of_one_time_are_one_wake_up():
    schedule = Schedule.model_validate({"sources": {"weekly": "@weekly"}, "jitter": "0s"})

    found = times_of(schedule, ["a", "weekly", "b"], "us")

    assert {why: times.get_next_fire_time(None, NOW) for why, times in found.items()} == {
        "pages of a": datetime(2026, 11, 26, 3, 17, tzinfo=UTC),
        "pages of weekly": datetime(2026, 11, 29, tzinfo=UTC),
        "rechecks": datetime(2026, 11, 25, 13, tzinfo=UTC),
    }


def test_each_daemon_is_late_by_a_time_of_its_own_that_stays():
    schedule = Schedule.model_validate({"jitter": "10m"})
    due = datetime(2026, 11, 26, 3, 17, tzinfo=UTC)

    def at(who: str) -> datetime:
        return times_of(schedule, ["a"], who)["pages of a"].get_next_fire_time(None, NOW)

    assert at("us") == at("us")
    assert len({at(f"host {n}") for n in range(20)}) == 20
    assert all(due <= at(f"host {n}") < due + 10 * MINUTE for n in range(20))


def test_a_time_that_is_late_is_not_missed_in_its_lateness():
    times = Times(Cron.read("17 3 * * *", UTC), 5 * MINUTE)
    now = datetime(2026, 11, 26, 3, 18, tzinfo=UTC)

    assert times.get_next_fire_time(None, now) == datetime(2026, 11, 26, 3, 22, tzinfo=UTC)


def test_a_clock_that_was_set_back_changes_nothing():
    times = Times(Cron.read("30 2 * * *", ZoneInfo("Europe/Rome")), timedelta(0))

    assert times.get_next_fire_time(NOW + timedelta(days=99), NOW) == datetime(
        2026, 11, 26, 1, 30, tzinfo=UTC
    )

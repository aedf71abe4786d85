"""What is to be expected of what fails now."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.patience import PRESETS, Patience, StatePolicy
from monitor.core.reasons import Reason
from monitor.core.states import Sighting, replay
from monitor.report.prospects import prospect

NIGHT = datetime(2026, 11, 24, 3, 17, tzinfo=UTC)
NOW = NIGHT + timedelta(minutes=2)
PATIENT = PRESETS["patient"]
LETTERS = {".": Reason.ALIVE, "x": Reason.NOT_FOUND, "s": Reason.NOT_ANSWERING}


def stands(seen: str, policy: StatePolicy = PATIENT):
    """Return the state after nights, the last of them at NIGHT."""
    first = NIGHT - (len(seen) - 1) * timedelta(days=1)
    sightings = [
        Sighting(first + n * timedelta(days=1), LETTERS[letter]) for n, letter in enumerate(seen)
    ]
    return replay(sightings, policy)[0], policy


AT_ONCE = StatePolicy(hard=Patience(times=2))
A_DAY = StatePolicy(hard=Patience(times=2, apart=timedelta(hours=24)))


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        pytest.param([], "", id="there is nothing"),
        pytest.param([stands("")], "", id="nothing is known"),
        pytest.param(
            [stands(".x")],
            "fails now; confirmed after the next check, at the earliest today 23:17 UTC",
            id="the first night",
        ),
        pytest.param(
            [stands(".x", A_DAY)],
            "fails now; confirmed after the next check, at the earliest tomorrow 03:17 UTC",
            id="a day of patience",
        ),
        pytest.param(
            [stands(".s")],
            "fails now; confirmed after 2 more checks,"
            " at the earliest on 26 November 2026 23:17 UTC",
            id="no answer takes longer",
        ),
        pytest.param(
            [stands(".x", AT_ONCE)],
            "fails now; confirmed after the next check",
            id="where checks need not be apart",
        ),
        pytest.param(
            [stands(".x"), stands("..x")],
            "fail now; confirmed after the next check, at the earliest today 23:17 UTC",
            id="two alike",
        ),
        pytest.param(
            [stands(".s"), stands(".x")],
            "fail now; the first confirmed after the next check, at the earliest today 23:17 UTC",
            id="of several the soonest",
        ),
        pytest.param(
            [stands(".xxx")], "confirmed broken since 22 November 2026", id="it is confirmed"
        ),
        pytest.param(
            [stands(".xxx"), stands("xxx")],
            "confirmed broken since 22 November 2026",
            id="all are, since the same day",
        ),
        pytest.param(
            [stands(".xxx"), stands(".xx"), stands(".x")],
            "1 suspect and 2 confirmed",
            id="each stands elsewhere",
        ),
    ],
)
def test_prospect(each, expected):
    assert prospect(each, NOW) == expected

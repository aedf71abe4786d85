"""Forty nights of a smaller plan, and the laws of what the tally is made of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.year.__main__ import PLANS, main
from tests.year.faring import Faring
from tests.year.ledger import Deed
from tests.year.oracle import Oracle
from tests.year.plan import Plan
from tests.year.tally import Tally

NIGHT = datetime(2026, 1, 5, 3, tzinfo=UTC)


def test_forty_nights_are_told_as_planned(tmp_path: Path, capsys):
    given = ["--plan", str(PLANS / "short.toml"), "--output", str(tmp_path / "year")]
    code = main(given)
    said = capsys.readouterr().out
    assert code == 0, said
    assert said.splitlines()[-1].endswith("missed 0, false 0, doubled 0, odd 0")


def seen(*what: str) -> Faring:
    """A thing that was looked at night for night."""
    thing = Faring()
    for night, each in enumerate(what):
        thing.look(NIGHT + timedelta(days=night), each)
    return thing


@pytest.mark.parametrize(
    ("what", "trouble"),
    [
        pytest.param(["works"], "", id="it works"),
        pytest.param(["works", "hard"], "", id="one night is no break"),
        pytest.param(["works", "hard", "hard"], "broken", id="two nights are"),
        pytest.param(["soft"] * 3, "", id="three nights of soft evidence are none"),
        pytest.param(["soft"] * 4, "broken", id="four are"),
        pytest.param(["hard", "nothing", "hard"], "broken", id="a wall says nothing"),
        pytest.param(["hard", "hard", "works"], "broken", id="one good night is no recovery"),
        pytest.param(["hard", "hard", "works", "works"], "", id="two are"),
        pytest.param(["warning"] * 2, "warning", id="two nights with a warning"),
        pytest.param(["hard", "works"] * 4, "broken", id="four blips in two weeks"),
        pytest.param(["hard", "works"] * 4 + ["works"] * 7, "", id="and a week of calm"),
    ],
)
def test_what_is_to_be_told(what, trouble):
    assert seen(*what).trouble == trouble


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.read(PLANS / "short.toml")


def deeds(plan: Plan) -> list[Deed]:
    """All that is wanted, done in time."""
    numbers: dict[int, int] = {}
    return [
        Deed(
            night=each.earliest,
            what=each.what,
            number=numbers.setdefault(id(each.telling), len(numbers) + 1),
            by="bot",
            shows=each.links if each.what == "filed" else frozenset(),
        )
        for each in Oracle(plan).foretell()
    ]


def counted(plan: Plan, done: list[Deed]) -> tuple[int, int, int]:
    tally = Tally.of(Oracle(plan).foretell(), done, plan.nights - 1)
    return len(tally.missed), len(tally.false), len(tally.doubled)


def test_what_was_wanted_is_counted_as_that(plan):
    assert counted(plan, deeds(plan)) == (0, 0, 0)


def test_what_did_not_come_is_missed(plan):
    assert counted(plan, deeds(plan)[:-1]) == (1, 0, 0)


def test_what_came_twice_is_doubled(plan):
    done = deeds(plan)
    closed = next(each for each in done if each.what == "closed")
    assert counted(plan, [*done, closed]) == (0, 0, 1)


def test_what_nobody_wanted_is_false(plan):
    blip = Deed(night=4, what="filed", number=99, by="bot", shows=frozenset({"drama"}))
    assert counted(plan, [*deeds(plan), blip]) == (0, 1, 0)


def test_what_came_too_late_is_missed_and_false(plan):
    done = deeds(plan)
    late = [
        replace(each, night=each.night + 5) if each.what == "reopened" else each for each in done
    ]
    missed, false, _ = counted(plan, late)
    assert missed == false > 0


def test_the_years_plan_can_be_foretold():
    wanted = Oracle(Plan.read(PLANS / "year.toml")).foretell()
    assert len(wanted) > 100

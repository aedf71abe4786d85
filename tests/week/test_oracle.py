"""The oracle of the compressed week says what is wrong where something is."""

import pytest

from tests.week.oracle import Ran, Rules, askings, nights_missed, overlaps

RULES = Rules(night=10.0, look=3.0, run=1.0)
NIGHTLY = [Ran(f"r{n}", n * 10.0 + 1, n * 10.0 + 2, counts=True) for n in range(1, 5)]


def test_a_week_as_it_should_be():
    asked = {"/a": [11.5, 21.5, 31.5, 41.5]}

    assert list(overlaps(NIGHTLY, None)) == []
    assert nights_missed(NIGHTLY, RULES, 5.0, 48.0) == (3, [])
    assert list(askings(asked, NIGHTLY, RULES, 48.0, {})) == []


def test_two_runs_at_once():
    twice = [*NIGHTLY, Ran("cron", 11.5, 13.0, counts=True)]

    assert list(overlaps(twice, None)) == ["cron began 0.5 s before r1 ended"]


def test_a_killed_run_ends_when_it_was_killed():
    killed = Ran("killed", 14.0, None, counts=False)

    assert list(overlaps([*NIGHTLY, killed], 16.0)) == []
    assert list(overlaps([*NIGHTLY, killed], 22.0)) == ["r2 began 1.0 s before killed ended"]


def test_a_night_without_a_run():
    missed = [NIGHTLY[0], *NIGHTLY[3:]]

    assert nights_missed(missed, RULES, 5.0, 48.0) == (3, ["no run in night 2"])


@pytest.mark.parametrize(
    ("asked", "wished", "expected"),
    [
        pytest.param([], {}, "/a was never asked", id="never"),
        pytest.param([11.5], {}, "/a was not asked for 36.5 s", id="once and no more"),
        pytest.param(
            [11.1, 11.9, 21.5, 31.5, 41.5], {}, "/a was asked again after 0.8 s", id="twice"
        ),
        pytest.param(
            [11.5, 21.5, 31.5, 41.5], {"/a": [33.0]}, "/a was wished for, and not asked within 6 s",
            id="a wish that nobody heard",
        ),
    ],
)  # fmt: skip
def test_questions_at_the_wrong_time(asked, wished, expected):
    assert list(askings({"/a": asked}, NIGHTLY, RULES, 48.0, wished)) == [expected]


def test_what_a_killed_run_asked_is_asked_again():
    runs = [*NIGHTLY, Ran("killed", 43.0, None, counts=False)]
    asked = {"/a": [11.5, 21.5, 31.5, 41.5, 43.5]}

    assert list(askings(asked, runs, RULES, 48.0, {})) == []

"""Ninety days as stretches, shares, lines and words."""

import re
from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.days import Day
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase, State, Trouble
from monitor.report.drawing import DAY, POINTS, WIDTH, spark_path, strip_paths
from monitor.report.past import WINDOW
from monitor.report.strips import Strip, strip, uptime_words
from tests.report.build import FINISHED
from tests.report.lived import Nights, at, days_of, nights, state_of

TODAY = FINISHED.date()
OK, MOVED, GONE, SILENT, BLOCKED = (
    *(Reason.ALIVE, Reason.MOVED, Reason.GONE),
    *(Reason.NOT_ANSWERING, Reason.BLOCKED),
)


def of(seen: Nights) -> Strip:
    return strip(days_of(seen), state_of(seen), TODAY)


@pytest.mark.parametrize(
    ("seen", "words", "uptime"),
    [
        pytest.param(nights((90, OK)), "90 days fine", "100 % up", id="all is well"),
        pytest.param(
            nights((77, OK), (13, GONE)),
            "77 days fine, broken since 2 March",
            "85.6 % up",
            id="broken to the end",
        ),
        pytest.param(
            nights((40, OK), (3, GONE), (44, OK), (1, None), (2, GONE)),
            "84 days fine, 3 days broken, broken since 13 March, 1 day unknown",
            "94.4 % up (1.1 % of the time not known)",
            id="once before, and again",
        ),
        pytest.param(
            nights((80, OK), (3, GONE), (2, BLOCKED), (5, GONE)),
            "80 days fine, broken since 5 March, 2 days unknown",
            "90.9 % up (2.2 % of the time not known)",
            id="what could not be seen in a break is not known",
        ),
        pytest.param(
            nights((4, MOVED), (6, OK), since=9),
            "6 days fine, 4 days with a warning",
            "100 % up",
            id="a warning works; what was before the first day is not counted",
        ),
        pytest.param(
            nights((87, OK), (3, SILENT)),
            "87 days fine, 3 days unknown",
            "100 % up (3.3 % of the time not known)",
            id="no answer is not known, as long as it is not confirmed",
        ),
        pytest.param(
            nights((85, OK), (5, SILENT)),
            "85 days fine, broken since 10 March",
            "94.4 % up",
            id="and broken once it is",
        ),
        pytest.param(
            nights((9, BLOCKED)),
            "nothing known of these days",
            "uptime not known",
            id="unknown is not up",
        ),
        pytest.param({}, "nothing known of these days", "uptime not known", id="nothing"),
        pytest.param(
            {95: GONE, 0: OK},
            "1 day fine",
            "100 % up",
            id="what is older than the window is left out",
        ),
    ],
)
def test_in_words(seen: Nights, words: str, uptime: str) -> None:
    made = of(seen)
    assert (made.words, uptime_words(made)) == (words, uptime)


@pytest.mark.parametrize(
    ("day", "status", "uptime"),
    [
        pytest.param(Day(day=TODAY, ok=3, broken=1), Status.BROKEN, 0.75, id="broken once"),
        pytest.param(Day(day=TODAY, ok=1, unknown=3), Status.OK, 1.0, id="seen once"),
        pytest.param(Day(day=TODAY, warning=1, ok=1), Status.WARNING, 1.0, id="warned"),
        pytest.param(Day(day=TODAY, unknown=1), Status.UNKNOWN, None, id="not seen"),
        pytest.param(Day(day=TODAY), Status.UNKNOWN, None, id="empty"),
        pytest.param(Day(day=TODAY, broken=2, unknown=1), Status.BROKEN, 0.0, id="never up"),
    ],
)
def test_a_day_counts_as_the_worst_that_is_known_of_it(
    day: Day, status: Status, uptime: float | None
) -> None:
    made = strip([day], State(), TODAY)
    assert [(s.status, s.start, s.length) for s in made.stretches] == [(status, WINDOW - 1, 1)]
    assert made.uptime == uptime


def test_a_break_that_is_confirmed_since_before_the_window_fills_it() -> None:
    broken = Trouble(phase=Phase.CONFIRMED, since=at(200), began=at(201), reason=SILENT)
    made = strip(days_of(nights((90, SILENT))), State(broken=broken), TODAY)
    assert made.words == "broken since 15 December"


def test_response_times_are_the_typical_and_the_newest() -> None:
    def took(ago: int) -> timedelta | None:
        return timedelta(seconds=9) if ago == 30 else timedelta(seconds=1 + (ago == 0))

    made = strip(days_of(nights((90, OK)), took), State(), TODAY)
    assert (made.typical, made.newest) == (timedelta(seconds=1), timedelta(seconds=2))
    none = of(nights((90, OK)))
    assert (none.typical, none.newest, spark_path(none)) == (None, None, "")


def test_a_strip_is_one_path_a_status_and_the_unknown_is_left_blank() -> None:
    made = of(nights((50, OK), (10, None), (20, MOVED), (8, GONE), (2, BLOCKED)))
    assert strip_paths(made) == (
        (Status.OK, "M0 8h199"),
        (Status.WARNING, "M240 10.5h79"),
        (Status.BROKEN, "M320 13h31"),
    )


def test_a_sparkline_goes_down_to_where_nothing_would_take_no_time() -> None:
    def took(ago: int) -> timedelta:
        return timedelta(seconds=1 if ago > 3 else 2)

    made = strip(days_of(nights((90, OK)), took), State(), TODAY)
    assert spark_path(made).startswith("M0 8l1 0 1 0")  # half of the slowest
    assert spark_path(made).endswith(" 1 0 1-7")  # the slowest is at the top


def test_where_nothing_is_known_the_line_is_broken() -> None:
    seen = nights((6, OK), (6, None), (6, OK), since=17)
    made = strip(days_of(seen, lambda _ago: timedelta(seconds=1)), State(), TODAY)
    assert spark_path(made) == "M24 1l1 0M28 1l1 0"


def test_a_spike_is_cut_so_that_the_rest_can_be_seen() -> None:
    def took(ago: int) -> timedelta:
        return timedelta(seconds=100 if 30 <= ago < 33 else 1)

    assert spark_path(strip(days_of(nights((90, OK)), took), State(), TODAY)).startswith("M0 11")


lives = st.dictionaries(st.integers(0, 100), st.sampled_from(Reason), max_size=100)


@given(lives)
def test_every_day_since_the_first_is_in_one_stretch(seen: Nights) -> None:
    made = of(seen)
    ends = [stretch.start + stretch.length for stretch in made.stretches]
    starts = [stretch.start for stretch in made.stretches]
    assert starts[1:] == ends[:-1]
    assert ends[-1:] == ([WINDOW] if any(ago < WINDOW for ago in seen) else [])
    neighbours = zip(made.stretches, made.stretches[1:], strict=False)
    assert all(one.status is not other.status for one, other in neighbours)


@given(lives)
def test_what_is_unknown_is_neither_up_nor_down(seen: Nights) -> None:
    made = of(seen)
    known = sum(s.length for s in made.stretches if s.status is not Status.UNKNOWN)
    assert (made.uptime is None) == (known == 0)
    assert made.uptime is None or 0 <= made.uptime <= 1
    assert 0 <= made.unknown <= 1


@given(lives, st.lists(st.timedeltas(timedelta(0), timedelta(days=1)), min_size=101, max_size=101))
def test_paths_stay_within_their_box_and_are_few_characters(
    seen: Nights, spells: list[timedelta]
) -> None:
    made = strip(days_of(seen, spells.__getitem__), state_of(seen), TODAY)
    for _, drawn in strip_paths(made):
        for x, length in re.findall(r"M(\d+) [\d.]+h(\d+)", drawn):
            assert int(x) + int(length) <= WIDTH
    spark = spark_path(made)
    assert len(spark) < 200
    for x, y, rest in re.findall(r"M(\d+) (\d+)(?:l([^M]*))?", spark):
        moves = [int(n) for n in re.findall(r"-?\d+", rest)]
        assert int(x) + sum(moves[::2]) < POINTS
        heights = list(accumulate(moves[1::2], initial=int(y)))
        assert all(1 <= height <= 16 for height in heights)


def test_the_window_ends_with_the_day_of_the_run() -> None:
    made = strip([Day(day=date(2026, 3, 14), ok=1)], State(), TODAY)
    assert made.stretches[0].start * DAY + DAY == WIDTH

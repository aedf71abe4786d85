"""Strips and sparklines as the data of SVG paths: a few characters for ninety days.

A strip is 4 units a day wide and 16 high; a day is a dash of a stroke, so that a stretch is one
move and one line however long it is. What tells the statuses apart without colour is how high
their days are: the style sheet has the widths of the strokes that these middles belong to.
"""

from collections.abc import Sequence
from datetime import timedelta

from monitor.core.reasons import Status
from monitor.report.past import WINDOW
from monitor.report.strips import Strip

DAY, HEIGHT = 4, 16
WIDTH = WINDOW * DAY

_MIDDLES = {Status.OK: "8", Status.WARNING: "10.5", Status.BROKEN: "13"}
"""Half the height of a day from the ground up: 16 works, 11 is warned, 6 is broken."""

POINTS = 30
"""How many points a sparkline has, at most."""

_DAYS = WINDOW // POINTS
_CUT = 3  # a spike of more than so many medians would press the rest to the ground


def strip_paths(made: Strip) -> tuple[tuple[Status, str], ...]:
    """Return one path for each status that is there; days that are not known are left blank."""
    return tuple(
        (
            status,
            "".join(
                f"M{stretch.start * DAY} {middle}h{stretch.length * DAY - 1}"
                for stretch in made.stretches
                if stretch.status is status
            ),
        )
        for status, middle in _MIDDLES.items()
        if any(stretch.status is status for stretch in made.stretches)
    )


def spark_path(made: Strip) -> str:
    """Return the response times as one line, "" where fewer than two are known.

    It is POINTS wide and HEIGHT high. Three days are one point, their median; the ground is
    nothing, the top the slowest. Where nothing is known the line is broken.
    """
    points = _points(made.times)
    if len(points) < 2:
        return ""
    spells = sorted(spell for _, spell in points)
    top = max(min(spells[-1], spells[len(spells) // 2] * _CUT), 1e-6)
    scale = (HEIGHT - 1) / top
    drawn: list[str] = []
    x, y, line = -2, 0, False
    for number, spell in points:
        height = HEIGHT - round(min(spell, top) * scale)
        if number != x + 1:
            drawn.append(f"M{number} {height}")
            line = False
        else:
            drawn.append(f"{' ' if line else 'l'}1 {height - y}")
            line = True
        x, y = number, height
    return "".join(drawn).replace(" -", "-")


def _points(times: Sequence[tuple[int, timedelta]]) -> list[tuple[int, float]]:
    by_point: dict[int, list[timedelta]] = {}
    for number, took in times:
        by_point.setdefault(number // _DAYS, []).append(took)
    return [
        (point, sorted(some)[len(some) // 2].total_seconds()) for point, some in by_point.items()
    ]

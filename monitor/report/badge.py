"""A badge for a README: for shields.io to draw, and drawn by ourselves.

The JSON is what https://shields.io/badges/endpoint-badge asks for.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from xml.sax.saxutils import escape

from monitor.core.reasons import Status
from monitor.report.json_report import as_text
from monitor.report.report import Report
from monitor.report.standing import Standing
from monitor.report.wording import count

_LABEL = "links"
_CACHE_SECONDS = 3600  # a run a night is usual; shields.io takes nothing below 300

_COLOURS = {"brightgreen": "#3a7d1c", "yellow": "#8a6a00", "red": "#b1271b", "lightgrey": "#5b6169"}
"""By the names of shields.io, each so dark that white text on it has a contrast of 4.5 : 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What a badge says, and in which of the colours that shields.io has names for.

    `failed` tells that this is no news of the links: the run does not count.
    """

    message: str
    colour: str
    failed: bool = False


def badge(report: Report) -> Badge:
    """Return what the badge says: what is confirmed, where time is known; else what is so now.

    What is suspect or muted is not called broken.
    """
    if not report.run.valid:
        return Badge(message="not checked", colour="lightgrey", failed=True)
    resources = report.summary.resources
    if not resources:
        return Badge(message="none", colour="lightgrey")
    numbers = _numbers(report)
    if broken := numbers[Status.BROKEN]:
        return Badge(message=f"{broken:,} of {resources:,} broken", colour="red")
    if warned := numbers[Status.WARNING]:
        message = f"{count(warned, 'warning')} of {resources:,}"
        return Badge(message=message, colour="yellow")
    if unknown := numbers[Status.UNKNOWN]:
        return Badge(message=f"{resources - unknown:,} of {resources:,} ok", colour="brightgreen")
    return Badge(message=f"{resources:,} ok", colour="brightgreen")


def badge_json(report: Report) -> str:
    """Return the badge as shields.io reads it from an address of yours."""
    said = badge(report)
    return as_text(
        {
            "schemaVersion": 1,
            "label": _LABEL,
            "message": said.message,
            "color": said.colour,
            "isError": said.failed,
            "cacheSeconds": _CACHE_SECONDS,
        }
    )


def badge_svg(report: Report) -> str:
    """Return the badge as a picture that loads nothing, and whose text can be read out."""
    said = badge(report)
    left, right = _width(_LABEL), _width(said.message)
    spoken = escape(f"{_LABEL}: {said.message}", {'"': "&quot;"})
    return _SVG.format(
        width=left + right,
        left=left,
        right=right,
        colour=_COLOURS[said.colour],
        spoken=spoken,
        label=escape(_LABEL),
        message=escape(said.message),
        label_x=left / 2,
        message_x=left + right / 2,
        label_width=left - 2 * _MARGIN,
        message_width=right - 2 * _MARGIN,
    )


_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" \
aria-label="{spoken}">
<title>{spoken}</title>
<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)">
<rect width="{left}" height="20" fill="#444"/>
<rect x="{left}" width="{right}" height="20" fill="{colour}"/>
</g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{label_x:g}" y="14" textLength="{label_width}">{label}</text>
<text x="{message_x:g}" y="14" textLength="{message_width}">{message}</text>
</g>
</svg>
"""

_MARGIN = 6
_NARROW, _WIDE = frozenset("fijlrt.,:;|!()[]'- 1"), frozenset("mwMW%")


def _width(text: str) -> int:
    """Return how many pixels a text takes in Verdana at 11, about, with its margins.

    `textLength` makes it fit exactly where another font is used.
    """
    return round(sum(map(_width_of, text))) + 2 * _MARGIN


def _width_of(character: str) -> float:
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 11
    if character in _WIDE:
        return 10.5
    return 4.8 if character in _NARROW else 7


def _numbers(report: Report) -> Counter[Status]:
    if not report.standings:
        summary = report.summary
        return Counter(
            {
                Status.BROKEN: summary.broken,
                Status.WARNING: summary.warning,
                Status.UNKNOWN: summary.unknown,
            }
        )
    return Counter(
        status for each in report.standings.values() if (status := _COUNTED_AS.get(each))
    )


_COUNTED_AS = {
    Standing.CONFIRMED: Status.BROKEN,
    Standing.BROKEN: Status.BROKEN,
    Standing.FLAPPING: Status.WARNING,
    Standing.RECOVERING: Status.WARNING,
    Standing.WARNED: Status.WARNING,
    Standing.SUSPECT: Status.UNKNOWN,
    Standing.UNKNOWN: Status.UNKNOWN,
    Standing.MUTED: Status.UNKNOWN,
}
"""As what a standing counts; what is well counts as nothing."""

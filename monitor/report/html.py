"""A report as one self-contained HTML document."""

import hashlib
from base64 import b64encode
from functools import lru_cache

from monitor.core.reasons import Status
from monitor.report.environment import TEMPLATES, environment
from monitor.report.headline import Summary
from monitor.report.report import Report
from monitor.report.rows import COUNTED, GRADES, KIND_MARKS, WORDS, rows, tally
from monitor.report.standing import over_time_words
from monitor.report.stories import TURNS
from monitor.report.wording import provider_title


def html(report: Report) -> str:
    """Return the report as one self-contained HTML document; the same for the same report."""
    style, script = _part("style.css"), _part("script.js")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            rows=rows(report),
            over_time=over_time_words(report.standings.values()),
            mutes=report.past.mutes if report.past is not None else (),
            names=report.muted_names,
            turns=TURNS,
            legend=_LEGEND,
            tally=tally(report.summary),
            bar=_bar(report.summary),
            providers=_providers(report),
            words=WORDS,
            grades=GRADES,
            counted=COUNTED,
            kind_marks=KIND_MARKS,
            style=_verbatim(style),
            script=_verbatim(script),
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )


_LEGEND = (
    (Status.OK, "M0 8h19", "works"),
    (Status.WARNING, "M0 10.5h19", "with a warning"),
    (Status.BROKEN, "M0 13h19", "broken"),
    (Status.UNKNOWN, "M0 8h0", "not known"),
)

_LENGTH, _GAP, _SHORTEST = 1000, 3, 8


def _bar(summary: Summary) -> list[tuple[Status, int, int]]:
    """Return the shares of the statuses in thousandths: status, start, width.

    A share that is there is seen: one of 1,500 gets a little more than its due.
    """
    there = [(status, number) for status, number in tally(summary) if number]
    left = _LENGTH - (_SHORTEST + _GAP) * len(there) + _GAP
    parts, start = [], 0
    for status, number in there:
        width = _SHORTEST + left * number // summary.resources
        parts.append((status, start, width))
        start += width + _GAP
    return parts


def _providers(report: Report) -> list[tuple[str, str]]:
    return sorted(
        {(f.resource.provider, provider_title(f.resource.provider)) for f in report.found},
        key=lambda pair: pair[1],
    )


@lru_cache(maxsize=4)
def _part(name: str) -> str:
    return "\n" + (TEMPLATES / name).read_text(encoding="utf-8")


def _verbatim(text: str) -> str:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - our own file, without anything from outside


def _hash(text: str) -> str:
    """Return the source expression of an inline text for a content security policy."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()

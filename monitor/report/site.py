"""A site of plain files for a host without a server: runs, the newest report, a page a resource."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, zip_longest
from statistics import median_low

from monitor.core.days import Day
from monitor.core.model import ResourceId, Run, RunId
from monitor.core.reasons import Status
from monitor.core.states import Transition, Turn
from monitor.report.environment import TEMPLATES, environment
from monitor.report.report import Report
from monitor.report.rows import COUNTED, WORDS, Row, rows
from monitor.report.wording import shown

REPORT = "report"
"""The folder of the newest report within the site."""

RESOURCES = "r"
"""The folder of the resources' pages."""

TURN_WORDS = {
    Turn.SUSPECTED: "Failed for the first time",
    Turn.CLEARED: "Works again: it was a blip",
    Turn.CONFIRMED: "Confirmed broken",
    Turn.RECOVERING: "Works again, not yet surely",
    Turn.RECOVERED: "Recovered",
    Turn.RELAPSED: "Failed again",
    Turn.FLAPPING: "Comes and goes too often to tell",
    Turn.CALMED: "No longer comes and goes",
    Turn.REMARKED: "Warned",
    Turn.REMARK_GONE: "The warning is gone",
}
"""What happened to a resource, for people."""

_ORDER = (Status.BROKEN, Status.WARNING, Status.UNKNOWN, Status.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One run as the index shows it: what it came to, in numbers; `why` where it does not count."""

    run: Run
    numbers: tuple[tuple[Status, int], ...]
    took: timedelta | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days in a row on each of which a resource was met alike; `took` is the median of theirs."""

    first: date
    last: date
    worst: Status | None
    met: tuple[tuple[Status, int], ...]
    took: timedelta | None


def site(
    report: Report,
    runs: Sequence[Run],
    tallies: Mapping[RunId, Mapping[Status, int]],
    transitions: Callable[[ResourceId], Sequence[Transition]],
) -> dict[str, str]:
    """Return the files of a site by their names, but for those of the newest report itself.

    `report` is that which is to stand in REPORT (see `reported`); `runs` are newest first,
    `tallies` what each met. All links within the site are relative.
    """
    made = environment()
    worst_first = sorted(rows(report), key=lambda each: _ORDER.index(each.verdict.status))
    shared = {"report": report, "words": WORDS, "counted": COUNTED}
    index = made.get_template("site.html.j2")
    page = made.get_template("resource.html.j2")
    files = {
        "index.html": index.render(
            **shared, rows=worst_first, passes=[_pass(run, tallies.get(run.id, {})) for run in runs]
        ),
        "style.css": "".join(
            (TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "site.css")
        ),
        ".nojekyll": "",
    }
    for each in worst_first:
        files[page_of(each)] = page.render(
            **shared,
            row=each,
            spells=_spells(each, report),
            turns=[
                (turn, TURN_WORDS[turn.turn])
                for turn in reversed(transitions(each.finding.resource.id))
            ],
            stories=[
                story
                for story in report.stories
                if any(m.resource.id == each.finding.resource.id for m in story.incident.members)
            ],
        )
    return files


def reported(runs: Sequence[Run]) -> Run | None:
    """Return of which run the site is to report, or None where there is none; newest first.

    The newest that counts and read sources whole, for others cannot tell of all links; where
    there is none, as without a configuration, the newest that counts, and else the newest.
    """
    counted = [run for run in runs if run.valid and run.finished_at is not None]
    whole = (run for run in counted if run.sources)
    return next(chain(whole, counted, runs), None)


def page_of(one: Row) -> str:
    """Return the name of a resource's page within the site, the same from run to run."""
    return f"{RESOURCES}/{one.anchor}.html"


def _pass(run: Run, numbers: Mapping[Status, int]) -> Pass:
    counted = tuple((status, numbers.get(status, 0)) for status in _ORDER) if run.valid else ()
    why = "not finished, or killed" if run.finished_at is None else ""
    if run.invalid_reason is not None:
        why = f"does not count: {shown(run.invalid_reason, 200)}"
    took = run.finished_at - run.started_at if run.finished_at is not None else None
    return Pass(run=run, numbers=counted, took=took, why=why)


def _spells(one: Row, report: Report) -> Sequence[Spell]:
    """Return the days of a resource of which something is known, newest first."""
    past = report.past
    days = past.days.get(one.finding.resource.id, ()) if past is not None else ()
    made: list[Spell] = []
    together: list[Day] = []
    for day, next_day in zip_longest(days, days[1:]):
        together.append(day)
        if next_day is None or _met(next_day) != _met(day) or next_day.day != day.day + _A_DAY:
            made.append(_spell(together))
            together = []
    return made[::-1]


_A_DAY = timedelta(days=1)


def _met(day: Day) -> tuple[tuple[Status, int], ...]:
    numbers = (day.broken, day.warning, day.unknown, day.ok)
    return tuple((s, n) for s, n in zip(_ORDER, numbers, strict=True) if n)


def _spell(days: Sequence[Day]) -> Spell:
    times = [day.took for day in days if day.took is not None]
    return Spell(
        first=days[0].day,
        last=days[-1].day,
        worst=days[0].worst,
        met=_met(days[0]),
        took=median_low(times) if times else None,
    )

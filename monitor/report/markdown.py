"""A report as Markdown that fits where it is to be shown: sections go, bytes are never cut."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from monitor.core.urls import split
from monitor.report.environment import environment, href
from monitor.report.grouping import Group
from monitor.report.markdown_escape import code, escape
from monitor.report.report import Report
from monitor.report.rows import COUNTED, GRADES, WORDS, by_kind, rows, tally
from monitor.report.standing import over_time_words
from monitor.report.stories import TURNS
from monitor.report.wording import count, joined

MOST = 65_536
"""Characters that GitHub takes for the body of an issue or a comment."""

LEAST = 4_000
"""What the head takes when every text in it is as long as it can be."""


class _Weight(IntEnum):
    """What to keep longest, from the least to the most."""

    ALL = 0
    SKIPPED = 1
    CLOSED = 2
    UNKNOWN = 3
    MUTED_PLACES = 4
    MUTED = 5
    WARNED_PLACES = 6
    RUN = 7
    SUSPECT_PLACES = 8
    WARNED = 9
    INCIDENT = 10
    SUSPECT = 11
    DRIFTED = 12
    CHANGED = 13
    BROKEN_PLACES = 14
    BROKEN = 15
    HEAD = 16


@dataclass(frozen=True, slots=True)
class _Section:
    """A part that may be left out, and what the reader then hears of it.

    It is written only where there may be room for it; it has at least `least` characters.
    `many` is the noun for several of its sort, "" for what there is only once.
    """

    weight: _Weight
    write: Callable[[], str]
    one: str = ""
    many: str = ""
    least: int = 0


def markdown(report: Report, most: int = MOST) -> str:
    """Return the report as Markdown of at most `most` characters, but at least LEAST.

    Where it is longer, whole sections are left out, the least important first, and a last
    line says which.
    """
    sections = list(_sections(report))
    kept = _fitting(sections, max(most, LEAST))
    text = "\n\n".join(kept[n] for n in sorted(kept)) + "\n"
    return text + _note([section for n, section in enumerate(sections) if n not in kept])


def _fitting(sections: Sequence[_Section], most: int) -> Mapping[int, str]:
    """Return the texts of the sections that have room, with the note where not all have.

    The most important go first. The head always stays.
    """
    room = most - len(_note(sections))
    kept: dict[int, str] = {}
    spare: dict[int, str] = {}
    length = 0
    for n in sorted(range(len(sections)), key=lambda n: (-sections[n].weight, n)):
        section = sections[n]
        head = section.weight is _Weight.HEAD
        if not head and length + section.least > most:
            return kept
        text = section.write()
        length += len(text) + 2
        if not head and length > most:
            return kept
        spare[n] = text
        if head or length <= room:
            kept[n] = text
    return spare


def _note(left_out: Sequence[_Section]) -> str:
    numbers: dict[tuple[str, str], int] = {}
    for section in left_out:
        name = section.one, section.many
        numbers[name] = numbers.get(name, 0) + 1
    said = [
        count(number, one, many) if many else one for (one, many), number in numbers.items() if one
    ]
    return (
        f"\n*Left out to fit: {joined(said)}. All of it is in the HTML report.*\n" if said else ""
    )


def _sections(report: Report) -> Iterator[_Section]:
    over_time = over_time_words(report.standings.values())
    yield _Section(_Weight.HEAD, _part("head", report, tally(report.summary), COUNTED, over_time))
    yield _Section(_Weight.HEAD, _part("changed_title", report))
    for kind, some in by_kind(report.changed):
        yield _Section(_Weight.CHANGED, _part("changed", kind, some), f"“{kind.value}”")
    yield from _needs(report)
    yield from _over_time(report)
    if report.drifted:
        yield _Section(_Weight.DRIFTED, _part("drift_title"))
        for one in report.drifted:
            name = "a change behind a link", "changes behind links"
            yield _Section(_Weight.DRIFTED, _part("drift", one), *name)
    if report.unknowns:
        yield _Section(_Weight.UNKNOWN, _part("unknown_title"), "what could not be checked")
    weights = _Weight.UNKNOWN, _Weight.UNKNOWN
    yield from _troubles(report, report.unknowns, weights, "an unknown", "unknowns")
    if report.found:
        least = _LEAST_OF_ROW * len(report.found)
        whole = _part("all", report)
        yield _Section(_Weight.ALL, whole, "the list of every resource", least=least)
    if report.skipped:
        yield _Section(_Weight.SKIPPED, _part("skipped", report), "the links left alone")
    yield _Section(_Weight.RUN, _part("run", report), "the account of the run")


def _needs(report: Report) -> Iterator[_Section]:
    yield _Section(_Weight.HEAD, _part("needs_title", report))
    weights = _Weight.BROKEN, _Weight.BROKEN_PLACES
    yield from _troubles(report, report.broken, weights, "a broken thing", "broken things")
    if report.suspects:
        yield _Section(_Weight.SUSPECT, _part("suspects_title"))
    weights = _Weight.SUSPECT, _Weight.SUSPECT_PLACES
    yield from _troubles(report, report.suspects, weights, "a suspect", "suspects")
    if report.warned:
        yield _Section(_Weight.WARNED, _part("warned_title"))
    weights = _Weight.WARNED, _Weight.WARNED_PLACES
    yield from _troubles(report, report.warned, weights, "a warning", "warnings")


def _over_time(report: Report) -> Iterator[_Section]:
    if report.stories:
        yield _Section(_Weight.INCIDENT, _part("incidents_title", report))
    for story in report.stories:
        weight = _Weight.INCIDENT if story.incident.is_open else _Weight.CLOSED
        yield _Section(weight, _part("story", story, WORDS, TURNS), "an incident", "incidents")
    if report.muted or (report.past is not None and report.past.mutes):
        yield _Section(_Weight.MUTED, _part("muted_title", report))
    weights = _Weight.MUTED, _Weight.MUTED_PLACES
    yield from _troubles(report, report.muted, weights, "a muted trouble", "muted troubles")


def _troubles(
    report: Report,
    groups: Sequence[Group],
    weights: tuple[_Weight, _Weight],
    one: str,
    many: str,
) -> Iterator[_Section]:
    for group in groups:
        yield _Section(weights[0], _part("trouble", report, group, WORDS, GRADES), one, many)
        yield _Section(
            weights[1],
            _part("members", report, group),
            f"list of places of {one}",
            f"lists of places of {many}",
        )


_LEAST_OF_ROW = 20
"""What a line of the table of every resource has at least: its bars and its words."""


def _part(name: str, *values: Any) -> Callable[[], str]:
    return lambda: str(getattr(_parts(), name)(*values)).strip("\n")


@lru_cache(maxsize=1)
def _parts() -> Any:
    """Return the macros of the template, each of which writes one section."""
    from markupsafe import Markup

    def finished(value: object) -> object:
        return value if hasattr(value, "__html__") else Markup(escape(str(value)))  # noqa: S704 - escaped

    made = environment(finalize=finished)
    made.filters["code"] = lambda url: Markup(code(url))  # noqa: S704 - escaped
    made.filters["address"] = lambda url: Markup(_address(url))  # noqa: S704 - escaped
    made.filters["own_words"] = Markup
    made.filters["rows"] = rows
    made.filters["sentence"] = lambda words: words[:1].upper() + words[1:]
    return made.get_template("report.md.j2").module


_THREADS = frozenset({"issues", "pull", "pulls", "discussions", "commit", "commits"})


def _address(url: str) -> str:
    """Return an address as a link, or as bare code where it may not be followed.

    A link to a thread on GitHub would leave a trace there each time that a report is posted.
    """
    target = href(url)
    if target is None or len(target) > 500:
        return code(url)
    parts = split(target)
    if parts.host.removeprefix("www.") == "github.com" and _THREADS & set(parts.segments):
        return code(url)
    safe = target.replace("\\", "%5C").replace("`", "%60").replace("&", "&amp;")
    return f"[{code(url)}](<{safe}>)"

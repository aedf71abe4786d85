"""A report as Markdown that fits where it is to be shown: sections go, bytes are never cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from monitor.core.reasons import Status
from monitor.core.urls import split
from monitor.report.environment import environment, href
from monitor.report.grouping import Group
from monitor.report.markdown_escape import code, escape
from monitor.report.report import Report
from monitor.report.rows import COUNTED, GRADES, WORDS, by_kind, row, tally
from monitor.report.wording import count, joined

MOST = 65_536
"""Characters that GitHub takes for the body of an issue or a comment."""

LEAST = 4_000
"""What the head takes when every text in it is as long as it can be."""


class _Weight(IntEnum):
    """What to keep longest, from the least to the most."""

    ALL = 0
    SKIPPED = 1
    UNKNOWN = 2
    WARNED_PLACES = 3
    RUN = 4
    WARNED = 5
    DRIFTED = 6
    CHANGED = 7
    BROKEN_PLACES = 8
    BROKEN = 9
    HEAD = 10


@dataclass(frozen=True, slots=True)
class _Section:
    """A part that may be left out, and what the reader then hears of it.

    `many` is the noun for several of its sort, "" for what there is only once.
    """

    weight: _Weight
    text: str
    one: str = ""
    many: str = ""


def markdown(report: Report, most: int = MOST) -> str:
    """Return the report as Markdown of at most `most` characters, but at least LEAST.

    Where it is longer, whole sections are left out, the least important first, and a last
    line says which.
    """
    sections = list(_sections(report))
    left_out = _left_out(sections, max(most, LEAST))
    text = "\n\n".join(s.text for n, s in enumerate(sections) if n not in left_out) + "\n"
    return text + _note([sections[n] for n in sorted(left_out)])


def _left_out(sections: Sequence[_Section], most: int) -> set[int]:
    """Return the indices of the sections to leave out so that the rest has room, with the note."""
    left_out: set[int] = set()
    length = sum(len(section.text) + 2 for section in sections)
    if length <= most:
        return left_out
    length += len(_note(sections))
    for n in sorted(range(len(sections)), key=lambda n: (sections[n].weight, -n)):
        if length <= most or sections[n].weight is _Weight.HEAD:
            break
        left_out.add(n)
        length -= len(sections[n].text) + 2
    return left_out


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
    def part(name: str, *values: Any) -> str:
        return str(getattr(_parts(), name)(*values)).strip("\n")

    def troubles(
        groups: Sequence[Group], weights: tuple[_Weight, _Weight], one: str, many: str
    ) -> Iterator[_Section]:
        for group in groups:
            yield _Section(weights[0], part("trouble", group, WORDS, GRADES), one, many)
            yield _Section(
                weights[1],
                part("members", report, group),
                f"list of places of {one}",
                f"lists of places of {many}",
            )

    yield _Section(_Weight.HEAD, part("head", report, tally(report.summary), COUNTED))
    yield _Section(_Weight.HEAD, part("changed_title", report))
    for kind, some in by_kind(report.changed):
        yield _Section(_Weight.CHANGED, part("changed", kind, some), f"“{kind.value}”")
    yield _Section(_Weight.HEAD, part("needs_title", report))
    broken = [group for group in report.needs if group.status is Status.BROKEN]
    warned = [group for group in report.needs if group.status is Status.WARNING]
    yield from troubles(
        broken, (_Weight.BROKEN, _Weight.BROKEN_PLACES), "a broken thing", "broken things"
    )
    yield from troubles(warned, (_Weight.WARNED, _Weight.WARNED_PLACES), "a warning", "warnings")
    if report.drifted:
        yield _Section(_Weight.DRIFTED, part("drift_title"))
        for one in report.drifted:
            name = "a change behind a link", "changes behind links"
            yield _Section(_Weight.DRIFTED, part("drift", one), *name)
    if report.unknowns:
        yield _Section(_Weight.UNKNOWN, part("unknown_title"), "what could not be checked")
    yield from troubles(
        report.unknowns, (_Weight.UNKNOWN, _Weight.UNKNOWN), "an unknown", "unknowns"
    )
    if report.found:
        rows = [row(finding) for finding in report.found]
        yield _Section(_Weight.ALL, part("all", rows), "the list of every resource")
    if report.skipped:
        yield _Section(_Weight.SKIPPED, part("skipped", report), "the links left alone")
    yield _Section(_Weight.RUN, part("run", report), "the account of the run")


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

"""The report as workflow commands, which GitHub shows beside the lines of a pull request.

Source: docs.github.com, "Workflow commands for GitHub Actions"; the escapes are those of
actions/toolkit, packages/core/src/command.ts.
"""

from collections.abc import Iterator, Sequence

from monitor.report.cases import Case, Outcome, cases, worst_first
from monitor.report.report import Report
from monitor.report.wording import count, shown

MOST = 10
"""GitHub shows ten of each kind a step; what comes after is lost without a word."""

_KINDS = {Outcome.BROKEN: "error", Outcome.WARNED: "warning", Outcome.SILENT: "notice"}


def annotations(report: Report, most: int = MOST) -> tuple[str, ...]:
    """Return the lines to print: the worst of each kind, and how many more there are.

    Never more than `most` of a kind: where there are more, the last one counts the rest. With a
    change asked about, only what it adds or touches is an error; old breaks are warnings.
    """
    if not report.run.valid:
        return (_command("warning", "title=The run does not count", report.headline),)
    by_kind: dict[str, list[Case]] = {"error": [], "warning": [], "notice": []}
    for case in worst_first(cases(report)):
        if (kind := _kind(case, report)) is not None:
            by_kind[kind].append(case)
    return tuple(line for kind, some in by_kind.items() for line in _lines(kind, some, most))


def _kind(case: Case, report: Report) -> str | None:
    kind = _KINDS.get(case.outcome)
    return (
        "warning" if kind == "error" and not report.checkout.blames(case.link.occurrence) else kind
    )


def _lines(kind: str, some: Sequence[Case], most: int) -> Iterator[str]:
    shown_here = some if len(some) <= most else some[: most - 1]
    for case in shown_here:
        mark = " (new in this change)" if case.new else ""
        title = _property(shown(f"{case.title}{mark}: {case.name}", 200))
        yield _command(kind, f"{_place(case)}title={title}", case.sentence)
    if len(some) > len(shown_here):
        more = count(len(some) - len(shown_here), f"more {kind}")
        yield _command(
            kind, f"title={_property('More links')}", f"{more}; all are in the job summary."
        )


def _place(case: Case) -> str:
    """Return the file, line and column of a case; nothing where it stands in no file."""
    if not case.is_file:
        return ""
    at = case.link.occurrence.position
    return f"file={_property(case.path)},line={at.line},col={at.column},"


def _command(kind: str, properties: str, message: str) -> str:
    return f"::{kind} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""The report as a job's summary on GitHub Actions: Markdown of at most 1 MiB a step."""

from pathlib import Path

from monitor.core.errors import OutputError
from monitor.report.cases import Case, Outcome, cases, worst_first
from monitor.report.markdown import LEAST, markdown
from monitor.report.markdown_escape import code, escape
from monitor.report.report import Report
from monitor.report.wording import count

MOST_BYTES = 1024 * 1024
"""What is larger is not shown at all. Source: docs.github.com, "Workflow commands for GitHub
Actions", on job summaries."""

_MOST_NEW = 50


def job_summary(report: Report, most_bytes: int = MOST_BYTES) -> str:
    """Return the report as Markdown that takes at most so many bytes in UTF-8.

    Where it is longer whole sections are left out, and the text says which. Where a change is
    asked about, what is new in it comes first.
    """
    head = _of_the_change(report)
    room = most_bytes - len(head.encode("utf-8", "replace"))
    most = room
    while True:
        text = markdown(report, most)
        size = len(text.encode("utf-8", "replace"))
        if size <= room or most <= LEAST:
            return head + text
        most = max(LEAST, min(most - 1, most * room // size))


def append(report: Report, path: Path) -> None:
    """Append the summary to the file that the runner names; what is in it counts too.

    Raises OutputError where it cannot be written.
    """
    try:
        size = path.stat().st_size if path.exists() else 0
        text = job_summary(report, MOST_BYTES - size - 1)
        body = ("\n" if size else "").encode() + text.encode("utf-8", "replace")
        if size + len(body) > MOST_BYTES:
            return  # the steps before have left no room, and too much would hide theirs as well
        with path.open("ab") as file:
            file.write(body)
    except OSError as error:
        raise OutputError(
            f"The job summary cannot be written to {path}: {error.strerror or error}."
            " Correct GITHUB_STEP_SUMMARY, or unset it."
        ) from error


def of_the_change(report: Report) -> str | None:
    """Return how many links a change adds or touches in one sentence; None where nobody asked."""
    if report.checkout.touched is None:
        return None
    new = [case for case in cases(report) if case.new]
    broken = sum(case.outcome is Outcome.BROKEN for case in new)
    are = "is" if broken == 1 else "are"
    return f"{count(len(new), 'link')} added or touched, of which {broken:,} {are} broken."


def _of_the_change(report: Report) -> str:
    said = of_the_change(report)
    if said is None:
        return ""
    new = [case for case in cases(report) if case.new]
    bad = [case for case in worst_first(new) if case.outcome in {Outcome.BROKEN, Outcome.WARNED}]
    lines = ["## In this change", "", said, ""]
    lines += [_line(case) for case in bad[:_MOST_NEW]]
    if len(bad) > _MOST_NEW:
        lines.append(f"- … and {len(bad) - _MOST_NEW:,} more below.")
    lines += [*([""] if bad else []), "What was broken before does not make this check fail.", ""]
    return "\n".join(lines) + "\n"


def _line(case: Case) -> str:
    return f"- **{escape(case.title)}** {code(case.place)} {escape(case.sentence)}"

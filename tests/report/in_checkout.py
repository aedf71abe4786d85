"""Reports whose page is a file of a checkout, and in which a change touches some lines."""

from dataclasses import replace

from monitor.core.checkout import Checkout
from monitor.core.reasons import Reason
from monitor.report.report import Report
from tests.report.build import PAGE, Course

FILE = "docs/it/index.md"


def located(report: Report, *lines: int, asked: bool = True, file: str = FILE) -> Report:
    """Return a report whose page is a file; a change, if asked about, touches these lines."""
    touched = {file: [range(line, line + 1) for line in lines]} if asked else None
    return replace(report, checkout=Checkout(files={PAGE: file}, touched=touched))


def course() -> Course:
    """Return a page with one link of each outcome, from line 10 on."""
    return (
        Course()
        .link("https://a.example/gone", Reason.NOT_FOUND, detail="The server answered 404.")
        .link("https://b.example/old", Reason.MOVED, instead="https://b.example/new")
        .link("https://c.example/slow", Reason.NOT_ANSWERING)
        .link("https://d.example/wall", Reason.BLOCKED)
        .link("https://e.example/key", Reason.OWN_CREDENTIAL)
        .link("https://f.example/fine")
        .leave("mailto:mabel@course.example", "mailto: is no web address")
    )

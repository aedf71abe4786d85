"""Workflow commands, read again as GitHub's runner reads them."""

from collections import Counter

import pytest
from hypothesis import given, settings

from monitor.core.model import PageRecord
from monitor.core.reasons import Reason
from monitor.report.annotations import MOST, annotations
from monitor.report.report import Report
from tests.report.build import STARTED, Course, invalid
from tests.report.in_checkout import FILE, course, located
from tests.report.lived import report_of
from tests.report.strategies import lived_courses, texts


def read(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Return kind, properties and message of each, by the rules of the runner's ActionCommand."""
    told = []
    for line in annotations(report):
        assert "\n" not in line
        assert "\r" not in line
        assert line.startswith("::")
        head, _, data = line.removeprefix("::").partition("::")
        kind, _, rest = head.partition(" ")
        pairs = [pair.split("=", 1) for pair in rest.split(",") if "=" in pair]
        properties = {key: unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in pairs}
        told.append((kind, properties, unescaped(data, {})))
    return told


def unescaped(text: str, more: dict[str, str]) -> str:
    for code, character in {**more, "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(code, character)
    return text


def test_where_it_stands_what_it_is_and_what_to_do():
    assert annotations(located(course().report(), asked=False)) == (
        (
            f"::error file={FILE},line=10,col=5,title=Not found%3A a.example/gone::"
            "https://a.example/gone: The server answered 404."
            " Correct the address, or remove the link."
        ),
        (
            f"::warning file={FILE},line=11,col=5,title=Moved%3A b.example/old::"
            "https://b.example/old: The address redirects for good to a new one."
            " Use instead: https://b.example/new"
        ),
        (
            f"::notice file={FILE},line=12,col=5,title=Not answering now%3A c.example/slow::"
            "https://c.example/slow: The server did not answer, several times within this run."
            " Wait for the next checks."
        ),
    )


def test_with_a_change_asked_about_only_its_own_breaks_are_errors():
    page = course().link("https://g.example/", Reason.GONE)
    told = read(located(page.report(), 17))
    assert [(kind, properties["title"]) for kind, properties, _ in told][:3] == [
        ("error", "Gone (new in this change): g.example"),
        ("warning", "Not found: a.example/gone"),
        ("warning", "Moved: b.example/old"),
    ]


@pytest.mark.parametrize(
    ("number", "shown", "last"),
    [
        pytest.param(10, 10, None, id="ten have room"),
        pytest.param(11, 10, "2 more errors; all are in the job summary.", id="eleven have not"),
        pytest.param(1500, 10, "1,491 more errors; all are in the job summary.", id="many more"),
    ],
)
def test_no_more_than_github_shows_and_the_rest_counted(number, shown, last):
    page = Course()
    for n in range(number):
        page.link(f"https://a.example/{n}", Reason.GONE)
    told = read(page.report())
    assert len(told) == shown
    assert last is None or told[-1][2] == last


def test_the_worst_come_first():
    page = Course()
    for n in range(12):
        page.link(f"https://a.example/{n}", Reason.TLS_INVALID)
    page.link("https://a.example/hard", Reason.GONE)
    assert read(page.report())[0][2].startswith("https://a.example/hard: ")


def test_a_page_that_is_no_file_has_no_place():
    (one,) = annotations(Course().link("https://a.example/", Reason.GONE).report())
    assert one.startswith("::error title=Gone%3A a.example::")


def test_a_run_that_does_not_count_is_one_warning():
    (told,) = read(invalid().link("https://a.example/", Reason.GONE).report())
    assert told[:2] == ("warning", {"title": "The run does not count"})


def test_a_hostile_page_can_neither_end_a_command_nor_begin_one():
    name = "docs/a,line=1::error::b%0A\n::add-mask::x.md"
    page = Course(pages=(PageRecord(name=name, url=None, read_at=STARTED),))
    page.link("https://a.example/", Reason.GONE, page=name, text="::stop-commands::x\r\n::error::")
    ((kind, properties, _),) = read(located(page.report(), asked=False, file="docs/a,b:%0A.md"))
    assert kind == "error"
    assert set(properties) <= {"file", "line", "col", "title"}


@given(lived_courses())
@settings(max_examples=60, deadline=None)
def test_whatever_a_page_holds_each_line_is_one_command(pair):
    told = read(report_of(*pair))
    assert all(number <= MOST for number in Counter(kind for kind, _, _ in told).values())
    assert {kind for kind, _, _ in told} <= {"error", "warning", "notice"}


@given(texts, texts)
@settings(max_examples=60, deadline=None)
def test_a_file_name_comes_back_as_it_was(file, text):
    page = Course().link("https://a.example/", Reason.GONE, text=text, detail=text)
    ((_, properties, _),) = read(located(page.report(), asked=False, file=file))
    assert properties.get("file", "") == file

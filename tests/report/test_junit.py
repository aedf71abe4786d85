"""JUnit XML, held against a schema of what its strictest reader takes."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from hypothesis import given, settings
from lxml import etree

from monitor.core.model import ResourceId
from monitor.core.reasons import Reason
from monitor.report.junit import junit
from monitor.report.report import Report
from tests.report.build import PAGE, Course, invalid, sample
from tests.report.in_checkout import course, located
from tests.report.lived import lived, mute, nights, past_of, report_of
from tests.report.strategies import lived_courses, texts

URL = "https://a.example/"


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("schemas") / "junit.xsd"))


def read(report: Report) -> etree._Element:
    """Return the document, once it fits the schema and its numbers are those of its cases."""
    root = etree.fromstring(junit(report).encode("utf-8", "strict"))
    schema().assertValid(root)
    elements = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for suite in root:
        assert int(suite.get("tests")) == len(suite)
        for attribute, element in elements.items():
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{element}"))
    for attribute in ("tests", "failures", "errors"):
        assert int(root.get(attribute)) == sum(int(suite.get(attribute)) for suite in root)
    return root


def results(root: etree._Element) -> dict[str, str]:
    """Return what came of each case: the name of its element, "" where it passed."""
    return {case.get("name"): case[0].tag if len(case) else "" for case in root.iter("testcase")}


def test_a_page_is_a_suite_and_a_link_a_case():
    root = read(located(course().report(), asked=False))

    assert [suite.get("name") for suite in root] == ["docs/it/index.md"]
    assert results(root) == {
        "https://a.example/gone": "failure",
        "https://b.example/old": "system-out",
        "https://c.example/slow": "skipped",
        "https://d.example/wall": "skipped",
        "https://e.example/key": "error",
        "https://f.example/fine": "",
        "mailto:mabel@course.example": "skipped",
    }
    assert root.get("time") == "48.000"
    (failure,) = root.iter("failure")
    assert failure.get("type") == "not-found"
    assert failure.get("message") == (
        "Not found: https://a.example/gone: The server answered 404."
        " Correct the address, or remove the link."
    )
    assert failure.text.splitlines()[0] == "docs/it/index.md:10:5 “a.example/gone”"


def test_with_a_change_asked_about_only_its_links_fail():
    page = course().link("https://g.example/", Reason.GONE)
    root = read(located(page.report(), 17))

    assert {name for name, result in results(root).items() if result == "failure"} == {
        "https://g.example/"
    }
    (failure,) = root.iter("failure")
    assert failure.get("message").startswith("Gone (new in this change): ")
    old = next(case for case in root.iter("testcase") if case.get("name").endswith("/gone"))
    assert old[0].get("message").startswith("Not found (not of this change): ")


def test_what_is_muted_is_skipped():
    page = Course().link(URL, Reason.NOT_FOUND)
    past = past_of(
        page.findings(),
        lambda _: nights((5, Reason.NOT_FOUND)),
        muted={ResourceId(f"web:{URL}"): mute(URL)},
    )
    assert results(read(report_of(page, past))) == {URL: "skipped"}


def test_what_is_confirmed_and_silent_now_is_a_failure():
    page = Course().link(URL, Reason.NOT_ANSWERING)
    past = past_of(page.findings(), lambda _: nights((20, Reason.NOT_ANSWERING)))
    assert results(read(report_of(page, past))) == {URL: "failure"}


def test_of_a_run_that_does_not_count_every_case_is_an_error():
    root = read(invalid().link(URL, Reason.NOT_FOUND).link("https://b.example/").report())
    assert set(results(root).values()) == {"error"}


def test_one_address_in_three_places_is_three_cases_with_names_of_their_own():
    page = Course().link(URL).link(URL).link(URL)
    assert list(results(read(page.report()))) == [URL, f"{URL} (2)", f"{URL} (3)"]


def test_each_page_has_a_suite_and_a_page_without_links_an_empty_one():
    page = Course().link(URL)
    empty = replace(page.pages[0], name="docs/empty.md")
    page.pages = (*page.pages, empty)
    assert [(s.get("name"), len(s)) for s in read(page.report())] == [
        (PAGE, 1),
        ("docs/empty.md", 0),
    ]


@given(lived_courses())
@settings(max_examples=60, deadline=None)
def test_whatever_a_page_holds_it_is_well_formed_and_fits(pair):
    read(report_of(*pair))


@given(texts, texts)
@settings(max_examples=60, deadline=None)
def test_whatever_a_link_holds_there_is_a_case_for_it(written, text):
    root = read(Course().link(URL, Reason.NOT_FOUND, written=written, text=text).report())
    assert root.get("tests") == "1"


def test_the_same_report_makes_the_same_bytes():
    page = sample(2)
    report = report_of(page, lived(page))
    assert junit(report) == junit(report)

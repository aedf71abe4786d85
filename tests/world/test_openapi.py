"""GitHub's own description of its API, and how calls and answers are held against it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world import fetch_openapi, openapi
from tests.world.conftest import NOON
from tests.world.github_issue_json import Wording
from tests.world.github_tracker import IssueTracker

ISSUES = "/repos/meadow/course/issues"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    method: str = "GET"
    path: str = ISSUES
    query: str = ""
    body: Any = None
    status: int | None = 200
    answer: Any = ()


def an_issue():
    tracker = IssueTracker("meadow/course", lambda: NOON)
    issue = tracker.create("ada", "A", "B", ["bug"])
    return Wording("https://api.github.com", "https://github.com").issue(tracker, issue)


def opened(**changed):
    return Exchange(method="POST", body={"title": "A"}, status=201, answer=an_issue() | changed)


@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        pytest.param(Exchange(path="/repos/a/b/weather"), "no such call", id="an unknown path"),
        pytest.param(Exchange(method="PUT"), "no such call", id="an unknown method"),
        pytest.param(
            Exchange(query="labels=bug&colour=red"), "colour is not described", id="a parameter"
        ),
        pytest.param(Exchange(query="state=shut"), "state=shut", id="a parameter's value"),
        pytest.param(Exchange(query="per_page=ten"), "per_page=ten", id="a word for a number"),
        pytest.param(Exchange(query="since=today"), "since=today", id="a word for an instant"),
        pytest.param(Exchange(path=f"{ISSUES}/one"), "issue_number=one", id="a word in the path"),
        pytest.param(
            Exchange(method="POST", status=201, answer=an_issue()), "body is lacking", id="no body"
        ),
        pytest.param(Exchange(body={"a": 1}), "no body is described", id="a body with GET"),
        pytest.param(
            Exchange(method="POST", body={"body": "B"}, status=201, answer=an_issue()),
            "'title' is a required property",
            id="a body without what it must have",
        ),
        pytest.param(
            Exchange(
                method="POST", body={"title": "A", "label": "x"}, status=201, answer=an_issue()
            ),
            "'label' was unexpected",
            id="a body with what nobody reads",
        ),
        pytest.param(opened(number="1"), "'1' is not of type 'integer'", id="a word for a number"),
        pytest.param(opened(user=7), "$.user", id="a number for a person"),
        pytest.param(opened(html_url="over there"), "is not a 'uri'", id="no address"),
        pytest.param(opened(created_at="noon"), "is not a 'date-time'", id="no instant"),
        pytest.param(opened(mood="gay"), "'mood' was unexpected", id="a field of one's own"),
        pytest.param(opened(state_reason="bored"), "$.state_reason", id="a word of one's own"),
        pytest.param(Exchange(status=418, answer={}), "this status is not described", id="teapot"),
        pytest.param(Exchange(status=404, answer=[]), "is not of type 'object'", id="an odd error"),
        pytest.param(Exchange(answer={}), "is not of type 'array'", id="an object for a list"),
    ],
)
def test_what_is_not_described_is_named(description, exchange, words):
    (found, *_) = description.violations(exchange)
    assert words in found
    assert found.startswith(f"{exchange.method} {exchange.path}: ")


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(Exchange(answer=[an_issue()]), id="a list"),
        pytest.param(Exchange(query="state=all&per_page=100&page=2", answer=[]), id="a page"),
        pytest.param(Exchange(path="/repositories/7/issues", answer=[]), id="by number"),
        pytest.param(opened(body=None, state_reason=None), id="null, where that is allowed"),
        pytest.param(Exchange(status=401, answer={"message": "Bad"}), id="what any call may bring"),
        pytest.param(Exchange(status=304, answer=None), id="the unchanged"),
        pytest.param(Exchange(status=None, answer=None), id="no answer at all"),
    ],
)
def test_what_is_described_is_well(description, exchange):
    assert list(description.violations(exchange)) == []


def test_no_field_that_must_be_there_can_go(description):
    whole = an_issue()
    needed = description._content["components"]["schemas"]["issue"]["required"]
    assert len(needed) == 20
    for field in needed:
        rest = {key: value for key, value in whole.items() if key != field}
        made = Exchange(method="POST", body={"title": "A"}, status=201, answer=rest)
        (found,) = description.violations(made)
        assert found.endswith(f"'{field}' is a required property")


def test_the_two_halves_of_an_exchange_are_told_apart(description):
    both = Exchange(query="colour=red", answer={})
    assert len(list(description.violations(both))) == 2
    assert len(list(description.violations(both, answered=False))) == 1
    assert len(list(description.violations(both, called=False))) == 1


def test_what_is_fetched_is_what_is_used_and_all_that_it_names():
    reference = {"$ref": "#/components/schemas/thing"}
    answer = {"200": {"content": {"application/json": {"schema": reference, "examples": {}}}}}
    whole = {
        "info": {"title": "T", "version": "1"},
        "paths": {path: {"get": {"responses": answer}} for path in (*openapi.PATHS, "/more")},
        "components": {
            "schemas": {
                "thing": {"type": "array", "items": {"$ref": "#/components/schemas/part"}},
                "part": {"type": "string", "nullable": True, "example": "x"},
                "basic-error": {"type": "object"},
                "other": {},
            }
        },
    }
    kept = fetch_openapi.used(whole)
    assert kept["used"] == list(kept["paths"]) == list(openapi.PATHS)
    assert set(kept["components"]["schemas"]) == {"thing", "part", "basic-error"}
    assert "example" not in json.dumps(kept)
    made = Exchange(path="/user", answer=["a", None, 3])
    (found,) = openapi.Description(kept).violations(made)
    assert "$[2]: 3 is not" in found


def test_without_npm_the_reason_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(fetch_openapi.CannotFetchError, match="apt-get install npm"):
        fetch_openapi.fetch(tmp_path / "openapi")
    assert not (tmp_path / "openapi").exists()
    assert "`make openapi` fetches it" in openapi.missing()

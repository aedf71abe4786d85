"""What GitHub answers, as values; whatever it may hold."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from monitor.issues.found import (
    Access,
    Comment,
    Issue,
    Repository,
    read_access,
    read_comment,
    read_issue,
    read_repository,
)
from tests.strategies import json_values

SAID = {
    "number": 7,
    "title": "T",
    "body": None,
    "user": {"login": "bot[bot]", "type": "Bot"},
    "state": "closed",
    "state_reason": "not_planned",
    "closed_at": "2026-03-14T12:00:00Z",
    "labels": [{"name": "a"}, "b", {"name": None}, 3],
    "assignees": [{"login": "ada"}, {}],
    "comments": 2,
    "repository_url": "https://api.github.com/repos/o/r",
}


def test_an_issue():
    assert read_issue(SAID) == Issue(
        number=7,
        title="T",
        body="",
        author="bot[bot]",
        by_app=True,
        is_open=False,
        reason="not_planned",
        closed_at=datetime(2026, 3, 14, 12, tzinfo=UTC),
        labels=("a", "b"),
        assignees=("ada",),
        talks=2,
        repository="o/r",
    )


@pytest.mark.parametrize("closed_at", ["yesterday", None, 3, "0001-01-01T00:00:00+14:00"])
def test_an_odd_instant_is_none(closed_at):
    issue = read_issue({**SAID, "closed_at": closed_at})
    assert issue is not None
    assert issue.closed_at is None


@pytest.mark.parametrize("read", [read_issue, read_comment, read_repository])
@pytest.mark.parametrize("said", [None, [], "x", {}, {"number": True}, {"full_name": "r"}])
def test_what_is_none_of_it(read, said):
    assert read(said) is None


def test_a_comment_without_an_instant_is_an_old_one():
    said = {"id": 9, "body": "x", "user": None}
    when = datetime(1970, 1, 1, tzinfo=UTC)
    assert read_comment(said) == Comment(id=9, author="", body="x", at=when)


def test_a_repository():
    assert read_repository({"full_name": "o/r"}) == Repository(full_name="o/r")
    said = {"full_name": "o/r", "archived": True, "has_issues": False}
    assert read_repository(said) == Repository(full_name="o/r", archived=True, has_issues=False)


@pytest.mark.parametrize(
    ("permission", "access"),
    [
        ("admin", Access.WRITE),
        ("maintain", Access.WRITE),
        ("write", Access.WRITE),
        ("triage", Access.NONE),
        ("read", Access.NONE),
        ("none", Access.NONE),
        (None, Access.NONE),
    ],
)
def test_who_may_write(permission, access):
    assert read_access({"permission": permission}) is access


@given(json_values)
def test_any_json_is_read_without_complaint(said):
    for read in (read_issue, read_comment, read_repository, read_access):
        read(said)
        read({**SAID, "id": 1, "full_name": "o/r", "user": said, "labels": said, "closed_at": said})

"""What causes are called, and what each kind of them can be behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.causes import (
    MOST_NAME,
    Cause,
    CauseKind,
    cause,
    credential,
    hosts_of,
    may_explain,
    on_one_line,
    the_resource,
    whole_service,
)
from monitor.core.model import Resource, ResourceId, Url
from monitor.core.reasons import Reason

PAGE = Resource(
    id=ResourceId("web:https://www.example.org/a"),
    provider="web",
    kind="page",
    url=Url("https://www.example.org/a"),
)


@pytest.mark.parametrize(
    ("made", "kind", "key", "name"),
    [
        (credential("github"), CauseKind.CREDENTIAL, "credential:github", "the key github"),
        (
            credential("github", "GITHUB_TOKEN"),
            CauseKind.CREDENTIAL,
            "credential:github",
            "the key GITHUB_TOKEN",
        ),
        (whole_service("youtube", "YouTube"), CauseKind.PROVIDER, "provider:youtube", "YouTube"),
        (
            hosts_of(Url("https://www.example.org:81/a"))[0],
            CauseKind.HOST,
            "host:example.org",
            "example.org",
        ),
        (
            the_resource(PAGE),
            CauseKind.RESOURCE,
            "resource:web:https://www.example.org/a",
            "example.org/a",
        ),
        (
            the_resource(PAGE, " A\n page "),
            CauseKind.RESOURCE,
            "resource:web:https://www.example.org/a",
            "“A page”",
        ),
        (
            the_resource(PAGE, "\u200b\u202e"),
            CauseKind.RESOURCE,
            "resource:web:https://www.example.org/a",
            "example.org/a",
        ),
    ],
)
def test_causes_have_a_key_for_ever_and_a_name_for_people(made, kind, key, name):
    assert (made.kind, made.key, made.name) == (kind, key, name)


def test_what_has_no_host_has_none_for_a_cause():
    assert hosts_of(Url("http://[::1")) == ()


def test_causes_are_equal_whatever_they_are_called():
    assert cause(CauseKind.OWNER, "a", "A") == Cause(kind=CauseKind.OWNER, key="a", name="B")


@pytest.mark.parametrize(
    ("kind", "reason", "may"),
    [
        (CauseKind.RESOURCE, Reason.MALFORMED_URL, True),
        (CauseKind.HOST, Reason.MALFORMED_URL, False),
        (CauseKind.OWNER, Reason.PART_MISSING, False),
        (CauseKind.PROVIDER, Reason.NOT_ANSWERING, True),
        (CauseKind.PROVIDER, Reason.BLOCKED, True),
        (CauseKind.PROVIDER, Reason.NOT_FOUND, False),
        (CauseKind.PROVIDER, Reason.MOVED, False),
        (CauseKind.HOST, Reason.NOT_FOUND, True),
        (CauseKind.HOST, Reason.MOVED, True),
        (CauseKind.HOST, Reason.INTERSTITIAL, True),
        (CauseKind.HOST, Reason.CHANGED, False),
        (CauseKind.OWNER, Reason.TAKEN_DOWN, True),
        (CauseKind.REPOSITORY, Reason.RENAMED, True),
        (CauseKind.BRANCH, Reason.RENAMED, False),
        (CauseKind.BRANCH, Reason.DELETED, False),
        (CauseKind.BRANCH, Reason.BRANCH_GONE, True),
        (CauseKind.BRANCH, Reason.PATH_GONE, True),
    ],
)
def test_what_a_kind_of_cause_can_be_behind(kind, reason, may):
    assert may_explain(kind, reason) is may


@given(kind=st.sampled_from(CauseKind), reason=st.sampled_from(Reason))
def test_any_cause_may_be_asked_of_any_reason(kind, reason):
    assert may_explain(kind, reason) in {True, False}


@given(text=st.text(max_size=1000))
def test_a_name_is_one_short_line_that_can_be_printed(text):
    name = on_one_line(text)
    assert len(name) <= MOST_NAME
    assert name.isprintable()
    assert on_one_line(name) == name or name.endswith("…")

"""The closed list of reasons: each is explained, whole, and counts as the design says."""

import re
from pathlib import Path

import pytest

from monitor.core import reasons
from monitor.core.reasons import EXPLANATIONS, Grade, Reason, Status, explain

EACH = pytest.mark.parametrize("reason", list(Reason))


def test_the_explanations_are_of_these_reasons_in_their_order():
    assert list(EXPLANATIONS) == list(Reason)


@EACH
def test_a_reason_tells_what_why_and_what_to_do(reason):
    found = explain(reason)
    assert found.title
    assert not found.title.endswith(".")
    for sentence in (found.what, found.why, found.do):
        assert sentence.endswith(".")
        assert sentence == sentence.strip()


def test_no_two_reasons_share_a_title():
    titles = [explain(reason).title for reason in Reason]
    assert len(set(titles)) == len(titles)


@EACH
def test_what_is_fine_or_a_warning_is_evidence_of_health(reason):
    found = explain(reason)
    if found.status in {Status.OK, Status.WARNING}:
        assert found.grade is Grade.GOOD


@EACH
def test_what_is_broken_counts(reason):
    found = explain(reason)
    if found.status is Status.BROKEN:
        assert found.grade in {Grade.HARD, Grade.SOFT}


@pytest.mark.parametrize(
    ("reason", "status", "grade"),
    [
        (Reason.NOT_FOUND, Status.BROKEN, Grade.HARD),
        (Reason.TLS_INVALID, Status.BROKEN, Grade.SOFT),
        (Reason.SOFT_NOT_FOUND, Status.BROKEN, Grade.SOFT),
        (Reason.NOT_ANSWERING, Status.UNKNOWN, Grade.SOFT),
        (Reason.SERVER_ERROR, Status.UNKNOWN, Grade.SOFT),
        (Reason.BLOCKED, Status.UNKNOWN, Grade.BLOCKED),
        (Reason.OWN_NETWORK, Status.UNKNOWN, Grade.OWN),
        (Reason.NOT_ASKED, Status.UNKNOWN, Grade.NONE),
        (Reason.MOVED, Status.WARNING, Grade.GOOD),
        (Reason.ALIVE, Status.OK, Grade.GOOD),
    ],
)
def test_the_two_sins(reason, status, grade):
    assert (explain(reason).status, explain(reason).grade) == (status, grade)


def test_every_reason_is_given_by_something_outside_of_the_list():
    """A reason that nothing can give is a promise nobody keeps."""
    package = Path(reasons.__file__).parents[1]
    places = [*(package / "core").glob("*.py"), *(package / "providers").glob("*.py")]
    source = "".join(p.read_text("utf-8") for p in places if p.name != "reasons.py")
    given = set(re.findall(r"\bReason\.([A-Z_]+)\b", source))

    assert {reason.name for reason in Reason} - given == set()

"""The nouns: what is equal, what is joined, what follows from what."""

from dataclasses import FrozenInstanceError

import pytest

from monitor.core.model import Resource, ResourceId, Run, RunId, Url, Verdict
from monitor.core.reasons import Grade, Reason, Status
from tests.strategies import NOON


def drive(*, keys=None, needs=(), url="https://drive.google.com/file/d/x/view"):
    return Resource(
        id=ResourceId("drive:file:x"),
        provider="google_drive",
        kind="file",
        url=Url(url),
        keys=keys or {},
        needs=frozenset(needs),
    )


def test_resources_are_equal_by_their_id_alone():
    one, other = (
        drive(),
        drive(keys={"resourcekey": "0-a"}, url="https://drive.google.com/open?id=x"),
    )
    assert one == other
    assert len({one, other}) == 1


def test_joining_keeps_the_keys_and_needs_of_both():
    one = drive(keys={"resourcekey": "0-a"}, needs=["#a"])
    other = drive(keys={"resourcekey": "0-b", "user": "1"}, needs=["#b"])
    joined = one.joined(other)
    assert joined.keys == {"resourcekey": "0-a", "user": "1"}
    assert joined.needs == {"#a", "#b"}


def test_a_verdict_takes_status_and_grade_from_its_reason():
    verdict = Verdict(reason=Reason.TLS_INVALID, detail="It expired yesterday.")
    assert (verdict.status, verdict.grade) == (Status.BROKEN, Grade.SOFT)


@pytest.mark.parametrize(("why", "valid"), [(None, True), ("no network", False)])
def test_a_run_counts_unless_something_speaks_against_it(why, valid):
    assert Run(id=RunId("r"), started_at=NOON, invalid_reason=why).valid is valid


def test_nouns_do_not_change():
    with pytest.raises(FrozenInstanceError):
        drive().kind = "folder"

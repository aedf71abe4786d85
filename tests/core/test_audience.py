"""What a restriction by country means for readers in some of them."""

import pytest

from monitor.core.audience import for_audience
from monitor.core.model import Verdict
from monitor.core.reasons import Reason


def restricted(**facts):
    return Verdict(reason=Reason.REGION_RESTRICTED, detail="Not everywhere.", facts=facts)


@pytest.mark.parametrize(
    ("facts", "countries", "reason"),
    [
        ({"blocked_in": ["DE"]}, ["IT"], Reason.ALIVE),
        ({"blocked_in": ["DE"]}, ["IT", "DE"], Reason.REGION_RESTRICTED),
        ({"allowed_in": ["DE", "IT"]}, ["IT"], Reason.ALIVE),
        ({"allowed_in": ["DE"]}, ["IT", "DE"], Reason.REGION_RESTRICTED),
        ({"allowed_in": []}, ["IT"], Reason.REGION_RESTRICTED),
        ({"allowed_in": ["IT"], "blocked_in": ["IT"]}, ["IT"], Reason.REGION_RESTRICTED),
        ({"blocked_in": "DE"}, ["DE"], Reason.ALIVE),
    ],
)
def test_a_restriction_counts_for_those_whom_it_keeps_out(facts, countries, reason):
    assert for_audience(restricted(**facts), countries).reason is reason


def test_those_who_are_kept_out_are_named():
    verdict = for_audience(restricted(blocked_in=["IT", "DE", "KP"]), ["IT", "DE", "FR"])
    assert verdict.detail == "Its owner does not let it be watched in DE, IT."


@pytest.mark.parametrize(
    ("verdict", "countries"),
    [
        (restricted(blocked_in=["DE"]), []),
        (restricted(), ["DE"]),
        (Verdict(reason=Reason.PRIVATE, detail="x", facts={"blocked_in": ["DE"]}), ["IT"]),
    ],
)
def test_nothing_else_is_changed(verdict, countries):
    assert for_audience(verdict, countries) is verdict

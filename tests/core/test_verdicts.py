"""Verdicts of failures and statuses, and of chains."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Suggestion, Url, Verdict
from monitor.core.ports import Failure, FailureKind, Hop
from monitor.core.provider import Document
from monitor.core.reasons import Reason, Status
from monitor.core.verdicts import (
    FAILURE_REASONS,
    MOST_STEPS,
    of_failure,
    of_status,
    settle,
    severity,
)
from tests.strategies import NOON

A, B, C = (Url(f"https://example.org/{name}") for name in "abc")


def verdict(reason, leads_to=None, **more):
    return Verdict(reason=reason, detail=f"It is {reason}.", leads_to=leads_to, **more)


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_has_a_reason(kind):
    failure = Failure(kind=kind, detail="It went wrong.", retry_at=NOON)
    assert of_failure(failure) == Verdict(
        reason=FAILURE_REASONS[kind], detail="It went wrong.", retry_at=NOON
    )


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.REFUSED, FailureKind.RESET])
def test_a_site_that_does_not_answer_is_not_broken_yet(kind):
    assert of_failure(Failure(kind=kind, detail="No answer.")).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (404, {}, Reason.NOT_FOUND),
        (410, {}, Reason.GONE),
        (451, {}, Reason.LEGAL_BLOCK),
        (401, {}, Reason.LOGIN_REQUIRED),
        (403, {}, Reason.BLOCKED),
        (405, {}, Reason.BLOCKED),
        (406, {}, Reason.BLOCKED),
        (407, {}, Reason.OWN_NETWORK),
        (429, {}, Reason.RATE_LIMITED),
        (999, {}, Reason.BLOCKED),
        (500, {}, Reason.SERVER_ERROR),
        (599, {}, Reason.SERVER_ERROR),
        (503, {"cf-mitigated": "challenge"}, Reason.BLOCKED),
        (404, {"cf-mitigated": "challenge"}, Reason.BLOCKED),
        (0, {}, Reason.UNEXPECTED_ANSWER),
        (302, {}, Reason.UNEXPECTED_ANSWER),
        (400, {}, Reason.UNEXPECTED_ANSWER),
        (418, {}, Reason.UNEXPECTED_ANSWER),
        (600, {}, Reason.UNEXPECTED_ANSWER),
    ],
)
def test_of_status(status, headers, reason):
    said = of_status(Document(status=status, url=A, headers=headers), NOON)
    assert (said.reason, said.facts) == (reason, {"status": status})
    assert said.detail == f"It answered {status}."


def test_a_status_behind_a_redirect_is_said_of_the_target():
    hop = Hop(status=301, url=A, location=B)
    said = of_status(Document(status=404, url=B, hops=(hop,)), NOON)
    assert said.detail == f"It leads to {B}, which answered 404."


@pytest.mark.parametrize("status", [200, 204, 206, 299])
def test_a_success_is_no_verdict_by_itself(status):
    assert of_status(Document(status=status, url=A), NOON) is None


def test_a_status_tells_when_to_come_back():
    document = Document(status=429, url=A, headers={"retry-after": "60"})
    assert of_status(document, NOON).retry_at == NOON + timedelta(minutes=1)


# --- settling ---


def test_what_leads_nowhere_is_settled():
    alone = verdict(Reason.MOVED)
    assert settle(alone, {}.get) is alone


@pytest.mark.parametrize(
    ("reasons", "settled"),
    [
        ((Reason.LEADS_ON, Reason.ALIVE), Reason.LEADS_ON),
        ((Reason.LEADS_ON, Reason.PRIVATE), Reason.PRIVATE),
        ((Reason.LEADS_ON, Reason.MOVED), Reason.MOVED),
        ((Reason.MOVED, Reason.ALIVE), Reason.MOVED),
        ((Reason.INTERSTITIAL, Reason.RENAMED), Reason.INTERSTITIAL),
        ((Reason.MOVED, Reason.NOT_ANSWERING), Reason.NOT_ANSWERING),
        ((Reason.LEADS_ON, Reason.BLOCKED, Reason.NOT_FOUND), Reason.NOT_FOUND),
        ((Reason.LEADS_ON, Reason.NOT_FOUND, Reason.BLOCKED), Reason.NOT_FOUND),
        ((Reason.LEADS_ON, Reason.LEADS_ON, Reason.ALIVE), Reason.LEADS_ON),
    ],
)
def test_the_worst_of_a_chain_wins(reasons, settled):
    urls = [Url(f"https://example.org/{n}") for n in range(len(reasons))]
    steps = {
        url: verdict(reason, leads_to)
        for url, reason, leads_to in zip(urls, reasons, [*urls[1:], None], strict=True)
    }
    found = settle(steps[urls[0]], steps.get)
    assert found.reason is settled
    assert found.leads_to == urls[1]
    assert found.facts["chain"] == urls[1:]


def test_a_worse_end_says_where_it_is_and_what():
    found = settle(verdict(Reason.LEADS_ON, B), {B: verdict(Reason.PRIVATE)}.get)
    assert found.detail == "It leads to https://example.org/b. It is private."


def test_what_nobody_asked_is_not_asked():
    found = settle(verdict(Reason.LEADS_ON, B), {}.get)
    assert found.reason is Reason.NOT_ASKED
    assert found.detail.endswith("https://example.org/b was not asked.")


def test_the_facts_of_the_end_are_kept_beside_those_of_the_start():
    start = verdict(Reason.LEADS_ON, B, facts={"title": "short"})
    end = verdict(Reason.ALIVE, facts={"title": "long", "duration": 60})
    assert settle(start, {B: end}.get).facts == {"title": "short", "duration": 60, "chain": [B]}


def test_the_suggestion_of_the_worst_is_kept():
    instead = Suggestion(url=C, why="It moved.", confidence=0.9)
    end = verdict(Reason.MOVED, instead=instead)
    assert settle(verdict(Reason.LEADS_ON, B), {B: end}.get).instead == instead


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param({A: verdict(Reason.LEADS_ON, A)}, id="to itself"),
        pytest.param({A: verdict(Reason.LEADS_ON, B), B: verdict(Reason.MOVED, A)}, id="in a pair"),
    ],
)
def test_a_circle_is_broken(steps):
    found = settle(steps[A], steps.get)
    assert found.reason is Reason.REDIRECT_LOOP
    assert found.detail.startswith("The chain comes back to ")


@pytest.mark.parametrize(
    ("length", "reason"),
    [(MOST_STEPS, Reason.LEADS_ON), (MOST_STEPS + 1, Reason.REDIRECT_LOOP)],
)
def test_a_chain_may_be_so_long_and_no_longer(length, reason):
    def behind(url):
        step = int(url.rpartition("/")[2])
        if step == length:
            return verdict(Reason.ALIVE)
        return verdict(Reason.LEADS_ON, Url(f"https://example.org/{step + 1}"))

    found = settle(verdict(Reason.LEADS_ON, Url("https://example.org/1")), behind)
    assert found.reason is reason
    assert len(found.facts["chain"]) == MOST_STEPS


@given(st.data())
def test_settling_ends_and_is_never_better_than_the_start(data):
    verdicts = st.builds(verdict, st.sampled_from(Reason), st.none() | st.sampled_from([A, B, C]))
    steps = data.draw(st.dictionaries(st.sampled_from([A, B, C]), verdicts))
    start = data.draw(verdicts)
    assert severity(settle(start, steps.get)) >= severity(start)

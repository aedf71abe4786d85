"""What a verdict may come from, at the place where the trouble is; by the real providers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import providers
from monitor.core.identify import identify, link_to
from monitor.core.model import Url, Verdict
from monitor.core.reasons import Reason
from monitor.core.root_causes import causes_of
from tests import strategies

ALL = providers.find()
VIDEO = "https://www.youtube.com/watch?v=0bMe_vCZo30"
REPO = "https://github.com/Mabel/Deep"
SHORT = "https://bit.ly/x"


def names(url, reason, known=None, **facts):
    chain = facts.get("chain")
    leads_to = Url(chain[0]) if chain else None
    verdict = Verdict(reason=reason, detail="", facts=facts, leads_to=leads_to)
    resource = identify(link_to(Url(url)), ALL)
    return [cause.name for cause in causes_of(resource, verdict, known or {}, ALL)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(
            names("https://www.example.org/a", Reason.NOT_FOUND),
            ["example.org"],
            id="a page may suffer from its host, which is no service",
        ),
        pytest.param(
            names(f"{REPO}/blob/main/a.py", Reason.PATH_GONE),
            [
                "the account Mabel",
                "the repository Mabel/Deep",
                "the branch main of Mabel/Deep",
                "GitHub",
            ],
            id="a file stands in a branch of a repository of an account",
        ),
        pytest.param(
            names(VIDEO, Reason.DELETED, known={"channel": "A teacher"}),
            ["the channel A teacher", "YouTube"],
            id="of a dead video it is known whose it was",
        ),
        pytest.param(
            names(VIDEO, Reason.ALIVE, known={"channel": "Old"}, channel="New"),
            ["the channel New", "YouTube"],
            id="what is said now goes before what was known",
        ),
        pytest.param(
            names(SHORT, Reason.NOT_FOUND, chain=["https://example.org/a"]),
            ["example.org"],
            id="a short link whose end is lost suffers from what is there",
        ),
        pytest.param(
            names(SHORT, Reason.NOT_ANSWERING),
            ["bit.ly"],
            id="a short link that fails by itself suffers from its own host",
        ),
        pytest.param(
            names(SHORT, Reason.NOT_FOUND, chain="nonsense"),
            ["bit.ly"],
            id="a chain that is none is passed over",
        ),
        pytest.param(
            names(SHORT, Reason.RENAMED, chain=[REPO]),
            ["the account Mabel", "the repository Mabel/Deep", "GitHub"],
            id="a warning is mostly that of the end",
        ),
        pytest.param(
            names(SHORT, Reason.INTERSTITIAL, chain=["https://example.org/a"]),
            ["bit.ly"],
            id="a page in between is that of the short link",
        ),
        pytest.param(
            names("https://example.org/", Reason.MOVED, chain=[REPO]),
            ["example.org"],
            id="a site that moved away is its own trouble",
        ),
        pytest.param(
            names(SHORT, Reason.MOVED, chain=["https://example.org/a"]),
            ["example.org"],
            id="a short link to what moved is the trouble of that",
        ),
        pytest.param(
            names(SHORT, Reason.LEADS_ON, chain=["https://example.org/a", REPO]),
            [
                "bit.ly",
                "example.org",
                "the account Mabel",
                "the repository Mabel/Deep",
                "GitHub",
            ],
            id="what works speaks for all that it passes",
        ),
    ],
)
def test_what_a_verdict_may_come_from(found, expected):
    assert found == expected


@given(
    url=strategies.urls,
    reason=st.sampled_from(Reason),
    facts=st.dictionaries(
        st.sampled_from(["chain", "channel", "title", "owner", "owner_address"]),
        strategies.json_values,
    ),
    leads_to=st.none() | strategies.urls,
)
def test_whatever_is_known_of_a_resource_has_causes(url, reason, facts, leads_to):
    verdict = Verdict(reason=reason, detail="", facts=facts, leads_to=leads_to)
    found = causes_of(identify(link_to(url), ALL), verdict, facts, ALL)
    assert len(set(found)) == len(found)
    assert all(cause.name.isprintable() for cause in found)

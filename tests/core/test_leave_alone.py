"""What the user wants left alone."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.leave_alone import (
    AcceptRule,
    IgnoreRule,
    accepted,
    compiled,
    fits,
    ignored,
)
from monitor.core.model import Link, Occurrence, Position, Suggestion, Url, Verdict
from monitor.core.reasons import Reason

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
JOURNAL = Url("https://journal.example.org/article/7")


def link(url: str, *, page: str = "docs/index.md", element: str = "a", written: str = "") -> Link:
    place = Occurrence(
        page=page, position=Position(line=1, column=1), element=element, attribute="href"
    )
    return Link(written=written or url, url=Url(url), occurrence=place)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("https://a.org/*", "https://a.org/x/y", True, id="a star goes across folders"),
        pytest.param("https://a.org/*", "https://b.org/a.org/", False, id="a glob fits wholly"),
        pytest.param("https://a.org/x", "https://a.org/xy", False, id="no star, no more"),
        pytest.param("https://a.org/v?id=*", "https://a.org/v?id=1", True, id="? is itself"),
        pytest.param("https://a.org/v?", "https://a.org/vw", False, id="? is no wildcard"),
        pytest.param("https://a.org/[x]", "https://a.org/[x]", True, id="brackets are themselves"),
        pytest.param("https://A.org/*", "https://a.org/X", True, id="upper and lower case alike"),
        pytest.param("a.org/*", "http://a.org/x", True, id="no scheme fits http"),
        pytest.param("a.org/*", "https://a.org/x", True, id="no scheme fits https"),
        pytest.param("a.org/*", "https://b.org/?u=a.org/x", False, id="but not anywhere"),
        pytest.param("a.org", "https://a.org/deep/page?x#y", True, id="a host is all of its site"),
        pytest.param("a.org", "https://a.org", True, id="a host is its home page too"),
        pytest.param("a.org", "https://a.org.evil.org/", False, id="a host ends where it ends"),
        pytest.param("a.org", "https://www.a.org/", False, id="a host is not its subdomains"),
        pytest.param("*.a.org", "https://www.a.org/x", True, id="a star before it is"),
        pytest.param("a.org:8080", "http://a.org:8080/x", True, id="a host may have a port"),
        pytest.param("mailto:*", "mailto:x@a.org", True, id="other schemes are as they are"),
        pytest.param("*", "anything", True, id="a star alone fits everything"),
        pytest.param("**.pdf", "https://a.org/x.pdf", True, id="two stars are one"),
        pytest.param(r"re:\.pdf$", "https://a.org/x.pdf", True, id="an expression is searched"),
        pytest.param(r"re:\.pdf$", "https://a.org/x.PDF", False, id="its case is its own matter"),
    ],
)
def test_fits(pattern, text, expected):
    assert fits(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("re:(", id="a bracket that stays open"),
        pytest.param("re:" + "(" * 5_000 + ")" * 5_000, id="nested too deep"),
        pytest.param("re:a{99999999999999999999}", id="repeated too often"),
    ],
)
def test_an_expression_that_is_none_is_one_kind_of_error(pattern):
    with pytest.raises(re.error):
        compiled(pattern)


@given(st.text())
def test_every_glob_compiles_and_a_star_on_both_sides_finds_it(text):
    assert fits(f"*{text.replace('re:', '')}*", f"x{text.replace('re:', '')}y")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(
            IgnoreRule(url="a.org", reason="on campus only"),
            "ignored: on campus only",
            id="by address, with the user's reason",
        ),
        pytest.param(
            IgnoreRule(url="a.org/*", until=date(2027, 1, 1)),
            "ignored: url a.org/* (until 2027-01-01)",
            id="without a reason the rule itself is told",
        ),
        pytest.param(IgnoreRule(provider="web"), "ignored: provider web", id="by provider"),
        pytest.param(IgnoreRule(page="docs/*"), "ignored: page docs/*", id="by page"),
        pytest.param(IgnoreRule(element="IMG"), "ignored: element IMG", id="by element"),
        pytest.param(
            IgnoreRule(url="a.org", element="img"),
            "ignored: url a.org, element img",
            id="all that is given must fit, and does",
        ),
        pytest.param(IgnoreRule(url="a.org", element="a"), None, id="one part does not fit"),
        pytest.param(IgnoreRule(provider="youtube"), None, id="another provider"),
        pytest.param(IgnoreRule(page="blog/*"), None, id="another page"),
        pytest.param(IgnoreRule(url="b.org"), None, id="another address"),
        pytest.param(IgnoreRule(url="*{{x}}*"), "ignored: url *{{x}}*", id="as written counts too"),
        pytest.param(
            IgnoreRule(url="a.org", until=date(2026, 6, 30)),
            "ignored: url a.org (until 2026-06-30)",
            id="the last day counts",
        ),
        pytest.param(IgnoreRule(url="a.org", until=date(2026, 6, 29)), None, id="it is over"),
    ],
)
def test_ignored(rule, expected):
    image = link("https://a.org/i.png", element="img", written="{{x}}/i.png")
    assert ignored(image, "web", [rule], NOON) == expected


def test_the_first_rule_that_fits_gives_the_reason():
    rules = [
        IgnoreRule(url="b.org", reason="one"),
        IgnoreRule(url="a.org", reason="two"),
        IgnoreRule(url="*", reason="three"),
    ]
    assert ignored(link("https://a.org/"), "web", rules, NOON) == "ignored: two"
    assert ignored(link("https://a.org/"), "web", [], NOON) is None


BLOCKED = Verdict(
    reason=Reason.BLOCKED,
    detail="It answered 403.",
    retry_at=NOON,
    instead=Suggestion(url=JOURNAL, why="why", confidence=0.5),
    facts={"status": 403, "title": "Article"},
)


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        pytest.param(
            AcceptRule(url="journal.example.org", statuses=frozenset({403}), reason="for people"),
            f"{JOURNAL} answers 403, which config.yaml accepts: for people",
            id="with the user's reason",
        ),
        pytest.param(
            AcceptRule(
                url="*example.org/*", statuses=frozenset({401, 403}), until=date(2026, 12, 1)
            ),
            f"{JOURNAL} answers 403, which config.yaml accepts (until 2026-12-01)",
            id="until its last day",
        ),
    ],
)
def test_an_accepted_status_is_alive_and_keeps_its_facts(rule, detail):
    expected = Verdict(reason=Reason.ALIVE, detail=detail, facts=BLOCKED.facts)
    assert accepted(BLOCKED, JOURNAL, [rule], NOON) == expected


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        pytest.param(AcceptRule(url="*", statuses=frozenset({404})), BLOCKED, id="another status"),
        pytest.param(
            AcceptRule(url="b.org", statuses=frozenset({403})), BLOCKED, id="another address"
        ),
        pytest.param(
            AcceptRule(url="*", statuses=frozenset({403}), until=date(2026, 1, 1)),
            BLOCKED,
            id="a rule that is over",
        ),
        pytest.param(
            AcceptRule(url="*", statuses=frozenset({200})),
            Verdict(reason=Reason.ALIVE, detail="It works.", facts={"status": 200}),
            id="what is fine already",
        ),
        pytest.param(
            AcceptRule(url="*", statuses=frozenset({403})),
            Verdict(reason=Reason.NOT_ANSWERING, detail="Nothing came."),
            id="no status, nothing to accept",
        ),
    ],
)
def test_a_verdict_stays(rule, verdict):
    assert accepted(verdict, JOURNAL, [rule], NOON) is verdict

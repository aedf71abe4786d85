"""What GitHub knows of a broken page on github.io."""

import pytest

from monitor.core.model import Suggestion, Url, Verdict
from monitor.core.reasons import Reason
from monitor.providers.github import PROVIDER

HOME = "https://github.com/"


@pytest.mark.parametrize(
    ("url", "repositories"),
    [
        ("https://o.github.io/", ["o/o.github.io"]),
        ("https://o.github.io/r/", ["o/r", "o/o.github.io"]),
        ("https://o.github.io/r", ["o/r", "o/o.github.io"]),
        ("http://O.github.io/r/week/1.html?x=1#y", ["o/r", "o/o.github.io"]),
        ("https://o.github.io/a%20b/c", ["o/o.github.io"]),
        ("https://o-p.github.io/", ["o-p/o-p.github.io"]),
        ("https://github.io/", []),
        ("https://a.b.github.io/", []),
        ("https://-.github.io/", []),
        ("ftp://o.github.io/", []),
        ("https://o.example.org/r", []),
        ("http://[::1", []),
    ],
)
def test_a_site_is_made_from_a_repository(url, repositories):
    assert PROVIDER.witnesses(Url(url)) == tuple(f"{HOME}{name}" for name in repositories)


LOST = Verdict(reason=Reason.NOT_FOUND, detail="It answered 404.", facts={"status": 404})


def told(url, repository, known):
    return PROVIDER.testified(Url(url), LOST, Url(f"{HOME}{repository}"), known)


def renamed(name):
    instead = (
        Suggestion(url=Url(f"{HOME}{name}"), why="So it is.", confidence=1.0) if name else None
    )
    detail = f"The repository is now called {name}."
    facts = {"full_name": name, "archived": False}
    return Verdict(reason=Reason.RENAMED, detail=detail, instead=instead, facts=facts)


@pytest.mark.parametrize(
    ("url", "old", "new", "instead"),
    [
        pytest.param(
            "https://o.github.io/r/a.html?x=1",
            "o/r",
            "n/r",
            "https://n.github.io/r/a.html?x=1",
            id="its owner",
        ),
        pytest.param(
            "https://o.github.io/r", "o/r", "o/s", "https://o.github.io/s/", id="its name"
        ),
        pytest.param(
            "https://o.github.io/r/a/", "o/r", "N/s", "https://n.github.io/s/a/", id="both"
        ),
        pytest.param(
            "https://o.github.io/a/b",
            "o/o.github.io",
            "n/n.github.io",
            "https://n.github.io/a/b",
            id="the owner of an own site",
        ),
        pytest.param(
            "https://o.github.io/r/a",
            "o/r",
            "n/n.github.io",
            "https://n.github.io/a",
            id="from a project to an own site",
        ),
        pytest.param(
            "https://o.github.io/",
            "o/o.github.io",
            "n/site",
            "https://n.github.io/site/",
            id="from an own site to a project",
        ),
        pytest.param("https://o.github.io/r", "o/r", "", None, id="nobody knows what to"),
        pytest.param("https://o.github.io/r", "o/r", "-", None, id="to what is no repository"),
    ],
)
def test_the_same_page_is_guessed_on_the_site_of_the_new_name(url, old, new, instead):
    verdict = told(url, old, renamed(new))
    assert verdict.reason is Reason.NOT_FOUND
    assert (verdict.instead.url if verdict.instead else None) == instead


def test_a_reader_learns_what_has_become_of_the_repository():
    verdict = told("https://o.github.io/r/", "o/r", renamed("n/r"))
    assert verdict.detail == (
        "It answered 404. Its repository o/r: The repository is now called n/r."
    )
    assert verdict.facts == {"status": 404, "repository": "n/r", "repository_archived": False}


def test_a_deleted_repository_is_told_of_without_facts():
    gone = Verdict(reason=Reason.DELETED, detail="It is deleted, or private.")
    verdict = told("https://o.github.io/r/", "o/r", gone)
    assert verdict.detail == "It answered 404. Its repository o/r: It is deleted, or private."
    assert (verdict.facts, verdict.instead) == (LOST.facts, None)


def test_nothing_is_told_of_a_repository_that_nobody_could_ask_after():
    unknown = Verdict(reason=Reason.OWN_QUOTA, detail="Our calls are spent.")
    assert told("https://o.github.io/r/", "o/r", unknown) is LOST


def test_what_is_no_repository_has_no_site():
    known = Verdict(reason=Reason.ALIVE, detail="It is there.")
    verdict = PROVIDER.testified(
        Url("https://o.github.io/"), LOST, Url("https://a.example/"), known
    )
    assert verdict.instead is None

"""Guesses at what a broken link may have meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.identify import link_to
from monitor.core.model import Link, Url
from monitor.core.repairs import candidates
from monitor.core.urls import normalise
from tests.strategies import urls

SITE = "https://atcold.github.io/pytorch-Deep-Learning"
BASE = Url(f"{SITE}/it/")


def link(written, *, base=BASE, variable=SITE):
    url = normalise(written.replace("{{site.baseurl}}", variable), base)
    return Link(written=written, url=url or Url(written), occurrence=link_to(BASE).occurrence)


PAGE = [
    link("https://cds.nyu.edu/"),
    link("{{site.baseurl}}"),
    link("{{site.baseurl}}/it/week01/01"),
    link(" {{site.baseurl}}/it/week01/01-1"),
]


@pytest.mark.parametrize(
    ("written", "guesses"),
    [
        pytest.param(
            "it/week06/06",
            [f"{SITE}/it/week06/06"],
            id="the variable with which the page's other links begin",
        ),
        pytest.param(
            "{{site.baseurl}}/it/it/week06/06?a=1#b",
            [f"{SITE}/it/week06/06?a=1#b"],
            id="a folder that stands twice",
        ),
        pytest.param("/it/it/", ["https://atcold.github.io/it/"], id="a folder at the end"),
        pytest.param(
            "https://u:p@example.org//x/x/y",
            ["https://u:p@example.org//x/y"],
            id="a path that begins with two slashes is no host",
        ),
        pytest.param(
            "https//example.org/a",
            ["https://example.org/a", f"{SITE}/https//example.org/a"],
            id="the colon is missing",
        ),
        pytest.param("http://example.org/a", ["https://example.org/a"], id="https"),
        pytest.param("https://example.org/a", [], id="nothing to guess"),
        pytest.param("#part", [], id="a place on the page itself"),
        pytest.param("../week06", [], id="a path that climbs"),
        pytest.param("mailto:a@example.org", [], id="an e-mail"),
        pytest.param("{{site.url}}/week06", [], id="another variable"),
        pytest.param("", [], id="an empty address"),
    ],
)
def test_candidates(written, guesses):
    assert [guess.url for guess in candidates(link(written), PAGE)] == guesses


def test_a_guess_says_why():
    (guess,) = candidates(link("it/week06/06"), PAGE)
    assert guess.why == "The page's other links begin with {{site.baseurl}}; this one lost it."
    assert guess.confidence == 0.95


def test_a_page_without_variables_gives_no_guess():
    assert candidates(link("week06"), [link("https://cds.nyu.edu/")]) == ()


def test_a_guess_that_is_the_link_itself_is_none():
    assert candidates(link("it/week06/06", base=Url(f"{SITE}/")), PAGE) == ()


def test_a_variable_whose_value_does_not_show_gives_no_guess():
    odd = Link(
        written="{{site.baseurl}}/a",
        url=Url("https://example.org/b"),
        occurrence=PAGE[0].occurrence,
    )
    unreadable = Link(written="{{x}}//[", url=Url("{{x}}//["), occurrence=PAGE[0].occurrence)
    assert candidates(link("week06"), [odd, unreadable]) == ()


@given(broken=st.text(max_size=60) | urls, others=st.lists(st.text(max_size=60), max_size=3))
def test_no_link_is_too_odd_and_no_guess_is_the_link_itself(broken, others):
    page = [link(written) for written in others] + PAGE
    guesses = candidates(link(broken), page)
    assert len({guess.url for guess in guesses}) == len(guesses)
    for guess in guesses:
        assert guess.url != link(broken).url
        assert normalise(guess.url) == guess.url

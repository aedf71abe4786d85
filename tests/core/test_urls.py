"""URLs as browsers read them, and in words what is wrong with those that none can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Url
from monitor.core.urls import (
    LOST_COLON,
    UrlParts,
    fault,
    normalise,
    scheme_of,
    site,
    spelled_alike,
    split,
    without_fragment,
)
from tests.strategies import urls

BASE = Url("https://atcold.github.io/pytorch-Deep-Learning/it/")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("it/week06/06", f"{BASE}it/week06/06"),
        ("/it", "https://atcold.github.io/it"),
        ("//example.org/a", "https://example.org/a"),
        ("?q=1", f"{BASE}?q=1"),
        ("#top", f"{BASE}#top"),
        ("", BASE),
        ("  https://Example.ORG/A \n", "https://example.org/A"),
        ("https://exa\nmple.org/a\tb", "https://example.org/ab"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://example.org/02 - CNN.pdf", "https://example.org/02%20-%20CNN.pdf"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("http://[::1", None),
        ("http://exa mple", None),
        ("http://\ud800/", None),
        ("http://a:99999/", None),
    ],
)
def test_normalise(written, url):
    assert normalise(written, BASE) == url


def test_without_a_base_a_relative_address_is_none():
    assert normalise("it/week06") is None


@given(st.text() | urls)
def test_normalising_twice_changes_nothing(written):
    url = normalise(written, BASE)
    if url is not None:
        assert normalise(url) == url
        assert split(url).scheme


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_is_too_odd(written):
    normalise(written)
    assert fault(written)
    split(Url(written))


def test_split_takes_a_url_apart():
    url = Url("https://User:pw@EXAMPLE.org.:8443/a%20b//c/?q=1&q=&%C3%A9=%20#L10")
    assert split(url) == UrlParts(
        scheme="https",
        host="example.org",
        port=8443,
        path="/a%20b//c/",
        segments=("a b", "", "c"),
        query=(("q", "1"), ("q", ""), ("é", " ")),
        search="q=1&q=&%C3%A9=%20",
        fragment="L10",
    )


def test_what_is_no_url_has_no_parts():
    assert split(Url("http://[::1")) == UrlParts()


def test_parts_tell_origin_web_and_the_first_of_a_name():
    parts = split(Url("http://example.org:8080/?a=1&a=2"))
    assert (parts.origin, parts.is_web) == ("http://example.org:8080", True)
    assert (parts.first("a"), parts.first("b")) == ("1", None)
    assert split(Url("https://example.org")).origin == "https://example.org"
    assert not split(Url("mailto:a@example.org")).is_web


@pytest.mark.parametrize(
    ("written", "scheme"),
    [
        ("HTTP://x", "http"),
        (" \x00mailto:a", "mailto"),
        ("javascript:x()", "javascript"),
        ("a/b:c", None),
        ("//x", None),
        ("", None),
    ],
)
def test_scheme_of(written, scheme):
    assert scheme_of(written) == scheme


def test_a_fragment_is_cut_off():
    assert without_fragment(Url("https://example.org/a#b#c")) == "https://example.org/a"


def test_a_site_is_known_without_www():
    assert site(Url("https://www.example.org/a")) == "example.org"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("http://example.org/a", "https://www.example.org/a/", True),
        ("https://example.org/a/index.html", "https://example.org/a", True),
        ("https://example.org/a", "https://example.org/b", False),
        ("https://example.org/?a=1", "https://example.org/", False),
        ("https://example.org/", "https://example.com/", False),
    ],
)
def test_spelled_alike(one, other, alike):
    assert spelled_alike(Url(one), Url(other)) is alike


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("  ", "The address is empty."),
        ("{{site.url}}/x", "A template variable in it was not filled in."),
        ("http://{{ host }}/x", "A template variable in it was not filled in."),
        ("https//x.org", "The colon after http or https is missing."),
        ("http://", "The name of the site is missing."),
        ("http://exa mple/", "The name of the site holds a space."),
        ("http://[::1", "The address in brackets is not a valid IPv6 address."),
        ("http://256.1.1.1/", "The numbers are not a valid IPv4 address."),
        ("http://a:99999/", "The port is not a number up to 65535."),
        ("http://a:b", "The port is not a number up to 65535."),
        ("http://a<b/", "The name of the site holds a character that no site's name may hold."),
        ("week01", "It is neither an absolute address nor is it known what it is relative to."),
    ],
)
def test_fault(written, what):
    assert normalise(written) is None
    assert fault(written) == what


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("https//x.org/a", ("https", "x.org/a")),
        (" HTTP///x", ("HTTP", "x")),
        ("https://x", None),
        ("http/x", None),
        ("week01", None),
    ],
)
def test_a_lost_colon(written, parts):
    match = LOST_COLON.match(written)
    assert (match and match.groups()) == parts

"""The name of a resource: no longer than an index holds, and its own."""

import pytest

from monitor.core.identify import LONGEST_ID, identify, link_to
from monitor.core.model import Url
from monitor.providers import find

LONGEST_URL = "https://a.test/".ljust(LONGEST_ID - len("web:"), "x")


def name_of(url):
    return identify(link_to(Url(url)), find()).id


def test_a_resource_that_goes_by_its_address_is_named_by_it():
    assert name_of(LONGEST_URL) == f"web:{LONGEST_URL}"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(LONGEST_URL + "y", id="one too long"),
        pytest.param("https://a.test/?q=" + "%C3%A8" * 9_000, id="the longest that are read"),
        pytest.param("not a url " + "è🎥" * 5_000, id="none at all"),
        pytest.param("https://bit.ly/" + "x" * 5_000, id="a short link that is not short"),
        pytest.param("half\ud83d" * 1_000, id="what no file can hold"),
    ],
)
def test_a_very_long_name_is_cut_and_stays_its_own(url):
    name = name_of(url)
    assert len(name) == LONGEST_ID
    assert len(name.encode(errors="replace")) < 2_700
    assert name.partition(":")[0] in {"web", "shortlink"}
    assert name == name_of(url)
    assert name != name_of(url + "z")
    assert identify(link_to(Url(url)), find()).url.startswith(url[:7])

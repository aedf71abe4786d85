"""Whose a host is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.domains import registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        pytest.param("nyu.edu", "nyu.edu", id="a domain is its own"),
        pytest.param("cds.nyu.edu", "nyu.edu", id="a department is its university's"),
        pytest.param("WWW.NYU.edu.", "nyu.edu", id="case and the last dot do not matter"),
        pytest.param("www.cam.ac.uk", "cam.ac.uk", id="a country's second level"),
        pytest.param("cam.ac.uk", "cam.ac.uk", id="a domain under it"),
        pytest.param("docs.google.com", "google.com", id="com is no country"),
        pytest.param("a.co.com", "co.com", id="nor is it one that has a co"),
        pytest.param("mabel.github.io", "mabel.github.io", id="each has a site of their own"),
        pytest.param("x.mabel.github.io", "mabel.github.io", id="and names under it"),
        pytest.param("www.ne.ch", "ne.ch", id="a name that is a second level elsewhere"),
        pytest.param("www.u-tokyo.ne.jp", "u-tokyo.ne.jp", id="where it is one"),
        pytest.param("localhost", "localhost", id="one label"),
        pytest.param("192.0.2.7", "192.0.2.7", id="an address by number"),
        pytest.param("[2001:db8::1.2.3.4]", "[2001:db8::1.2.3.4]", id="a longer one"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_host_was_registered_under(host, domain):
    assert registrable(host) == domain


@given(host=st.lists(st.sampled_from(["a", "co", "uk", "com", "github", "io"]), max_size=5))
def test_a_domain_is_the_end_of_its_host_and_its_own(host):
    name = ".".join(host)
    domain = registrable(name)
    assert name.endswith(domain)
    assert registrable(domain) == domain

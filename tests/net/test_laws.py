"""Laws that hold for whatever a stranger sends."""

from ipaddress import IPv4Address, IPv6Address

from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Network
from monitor.core.model import Url
from monitor.core.ports import Failure
from monitor.core.urls import normalise, split
from monitor.net.addresses import is_local_name, is_public, literal
from monitor.net.proxies import proxy_for
from monitor.net.redirects import target

HERE = Url("https://example.org/dir/page#part")


@given(st.binary(max_size=300))
def test_a_location_leads_to_a_normalised_web_address_or_nowhere(raw: bytes) -> None:
    there = target(raw.decode("utf-8", "surrogateescape"), HERE, 302)
    if not isinstance(there, Failure):
        assert split(there).is_web
        assert normalise(there) == there


@given(st.text(max_size=100))
def test_any_text_may_be_looked_at_as_a_host(text: str) -> None:
    is_local_name(text)
    if literal(text) is None:
        assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_an_address_within_ipv6_is_as_private_as_it_is_itself(address: IPv4Address) -> None:
    for wrapped in (
        IPv6Address(f"::ffff:{address}"),
        IPv6Address(int(IPv6Address("64:ff9b::")) + int(address)),
    ):
        assert is_public(str(wrapped)) == is_public(str(address))
    six_to_four = IPv6Address(int(IPv6Address("2002::")) + (int(address) << 80))
    assert not is_public(str(six_to_four)) or is_public(str(address))


@given(st.lists(st.text(max_size=20), max_size=3), st.sampled_from([HERE, Url("http://[::1]:8/")]))
def test_any_exception_from_the_proxy_may_be_written(entries: list[str], url: Url) -> None:
    network = Network(http_proxy="http://p:1", https_proxy="http://p:1", no_proxy=tuple(entries))
    assert proxy_for(url, network) in {None, "http://p:1"}

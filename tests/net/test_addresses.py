import asyncio
import socket

import pytest

from monitor.config import Network
from monitor.core.model import Url
from monitor.net.addresses import (
    GuardedResolver,
    PrivateAddressError,
    SystemResolver,
    is_local_name,
    is_public,
    literal,
)
from monitor.net.proxies import proxy_for
from tests.net.loopback import Names


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.0.3", id="all of the loopback network"),
        pytest.param("10.1.2.3", id="private"),
        pytest.param("172.16.0.1", id="private, class B"),
        pytest.param("192.168.1.1", id="private, class C"),
        pytest.param("169.254.169.254", id="link-local, where clouds keep their secrets"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("0.0.0.0", id="unspecified"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("198.18.0.1", id="benchmarks"),
        pytest.param("::1", id="loopback, IPv6"),
        pytest.param("::", id="unspecified, IPv6"),
        pytest.param("fe80::1", id="link-local, IPv6"),
        pytest.param("fe80::1%eth0", id="link-local with a zone"),
        pytest.param("fc00::1", id="unique local"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("ff02::1", id="multicast, IPv6"),
        pytest.param("2001:db8::1", id="documentation, IPv6"),
        pytest.param("::ffff:10.0.0.1", id="IPv4-mapped"),
        pytest.param("::ffff:127.0.0.1", id="IPv4-mapped loopback"),
        pytest.param("::127.0.0.1", id="IPv4-compatible"),
        pytest.param("64:ff9b::a00:1", id="NAT64 of 10.0.0.1"),
        pytest.param("64:ff9b:1::a00:1", id="local NAT64"),
        pytest.param("2002:a00:1::1", id="6to4 of 10.0.0.1"),
        pytest.param("2001:0:4136:e378:8000:63bf:f5ff:fffe", id="Teredo of 10.0.0.1"),
        pytest.param("example.org", id="no address at all"),
    ],
)
def test_addresses_that_are_not_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("93.184.216.34", id="IPv4"),
        pytest.param("2606:2800:220:1:248:1893:25c8:1946", id="IPv6"),
        pytest.param("::ffff:93.184.216.34", id="IPv4-mapped"),
        pytest.param("64:ff9b::5db8:d822", id="NAT64"),
    ],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [("[::1]", "::1"), ("127.0.0.1", "127.0.0.1"), ("example.org", None), ("", None)],
)
def test_literal(host: str, address: str | None) -> None:
    assert literal(host) == address


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("printer.local", True),
        ("metadata.google.internal", True),
        ("router.home.arpa", True),
        ("INTRANET", True),
        ("nas.lan.", True),
        ("example.org", False),
        ("local.example", False),
        ("notlocal.dev", False),
    ],
)
def test_names_that_never_leave_a_house(name: str, local: bool) -> None:
    assert is_local_name(name) is local


async def test_the_guard_refuses_a_host_with_private_addresses_only() -> None:
    guard = GuardedResolver(Names({"x.org": ("10.0.0.1", 0)}), allow_private=False, timeout=1)
    with pytest.raises(PrivateAddressError):
        await guard.resolve("x.org")


async def test_the_guard_hands_out_the_public_ones_of_several() -> None:
    class Both(Names):
        async def resolve(self, host, port=0, family=0):
            return [
                *(await super().resolve("in", port)),
                *(await super().resolve("out", port)),
            ]

    both = Both({"in": ("10.0.0.1", 0), "out": ("93.184.216.34", 0)})
    guard = GuardedResolver(both, allow_private=False, timeout=1)
    assert [a["host"] for a in await guard.resolve("x.org", 80)] == ["93.184.216.34"]
    await guard.close()


async def test_a_look_up_that_hangs_is_no_word_on_the_name() -> None:
    class Hanging(Names):
        async def resolve(self, host, port=0, family=0):
            await asyncio.Event().wait()

    guard = GuardedResolver(Hanging({}), allow_private=False, timeout=0.01)
    with pytest.raises(socket.gaierror) as told:
        await guard.resolve("x.org")
    assert told.value.errno == socket.EAI_AGAIN


async def test_the_systems_resolver_answers() -> None:
    resolver = SystemResolver()
    found = await resolver.resolve("127.0.0.1", 80)
    assert [(a["host"], a["port"]) for a in found] == [("127.0.0.1", 80)]
    await resolver.close()


async def test_the_systems_resolver_raises_as_the_system_does() -> None:
    with pytest.raises(UnicodeError):
        await SystemResolver().resolve("a" * 70 + ".example", 80)


async def test_a_cancelled_look_up_is_left_to_itself() -> None:
    waiting = asyncio.create_task(SystemResolver().resolve("127.0.0.1", 80))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxied"),
    [
        pytest.param("https://example.org/", (), True, id="without exceptions all is proxied"),
        pytest.param("https://example.org/", ("*",), False, id="a star means all"),
        pytest.param("https://example.org/", ("example.org",), False, id="a name"),
        pytest.param("https://www.example.org/", ("example.org",), False, id="what is under it"),
        pytest.param("https://www.example.org/", (".example.org",), False, id="a leading dot"),
        pytest.param("https://www.example.org/", ("*.example.org",), False, id="a leading star"),
        pytest.param("https://notexample.org/", ("example.org",), True, id="another name"),
        pytest.param("https://example.org/", ("EXAMPLE.org ",), False, id="case and white space"),
        pytest.param("https://example.org/", ("example.org:443",), False, id="the default port"),
        pytest.param("https://example.org:8/", ("example.org:443",), True, id="another port"),
        pytest.param("http://10.1.2.3/", ("10.0.0.0/8",), False, id="a network"),
        pytest.param("http://10.1.2.3/", ("10.1.2.3:80",), False, id="an address with a port"),
        pytest.param("http://10.1.2.3/", ("example.org",), True, id="an address is no name"),
        pytest.param("http://[::1]/", ("::1",), False, id="IPv6"),
        pytest.param("http://[::1]:8/", ("[::1]:8",), False, id="IPv6 with a port"),
        pytest.param("http://[::1]:8/", ("[::1]",), False, id="IPv6 in brackets"),
        pytest.param("https://example.org/", ("", ".", "/8"), True, id="nonsense"),
    ],
)
def test_no_proxy(url: str, no_proxy: tuple[str, ...], proxied: bool) -> None:
    network = Network(http_proxy="http://p:1", https_proxy="http://p:1", no_proxy=no_proxy)
    assert (proxy_for(Url(url), network) is not None) is proxied


def test_each_scheme_has_its_proxy_and_a_proxy_without_a_scheme_speaks_http() -> None:
    network = Network(http_proxy="p:1", https_proxy="http://q:2")
    assert proxy_for(Url("http://example.org/"), network) == "http://p:1"
    assert proxy_for(Url("https://example.org/"), network) == "http://q:2"
    assert proxy_for(Url("http://example.org/"), Network()) is None

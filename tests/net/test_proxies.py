"""Through a proxy: what it hides, what it says, and whose fault it is."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Request
from tests.net.conftest import Opening
from tests.net.loopback import LOOPBACK, Names, answer, free_port, serving, tls_server, wild

K = FailureKind


@asynccontextmanager
async def tunnelling(port: int):
    """Run a proxy that answers CONNECT with a tunnel to a port of loopback."""
    asked = []

    async def pipe(source, drain):
        while chunk := await source.read(65536):
            drain.write(chunk)
            await drain.drain()
        drain.close()

    async def behave(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.decode())
        upstream_reader, upstream_writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pipe(reader, upstream_writer), pipe(upstream_reader, writer))

    async with wild(behave) as proxy:
        proxy.asked = asked
        yield proxy


async def test_https_goes_through_a_tunnel_and_the_certificate_is_theirs(
    opened: Opening, authority, ca_file
) -> None:
    tls = tls_server(authority, "www.example.org")
    async with (
        serving(lambda _: answer(body=b"hi"), tls=tls) as server,
        tunnelling(server.port) as proxy,
        opened(https_proxy=proxy.url("").replace("//", "//me:sesame@"), ca_file=ca_file) as fetch,
    ):
        good = await fetch.fetch(Request(url=Url("https://www.example.org/a"), read=9))
        bad = await fetch.fetch(Request(url=Url("https://other.example.org/"), read=9))
    assert good.said.body == b"hi"
    assert proxy.asked[0].startswith("CONNECT www.example.org:443 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic bWU6c2VzYW1l" in proxy.asked[0]
    assert "proxy-authorization" not in server.asked[0].headers
    assert bad.said == Failure(
        kind=K.TLS, detail="other.example.org: its certificate is for another host."
    )


async def test_http_is_asked_of_the_proxy_in_full(opened: Opening) -> None:
    async with (
        serving(lambda _: answer(body=b"hi")) as proxy,
        opened(http_proxy=proxy.url(""), allow_private=False) as fetch,
    ):
        exchange = await fetch.fetch(Request(url=Url("http://www.example.org/a"), read=9))
    assert exchange.said.body == b"hi"
    assert proxy.asked[0].target == "http://www.example.org/a"


async def test_what_needs_no_proxy_goes_directly(opened: Opening) -> None:
    async with serving(lambda _: answer()) as server:
        settings = {"http_proxy": f"http://{LOOPBACK}:{free_port()}", "no_proxy": (LOOPBACK,)}
        async with opened(**settings) as fetch:
            assert (await fetch.fetch(Request(url=Url(server.url())))).said.status == 200


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(407, K.NETWORK, id="a proxy that wants a password is our trouble"),
        pytest.param(403, K.NETWORK, id="a proxy that forbids is our trouble"),
        pytest.param(500, K.RESOLVER, id="500 may be anything"),
        pytest.param(502, K.RESOLVER, id="502 is never taken for a name that does not exist"),
        pytest.param(503, K.RESOLVER, id="503, Squid's word for the same"),
        pytest.param(504, K.TIMEOUT, id="504 is a time-out of theirs"),
    ],
)
async def test_a_tunnel_that_is_refused(opened: Opening, status: int, kind: FailureKind) -> None:
    async with (
        serving(lambda _: answer(status)) as proxy,
        opened(https_proxy=proxy.url("")) as fetch,
    ):
        exchange = await fetch.fetch(Request(url=Url("https://www.example.org/")))
    assert exchange.said.kind is kind
    assert f"({status})" in exchange.said.detail


async def test_a_proxy_that_wants_a_password_for_http(opened: Opening) -> None:
    async with serving(lambda _: answer(407)) as proxy, opened(http_proxy=proxy.url("")) as fetch:
        exchange = await fetch.fetch(Request(url=Url("http://www.example.org/")))
    assert exchange.said.kind is K.NETWORK


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_is_not_there(opened: Opening, scheme: str) -> None:
    proxy = f"http://me:sesame@{LOOPBACK}:{free_port()}"
    async with opened(http_proxy=proxy, https_proxy=proxy) as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"{scheme}://www.example.org/")))
    assert exchange.said == Failure(
        kind=K.NETWORK, detail="www.example.org: our proxy cannot be reached."
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_without_an_address_is_not_a_host_that_does_not_exist(
    opened: Opening, scheme: str
) -> None:
    names = Names({"proxy.example": socket.gaierror(socket.EAI_NONAME, "not known")})
    proxies = dict.fromkeys(("http_proxy", "https_proxy"), "http://proxy.example:3128")
    async with opened(resolver=names, **proxies) as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"{scheme}://www.example.org/")))
    assert exchange.said.kind is K.NETWORK


async def test_a_tunnel_that_never_comes(opened: Opening) -> None:
    async def hang(_reader, _writer):
        await asyncio.Event().wait()

    async with wild(hang) as proxy, opened(https_proxy=proxy.url("")) as fetch:
        exchange = await fetch.fetch(Request(url=Url("https://www.example.org/")))
    assert exchange.said.kind is K.TIMEOUT


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://169.254.169.254/latest", id="a literal address"),
        pytest.param("http://[fd00::1]/", id="a literal IPv6 address"),
        pytest.param("https://localhost/", id="localhost"),
        pytest.param("http://metadata.google.internal/", id="a cloud's inside"),
        pytest.param("http://printer.local/", id="a house's inside"),
        pytest.param("http://intranet/", id="a name without a dot"),
    ],
)
async def test_a_proxy_is_not_asked_for_what_is_inside(opened: Opening, url: str) -> None:
    async with serving(lambda _: answer()) as proxy:
        settings = {"http_proxy": proxy.url(""), "https_proxy": proxy.url("")}
        async with opened(allow_private=False, **settings) as fetch:
            exchange = await fetch.fetch(Request(url=Url(url)))
    assert exchange.said.kind is K.PRIVATE_ADDRESS
    assert proxy.connections == 0


async def test_a_redirect_into_a_private_network_is_not_followed(opened: Opening) -> None:
    async with (
        serving(lambda _: answer(302, location="http://10.0.0.1/")) as proxy,
        opened(http_proxy=proxy.url(""), allow_private=False) as fetch,
    ):
        request = Request(url=Url("http://www.example.org/"), follow=lambda _: True)
        exchange = await fetch.fetch(request)
    assert exchange.said.kind is K.PRIVATE_ADDRESS
    assert [hop.status for hop in exchange.hops] == [302]
    assert len(proxy.asked) == 1

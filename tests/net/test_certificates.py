"""TLS: whose certificate is whose, and connections that are no TLS."""

import datetime as dt
import ssl

import pytest
import trustme

from monitor.config import Network
from monitor.core.errors import ConfigError
from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Request
from monitor.net.fetch import Fetch
from tests.net.conftest import Opening
from tests.net.loopback import LOOPBACK, Names, answer, reset, serving, tls_server, wild

K = FailureKind


LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        pytest.param(
            lambda ca: tls_server(ca, "example.org", not_after=LONG_AGO),
            "its certificate has expired",
            id="an expired certificate",
        ),
        pytest.param(
            lambda ca: tls_server(ca, "example.com"),
            "its certificate is for another host",
            id="another host's certificate",
        ),
        pytest.param(
            lambda _: tls_server(trustme.CA(), "example.org"),
            "its certificate is from an unknown issuer, or the chain to it is incomplete",
            id="an issuer nobody knows",
        ),
    ],
)
async def test_certificates(
    opened: Opening, authority: trustme.CA, ca_file, certificate, words: str
) -> None:
    async with serving(lambda _: answer(), tls=certificate(authority)) as server:
        names = Names({"example.org": (LOOPBACK, server.port)})
        async with opened(resolver=names, ca_file=ca_file) as fetch:
            exchange = await fetch.fetch(Request(url=Url("https://example.org/")))
    assert exchange.said == Failure(kind=K.TLS, detail=f"example.org: {words}.")


async def test_a_certificate_for_another_address(opened: Opening, authority, ca_file) -> None:
    async with (
        serving(lambda _: answer(), tls=tls_server(authority, "127.0.0.9")) as server,
        opened(ca_file=ca_file) as fetch,
    ):
        exchange = await fetch.fetch(Request(url=Url(f"https://{LOOPBACK}:{server.port}/")))
    assert exchange.said.detail == "127.0.0.1: its certificate is for another address."


async def test_a_good_certificate_of_the_users_own_authority(
    opened: Opening, authority, ca_file
) -> None:
    async with serving(lambda _: answer(body=b"hi"), tls=tls_server(authority, "example.org")) as s:
        names = Names({"example.org": (LOOPBACK, s.port)})
        async with opened(resolver=names, ca_file=ca_file) as fetch:
            exchange = await fetch.fetch(Request(url=Url("https://example.org/"), read=10))
    assert exchange.said.body == b"hi"


@pytest.mark.parametrize("text", [None, "no certificate"])
async def test_certificates_that_cannot_be_read_are_the_users_to_mend(tmp_path, text) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError, match=r"ca\.pem cannot be read .*network\.ca_file"):
        async with Fetch(Network(ca_file=path)):
            pass


async def test_plain_http_where_tls_is_due(opened: Opening) -> None:
    async def behave(reader, writer):
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with wild(behave) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"https://{LOOPBACK}:{server.port}/")))
    assert exchange.said == Failure(
        kind=K.PROTOCOL, detail="127.0.0.1: it does not speak TLS there."
    )


async def test_a_tls_server_that_agrees_to_nothing(opened: Opening, authority) -> None:
    context = tls_server(authority, LOOPBACK)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("PSK")
    async with serving(lambda _: answer(), tls=context) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"https://{LOOPBACK}:{server.port}/")))
    assert exchange.said.kind in {K.PROTOCOL, K.RESET}


async def test_a_reset_within_the_handshake(opened: Opening) -> None:
    async def behave(reader, writer):
        await reader.read(10)
        reset(writer)

    async with wild(behave) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"https://{LOOPBACK}:{server.port}/")))
    assert exchange.said.kind is K.RESET

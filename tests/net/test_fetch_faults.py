"""The fault table: what goes wrong below HTTP, and within it, comes back as the right value."""

import asyncio
import datetime as dt
import gzip
import socket
import tracemalloc

import pytest

from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Request, Response
from tests.net.conftest import Opening
from tests.net.loopback import LOOPBACK, Names, answer, free_port, reset, serving, wild

K = FailureKind


async def hang(_reader, _writer):
    await asyncio.Event().wait()


async def reset_at_once(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    reset(writer)


async def close_at_once(reader, writer):
    await reader.readuntil(b"\r\n\r\n")


async def reset_in_body(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc")
    await writer.drain()
    await asyncio.sleep(0.02)
    reset(writer)


def says(raw: bytes):
    async def behave(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return behave


async def drip(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_header(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nx: ")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        pytest.param(hang, K.TIMEOUT, id="no answer at all"),
        pytest.param(drip, K.TIMEOUT, id="a body that drips never trips the read time-out"),
        pytest.param(drip_header, K.TIMEOUT, id="a header that drips"),
        pytest.param(reset_at_once, K.RESET, id="a reset before the answer"),
        pytest.param(close_at_once, K.RESET, id="a close before the answer"),
        pytest.param(reset_in_body, K.RESET, id="a reset within the body"),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc"),
            K.RESET,
            id="a close within the body",
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel"),
            K.RESET,
            id="a chunked body cut short",
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope"),
            K.PROTOCOL,
            id="a body that is no gzip though it says so",
        ),
        pytest.param(says(b"SSH-2.0-OpenSSH_9.6\r\n"), K.PROTOCOL, id="another protocol"),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), K.PROTOCOL, id="a broken header"
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"),
            K.PROTOCOL,
            id="two lengths",
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\nx: " + b"a" * 100_000 + b"\r\n\r\n"),
            K.PROTOCOL,
            id="a header without end",
        ),
        pytest.param(
            says(b"HTTP/1.1 200 OK\r\n" + b"x: a\r\n" * 5000 + b"\r\n"),
            K.PROTOCOL,
            id="thousands of headers",
        ),
    ],
)
async def test_faults_of_an_answer(opened: Opening, behave, kind: FailureKind) -> None:
    settings = {"read_timeout": dt.timedelta(seconds=0.1), "link_budget": dt.timedelta(seconds=0.4)}
    async with wild(behave) as server, opened(**settings) as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url()), read=5000))
    assert isinstance(exchange.said, Failure), exchange.said
    assert exchange.said.kind is kind
    assert exchange.said.detail.startswith(LOOPBACK)
    assert exchange.said.detail.endswith(".")


async def test_a_refused_connection(opened: Opening) -> None:
    async with opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"http://{LOOPBACK}:{free_port()}/")))
    assert exchange.said == Failure(kind=K.REFUSED, detail="127.0.0.1: it refuses connections.")


async def test_a_handshake_that_hangs(opened: Opening) -> None:
    async with wild(hang) as server, opened(connect_timeout=dt.timedelta(seconds=0.1)) as fetch:
        exchange = await fetch.fetch(Request(url=Url(f"https://{LOOPBACK}:{server.port}/")))
    assert exchange.said.kind is K.TIMEOUT


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        pytest.param(
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            K.NO_SUCH_HOST,
            "there is no host of this name",
            id="a name that does not exist",
        ),
        pytest.param(
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure"),
            K.RESOLVER,
            "its name could not be looked up now",
            id="a resolver that does not answer",
        ),
        pytest.param(
            socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure"),
            K.RESOLVER,
            "its name could not be looked up now",
            id="a resolver that fails for good says nothing of the name",
        ),
        pytest.param(
            UnicodeError("label too long"), K.MALFORMED_URL, "this is no address", id="no name"
        ),
    ],
)
async def test_look_ups(opened: Opening, error: Exception, kind: FailureKind, words: str) -> None:
    async with opened(resolver=Names({"example.org": error})) as fetch:
        exchange = await fetch.fetch(Request(url=Url("http://example.org/")))
    assert exchange.said == Failure(kind=kind, detail=f"example.org: {words}.")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://[::1", id="cut within the address"),
        pytest.param("https//x", id="no scheme"),
        pytest.param("ftp://example.org/", id="another protocol"),
        pytest.param("", id="nothing"),
        pytest.param("http://user:secret@[::1", id="with a password"),
    ],
)
async def test_what_is_no_web_address_is_not_asked(opened: Opening, url: str) -> None:
    async with opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(url)))
    assert exchange.said.kind is K.MALFORMED_URL
    assert "secret" not in exchange.said.detail


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1/", id="a literal address, which no resolver sees"),
        pytest.param("http://[::1]/", id="a literal IPv6 address"),
        pytest.param("http://[::ffff:7f00:1]/", id="IPv4 within IPv6"),
        pytest.param("http://inside.example.org/", id="a name of a private address"),
    ],
)
async def test_private_addresses_are_not_asked(opened: Opening, url: str) -> None:
    names = Names({"inside.example.org": ("192.168.0.1", 0)})
    async with opened(allow_private=False, resolver=names) as fetch:
        exchange = await fetch.fetch(Request(url=Url(url)))
    assert exchange.said.kind is K.PRIVATE_ADDRESS


async def test_a_gzip_bomb_costs_no_more_than_what_is_read(opened: Opening) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=9)
    say = lambda _: answer(body=bomb, content_encoding="gzip")  # noqa: E731
    async with serving(say) as server, opened(read_timeout=dt.timedelta(seconds=5)) as fetch:
        tracemalloc.start()
        try:
            exchange = await fetch.fetch(Request(url=Url(server.url()), read=1_000_000))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(exchange.said, Response)
    assert (len(exchange.said.body), exchange.said.truncated) == (1_000_000, True)
    assert peak < 8_000_000


async def test_a_body_without_end_is_read_no_further_than_asked(opened: Opening) -> None:
    async def endless(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with wild(endless) as server, opened() as fetch:
        exchange = await fetch.fetch(Request(url=Url(server.url()), read=1000))
        unread = await fetch.fetch(Request(url=Url(server.url())))
    assert (exchange.said.body, exchange.said.truncated) == (b"x" * 1000, True)
    assert (unread.said.body, unread.said.truncated) == (b"", True)


async def test_cancelling_ends_a_request_at_once(opened: Opening) -> None:
    here = asyncio.Event()

    async def arrive(_reader, _writer):
        here.set()
        await asyncio.Event().wait()

    async with wild(arrive) as server, opened(read_timeout=dt.timedelta(seconds=60)) as fetch:
        asking = asyncio.create_task(fetch.fetch(Request(url=Url(server.url()))))
        await here.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asking, 0.5)


async def test_waiting_for_a_slot_does_not_count(opened: Opening) -> None:
    async def slow(_):
        await asyncio.sleep(0.06)
        return answer()

    settings = {"per_host": 1, "link_budget": dt.timedelta(seconds=0.2)}
    async with serving(slow) as server, opened(**settings) as fetch:
        asked = [fetch.fetch(Request(url=Url(server.url(f"/{n}")))) for n in range(6)]
        exchanges = await asyncio.gather(*asked)
    assert [exchange.said.status for exchange in exchanges] == [200] * 6
    assert len({exchange.id for exchange in exchanges}) == 6
    assert all(exchange.elapsed < dt.timedelta(seconds=0.2) for exchange in exchanges)

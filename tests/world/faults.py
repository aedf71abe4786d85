"""What can go wrong on command, below and in HTTP."""

import asyncio
import gzip
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tests.world.certificates import Certificate
from tests.world.hostile import REPLIES, Hostile
from tests.world.wire import Asked, Reply, head_of, html, page, redirect, text, write

BOMB = 64 * 1024 * 1024
"""How large the gzip bomb gets, unpacked, in bytes."""


class Kind(StrEnum):
    """What goes wrong."""

    # when connecting
    NO_SUCH_HOST = "no-such-host"
    RESOLVER = "resolver"
    """The resolver cannot say (EAI_AGAIN)."""
    PRIVATE_ADDRESS = "private-address"
    """The name leads to 10.0.0.1; only the resolver entrance can tell."""
    REFUSE = "refuse"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    WRONG_HOST = "wrong-host"
    UNKNOWN_CA = "unknown-ca"
    # when answering
    RESET = "reset"
    """The connection is reset before the answer."""
    CLOSE = "close"
    """The connection is closed in good form, without an answer."""
    RESET_IN_BODY = "reset-in-body"
    TRUNCATED = "truncated"
    """A chunked body ends before its last chunk."""
    HANG = "hang"
    DRIP = "drip"
    """One byte of the body every 50 ms, without end."""
    ENDLESS = "endless"
    """A body without end, as fast as the client reads."""
    GZIP_BOMB = "gzip-bomb"
    BAD_GZIP = "bad-gzip"
    LOOP = "loop"
    """A redirect to itself."""
    LONG_CHAIN = "long-chain"
    """A redirect to ever new addresses, without end."""
    RATE_LIMITED = "rate-limited"
    RATE_LIMITED_SILENT = "rate-limited-silent"
    """429 without a Retry-After."""
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server-error"
    NOT_HTTP = "not-http"
    """Another protocol's greeting."""
    CHALLENGE = "challenge"
    """503 with a bot check."""
    FORBIDDEN = "forbidden"
    """403 and no word why."""
    # when answering, with content that nobody expects
    ANSWERS_HTML = Hostile.HTML
    ANSWERS_NOTHING = Hostile.EMPTY
    ANSWERS_ANOTHER_SHAPE = Hostile.SHAPE
    ANSWERS_NULLS = Hostile.NULLS
    ANSWERS_CUT_JSON = Hostile.CUT
    ANSWERS_ERROR_INSIDE = Hostile.ERROR_INSIDE
    ANSWERS_LARGE_JSON = Hostile.LARGE
    ANSWERS_DEEP_JSON = Hostile.DEEP
    ANSWERS_WRONG_ENCODING = Hostile.ENCODING
    ANSWERS_TEAPOT = Hostile.TEAPOT


ON_CONNECT = frozenset(
    {Kind.NO_SUCH_HOST, Kind.RESOLVER, Kind.PRIVATE_ADDRESS, Kind.REFUSE}
    | {Kind(certificate) for certificate in Certificate if certificate is not Certificate.VALID}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault of a host, or of one path of it; `times` None means for ever.

    `retry_after` is the header's value where the kind sends one (default "2").
    """

    kind: Kind
    host: str
    path: str | None = None
    times: int | None = None
    retry_after: str = "2"


async def play(fault: Fault, asked: Asked, writer: asyncio.StreamWriter) -> bool:
    """Play a fault to the client; returns whether the connection can be used further."""
    if fault.kind in _REPLIES:
        await write(writer, asked, _REPLIES[fault.kind](fault, asked))
        return True
    await _ACTS[fault.kind](writer)
    return False


def portal(asked: Asked) -> Reply:
    """Return the login page that a captive portal gives for every address."""
    return html(page("Sign in to the network", "<h1>Welcome</h1><form>Room number</form>"))


def reset(writer: asyncio.StreamWriter) -> None:
    """Cut a connection with a RST rather than a FIN."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        # linger on, for 0 seconds: close() then resets (socket(7)).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _reset(writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _reset_in_body(writer: asyncio.StreamWriter) -> None:
    writer.write(head_of(html("<p>"), length=1000) + b"<p>")
    await writer.drain()
    await asyncio.sleep(0.02)  # so that the head is read before the RST throws it away
    reset(writer)


async def _truncated(writer: asyncio.StreamWriter) -> None:
    head = Reply(headers=(("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")))
    writer.write(head_of(head) + b"100\r\n<p>cut")
    await writer.drain()
    writer.close()


async def _hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(head_of(html(""), length=1_000_000))
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _endless(writer: asyncio.StreamWriter) -> None:
    head = Reply(headers=(("Content-Type", "text/html"), ("Connection", "close")))
    writer.write(head_of(head, length=10**12))
    while not writer.is_closing():
        writer.write(b" " * 65536)
        await writer.drain()
        await asyncio.sleep(0)  # drain alone never lets the loop hear that the client is gone


async def _not_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()
    writer.close()


def _loop(fault: Fault, asked: Asked) -> Reply:
    return redirect(asked.url)


def _long_chain(fault: Fault, asked: Asked) -> Reply:
    step = int(asked.query.get("step", "0")) + 1
    return redirect(f"{asked.scheme}://{asked.host}{asked.path}?step={step}")


def _bomb(fault: Fault, asked: Asked) -> Reply:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"))
    return Reply(headers=headers, body=_zipped_bomb())


@cache
def _zipped_bomb() -> bytes:
    return gzip.compress(bytes(BOMB), 1)


def _challenge(fault: Fault, asked: Asked) -> Reply:
    return html(page("Just a moment..."), 503, ("cf-mitigated", "challenge"))


def _hostile(kind: Hostile) -> Callable[[Fault, Asked], Reply]:
    return lambda _, asked: REPLIES[kind](asked)


_REPLIES: dict[Kind, Callable[[Fault, Asked], Reply]] = {
    Kind.LOOP: _loop,
    Kind.LONG_CHAIN: _long_chain,
    Kind.GZIP_BOMB: _bomb,
    Kind.BAD_GZIP: lambda _, __: text("no gzip", 200, ("Content-Encoding", "gzip")),
    Kind.RATE_LIMITED: lambda f, _: text("slow down", 429, ("Retry-After", f.retry_after)),
    Kind.RATE_LIMITED_SILENT: lambda _, __: text("slow down", 429),
    Kind.UNAVAILABLE: lambda _, __: text("back soon", 503),
    Kind.SERVER_ERROR: lambda _, __: html(page("500 Internal Server Error"), 500),
    Kind.CHALLENGE: _challenge,
    Kind.FORBIDDEN: lambda _, __: text("Forbidden", 403),
    **{Kind(hostile): _hostile(hostile) for hostile in Hostile},
}

_ACTS: dict[Kind, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {
    Kind.RESET: _reset,
    Kind.CLOSE: _close,
    Kind.RESET_IN_BODY: _reset_in_body,
    Kind.TRUNCATED: _truncated,
    Kind.HANG: _hang,
    Kind.DRIP: _drip,
    Kind.ENDLESS: _endless,
    Kind.NOT_HTTP: _not_http,
}

"""Small servers on loopback that say just what they are told, byte by byte."""

import asyncio
import contextlib
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

LOOPBACK = "127.0.0.1"


@dataclass
class Asked:
    """A request as a server saw it; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


Say = Callable[[Asked], bytes | Awaitable[bytes]]
Wild = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A server that is up: its port, and all that it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """Return an HTTP answer; underscores in names of headers stand for dashes."""
    lines = [f"HTTP/1.1 {status} Whatever"]
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if "transfer-encoding" not in given:
        given.setdefault("content-length", str(len(body)))
    lines += [f"{name}: {value}" for name, value in given.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


async def read_request(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method=method, target=target, headers=headers, body=body)


@asynccontextmanager
async def serving(say: Say, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run a server that answers each request with the bytes that `say` returns."""

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            asked = await read_request(reader)
            server.asked.append(asked)
            said = say(asked)
            writer.write(said if isinstance(said, bytes) else await said)
            await writer.drain()

    async with wild(each, tls) as server:
        yield server


@asynccontextmanager
async def wild(behave: Wild, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run a server that does with each connection whatever it is told."""
    tasks: set[asyncio.Task[None]] = set()

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        server.connections += 1
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            await behave(reader, writer)
        with contextlib.suppress(OSError):
            writer.close()

    listener = await asyncio.start_server(each, LOOPBACK, 0, ssl=tls)
    server = Server(port=listener.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def reset(writer: asyncio.StreamWriter) -> None:
    """Cut a connection the hard way, by RST."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        return held.getsockname()[1]


class Names(AbstractResolver):
    """A resolver out of a table: a host's address and port, or what it raises."""

    def __init__(self, table: Mapping[str, tuple[str, int] | Exception]) -> None:
        self.table = table
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.table[host]
        if isinstance(found, Exception):
            raise found
        address, other_port = found
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=other_port or port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        pass


def tls_server(authority: trustme.CA, *names: str, **more: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **more).configure_cert(context)
    return context


class Clock:
    """A clock that only moves when somebody sleeps by it."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        until = self.seconds + seconds
        await asyncio.sleep(0)
        self.seconds = max(self.seconds, until)


class SkippingClock(Clock):
    """A clock that runs as the real one, but skips what is slept by it."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skipped

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        until = self() + seconds
        await asyncio.sleep(0)
        self.skipped += max(0.0, until - self())

"""HTTP/1.1 on streams, as much as a server needs that must also be able to misbehave."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST_HEAD = 64 * 1024
MOST_BODY = 8 * 1024 * 1024

COMPLAINT = "X-World-Complaint"
"""The header by which a service tells the world that a client did what it must never do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came: `target` is the path with its query, percent escapes and all."""

    method: str
    scheme: str
    host: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """Return the path without its query, escapes and all."""
        return urlsplit(f"//h{self.target}").path or "/"

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the path, decoded, without empty ones."""
        return tuple(unquote(part) for part in self.path.split("/") if part)

    @property
    def query(self) -> dict[str, str]:
        """Return the query's parameters, decoded; the last of a name wins."""
        return dict(parse_qsl(urlsplit(f"//h{self.target}").query, keep_blank_values=True))

    @property
    def url(self) -> str:
        """Return the whole URL that was asked."""
        return f"{self.scheme}://{self.host}{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer: status, headers in the order sent, and body."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


NO_ANSWER = Reply(status=0)
"""What a service returns to have the connection reset; it is known by being this very object."""


class Service(Protocol):
    """What stands behind some hosts."""

    hosts: frozenset[str]

    def answer(self, asked: Asked) -> Reply:
        """Return what the service says; decides by the request and its state alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A request that reached its host, and at which second of the monotonic clock."""

    method: str
    scheme: str
    host: str
    target: str
    at: float
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """Return the path without its query."""
        return urlsplit(f"//h{self.target}").path or "/"


def html(body: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """Return a page."""
    kind = ("Content-Type", "text/html; charset=utf-8")
    return Reply(status=status, headers=(kind, *headers), body=body.encode())


def text(body: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """Return plain text."""
    kind = ("Content-Type", "text/plain; charset=utf-8")
    return Reply(status=status, headers=(kind, *headers), body=body.encode())


def as_json(value: object, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """Return a JSON document."""
    kind = ("Content-Type", "application/json; charset=utf-8")
    return Reply(status=status, headers=(kind, *headers), body=json.dumps(value).encode())


def complaint(what: str) -> Reply:
    """Return the 400 for a request that no client of ours should make; the world keeps it."""
    value = {"error": {"code": 400, "message": f"the world does not take this: {what}"}}
    return as_json(value, 400, (COMPLAINT, what.encode("ascii", "replace").decode()))


def redirect(location: str, status: int = 302, *headers: tuple[str, str], body: str = "") -> Reply:
    """Return a redirect."""
    reply = html(body, status, *headers)
    return Reply(
        status=status, headers=(*reply.headers, ("Location", location)), body=body.encode()
    )


def page(title: str, body: str = "") -> str:
    """Return a small HTML document."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body>\n{body or f'<h1>{title}</h1>'}\n</body>\n</html>\n"
    )


async def read_head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
    """Return method, target and headers (lower-case names), or None where nothing came."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not target or not version.startswith("HTTP/"):
        return None
    pairs = (line.partition(":") for line in lines if ":" in line)
    return method, target, {name.strip().lower(): value.strip() for name, _, value in pairs}


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    """Return the body that a request's headers announce."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(min(int(headers.get("content-length") or 0), MOST_BODY))
    body = b""
    while size := int((await reader.readline()).split(b";")[0] or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def head_of(reply: Reply, *, length: int | None = None, close: bool = False) -> bytes:
    """Return status line and headers; `length` is what Content-Length says, if not the truth."""
    status = HTTPStatus(reply.status) if reply.status in set(HTTPStatus) else None
    lines = [f"HTTP/1.1 {reply.status} {status.phrase if status else 'Unknown'}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    named = {name.lower() for name, _ in reply.headers}
    bodyless = reply.status in {204, 304}
    if not named & {"content-length", "transfer-encoding"} and not bodyless:
        lines.append(f"Content-Length: {len(reply.body) if length is None else length}")
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


async def write(writer: asyncio.StreamWriter, asked: Asked, reply: Reply) -> None:
    """Send an answer; without its body where it was a HEAD that asked."""
    bodyless = asked.method == "HEAD" or reply.status in {204, 304}
    writer.write(head_of(reply) + (b"" if bodyless else reply.body))
    await writer.drain()

"""One request, one answer: aiohttp with its traps covered.

No redirects, no patience, no manners: those are fetch's. Here are proxy, certificates,
time-outs, the guard against private addresses, and bodies that are read no further than needed.
"""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from pathlib import Path

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from monitor.config import Network
from monitor.core.errors import ConfigError
from monitor.core.model import Url
from monitor.core.ports import Failure, FailureKind, Response
from monitor.core.urls import split
from monitor.net.addresses import (
    GuardedResolver,
    SystemResolver,
    is_local_name,
    is_public,
    literal,
)
from monitor.net.discretion import Discretion
from monitor.net.failures import FOREIGN, failure_of, failure_of_body
from monitor.net.proxies import proxy_for

LONGEST_HEADER = 64 * 1024
"""Bytes of one header line; aiohttp's 8190 turns away policies that browsers accept."""

KEPT_OF_A_HEADER = 8 * 1024
"""Characters of one header value that are handed on."""

DRAIN = 64 * 1024
"""A body up to so many bytes is read to its end, so that the connection can serve again."""

DRAIN_SECONDS = 0.25
"""For how long an unwanted rest is worth waiting, in place of a new connection."""

IDLE_SECONDS = 5
"""For how long an idle connection is kept: longer would pile them up over many hosts."""

ADDRESS_SECONDS = 300
"""For how long a looked-up address is used again within a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it goes out: all decided, headers in lower case."""

    method: str
    url: Url
    headers: Mapping[str, str]
    body: bytes | None
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back: the answer, where it redirects to as written, and its cookies."""

    response: Response
    location: str | None
    cookies: SimpleCookie


class Wire:
    """Two sessions, one direct and guarded, one for what goes through a proxy."""

    def __init__(
        self,
        network: Network,
        resolver: AbstractResolver | None,
        discretion: Discretion | None = None,
    ) -> None:
        """Open the sessions; needs a running loop. Raises ConfigError for a bad CA file."""
        self._network = network
        self._discretion = discretion or Discretion()
        connect = network.connect_timeout.total_seconds()
        context = _tls(network.ca_file)
        guarded = GuardedResolver(
            resolver or SystemResolver(), allow_private=network.allow_private, timeout=connect
        )
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=3 * connect,  # name, connection, tunnel: only this bounds the last of them
            sock_connect=connect,
            sock_read=network.read_timeout.total_seconds(),
        )
        self._direct = _session(context, guarded, timeout)
        # The proxy is the user's own choice and may well live in a private network.
        self._proxied = _session(context, resolver or SystemResolver(), timeout)

    async def close(self) -> None:
        """Close all connections."""
        await self._direct.close()
        await self._proxied.close()

    async def send(self, call: Call, *, within: float) -> Heard | Failure:
        """Ask once, and return what came back within so many seconds."""
        parts = split(call.url)
        proxy = proxy_for(call.url, self._network)
        if not self._network.allow_private and _is_inside(parts.host, proxied=proxy is not None):
            return Failure(
                kind=FailureKind.PRIVATE_ADDRESS,
                detail=f"{parts.host}: it is an address in a private network.",
            )
        session = self._direct if proxy is None else self._proxied
        headers = dict(call.headers)
        try:
            target = URL(call.url.partition("#")[0], encoded=True)
            if target.raw_user is not None or target.raw_password is not None:
                headers.setdefault("authorization", _basic(target))
                target = target.with_user(None)
            async with (
                asyncio.timeout(within),
                session.request(
                    call.method,
                    target,
                    headers=headers,
                    data=call.body,
                    proxy=proxy,
                    allow_redirects=False,
                ) as answer,
            ):
                if proxy is not None and answer.status == 407:
                    detail = f"{parts.host}: the proxy wants to know who we are (407)."
                    return Failure(kind=FailureKind.NETWORK, detail=detail)
                return self._discreet(await _heard(call, answer, parts.host), headers)
        except FOREIGN as error:
            return failure_of(error, parts.host, proxied=proxy is not None)

    def _discreet(self, heard: Heard | Failure, sent: Mapping[str, str]) -> Heard | Failure:
        """Return what came back without what it repeats of our secrets."""
        if isinstance(heard, Failure):
            return heard
        said, there = self._discretion.response(heard.response, sent), heard.location
        location = self._discretion.text(there, sent) if there is not None else None
        return replace(heard, response=said, location=location)


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(
            f"The certificates in {ca_file} cannot be read ({error.strerror or error})."
            " Name a PEM file under network.ca_file, or leave that out for the system's."
        ) from error


def _session(
    context: ssl.SSLContext, resolver: AbstractResolver, timeout: aiohttp.ClientTimeout
) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        ssl=context,
        resolver=resolver,
        limit=0,  # the throttle limits; a limit here would let time-outs count waiting
        ttl_dns_cache=ADDRESS_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=True,
        max_line_size=LONGEST_HEADER,
        max_field_size=LONGEST_HEADER,
    )


def _is_inside(host: str, *, proxied: bool) -> bool:
    """Return whether a host is known to be private without looking it up.

    Names are left to the guarded resolver, unless a proxy does the looking up.
    """
    address = literal(host)
    if address is not None:
        return not is_public(address)
    return proxied and is_local_name(host)


def _basic(url: URL) -> str:
    pair = f"{url.user or ''}:{url.password or ''}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


async def _heard(call: Call, answer: aiohttp.ClientResponse, host: str) -> Heard | Failure:
    if call.read:
        try:
            body, truncated = await _read(answer, call.read)
        except FOREIGN as error:
            return failure_of_body(error, host)
    else:
        body, truncated = b"", await _leave(answer)
    return Heard(
        response=Response(
            status=answer.status,
            url=call.url,
            headers=_headers(answer),
            body=body,
            truncated=truncated,
        ),
        location=answer.headers.get("location"),
        cookies=answer.cookies,
    )


async def _read(answer: aiohttp.ClientResponse, most: int) -> tuple[bytes, bool]:
    """Return the first `most` bytes of the body, unpacked, and whether there were more.

    What is over is thrown away unread, so a bomb costs one buffer.
    """
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk[: most + 1 - len(body)]
        if len(body) > most:
            answer.close()
            return bytes(body[:most]), True
    return bytes(body), False


async def _leave(answer: aiohttp.ClientResponse) -> bool:
    """Be done with a body nobody wants; return whether there was one."""
    if answer.content.at_eof():
        return False
    promised = answer.content_length
    if promised is None or promised > DRAIN:
        answer.close()
        return True
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            _, more = await _read(answer, DRAIN)
    except FOREIGN:
        answer.close()
        return True
    return more or promised > 0


def _headers(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """Return the headers in lower case, repeated ones joined, without cookies.

    Cookies are left out because what is returned is kept as evidence. Bytes that are no UTF-8,
    which aiohttp keeps as surrogates, are replaced.
    """
    joined: dict[str, str] = {}
    for name, value in answer.headers.items():
        key = name.lower()
        if key != "set-cookie":
            clean = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            joined[key] = f"{joined[key]}, {clean}" if key in joined else clean
    return {key: value[:KEPT_OF_A_HEADER] for key, value in joined.items()}

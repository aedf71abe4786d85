"""Real clients at both entrances of a world, for the tests of the world itself."""

import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http.client import HTTPSConnection
from typing import Any

import aiohttp
import httplib2

from tests.world.scenario import Entrance
from tests.world.server import World

TIMEOUT = aiohttp.ClientTimeout(total=5, sock_read=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer as a client got it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class Client:
    """aiohttp at one entrance of a world."""

    def __init__(self, session: aiohttp.ClientSession, proxy: str | None) -> None:
        self._session = session
        self._proxy = proxy

    async def ask(self, url: str, method: str = "GET", **more: Any) -> Said:
        """Return an answer with its body, redirects not followed unless that is asked for."""
        more = {"allow_redirects": False, **more}
        async with self._session.request(method, url, proxy=self._proxy, **more) as response:
            body = await response.read()
            return Said(status=response.status, headers=response.headers, body=body)


@contextlib.asynccontextmanager
async def client(world: World, entrance: Entrance) -> AsyncIterator[Client]:
    """Lend a client that enters a world by one of its entrances."""
    trust = ssl.create_default_context(cafile=str(world.ca_file))
    resolver = world.resolver() if entrance is Entrance.RESOLVER else None
    connector = aiohttp.TCPConnector(resolver=resolver, ssl=trust)
    async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as session:
        yield Client(session, world.proxy_url if entrance is Entrance.PROXY else None)


class Carrier:
    """Carries the real Google library's requests over http.client, through a world's proxy.

    It stands for httplib2.Http, whose proxies need another package.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._trust = ssl.create_default_context(cafile=str(world.ca_file))

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any
    ) -> tuple[httplib2.Response, bytes]:
        """Return the answer as httplib2 would have it, and its body."""
        host, _, target = uri.removeprefix("https://").partition("/")
        there = HTTPSConnection("127.0.0.1", self._world.proxy_port, context=self._trust)
        there.set_tunnel(host, 443)
        plain = {k: v for k, v in (headers or {}).items() if k.lower() != "accept-encoding"}
        there.request(method, f"/{target}", body, plain)
        answer = there.getresponse()
        content = answer.read()
        there.close()
        said = httplib2.Response({k.lower(): v for k, v in answer.getheaders()})
        said.status, said.reason = answer.status, answer.reason
        return said, content


class Quiet:
    """A logger for yt-dlp that says nothing."""

    def debug(self, *_: Any) -> None:
        """Say nothing."""

    info = warning = error = debug


def ytdlp_options(world: World, how: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the options of a YoutubeDL that asks for metadata only, in a world."""
    return {
        "quiet": True,
        "no_warnings": True,
        "logger": Quiet(),
        "cachedir": False,
        "proxy": world.proxy_url,
        "compat_opts": {"no-certifi"},
        "retries": 0,
        "extractor_retries": 0,
        "socket_timeout": 5,
        "extractor_args": {"youtube": dict(how)},
    }

"""The world: listeners, entrances, counters, faults; what hosts say is in the services."""

import asyncio
import contextlib
import ssl
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tests.world import admin, keys
from tests.world.bitly import Bitly
from tests.world.certificates import Certificate, context, write_ca
from tests.world.drive import Drive
from tests.world.faults import ON_CONNECT, Fault, Kind, play, portal, reset
from tests.world.github import GitHub
from tests.world.github_issues import GitHubIssues
from tests.world.github_tracker import IssueTracker
from tests.world.google_apis import GoogleApis
from tests.world.resolver import Unused, WorldResolver
from tests.world.scenario import Scenario, merged
from tests.world.shorteners import Shorteners
from tests.world.sites import Sites
from tests.world.wire import (
    LONGEST_HEAD,
    NO_ANSWER,
    Asked,
    Counted,
    Reply,
    Service,
    read_body,
    read_head,
    text,
    write,
)
from tests.world.youtube import YouTube

_BROKEN = (OSError, ssl.SSLError, asyncio.IncompleteReadError, ValueError)
"""What a client that goes away, or speaks no HTTP, raises in a server."""

_CERTIFICATES = {Kind(kind): kind for kind in Certificate if kind is not Certificate.VALID}


class World:
    """The internet on loopback, with a proxy and a resolver for entrances.

    `cases` are scenarios, or bare states in the form of their files; they are laid over
    each other. Use it as `async with World(...) as world`. A host that no state names does
    not exist. `requests` holds what came, in order, and `complaints` what no client may ever do:
    a key in a URL or for the wrong host, a request that a keyed API does not know. `dark` and
    `captive` may be set at any time: nothing works, or every address shows the same login page.
    """

    def __init__(
        self,
        *cases: Scenario | Mapping[str, Any],
        latency: timedelta = timedelta(0),
    ) -> None:
        self.latency = latency
        self.requests: list[Counted] = []
        self.connections: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._guests: dict[str, Service] = {}
        state = _merged(cases)
        self.issues = GitHubIssues(state=state["github"])
        self._be(state)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="linkwell-world-")
        self.ca_file = Path(self._folder.name) / "ca.pem"
        write_ca(self.ca_file)
        self._unused = Unused()
        base = context("default.test")
        base.sni_callback = self._choose_certificate
        self._servers = [
            await asyncio.start_server(self._proxy, "127.0.0.1", 0, limit=LONGEST_HEAD),
            await asyncio.start_server(self._direct("http"), "127.0.0.1", 0, limit=LONGEST_HEAD),
            await asyncio.start_server(
                self._direct("https"), "127.0.0.1", 0, limit=LONGEST_HEAD, ssl=base
            ),
        ]
        ports = [server.sockets[0].getsockname()[1] for server in self._servers]
        self.proxy_port, self.plain_port, self.tls_port = ports
        return self

    async def __aexit__(self, *exception: object) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close in the loop's next round
        for server in self._servers:
            await server.wait_closed()
        self._unused.close()
        self._folder.cleanup()

    def become(self, *cases: Scenario | Mapping[str, Any]) -> None:
        """Be from now on as these cases say, and not as before; GitHub's issues stay."""
        self._be(_merged(cases))

    def _be(self, state: dict[str, Any]) -> None:
        self.state = state
        self.dark: bool = state["network"].get("dark", False)
        self.captive: bool = state["network"].get("captive", False)
        self.faults = [Fault(**{**each, "kind": Kind(each["kind"])}) for each in state["faults"]]
        services: tuple[Service, ...] = (
            YouTube(state["youtube"]),
            Drive(state["drive"]),
            GitHub(state["github"], self.issues),
            GoogleApis(state["youtube"], state["drive"]),
            Bitly(state["bitly"], state["short"]),
            Shorteners(state["short"]),
            Sites(state["sites"]),
        )
        self._services = {host: service for service in services for host in service.hosts}
        self._services |= self._guests

    @property
    def proxy_url(self) -> str:
        """Return the address of the proxy entrance."""
        return f"http://127.0.0.1:{self.proxy_port}"

    def environment(self) -> dict[str, str]:
        """Return the variables that put a child process into this world."""
        proxies = dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.proxy_url
        )
        return {**proxies, "NO_PROXY": "", "no_proxy": "", "SSL_CERT_FILE": str(self.ca_file)}

    def resolver(self) -> WorldResolver:
        """Return the resolver entrance, for aiohttp's connector."""
        return WorldResolver(self)

    @property
    def refusing_port(self) -> int:
        """Return a port of 127.0.0.1 where every connection is refused."""
        return self._unused.port

    def fault(self, host: str, kind: str, *, path: str | None = None, **more: Any) -> None:
        """Let something go wrong from now on: at a host, or one path of it."""
        self.faults.append(Fault(kind=Kind(kind), host=host, path=path, **more))

    def tracker(self, name: str, *, host: str = "api.github.com", **how: Any) -> IssueTracker:
        """Return a repository's issues, made with IssueTracker's options if new.

        `host` is GitHub's own API, or that of an Enterprise, made likewise.
        """
        there = self.issues if host == self.issues.host else self.enterprise(host)
        return there.tracker(name, **how)

    def enterprise(self, host: str) -> GitHubIssues:
        """Return the issues of a GitHub Enterprise, which comes into being if it is new."""
        there = self._guests.get(host)
        if not isinstance(there, GitHubIssues):
            self.serve(there := GitHubIssues(host))
        return there

    def serve(self, service: Service) -> None:
        """Let a service of one's own stand behind its hosts, whatever the world becomes."""
        self._guests |= dict.fromkeys(service.hosts, service)
        self._services |= self._guests

    def mend(self, host: str | None = None) -> None:
        """Take back the faults of a host, or all, and light and freedom too."""
        self.faults = [fault for fault in self.faults if host not in (None, fault.host)]
        self.dark = self.captive = False

    def count(self, host: str, path: str | None = None, method: str | None = None) -> int:
        """Return how many requests a host got, or one path (without query) of it."""
        return sum(
            each.host == host and path in (None, each.path) and method in (None, each.method)
            for each in self.requests
        )

    def knows(self, host: str) -> bool:
        """Return whether a host exists."""
        return host == admin.HOST or host in self._services

    def trouble_connecting(self, host: str) -> Kind | None:
        """Return what goes wrong when a host is looked up or connected to; counts it off."""
        if host == admin.HOST:
            return None
        if self.dark:
            return Kind.RESOLVER
        fault = self._take(host, None, connecting=True)
        if fault is not None:
            return fault.kind
        return None if self.knows(host) or self.captive else Kind.NO_SUCH_HOST

    def _take(self, host: str, path: str | None, *, connecting: bool) -> Fault | None:
        for n, fault in enumerate(self.faults):
            here = fault.host == host and fault.path in (None, path)
            if here and (fault.kind in ON_CONNECT) is connecting and fault.times != 0:
                if fault.times is not None:
                    self.faults[n] = replace(fault, times=fault.times - 1)
                return fault
        return None

    def _choose_certificate(
        self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> None:
        if name is not None:
            connection.context = self._context(name)

    def _context(self, host: str) -> ssl.SSLContext:
        bad = (f.kind for f in self.faults if f.host == host and f.kind in _CERTIFICATES)
        kind = _CERTIFICATES.get(next(bad, Kind.RESET), Certificate.VALID)
        return context(host, kind)

    def _direct(self, scheme: str) -> Any:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async with self._kept(writer):
                if self.dark:
                    reset(writer)
                    return
                while (head := await read_head(reader)) is not None:
                    host = head[2].get("host", "").partition(":")[0].lower()
                    if not await self._answer(scheme, host, head, reader, writer):
                        return

        return connected

    async def _proxy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._kept(writer):
            while (head := await read_head(reader)) is not None:
                method, target, headers = head
                if method == "CONNECT":
                    await self._tunnel(target, reader, writer)
                    return
                parts = urlsplit(target)
                host = (parts.hostname or "").lower()
                asked = Asked(method=method, scheme="http", host=host, target=target)
                if (refusal := self._refusal(host)) is not None:
                    await read_body(reader, headers)
                    await write(writer, asked, refusal)
                    continue
                inner = target.partition("://")[2].partition("/")
                head = (method, f"/{inner[2]}" if parts.netloc else target, headers)
                if not await self._answer("http", host, head, reader, writer):
                    return

    async def _tunnel(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, _, port = target.rpartition(":")
        host = host.lower()
        self.connections[host] += 1
        refusal = self._refusal(host)
        if refusal is not None:
            asked = Asked(method="CONNECT", scheme="http", host=host, target=target)
            await write(writer, asked, refusal)
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        scheme = "http" if port == "80" else "https"
        if scheme == "https":
            await writer.start_tls(self._context(host))
        while (head := await read_head(reader)) is not None:
            if not await self._answer(scheme, host, head, reader, writer):
                return

    def _refusal(self, host: str) -> Reply | None:
        """Return what a proxy says of a host that it cannot reach, or None where it can."""
        trouble = self.trouble_connecting(host)
        if trouble is None or trouble in _CERTIFICATES:
            return None
        return text(f"the proxy cannot reach {host}: {trouble}", 502)

    async def _answer(
        self,
        scheme: str,
        host: str,
        head: tuple[str, str, dict[str, str]],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Answer one request; returns whether the connection can be used further."""
        method, target, headers = head
        body = await read_body(reader, headers)
        asked = Asked(
            method=method, scheme=scheme, host=host, target=target, headers=headers, body=body
        )
        if host == admin.HOST:
            await write(writer, asked, admin.answer(self, asked))
            return True
        if self.dark:
            reset(writer)
            return False
        self.requests.append(
            Counted(
                method=method,
                scheme=scheme,
                host=host,
                target=target,
                at=time.monotonic(),
                headers=headers,
            )
        )
        self.complaints += keys.misused(self.state, asked)
        for issues in (self.issues, *self._guests.values()):
            if isinstance(issues, GitHubIssues):
                self.complaints += issues.misused(asked)
        if self.latency:
            await asyncio.sleep(self.latency.total_seconds())
        if self.captive:
            await write(writer, asked, portal(asked))
            return True
        fault = self._take(host, asked.path, connecting=False)
        if fault is not None:
            return await play(fault, asked, writer)
        service = self._services.get(host)
        reply = service.answer(asked) if service is not None else text("no such host here", 404)
        if reply is NO_ANSWER:
            reset(writer)
            return False
        self.complaints += keys.complaint_of(reply)
        await write(writer, asked, reply)
        return headers.get("connection", "").lower() != "close"

    @contextlib.asynccontextmanager
    async def _kept(self, writer: asyncio.StreamWriter) -> Any:
        """Keep a connection's task and writer, so that the world's end ends them too."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            with contextlib.suppress(*_BROKEN, asyncio.CancelledError):
                yield
        finally:
            writer.close()
            self._tasks.discard(task)
            self._writers.discard(writer)


def _merged(cases: Iterable[Scenario | Mapping[str, Any]]) -> dict[str, Any]:
    return merged(case.state if isinstance(case, Scenario) else case for case in cases)

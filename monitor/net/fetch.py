"""The border to the network: a request goes out, an exchange comes back, never an exception.

`wire` asks once. Here are manners (the throttle, Retry-After), patience (repeats within a
budget) and the way along redirects, hop by hop.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from itertools import count
from types import MappingProxyType
from typing import Self

from aiohttp.abc import AbstractResolver

from monitor.config import Network
from monitor.core.model import ExchangeId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Request, Response
from monitor.core.retry_after import retry_after
from monitor.core.urls import UrlParts, split, without_fragment
from monitor.net.breaker import Breaker
from monitor.net.cookies import ChainCookies
from monitor.net.credentials import Credential, headers_for
from monitor.net.discretion import Discretion
from monitor.net.redirects import REDIRECTS, method_after, target
from monitor.net.throttle import CoolingError, Sleep, Throttle
from monitor.net.validators import Validator, Validators, conditions, renewed, validator_of
from monitor.net.wire import Call, Heard, Wire

HOME = "https://github.com/linkwell/linkwell"

PASSING = frozenset(
    {FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.REFUSED, FailureKind.RESOLVER}
)
"""Failures that may be over in a second, so that asking again is worth it."""

PASSING_STATUSES = frozenset({502, 503, 504})

FIRST_BACKOFF = 1.0
"""Seconds; the longest first wait. It doubles each time, and chance picks within it."""


def user_agent(contact: str | None) -> str:
    """Return how we introduce ourselves: name, version, and where to ask about us."""
    try:
        version = metadata.version("linkwell")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        version = "0"
    return f"Linkwell/{version} (+{HOME}{f'; {contact}' if contact else ''})"


def full_jitter(longest: float) -> float:
    """Return a random wait up to the longest, so that waiting clients do not come back as one.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
    """
    return random.uniform(0, longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What time is measured by and waited with: seconds that never go back, sleep, chance."""

    clock: Callable[[], float] = time.monotonic
    sleep: Sleep = asyncio.sleep
    jitter: Callable[[float], float] = full_jitter


class Fetch:
    """Asks by HTTP: one for a whole run, used by all clients. An async context manager.

    `credentials` go by the name that a request gives, `headers` by the origin they are for
    ("https://example.org"). `resolver` replaces the system's. `validators` keeps answers that
    need not come twice; without it everything is asked for anew. `discretion` knows what must not
    be repeated. `now` and `pace` are the clocks.
    """

    def __init__(  # noqa: PLR0913 - each is a part of the world that may be another's
        self,
        network: Network,
        *,
        credentials: Mapping[str, Credential] = MappingProxyType({}),
        headers: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        resolver: AbstractResolver | None = None,
        validators: Validators | None = None,
        discretion: Discretion | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Pace = Pace(),
    ) -> None:
        self._network = network
        self._credentials = credentials
        self._headers = headers
        self._resolver = resolver
        self._validators = validators
        self._discretion = discretion
        self._now = now
        self._pace = pace
        self._longest_wait = network.longest_wait.total_seconds()
        self._throttle = Throttle(
            per_host=network.per_host,
            starts_per_second=network.starts_per_second,
            longest_wait=self._longest_wait,
            clock=pace.clock,
            sleep=pace.sleep,
        )
        self._breaker = Breaker(pace.clock)
        self._agent = user_agent(network.contact)
        self._prefix = uuid.uuid4().hex[:16]
        self._count = count(1)
        self._open: Wire | None = None

    async def __aenter__(self) -> Self:
        self._open = Wire(self._network, self._resolver, self._discretion)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.close()
        self._open = None

    @property
    def _wire(self) -> Wire:
        if self._open is None:
            raise RuntimeError("Fetch is used outside of its `async with`")
        return self._open

    async def fetch(self, request: Request) -> Exchange:
        """Ask, following redirects as far as the request wants, and return what came of it.

        Never raises for anything the world does. Can be cancelled at any moment.
        """
        way = _Way(url=request.url, method=request.method.upper(), body=request.body)
        said = await self._walk(request, way)
        return Exchange(
            id=ExchangeId(f"{self._prefix}-{next(self._count)}"),
            method=request.method.upper(),
            url=request.url,
            at=self._now() - way.elapsed,
            elapsed=way.elapsed,
            said=said,
            hops=tuple(way.hops),
            attempts=way.attempts,
        )

    async def _walk(self, request: Request, way: "_Way") -> Response | Failure:
        while True:
            parts = split(way.url)
            if not parts.is_web:
                return Failure(kind=FailureKind.MALFORMED_URL, detail="This is no web address.")
            call = self._call(request, way)
            kept = await self._kept(request, call)
            asked = replace(call, headers={**call.headers, **conditions(kept)}) if kept else call
            heard = await self._patiently(asked, parts, way, 1 if request.once else None)
            if isinstance(heard, Failure):
                return heard
            heard = await self._renewed(heard, kept, request, call)
            end = self._go_on(request, way, heard)
            if end is not None:
                return end

    def _call(self, request: Request, way: "_Way") -> Call:
        """Return what to send for the hop that a request has come to."""
        way.abroad = way.abroad or not _same_origin(request.url, way.url)
        cookie = way.cookies.header(way.url)
        way.seen.add((way.method, without_fragment(way.url), cookie))
        headers = headers_for(way.url, request, self._credentials, self._headers, abroad=way.abroad)
        headers.setdefault("user-agent", self._agent)
        headers["accept-encoding"] = "gzip, deflate"  # what the wire unpacks within bounds
        if cookie:
            headers["cookie"] = "; ".join(filter(None, (headers.get("cookie"), cookie)))
        return Call(
            method=way.method, url=way.url, headers=headers, body=way.body, read=request.read
        )

    async def _kept(self, request: Request, call: Call) -> Validator | None:
        """Return the answer of last time that a call may ask to renew, or None."""
        if self._validators is None or not request.revalidate or call.method != "GET":
            return None
        return await self._validators.find(call.url, self._key_of(request, call))

    async def _renewed(
        self, heard: Heard, kept: Validator | None, request: Request, call: Call
    ) -> Heard:
        """Return an answer, in place of "not modified" the one of last time; keep a new one."""
        if kept is not None and heard.response.status == 304:
            return replace(heard, response=renewed(kept, heard.response, call.read))
        if self._validators is not None and request.revalidate and call.method == "GET":
            new = validator_of(heard.response, self._key_of(request, call), self._now())
            if new is not None:
                await self._validators.keep(new)
        return heard

    def _key_of(self, request: Request, call: Call) -> str:
        """Return the name of the key that goes along with a call, or ""."""
        name = request.credential or ""
        key = self._credentials.get(name)
        return name if key and call.headers.get(key.header.lower()) == key.value else ""

    def _go_on(self, request: Request, way: "_Way", heard: Heard) -> Response | Failure | None:
        """Take the next hop and return None, or return what the way ends with."""
        response = heard.response
        if response.status not in REDIRECTS:
            return response
        there = target(heard.location, way.url, response.status)
        if isinstance(there, Failure):
            return there
        if request.follow is None or not request.follow(there):
            return replace(response, location=there)
        way.cookies.take(heard.cookies, way.url)
        way.hop(response.status, there)
        if len(way.hops) > self._network.redirects:
            return _loop(f"It redirects more than {self._network.redirects} times.")
        if (way.method, without_fragment(there), way.cookies.header(there)) in way.seen:
            return _loop("It redirects in a circle.")
        return None

    async def _patiently(
        self, call: Call, parts: UrlParts, way: "_Way", attempts: int | None
    ) -> Heard | Failure:
        """Ask, and ask again while that is allowed and there is hope."""
        most = attempts or self._network.attempts
        host = parts.host if parts.port is None else f"{parts.host}:{parts.port}"
        budget = self._network.link_budget.total_seconds()
        if self._breaker.has_given_up(host):
            return _given_up(host)
        while True:
            try:
                async with self._throttle.slot(host):
                    began = self._pace.clock()
                    heard = await self._wire.send(call, within=max(0.001, budget - way.spent))
                    took = self._pace.clock() - began
            except CoolingError as cooling:
                return self._turned_away(host, cooling.seconds)
            way.spent += took
            failed = isinstance(heard, Failure) and heard.kind in PASSING
            self._breaker.heed(host, answered=not failed)
            wait = self._wait(heard, way.attempts)
            if wait is not None and _is_429(heard):
                self._throttle.cool_off(host, wait)
            if (
                wait is None
                or wait > self._longest_wait
                or way.attempts >= most
                or way.spent + wait >= budget
            ):
                way.elapsed += timedelta(seconds=took)
                return heard
            way.attempts += 1
            way.spent += wait
            await self._pace.sleep(wait)

    def _wait(self, heard: Heard | Failure, attempts: int) -> float | None:
        """Return how many seconds to wait before asking again, or None when there is no point."""
        longest = min(FIRST_BACKOFF * 2 ** (attempts - 1), self._longest_wait)
        if isinstance(heard, Failure):
            return self._pace.jitter(longest) if heard.kind in PASSING else None
        response = heard.response
        if "cf-mitigated" in response.headers:  # a challenge for people: Cloudflare's docs
            return None
        if response.status not in PASSING_STATUSES and response.status != 429:
            return None
        now = self._now()
        asked = retry_after(response.headers.get("retry-after"), now)
        if asked is not None:
            return max((asked - now).total_seconds(), self._pace.jitter(longest))
        return self._pace.jitter(longest) if response.status != 429 else None

    def _turned_away(self, host: str, seconds: float) -> Failure:
        return Failure(
            kind=FailureKind.BLOCKED,
            detail=f"{host}: it asked to be left alone for a while, so it was not asked again.",
            retry_at=self._now() + timedelta(seconds=seconds),
        )


@dataclass(slots=True, kw_only=True)
class _Way:
    """How far a request has come: the one thing here that changes.

    `spent` counts the seconds of asking and of waiting between repeats, against the budget;
    `elapsed` only the last try of each hop.
    """

    url: Url
    method: str
    body: bytes | None
    hops: list[Hop] = field(default_factory=list)
    cookies: ChainCookies = field(default_factory=ChainCookies)
    seen: set[tuple[str, Url, str]] = field(default_factory=set)
    abroad: bool = False
    attempts: int = 1
    spent: float = 0.0
    elapsed: timedelta = timedelta()

    def hop(self, status: int, there: Url) -> None:
        """Go on to a redirect's target."""
        self.hops.append(Hop(status=status, url=self.url, location=there))
        method = method_after(status, self.method)
        if method != self.method:
            self.method, self.body = method, None
        self.url = there


def _same_origin(start: Url, here: Url) -> bool:
    """Return whether two URLs have one origin, or the second is the first made secure."""
    first, second = split(start), split(here)
    if (first.scheme, first.port, second.scheme, second.port) == ("http", None, "https", None):
        return first.host == second.host
    return first.origin == second.origin


def _is_429(heard: Heard | Failure) -> bool:
    return isinstance(heard, Heard) and heard.response.status == 429


def _given_up(host: str) -> Failure:
    return Failure(
        kind=FailureKind.STOPPED,
        detail=f"{host}: it did not answer many times in a row, so it was not asked again.",
    )


def _loop(detail: str) -> Failure:
    return Failure(kind=FailureKind.REDIRECT_LOOP, detail=detail)

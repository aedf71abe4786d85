"""Google's APIs by Google's own library: it builds and reads, fetch carries.

So throttle, proxy, limits and evidence are those of the run. The library is met in
`google_library`, which is imported when the first call is made. Nothing here knows a
particular API, but for which of them take batches.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from monitor.core.model import ExchangeId, Json, Url
from monitor.core.ports import (
    OURS,
    Exchange,
    Failure,
    FailureKind,
    GoogleCall,
    Request,
)
from monitor.core.urls import split
from monitor.net.credentials import Credential
from monitor.net.google_account import FetchOne, Now, ServiceAccount
from monitor.net.google_errors import outcome

if TYPE_CHECKING:
    from monitor.net.google_library import Library, Outgoing, Read, Reply

Said: TypeAlias = tuple[Json | Failure, tuple[ExchangeId, ...]]

ACCOUNT = "google_account"
"""The credential that is a service account, not a key."""

BATCH = 100
"""How many calls one request may hold: Drive API, guides/performance."""

BATCHED = frozenset({"drive"})
"""The APIs whose batches are documented. YouTube's takes 50 ids a call instead."""

MOST_BYTES = 8 * 1024 * 1024
"""How much of an answer is read; 50 videos or 100 files have less than one MiB."""

NOT_SENT = frozenset({"accept-encoding", "content-length", "user-agent", "x-goog-api-client"})
"""The library's headers that are fetch's to set, or call us somebody else."""

LOST = frozenset({400, 404, 405, 413})
"""Statuses by which a batch as such is turned away, so that its calls are asked singly."""


class Google:
    """Makes calls, for one run; `keys` are those of the network, for the parts of batches."""

    def __init__(
        self,
        keys: Mapping[str, Credential] = MappingProxyType({}),
        account: ServiceAccount | None = None,
    ) -> None:
        self._keys = keys
        self._account = account
        self._made: Library | None = None
        self._turns: defaultdict[_Who, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._refused: dict[_Who, Failure] = {}

    async def calls(self, calls: Sequence[GoogleCall], fetch: FetchOne, now: Now) -> Sequence[Said]:
        """Return what the library reads of each call, in their order; see `Ports.google`.

        Each API is asked by one key one request after the other. So, once key or quota is
        refused, no other call finds that out for itself: all are answered alike, unasked.
        """
        said: dict[int, Said] = {}
        for who, places in _groups(calls).items():
            size = BATCH if calls[places[0]].api in BATCHED else 1
            for start in range(0, len(places), size):
                chunk = places[start : start + size]
                heard = await self._in_turn(who, [calls[place] for place in chunk], fetch, now)
                said |= dict(zip(chunk, heard, strict=True))
        return [said[place] for place in range(len(calls))]

    async def _in_turn(
        self, who: "_Who", calls: Sequence[GoogleCall], fetch: FetchOne, now: Now
    ) -> Sequence[Said]:
        async with self._turns[who]:
            refused = self._refused.get(who)
            if refused is not None and (refused.retry_at is None or now() < refused.retry_at):
                return [(refused, ())] * len(calls)
            heard = await self._chunk(calls, fetch, now)
            refused = _refusal(heard)
            if refused is not None:
                self._refused[who] = refused
            return heard

    async def _chunk(
        self, calls: Sequence[GoogleCall], fetch: FetchOne, now: Now
    ) -> Sequence[Said]:
        """Return the answers to calls that may travel together."""
        key = await self._key(calls[0].credential, fetch, now)
        if isinstance(key, _NoKey):
            return [(key.why, key.exchanges)] * len(calls)
        if len(calls) == 1:
            return [await self._single(calls[0], key, fetch)]
        return await self._batch(calls, key, fetch)

    async def _key(self, name: str, fetch: FetchOne, now: Now) -> "_Key | _NoKey":
        """Return what to show for a credential: fetch knows the keys, only we the account."""
        if name != ACCOUNT:
            return _Key(name=name, known=self._keys.get(name))
        if self._account is None:
            detail = "No service account is configured."
            return _NoKey(Failure(kind=FailureKind.CREDENTIAL, detail=detail))
        token, exchanges = await self._account.token(fetch, now)
        if isinstance(token, Failure):
            return _NoKey(token, exchanges)
        return _Key(name=None, token=token)

    async def _single(self, call: GoogleCall, key: "_Key", fetch: FetchOne) -> Said:
        single = self._library.single(call)
        exchange = await fetch(_request(single.outgoing(), key))
        reply = _reply(exchange)
        if isinstance(reply, Failure):
            return reply, (exchange.id,)
        return _outcome(single.read(reply), exchange), (exchange.id,)

    async def _batch(
        self, calls: Sequence[GoogleCall], key: "_Key", fetch: FetchOne
    ) -> Sequence[Said]:
        """Return the answers to one batch; what its answer lost is asked singly."""
        # Each part shows the key: that the whole's headers hold for the parts is Google's word,
        # but for no key of this kind was it seen.
        batch = self._library.batch(calls, key.headers)
        exchange = await fetch(_request(batch.outgoing(), key))
        evidence = (exchange.id,)
        reply = _reply(exchange)
        if isinstance(reply, Failure):
            return [(reply, evidence)] * len(calls)
        if reply.status >= 300:
            whole: Said = _outcome(self._library.single(calls[0]).read(reply), exchange), evidence
            if reply.status not in LOST or _refusal([whole]):
                return [whole] * len(calls)
        read = batch.read(reply)
        said: list[Said] = []
        refused: Failure | None = None
        for place, call in enumerate(calls):
            if place in read:
                said.append((_outcome(read[place], exchange), evidence))
            elif refused is not None:
                said.append((refused, evidence))
            else:
                alone, more = await self._single(call, key, fetch)
                said.append((alone, evidence + more))
            refused = refused or _refusal(said[-1:])
        return said

    @property
    def _library(self) -> "Library":
        if self._made is None:
            from monitor.net.google_library import Library

            self._made = Library()
        return self._made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """How a call shows who asks: by a key that fetch knows by name, or by a token."""

    name: str | None
    known: Credential | None = None
    token: str | None = field(default=None, repr=False)

    def headers(self, url: Url) -> Mapping[str, str]:
        """Return the headers for a URL, by https and to whom it may concern; maybe none."""
        parts = split(url)
        if parts.scheme != "https":
            return {}
        if self.token is not None and parts.host.endswith(".googleapis.com"):
            return {"Authorization": f"Bearer {self.token}"}
        if self.known is not None and parts.host in self.known.hosts:
            return {self.known.header: self.known.value}
        return {}


@dataclass(frozen=True, slots=True)
class _NoKey:
    """Why there is nothing to show."""

    why: Failure
    exchanges: tuple[ExchangeId, ...] = ()


_Who: TypeAlias = tuple[str, str, str]
"""An API, its version, and the credential that asks."""


def _groups(calls: Sequence[GoogleCall]) -> Mapping[_Who, Sequence[int]]:
    """Return the places of the calls by who asks which API."""
    groups: dict[_Who, list[int]] = {}
    for place, call in enumerate(calls):
        groups.setdefault((call.api, call.version, call.credential), []).append(place)
    return groups


def _request(outgoing: "Outgoing", key: _Key) -> Request:
    """Return what the library would send, with the key; it is not sent on to anywhere."""
    url = Url(outgoing.uri)
    theirs = {k: v for k, v in outgoing.headers.items() if k.lower() not in NOT_SENT}
    token = key.headers(url) if key.name is None else {}
    return Request(
        url=url,
        method=outgoing.method,
        headers={**theirs, **token},
        body=outgoing.body.encode() if outgoing.body else None,
        read=MOST_BYTES,
        credential=key.name,
    )


def _reply(exchange: Exchange) -> "Reply | Failure":
    from monitor.net.google_library import Reply

    said = exchange.said
    if isinstance(said, Failure):
        return said
    if said.truncated:
        detail = f"Google's API answered more than {MOST_BYTES >> 20} MiB."
        return Failure(kind=FailureKind.UNREADABLE, detail=detail)
    return Reply(status=said.status, headers=said.headers, body=said.body)


def _outcome(read: "Read", exchange: Exchange) -> Json | Failure:
    return outcome(read.status, read.headers, read.body, exchange.at + exchange.elapsed)


def _refusal(said: Iterable[Said]) -> Failure | None:
    """Return the failure by our own fault that is among the answers, or None."""
    failures = (value for value, _ in said if isinstance(value, Failure))
    return next((failure for failure in failures if failure.kind in OURS), None)

"""The interface of a provider: asking is apart from judging.

A provider is one file in `monitor/providers` that ends with `PROVIDER = …`. Its `judge` is
pure: it is given all answers so far and returns the verdict, or the name of the probe
that it wants asked. Its probes do I/O and decide nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from monitor.core.causes import Cause
from monitor.core.checkup import Checkup
from monitor.core.model import (
    ExchangeId,
    Json,
    Link,
    Observation,
    Resource,
    ResourceId,
    Url,
    Verdict,
)
from monitor.core.ports import Exchange, Failure, Hop, Ports, Response
from monitor.core.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a service said of one resource, as plain values that can be stored.

    `body` is its own item, parsed to JSON, or text, or None. `status` and `url` are those of
    the last answer, or 0 and the resource's URL where it was not one HTTP answer.
    """

    status: int
    url: Url
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    location: Url | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one probe brought about ONE resource, also out of a batch.

    `at` is the only clock that a judge sees. `exchanges` name the evidence, stored once
    however many resources shared it.
    """

    probe: str
    at: datetime
    said: Document | Failure
    exchanges: tuple[ExchangeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A resource's observation with the evidence behind it, as history stores it."""

    observation: Observation
    answers: tuple[Answer, ...]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A judge's wish: the name of a usable probe that has not answered yet."""

    probe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialUse:
    """How a service wants to be shown a key, by the name that the configuration gives it.

    `form` is the header's value with {} for the key; only `hosts` may see it.
    """

    header: str
    form: str
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a fact of a provider means, for people and for drift.

    `identity` tells that a change of it may mean that the resource is another one now. `kept`
    is noted with what was accepted, for `judge_link_since`; a change of it means nothing.
    `source` says where it comes from: the probe, and the service's own name for it.
    """

    meaning: str
    source: str
    unit: str = ""
    identity: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A form of address that a provider recognises: an example of it, and what kind it is."""

    example: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What a probe asks, and what asking costs, in words: for the provider's page."""

    about: str
    cost: str


class Probe(Protocol):
    """One way of asking a service.

    `credential` is the name of the key without which it is not asked, or None. `size` is how
    many resources one batch may hold: 1 is asked at once; more waits until a batch is full or
    nothing else can join it. `allowance` names the count that its calls take from, which other
    probes may share; a refusal then speaks for all of them. None where nobody counts.
    """

    credential: str | None
    allowance: str | None
    size: int

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Divide resources into batches that can be asked together; pure."""

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Ask, and return each resource's own answer; a missing one reads as unanswered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloserLook:
    """What only a closer look at a thing tells: identity facts, and reasons."""

    facts: frozenset[str]
    reasons: frozenset[Reason]


class Provider(Protocol):
    """What knows one service: recognises its URLs, asks it, judges its answers.

    `name` is that of its file, `title` what people call the service. Whoever inherits from
    this needs neither credentials nor a judgement of its own on links.
    """

    name: str
    title: str
    probes: Mapping[str, Probe]
    credentials: Mapping[str, CredentialUse] = MappingProxyType({})
    facts: Mapping[str, Fact] = MappingProxyType({})
    checkups: Mapping[str, Checkup] = MappingProxyType({})
    """By the key's name; `linkwell doctor` asks them."""
    shapes: Sequence[Shape] = ()
    ways: Mapping[str, Way] = MappingProxyType({})
    """By the probe's name."""
    looked_up: Mapping[str, CloserLook] = MappingProxyType({})
    """By kind, what only a closer look tells without a key: `first_looks`."""

    def identify(self, link: Link) -> Resource | None:
        """Return the resource behind a link, or None when it is not this service's; pure."""

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which usable probe to ask next; pure and total."""

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:  # noqa: ARG002 - for those that do
        """Return the verdict of this very link, by default the resource's own; pure."""
        return verdict

    def causes(
        self,
        resource: Resource,  # noqa: ARG002 - for those that do
        facts: Mapping[str, Json],  # noqa: ARG002 - the same
    ) -> Sequence[Cause]:
        """Return to what a resource belongs that others may share; none by default; pure, total.

        `facts` are those known of it, also of when it last worked; any of them may be missing, or
        of another form than it should be.
        """
        return ()

    def judge_link_since(
        self,
        link: Link,  # noqa: ARG002 - for those that do
        verdict: Verdict,
        accepted: Mapping[str, Json],  # noqa: ARG002 - the same
    ) -> Verdict:
        """Return the verdict of this very link by what was accepted of its resource; pure."""
        return verdict

    def witnesses(self, url: Url) -> Sequence[Url]:  # noqa: ARG002 - for those that do
        """Return addresses of this service that may tell why a page elsewhere is broken; pure.

        The likeliest comes first. They are asked only of what is broken, one after the other
        until one is alive.
        """
        return ()

    def testified(
        self,
        url: Url,  # noqa: ARG002 - for those that do
        broken: Verdict,
        witness: Url,  # noqa: ARG002 - the same
        known: Verdict,  # noqa: ARG002 - the same
    ) -> Verdict:
        """Return the verdict of a broken page elsewhere with what is known of its witness; pure.

        Its `instead` is asked before it is offered.
        """
        return broken


def answer(
    probe: str, exchange: Exchange, body: Callable[[Response], Json | Failure] | None = None
) -> Answer:
    """Return the answer that one exchange is, its body read by `body` (None: no body).

    A failed exchange keeps its failure. Headers are kept as far as a judge reads them.
    """
    said = exchange.said
    if isinstance(said, Response):
        read = body(said) if body is not None else None
        said_to_judge: Document | Failure = (
            read
            if isinstance(read, Failure)
            else Document(
                status=said.status,
                url=said.url,
                body=read,
                headers={k: said.headers[k] for k in KEPT_HEADERS if k in said.headers},
                hops=exchange.hops,
                location=said.location,
            )
        )
    else:
        said_to_judge = said
    return Answer(
        probe=probe,
        at=exchange.at + exchange.elapsed,
        said=said_to_judge,
        exchanges=(exchange.id,),
    )


def answers(
    probe: str,
    exchange: Exchange,
    batch: Sequence[Resource],
    own: Callable[[Resource], Json | Failure],
) -> Mapping[ResourceId, Answer]:
    """Return the answers of a batch that one exchange told of: each with `own` as its body."""

    def part(resource: Resource) -> Callable[[Response], Json | Failure]:
        return lambda _response: own(resource)

    return {resource.id: answer(probe, exchange, part(resource)) for resource in batch}


def shapes(by_kind: Mapping[str, Sequence[str]]) -> tuple[Shape, ...]:
    """Return the shapes of a table: kind, and examples of its addresses."""
    return tuple(
        Shape(example=example, kind=kind)
        for kind, examples in by_kind.items()
        for example in examples
    )


KEPT_HEADERS = (
    "cf-mitigated",
    "content-length",
    "content-type",
    "last-modified",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
)
"""The headers that some judge reads; the rest is evidence and no part of an answer."""


def last(answers: Sequence[Answer], probe: str) -> Answer | None:
    """Return the newest answer of a probe, or None when it has not answered."""
    return next((a for a in reversed(answers) if a.probe == probe), None)

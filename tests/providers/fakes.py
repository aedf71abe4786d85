"""A small world for probes: what each address answers, and what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor import providers
from monitor.core.identify import identify, link_to
from monitor.core.model import ExchangeId, Json, Link, Occurrence, Position, Resource, Url, Verdict
from monitor.core.ports import (
    OURS,
    Exchange,
    Failure,
    FailureKind,
    GoogleCall,
    Hop,
    Outline,
    Request,
    Response,
)
from monitor.core.provider import Answer, Ask, Provider
from monitor.core.urls import normalise
from monitor.extract.outline import outline

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def reply(status: int = 200, body: str | bytes = b"", **headers: str) -> Response:
    """Return what an address answers; header names are written with "_" for "-"."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else body
    return Response(status=status, url=Url(""), headers=named, body=raw)


def html(body: str | bytes = b"<p>", status: int = 200, **headers: str) -> Response:
    """Return what the address of an HTML page answers."""
    return reply(status, body, content_type="text/html", **headers)


def redirect(location: str, status: int = 301) -> Response:
    """Return what an address answers that sends on."""
    return reply(status, location=location)


def nothing(kind: FailureKind) -> Failure:
    """Return the failure of a kind."""
    return Failure(kind=kind, detail=f"no answer: {kind}")


@dataclass
class FakePorts:
    """Ports over a table of address -> answer; an address not in it answers 404.

    "HEAD https://…" in it is what HEAD alone is answered. Redirects (3xx with a `location`) are
    followed as the request says. `asked` lists the addresses asked, in order. `videos` is what
    yt-dlp says of an address. `apis` is what Google's library reads of a call, by `google_name`
    ("drive files.get 1Q7L…"); a call not in it is an API's 404. `called` lists the calls, one
    tuple for each time that Google was asked. The reading of pages is the real one.
    """

    table: Mapping[str, Response | Failure] = field(default_factory=dict)
    videos: Mapping[str, Json | Failure] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    apis: Mapping[str, Json | Failure] = field(default_factory=dict)
    called: list[tuple[GoogleCall, ...]] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        return [request.url for request in self.requests]

    async def fetch(self, request: Request) -> Exchange:
        self.requests.append(request)
        url, hops, said = request.url, [], self._answer(request.url, request)
        while isinstance(said, Response) and said.location is not None:
            if request.follow is None or not request.follow(said.location):
                break
            hops.append(Hop(status=said.status, url=url, location=said.location))
            url, said = said.location, self._answer(said.location, request)
        return Exchange(
            id=ExchangeId(f"x{len(self.requests)}"),
            method=request.method,
            url=request.url,
            at=AT,
            elapsed=timedelta(milliseconds=50),
            said=said,
            hops=tuple(hops),
        )

    def _answer(self, url: Url, request: Request) -> Response | Failure:
        said = self.table.get(f"{request.method} {url}") or self.table.get(url, reply(404))
        if isinstance(said, Failure):
            return said
        target = said.headers.get("location")
        return Response(
            status=said.status,
            url=url,
            headers=said.headers,
            body=said.body[: request.read],
            truncated=len(said.body) > request.read,
            location=normalise(target, url) if target and 300 <= said.status < 400 else None,
        )

    def now(self) -> datetime:
        return AT

    def owner(self, url: Url) -> str:
        return identify(link_to(url), providers.find()).provider

    def outline(self, response: Response) -> Outline:
        return outline(response)

    async def video(self, url: Url) -> tuple[Json | Failure, tuple[ExchangeId, ...]]:
        said = self.videos.get(url, nothing(FailureKind.TIMEOUT))
        return said, (ExchangeId(f"v{url}"),)

    async def google(
        self, calls: Sequence[GoogleCall]
    ) -> Sequence[tuple[Json | Failure, tuple[ExchangeId, ...]]]:
        self.called.append(tuple(calls))
        evidence = (ExchangeId(f"g{len(self.called)}"),)
        return [(self.apis.get(google_name(call), NO_SUCH_THING), evidence) for call in calls]


NO_SUCH_THING: Json = {"error": {"status": 404, "reason": "notFound", "message": "Not found."}}
"""What an API says of an id that it does not know."""


def google_name(call: GoogleCall) -> str:
    """Return a call in short: "drive files.get ID", by the first argument that names something."""
    named = ("fileId", "id", "playlistId", "forHandle", "forUsername", "q", "pageToken")
    subjects = [str(call.arguments[name]) for name in named if call.arguments.get(name)]
    return " ".join([call.api, ".".join(call.method), *subjects])


def link(url: str, element: str = "a") -> Link:
    """Return a link to a URL as it stands in an element of some page."""
    occurrence = Occurrence(
        page="page", position=Position(line=1, column=1), element=element, attribute="href"
    )
    return Link(written=url, url=normalise(url) or Url(url), occurrence=occurrence)


async def check(
    provider: Provider,
    url: str,
    ports: FakePorts,
    *,
    without: Sequence[str] = (),
    element: str = "a",
    needs: frozenset[str] = frozenset(),
) -> Verdict:
    """Return the verdict of a link after the judge and its probes have talked it out.

    `needs` are what its resource needs besides.
    """
    the_link = link(url, element)
    resource = provider.identify(the_link)
    assert resource is not None, f"{url} is not {provider.name}'s"
    resource = replace(resource, needs=resource.needs | needs)
    verdict, _ = await drive(provider, resource, ports, without=without)
    return provider.judge_link(the_link, verdict)


async def drive(
    provider: Provider, resource: Resource, ports: FakePorts, *, without: Sequence[str] = ()
) -> tuple[Verdict, Sequence[str]]:
    """Return the verdict of a resource, and the probes that were asked for it, in order.

    A probe that fails by our fault is out, as in a run.
    """
    usable = frozenset(provider.probes) - set(without)
    answers: list[Answer] = []
    while isinstance(judged := provider.judge(resource, answers, usable), Ask):
        probe = judged.probe
        assert probe in usable, f"{probe} is not usable"
        assert probe not in {a.probe for a in answers}, f"{probe} was asked twice"
        (batch,) = provider.probes[probe].cut([resource])
        answer = (await provider.probes[probe].ask(batch, ports))[resource.id]
        answers.append(answer)
        if isinstance(answer.said, Failure) and answer.said.kind in OURS:
            usable -= {probe}
    return judged, [answer.probe for answer in answers]

"""A small world for probes: answers by URL, and a count of what was asked."""

from datetime import timedelta

from monitor import providers
from monitor.core.identify import identify, link_to
from monitor.core.model import ExchangeId
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Outline, Response
from tests.strategies import NOON


class FakePorts:
    """Follows redirects as fetch does; what is not named gets 404.

    `pages` maps "METHOD url" or a URL to a Response or Failure; `outlines` a body to its outline.
    """

    def __init__(self, pages, outlines=None):
        self.pages = pages
        self.outlines = outlines or {}
        self.asked = []

    async def fetch(self, request):
        self.asked.append(request)
        url, hops = request.url, []
        while True:
            said = self.pages.get(f"{request.method} {url}", self.pages.get(url))
            if said is None:
                said = Response(status=404, url=url, headers={})
            follows = isinstance(said, Response) and said.location is not None
            if not follows or request.follow is None or not request.follow(said.location):
                break
            hops.append(Hop(status=said.status, url=url, location=said.location))
            url = said.location
        return Exchange(
            id=ExchangeId(f"exchange-{len(self.asked)}"),
            method=request.method,
            url=request.url,
            at=NOON,
            elapsed=timedelta(seconds=1),
            said=said,
            hops=tuple(hops),
        )

    def now(self):
        return NOON

    def owner(self, url):
        return identify(link_to(url), providers.find()).provider

    def outline(self, response):
        return self.outlines.get(response.body, Outline())

    async def video(self, url):
        return Failure(kind=FailureKind.TIMEOUT, detail=f"{url} did not answer"), ()


def html(url, body=b"<p>", status=200, **headers):
    """Return an HTML answer."""
    return Response(
        status=status, url=url, headers={"content-type": "text/html", **headers}, body=body
    )


def redirect(url, location, status=301):
    """Return a redirect."""
    return Response(status=status, url=url, headers={}, location=location)


async def drive(resource, provider, ports, usable=None):
    """Ask until there is a verdict; return it with the probes that were asked."""
    usable = frozenset(provider.probes) if usable is None else usable
    answers, asked = [], []
    while True:
        wish = provider.judge(resource, answers, usable)
        if not hasattr(wish, "probe"):
            return wish, asked
        asked.append(wish.probe)
        (batch,) = provider.probes[wish.probe].cut([resource])
        answers.append((await provider.probes[wish.probe].ask(batch, ports))[resource.id])

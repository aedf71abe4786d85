"""Ports whose far side is the world's GitHub, with or without a token, and counters."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.core.model import Url
from monitor.core.ports import Response
from monitor.core.urls import normalise
from monitor.providers.github import PROVIDER
from tests.providers.fakes import FakePorts, check, nothing  # noqa: F401 - for those who ask by it
from tests.world.github import GitHub
from tests.world.wire import COMPLAINT, Asked

TOKEN = "ghp_canary"
GRAPH = ("graphql", "elsewhere")
"""The probes that need the token."""


@dataclass
class GitHubPorts(FakePorts):
    """Ports over a world's GitHub; what stands in `table` goes before it."""

    state: dict = field(default_factory=dict)
    token: bool = True

    def __post_init__(self):
        self.github = GitHub({"tokens": [TOKEN], **self.state})

    def _answer(self, url, request):
        if url in self.table:
            return super()._answer(url, request)
        parts = urlsplit(url)
        headers = {"user-agent": "Linkwell", **{k.lower(): v for k, v in request.headers.items()}}
        if self.token and request.credential == "github":
            headers["authorization"] = f"Bearer {TOKEN}"
        asked = Asked(
            method=request.method,
            scheme=parts.scheme,
            host=parts.netloc,
            target=parts.path + (f"?{parts.query}" if parts.query else ""),
            headers=headers,
            body=request.body or b"",
        )
        reply = self.github.answer(asked)
        named = {name.lower(): value for name, value in reply.headers}
        assert COMPLAINT.lower() not in named, named
        target = named.get("location")
        return Response(
            status=reply.status,
            url=Url(url),
            headers=named,
            body=reply.body[: request.read],
            truncated=len(reply.body) > request.read,
            location=normalise(target, url) if target and 300 <= reply.status < 400 else None,
        )

    @property
    def calls(self):
        """How many were asked of GraphQL, of REST, and of pages and raw files."""
        kinds = {"https://api.github.com/graphql": "graphql"}
        api = "https://api.github.com/"
        return Counter(kinds.get(u, "rest" if u.startswith(api) else "site") for u in self.asked)


async def judged(url, state, *, token=True, table=None):
    """Return the verdict of a link in a world, and the ports it was asked by."""
    ports = GitHubPorts(table=table or {}, state=state, token=token)
    verdict = await check(PROVIDER, url, ports, without=() if token else GRAPH)
    return verdict, ports

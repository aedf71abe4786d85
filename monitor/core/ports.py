"""What a probe may ask of the world: the values that cross the border, and the border itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.core.model import ExchangeId, Json, Url


class FailureKind(StrEnum):
    """Why there is no answer, by who or what is at fault."""

    NO_SUCH_HOST = "no-such-host"
    """The resolver says that the name does not exist; never claimed behind a proxy."""
    REFUSED = "refused"
    RESET = "reset"
    """The connection was cut, before or within the answer."""
    TIMEOUT = "timeout"
    TLS = "tls"
    """Their certificate is not valid: expired, another host's, or from nobody known."""
    PROTOCOL = "protocol"
    """What came is no HTTP, or its encoding is broken."""
    REDIRECT_LOOP = "redirect-loop"
    """A circle, or more hops than the limit."""
    BAD_REDIRECT = "bad-redirect"
    """A redirect without a target, or with one that is no http(s) URL."""
    PRIVATE_ADDRESS = "private-address"
    MALFORMED_URL = "malformed-url"
    NETWORK = "network"
    """Our own network or proxy is at fault."""
    RESOLVER = "resolver"
    """The name could not be looked up now (no word on whether it exists)."""
    CREDENTIAL = "credential"
    """The service refuses our key; the probe is out for the rest of the run."""
    QUOTA = "quota"
    """Our allowance is spent; the probe is out for the rest of the run."""
    BLOCKED = "blocked"
    """The service turns us away as a robot."""
    UNREADABLE = "unreadable"
    """There was an answer, but not of the agreed form."""
    UNANSWERED = "unanswered"
    """The batch that held this resource said nothing of it."""
    STOPPED = "stopped"
    """The run was ended, or the host given up, before this was asked."""


OURS = frozenset({FailureKind.QUOTA, FailureKind.CREDENTIAL})
"""Failures by our own fault that take a probe out for the rest of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No answer: its kind, one sentence of detail, and when asking again makes sense.

    `key` marks the key that was refused, without being it; None where none was shown.
    """

    kind: FailureKind
    detail: str
    retry_at: datetime | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to ask by HTTP.

    `read` is how many bytes of the body are wanted: 0 for none. `follow` tells for each
    redirect target whether to go on by ourselves; None follows nothing, and the
    redirect itself is the answer. `credential` names the key to send, when it is there.
    `revalidate` asks whether what was answered last time still holds (ETag); if so, that
    answer comes again, and the service counts it as nothing or little. `once` is for what must
    not be done twice: it is never repeated, whatever comes of it.
    """

    url: Url
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    read: int = 0
    follow: Callable[[Url], bool] | None = None
    credential: str | None = None
    revalidate: bool = False
    once: bool = False


PERMANENT = frozenset({301, 308})
"""The redirects that say "use the new address from now on" (RFC 9110, 15.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleCall:
    """One call of a Google API: `method` ("files", "get") of `api` ("drive") in `version` ("v3").

    `credential` names the key or account that asks; `headers` go along with this very call.
    """

    api: str
    version: str
    method: tuple[str, ...]
    arguments: Mapping[str, Json]
    credential: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed: its status, where it was said, where it led."""

    status: int
    url: Url
    location: Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The last answer: status, the URL that gave it, headers in lower case, bounded body.

    `body` is decoded from its transfer and content encodings; `truncated` tells that there
    was more than was asked for. `location` is the redirect target that was not
    followed, resolved and normalised, or None.
    """

    status: int
    url: Url
    headers: Mapping[str, str]
    body: bytes = b""
    truncated: bool = False
    location: Url | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came of it, with the redirects on the way: the evidence."""

    id: ExchangeId
    method: str
    url: Url
    at: datetime
    elapsed: timedelta
    said: Response | Failure
    hops: tuple[Hop, ...] = ()
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What an HTML page says of itself: title, first heading, where it sends readers, ids.

    `refresh` is the target of an immediate meta refresh, `ids` all values of id and of
    `<a name>`; `words` the visible text, white space folded, at most 5,000 characters.
    """

    title: str = ""
    heading: str = ""
    refresh: Url | None = None
    ids: tuple[str, ...] = ()
    words: str = ""


class Ports(Protocol):
    """The world, as far as a probe may touch it."""

    async def fetch(self, request: Request) -> Exchange:
        """Ask by HTTP; every trouble of the world comes back as a Failure."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""

    def owner(self, url: Url) -> str:
        """Return the name of the provider that claims a URL."""

    def outline(self, response: Response) -> Outline:
        """Return what an HTML answer says of itself; pure, never fails."""

    async def video(self, url: Url) -> tuple[Json | Failure, tuple[ExchangeId, ...]]:
        """Return yt-dlp's metadata of a video as plain JSON, with the evidence.

        `{"info": {...}}` where it could be read; `{"error": {"kind": class name,
        "message": its text, "countries": [...] | None}}` where yt-dlp raised one; a Failure
        where yt-dlp never got to the point.
        """

    async def google(
        self, calls: Sequence[GoogleCall]
    ) -> Sequence[tuple[Json | Failure, tuple[ExchangeId, ...]]]:
        """Return what Google's library reads of each call, in their order, with the evidence.

        Several calls of one API travel as one batch, of at most 100; what a batch loses is
        asked singly. An API error is `{"error": {"status": int, "reason": str, "message": str}}`;
        a Failure says that there was no answer, or that our key or quota was refused
        (CREDENTIAL, QUOTA with `retry_at`).
        """

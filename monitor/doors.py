"""The ways out of this process that a check needs, each one function, as values.

Made from the configuration for real runs, and by hand in tests.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from monitor.config import Config
from monitor.core.errors import ConfigError
from monitor.core.identify import identify, link_to
from monitor.core.model import ExchangeId, Json, Url
from monitor.core.ports import Exchange, Failure, GoogleCall, Outline, Request, Response
from monitor.core.provider import Provider
from monitor.extract.outline import outline
from monitor.net.credentials import Credential
from monitor.net.discretion import Discretion
from monitor.net.fetch import Fetch
from monitor.net.google import ACCOUNT, Google
from monitor.net.google_account import ServiceAccount
from monitor.net.validators import Validators
from monitor.net.ytdlp import VideoReader
from monitor.providers import find

FetchOne = Callable[[Request], Awaitable[Exchange]]
Said = tuple[Json | Failure, tuple[ExchangeId, ...]]
Video = Callable[[Url, FetchOne], Awaitable[Said]]
GoogleCalls = Callable[
    [Sequence[GoogleCall], FetchOne, Callable[[], datetime]], Awaitable[Sequence[Said]]
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The network, yt-dlp and Google's library over it, the reading of pages, and one clock.

    `keys` are the names of the credentials that the network has, `marks` tells each from others
    of its name, `left_out` says of those that the environment has but that are of no use here, why.
    """

    fetch: FetchOne
    video: Video
    outline: Callable[[Response], Outline]
    now: Callable[[], datetime]
    keys: frozenset[str] = frozenset()
    marks: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    google: GoogleCalls = field(default_factory=lambda: Google().calls)


def utc_now() -> datetime:
    """Return the present instant, aware, UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened(
    config: Config,
    validators: Validators | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    fetching: Callable[..., Fetch] = Fetch,
) -> AsyncIterator[Doors]:
    """Lend the doors as the configuration has them; closing waits for nothing.

    `validators` keeps answers that need not come twice; `now` tells the time, and `fetching`
    makes the network. Raises ConfigError where the configuration itself names a service
    account's file that is none.
    """
    credentials = _credentials(config)
    account, left_out = _account(config)
    videos = VideoReader()
    try:
        async with fetching(
            config.network,
            credentials=credentials,
            headers=config.origin_headers(),
            validators=validators,
            discretion=Discretion(config.secret_texts()),
            now=now,
        ) as fetch:
            yield Doors(
                fetch=fetch.fetch,
                video=videos.video,
                outline=outline,
                now=now,
                keys=frozenset(credentials) | ({ACCOUNT} if account else set()),
                marks=_marks(credentials, account),
                left_out=left_out,
                google=Google(credentials, account).calls,
            )
    finally:
        videos.close()


def _credentials(config: Config) -> dict[str, Credential]:
    """Return the keys that are there, each in the form that its service wants."""
    secrets = config.secrets()
    return {
        name: Credential(header=use.header, value=use.form.format(secrets[name]), hosts=use.hosts)
        for provider in find()
        for name, use in provider.credentials.items()
        if name in secrets
    }


def _marks(
    credentials: Mapping[str, Credential], account: ServiceAccount | None
) -> Mapping[str, str]:
    """Return what tells each key from others of its name: some digits of a digest, by name."""
    secrets = {name: credential.value for name, credential in credentials.items()}
    if account is not None:
        secrets[ACCOUNT] = account.name
    return {name: sha256(secret.encode()).hexdigest()[:12] for name, secret in secrets.items()}


def _account(config: Config) -> tuple[ServiceAccount | None, Mapping[str, str]]:
    """Return the service account, or None, with why what the environment has is left out.

    Its variable may be there for other programs, with a file of a kind that is not ours to
    judge: that stops nothing. What the configuration names is meant for us.
    """
    path = config.secrets().get(ACCOUNT)
    if not path:
        return None, {}
    try:
        return ServiceAccount.read(path), {}
    except ConfigError as error:
        if config.credentials[ACCOUNT].by_file:
            raise
        return None, {ACCOUNT: str(error)}


class Recorder:
    """The ports of one batch: passes everything on, and keeps the exchanges as evidence."""

    def __init__(self, doors: Doors, providers: Sequence[Provider]) -> None:
        self._doors = doors
        self._providers = providers
        self.exchanges: dict[ExchangeId, Exchange] = {}

    async def fetch(self, request: Request) -> Exchange:
        """Ask by HTTP and keep the exchange."""
        exchange = await self._doors.fetch(request)
        self.exchanges[exchange.id] = exchange
        return exchange

    async def video(self, url: Url) -> Said:
        """Ask yt-dlp, over this very fetch."""
        return await self._doors.video(url, self.fetch)

    async def google(self, calls: Sequence[GoogleCall]) -> Sequence[Said]:
        """Ask Google's APIs by Google's library, over this very fetch."""
        return await self._doors.google(calls, self.fetch, self._doors.now)

    def now(self) -> datetime:
        """Return the present instant."""
        return self._doors.now()

    def owner(self, url: Url) -> str:
        """Return the name of the provider that claims a URL."""
        return identify(link_to(url), self._providers).provider

    def outline(self, response: Response) -> Outline:
        """Return what an HTML answer says of itself."""
        return self._doors.outline(response)

"""A service account of Google's: a key file that stands for a reader of its own.

Tokens are made by google-auth, unmodified; the one request it takes is carried by fetch.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.errors import ConfigError
from monitor.core.model import ExchangeId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Request, Response
from monitor.core.urls import normalise, split

if TYPE_CHECKING:
    from google.oauth2.service_account import Credentials

FetchOne = Callable[[Request], Awaitable[Exchange]]
Now = Callable[[], datetime]

SCOPES = ("https://www.googleapis.com/auth/drive.metadata.readonly",)
"""What a token allows: to read of files that they are there and what they are, no contents."""

BEFORE_THE_END = timedelta(minutes=5)
"""How long before its end a token is made anew; it lives for an hour."""

_MOST_BYTES = 100_000
_TOKEN = re.compile(r"[\x21-\x7e]+")
_WHAT_TO_DO = (
    "Download a key of a service account as JSON from the Google Cloud console and let it name"
    " that file's path, or take it away (it is read from GOOGLE_APPLICATION_CREDENTIALS)."
)


class ServiceAccount:
    """Who asks in place of a key; made by `read`."""

    def __init__(self, credentials: "Credentials") -> None:
        self._credentials = credentials
        self._ends: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    def read(cls, path: str) -> "ServiceAccount":
        """Return the account of a key file; raises ConfigError, which does not show the path.

        For there are those who put the key itself in the path's place.
        """
        from google.auth.exceptions import GoogleAuthError
        from google.oauth2.service_account import Credentials

        try:
            with Path(path).expanduser().open("rb") as file:
                told = json.loads(file.read(_MOST_BYTES))
        except (OSError, RuntimeError):
            raise _refused("names a file that cannot be read") from None
        except (ValueError, RecursionError):
            raise _refused("names a file that is not JSON, or no path at all") from None
        if not isinstance(told, Mapping) or told.get("type") != "service_account":
            raise _refused("names a file that is no service account's key")
        if split(normalise(str(told.get("token_uri"))) or Url("")).scheme != "https":
            raise _refused("names a key file whose token_uri is no https address")
        try:
            # google-auth annotates some of its functions, not this one.
            made: Credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                told, scopes=list(SCOPES)
            )
        except (GoogleAuthError, ValueError, TypeError):
            raise _refused("names a key file that is not whole") from None
        return cls(made)

    @property
    def name(self) -> str:
        """Return its address, by which files are shared with it."""
        return str(self._credentials.service_account_email)

    async def token(
        self, fetch: FetchOne, now: Now
    ) -> tuple[str | Failure, tuple[ExchangeId, ...]]:
        """Return a token that is good for some minutes yet, or why there is none.

        The evidence is that of a failure alone, and no success even then: an answer that holds
        a token is not to be kept.
        """
        async with self._one_at_a_time:
            if self._ends is not None and now() < self._ends - BEFORE_THE_END:
                return str(self._credentials.token), ()
            exchange = await fetch(self._request())
            failure = self._taken(exchange)
            if failure is not None:
                succeeded = isinstance(exchange.said, Response) and exchange.said.status == 200
                return failure, () if succeeded else (exchange.id,)
            return str(self._credentials.token), ()

    def _request(self) -> Request:
        """Return what google-auth would send for a token."""
        try:
            self._credentials.refresh(_Carried(None))  # type: ignore[no-untyped-call] # as above
        except _Asked as asked:
            return asked.request
        raise AssertionError("google-auth did not ask anything")

    def _taken(self, exchange: Exchange) -> Failure | None:
        """Take the token out of an answer; return why there is none, or None."""
        said = exchange.said
        if isinstance(said, Failure):
            return said
        if said.status in {400, 401, 403}:
            return _no_token(f"Google refuses the service account's key (status {said.status}).")
        if said.status != 200:  # google-auth would sleep and ask again
            detail = f"Google answered {said.status} instead of a token."
            return Failure(kind=FailureKind.UNREADABLE, detail=detail)
        try:
            self._credentials.refresh(_Carried(said))  # type: ignore[no-untyped-call] # as above
            ends = self._credentials.expiry
        except Exception:  # noqa: BLE001 - made of a stranger's answer: it may be any
            ends = None
        if ends is None or not _TOKEN.fullmatch(str(self._credentials.token)):
            detail = "Google's answer held no token."
            return Failure(kind=FailureKind.UNREADABLE, detail=detail)
        self._ends = ends.replace(tzinfo=UTC)
        return None


class _Asked(Exception):  # noqa: N818 - no error: google-auth has come to the point of asking
    """The request for a token."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class _Carried:
    """What google-auth takes for its network, and for the answer: it gives the one it has."""

    def __init__(self, reply: Response | None) -> None:
        self._reply = reply
        self.status = reply.status if reply else 0
        self.headers: Mapping[str, str] = reply.headers if reply else {}
        self.data = reply.body if reply else b""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> "_Carried":
        if self._reply is None:
            kind = (headers or {}).get("Content-Type", "application/x-www-form-urlencoded")
            raise _Asked(
                Request(
                    url=Url(url),
                    method=method,
                    headers={"Content-Type": kind},
                    body=body,
                    read=_MOST_BYTES,
                )
            )
        return self


def _no_token(detail: str) -> Failure:
    return Failure(kind=FailureKind.CREDENTIAL, detail=detail)


def _refused(what: str) -> ConfigError:
    return ConfigError(f"the credential google_account {what}. {_WHAT_TO_DO}")

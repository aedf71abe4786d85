"""GitHub's REST API by gidgethub, which builds requests and reads answers; fetch carries them.

What gidgethub leaves to its users is here: the waits that GitHub asks for, 429, renamed
repositories, apps. Whatever the world does comes back as a value.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import gidgethub
from gidgethub import abc as library
from gidgethub import apps

from monitor.core.errors import ConfigError
from monitor.core.json_reading import number_at, text_at, whole
from monitor.core.model import Json, Url
from monitor.core.ports import Exchange, Failure, Request
from monitor.core.retry_after import retry_after
from monitor.core.urls import normalise, split
from monitor.net.github_refusals import Refusal, is_limit, refusal_of

FetchOne: TypeAlias = Callable[[Request], Awaitable[Exchange]]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]

GITHUB = Url("https://api.github.com/")
VERSION = "2022-11-28"
"""The version of the API that is asked for: docs.github.com/rest, "API Versions"."""

LONGEST_WAIT = timedelta(seconds=60)
"""What is waited when GitHub asks for a pause; longer ones are for the next run."""

PAUSE = 1.0
"""Seconds between two writes: docs.github.com, "Best practices for using the REST API"."""

MOST_BYTES = 32 * 1024 * 1024
"""A hundred issues with the longest bodies, each character escaped, take less."""

MOST_ITEMS = 20_000
"""More issues or comments than so many are not read: it would take hundreds of requests."""

BEFORE_THE_END = timedelta(minutes=5)
"""How long before its end an app's token is made anew; it lives for an hour."""

_ODD = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the library trips over in an answer that is not GitHub's: its body is not checked."""

_Got = TypeVar("_Got")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppKey:
    """A GitHub App and its private key; `installation` is looked up where it is None."""

    id: str
    private_key: str = field(repr=False)
    installation: int | None = None

    @classmethod
    def read(cls, id_: str, path: Path, installation: int | None = None) -> "AppKey":
        """Return the app with the key of a file; raises ConfigError where that is none."""
        where = f"issues.app.private_key_file names {path}"
        try:
            with path.open("rb") as file:
                key = file.read(100_000).decode("ascii")
            apps.get_jwt(app_id=id_, private_key=key)
        except OSError as error:
            raise ConfigError(
                f"{where}, which cannot be read ({error.strerror}): correct the path."
            ) from None
        except Exception:  # noqa: BLE001 - whatever the cryptography behind it makes of the file
            raise ConfigError(
                f"{where}, which holds no RSA private key in PEM form:"
                " make one under “Private keys” in the app's settings on GitHub."
            ) from None
        return cls(id=id_, private_key=key, installation=installation)


class GitHubApi:
    """Reads and writes at one GitHub. Values come back, or a Refusal; nothing is raised.

    `credential` names the token by which `fetch` asks; an `app` takes its place. A write is
    sent once: whether one that was not answered has been done, nobody knows.
    """

    def __init__(
        self,
        fetch: FetchOne,
        now: Callable[[], datetime],
        *,
        base_url: Url = GITHUB,
        credential: str | None = None,
        app: AppKey | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._gidget = _Gidgethub(fetch, now, base_url, None if app else credential, sleep)
        self._now = now
        self._sleep = sleep
        self._app = app
        self._token: tuple[str, datetime] | None = None
        self._has_written = False

    async def get(self, path: str, repository: str = "") -> Json | Refusal:
        """Return what stands at a path; redirects of renamed repositories are followed.

        `repository` is the one for which an app's token is asked.
        """

        async def ask(token: str | None) -> Json:
            return _whole(await self._gidget.getitem(path, None, oauth_token=token, **_how()))

        return await self._asked(repository, ask)

    async def pages(self, path: str, repository: str = "") -> Sequence[Json] | Refusal:
        """Return all items of a list, page by page, at most MOST_ITEMS."""

        async def ask(token: str | None) -> Sequence[Json]:
            found: list[Json] = []
            items = self._gidget.getiter(path, None, oauth_token=token, **_how())
            async for item in items:
                found.append(_whole(item))
                if len(found) >= MOST_ITEMS:
                    await items.aclose()
                    break
            return found

        return await self._asked(repository, ask)

    async def write(
        self, method: str, path: str, sent: Mapping[str, Json], repository: str = ""
    ) -> Json | Refusal:
        """Send a POST or PATCH, and return what it made; between two there is a pause."""
        if self._has_written:
            await self._sleep(PAUSE)
        self._has_written = True
        send = {"POST": self._gidget.post, "PATCH": self._gidget.patch}[method]

        async def ask(token: str | None) -> Json:
            return _whole(await send(path, None, data=dict(sent), oauth_token=token, **_how()))

        return await self._asked(repository, ask)

    async def _asked(
        self, repository: str, ask: Callable[[str | None], Awaitable[_Got]]
    ) -> _Got | Refusal:
        token = await self._app_token(repository) if self._app else None
        if isinstance(token, Refusal):
            return token
        return await self._told(ask(token))

    async def _told(self, asking: Awaitable[_Got]) -> _Got | Refusal:
        """Return what came of a request, what the library raises as a value."""
        try:
            return await asking
        except _NoAnswerError as error:
            return Refusal(detail=error.failure.detail, retry_at=error.failure.retry_at)
        except gidgethub.HTTPException as error:
            return refusal_of(error, self._now())
        except _ODD:
            return Refusal(detail="GitHub's answer could not be read.")

    async def _app_token(self, repository: str) -> str | Refusal:
        """Return a token of the app's installation, which is good for some minutes yet."""
        if self._token is not None and self._now() < self._token[1] - BEFORE_THE_END:
            return self._token[0]
        app = self._app
        assert app is not None  # noqa: S101 - it is only asked for where there is one
        jwt = apps.get_jwt(app_id=app.id, private_key=app.private_key)
        installation: Json | Refusal = app.installation
        if installation is None:
            where = f"/repos/{repository}/installation"
            found = await self._told(self._gidget.getitem(where, None, jwt=jwt, **_how()))
            if isinstance(found, Refusal):
                return _of_app(found, "it is not installed on the repository")
            installation = number_at(found, "id")
            if installation is None:
                return Refusal(detail="GitHub's answer held no installation of the app.")
        said = await self._told(
            self._gidget.post(
                f"/app/installations/{installation}/access_tokens",
                None,
                data={"permissions": {"issues": "write", "metadata": "read"}},
                jwt=jwt,
                **_how(),
            )
        )
        if isinstance(said, Refusal):
            return _of_app(said, "it may not write issues, or its key is not valid")
        token, ends = text_at(said, "token"), _instant(text_at(said, "expires_at"))
        if not token or ends is None:
            return Refusal(detail="GitHub's answer held no token for the app.")
        self._token = token, ends
        return token


class _NoAnswerError(Exception):
    """Carries a failure of the network through the library."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class _Gidgethub(library.GitHubAPI):
    """gidgethub's client over our own network."""

    def __init__(
        self,
        fetch: FetchOne,
        now: Callable[[], datetime],
        base_url: Url,
        credential: str | None,
        sleep: Sleep,
    ) -> None:
        super().__init__("linkwell", base_url=base_url, cache={})
        self._fetch = fetch
        self._now = now
        self._origin = split(base_url).origin
        self._credential = credential
        self._sleep = sleep

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._sleep(seconds)

    async def handle_rate_limit_error(
        self,
        *,
        method: str,  # noqa: ARG002 - the library's signature
        url: str,  # noqa: ARG002 - the same
        exception: gidgethub.HTTPException,
        attempt: int,
    ) -> bool:
        """Wait where GitHub asks for a short pause, once; it has not done what was asked."""
        if not is_limit(exception) or attempt > 1:
            return False
        until = retry_after(exception.headers.get("retry-after"), self._now())
        wait = (until - self._now()) if until is not None else None
        if wait is None or wait > LONGEST_WAIT:
            return False
        await self._sleep(max(wait.total_seconds(), 0))
        return True

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        address = normalise(url)
        if address is None or split(address).origin != self._origin:
            raise ValueError("a page of a list at another site")
        own = {"content-length", "user-agent"}  # fetch's own affair
        exchange = await self._fetch(
            Request(
                url=address,
                method=method,
                headers={name: value for name, value in headers.items() if name not in own},
                body=body or None,
                read=MOST_BYTES,
                follow=self._is_here if method == "GET" else None,
                credential=self._credential if "authorization" not in headers else None,
                once=method != "GET",
            )
        )
        said = exchange.said
        if isinstance(said, Failure):
            raise _NoAnswerError(said)
        if said.truncated:
            raise ValueError("an answer longer than any of GitHub's")
        return said.status, said.headers, said.body

    def _is_here(self, there: Url) -> bool:
        return split(there).origin == self._origin


def _how() -> dict[str, Any]:
    return {
        "accept": "application/vnd.github+json",
        "extra_headers": {"x-github-api-version": VERSION},
    }


def _whole(value: Any) -> Json:
    """Return a thing of GitHub's; an error page that comes as 200 is none, nor is a part of it."""
    if not isinstance(value, Mapping):
        raise TypeError("no JSON object")
    return whole(value)


def _of_app(refusal: Refusal, why: str) -> Refusal:
    if refusal.status not in {401, 403, 404, 422} or refusal.limited:
        return refusal
    detail = f"The GitHub App got no token: {why}. {refusal.detail}"
    return Refusal(detail=detail, status=refusal.status)


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None

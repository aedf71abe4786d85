"""What it means when GitHub does not do what it is asked: gidgethub's exceptions as values."""

import http
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import gidgethub

from monitor.core.retry_after import retry_after

_AFTER_A_LIMIT = timedelta(minutes=1)
"""When to come back where GitHub does not say: its documentation on secondary limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """GitHub did not do it: one sentence, and the HTTP status, None where no answer came.

    `retry_at` is when asking again makes sense, where that is known. `limited` tells that it
    wants to be left alone for a while.
    """

    detail: str
    status: int | None = None
    retry_at: datetime | None = None
    limited: bool = False

    @property
    def gone(self) -> bool:
        """Return whether what was asked for is not there, or not for us."""
        return self.status in {404, 410}


def is_limit(error: gidgethub.HTTPException) -> bool:
    """Return whether GitHub wants to be left alone for a while.

    Source: docs.github.com, "Rate limits for the REST API": 403 or 429, with `retry-after`, with
    nothing remaining, or with words about a secondary limit ("abuse" in older versions).
    """
    if error.status_code not in {http.HTTPStatus.FORBIDDEN, http.HTTPStatus.TOO_MANY_REQUESTS}:
        return False
    words = str(error).lower()
    return (
        error.status_code == http.HTTPStatus.TOO_MANY_REQUESTS
        or isinstance(error, gidgethub.RateLimitExceeded)
        or "retry-after" in error.headers
        or "rate limit" in words
        or "abuse" in words
    )


_WORDS: Mapping[int, str] = {
    301: "the repository has another name now",
    307: "the repository has another name now",
    308: "the repository has another name now",
    401: "it refuses the token",
    403: "it does not allow that",
    404: "there is no such thing, or the token may not see it",
    410: "it is gone, or issues are switched off in the repository",
    422: "it does not take what was sent",
}


def refusal_of(error: gidgethub.HTTPException, now: datetime) -> Refusal:
    """Return what an exception of the library means."""
    status = int(error.status_code)
    said = " ".join(str(error).split())[:200]
    if is_limit(error):
        until = retry_after(error.headers.get("retry-after"), now)
        if until is None and isinstance(error, gidgethub.RateLimitExceeded):
            until = error.rate_limit.reset_datetime
        return Refusal(
            detail=f"GitHub wants to be left alone for a while ({status}: {said}).",
            status=status,
            retry_at=until or now + _AFTER_A_LIMIT,
            limited=True,
        )
    words = _WORDS.get(status, "it is not well" if status >= 500 else "an unexpected answer")
    return Refusal(detail=f"GitHub says {status}, {words} ({said}).", status=status)

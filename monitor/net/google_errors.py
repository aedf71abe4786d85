"""What a Google API's answer means for whoever asked: a value, an error of its own, or our trouble.

Pure. Facts: reference/providers.md A3 and B3; both envelopes of errors are read.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import Json
from monitor.core.pacific import quota_reset
from monitor.core.ports import Failure, FailureKind
from monitor.core.retry_after import retry_after

SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
"""The reasons that say that a day's allowance is used up."""

TOO_FAST = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}
)
"""The reasons that say that we asked too often within a minute."""

REFUSED = frozenset(
    {
        "accessNotConfigured",
        "authError",
        "dailyLimitExceededUnreg",
        "ipRefererBlocked",
        "keyExpired",
        "keyInvalid",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "API_KEY_ANDROID_APP_BLOCKED",
        "API_KEY_HTTP_REFERRER_BLOCKED",
        "API_KEY_INVALID",
        "API_KEY_IOS_APP_BLOCKED",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "API_KEY_SERVICE_BLOCKED",
        "CONSUMER_INVALID",
        "CONSUMER_SUSPENDED",
        "SERVICE_DISABLED",
    }
)
"""The reasons that say that the key is wrong, or not allowed to use this API.

The lower-case ones: reference/providers.md; the others: cloud.google.com/apis/docs,
google.api.ErrorReason.
"""

_REFUSED_WORDS = re.compile(r"api key|unregistered callers|are blocked", re.IGNORECASE)
"""What Google says of a key where it gives no reason of its own: "Requests to this API drive
method … are blocked." is said of a key that is limited to other APIs."""

_DAILY_WORDS = re.compile(r"per\s?day|daily", re.IGNORECASE)
_ECHOED_KEY = re.compile(r"(?<=api_key:)[^'\"\s]+|\bAIza[\w-]{20,}")
"""Google names a suspended key in full in its message."""

A_MINUTE = timedelta(minutes=1)
"""The period of the limits on how often one may ask: Drive API, guides/limits."""

MOST_WORDS = 300
"""Characters of Google's own message that are kept."""


def outcome(status: int, headers: Mapping[str, str], read: Json, at: datetime) -> Json | Failure:
    """Return what was read where it is an answer, else the error or the failure that it is.

    `read` is the parsed body, a text where it is no JSON. An error inside a success counts as
    one. Errors that speak of the thing asked for come as `Ports.google` describes them.
    """
    error = dig(read, "error")
    if isinstance(read, Mapping) and status == 200 and not isinstance(error, Mapping):
        return read
    if not isinstance(error, Mapping):
        return _unreadable(status, headers, at)
    code = number_at(error, "code") or status
    status = code if 400 <= code < 600 else max(status, 400)
    reasons = _reasons(error)
    words = _ECHOED_KEY.sub("…", text_at(error, "message") or "")[:MOST_WORDS]
    ours = _ours(status, reasons, words, headers, at)
    if ours is not None:
        return ours
    said: Json = {"status": status, "reason": reasons[0] if reasons else "", "message": words}
    return {"error": said}


def _reasons(error: Json) -> Sequence[str]:
    """Return all reasons that an error gives, the one of the thing asked for first."""
    places = [*items_at(error, "errors"), *items_at(error, "details")]
    found = [text_at(place, "reason") for place in places[:20]] + [text_at(error, "status")]
    return [reason[:100] for reason in found if reason]


def _ours(
    status: int, reasons: Sequence[str], words: str, headers: Mapping[str, str], at: datetime
) -> Failure | None:
    """Return the failure where it is our key or allowance that is at fault, or None."""
    said = frozenset(reasons)
    too_fast = status == 429 or bool(said & TOO_FAST)
    if said & SPENT or (too_fast and _DAILY_WORDS.search(words)):
        detail = "Google says that the key's allowance for today is spent."
        return Failure(kind=FailureKind.QUOTA, detail=detail, retry_at=quota_reset(at))
    if too_fast:
        return _too_fast(headers, at)
    if status == 401 or said & REFUSED or (status in {400, 403} and _REFUSED_WORDS.search(words)):
        why = next((reason for reason in reasons if reason in REFUSED), f"status {status}")
        detail = f"Google refuses the key ({why}): {words or 'no word why'}"
        return Failure(kind=FailureKind.CREDENTIAL, detail=detail)
    return None


def _too_fast(headers: Mapping[str, str], at: datetime) -> Failure:
    return Failure(
        kind=FailureKind.BLOCKED,
        detail="Google says that it was asked too often within a minute.",
        retry_at=retry_after(headers.get("retry-after"), at) or at + A_MINUTE,
    )


def _unreadable(status: int, headers: Mapping[str, str], at: datetime) -> Failure:
    if status == 429:
        return _too_fast(headers, at)
    if status == 401:
        return Failure(kind=FailureKind.CREDENTIAL, detail="Google refuses the key (status 401).")
    detail = f"Google's API answered {status} in a form that Linkwell does not know."
    return Failure(kind=FailureKind.UNREADABLE, detail=detail)

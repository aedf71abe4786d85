"""What Google's answers say of a key: a part of the providers that ask Google's APIs.

Errors come in two forms, `{"error": {"code", "message", "errors": [{"reason"}]}}` and
`{"error": {"code", "message", "status", "details": [{"reason"}]}}`; both are read.
Facts: reference/providers.md A3 and B3; cloud.google.com/docs/authentication/api-keys.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.checkup import Health, Said, odd, of_failure
from monitor.core.json_reading import dig, items_at, number_at, parse_json, text_at
from monitor.core.model import Json
from monitor.core.ports import Failure, Response
from monitor.core.retry_after import retry_after

_LIBRARY = "console.cloud.google.com/apis/library/"
_A_WHILE = timedelta(minutes=1)
"""Google counts calls by the minute: developers.google.com/drive/api/guides/limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One of Google's APIs: what people call it, the name of its service, how it counts.

    `missing` is the status with which a good key hears that a made-up thing is not there.
    `whole_at` is when the day's quota is whole again.
    """

    title: str
    service: str
    works: str
    missing: int = 0
    whole_at: Callable[[datetime], datetime | None] = lambda _: None


_SAYS: Sequence[tuple[frozenset[str], bool, str]] = (
    (
        frozenset({"quotaexceeded", "dailylimitexceeded"}),
        True,
        "It works, but its quota is spent.",
    ),
    (
        frozenset({"ratelimitexceeded", "userratelimitexceeded", "rate_limit_exceeded", "429"}),
        True,
        "It works, but too much was asked with it just now.",
    ),
    (
        frozenset({"accessnotconfigured", "service_disabled"}),
        False,
        "It is real, but its project lacks the {api}: enable it at {page}{service}.",
    ),
    (
        frozenset({"api_key_service_blocked", "are blocked"}),
        False,
        "It is restricted to other APIs: add the {api} to its API restrictions.",
    ),
    (
        frozenset(
            {
                "api_key_android_app_blocked",
                "api_key_http_referrer_blocked",
                "api_key_ios_app_blocked",
                "api_key_ip_address_blocked",
                "iprefererblocked",
            }
        ),
        False,
        "It is restricted to other machines, sites or apps: allow this machine's address in it.",
    ),
    (frozenset({"expired"}), False, "It has expired: make a new one."),
    (
        frozenset(
            {"keyinvalid", "api_key_invalid", "keyexpired", "autherror", "badrequest", "401"}
        ),
        False,
        "Google refuses it ({status}): it is wrong or deleted; make a new one.",
    ),
    (frozenset({"403"}), False, "It may not ask the {api} ({status})."),
)
"""What an error says of a key, by words for its reason; the first row that fits counts."""

_SPENT, _TOO_FAST = _SAYS[0], _SAYS[1]


def reading(api: Api) -> Callable[[Said, datetime], Health]:
    """Return what reads the answer of an API to a question that only a good key may ask."""

    def read(said: Said, at: datetime) -> Health:
        if isinstance(said, Failure):
            return of_failure(said)
        if not isinstance(said, Response):
            return _of_body(api, number_at(said, "error", "status") or 200, said, None, at)
        body = parse_json(said)
        if isinstance(body, Failure):
            return odd(said.status, "Google")
        wait = retry_after(said.headers.get("retry-after"), at)
        return _of_body(api, said.status, body, wait, at)

    return read


def _of_body(api: Api, status: int, body: Json, wait: datetime | None, at: datetime) -> Health:
    error = dig(body, "error")
    if isinstance(body, Mapping) and status == (200 if error is None else api.missing):
        return Health(works=True, says=api.works)
    if error is None:
        return odd(status, "Google")
    return _of_error(api, status, error, wait, at)


def _of_error(api: Api, status: int, error: Json, wait: datetime | None, at: datetime) -> Health:
    words = frozenset(_words(status, error))
    row = next((row for row in _SAYS if row[0] & words), None)
    if row is None:
        return odd(status, "Google")
    _, works, says = row
    whole = {_SPENT: api.whole_at(at), _TOO_FAST: wait or at + _A_WHILE}.get(row)
    says = says.format(api=api.title, page=_LIBRARY, service=api.service, status=status)
    return Health(works=works, says=says, retry_at=whole)


def _words(status: int, error: Json) -> Iterator[str]:
    """Yield all words for the reason of an error, in lower case."""
    yield str(status)
    message = (text_at(error, "message") or "").lower()
    yield from (phrase for phrase in ("expired", "are blocked") if phrase in message)
    named = [error, *items_at(error, "errors"), *items_at(error, "details")]
    for each in named:
        yield (text_at(each, "reason") or "").lower()

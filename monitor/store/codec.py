"""Core values as plain JSON and back, without loss; what cannot be stored is replaced.

Writing never fails on what a stranger sent: lone surrogates and NUL become U+FFFD (neither
UTF-8 nor PostgreSQL can hold them), numbers that JSON has not (NaN, infinities) become null,
and so does what is nested deeper than `DEEPEST`. Reading is strict: anything off is DamagedError.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from monitor.core.model import Json, Suggestion, Url, Verdict
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Response
from monitor.core.provider import Checked, Document
from monitor.core.reasons import Reason

MOST_BODY = 4096
"""How many bytes of a body are kept as evidence: enough to see an error page's title."""

DEEPEST = 100
LONGEST_INTEGER = 14_000
"""Bits. Python refuses to print integers of more than 4,300 digits (sys.int_info)."""

SECRET_HEADERS = frozenset({"set-cookie", "set-cookie2"})
"""Response headers that may open a session; never stored."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_Kind = TypeVar("_Kind")
_Name = TypeVar("_Name", bound=StrEnum)


class DamagedError(ValueError):
    """What is stored is not what Linkwell writes."""


def clean(text: str) -> str:
    """Return a text that every database can hold: lone surrogates and NUL replaced."""
    if text.isascii() and "\x00" not in text:  # told at once, and so are most texts
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def dump(value: Json) -> str:
    """Return a value as JSON text that every database and every JSON reader takes."""
    if not value and (text := _EMPTY.get(type(value))):
        return text
    try:
        text = _JSON.encode(value)
    except (ValueError, RecursionError):
        text = _JSON.encode(_tamed(value, DEEPEST))
    return clean(text)


def parse(text: str) -> Json:
    """Return the value of a JSON text; raises DamagedError where it is none."""
    try:
        parsed: Json = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise DamagedError(f"no JSON: {str(text)[:80]!r}") from error
    return parsed


def cut(checked: Checked) -> Checked:
    """Return what is stored of a check: bodies cut short, without headers that are secret."""
    kept = tuple(_evidence(each) for each in checked.exchanges)
    return checked if kept == checked.exchanges else replace(checked, exchanges=kept)


def verdict_to_plain(verdict: Verdict) -> Json:
    """Return a verdict as plain JSON."""
    instead: Json = None
    if (better := verdict.instead) is not None:
        instead = {"url": better.url, "why": better.why, "confidence": better.confidence}
    return {
        "reason": verdict.reason,
        "detail": verdict.detail,
        "leads_to": verdict.leads_to,
        "retry_at": _instant(verdict.retry_at),
        "instead": instead,
        "facts": verdict.facts,
    }


def verdict_from_plain(plain: Json) -> Verdict:
    """Return the verdict that plain JSON holds; raises DamagedError."""
    stored = mapping(plain)
    instead = stored.get("instead")
    return Verdict(
        reason=_member(Reason, stored, "reason"),
        detail=take(stored, "detail", str),
        leads_to=_url(stored, "leads_to"),
        retry_at=_instant_at(stored, "retry_at"),
        instead=None if instead is None else _suggestion(mapping(instead)),
        facts=mapping(stored.get("facts")),
    )


def said_to_plain(said: Document | Response | Failure) -> Json:
    """Return what was said as plain JSON; without a response's body, which is stored apart."""
    if isinstance(said, Failure):
        return {
            "form": "failure",
            "kind": said.kind,
            "detail": said.detail,
            "retry_at": _instant(said.retry_at),
            **({"key": said.key} if said.key is not None else {}),
        }
    plain: dict[str, Json] = {
        "status": said.status,
        "url": said.url,
        "headers": said.headers,
        "location": said.location,
    }
    if isinstance(said, Response):
        return {"form": "response", **plain, "truncated": said.truncated}
    return {"form": "document", **plain, "body": said.body, "hops": hops_to_plain(said.hops)}


def answer_from_plain(plain: Json) -> Document | Failure:
    """Return what a probe brought; raises DamagedError."""
    stored = mapping(plain)
    if stored.get("form") == "failure":
        return _failure(stored)
    return Document(
        status=take(stored, "status", int),
        url=Url(take(stored, "url", str)),
        body=stored.get("body"),
        headers=texts(stored.get("headers")),
        hops=hops_from_plain(stored.get("hops")),
        location=_url(stored, "location"),
    )


def response_from_plain(plain: Json, body: bytes) -> Response | Failure:
    """Return what an exchange brought, given its body; raises DamagedError."""
    stored = mapping(plain)
    if stored.get("form") == "failure":
        return _failure(stored)
    return Response(
        status=take(stored, "status", int),
        url=Url(take(stored, "url", str)),
        headers=texts(stored.get("headers")),
        body=body,
        truncated=take(stored, "truncated", bool),
        location=_url(stored, "location"),
    )


def hops_to_plain(hops: Sequence[Hop]) -> Json:
    """Return redirects as plain JSON."""
    return [[hop.status, hop.url, hop.location] for hop in hops]


def hops_from_plain(plain: Json) -> tuple[Hop, ...]:
    """Return the redirects that plain JSON holds; raises DamagedError."""
    return tuple(_hop(items(each)) for each in items(plain))


def mapping(plain: object) -> Mapping[str, Any]:
    """Return a JSON object as it is; raises DamagedError for anything else."""
    if isinstance(plain, dict):
        return plain
    raise DamagedError(f"no object: {str(plain)[:80]!r}")


def texts(plain: object) -> Mapping[str, str]:
    """Return a JSON object that holds only texts; raises DamagedError for anything else."""
    stored = mapping(plain)
    return {key: take(stored, key, str) for key in stored}


def items(plain: object) -> Sequence[Any]:
    """Return a JSON list as it is; raises DamagedError for anything else."""
    if isinstance(plain, list):
        return plain
    raise DamagedError(f"no list: {str(plain)[:80]!r}")


def words(plain: object) -> tuple[str, ...]:
    """Return a JSON list of texts; raises DamagedError for anything else."""
    found = items(plain)
    if not all(isinstance(each, str) for each in found):
        raise DamagedError(f"not only texts: {str(plain)[:80]!r}")
    return tuple(found)


def take(stored: Mapping[str, Any], key: str, kind: type[_Kind]) -> _Kind:
    """Return the value of a key; raises DamagedError where it is missing or of another kind."""
    value = stored.get(key)
    if kind is float and type(value) is int:
        value = float(value)
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise DamagedError(f"{key} should be {kind.__name__}, not {str(value)[:80]!r}")


def may(stored: Mapping[str, Any], key: str, kind: type[_Kind]) -> _Kind | None:
    """Return the value of a key, or None where it has none; raises DamagedError."""
    return None if stored.get(key) is None else take(stored, key, kind)


def _evidence(exchange: Exchange) -> Exchange:
    said = exchange.said
    if isinstance(said, Failure):
        return exchange
    if len(said.body) <= MOST_BODY and SECRET_HEADERS.isdisjoint(said.headers):
        return exchange
    return replace(
        exchange,
        said=replace(
            said,
            body=said.body[:MOST_BODY],
            truncated=said.truncated or len(said.body) > MOST_BODY,
            headers={k: v for k, v in said.headers.items() if k not in SECRET_HEADERS},
        ),
    )


def _native(value: object) -> object:
    """Return a mapping or sequence of any class as the one that the JSON writer knows."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


_EMPTY: Mapping[type, str] = {dict: "{}", list: "[]", tuple: "[]"}
_JSON = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_native
)


def _tamed(value: Json, depth: int) -> Json:
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if value.bit_length() <= LONGEST_INTEGER else None
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        return {key: _tamed(each, depth - 1) for key, each in value.items()}
    return [_tamed(each, depth - 1) for each in value]


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _instant_at(stored: Mapping[str, Any], key: str) -> datetime | None:
    written = may(stored, key, str)
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise DamagedError(f"{key} is no instant: {written[:80]!r}") from error
    if at.tzinfo is None:
        raise DamagedError(f"{key} names no time zone: {written[:80]!r}")
    return at


def _member(names: type[_Name], stored: Mapping[str, Any], key: str) -> _Name:
    name = take(stored, key, str)
    if name in set(names):
        return names(name)
    raise DamagedError(f"{key} has no known name: {name[:80]!r}")


def _url(stored: Mapping[str, Any], key: str) -> Url | None:
    written = may(stored, key, str)
    return None if written is None else Url(written)


def _suggestion(stored: Mapping[str, Any]) -> Suggestion:
    return Suggestion(
        url=Url(take(stored, "url", str)),
        why=take(stored, "why", str),
        confidence=float(may(stored, "confidence", float) or 0),
    )


def _failure(stored: Mapping[str, Any]) -> Failure:
    return Failure(
        kind=_member(FailureKind, stored, "kind"),
        detail=take(stored, "detail", str),
        retry_at=_instant_at(stored, "retry_at"),
        key=may(stored, "key", str),
    )


def _hop(stored: Sequence[Any]) -> Hop:
    match stored:
        case [int(status), str(url), str(location)]:
            return Hop(status=status, url=Url(url), location=Url(location))
        case _:
            raise DamagedError(f"no redirect: {str(stored)[:80]!r}")

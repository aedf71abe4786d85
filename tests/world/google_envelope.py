"""What Google's APIs have in common: error envelopes, keys and accounts, field masks.

Source of the facts: providers.md A3 and B3 of the project's reference.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world.wire import Asked, Reply, as_json, complaint

KEY_HEADER = "x-goog-api-key"

COMMON = frozenset({"alt", "prettyPrint", "fields", "quotaUser"})
"""The query parameters that every method takes."""

IN_HEADERS_ONLY = frozenset({"key", "access_token", "oauth_token"})
"""The parameters that Google takes and this project must not send: a key is no part of a URL."""


class Refused(Exception):  # noqa: N818 - it carries an answer
    """Why a method gives no answer of its own."""

    def __init__(self, *, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: somebody with a key, or an account by its token."""

    account: str | None = None


ERRORS: Mapping[str, tuple[int, str, str]] = {
    "keyInvalid": (400, "usageLimits", "Bad Request"),
    "badRequest": (400, "global", "API key not valid. Please pass a valid API key."),
    "keyExpired": (400, "usageLimits", "API key expired. Please renew the API key."),
    "authError": (401, "global", "Invalid Credentials"),
    "dailyLimitExceededUnreg": (
        403,
        "usageLimits",
        "Daily Limit for Unauthenticated Use Exceeded. Continued use requires signup.",
    ),
    "accessNotConfigured": (
        403,
        "usageLimits",
        "Access Not Configured. The API has not been used in project 1 before or it is disabled.",
    ),
    "quotaExceeded": (
        403,
        "youtube.quota",
        "The request cannot be completed because you have exceeded your quota.",
    ),
    "dailyLimitExceeded": (403, "usageLimits", "Daily Limit Exceeded"),
    "rateLimitExceeded": (403, "usageLimits", "Rate Limit Exceeded"),
    "userRateLimitExceeded": (403, "usageLimits", "User Rate Limit Exceeded"),
    "forbidden": (403, "global", "Forbidden"),
    "insufficientFilePermissions": (
        403,
        "global",
        "The user does not have sufficient permissions for this file.",
    ),
    "domainPolicy": (403, "global", "The domain administrators have disabled Drive apps."),
    "playlistItemsNotAccessible": (
        403,
        "youtube.playlistItem",
        "The request is not properly authorized to retrieve the specified playlist items.",
    ),
    "playlistNotFound": (404, "youtube.playlistItem", "The playlist cannot be found."),
    "backendError": (503, "global", "Backend Error"),
}
"""Errors by their reason: status, domain, message."""


def error(reason: str, *, message: str | None = None, status: int | None = None) -> Reply:
    """Return the answer for an error, in Google's envelope."""
    code, domain, words = ERRORS[reason]
    code, words = status or code, message or words
    item: dict[str, Any] = {"domain": domain, "reason": reason, "message": words}
    if reason == "authError":
        item |= {"locationType": "header", "location": "Authorization"}
    envelope: dict[str, Any] = {"code": code, "message": words, "errors": [item]}
    if reason == "badRequest":  # the form of 2026: the old reason says nothing, the new one all
        envelope["status"] = "INVALID_ARGUMENT"
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        envelope["details"] = [
            {"@type": kind, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        ]
    return as_json({"error": envelope}, code)


def not_found(id_: str) -> Reply:
    """Return Drive's 404: the file is missing, or not for the caller."""
    words = f"File not found: {id_}."
    item = {"domain": "global", "reason": "notFound", "message": words}
    item |= {"locationType": "parameter", "location": "fileId"}
    return as_json({"error": {"code": 404, "message": words, "errors": [item]}}, 404)


def caller(asked: Asked, keys: Collection[str], tokens: Mapping[str, str]) -> Caller:
    """Return who asks; raises Refused where nobody good does.

    `tokens` are the access tokens given out, each with its account.
    """
    if wrong := IN_HEADERS_ONLY & set(asked.query):
        words = f"{min(wrong)}= stands in the URL of a request to {asked.host}"
        raise Refused(reply=complaint(words))
    authorization = asked.headers.get("authorization", "")
    if authorization:
        account = tokens.get(authorization.removeprefix("Bearer "))
        if account is None:
            raise Refused(reply=error("authError"))
        return Caller(account=account)
    key = asked.headers.get(KEY_HEADER)
    if key is None:
        raise Refused(reply=error("dailyLimitExceededUnreg"))
    if key not in keys:
        raise Refused(reply=error("badRequest"))
    return Caller()


def parameters(asked: Asked, known: Collection[str]) -> Mapping[str, str]:
    """Return the query's parameters; raises Refused where one is not known."""
    strange = set(asked.query) - set(known) - COMMON
    if strange:
        words = f"{asked.path} has no parameter {min(strange)}"
        raise Refused(reply=complaint(words))
    if asked.query.get("alt", "json") != "json":
        raise Refused(reply=complaint(f"{asked.path} with alt={asked.query['alt']}"))
    return asked.query


_TOKEN = re.compile(r"[A-Za-z_*][\w*]*|[(),/]")


def masked(value: Mapping[str, Any], mask: str | None) -> Any:
    """Return as much of a value as a field mask names: "a,b(c,d),e/f"; all where it is None."""
    if mask is None:
        return value
    tokens = _TOKEN.findall(mask)
    if "".join(tokens) != mask.replace(" ", ""):
        raise Refused(reply=complaint(f"the field mask {mask}"))
    wanted, rest = _read(tokens)
    if rest:
        raise Refused(reply=complaint(f"the field mask {mask}"))
    return _pick(value, wanted)


def _read(tokens: list[str]) -> tuple[dict[str, Any], list[str]]:
    wanted: dict[str, Any] = {}
    while tokens and tokens[0] != ")":
        name, *tokens = tokens
        path = [name]
        while tokens[:1] == ["/"]:
            path.append(tokens[1])
            tokens = tokens[2:]
        inner: dict[str, Any] = {}
        if tokens[:1] == ["("]:
            inner, tokens = _read(tokens[1:])
            tokens = tokens[1:]
        for part in reversed(path[1:]):
            inner = {part: inner}
        wanted[path[0]] = {**wanted.get(path[0], {}), **inner}
        if tokens[:1] == [","]:
            tokens = tokens[1:]
    return wanted, tokens


def _pick(value: Any, wanted: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_pick(each, wanted) for each in value]
    if not wanted or "*" in wanted or not isinstance(value, Mapping):
        return value
    return {name: _pick(value[name], inner) for name, inner in wanted.items() if name in value}

"""Bitly's API v4: expand, and what it knows of one's own links.

State: `[bitly]` with `keys` (tokens that are good), `error` (a status with which every call is
refused: 402, 403, 429, 503), `hosts` (custom domains of Bitly among the shorteners of the state).
The links are those of `[short]`. Source of the facts: providers.md D of the project's reference.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.world.wire import Asked, Reply, as_json, complaint

_WORDS: Mapping[int, str] = {
    401: "INVALID_ACCESS_TOKEN",
    402: "UPGRADE_REQUIRED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    410: "GONE",
    422: "UNPROCESSABLE_ENTITY",
    429: "MONTHLY_RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    503: "TEMPORARILY_UNAVAILABLE",
}
_OWN = frozenset({"bit.ly", "bitly.com", "j.mp"})


class Bitly:
    """The API's one host."""

    hosts = frozenset({"api-ssl.bitly.com"})

    def __init__(self, state: Mapping[str, Any], links: Mapping[str, Mapping[str, Any]]) -> None:
        self._state = state
        self._links = links

    def answer(self, asked: Asked) -> Reply:
        """Return what Bitly says of a link by its id, host and key without a scheme."""
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if "access_token" in asked.query:
            return complaint(f"a token in the URL of a request to {asked.host}")
        if token not in self._state.get("keys", ()):
            return _error(401 if not token else 403)
        if "error" in self._state:
            return _error(int(self._state["error"]))
        match asked.method, asked.segments:
            case "POST", ("v4", "expand"):
                try:
                    id_ = json.loads(asked.body)["bitlink_id"]
                except (ValueError, KeyError, TypeError):
                    return _error(422)
                return self._expand(id_)
            case "GET", ("v4", "bitlinks", *parts):
                return self._expand("/".join(parts))
            case "GET", ("v4", "user"):
                return as_json({"login": "somebody", "is_active": True, "name": "Somebody"})
        return complaint(f"{asked.method} {asked.host}{asked.path}")

    def _expand(self, id_: str) -> Reply:
        host, _, key = str(id_).partition("/")
        if "://" in str(id_) or not key:
            return _error(422)
        known = self._links.get(host, {}).get(key)
        if known is None or host not in _OWN | {*self._state.get("hosts", ())}:
            return _error(404)
        link = {"to": known} if isinstance(known, str) else known
        if link.get("state") == "deleted":
            return _error(404)
        if link.get("state") == "disabled":
            return _error(410)
        return as_json(
            {
                "created_at": "2020-01-02T23:51:47+0000",
                "link": f"https://{id_}",
                "id": id_,
                "long_url": link.get("to", ""),
            }
        )


def _error(status: int) -> Reply:
    words = _WORDS[status]
    value = {"message": words, "resource": "bitlinks", "description": words.replace("_", " ")}
    return as_json({**value, "errors": []}, status)

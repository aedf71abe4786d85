"""Asking whether an answer still holds, instead of for all of it again: RFC 9110, section 13.

Pure, but for the two calls of the store that somebody lends to fetch.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.model import Url
from monitor.core.ports import Response

_SENDABLE = re.compile(r"[\x20-\x7e]{1,512}")
"""A validator that can go back as a header, as it came."""

_OF_THE_BODY = frozenset({"content-encoding", "content-length", "content-type", "content-range"})
"""What a 304 may say of its own lack of a body, and not of the stored one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """A good answer (200), whole, with what asks whether it still holds.

    `credential` is the name of the key that it was given to, or "" without one: others may be
    answered differently. At least one of `etag` and `last_modified` is there.
    """

    url: Url
    credential: str
    etag: str | None
    last_modified: str | None
    headers: Mapping[str, str]
    body: bytes
    stored_at: datetime


class Validators(Protocol):
    """Where answers are kept from one run to the next."""

    async def find(self, url: Url, credential: str) -> Validator | None:
        """Return what was kept of an address for the key of a name, or None."""

    async def keep(self, validator: Validator) -> None:
        """Keep an answer in place of the one before."""


def conditions(validator: Validator) -> Mapping[str, str]:
    """Return the headers that ask for news only."""
    asked = {"if-none-match": validator.etag, "if-modified-since": validator.last_modified}
    return {name: value for name, value in asked.items() if value is not None}


def renewed(validator: Validator, said: Response, read: int) -> Response:
    """Return the kept answer as a 304 renews it: RFC 9111, 3.2; its body as far as wanted."""
    news = {name: value for name, value in said.headers.items() if name not in _OF_THE_BODY}
    return Response(
        status=200,
        url=said.url,
        headers={**validator.headers, **news},
        body=validator.body[:read],
        truncated=len(validator.body) > read,
    )


def validator_of(said: Response, credential: str, at: datetime) -> Validator | None:
    """Return what to keep of an answer, or None where it cannot be asked for again."""
    if said.status != 200 or said.truncated:
        return None
    if "no-store" in said.headers.get("cache-control", "").lower():
        return None
    etag, last_modified = _sendable(said, "etag"), _sendable(said, "last-modified")
    if etag is None and last_modified is None:
        return None
    return Validator(
        url=said.url,
        credential=credential,
        etag=etag,
        last_modified=last_modified,
        headers=said.headers,
        body=said.body,
        stored_at=at,
    )


def _sendable(said: Response, name: str) -> str | None:
    value = said.headers.get(name, "")
    return value if _SENDABLE.fullmatch(value) else None

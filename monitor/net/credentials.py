"""Keys that a request may name, and to whom they may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.model import Url
from monitor.core.ports import Request
from monitor.core.urls import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A header with a secret value, and the hosts that may see it ({"api.github.com"})."""

    header: str
    value: str = field(repr=False)
    hosts: frozenset[str]


KEPT_ABROAD = frozenset(
    {"accept", "accept-language", "if-modified-since", "if-none-match", "range", "user-agent"}
)
"""The request headers that may follow a redirect to another origin; none of them is a secret."""


def headers_for(
    url: Url,
    request: Request,
    credentials: Mapping[str, Credential],
    origin_headers: Mapping[str, Mapping[str, str]],
    *,
    abroad: bool,
) -> dict[str, str]:
    """Return the headers to send to a URL on a request's way, names in lower case.

    `abroad` tells that the way has left the origin it began at: from then on only harmless
    headers go along, even back home. A credential travels by https only, and to its hosts.
    """
    sent = {name.lower(): value for name, value in request.headers.items()}
    if abroad:
        return {name: value for name, value in sent.items() if name in KEPT_ABROAD}
    parts = split(url)
    for name, value in origin_headers.get(parts.origin, {}).items():
        sent.setdefault(name.lower(), value)
    credential = credentials.get(request.credential) if request.credential else None
    if credential and parts.scheme == "https" and parts.host in credential.hosts:
        sent[credential.header.lower()] = credential.value
    return sent

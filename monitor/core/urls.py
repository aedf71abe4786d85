"""Reading and normalising URLs by the WHATWG standard, by the library made for it (ada-url).

Whatever no browser could read is None, never an exception.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

import ada_url

from monitor.core.model import Url

# WHATWG: a URL parser strips C0 controls and spaces at both ends, tabs and newlines anywhere.
_SCHEME = re.compile(r"^[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.-]*):")

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlParts:
    """A URL taken apart. Every part is "" or empty where the URL has none, or is no URL.

    `host` is lower case and punycode, without a port. `segments` are the path's parts, percent
    decoded, without empty ones at the ends. `query` keeps order and repetitions, decoded.
    """

    scheme: str = ""
    host: str = ""
    port: int | None = None
    path: str = ""
    segments: tuple[str, ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    search: str = ""
    fragment: str = ""

    @property
    def is_web(self) -> bool:
        """Return whether it can be asked by HTTP."""
        return self.scheme in DEFAULT_PORTS and self.host != ""

    @property
    def origin(self) -> str:
        """Return scheme, host and port as browsers compare them: "https://example.org"."""
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}://{self.host}{port}"

    def first(self, name: str) -> str | None:
        """Return the first value of a query parameter, or None when it is not there."""
        return next((value for key, value in self.query if key == name), None)


def normalise(written: str, base: Url | None = None) -> Url | None:
    """Return the absolute URL that a browser makes of a text, or None when it cannot.

    Idempotent. Text without a scheme needs a base.
    """
    try:
        return Url(ada_url.URL(written, base=base).href)
    except (ValueError, UnicodeError):  # lone surrogates cannot be passed to the library
        return None


LOST_COLON = re.compile(r"\s*(https?)//+(\w.*)", re.IGNORECASE | re.DOTALL)
"""A web address without the colon after its scheme, which reads as a relative one."""

_FAULTS = (
    (r"^\s*$", "The address is empty."),
    (r"\{\{|\{%|\$\{|<%", "A template variable in it was not filled in."),
    (r"^\s*(https?)//+\w", "The colon after http or https is missing."),
    (r"^\s*[a-z]+:/*$", "The name of the site is missing."),
    (r"^\s*https?:/*[^/?#]*\s[^/?#]*", "The name of the site holds a space."),
    (r"^\s*[a-z]+:/*([^/?#]*@)?\[", "The address in brackets is not a valid IPv6 address."),
    (r"^\s*https?:/*([^/?#]*@)?[\d.]+([:/?#]|$)", "The numbers are not a valid IPv4 address."),
    (r"^\s*[a-z]+:/*[^/?#]*:[^/?#@]*([/?#]|$)", "The port is not a number up to 65535."),
    (r"^\s*https?:", "The name of the site holds a character that no site's name may hold."),
)


def fault(written: str) -> str:
    """Return in one sentence what is wrong with a text that no browser reads as a URL."""
    said = (sentence for sign, sentence in _FAULTS if re.search(sign, written, re.IGNORECASE))
    return next(said, "It is neither an absolute address nor is it known what it is relative to.")


def scheme_of(written: str) -> str | None:
    """Return the scheme that a text begins with, in lower case, or None without one."""
    match = _SCHEME.match(written)
    return match.group(1).lower() if match else None


@lru_cache(maxsize=4096)
def split(url: Url) -> UrlParts:
    """Return the parts of a URL; all empty when it is not one."""
    try:
        parsed = ada_url.URL(url)
    except (ValueError, UnicodeError):
        return UrlParts()
    path = parsed.pathname
    search = parsed.search.removeprefix("?")
    return UrlParts(
        scheme=parsed.protocol.removesuffix(":"),
        host=parsed.hostname.lower().removesuffix("."),
        port=int(parsed.port) if parsed.port else None,
        path=path,
        segments=tuple(unquote(part) for part in path.strip("/").split("/"))
        if path.strip("/")
        else (),
        query=tuple(parse_qsl(search, keep_blank_values=True)) if search else (),
        search=search,
        fragment=parsed.hash.removeprefix("#"),
    )


def without_fragment(url: Url) -> Url:
    """Return the URL without its fragment, which names a place within the resource."""
    return Url(url.partition("#")[0])


def site(url: Url) -> str:
    """Return the host of a URL without a leading "www.", the name people know a site by."""
    return split(url).host.removeprefix("www.")


def spelled_alike(one: Url, other: Url) -> bool:
    """Return whether two URLs differ only in scheme, www, index page or trailing slash."""
    return _plain(one) == _plain(other)


def _plain(url: Url) -> tuple[str, str, str]:
    parts = split(url)
    return site(url), re.sub(r"/(index\.\w{2,5})?$", "", parts.path), parts.search

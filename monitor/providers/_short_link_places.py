"""Which addresses are short links, whose they are, and which of them name the same."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.core.model import ResourceId, Url
from monitor.core.urls import UrlParts, site, split

KNOWN = frozenset(
    {
        "amzn.to",
        "bit.ly",
        "bitly.com",
        "bitly.is",
        "doi.org",
        "es.pn",
        "forms.gle",
        "g.co",
        "git.io",
        "goo.gl",
        "hdl.handle.net",
        "is.gd",
        "j.mp",
        "lnkd.in",
        "nyti.ms",
        "ow.ly",
        "t.co",
        "tinyurl.com",
        "v.gd",
    }
)
"""The short hosts of which we know how they answer; shorteners.txt names many more."""

FAMILIES = (".app.goo.gl", ".page.link")
"""Firebase Dynamic Links: each app has a name of its own under these. Said to have been shut in
August 2025, except Google's own (maps.app.goo.gl)."""

IDENTIFIERS = frozenset({"doi.org", "dx.doi.org", "hdl.handle.net"})
"""Names that are made to outlive addresses: nobody should put the target in their place."""

BITLYS = frozenset({"amzn.to", "bit.ly", "bitly.com", "bitly.is", "es.pn", "j.mp", "nyti.ms"})
"""Hosts whose short links Bitly keeps; any customer may bring another one."""

LOOKED_UP = frozenset({"is.gd", "v.gd"})
"""Services that tell everybody where a short link of theirs leads."""

_OWNERS = frozenset({"amzn.to", "es.pn", "forms.gle", "g.co", "git.io", "nyti.ms"})
"""Short hosts that their owner keeps for addresses of its own: safe as long as the target is."""

_ALIASES = {"dx.doi.org": "doi.org", "preview.tinyurl.com": "tinyurl.com"}
_HOMES = {**_ALIASES, "bit.ly": "bitly.com", "j.mp": "bitly.com"}
"""Short hosts whose service has its own pages on another host."""

_ELSEWHERE = frozenset({"youtu.be", "y2u.be"})
"""Short hosts that another provider reads without asking."""

_APP_PAGES = {
    "bit.ly": frozenset({"a", "pages"}),
    "bitly.com": frozenset(
        {"a", "blog", "developers", "help", "login", "pages", "privacy", "resources", "support"}
    ),
    "tinyurl.com": frozenset({"app", "p", "page"}),
    "ow.ly": frozenset({"i", "url"}),
}
"""First path segments under which the service shows pages of its own, no short links."""

_PATHS = {"doi.org": re.compile(r"/10\.\d{4,9}/.+"), "hdl.handle.net": re.compile(r"/[^/]+/.+")}
"""What short links look like where not everything is one (doi.org: DOI Handbook, 2.2)."""

_PREVIEWS = {"is.gd": "-", "v.gd": "-"}
"""What asks for the page about a short link when it stands behind; elsewhere that is "+"."""

_SHOWN = {"goo.gl": frozenset({"d", "si"})}
"""Parameters that ask for the page about a short link, or that it be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPlace:
    """A short link taken apart: the host that stands for the service, and the rest."""

    host: str
    path: str
    search: str

    @property
    def id(self) -> ResourceId:
        """Return the short link's name, equal for all its spellings."""
        path = self.path.lower() if self.host == "doi.org" else self.path  # DOI Handbook, 2.4
        query = f"?{self.search}" if self.search else ""
        return ResourceId(f"shortlink:{self.host}{path}{query}")

    def address(self, scheme: str) -> Url:
        """Return the address to ask: without what asks for a page about the short link."""
        query = f"?{self.search}" if self.search else ""
        return Url(f"{scheme}://{self.host}{self.path}{query}")

    @property
    def kind(self) -> str:
        """Return whether it is a lasting identifier or a mere link."""
        return "identifier" if self.host in IDENTIFIERS else "link"


@cache
def hosts() -> frozenset[str]:
    """Return all hosts of short links, those of the shipped list included."""
    listed = files("monitor.providers").joinpath("shorteners.txt").read_text("utf-8").split("\n")
    named = frozenset(line.strip() for line in listed if line.strip() and line[0] != "#")
    return (KNOWN | named | _ALIASES.keys()) - _ELSEWHERE


def place_of(parts: UrlParts) -> ShortPlace | None:
    """Return the short link that a URL is, or None where it is something else.

    Of the many hosts that we know by name only, just addresses of one segment are short links:
    some carry pages of their own besides.
    """
    bare = parts.host.removeprefix("www.")
    ours = bare in hosts() or bare.endswith(FAMILIES)
    if not parts.is_web or parts.port is not None or not ours:
        return None
    host = _ALIASES.get(bare, bare)
    path = parts.path.removesuffix("+").removesuffix(_PREVIEWS.get(host, "+")).rstrip("/")
    first = path.strip("/").partition("/")[0]
    if not first or first in _APP_PAGES.get(host, ()):
        return None
    if host in _PATHS and not _PATHS[host].fullmatch(path):
        return None
    if host not in KNOWN and not host.endswith(FAMILIES) and "/" in path.strip("/"):
        return None
    shown = _SHOWN.get(host, frozenset())
    search = "&".join(p for p in parts.search.split("&") if p.partition("=")[0] not in shown)
    return ShortPlace(host=host, path=path, search=search)


def same(url: Url, other: Url) -> bool:
    """Return whether two URLs are spellings of one short link."""
    one, two = place_of(split(url)), place_of(split(other))
    return one is not None and two is not None and one.id == two.id


def same_service(url: Url, other: Url) -> bool:
    """Return whether two URLs belong to one service, its own pages included."""
    one, two = (_HOMES.get(site(each), site(each)) for each in (url, other))
    return one == two


def first_party(url: Url) -> bool:
    """Return whether a short link is one that the owner of the target gave it."""
    host = site(url)
    return host in IDENTIFIERS | _OWNERS or host.endswith(FAMILIES)

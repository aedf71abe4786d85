"""Short links: bit.ly and its like, permanent identifiers (DOI, Handle) among them.

A short link is asked for one step, and what it leads to is a resource of its own: the link is
as healthy as what stands at the end. Nothing is followed here but the service's own move from
http to https.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import unescape
from importlib.resources import files

from monitor.core.asking import Get
from monitor.core.json_reading import text_at
from monitor.core.model import Json, Link, Resource, ResourceId, Url, Verdict
from monitor.core.page_signs import looks_missing_by_address
from monitor.core.ports import Failure, Ports, Request, Response
from monitor.core.provider import Answer, Ask, Document, Probe, Provider, last
from monitor.core.reasons import Reason
from monitor.core.urls import UrlParts, normalise, split, without_fragment
from monitor.core.verdicts import of_failure, of_status

KNOWN = frozenset(
    {
        "amzn.to",
        "bit.ly",
        "bitly.com",
        "doi.org",
        "forms.gle",
        "g.co",
        "git.io",
        "goo.gl",
        "hdl.handle.net",
        "is.gd",
        "j.mp",
        "lnkd.in",
        "maps.app.goo.gl",
        "ow.ly",
        "t.co",
        "tinyurl.com",
        "v.gd",
    }
)
"""The short hosts of which we know how they answer; shorteners.txt names many more."""

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

_READ = 64 * 1024
_TEXT_KEPT = 300

_EXTERNAL = re.compile(
    r"""<a\b[^<>]{0,2000}?\bdata-tracking-control-name=["']external_url_click["'][^<>]{0,2000}>"""
)
_HREF = re.compile(r"""\bhref=["']([^"'<>]{1,2000})["']""")
"""LinkedIn's page in between marks the way on so: reference of lnkd.in's answers, 2026."""

_PAGE_SAYS = (
    (re.compile(r"rate limit exceeded", re.IGNORECASE), Reason.RATE_LIMITED),
    (re.compile(r"\blink disabled\b", re.IGNORECASE), Reason.TAKEN_DOWN),
)
"""What is.gd and v.gd write on a page of status 200 (terroroftinytown, services/isgd.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ShortLink:
    """A short link taken apart: the host that stands for the service, and the rest."""

    host: str
    path: str
    search: str

    @property
    def id(self) -> ResourceId:
        query = f"?{self.search}" if self.search else ""
        return ResourceId(f"shortlink:{self.host}{self.path}{query}")


def _request(resource: Resource, query: str = "") -> Request:
    """Return the question where a short link leads, which goes not further than its service."""
    return Request(
        url=Url(resource.url + query),
        read=_READ,
        follow=lambda url: url != resource.url and _is(resource, url),
    )


def _is(resource: Resource, url: Url) -> bool:
    """Return whether a URL is this short link, in any spelling."""
    found = _short_link(split(url))
    return found is not None and found.id == resource.id


def _page(response: Response, ports: Ports) -> Json:
    """Return what a page in between says, and where it sends its readers, as plain JSON."""
    if not response.body:
        return None
    outline = ports.outline(response)
    return {
        "title": outline.title[:_TEXT_KEPT],
        "words": outline.words[:_TEXT_KEPT],
        "refresh": outline.refresh if outline.refresh != response.url else None,
        "way_on": _way_on(response),
    }


def _way_on(response: Response) -> Url | None:
    """Return the target of the link by which LinkedIn's page in between sends readers on."""
    anchor = _EXTERNAL.search(response.body.decode("utf-8", "replace"))
    href = _HREF.search(anchor.group()) if anchor is not None else None
    target = normalise(unescape(href.group(1)), response.url) if href is not None else None
    return target if target is not None and split(target).is_web else None


class ShortLink(Provider):
    """All services that only pass their readers on."""

    name = "short_link"
    title = "Short Link"
    probes: Mapping[str, Probe] = {
        "step": Get("step", _request, _page),
        # goo.gl leaves out its page in between when asked so, as Google told in 2025.
        "past": Get("past", lambda resource: _request(resource, query="?si=1"), _page),
    }

    def identify(self, link: Link) -> Resource | None:
        """Return the short link behind a link, or None."""
        found = _short_link(split(link.url))
        if found is None:
            return None
        parts = split(link.url)
        head, mark, query = without_fragment(link.url).partition("?")
        url = Url(f"{head.removesuffix('+')}{mark}{query}")
        kind = "identifier" if parts.host in {"hdl.handle.net", "dx.doi.org", "doi.org"} else "link"
        return Resource(id=found.id, provider=self.name, kind=kind, url=url)

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return where the short link leads, or what stands in the way."""
        step, past = last(answers, "step"), last(answers, "past")
        if step is None and "step" in usable:
            return Ask("step")
        if step is None:
            return Verdict(reason=Reason.NOT_ASKED, detail="No way to ask for it was left.")
        said = step.said
        if isinstance(said, Failure):
            return of_failure(said)
        told = _told(resource, said, step.at)
        if told is None and past is None and "past" in usable and _has_past(resource):
            return Ask("past")
        return told or _in_between(resource, said, past)


_LOST = {
    404: (Reason.DELETED, "there is no such short link."),
    410: (Reason.GONE, "this short link was switched off."),
}


@cache
def _hosts() -> frozenset[str]:
    """Return all hosts of short links, those of the shipped list included."""
    listed = files("monitor.providers").joinpath("shorteners.txt").read_text("utf-8").split("\n")
    named = frozenset(line.strip() for line in listed if line.strip() and line[0] != "#")
    return (KNOWN | named | _ALIASES.keys()) - _ELSEWHERE


def _short_link(parts: UrlParts) -> _ShortLink | None:
    """Return the short link that a URL is, or None where it is something else.

    Of the many hosts that we know by name only, just addresses of one segment are short links:
    some carry pages of their own besides.
    """
    bare = parts.host.removeprefix("www.")
    if not parts.is_web or parts.port is not None or bare not in _hosts():
        return None
    host = _ALIASES.get(bare, bare)
    path = parts.path.removesuffix("+").rstrip("/")
    first = path.strip("/").partition("/")[0]
    if not first or first in _APP_PAGES.get(host, ()):
        return None
    if host in _PATHS and not _PATHS[host].fullmatch(path):
        return None
    if host not in KNOWN and "/" in path.strip("/"):
        return None
    if host == "doi.org":
        path = path.lower()  # DOIs are equal without regard to case: DOI Handbook, 2.4
    return _ShortLink(host=host, path=path, search=parts.search)


def _has_past(resource: Resource) -> bool:
    return split(resource.url).host == "goo.gl" and "?" not in resource.url


def _told(resource: Resource, said: Document, at: datetime) -> Verdict | None:
    """Return the verdict of an answer by its status, or None where it is a page to be read."""
    if said.location is not None:
        return _redirect(resource, said.location)
    if said.status in _LOST:
        reason, detail = _LOST[said.status]
        detail = f"{split(resource.url).host} says: {detail}"
        return Verdict(reason=reason, detail=detail, facts={"status": said.status})
    return of_status(said, at)


def _redirect(resource: Resource, target: Url) -> Verdict:
    """Return the verdict of a short link that redirects."""
    if _is(resource, target):
        detail = "The short link redirects to itself."
        return Verdict(reason=Reason.REDIRECT_LOOP, detail=detail)
    parts = split(target)
    host = parts.host.removeprefix("www.")
    if _is_lost(resource, target):
        detail = f"The service passes readers on to a page of its own, {target}, as for lost links."
        return Verdict(reason=Reason.SOFT_NOT_FOUND, detail=detail)
    if host in {"bit.ly", "bitly.com"} and parts.path.startswith("/a/warning"):
        flagged = parts.first("url")
        detail = f"The service warns of the target, {flagged or 'which it does not name'}."
        return Verdict(
            reason=Reason.UNSAFE, detail=detail, facts={"target": flagged} if flagged else {}
        )
    if host == "google.com" and parts.path.startswith("/sorry"):
        detail = "Google asks whether we are a robot."
        return Verdict(reason=Reason.RATE_LIMITED, detail=detail)
    return Verdict(reason=Reason.LEADS_ON, detail=f"It leads to {target}.", leads_to=target)


def _is_lost(resource: Resource, target: Url) -> bool:
    """Return whether a target is the service's own front page or error page."""
    service, there = (
        _HOMES.get(host, host)
        for host in (split(url).host.removeprefix("www.") for url in (resource.url, target))
    )
    return service == there and (split(target).path == "/" or looks_missing_by_address(target))


def _in_between(resource: Resource, said: Document, past: Answer | None) -> Verdict:
    """Return the verdict of a short link that shows a page instead of redirecting."""
    text = f"{text_at(said.body, 'title') or ''} {text_at(said.body, 'words') or ''}".strip()
    for phrase, reason in _PAGE_SAYS:
        if phrase.search(text):
            return Verdict(reason=reason, detail=f"The service says: {text[:_TEXT_KEPT]}")
    refresh = text_at(said.body, "refresh")
    if refresh is not None and not _is(resource, Url(refresh)):
        # The page is empty and sends on at once (t.co): readers see nothing of it.
        return _redirect(resource, Url(refresh))
    way_on = text_at(said.body, "way_on")
    if past is not None and isinstance(past.said, Document):
        way_on = past.said.location or way_on
    if way_on is not None:
        detail = f"It shows a page of its own before it leads to {way_on}."
        return Verdict(reason=Reason.INTERSTITIAL, detail=detail, leads_to=Url(way_on))
    detail = "It shows a page of its own that does not tell where it leads."
    return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=detail)


PROVIDER = ShortLink()

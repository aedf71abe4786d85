"""How short links are asked: one step, past their page in between, by Bitly's API."""

import json
import re
from html import unescape
from urllib.parse import quote

from monitor.core.asking import Get
from monitor.core.json_reading import parse_json, text_at
from monitor.core.model import Json, Resource, Url
from monitor.core.ports import Failure, FailureKind, Ports, Request, Response
from monitor.core.retry_after import retry_after
from monitor.core.urls import normalise, site, spelled_alike, split
from monitor.providers._short_link_places import LOOKED_UP, same, same_service

UNKNOWN_TO_BITLY = frozenset({404, 410})
_READ = 64 * 1024
TEXT_KEPT = 300

_EXTERNAL = re.compile(
    r"""<a\b[^<>]{0,2000}?\bdata-tracking-control-name=["']external_url_click["'][^<>]{0,2000}>"""
)
"""LinkedIn's page in between marks the way on so: reference of lnkd.in's answers, 2026."""

_HREF = re.compile(r"""\bhref=["']([^"'<>]{1,2000})["']""")
_ANCHOR = re.compile(r"(<a\b[^<>]{0,4000}>)\s*([^<>\s]{4,2000})\s*</a\s*>", re.IGNORECASE)


def step(resource: Resource, query: str = "") -> Request:
    """Return the question where a short link leads, which goes not further than its service."""
    return Request(
        url=Url(resource.url + query),
        read=_READ,
        follow=lambda url: url != resource.url and same(resource.url, url),
    )


def page(response: Response, ports: Ports) -> Json:
    """Return what a page in between says, and where it sends its readers, as plain JSON."""
    if not response.body:
        return None
    outline = ports.outline(response)
    return {
        "title": outline.title[:TEXT_KEPT],
        "words": outline.words[:TEXT_KEPT],
        "refresh": outline.refresh if outline.refresh != response.url else None,
        "way_on": _way_on(response),
    }


def _way_on(response: Response) -> Url | None:
    """Return the target that a page in between names, or None where it is not certain.

    It is what LinkedIn marks, or the one address of another site that stands on the page as the
    text of a link to itself.
    """
    text = response.body.decode("utf-8", "replace")
    marked = _EXTERNAL.search(text)
    if marked is not None:
        return _target(marked.group(), response.url)
    shown: dict[Url, None] = {}
    for anchor in _ANCHOR.finditer(text):
        target = _target(anchor.group(1), response.url)
        written = unescape(anchor.group(2))
        read = normalise(written if "://" in written else f"https://{written}")
        if target is not None and read is not None and spelled_alike(target, read):
            shown[target] = None
    outside = [url for url in shown if not same_service(url, response.url)]
    return outside[0] if len(outside) == 1 else None


def _target(tag: str, base: Url) -> Url | None:
    href = _HREF.search(tag)
    target = normalise(unescape(href.group(1)), base) if href is not None else None
    return target if target is not None and split(target).is_web else None


def past(resource: Resource) -> Request:
    """Return the question that leaves out a page in between, or asks for what stands on it.

    goo.gl leaves it out for `si=1`, as Google told in 2025; is.gd and v.gd tell the address by
    their look-up (is.gd/apilookupreference.php).
    """
    host = site(resource.url)
    if host not in LOOKED_UP:
        return step(resource, query="?si=1")
    key = quote(split(resource.url).path.strip("/"), safe="")
    return Request(url=Url(f"https://{host}/forward.php?format=json&shorturl={key}"), read=_READ)


def past_page(response: Response, ports: Ports) -> Json | Failure:
    """Return what a page says, or the address that a look-up tells."""
    if split(response.url).path != "/forward.php":
        return page(response, ports)
    plain = parse_json(response)
    if isinstance(plain, Failure):
        return plain
    target = normalise(text_at(plain, "url") or "")
    return {"way_on": target if target is not None and split(target).is_web else None}


class Expand(Get):
    """Asks Bitly's API for the target: dev.bitly.com/api-reference, "Expand a Bitlink"."""

    credential: str | None = "bitly"
    allowance: str | None = None

    def __init__(self) -> None:
        super().__init__("expand", _expand, _expanded)


def _expand(resource: Resource) -> Request:
    parts = split(resource.url)
    host = "bit.ly" if parts.host == "bitly.com" else parts.host
    return Request(
        url=Url("https://api-ssl.bitly.com/v4/expand"),
        method="POST",
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        body=json.dumps({"bitlink_id": f"{host}{parts.path}"}).encode(),
        read=_READ,
        credential="bitly",
    )


def _expanded(response: Response, ports: Ports) -> Json | Failure:
    """Return `long_url`, or `message` where Bitly knows none; else a Failure."""
    plain = parse_json(response)
    if isinstance(plain, Failure):
        return plain
    message = text_at(plain, "message")
    if response.status in {401, 402, 403} and message is not None:
        detail = f"Bitly refuses the token ({response.status})."
        return Failure(kind=FailureKind.CREDENTIAL, detail=detail)
    if response.status == 429:
        wait = retry_after(response.headers.get("retry-after"), ports.now())
        return Failure(kind=FailureKind.QUOTA, detail="Bitly's calls are spent.", retry_at=wait)
    if response.status in UNKNOWN_TO_BITLY and message is not None:
        return {"message": message[:TEXT_KEPT]}
    target = normalise(text_at(plain, "long_url") or "")
    if response.status != 200 or target is None or not split(target).is_web:
        detail = f"Bitly's API answered {response.status} without an address."
        return Failure(kind=FailureKind.UNREADABLE, detail=detail)
    return {"long_url": target}

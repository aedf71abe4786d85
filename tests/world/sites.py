"""Plain sites, the sentinels among them.

State: `[sites."<host>"]` with
  pages: path (with query where it has one) = title, or {status, title, to (a redirect's target),
    body, type, headers, ids (values of id on the page), http (another page for http)};
  other: the page for every path that is not named (default: 404);
  https: "both" (default), "redirect" (http sends on to https), "none" (https answers 404);
  head: the status that every HEAD gets, where the server dislikes it.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from tests.world.wire import Asked, Reply, html, page

_WALL = {"other": {"status": 403, "title": "Access denied"}}
_IMAGES = {"other": {"type": "image/png", "body": "\x89PNG"}}

ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "www.gstatic.com": {"pages": {"/generate_204": {"status": 204}}},
    "detectportal.firefox.com": {
        "pages": {"/success.txt": {"type": "text/plain", "body": "success\n"}}
    },
    "www.msftconnecttest.com": {
        "pages": {"/connecttest.txt": {"type": "text/plain", "body": "Microsoft Connect Test"}}
    },
    "twitter.com": _WALL,
    "x.com": _WALL,
    "www.reddit.com": _WALL,
    "www.linkedin.com": {"other": {"status": 999, "title": "Request denied"}},
    "pbs.twimg.com": _IMAGES,
    "avatars0.githubusercontent.com": _IMAGES,
    "avatars1.githubusercontent.com": _IMAGES,
    "avatars.githubusercontent.com": _IMAGES,
}
"""The sites that every world has; a state may redefine them."""

NOT_FOUND = {"status": 404, "title": "404 Not Found"}


class Sites:
    """All plain sites."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._sites: Mapping[str, Mapping[str, Any]] = {**ALWAYS, **state}
        self.hosts = frozenset(self._sites)

    def answer(self, asked: Asked) -> Reply:
        """Return a site's page."""
        site = self._sites[asked.host]
        if asked.method == "HEAD" and "head" in site:
            return html("", site["head"])
        https = site.get("https", "both")
        if asked.scheme == "http" and https == "redirect":
            return _reply({"status": 301, "to": f"https://{asked.host}{asked.target}"})
        if asked.scheme == "https" and https == "none":
            return _reply(NOT_FOUND)
        pages = site.get("pages", {})
        found = pages.get(asked.target, pages.get(asked.path, site.get("other", NOT_FOUND)))
        return _reply(found)


def _reply(found: str | Mapping[str, Any]) -> Reply:
    known: Mapping[str, Any] = {"title": found} if isinstance(found, str) else found
    title = escape(known.get("title", ""))
    body = known.get("body")
    kind = known.get("type", "text/html; charset=utf-8")
    if body is None and kind.startswith("text/html") and known.get("status", 200) != 204:
        places = "".join(
            f'<h2 id="{escape(id_)}">{escape(id_)}</h2>' for id_ in known.get("ids", ())
        )
        body = page(title, f"<h1>{title}</h1>{places}")
    headers = [("Content-Type", kind), *known.get("headers", {}).items()]
    if "to" in known:
        headers.append(("Location", known["to"]))
    raw = (body or "").encode("latin-1" if kind.startswith("image/") else "utf-8")
    return Reply(
        status=known.get("status", 302 if "to" in known else 200),
        headers=tuple(headers),
        body=raw,
    )

"""bit.ly and its like: redirects, warnings, pages in between, dead links.

State: `[short."<host>"]`, key = target, or key = {state = ..., to = target}; the states are the
keys of STATES, "moved" (301) where none is said. What is not named answers 404.
Source of the facts: providers.md D of the project's reference.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from tests.world.wire import Asked, Reply, html, page, redirect, text

_BITLY = (("Cache-Control", "private, max-age=90"), ("Via", "1.1 google"))


class Shorteners:
    """All hosts for short links."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._links: Mapping[str, Mapping[str, Any]] = state
        self.hosts = frozenset({*state, "bit.ly", "bitly.com"})

    def answer(self, asked: Asked) -> Reply:
        """Return where a short link leads, or why it does not."""
        if asked.host == "bitly.com" and asked.path == "/a/warning":
            target = escape(asked.query.get("url", ""))
            body = f"<h1>Stop: this link may be harmful</h1><code>{target}</code>"
            return html(page("Bitly | Warning", body))
        key = "/".join(asked.segments)
        if key.endswith("+"):  # Bitly's page about a link
            known = self._links.get(asked.host, {}).get(key.removesuffix("+"))
            to = known if isinstance(known, str) else (known or {}).get("to", "")
            return _preview(asked, to) if known else html(page("Page not found"), 404)
        known = self._links.get(asked.host, {}).get(key)
        if known is None:
            return html(page("Page not found"), 404)
        if isinstance(known, str):
            known = {"to": known}
        return STATES[known.get("state", "moved")](asked, known.get("to", ""))


def _moved(asked: Asked, to: str) -> Reply:
    link = f'<a href="{escape(to)}">moved here</a>'
    body = f"<html>\n<head><title>Bitly</title></head>\n<body>{link}</body>"
    return redirect(to, 301, *_BITLY, body=body)


def _warning(asked: Asked, to: str) -> Reply:
    key = asked.segments[-1]
    return redirect(f"https://bitly.com/a/warning?hash={key}&url={quote(to, safe='')}", 302)


def _preview(asked: Asked, to: str) -> Reply:
    """Return the page in between: its wording is ours, for no capture of the real one is known."""
    link = f'<a data-tracking-control-name="external_url_click" href="{escape(to)}">Continue</a>'
    return html(page("You are leaving for another site", f"<h1>Your destination</h1>{link}"))


def _meta(asked: Asked, to: str) -> Reply:
    refresh = f'<meta http-equiv="refresh" content="0;URL={escape(to)}">'
    return html(f"<html><head>{refresh}<title>{escape(to)}</title></head><body></body></html>")


def _google(asked: Asked, to: str) -> Reply:
    """Return goo.gl's page in between, which ?si=1 leaves out."""
    return redirect(to, 302) if asked.query.get("si") == "1" else _preview(asked, to)


def _browsers(asked: Asked, to: str) -> Reply:
    """Return t.co's answer: a redirect for programs, a page that goes on for browsers."""
    if "mozilla" in asked.headers.get("user-agent", "").lower():
        return _meta(asked, to)
    return redirect(to, 301)


def _get_only(asked: Asked, to: str) -> Reply:
    return html("", 405) if asked.method == "HEAD" else redirect(to, 301)


STATES: Mapping[str, Callable[[Asked, str], Reply]] = {
    "moved": _moved,
    "found": lambda _, to: redirect(to, 302),
    "warning": _warning,
    "preview": _preview,
    "meta": _meta,
    "deleted": lambda *_: html(page("Page not found"), 404),
    "disabled": lambda *_: html(page("This link has been disabled"), 410),
    "banned": lambda *_: text("Forbidden", 403),
    "google": _google,
    "browsers": _browsers,
    "get-only": _get_only,
    "blocked-page": lambda *_: html(page("This link is blocked", "<h1>Blocked for abuse</h1>")),
    "disabled-page": lambda *_: html(page("Link Disabled", "<h1>Link Disabled</h1>")),
    "limited-page": lambda *_: html(page("Error", "Rate limit exceeded - please wait 1 minute")),
    "limited": lambda *_: text("Too many requests", 429),
    "refused": lambda *_: html("", 999),
    "bad-gateway": lambda *_: html(page("502 Bad Gateway"), 502),
    "nowhere": lambda *_: Reply(status=301, headers=(("Content-Type", "text/html"),)),
}

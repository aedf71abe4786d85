"""What an answer says of itself, as far as judges need to know."""

import re

from monitor.core.model import Url
from monitor.core.ports import Outline, Response
from monitor.core.urls import normalise
from monitor.extract.addresses import in_refresh
from monitor.extract.decode import decode
from monitor.extract.html import Closed, Element, Opened, Text, walk
from monitor.extract.wording import LOOKED_AT, shown

_MOST_WORDS = 5_000
_MOST_IDS = 50_000
_IMMEDIATE = 5.0
"""Seconds up to which a refresh leaves readers no time to read: it is a redirect."""

_HIDDEN = frozenset(("script", "style", "template", "noscript", "title", "head", "svg", "math"))
_DELAY = re.compile(r"\s*(\d{0,4}(?:\.\d*)?)")
_HTML = ("text/html", "application/xhtml+xml")


def outline(response: Response) -> Outline:
    """Return what a response says of itself; pure, never fails.

    All is empty where it is not HTML, but for the words of plain text. An answer without a
    content type is taken for HTML.
    """
    content_type = response.headers.get("content-type")
    decoded = decode(response.body, content_type)
    kind = (content_type or _HTML[0]).partition(";")[0].strip().lower()
    if not decoded.is_text:
        return Outline()
    if kind not in _HTML:
        return Outline(words=_folded([decoded.text[: 4 * _MOST_WORDS]]))
    return _Reading(response.url).read(decoded.text)


class _Reading:
    def __init__(self, url: Url) -> None:
        self._base = url
        self._url = url
        self._title: str | None = None
        self._heading: str | None = None
        self._refresh: Url | None = None
        self._based = False
        self._ids: dict[str, None] = {}
        self._words: list[str] = []
        self._length = 0
        self._hidden: list[str] = []

    def read(self, text: str) -> Outline:
        """Return the outline of a page."""
        for event in walk(text):
            if isinstance(event, Opened):
                self._open(event.element)
            elif isinstance(event, Closed):
                if self._hidden and self._hidden[-1] == event.name:
                    self._hidden.pop()
            elif isinstance(event, Text) and not self._hidden and self._length < _MOST_WORDS:
                self._words.append(event.text[: 4 * _MOST_WORDS])
                self._length += len(" ".join(event.text[: 4 * _MOST_WORDS].split()))
        return Outline(
            title=self._title or "",
            heading=self._heading or "",
            refresh=self._refresh,
            ids=tuple(self._ids),
            words=_folded(self._words),
        )

    def _open(self, element: Element) -> None:
        name = element.name
        if name in _HIDDEN:
            self._hidden.append(name)
        else:
            self._words.append(" ")
        for attribute in ("id", "name") if name == "a" else ("id",):
            value = element.get(attribute)
            if value and len(self._ids) < _MOST_IDS:
                self._ids[value] = None
        if name == "title" and self._title is None and "svg" not in self._hidden:
            self._title = shown(element.text(LOOKED_AT))
        elif name == "h1" and not self._heading:
            self._heading = shown(element.text(LOOKED_AT))
        elif name == "base" and not self._based and element.get("href") is not None:
            self._based = True
            self._base = normalise(element.get("href") or "", self._url) or self._url
        elif name == "meta" and self._refresh is None:
            self._refresh = self._refreshed(element)

    def _refreshed(self, element: Element) -> Url | None:
        """Return where an immediate meta refresh leads, or None."""
        if (element.get("http-equiv") or "").strip().lower() != "refresh":
            return None
        content = element.get("content") or ""
        delay = _DELAY.match(content)
        if delay is None or float(delay[1] or 0) > _IMMEDIATE:
            return None
        return next((normalise(content[a:b], self._base) for a, b in in_refresh(content)), None)


def _folded(parts: list[str]) -> str:
    return " ".join("".join(parts).split())[:_MOST_WORDS]

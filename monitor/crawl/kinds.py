"""How the text of a page is to be read: by what it is called, else by how it begins; pure."""

import re

from monitor.core.model import PageKind
from monitor.core.urls import scheme_of
from monitor.crawl.permalinks import HTML_SUFFIXES, MARKDOWN_SUFFIXES

_BY_TYPE = {
    "text/html": PageKind.HTML,
    "application/xhtml+xml": PageKind.HTML,
    "text/markdown": PageKind.MARKDOWN,
    "text/x-markdown": PageKind.MARKDOWN,
    "text/uri-list": PageKind.URLS,
}
_UNTOLD = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
"""Types that say nothing: what a server sends of which it knows no better."""

_HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LONGEST_START = 20_000
_MOST_LINES = 200


def kind_of_type(content_type: str | None, path: str, text: str) -> PageKind | None:
    """Return how to read a web page, or None where it is no page: an image, a feed, JSON.

    `path` is that of its URL: servers send Markdown as text/plain.
    """
    named = (content_type or "").partition(";")[0].strip().lower()
    if named in _UNTOLD:
        return kind_of_name(path, text)
    return _BY_TYPE.get(named)


def kind_of_name(name: str, text: str) -> PageKind:
    """Return how to read a file: by its suffix, and where that says nothing, by its text."""
    lower = name.lower()
    if lower.endswith(HTML_SUFFIXES):
        return PageKind.HTML
    if lower.endswith(MARKDOWN_SUFFIXES):
        return PageKind.MARKDOWN
    return kind_of_text(text)


def kind_of_text(text: str) -> PageKind:
    """Return how to read a text of which nothing else is known.

    It is a list of URLs where every line is one, empty lines and # comments aside; HTML
    where it begins like it; else Markdown, of which plain text is a case.
    """
    if _begins_as_html(text[:_LONGEST_START].lstrip()):
        return PageKind.HTML
    lines = [line.strip() for line in text[:100_000].splitlines()[:_MOST_LINES]]
    said = [line for line in lines if line and not line.startswith("#")]
    if said and all(scheme_of(line) and " " not in line for line in said):
        return PageKind.URLS
    return PageKind.MARKDOWN


def _begins_as_html(rest: str) -> bool:
    """Return whether the first tag is one of a whole HTML document's."""
    while rest.startswith(("<!--", "<?")):
        end = "-->" if rest.startswith("<!--") else "?>"
        rest = rest.partition(end)[2].lstrip()
    return _HTML_START.match(rest) is not None

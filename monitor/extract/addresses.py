"""Which attributes of HTML hold addresses, and where in their values these stand."""

import html
import re
from collections.abc import Callable, Iterator, Sequence

from monitor.extract.html import Element

Span = tuple[int, int]
Reader = Callable[[str], Sequence[Span]]

STRIPPED = "".join(map(chr, range(0x21)))
"""What the URL standard strips at both ends: C0 controls and space."""

_MEDIA = ("audio", "embed", "frame", "iframe", "img", "input", "script", "source", "track", "video")
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "href": frozenset(("a", "area", "link", "image")),
    "xlink:href": frozenset(("a", "image")),
    "src": frozenset(_MEDIA),
    "srcset": frozenset(("img", "source")),
    "imagesrcset": frozenset(("link",)),
    "poster": frozenset(("video",)),
    "data": frozenset(("object",)),
    "cite": frozenset(("blockquote", "del", "ins", "q")),
    "action": frozenset(("form",)),
    "longdesc": frozenset(("iframe", "img")),
    "background": frozenset(("body", "table", "td", "th", "tr")),
    "content": frozenset(("meta",)),
}
_MAY_BE_EMPTY = frozenset(("a", "area"))
# Hints to open connections early: nothing is to be found at these addresses.
_HINTS = frozenset(("dns-prefetch", "preconnect"))
_META = frozenset(
    (
        "og:audio", "og:image", "og:image:secure_url", "og:image:url", "og:url", "og:video",
        "twitter:image",
    )
)  # fmt: skip
_REFRESH = re.compile(
    r"^\s*[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(?:(['\"])(.*?)(?:\1|$)|(.+))", re.IGNORECASE | re.DOTALL
)
_CSS_URL = re.compile(r"url\(\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"'()]+))\s*\)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,9}|#[xX][0-9a-fA-F]{1,8}|\w{1,40});?", re.ASCII)


def addresses(element: Element) -> Iterator[tuple[str, Reader]]:
    """Return the attributes of an element that hold addresses, each with how to find them."""
    for attribute in element.names():
        if element.name in _ATTRIBUTES.get(attribute, ()) or attribute == "style":
            reader = _reader(element, attribute)
            if reader is not None:
                yield attribute, reader


def _reader(element: Element, attribute: str) -> Reader | None:
    """Return how to find the addresses in an attribute, or None when it holds none."""
    if not (element.get(attribute) or "").strip(STRIPPED):
        return in_whole if element.name in _MAY_BE_EMPTY and attribute == "href" else None
    if element.name == "link" and _HINTS.intersection(_words(element, "rel")):
        return None
    if element.name == "form" and _words(element, "method") not in ([], ["get"]):
        return None
    if element.name == "meta":
        if _words(element, "http-equiv") == ["refresh"]:
            return in_refresh
        named = _words(element, "property") or _words(element, "name")
        return in_whole if _META.issuperset(named) and named else None
    return _READERS.get(attribute, in_whole)


def _words(element: Element, attribute: str) -> list[str]:
    return (element.get(attribute) or "").lower().split()


def in_whole(value: str) -> Sequence[Span]:
    """Return the one address that the whole value is."""
    return ((0, len(value)),)


def in_srcset(value: str) -> Sequence[Span]:
    """Return where the addresses of a srcset stand.

    By the rules of html.spec.whatwg.org, "parse a srcset attribute": an address ends at white
    space or, with commas at its end, there; parentheses protect commas in descriptors.
    """
    spans: list[Span] = []
    at, end = 0, len(value)
    while True:
        while at < end and (value[at].isspace() or value[at] == ","):
            at += 1
        if at == end:
            return spans
        start = at
        while at < end and not value[at].isspace():
            at += 1
        stop = start + len(value[start:at].rstrip(","))
        spans.append((start, stop))
        if stop < at:
            continue
        depth = 0
        while at < end and (depth or value[at] != ","):
            depth += {"(": 1, ")": -1}.get(value[at], 0)
            at += 1


def in_refresh(value: str) -> Sequence[Span]:
    """Return where the address of a meta refresh stands: nowhere, or at one place."""
    match = _REFRESH.match(value)
    return (match.span(2 if match[1] else 3),) if match else ()


def in_css(value: str) -> Sequence[Span]:
    """Return where the addresses of style rules stand."""
    return [m.span(m.lastindex) for m in _CSS_URL.finditer(value) if m.lastindex]


_READERS: dict[str, Reader] = {"srcset": in_srcset, "imagesrcset": in_srcset, "style": in_css}


def pairs(read: Reader, raw: str, decoded: str) -> Iterator[tuple[Span, str]]:
    """Return each address in a value: where it stands in the raw one, and it decoded.

    It is the decoded value that is read, for entities may hide quotes and separators.
    """
    if read is in_whole:
        yield _stripped(raw, 0, len(raw)), decoded
        return
    origins = range(len(raw) + 1) if raw == decoded else _origins(raw, decoded)
    if origins is None:  # an odd reference: better read as it stands than at a wrong place
        origins, decoded = range(len(raw) + 1), raw
    for start, end in read(decoded):
        yield _stripped(raw, origins[start], origins[end]), decoded[start:end]


def _stripped(raw: str, start: int, end: int) -> Span:
    """Return a span without what the URL standard strips at its ends."""
    piece = raw[start:end]
    stripped = piece.strip(STRIPPED)
    begin = start + len(piece) - len(piece.lstrip(STRIPPED))
    return begin, begin + len(stripped)


def _origins(raw: str, decoded: str) -> Sequence[int] | None:
    """Return where each character of a decoded value, and its end, stands in the raw one.

    None where decoding piece by piece does not come to the same.
    """
    origins: list[int] = []
    parts: list[str] = []
    done = 0
    for match in _ENTITY.finditer(raw):
        parts += (raw[done : match.start()], html.unescape(match[0]))
        origins += range(done, match.start())
        origins += [match.start()] * len(parts[-1])
        done = match.end()
    origins += range(done, len(raw) + 1)
    same = "".join((*parts, raw[done:])).replace("\0", "\ufffd") == decoded
    return origins if same else None

"""Walking through HTML with positions: the only importer of the HTML parser (turbohtml).

It reads by the WHATWG rules, as browsers do, and tells where each attribute stands. It was
judged by html5lib's tree-construction tests: what differs is what the standard has changed since
they were written, and none of it touches links.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import turbohtml

_SPACES = " \t\n\f\r"
_BREAKING = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|div|fieldset|fig(?:caption|ure)|footer|form|h[1-6r]"
    "|header|li|main|nav|[ou]l|option|p|pre|section|table|tbody|t[dhr]|tfoot|thead"
).fullmatch
# Half a pair is no character; the parser cannot give an attribute's name with one.
_SURROGATE = re.compile("[\ud800-\udfff]")
_SILENT = frozenset(("script", "style", "template", "noframes"))
_MOST_NODES = 400
"""How many nodes are looked at for one text: keeps nested pages linear."""


class Element:
    """An element of a page, with its attributes and where they stand."""

    __slots__ = ("_attributes", "_located", "_node", "name")

    def __init__(self, node: turbohtml.Element) -> None:
        self._node = node
        self.name = node.tag
        self._attributes = node.attrs
        self._located = node.source_location

    @property
    def offset(self) -> int | None:
        """Return where its start tag begins; None for one that the parser put there."""
        return None if self._located is None else self._located.start_tag.start_offset

    @property
    def content_offset(self) -> int | None:
        """Return where its start tag ends; None for one that the parser put there."""
        return None if self._located is None else self._located.start_tag.end_offset

    def names(self) -> Iterator[str]:
        """Return the names of its attributes, in lower case."""
        return iter(self._attributes)

    def get(self, name: str) -> str | None:
        """Return an attribute's value, entities decoded, or None where there is none."""
        value = self._attributes.get(name)
        if isinstance(value, list):
            return " ".join(value)
        if value is None and name in self._attributes:
            return ""
        return value

    def span(self, name: str, text: str) -> tuple[int, int] | None:
        """Return where the value of an attribute stands in the text, or None if nowhere.

        Without the quotes; the parser's own span takes in name, equals sign and quotes.
        """
        span = None if self._located is None else self._located.attrs.get(name)
        if span is None:
            return None
        end = span.end_offset
        start = _past_spaces(text, span.start_offset + len(name), end)
        if start >= end or text[start] != "=":
            return end, end
        start = _past_spaces(text, start + 1, end)
        if start < end and text[start] in "\"'":
            quote, start = text[start], start + 1
            if end > start and text[end - 1] == quote:
                end -= 1
        return start, end

    def text(self, most: int) -> str:
        """Return the text within it, about as a browser shows it, up to a length.

        White space is not folded yet. Images count with their alternative text where there
        is no other.
        """
        parts: list[str] = []
        images: list[str] = []
        length = 0
        silent: turbohtml.Node | None = None
        for n, node in enumerate(self._node.descendants):
            if length >= most or n >= _MOST_NODES:
                break
            if isinstance(node, turbohtml.Text):
                if silent is not None and node.parent == silent:
                    continue
                parts.append(node.data[: most - length])
                length += len(parts[-1])
            elif isinstance(node, turbohtml.Element):
                if node.tag in _SILENT:
                    silent = node
                elif _BREAKING(node.tag):
                    parts.append(" ")
                elif node.tag == "img":
                    images.append(str(node.attrs.get("alt") or ""))
        written = "".join(parts)
        return written if written.strip() else " ".join(images)[:most]


def _past_spaces(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _SPACES:
        start += 1
    return start


@dataclass(frozen=True, slots=True)
class Opened:
    """An element begins."""

    element: Element


@dataclass(frozen=True, slots=True)
class Closed:
    """An element ends."""

    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, without its marks."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text."""

    text: str


Event = Opened | Closed | Comment | Text


def walk(markup: str) -> Iterator[Event]:
    """Return what a page consists of, in the order of its tree; works for any text.

    What stands in a `<template>` is inert and left out, unless it is the shadow of its host.
    """
    document = turbohtml.parse(
        _SURROGATE.sub("\ufffd", markup),
        positions=False,
        source_locations=True,
        allow_declarative_shadow_roots=False,
    )
    waiting: list[tuple[Iterator[turbohtml.Node], str]] = [(iter(document.children), "")]
    while waiting:
        nodes, name = waiting[-1]
        node = next(nodes, None)
        if node is None:
            waiting.pop()
            if name:
                yield Closed(name)
        elif isinstance(node, turbohtml.Element):
            element = Element(node)
            yield Opened(element)
            inert = element.name == "template" and "shadowrootmode" not in element.names()
            waiting.append((iter(() if inert else node.children), element.name))
        elif isinstance(node, turbohtml.Text):
            yield Text(node.data)
        elif isinstance(node, turbohtml.Comment):
            yield Comment(node.data)
        elif isinstance(node, turbohtml.DocumentFragment):
            waiting.append((iter(node.children), ""))

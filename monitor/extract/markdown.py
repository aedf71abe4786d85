"""Turning Markdown into HTML whose every piece is known by its place in the source.

So links and their contexts are found in one way for both. Raw HTML in the Markdown is
copied and mapped piece by piece; for a Markdown link a bare tag is written, and where its
address stands is noted beside it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import takewhile
from typing import Any

from markdown_it.token import Token

from monitor.extract.inline import ADDRESS, Address, parser
from monitor.extract.rows import Row, is_bare_table
from monitor.extract.source import Source

_SPECIAL = re.compile(r"[\\`*_<&\[!]")
_MAY_LINK = re.compile(r"\]\(|<[A-Za-z/!?]")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]:[ \t]*(?:\n[ \t>]*)?(<[^<>\n]*>|\S+)", re.DOTALL)
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a Markdown link's address stands in the source; for a reference, and its use."""

    start: int
    end: int
    used: int | None = None

    @property
    def in_order(self) -> int:
        """Return where it counts as standing in the order of the source: where it is used."""
        return self.start if self.used is None else self.used


@dataclass(slots=True)
class Markup:
    """HTML made of Markdown.

    `values` and `places` belong to the Markdown links, by where their tags begin in `text`.
    """

    text: str = ""
    values: dict[int, str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    _copied: list[tuple[int, int, int]] = field(default_factory=list)

    def note(self, start: int, end: int, origin: int) -> None:
        """Note that what stands here was copied from there in the source."""
        self._copied.append((start, end, origin))

    def origin(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where in the source a stretch stands, or None if it was not copied.

        Of a stretch that begins in what was copied but goes on, up to where that ended.
        """
        first, last = self._piece(start), self._piece(max(end - 1, start))
        if first is None or last is None or start > first[1] or (end > start == first[1]):
            return None
        begin = first[2] + start - first[0]
        return begin, begin if end == start else last[2] + min(end, last[1]) - last[0]

    def _piece(self, offset: int) -> tuple[int, int, int] | None:
        n = bisect_right(self._copied, offset, key=lambda piece: piece[0]) - 1
        return self._copied[n] if n >= 0 else None


def render(source: Source, text: str) -> Markup:
    """Return the HTML of a Markdown text, which is the source's or as long."""
    return _Rendering(source, text.replace("\0", "\ufffd")).run()


class _Rendering:
    def __init__(self, source: Source, text: str) -> None:
        self._source = source
        self._text = text
        self._env: dict[str, Any] = {}
        self._markup = Markup()
        self._parts: list[str] = []
        self._length = 0
        self._definitions: dict[str, tuple[int, int]] = {}
        self._open_tables = 0

    def run(self) -> Markup:
        """Return the whole, done."""
        tokens: list[Token] = []
        markdown = parser()
        markdown.block.parse(self._text, markdown, self._env, tokens)
        row: Row | None = None
        for n, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                self._inline(token, tokens[n - 1].type, row)
            elif kind == "html_block":
                self._html_block(token)
            elif kind == "code_block":
                self._code_block(token)
            elif token.nesting:
                row = self._row(tokens, n) if kind == "tr_open" else row
                self._put(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")
        self._markup.text = "".join(self._parts)
        return self._markup

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _copy(self, text: str, origins: Sequence[tuple[int, int]]) -> None:
        """Put text as it is; `origins` are offsets in it with where they stand in the source."""
        ends = [*(offset for offset, _ in origins[1:]), len(text)]
        for (offset, origin), end in zip(origins, ends, strict=True):
            self._markup.note(self._length + offset, self._length + end, origin)
        self._put(text)

    def _html_block(self, token: Token) -> None:
        for match in _TABLE.finditer(token.content):
            self._open_tables += -1 if match[1] else 1
        self._copy(token.content, self._lines(token))

    def _code_block(self, token: Token) -> None:
        """Put an indented block: code, but within an HTML table more of the table.

        CommonMark ends HTML at a blank line; kramdown, which GitHub Pages uses, does not.
        """
        if self._open_tables > 0 and token.content.lstrip().startswith("<"):
            self._html_block(token)
        else:
            self._put("<pre></pre>")

    def _inline(self, token: Token, block: str, row: Row | None) -> None:
        content = token.content
        linked = self._may_link(content)
        plain = block == "paragraph_open"
        if not linked and (plain or not _SPECIAL.search(content)):
            self._put(escape(content, quote=False))
            return
        places: list[tuple[int, int]] = []
        if linked:
            in_row = row is not None and block in {"td_open", "th_open"}
            places = row.places(token) if row and in_row else self._lines(token)
        children: list[Token] = []
        markdown = parser()
        markdown.inline.parse(content, markdown, self._env, children)
        bare = plain and is_bare_table(content)
        if bare:
            self._put("<table><tr><td>")
        for child in children:
            self._child(child, places, bare=bare)
        if bare:
            self._put("</td></tr></table>")

    def _may_link(self, content: str) -> bool:
        if "references" in self._env and "[" in content:
            return True
        return _MAY_LINK.search(content) is not None

    def _child(self, token: Token, places: list[tuple[int, int]], *, bare: bool) -> None:
        kind = token.type
        if kind in {"link_open", "image"}:
            self._link(token, places)
        elif kind == "link_close":
            self._put("</a>")
        elif kind == "html_inline":
            address: Address = token.meta[ADDRESS]
            within = list(_within(places, address.start, address.end))
            self._copy(token.content, within)
        elif kind == "softbreak":
            self._put("</td></tr><tr><td>" if bare else "\n")
        elif kind == "hardbreak":
            self._put("<br>")
        elif token.content:
            text = escape(token.content, quote=False)
            self._put(text.replace("|", "</td><td>") if bare and kind == "text" else text)

    def _link(self, token: Token, places: list[tuple[int, int]]) -> None:
        address: Address = token.meta[ADDRESS]
        start, end = _origin(places, address.start), _origin(places, address.end)
        place = Place(start=start, end=end)
        if address.label is not None:
            begin, stop = self._definition(address.label)
            place = Place(start=begin, end=stop, used=start)
        self._markup.values[self._length] = address.value
        self._markup.places[self._length] = place
        alt = escape(token.content)
        self._put(f'<img alt="{alt}">' if token.type == "image" else "<a>")

    def _definition(self, label: str) -> tuple[int, int]:
        """Return where the address of a definition stands."""
        if label not in self._definitions:
            first, last = self._env["references"][label]["map"]
            start = self._source.line(first)[0]
            match = _LABEL.search(self._text, start, self._source.line(last)[0])
            found = match.span(2) if match else (start, start)
            if match and match[2].startswith("<"):
                found = (found[0] + 1, found[1] - 1)
            self._definitions[label] = found
        return self._definitions[label]

    def _row(self, tokens: Sequence[Token], n: int) -> Row:
        opened = tokens[n]
        start, line = self._line(opened.map[0] if opened.map else 0)
        return Row(start, line, _cells(tokens, n))

    def _line(self, number: int) -> tuple[int, str]:
        """Return where a line of the text begins, and it, as the parser was given it."""
        start, line = self._source.line(number)
        return start, self._text[start : start + len(line)]

    def _lines(self, token: Token) -> list[tuple[int, int]]:
        """Return where each line of a block's content stands in the source.

        A block's lines are the ends of the source's lines: what quotes and lists put before
        them is cut off, and so are white space and a heading's marks at the ends.
        """
        content, first = token.content, token.map[0] if token.map else 0
        start = self._source.line(first)[0]
        if self._text.startswith(content, start):
            return [(0, start)]
        places: list[tuple[int, int]] = []
        offset = 0
        for n, text in enumerate(content.split("\n")):
            start, whole = self._line(first + n)
            line = whole.rstrip()
            core = text.strip()
            end = len(line) if line.endswith(core) else len(line.rstrip("#").rstrip())
            indent = len(text) - len(text.lstrip())
            places.append((offset + indent, max(start + end - len(core), start)))
            offset += len(text) + 1
        return places


def _cells(tokens: Sequence[Token], row: int) -> Sequence[Token]:
    """Return the contents of a table's row, given where the row begins."""
    following = (tokens[n] for n in range(row, len(tokens)))
    inside = takewhile(lambda token: token.type != "tr_close", following)
    return [token for token in inside if token.type == "inline"]


def _origin(places: Sequence[tuple[int, int]], offset: int) -> int:
    """Return where in the source an offset into a block's content stands."""
    n = max(bisect_right(places, offset, key=lambda place: place[0]) - 1, 0)
    return places[n][1] + offset - places[n][0]


def _within(places: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the places of a part of a block's content, counted from the part's start."""
    yield 0, _origin(places, start)
    for offset, origin in places:
        if start < offset < end:
            yield offset - start, origin

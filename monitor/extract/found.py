"""Finding the links in HTML: what is written where, under which headings, in which cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.extract.addresses import addresses, in_css, pairs
from monitor.extract.html import Closed, Comment, Element, Opened, Text, walk
from monitor.extract.tables import Cell, Table
from monitor.extract.wording import LOOKED_AT, shown

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An address in a piece of HTML.

    `tag` is where its start tag begins, `start` and `end` where the address stands, all
    offsets into the HTML; `value` is it with entities decoded. `ignored` tells that a
    comment on the page asks to leave it alone.
    """

    tag: int
    start: int
    end: int
    value: str
    element: str
    attribute: str
    text: str
    headings: tuple[str, ...]
    cell: Cell | None
    ignored: bool

    @property
    def context(self) -> tuple[str, ...]:
        """Return the headings above, then the words of the table's row around it."""
        return (*self.headings, *(self.cell.context if self.cell else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finds:
    """All addresses of a piece of HTML, in its order, and the address that they start from.

    `base` is the value of the first `<base href>`, or None.
    """

    found: tuple[Found, ...]
    base: str | None


def find(markup: str, generated: Mapping[int, str] = {}) -> Finds:
    """Return all addresses in HTML.

    `generated` maps where a start tag begins to the address that it is to have: that of a
    Markdown link, which stands nowhere in the HTML made of it.
    """
    search = _Search(markup, generated)
    found = sorted(search.run(), key=lambda each: (each.tag, each.start))
    unique = {(each.start, each.end, each.tag): each for each in reversed(found)}
    return Finds(found=tuple(reversed(unique.values())), base=search.base)


class _Search:
    def __init__(self, markup: str, generated: Mapping[int, str]) -> None:
        self.base: str | None = None
        self._markup = markup
        self._generated = generated
        self._headings: dict[int, str] = {}
        self._tables: list[Table] = []
        self._cells: list[Cell | None] = []
        self._ignore_next = self._ignore_stretch = False
        self._style: Element | None = None

    def run(self) -> Iterator[Found]:
        """Yield what is found, in the order of the tree."""
        for event in walk(self._markup):
            if isinstance(event, Opened):
                yield from self._open(event.element)
            elif isinstance(event, Closed):
                self._close(event.name)
            elif isinstance(event, Comment):
                self._hear(event.text.strip())
            elif self._style is not None:
                yield from self._in_style(self._style, event)

    def _open(self, element: Element) -> Iterator[Found]:
        name = element.name
        if name in _HEADINGS:
            level = _HEADINGS[name]
            self._headings = {n: text for n, text in self._headings.items() if n < level}
            self._headings[level] = shown(element.text(LOOKED_AT))
        elif name == "table":
            self._tables.append(Table())
            self._cells.append(None)
        elif self._tables and name in _GROUPS:
            self._tables[-1].begin_group(name)
        elif self._tables and name == "tr":
            self._tables[-1].begin_row()
        elif self._tables and name in _CELLS:
            self._cells[-1] = self._tables[-1].add(element)
        elif name == "style":
            self._style = element
        elif name == "base" and self.base is None:
            self.base = element.get("href")
        yield from self._look(element)

    def _close(self, name: str) -> None:
        if name == "table":
            self._tables.pop().end_row()
            self._cells.pop()
        elif name in _CELLS and self._cells:
            self._cells[-1] = None
        elif name == "style":
            self._style = None

    def _hear(self, comment: str) -> None:
        if comment == "linkwell-ignore":
            self._ignore_next = True
        elif comment == "linkwell-ignore-start":
            self._ignore_stretch = True
        elif comment == "linkwell-ignore-end":
            self._ignore_stretch = False

    def _look(self, element: Element) -> Iterator[Found]:
        tag = element.offset
        if tag is None:  # made up by the parser: a copy of one that was seen
            return
        if tag in self._generated:
            attribute = "src" if element.name == "img" else "href"
            yield self._found(element, attribute, tag, (tag, tag), self._generated[tag])
            return
        for attribute, reader in addresses(element):
            span = element.span(attribute, self._markup)
            if span is None:
                continue
            raw = self._markup[slice(*span)]
            for (start, end), value in pairs(reader, raw, element.get(attribute) or ""):
                place = (span[0] + start, span[0] + end)
                yield self._found(element, attribute, tag, place, value)

    def _in_style(self, element: Element, event: Text) -> Iterator[Found]:
        """Yield what style rules load; in a drawing they may be broken up, and are left."""
        start = element.content_offset
        if start is None or element.offset is None:
            return
        if self._markup.startswith(event.text, start):
            for begin, end in in_css(event.text):
                place = (start + begin, start + end)
                yield self._found(element, "", element.offset, place, event.text[begin:end])

    def _found(
        self, element: Element, attribute: str, tag: int, place: tuple[int, int], value: str
    ) -> Found:
        ignored = self._ignore_next or self._ignore_stretch
        self._ignore_next = False
        return Found(
            tag=tag,
            start=place[0],
            end=place[1],
            value=value,
            element=element.name,
            attribute=attribute,
            text=_words_of(element),
            headings=tuple(text for text in self._headings.values() if text),
            cell=self._cells[-1] if self._cells else None,
            ignored=ignored,
        )


def _words_of(element: Element) -> str:
    """Return what readers see of a link: its text, or what stands in for it."""
    said = shown(element.text(LOOKED_AT)) if element.name == "a" else ""
    other = (element.get(name) for name in ("alt", "aria-label", "title"))
    return said or next((shown(text) for text in other if text), "")

"""Reading a table as its readers see it: which cells stand beside a cell, under which header.

The grid is formed as browsers do (html.spec.whatwg.org, "forming a table"), rowspan and
colspan included; only how far it is followed is bounded.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from monitor.extract.html import Element
from monitor.extract.wording import LOOKED_AT, shown

_MOST_COLUMNS = 100
"""Cells further right get no place in the grid: no table for people is that wide."""
_MOST_ROWS = 20
"""How many rows a spanning cell names at most."""
_WIDEST, _TALLEST = 1000, 65534  # the standard's own limits on colspan and rowspan


@dataclass(eq=False, kw_only=True)
class Cell:
    """A cell with its place: rows and columns from and up to, both counted from 0."""

    table: "Table"
    element: Element
    header: bool
    row: int
    end_row: int
    column: int
    end_column: int
    heads: bool = False

    @cached_property
    def text(self) -> str:
        """Return what the cell says, repaired and on one line; may be empty."""
        return shown(self.element.text(LOOKED_AT))

    @cached_property
    def context(self) -> tuple[str, ...]:
        """Return what tells readers of a link in this cell which row it belongs to.

        From left to right each other cell of its rows, then its own column's header.
        """
        return self.table.around(self)


@dataclass(eq=False, slots=True)
class Table:
    """A table that grows row by row, cell by cell, as the page is read."""

    _columns: list[list[Cell]] = field(default_factory=list)
    _headers: list[list[Cell]] = field(default_factory=list)
    _occupied: list[int] = field(default_factory=list)
    _row: int = -1
    _cells: list[Cell] = field(default_factory=list)
    _in_head: bool = False

    def begin_group(self, name: str) -> None:
        """Begin a head, body or foot: no cell spans from one into another."""
        self.end_row()
        self._in_head = name == "thead"
        for column in self._columns:
            if column and column[-1].end_row > self._row + 1:
                column[-1].end_row = self._row + 1
        self._occupied = [min(end, self._row + 1) for end in self._occupied]

    def begin_row(self) -> None:
        """Begin the next row."""
        self.end_row()
        self._row += 1

    def end_row(self) -> None:
        """Take note of a row that is complete: one with headers only heads what follows.

        A row of a single header that is not in a head is a title, and heads nothing.
        """
        cells, self._cells = self._cells, []
        heads = len(cells) > 1 and all(cell.header for cell in cells)
        if self._in_head or heads:
            for cell in cells:
                cell.heads = True
                for column in range(cell.column, cell.end_column):
                    self._headers[column].append(cell)

    def add(self, element: Element) -> Cell | None:
        """Give a cell its place in the present row; None where the grid is not followed."""
        if self._row < 0:
            self.begin_row()
        row, column = self._row, 0
        while column < len(self._occupied) and self._occupied[column] > row:
            column += 1
        if column >= _MOST_COLUMNS:
            return None
        width = max(_number(element, "colspan", _WIDEST), 1)
        height = _number(element, "rowspan", _TALLEST) or _TALLEST
        end = min(column + width, _MOST_COLUMNS)
        for _ in range(len(self._columns), end):
            self._columns.append([])
            self._headers.append([])
            self._occupied.append(0)
        for each in range(column, end):
            self._occupied[each] = max(self._occupied[each], row + height)
        cell = Cell(
            table=self,
            element=element,
            header=element.name == "th" and element.get("scope") != "row",
            row=row,
            end_row=row + height,
            column=column,
            end_column=end,
        )
        self._columns[column].append(cell)
        self._cells.append(cell)
        return cell

    def around(self, cell: Cell) -> tuple[str, ...]:
        """Return the context of a cell: its rows' other cells, then its column's header."""
        if cell.heads:
            return ()
        named = [
            self._named(self._within(column, cell))
            for column in range(len(self._columns))
            if column != cell.column
        ]
        header = self._header(cell)
        own = header.text if header is not None else ""
        return tuple(text for text in (*named, own) if text)

    def _within(self, column: int, cell: Cell) -> list[Cell]:
        """Return the cells that begin in a column and share a row with a cell."""
        cells = self._columns[column]
        first = bisect_right(cells, cell.row, key=lambda each: each.row) - 1
        if first < 0 or cells[first].end_row <= cell.row:
            first += 1
        last = min(cell.end_row, cell.row + _MOST_ROWS)
        found: list[Cell] = []
        while first < len(cells) and cells[first].row < last:
            found.append(cells[first])
            first += 1
        return found

    def _named(self, cells: list[Cell]) -> str:
        texts = [cell.text for cell in cells if cell.text]
        if not texts:
            return ""
        header = self._header(cells[0])
        text = " / ".join(texts)
        named = f"{header.text}: {text}" if header is not None and header.text else text
        return shown(named)

    def _header(self, cell: Cell) -> Cell | None:
        """Return the nearest header above a cell, or None."""
        heads = self._headers[cell.column]
        above = bisect_right(heads, cell.row - 1, key=lambda each: each.row) - 1
        return heads[above] if above >= 0 else None


def _number(element: Element, name: str, most: int) -> int:
    """Return a span as browsers read it: at most `most`, 1 where it is missing or odd."""
    digits = (element.get(name) or "").strip()
    value = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return min(int(value[:6]), most) if value else 1

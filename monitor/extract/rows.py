"""Where the cells of a Markdown table stand in their line."""

from collections.abc import Sequence

from markdown_it.token import Token


def is_bare_table(content: str) -> bool:
    """Return whether a paragraph is a table without a header, as kramdown reads it.

    CommonMark knows tables with a header only. Every line begins and ends with a bar.
    """
    if not content.startswith("|"):
        return False
    lines = content.split("\n")
    return all(len(line) > 1 and line[0] == "|" and line.rstrip()[-1] == "|" for line in lines)


class Row:
    """A row of a Markdown table: its line, taken apart at the bars that are not escaped."""

    def __init__(self, start: int, line: str, cells: Sequence[Token]) -> None:
        self._start, self._line = start, line
        self._pieces = _pieces(self._line)
        self._numbers = {id(cell): n for n, cell in enumerate(cells)}
        self._shift = 0 if _fits(self._line, self._pieces, cells) else 1

    def places(self, cell: Token) -> list[tuple[int, int]]:
        """Return where the parts of a cell's content stand in the source.

        More than one, where a bar in it was escaped: the escape is gone from the content.
        """
        number = self._numbers[id(cell)] + self._shift
        begin, end = self._pieces[min(number, len(self._pieces) - 1)]
        raw = self._line[begin:end]
        if number == 0:  # what a quote or a list puts before the first cell
            begin += max(raw.rstrip().rfind(_escaped(cell.content)), 0)
        else:
            begin += len(raw) - len(raw.lstrip())
        places = [(0, self._start + begin)]
        removed = 0
        for offset, char in enumerate(self._line[begin:end]):
            if char == "|":
                removed += 1
                places.append((offset - removed, self._start + begin + offset))
        return places


def _fits(line: str, pieces: Sequence[tuple[int, int]], cells: Sequence[Token]) -> bool:
    """Return whether the first cell stands before the first bar of its line."""
    if not cells or not cells[0].content:
        return False
    begin, end = pieces[0]
    return line[begin:end].rstrip().endswith(_escaped(cells[0].content))


def _escaped(content: str) -> str:
    return content.replace("|", "\\|")


def _pieces(line: str) -> list[tuple[int, int]]:
    """Return what stands between the bars of a line that are not escaped."""
    pieces: list[tuple[int, int]] = []
    begin = 0
    for at, char in enumerate(line):
        if char == "|" and not (at and line[at - 1] == "\\"):
            pieces.append((begin, at))
            begin = at + 1
    return [*pieces, (begin, len(line))]

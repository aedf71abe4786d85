"""The text of a page with its lines: from offsets to positions, and back to what is written."""

import re
from bisect import bisect_right

from monitor.core.model import Position

_LINE_END = re.compile(r"\r\n|\n|\r")


class Source:
    """A page's text, and the same with every line end as one line feed.

    Parsers work on `text`; offsets into it lead back to the page as it was written.
    """

    def __init__(self, written: str) -> None:
        self._written = written
        self._plain = "\r" not in written
        self.text = written if self._plain else _LINE_END.sub("\n", written)
        self._starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        self._written_starts = (
            self._starts if self._plain else [0, *(m.end() for m in _LINE_END.finditer(written))]
        )

    def position(self, offset: int) -> Position:
        """Return the line and column of an offset into `text`."""
        line = bisect_right(self._starts, offset)
        return Position(line=line, column=offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> tuple[int, str]:
        """Return the offset and the text of a line, counted from 0, without its line end.

        Beyond the last line it is empty.
        """
        if number >= len(self._starts):
            return len(self.text), ""
        start = self._starts[number]
        end = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self.text)
        return start, self.text[start:end]

    def written(self, start: int, end: int) -> str:
        """Return what stands between two offsets into `text`, with its own line ends."""
        if self._plain:
            return self._written[start:end]
        return self._written[self._offset(start) : self._offset(end)]

    def _offset(self, offset: int) -> int:
        line = bisect_right(self._starts, offset) - 1
        return self._written_starts[line] + offset - self._starts[line]

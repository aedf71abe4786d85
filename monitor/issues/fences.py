"""Blocks of code in Markdown: what stands in them is shown, and means nothing."""

import re

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)")


def blanked(text: str) -> str:
    """Return a text with its fenced blocks of code made blank, so that all offsets stay.

    Source: CommonMark 0.31, 4.5: a fence ends with one of its kind that is no shorter, and
    with nothing behind it; one that has no end reaches to the end of the text.
    """
    kept: list[str] = []
    fence = ""
    for line in _LINE.findall(text):
        words = line.rstrip("\r\n")
        mark = _FENCE.fullmatch(words)
        within = bool(fence)
        if not within and mark:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        kept.append(" " * len(words) + line[len(words) :] if within or mark else line)
    return "".join(kept)

"""Pages for the tests of extraction, and the law that all positions obey."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.core.model import Extract, Link, Page, PageKind, Skipped, Url
from monitor.extract.links import extract

HERE = "https://course.example/it/"


def page(text: str, kind: PageKind = PageKind.HTML, url: str | None = HERE) -> Page:
    return Page(
        name="page",
        url=None if url is None else Url(url),
        kind=kind,
        text=text,
        read_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def links_of(
    text: str,
    kind: PageKind = PageKind.HTML,
    url: str | None = HERE,
    variables: Mapping[str, str] | None = None,
) -> Extract:
    return extract(page(text, kind, url), variables or {})


def markdown(text: str, url: str | None = HERE, **variables: str) -> Extract:
    named = {name.replace("__", "."): value for name, value in variables.items()}
    return links_of(text, PageKind.MARKDOWN, url, named)


def written(extract: Extract) -> list[str]:
    return [link.written for link in extract.links]


def places(extract: Extract) -> list[tuple[int, int]]:
    return [
        (link.occurrence.position.line, link.occurrence.position.column) for link in extract.links
    ]


def breaks_the_law(text: str, extracted: Extract) -> list[Link | Skipped]:
    """Return what does not stand where it says: there must be none."""
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    found: list[Link | Skipped] = []
    for entry in (*extracted.links, *extracted.skipped):
        position = entry.occurrence.position
        offset = starts[position.line - 1] + position.column - 1
        if position.column < 1 or not text.startswith(entry.written, offset):
            found.append(entry)
    return found

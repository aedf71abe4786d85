"""Reading what a source names: over the network by `fetch`, from files, from standard input."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from monitor.config import STANDARD_INPUT, Limits, Source
from monitor.core.errors import SourceError
from monitor.core.model import Page, Url
from monitor.core.page_signs import not_the_page
from monitor.core.ports import PERMANENT, Exchange, Failure, Request
from monitor.core.urls import split, without_fragment
from monitor.crawl.folders import FolderFile, files
from monitor.crawl.kinds import kind_of_name, kind_of_type
from monitor.crawl.permalinks import page_url
from monitor.extract.decode import Decoded, decode
from monitor.extract.outline import outline

ACCEPT = "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.1"
"""What we ask a page's server for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A page that could not be read, and why in one sentence."""

    name: str
    url: Url | None
    why: str


def must_exist(source: Source) -> None:
    """Raise SourceError where a local source is not there; a web page is the network's matter."""
    if source.folder is not None and not _is_folder(source.folder):
        raise SourceError(_no_folder(source.folder))
    path = source.path
    if path is None or path == STANDARD_INPUT:
        return
    if not os.path.exists(path):  # noqa: PTH110 - this one never raises
        raise SourceError(_missing(path))


async def pages(
    source: Source,
    fetch: Callable[[Request], Awaitable[Exchange]],
    now: Callable[[], datetime],
    limits: Limits,
    standard_input: BinaryIO | None = None,
) -> AsyncIterator[Page | Unread]:
    """Yield the pages of a source, each read whole or up to the limit, files sorted by path.

    Raises SourceError where a path does not exist or cannot be read: that is the user's to
    change. Trouble with a page on the web, or with one file of a folder, is an Unread.
    """
    path = source.folder or source.path
    if source.url is not None:
        yield await _web_page(source, source.url, fetch, now, limits)
    elif path is None or (source.folder is None and path == STANDARD_INPUT):
        yield await asyncio.to_thread(_standard_input, source, now, limits, standard_input)
    elif source.folder is not None or _is_folder(path):
        async for page in _folder(source, path, now, limits):
            yield page
    else:
        yield await asyncio.to_thread(_single_file, source, path, now, limits)


# --- the web ---


async def _web_page(
    source: Source,
    url: Url,
    fetch: Callable[[Request], Awaitable[Exchange]],
    now: Callable[[], datetime],
    limits: Limits,
) -> Page | Unread:
    name = source.label
    request = Request(
        url=without_fragment(url),
        headers={"Accept": ACCEPT},
        read=limits.page_bytes,
        follow=lambda _: True,
    )
    exchange = await fetch(request)
    said = exchange.said
    if isinstance(said, Failure):
        return Unread(name=name, url=url, why=said.detail)
    if not 200 <= said.status < 300:
        why = f"The page {said.url} answers {said.status}."
        return Unread(name=name, url=url, why=why)
    content_type = said.headers.get("content-type")
    body = _whole(said.body) if said.truncated else said.body
    decoded = await asyncio.to_thread(decode, body, content_type)
    kind = kind_of_type(content_type, split(said.url).path, decoded.text)
    if kind is None or not decoded.is_text:
        type_ = (content_type or "").partition(";")[0].strip()[:100]
        what = type_ if kind is None else "binary"
        why = f"The page {said.url} is neither HTML nor Markdown, but {what}."
        return Unread(name=name, url=url, why=why)
    shown = await asyncio.to_thread(outline, said)
    wall = not_the_page(shown.title, shown.words, request.url, without_fragment(said.url))
    if wall is not None:
        return Unread(name=name, url=url, why=f"In its place {said.url} {wall}.")
    final = source.base_url or without_fragment(said.url)
    moved = exchange.hops and all(hop.status in PERMANENT for hop in exchange.hops)
    notes = (
        *([f"The page has moved for good, to {said.url}."] if moved else []),
        *_notes(decoded, limits, truncated=said.truncated),
    )
    return Page(
        name=name,
        url=final,
        kind=kind,
        text=decoded.text,
        read_at=now(),
        notes=notes,
        whole=not said.truncated,
    )


# --- files ---


def _single_file(
    source: Source, path: Path, now: Callable[[], datetime], limits: Limits
) -> Page | Unread:
    try:
        body = _bytes(path, limits)
    except FileNotFoundError:
        raise SourceError(_missing(path)) from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {_why(error)}.") from None
    return _page(source.label, source.base_url, path.name, body, now, limits)


async def _folder(
    source: Source, folder: Path, now: Callable[[], datetime], limits: Limits
) -> AsyncIterator[Page | Unread]:
    if not _is_folder(folder):
        raise SourceError(_no_folder(folder))
    found = await asyncio.to_thread(lambda: list(files(folder, source.include)))
    if not found:
        among = f" among {', '.join(source.include)}" if source.include else ""
        raise SourceError(f"The folder {folder} holds no Markdown or HTML file{among}.")
    for file in found[: limits.pages]:
        yield await asyncio.to_thread(_file_of_folder, source, folder, file, now, limits)
    if len(found) > limits.pages:
        why = (
            f"The folder holds {len(found):,} pages; only {limits.pages:,} were read"
            " (`limits.pages`)."
        )
        yield Unread(name=source.label, url=None, why=why)


def _file_of_folder(
    source: Source, folder: Path, file: FolderFile, now: Callable[[], datetime], limits: Limits
) -> Page | Unread:
    path = folder / file.path
    name = f"{source.name}/{file.path}" if source.name else str(path)
    try:
        body = _bytes(path, limits)
    except (OSError, ValueError) as error:
        return Unread(name=name, url=None, why=f"The file cannot be read: {_why(error)}.")
    url = source.base_url and page_url(
        file.path,
        source.base_url,
        text=body[:50_000].decode("utf-8", "replace"),
        pretty=file.pretty,
        has_index=file.has_index,
    )
    return _page(name, url, file.path, body, now, limits)


def _standard_input(
    source: Source, now: Callable[[], datetime], limits: Limits, given: BinaryIO | None
) -> Page | Unread:
    body = (given or sys.stdin.buffer).read(limits.page_bytes + 1)
    name = source.name or "standard input"
    return _page(name, source.base_url, "", body, now, limits)


def _page(
    name: str,
    url: Url | None,
    file_name: str,
    body: bytes,
    now: Callable[[], datetime],
    limits: Limits,
) -> Page | Unread:
    truncated = len(body) > limits.page_bytes
    decoded = decode(_whole(body[: limits.page_bytes]) if truncated else body, None)
    if not decoded.is_text:
        return Unread(name=name, url=url, why="This is no text: neither HTML nor Markdown.")
    if file_name.lower().endswith(".ipynb"):
        return Unread(name=name, url=url, why="This is a notebook, which Linkwell cannot read yet.")
    kind = kind_of_name(file_name, decoded.text)
    notes = _notes(decoded, limits, truncated=truncated)
    return Page(
        name=name,
        url=url,
        kind=kind,
        text=decoded.text,
        read_at=now(),
        notes=notes,
        whole=not truncated,
    )


def _notes(decoded: Decoded, limits: Limits, *, truncated: bool) -> tuple[str, ...]:
    notes = list(decoded.notes)
    if not decoded.text.strip():
        notes.append("The page is empty.")
    if truncated:
        size = f"{limits.page_bytes / 1_000_000:g} MB"
        notes.append(
            f"The page is larger than {size}; what comes after that was not read"
            " (`limits.page_bytes`)."
        )
    return tuple(notes)


def _whole(cut: bytes) -> bytes:
    """Return a body that was cut without the half of a UTF-8 character at its end."""
    for n, byte in enumerate(reversed(cut[-3:]), start=1):
        if byte >= 0xC0:  # it begins a character of 2 to 4 bytes
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return cut[:-n] if n < length else cut
    return cut


def _bytes(path: Path, limits: Limits) -> bytes:
    with path.open("rb") as opened:
        return opened.read(limits.page_bytes + 1)


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - this one never raises


def _no_folder(path: Path) -> str:
    there = os.path.isfile(path)  # noqa: PTH113 - this one never raises
    return f"{path} is a file: name it under `path:`." if there else _missing(path)


def _missing(path: Path) -> str:
    hint = ""
    first = str(path).partition("/")[0]
    if str(path).startswith(("http:/", "https:/")):
        hint = " For a web page write its whole address, with two slashes after http: or https:."
    elif "." in first.strip(".") and not first.lower().endswith((".md", ".html", ".htm", ".txt")):
        hint = f" For a web page write https:// before it: https://{path}"
    return f"There is no file or folder {path}.{hint}"


def _why(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or "this is no name of a file"

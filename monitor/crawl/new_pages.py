"""What a change does to addresses: pages that no site has yet, and links that now lead elsewhere.

A relative link is asked on the published site. What the change itself adds is not there yet,
and of a page that has moved every relative link has another meaning.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from monitor.config import STANDARD_INPUT, Source
from monitor.core.checkout import Change
from monitor.core.model import Link, Occurrence, PageRecord, Url
from monitor.core.urls import normalise, scheme_of, without_fragment
from monitor.crawl.folders import FolderFile, beginning, files
from monitor.crawl.permalinks import HTML_SUFFIXES, MARKDOWN_SUFFIXES, page_url


def unpublished(
    sources: Sequence[Source], change: Change, top: Path, links: Iterable[Link]
) -> frozenset[Occurrence]:
    """Return where the links stand that lead to a file which the change adds or moves there.

    The file may be named as it is called (new.md), as its site will call it (new, new/,
    new.html), or as its own `permalink` says. Only sources with a base_url have addresses.
    """
    places = {place for source in sources for place in _new_places(source, change, top)}
    return frozenset(link.occurrence for link in links if _place(link.url) in places)


def turned(
    sources: Sequence[Source],
    change: Change,
    top: Path,
    pages: Mapping[str, str],
    read: Iterable[PageRecord],
    links: Iterable[Link],
) -> frozenset[Occurrence]:
    """Return where the relative links stand that lead elsewhere since their page has moved.

    `pages` are the files of the pages that were `read`, by their name, from the top.
    """
    by_label = {source.label: source for source in sources}
    bases: dict[str, tuple[Url, Url | None]] = {}
    for page in read:
        before = change.moved.get(pages.get(page.name, ""))
        source = by_label.get(page.source)
        if before is not None and page.url is not None and source is not None:
            bases[page.name] = page.url, _address(source, top, before, pages[page.name])
    return frozenset(
        link.occurrence
        for link in links
        if link.occurrence.page in bases and _leads_elsewhere(link, *bases[link.occurrence.page])
    )


def _leads_elsewhere(link: Link, now: Url, before: Url | None) -> bool:
    if scheme_of(link.written) is not None or link.written.startswith(("#", "/")):
        return False
    if normalise(link.written, now) != link.url:
        return False  # a template's or a <base>'s doing, which the move may not concern
    return before is None or normalise(link.written, before) != link.url


def _address(source: Source, top: Path, path: str, now: str) -> Url | None:
    """Return where a page was published from its old path; None outside of the source."""
    folder, base = _root(source)
    within = _within(folder, top, path) if folder is not None else None
    if folder is None or base is None or within is None:
        return None
    beside = {each.path: each for each in files(folder, source.include)}
    file = beside.get(_within(folder, top, now) or "")
    return _published(
        base,
        FolderFile(
            path=within,
            pretty=file is not None and file.pretty,
            has_index=file is not None and file.has_index,
        ),
        beginning(top / now),
    )


def _new_places(source: Source, change: Change, top: Path) -> Iterable[str]:
    """Yield the places on its site at which the new files of a source may come to stand."""
    folder, base = _root(source)
    if folder is None or base is None:
        return
    known = {file.path: file for file in files(folder, source.include)}
    for path in change.new:
        within = _within(folder, top, path)
        if within is None:
            continue
        urls = [normalise(f"./{quote(within, errors='surrogateescape')}", base)]
        if within in known:
            urls.append(_published(base, known[within], beginning(top / path)))
        yield from (_place(url) for url in urls if url is not None)


def _published(base: Url, file: FolderFile, text: str) -> Url | None:
    return page_url(file.path, base, text=text, pretty=file.pretty, has_index=file.has_index)


def _root(source: Source) -> tuple[Path | None, Url | None]:
    """Return the folder of a source and its address; of a single file those around it."""
    folder, base = source.folder or source.path, source.base_url
    if folder is None or base is None or folder == STANDARD_INPUT:
        return None, None
    if source.folder is None and not folder.is_dir():
        return folder.parent, normalise(".", base)
    return folder, normalise(base.partition("?")[0].partition("#")[0].rstrip("/") + "/")


def _place(url: Url) -> str:
    """Return what is the same of all addresses of one page: /a, /a/, /a.html, /a.md, /a/index."""
    plain = unquote(without_fragment(url).partition("?")[0])
    for suffix in MARKDOWN_SUFFIXES + HTML_SUFFIXES:
        plain = plain.removesuffix(suffix)
    return plain.removesuffix("/index").rstrip("/")


def _within(folder: Path, top: Path, path: str) -> str | None:
    try:
        return (top.resolve() / path).relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None

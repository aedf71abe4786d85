"""From a page to its links: those to check, those to skip, each with its place."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from monitor.core.model import Extract, Link, Occurrence, Page, PageKind, Skipped, Url
from monitor.core.urls import DEFAULT_PORTS, normalise, scheme_of
from monitor.extract.found import Found, find
from monitor.extract.markdown import Markup, Place, render
from monitor.extract.source import Source
from monitor.extract.templates import fill, mask, unmask

NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_LONGEST = 65_536
"""Addresses beyond this are none: the longest that browsers and servers agree on is shorter."""
_SHOWN_OF_SKIPPED = 2_000
_MOST = {PageKind.HTML: ("<", 1_000_000), PageKind.MARKDOWN: ("\n", 500_000)}
"""How many tags of HTML and lines of Markdown are read: bounds memory to about 2 GB."""

SCHEMES = {
    "about": "a page of the browser's own",
    "blob": "an object in the browser's memory",
    "callto": "a telephone number",
    "data": "the content itself, not an address",
    "file": "a file on the reader's own machine",
    "ftp": "FTP is not checked",
    "geo": "a place on the map",
    "javascript": "a script, not an address",
    "mailto": "an e-mail address",
    "sms": "a telephone number",
    "tel": "a telephone number",
}
"""Why links of a scheme are not checked."""

_FOR_GIT = re.compile(
    r"\s*(?:(?:git\+)?(?:ssh|git)://(?:[\w.-]+@)?(?:\w+\.)?github\.com\b|git@github\.com:)",
    re.IGNORECASE,
)
"""Addresses by which git clones what a provider knows by its address on the web, too."""

NO_BASE = "a relative address without a base URL: give --base-url"
TOO_LONG = "the page is too long: from here on it was not read"
IGNORED = "ignored by a comment on the page"


def extract(page: Page, variables: Mapping[str, str] = NOTHING_GIVEN) -> Extract:
    """Return the links of a page in the order of its source; works for any text.

    `variables` are the values of template expressions ("site.baseurl"). Not links are: what a
    page says in code, connection hints (`rel=preconnect`), lazy loaders' own attributes
    (`data-src`), form targets other than GET, inert `<template>`s, and definitions of
    reference links that nothing refers to.
    """
    source = Source(page.text)
    if page.kind is PageKind.URLS:
        entries = list(_listed(page, source, variables))
    else:
        entries = list(_marked_up(page, source, variables))
    return Extract(
        links=tuple(entry for entry in entries if isinstance(entry, Link)),
        skipped=tuple(entry for entry in entries if isinstance(entry, Skipped)),
    )


def _listed(page: Page, source: Source, variables: Mapping[str, str]) -> Iterator[Link | Skipped]:
    offset = 0
    for line in source.text.split("\n"):
        written = line.strip()
        if written and not written.startswith("#"):
            occurrence = Occurrence(
                page=page.name,
                position=source.position(offset + line.index(written)),
                element="",
                attribute="",
            )
            yield _entry(written, mask(written), occurrence, page.url, variables)
        offset += len(line) + 1


def _marked_up(
    page: Page, source: Source, variables: Mapping[str, str]
) -> Iterator[Link | Skipped]:
    end = _read_up_to(source.text, page.kind)
    text = mask(_without_front_matter(source.text[:end]))
    if page.kind is PageKind.MARKDOWN:
        markup = render(source, text)
    else:
        markup = Markup(text=text)
        markup.note(0, len(text), 0)
    finds = find(markup.text, markup.values)
    base = page.url
    if finds.base is not None:
        base = normalise(fill(finds.base, variables)[0], page.url) or page.url
    located = [(place, found) for found in finds.found if (place := _place(markup, found))]
    for place, found in sorted(located, key=lambda each: each[0].in_order):
        written = source.written(place.start, place.end)
        occurrence = _occurrence(page, source, place, found)
        if found.ignored:
            yield Skipped(written=written, occurrence=occurrence, why=IGNORED)
        else:
            yield _entry(written, found.value, occurrence, base, variables)
    if end < len(source.text):
        position = source.position(end)
        rest = Occurrence(page=page.name, position=position, element="", attribute="")
        yield Skipped(written="", occurrence=rest, why=TOO_LONG)


def _read_up_to(text: str, kind: PageKind) -> int:
    """Return the offset up to which a page is read: its end, but for a giant."""
    mark, most = _MOST[kind]
    if text.count(mark) <= most:
        return len(text)
    return next(islice(re.finditer(mark, text), most, None)).start()


def _without_front_matter(text: str) -> str:
    match = _FRONT_MATTER.match(text)
    return re.sub(r"[^\n]", " ", match[0]) + text[match.end() :] if match else text


def _place(markup: Markup, found: Found) -> Place | None:
    """Return where in the source something found in its markup stands, or None if nowhere."""
    place = markup.places.get(found.tag)
    if place is not None:
        return place
    origin = markup.origin(found.start, found.end)
    return Place(start=origin[0], end=origin[1]) if origin is not None else None


def _occurrence(page: Page, source: Source, place: Place, found: Found) -> Occurrence:
    return Occurrence(
        page=page.name,
        position=source.position(place.start),
        element=found.element,
        attribute=found.attribute,
        text=unmask(found.text),
        context=tuple(map(unmask, found.context)),
        used_at=None if place.used is None else source.position(place.used),
    )


def _entry(
    written: str,
    value: str,
    occurrence: Occurrence,
    base: Url | None,
    variables: Mapping[str, str],
) -> Link | Skipped:
    """Return a link, or why it is skipped; `value` is what is written, decoded and masked."""
    filled, unknown = fill(value, variables)
    why = _why_skipped(filled, unknown, base)
    if why is not None:
        return Skipped(written=written[:_SHOWN_OF_SKIPPED], occurrence=occurrence, why=why)
    url = normalise(filled, base)
    return Link(
        written=written, url=url if url is not None else Url(written), occurrence=occurrence
    )


def _why_skipped(value: str, unknown: str | None, base: Url | None) -> str | None:
    if unknown is not None:
        return f"template expression {unknown} has no value; give it with --var"
    if _FOR_GIT.match(value) and len(value) <= _LONGEST:
        return None
    scheme = scheme_of(value)
    if scheme is not None and scheme not in DEFAULT_PORTS:
        return SCHEMES.get(scheme, f"links of the scheme {scheme[:40]} are not checked")
    if len(value) > _LONGEST:
        return f"an address of {len(value):,} characters is not checked"
    if scheme is None and base is None:
        return NO_BASE
    return None

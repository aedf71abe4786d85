"""Sources to links, and links to resources: what a run is going to check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor import crawl
from monitor.config import Config, Source
from monitor.core.identify import identify, link_to
from monitor.core.leave_alone import ignored
from monitor.core.model import (
    Extract,
    Link,
    Occurrence,
    Page,
    PageRecord,
    Position,
    Reference,
    Resource,
    ResourceId,
    Skipped,
)
from monitor.core.provider import Provider
from monitor.doors import Doors, opened
from monitor.extract.links import extract
from monitor.providers import find


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user asks of one run, besides the configuration.

    Only resources of `provider` are checked (None: of all), and at most `limit` of them.
    `configured` tells that the sources are all that the configuration names, `due` that only
    what is due is to be asked.
    """

    sources: tuple[Source, ...]
    provider: str | None = None
    limit: int | None = None
    configured: bool = False
    due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """One page with its links, divided into those to check and those to leave alone."""

    page: PageRecord
    references: tuple[Reference, ...]
    resources: tuple[Resource, ...]
    skipped: tuple[Skipped, ...]

    @property
    def read(self) -> bool:
        """Return whether the page itself could be read."""
        return self.page.read


@dataclass(slots=True)
class Gathered:
    """All pages' links so far, and the resources behind them, in page order."""

    pages: list[PageLinks] = field(default_factory=list)
    resources: dict[ResourceId, Resource] = field(default_factory=dict)

    def sources_read_whole(self, wish: Wish) -> tuple[str, ...]:
        """Return the sources of which it is known what no longer stands on them.

        Where only a part of the configuration was wished for, none.
        """
        if not wish.configured or wish.provider is not None or wish.limit is not None:
            return ()
        pages = [page.page for page in self.pages]
        read = {page.source for page in pages if page.read}
        cut = {page.source for page in pages if not page.read and page.name == page.source}
        return tuple(dict.fromkeys(s.label for s in wish.sources if s.label in read - cut))

    def links_by_page(self) -> Mapping[str, Sequence[Link]]:
        """Return the links to check of each page, by its name."""
        found: dict[str, list[Link]] = {}
        for page in self.pages:
            found.setdefault(page.page.name, []).extend(r.link for r in page.references)
        return found

    def links_by_resource(self) -> Sequence[tuple[Resource, Sequence[Link]]]:
        """Return each resource with the links that lead to it."""
        found: dict[ResourceId, list[Link]] = {}
        for page in self.pages:
            for reference in page.references:
                found.setdefault(reference.resource, []).append(reference.link)
        return [(self.resources[id_], links) for id_, links in found.items()]


async def gather(
    config: Config,
    wish: Wish,
    providers: Sequence[Provider],
    doors: Doors,
    found: Callable[[PageLinks], None] = lambda _: None,
) -> Gathered:
    """Read all sources, and return what is to be checked; tell `found` of each page at once."""
    gathered = Gathered()
    for source in wish.sources:
        async for page in crawl.pages(source, doors.fetch, doors.now, config.limits):
            if isinstance(page, Page):
                extracted = extract(page, source.variables)
                links, skipped = extracted.links, extracted.skipped
                notes = (*page.notes, *_remarks(page, extracted))
                record = PageRecord(
                    name=page.name,
                    url=page.url,
                    read_at=page.read_at,
                    notes=notes,
                    source=source.label,
                    whole=page.whole and bool(links or skipped),
                )
            else:
                record = PageRecord(
                    name=page.name,
                    url=page.url,
                    read_at=doors.now(),
                    notes=(page.why,),
                    source=source.label,
                    read=False,
                )
                links, skipped = _to_itself(page), ()
            references, left = _divided(
                links, gathered.resources, config, wish, providers, doors.now()
            )
            too_many = any(skip.why == _too_many(config.limits.links) for skip in left)
            found_here = PageLinks(
                page=replace(record, whole=record.whole and not too_many),
                references=references,
                resources=tuple(gathered.resources[r.resource] for r in references),
                skipped=(*skipped, *left),
            )
            gathered.pages.append(found_here)
            found(found_here)
    return gathered


async def links_of(config: Config, wish: Wish) -> Gathered:
    """Read all sources and return their links, without checking any."""
    async with opened(config) as doors:
        return await gather(config, wish, find(), doors)


def _remarks(page: Page, extracted: Extract) -> tuple[str, ...]:
    """Return what is odd about a page without anchors: its readers may well see some."""
    elements = {link.occurrence.element for link in extracted.links}
    elements |= {skip.occurrence.element for skip in extracted.skipped}
    if "a" in elements or "<script" not in page.text.lower():
        return ()
    return ("The page links nowhere; a script may make its links in the browser, unseen by us.",)


def _to_itself(page: crawl.Unread) -> tuple[Link, ...]:
    """Return the link that an unread page is to itself, so that its trouble is found too."""
    if page.url is None:
        return ()
    here = Occurrence(
        page=page.name, position=Position(line=1, column=1), element="source", attribute=""
    )
    return (link_to(page.url, here),)


def _divided(
    links: Sequence[Link],
    known: dict[ResourceId, Resource],
    config: Config,
    wish: Wish,
    providers: Sequence[Provider],
    now: datetime,
) -> tuple[tuple[Reference, ...], tuple[Skipped, ...]]:
    """Divide links into those to check, adding their resources to `known`, and the others."""
    references: list[Reference] = []
    left: list[Skipped] = []
    rules = config.ignore_rules()
    for link in links:
        resource = identify(link, providers)
        why = ignored(link, resource.provider, rules, now) or _unwished(
            resource, known, wish, config.limits.links
        )
        if why is not None:
            left.append(Skipped(written=link.written, occurrence=link.occurrence, why=why))
            continue
        earlier = known.get(resource.id)
        known[resource.id] = earlier.joined(resource) if earlier else resource
        references.append(Reference(link=link, resource=resource.id))
    return tuple(references), tuple(left)


def _unwished(
    resource: Resource, known: Mapping[ResourceId, Resource], wish: Wish, most: int
) -> str | None:
    if wish.provider is not None and resource.provider != wish.provider:
        return f"left out by --provider {wish.provider}"
    if resource.id in known:
        return None
    if wish.limit is not None and len(known) >= wish.limit:
        return f"left out by --limit {wish.limit}"
    return _too_many(most) if len(known) >= most else None


def _too_many(most: int) -> str:
    return f"left out by `limits.links: {most}`"

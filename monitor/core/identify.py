"""From a link to the resource behind it, by the first provider that claims it."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from monitor.core.model import Link, Occurrence, Position, Resource, ResourceId, Url
from monitor.core.provider import Provider

FALLBACK = "web"
"""The provider that takes every link that no other claims, malformed ones included."""

LONGEST_ID = 512
"""Characters. No index of PostgreSQL holds a name of more than some 2,700 bytes."""

_NOWHERE = Occurrence(page="", position=Position(line=1, column=1), element="", attribute="")


def identify(link: Link, providers: Sequence[Provider]) -> Resource:
    """Return the resource behind a link.

    At most one provider besides the fallback claims any URL; the contract test sees to it.
    """
    claimed = (p.identify(link) for p in providers if p.name != FALLBACK)
    found = next((resource for resource in claimed if resource is not None), None)
    if found is None:
        fallback = provider_named(FALLBACK, providers)
        found = fallback.identify(link)
    assert found is not None, f"the provider {FALLBACK} takes every link"  # noqa: S101 - its contract
    return found if len(found.id) <= LONGEST_ID else replace(found, id=_shorter(found.id))


def link_to(url: Url, occurrence: Occurrence = _NOWHERE) -> Link:
    """Return a link to a URL that stands on no page: a redirect's target, a candidate."""
    return Link(written=url, url=url, occurrence=occurrence)


def provider_named(name: str, providers: Sequence[Provider]) -> Provider:
    """Return the provider of a name; raises KeyError where there is none."""
    return {provider.name: provider for provider in providers}[name]


def _shorter(name: ResourceId) -> ResourceId:
    """Return the name for a resource that goes by a very long one: its beginning, and a digest."""
    digest = sha256(name.encode(errors="surrogatepass")).hexdigest()
    return ResourceId(f"{name[: LONGEST_ID - len(digest) - 1]}~{digest}")

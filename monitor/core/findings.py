"""What a run found: every resource with its settled verdict, every link with its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import Link, Record, Resource, ResourceId, Url, Verdict
from monitor.core.provider import Provider
from monitor.core.reasons import Reason
from monitor.core.verdicts import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFinding:
    """A link and the verdict of just this link (its second, its heading, its embedding)."""

    link: Link
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A resource, its settled verdict, and the links that lead to it, in page order."""

    resource: Resource
    verdict: Verdict
    links: tuple[LinkFinding, ...]


def findings(record: Record, providers: Sequence[Provider]) -> tuple[Finding, ...]:
    """Return what a run found, in the order in which the resources first occur.

    An observation made after the network was lost reads as our own network's fault, one
    that is missing as not asked.
    """
    links: dict[ResourceId, list[Link]] = {}
    for reference in record.references:
        links.setdefault(reference.resource, []).append(reference.link)
    return tuple(
        _finding(record.resources[id_], leading_here, record, providers)
        for id_, leading_here in links.items()
    )


def behind_in(
    verdicts: Callable[[ResourceId], Verdict | None], providers: Sequence[Provider]
) -> Callable[[Url], Verdict | None]:
    """Return what `settle` asks: the verdict of the link to a URL, None when nobody asked it."""

    def behind(url: Url) -> Verdict | None:
        link = link_to(url)
        there = identify(link, providers)
        verdict = verdicts(there.id)
        if verdict is None:
            return None
        return provider_named(there.provider, providers).judge_link(link, verdict)

    return behind


def _finding(
    resource: Resource, links: Sequence[Link], record: Record, providers: Sequence[Provider]
) -> Finding:
    def known(id_: ResourceId) -> Verdict | None:
        return _own(id_, record) if id_ in record.observations else None

    verdict = settle(_own(resource.id, record), behind_in(known, providers))
    provider = provider_named(resource.provider, providers)
    return Finding(
        resource=resource,
        verdict=verdict,
        links=tuple(
            LinkFinding(link=link, verdict=provider.judge_link(link, verdict)) for link in links
        ),
    )


def _own(id_: ResourceId, record: Record) -> Verdict:
    observation = record.observations.get(id_)
    if observation is None:
        return Verdict(reason=Reason.NOT_ASKED, detail="The run ended before this was asked.")
    trusted = record.run.trusted_until
    if trusted is not None and observation.at > trusted:
        detail = "Our own network was lost while this was checked."
        return Verdict(reason=Reason.OWN_NETWORK, detail=detail)
    return observation.verdict

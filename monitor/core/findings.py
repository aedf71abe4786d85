"""What a run found: every resource with its settled verdict, every link with its own."""

from collections.abc import Sequence
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


def _finding(
    resource: Resource, links: Sequence[Link], record: Record, providers: Sequence[Provider]
) -> Finding:
    def behind(url: Url) -> Verdict | None:
        link = link_to(url)
        there = identify(link, providers)
        if there.id not in record.observations:
            return None
        provider = provider_named(there.provider, providers)
        return provider.judge_link(link, _own(there.id, record))

    verdict = settle(_own(resource.id, record), behind)
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

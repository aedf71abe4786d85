"""Which causes a resource's trouble may have: what its provider tells, wherever the trouble is."""

from collections.abc import Mapping, Sequence

from monitor.core.causes import Cause, CauseKind, whole_service
from monitor.core.identify import FALLBACK, identify, link_to, provider_named
from monitor.core.model import Json, Resource, Url, Verdict
from monitor.core.provider import Provider
from monitor.core.reasons import Reason, Status


def causes_of(
    resource: Resource,
    verdict: Verdict,
    known: Mapping[str, Json],
    providers: Sequence[Provider],
) -> tuple[Cause, ...]:
    """Return what a resource's verdict may come from, besides the resource itself.

    Of one that works: all that it speaks for, also on the way that it passes readers on. Else:
    what may be behind the trouble, at the place where that is. `known` are the facts of when it
    last worked; they tell what a dead thing says no more.
    """
    facts = {**known, **verdict.facts}
    found: dict[Cause, None] = {}
    for place in _places(resource, verdict, providers):
        provider = provider_named(place.provider, providers)
        told = provider.causes(place, facts)
        found |= dict.fromkeys(told)
        # What has a host of its own is no one service.
        if place.provider != FALLBACK and not any(each.kind is CauseKind.HOST for each in told):
            found[whole_service(provider.name, provider.title)] = None
    return tuple(found)


def _places(
    resource: Resource, verdict: Verdict, providers: Sequence[Provider]
) -> Sequence[Resource]:
    """Return the resources of which a verdict speaks: of a chain that fails, its end."""
    steps = [resource, *(identify(link_to(url), providers) for url in _chain(verdict))]
    if verdict.status is Status.OK:
        return steps
    moved = verdict.reason is Reason.MOVED and resource.provider == FALLBACK
    return steps[:1] if moved or verdict.reason is Reason.INTERSTITIAL else steps[-1:]


def _chain(verdict: Verdict) -> Sequence[Url]:
    chain = verdict.facts.get("chain") if verdict.leads_to is not None else ()
    urls = chain if isinstance(chain, Sequence) and not isinstance(chain, str) else ()
    return [Url(url) for url in urls if isinstance(url, str)]

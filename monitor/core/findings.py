"""What a run found: every resource with its settled verdict, every link with its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.drift import TARGET, FactChange, changes, drifted, kept
from monitor.core.identify import FALLBACK, identify, link_to, provider_named
from monitor.core.model import Json, Link, Record, Resource, ResourceId, Url, Verdict
from monitor.core.provider import Provider
from monitor.core.reasons import Reason, Status
from monitor.core.verdicts import settle, severity


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFinding:
    """A link and the verdict of just this link (its second, its heading, its embedding)."""

    link: Link
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A resource, its settled verdict, and the links that lead to it, in page order.

    `changes` are its facts that differ from those accepted, in whatever it is now called.
    """

    resource: Resource
    verdict: Verdict
    links: tuple[LinkFinding, ...]
    changes: tuple[FactChange, ...] = ()


def as_met(finding: Finding) -> Verdict:
    """Return the verdict that the readers of the page meet: the worst of its links'.

    Among equals the resource's own goes first; without links it is the resource's own.
    """
    worst = max((found.verdict for found in finding.links), key=severity, default=finding.verdict)
    return finding.verdict if severity(worst) == severity(finding.verdict) else worst


def findings(record: Record, providers: Sequence[Provider]) -> tuple[Finding, ...]:
    """Return what a run found, in the order in which the resources first occur.

    An observation made after the network was lost reads as our own network's fault, one
    that is missing as not asked.
    """
    links: dict[ResourceId, list[Link]] = {}
    for reference in record.references:
        links.setdefault(reference.resource, []).append(reference.link)
    behind = _Behind(record, providers)
    found = ((record.resources[id_], leading_here) for id_, leading_here in links.items())
    return tuple(
        _finding(resource, leading_here, behind, provider_named(resource.provider, providers))
        for resource, leading_here in found
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


def identities(
    record: Record, providers: Sequence[Provider]
) -> Mapping[ResourceId, Mapping[str, Json]]:
    """Return by what everything that a run saw working is known again, and its links judged.

    Of short links and the like that is where they end. What stands behind them counts too.
    """
    behind = _Behind(record, providers)
    found: dict[ResourceId, Mapping[str, Json]] = {}
    for id_, observation in record.observations.items():
        provider = provider_named(observation.resource.provider, providers)
        verdict = behind.settled(id_)
        if provider.facts and verdict.status in {Status.OK, Status.WARNING}:
            found[id_] = kept(verdict.facts, provider.facts)
    return {id_: facts for id_, facts in found.items() if facts}


def _finding(
    resource: Resource, links: Sequence[Link], behind: "_Behind", provider: Provider
) -> Finding:
    verdict = behind.settled(resource.id)
    changed = behind.changed(resource, verdict)

    def of_link(link: Link) -> Verdict:
        own = provider.judge_link(link, verdict)
        since = provider.judge_link_since(link, own, behind.accepted(resource.id))
        return drifted(since, changed, resource)

    return Finding(
        resource=resource,
        verdict=drifted(verdict, changed, resource),
        links=tuple(LinkFinding(link=link, verdict=of_link(link)) for link in links),
        changes=(*changed, *behind.changed_on_the_way(verdict)),
    )


class _Behind:
    """What a run saw, each thing joined with what stands behind it."""

    def __init__(self, record: Record, providers: Sequence[Provider]) -> None:
        self._record = record
        self._providers = providers
        self._next = behind_in(self._known, providers)

    def settled(self, id_: ResourceId) -> Verdict:
        """Return the settled verdict of a resource: of itself as seen, of others with drift.

        The fact `target` is the address of the resource at the end of a chain, `target_id` its
        name; where a short link only passes on, its end is what to use instead.
        """
        verdict = settle(_own(id_, self._record), self._step)
        passed = _chain(verdict)
        if not passed:
            return verdict
        end = passed[-1]
        there = identify(link_to(end), self._providers)
        # What stands in the query of an ordinary page is often of this visit alone.
        target = there.url.partition("?")[0] if there.provider == FALLBACK else there.url
        instead = verdict.instead
        if verdict.reason is Reason.LEADS_ON and instead is not None:
            instead = replace(instead, url=end)
        facts = {**verdict.facts, TARGET: target, "target_id": there.id}
        return replace(verdict, facts=facts, instead=instead)

    def accepted(self, id_: ResourceId) -> Mapping[str, Json]:
        """Return what was noted of a resource; nothing of one that is new."""
        return self._record.baselines.get(id_, {})

    def changed(self, resource: Resource, verdict: Verdict) -> tuple[FactChange, ...]:
        """Return what differs from what was accepted, where the resource works as yet."""
        baseline = self._record.baselines.get(resource.id)
        if baseline is None or verdict.status not in {Status.OK, Status.WARNING}:
            return ()
        provider = provider_named(resource.provider, self._providers)
        return changes(baseline, verdict.facts, provider.facts)

    def changed_on_the_way(self, verdict: Verdict) -> tuple[FactChange, ...]:
        """Return what changed of the resources that a settled verdict has passed."""
        found: list[FactChange] = []
        for url in _chain(verdict):
            there = identify(link_to(url), self._providers)
            seen = self._known(there.id)
            found += self.changed(there, seen) if seen is not None else ()
        return tuple(found)

    def _known(self, id_: ResourceId) -> Verdict | None:
        return _own(id_, self._record) if id_ in self._record.observations else None

    def _step(self, url: Url) -> Verdict | None:
        """Return the verdict of the link to a URL, with what changed behind it."""
        verdict = self._next(url)
        if verdict is None:
            return None
        there = identify(link_to(url), self._providers)
        provider = provider_named(there.provider, self._providers)
        since = provider.judge_link_since(link_to(url), verdict, self.accepted(there.id))
        return drifted(since, self.changed(there, verdict), there)


def _chain(verdict: Verdict) -> Sequence[Url]:
    """Return the addresses that a settled verdict has passed; none where it leads nowhere."""
    chain = verdict.facts.get("chain") if verdict.leads_to is not None else ()
    urls = chain if isinstance(chain, Sequence) and not isinstance(chain, str) else ()
    return [Url(url) for url in urls if isinstance(url, str)]


def _own(id_: ResourceId, record: Record) -> Verdict:
    observation = record.observations.get(id_)
    if observation is None:
        return Verdict(reason=Reason.NOT_ASKED, detail="The run ended before this was asked.")
    trusted = record.run.trusted_until
    if trusted is not None and observation.at > trusted:
        detail = "Our own network was lost while this was checked."
        return Verdict(reason=Reason.OWN_NETWORK, detail=detail)
    return observation.verdict

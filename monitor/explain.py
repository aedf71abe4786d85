"""Everything that can be said of one URL: how it is recognised, what each probe says, why."""

from dataclasses import dataclass

from monitor.check import Check
from monitor.config import Config
from monitor.core.findings import behind_in
from monitor.core.first_looks import FIRST_LOOK, lookable, looking
from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import Link, Resource, ResourceId, Url, Verdict
from monitor.core.provider import Checked
from monitor.core.urls import normalise
from monitor.core.verdicts import settle
from monitor.doors import opened
from monitor.providers import find
from monitor.refining import refining


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A link, the resource behind it, what was asked on the way to the end, and the verdict.

    `steps` are the resource itself and then all that it leads to, each with its answers and
    exchanges. The verdict is settled, and that of this very link.
    """

    link: Link
    resource: Resource
    steps: tuple[Checked, ...]
    verdict: Verdict


async def explain(config: Config, text: str) -> Account:
    """Ask all about one URL, now; nothing is stored."""
    providers = find()
    link = link_to(normalise(text) or Url(text))
    resource = identify(link, providers)
    steps: dict[ResourceId, Checked] = {}

    async def deliver(checked: Checked) -> None:
        steps[checked.observation.resource.id] = checked

    async with opened(config) as doors:
        check = Check(
            providers,
            doors,
            deliver,
            refine=refining(config, doors.now),
            per_host=config.network.per_host,
        )
        looks = dict.fromkeys(lookable([resource], providers, doors.keys), frozenset({FIRST_LOOK}))
        await check.run([(looking(resource, looks), ())], {})
    verdicts = {id_: checked.observation.verdict for id_, checked in steps.items()}
    settled = settle(verdicts[resource.id], behind_in(verdicts.get, providers))
    provider = provider_named(resource.provider, providers)
    return Account(
        link=link,
        resource=resource,
        steps=_in_order(steps, resource.id),
        verdict=provider.judge_link(link, settled),
    )


def _in_order(steps: dict[ResourceId, Checked], first: ResourceId) -> tuple[Checked, ...]:
    """Return the steps with the URL's own resource first, then as they were finished."""
    others = [checked for id_, checked in steps.items() if id_ != first]
    return (steps[first], *others)

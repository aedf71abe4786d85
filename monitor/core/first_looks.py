"""Whom to look at more closely than the cheapest answer does, and when: at first sight.

A cheap answer may not hold all by which a thing is known again, nor why it does not play. So
each is looked at once, and again only as long as the look brings nothing to remember.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from monitor.core.model import Json, Resource, ResourceId
from monitor.core.provider import Provider
from monitor.core.reasons import Reason
from monitor.core.states import State

FIRST_LOOK = "first look"
"""The need of a resource (`Resource.needs`) that is to be looked at."""

MOST_LOOKS = 30
"""So many are looked at in one run. A watch page weighs about a megabyte, and who asks for
hundreds meets YouTube's wall, whose 429 would cool off the host that oEmbed is asked on, too."""


def lookable(
    resources: Iterable[Resource], providers: Sequence[Provider], keys: frozenset[str]
) -> Mapping[ResourceId, frozenset[str]]:
    """Return the resources that can be looked at, each with the facts that a look would bring.

    None of a service of which there is a key among `keys`: by that all is told at once.
    """
    named = {p.name: p for p in providers if p.looked_up and not keys & p.credentials.keys()}
    return {
        resource.id: named[resource.provider].looked_up[resource.kind]
        for resource in resources
        if resource.provider in named and resource.kind in named[resource.provider].looked_up
    }


def first_looks(
    lookable: Mapping[ResourceId, frozenset[str]],
    accepted: Mapping[ResourceId, Mapping[str, Json]],
    states: Mapping[ResourceId, State],
    day: date,
    most: int = MOST_LOOKS,
) -> frozenset[ResourceId]:
    """Return which of the resources that are about to be asked for are to be looked at; pure.

    Those of whose accepted facts one is missing that a look would bring. Where they are too many,
    the day draws lots: what is looked at in vain every time then keeps nobody else out for ever.
    Half of the lots go to what did not read as well the last time: an earlier look may have told
    so, and without another it would seem to be well again.
    """
    lacking = [id_ for id_, facts in lookable.items() if facts - accepted.get(id_, {}).keys()]
    drawn = sorted(lacking, key=lambda id_: (_lot(id_, day), id_))
    ailing = [id_ for id_ in drawn if id_ in states and not _is_well(states[id_])][: most // 2]
    others = [id_ for id_ in drawn if id_ not in frozenset(ailing)]
    return frozenset((*ailing, *others)[:most])


def looking(resource: Resource, chosen: frozenset[ResourceId]) -> Resource:
    """Return the resource with the need to be looked at, where it was chosen."""
    if resource.id not in chosen:
        return resource
    return replace(resource, needs=resource.needs | {FIRST_LOOK})


def _is_well(state: State) -> bool:
    return state.reason in {None, Reason.ALIVE}


def _lot(id_: ResourceId, day: date) -> bytes:
    return sha256(f"{day.isoformat()} {id_}".encode(errors="surrogatepass")).digest()

"""Whom to look at more closely than the cheapest answer does, and when: at first sight.

A cheap answer may not hold all by which a thing is known again, nor why it does not play. So
each is looked at once, and again only as long as the look brings nothing to remember.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import islice

from monitor.core.model import Json, Resource, ResourceId
from monitor.core.provider import CloserLook, Provider
from monitor.core.states import State

FIRST_LOOK = "first look"
"""The need of a resource (`Resource.needs`) that is to be looked at."""

LOOK_AGAIN = "look again"
"""The need of one that was not well the last time for what only a look tells: by the cheap answer
alone it is not well again. What that answer itself had told it can take back."""

MOST_LOOKS = 30
"""So many are looked at in one run. A watch page weighs about a megabyte, and who asks for
hundreds meets YouTube's wall, whose 429 would cool off the host that oEmbed is asked on, too."""


def lookable(
    resources: Iterable[Resource], providers: Sequence[Provider], keys: frozenset[str]
) -> Mapping[ResourceId, CloserLook]:
    """Return the resources that can be looked at, each with what a look would tell.

    None of a service of which there is a key among `keys`: by that all is told at once.
    """
    named = {p.name: p for p in providers if p.looked_up and not keys & p.credentials.keys()}
    return {
        resource.id: named[resource.provider].looked_up[resource.kind]
        for resource in resources
        if resource.provider in named and resource.kind in named[resource.provider].looked_up
    }


def first_looks(
    looks: Mapping[ResourceId, CloserLook],
    accepted: Mapping[ResourceId, Mapping[str, Json]],
    states: Mapping[ResourceId, State],
    day: date,
    most: int = MOST_LOOKS,
) -> Mapping[ResourceId, frozenset[str]]:
    """Return what the resources need that are about to be asked for, and are to be looked at; pure.

    Those of whose accepted facts one is missing that a look would bring. Where they are too many,
    the day draws lots: what is looked at in vain every time then keeps nobody else out for ever.
    Half of the lots go to what a look found amiss the last time; it has LOOK_AGAIN, drawn or not.
    """
    lacking = [id_ for id_, look in looks.items() if look.facts - accepted.get(id_, {}).keys()]
    drawn = sorted(lacking, key=lambda id_: (_lot(id_, day), id_))
    ailing = [id_ for id_ in drawn if states.get(id_, _UNKNOWN).reason in looks[id_].reasons]
    foremost = dict.fromkeys((*ailing[: most // 2], *drawn))
    needs = dict.fromkeys(ailing, frozenset({LOOK_AGAIN}))
    for id_ in islice(foremost, most):
        needs[id_] = needs.get(id_, frozenset()) | {FIRST_LOOK}
    return needs


def looking(resource: Resource, needs: Mapping[ResourceId, frozenset[str]]) -> Resource:
    """Return the resource with what it needs besides, where it is to be looked at."""
    return replace(resource, needs=resource.needs | needs.get(resource.id, frozenset()))


_UNKNOWN = State()


def _lot(id_: ResourceId, day: date) -> bytes:
    return sha256(f"{day.isoformat()} {id_}".encode(errors="surrogatepass")).digest()

"""The plain ways of asking that providers share: each by itself, or those of one address."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from monitor.core.model import Json, Resource, ResourceId
from monitor.core.ports import Failure, Ports, Request, Response
from monitor.core.provider import Answer, Provider, answer


def by_address(
    resources: Sequence[Resource], address: Callable[[Resource], str], size: int
) -> Sequence[Sequence[Resource]]:
    """Return the resources in batches of at most `size` that share the address to be asked."""
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        groups.setdefault(address(resource), []).append(resource)
    return [
        group[start : start + size]
        for group in groups.values()
        for start in range(0, len(group), size)
    ]


def answered(provider: Provider, answers: Sequence[Answer]) -> frozenset[str]:
    """Return the probes by which stored answers are judged: those without a key, or answered."""
    keyless = {name for name, probe in provider.probes.items() if probe.credential is None}
    return frozenset(keyless | {answer.probe for answer in answers})


def key_shown(provider: Provider, probe: str) -> str:
    """Return the name of the key that a probe shows, be it that it needs one or may; "" for none.

    A probe that is not there any more shows none of its own.
    """
    asked = provider.probes.get(probe)
    needed = asked.credential if asked is not None else None
    return needed or next(iter(provider.credentials), "")


class Single:
    """A probe that asks for each resource by itself, and needs no key; it decides nothing.

    `one` asks for one resource and returns its answer.
    """

    credential: str | None = None
    allowance: str | None = None
    size = 1

    def __init__(self, one: Callable[[Resource, Ports], Awaitable[Answer]]) -> None:
        self._one = one

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return each resource as a batch of its own."""
        return [[resource] for resource in resources]

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return the answer of each resource."""
        return {resource.id: await self._one(resource, ports) for resource in batch}


class Get(Single):
    """A probe of one HTTP exchange for each resource.

    `request` is what to ask, `body` how to read the answer's body (None: not at all).
    """

    def __init__(
        self,
        probe: str,
        request: Callable[[Resource], Request],
        body: Callable[[Response, Ports], Json | Failure] | None = None,
    ) -> None:
        async def one(resource: Resource, ports: Ports) -> Answer:
            read = (lambda response: body(response, ports)) if body is not None else None
            return answer(probe, await ports.fetch(request(resource)), read)

        super().__init__(one)

"""What earlier runs know, so that a service is not asked in vain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.asking import key_shown
from monitor.core.model import Observation, Resource, ResourceId
from monitor.core.ports import Failure
from monitor.core.provider import Answer, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier runs know: verdicts that are fresh enough, and probes that are refused.

    `fresh` need not be asked again: their stored `answers` are judged anew, where nothing more
    is needed of them now. `refused` are the probes, by provider, that our quota does not
    allow yet.
    """

    fresh: Mapping[ResourceId, Observation] = field(default_factory=dict)
    answers: Callable[[ResourceId], Sequence[Answer]] = lambda _id: ()
    refused: Mapping[tuple[str, str], Failure] = field(default_factory=dict)

    def known(self, resource: Resource) -> Observation | None:
        """Return what was seen so recently that it need not be asked again; None to be asked."""
        seen = self.fresh.get(resource.id)
        return seen if seen is not None and resource.needs <= seen.resource.needs else None

    def still_refused(
        self, providers: Sequence[Provider], marks: Mapping[str, str]
    ) -> dict[tuple[str, str], Failure]:
        """Return the refusals that hold: those of the very key that would be shown now, or of none.

        Another key has an allowance of its own. `marks` are those of the keys that there are.
        """
        known = {provider.name: provider for provider in providers}
        return {
            (name, probe): refusal
            for (name, probe), refusal in self.refused.items()
            if name in known and refusal.key == marks.get(key_shown(known[name], probe))
        }

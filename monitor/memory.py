"""What earlier runs know, so that a service is not asked in vain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.model import Observation, ResourceId
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

    def still_refused(
        self, providers: Sequence[Provider], keys: frozenset[str]
    ) -> dict[tuple[str, str], Failure]:
        """Return the refusals that hold: not those without a key where there is one now."""
        kept = dict(self.refused)
        for provider in providers:
            if provider.credentials.keys() & keys:
                for name, probe in provider.probes.items():
                    if probe.credential is None:
                        kept.pop((provider.name, name), None)
        return kept

"""Which policy holds for which resource: the user's own numbers, by source, provider, address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.core.leave_alone import fits
from monitor.core.model import Resource
from monitor.core.patience import PRESETS, Patience, StatePolicy

PolicyFor = Callable[[Resource, Sequence[str]], tuple[StatePolicy, str]]
"""The policy for a resource that stands in these sources, with the digest of its numbers."""

FOLD = 1
"""The number of the fold itself: raise it when `step` changes, so that all is replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """A policy for the resources that fit all of what is given.

    `source` and `provider` are names, of a source as the configuration calls it and of a
    provider; `url` is a pattern of addresses (see `leave_alone.compiled`).
    """

    policy: StatePolicy
    source: str | None = None
    provider: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """What the user wants: rules, of which the first that fits wins, and a policy for the rest."""

    usual: StatePolicy = PRESETS["patient"]
    rules: tuple[PolicyRule, ...] = ()

    def policy_for(self, resource: Resource, sources: Sequence[str]) -> tuple[StatePolicy, str]:
        """Return the policy for a resource that stands in these sources, with its digest."""
        policy = next(
            (rule.policy for rule in self.rules if _fits(rule, resource, sources)), self.usual
        )
        return policy, digest(policy)


def digest(policy: StatePolicy) -> str:
    """Return a policy as a short text: equal where all numbers are, and the way to fold them.

    Times, then seconds apart and over all, of hard, soft, remark and recovery; then of flapping
    the turns, the seconds within which they fall, and the seconds of calm.
    """
    each = (policy.hard, policy.soft, policy.remark, policy.recovery)
    flapping = f"{policy.flaps}/{_seconds(policy.flap_window)}/{_seconds(policy.calm)}"
    return " ".join((f"v{FOLD}", *map(_patience, each), flapping))


def _patience(patience: Patience) -> str:
    return f"{patience.times}/{_seconds(patience.apart)}/{_seconds(patience.span)}"


def _seconds(spell: timedelta) -> str:
    return f"{spell.total_seconds():.15g}"  # a double tells all microseconds of a year


def _fits(rule: PolicyRule, resource: Resource, sources: Sequence[str]) -> bool:
    return (
        (rule.source is None or rule.source in sources)
        and (rule.provider is None or rule.provider == resource.provider)
        and (rule.url is None or fits(rule.url, resource.url))
    )

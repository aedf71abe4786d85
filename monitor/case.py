"""A resource on its way to a verdict, and a batch of such that is asked together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.model import ExchangeId, Link, Observation, Resource, Suggestion, Verdict
from monitor.core.ports import Exchange
from monitor.core.provider import Answer, Checked, Provider
from monitor.core.reasons import Status
from monitor.core.urls import split


@dataclass(slots=True)
class Case:
    """A resource on its way to a verdict, with all that was heard of it so far.

    `steps` is how far it stands behind what is linked; `at` the instant of a verdict that an
    earlier run had. `would_repair` are the broken ones that wait for its verdict: it may stand
    in for them, or is one of the `witnesses` that tell more of them.
    """

    resource: Resource
    provider: Provider
    steps: int
    links: Sequence[Link] = ()
    answers: list[Answer] = field(default_factory=list)
    exchanges: dict[ExchangeId, Exchange] = field(default_factory=dict)
    at: datetime | None = None
    verdict: Verdict | None = None
    repairs: list[Suggestion] = field(default_factory=list)
    unanswered_repairs: int = 0
    would_repair: list["Case"] = field(default_factory=list)
    witnesses: list["Case"] = field(default_factory=list)
    testified: bool = False

    @property
    def works(self) -> bool:
        """Return whether it was found to work, if only with a warning."""
        return self.verdict is not None and self.verdict.status in {Status.OK, Status.WARNING}

    @property
    def is_unexplained(self) -> bool:
        """Return whether a link on a page is broken, and nothing is known to use instead."""
        verdict = self.verdict
        if verdict is None or not self.links:
            return False
        return verdict.status is Status.BROKEN and verdict.instead is None

    def checked(self, now: datetime) -> Checked:
        """Return the finished case as history stores it."""
        assert self.verdict is not None  # noqa: S101 - only finished cases are delivered
        at = self.at or max((answer.at for answer in self.answers), default=now)
        return Checked(
            observation=Observation(resource=self.resource, verdict=self.verdict, at=at),
            answers=tuple(self.answers),
            exchanges=tuple(self.exchanges.values()),
        )


@dataclass(frozen=True, slots=True)
class Job:
    """Cases of one provider to be asked about together, by one probe."""

    probe: str
    cases: Sequence[Case]

    @property
    def serial(self) -> bool:
        """Return whether it waits for others of its kind: a spent quota then costs one call."""
        probe = self.cases[0].provider.probes[self.probe]
        return probe.allowance is not None or (probe.credential is not None and probe.size > 1)

    @property
    def lane(self) -> str:
        """Return by what jobs take turns: their host, or what their calls are counted by."""
        first = self.cases[0]
        if not self.serial:
            return split(first.resource.url).host
        return first.provider.probes[self.probe].allowance or f"{first.provider.title} API"

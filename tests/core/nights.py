"""Nights of runs without a database: what each comes to is known to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core.conclusion import Conclusion, Known, conclude, digests
from monitor.core.findings import findings
from monitor.core.identify import identify, link_to
from monitor.core.incidents import Incident
from monitor.core.model import (
    Observation,
    Occurrence,
    PageRecord,
    Position,
    Record,
    Reference,
    Run,
    RunId,
    Url,
    Verdict,
)
from monitor.core.patience import PRESETS
from monitor.core.policies import Policies
from monitor.core.reasons import Reason
from monitor.core.states import Sighting
from monitor.providers import find
from tests.strategies import NOON

PAGE = "course.md"
PROVIDERS = find()


@dataclass
class Nights:
    """A history in memory, and one page with links of which each night sees something."""

    policies: Policies = field(default_factory=Policies)
    at: datetime = NOON
    states: dict = field(default_factory=dict)
    folded_by: dict = field(default_factory=dict)
    sightings: dict = field(default_factory=dict)
    good: dict = field(default_factory=dict)
    incidents: dict = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    read_of_late: frozenset[str] | None = None
    """The sources that runs of late read, besides this one's; None: whichever there are."""

    def night(
        self,
        seen: Mapping[str, Reason | Verdict | None],
        *,
        hours: float = 24,
        sources: tuple[str, ...] | None = None,
        source: str = "course",
        read: bool = True,
        whole: bool = True,
        **run,
    ) -> Conclusion:
        """See the links of the page once more, `hours` after the last time.

        None is a link that was not reached; `source` is that of the page. Returns what the night
        comes to.
        """
        self.at += timedelta(hours=hours)
        began = self.at - timedelta(minutes=5)
        whole_ones = (source,) if sources is None else sources
        ended = {"finished_at": self.at, "sources": whole_ones, **run}
        links = [link_to(Url(url), place(n)) for n, url in enumerate(seen)]
        resources = [identify(link, PROVIDERS) for link in links]
        verdicts = [_verdict(each) for each in seen.values()]
        record = Record(
            run=Run(id=RunId(f"{self.at:%Y%m%d-%H%M}"), started_at=began, **ended),
            pages=(
                PageRecord(
                    name=PAGE, url=None, read_at=began, source=source, read=read, whole=whole
                ),
            ),
            references=tuple(
                Reference(link=link, resource=resource.id)
                for link, resource in zip(links, resources, strict=True)
            ),
            skipped=(),
            resources={each.id: each for each in resources},
            observations={
                resource.id: Observation(resource=resource, verdict=verdict, at=self.at)
                for resource, verdict in zip(resources, verdicts, strict=True)
                if verdict is not None
            },
        )
        found = findings(record, PROVIDERS)
        policies = digests(record, found, self.policies.policy_for)
        known = Known(
            states={i: s for i, s in self.states.items() if self.folded_by[i] == policies.get(i)},
            incidents=tuple(self.incidents.values()),
            sightings=lambda id_: self.sightings.get(id_, ()),
            good=lambda id_: self.good.get(id_, {}),
            is_read=lambda named: self.read_of_late is None or named in self.read_of_late,
        )
        concluded = conclude(known, record, found, PROVIDERS, self.policies.policy_for)
        self._keep(record, concluded)
        return concluded

    def _keep(self, record: Record, concluded: Conclusion) -> None:
        self.states = {**self.states, **concluded.states}
        self.folded_by |= concluded.policies
        self.incidents |= {each.id: each for each in concluded.incidents}
        self.told += [f"{each.turn}: {each.sentence}" for each in concluded.turned]
        for id_, reason in concluded.met.items():
            observation = record.observations[id_]
            seen = Sighting(at=observation.at, reason=reason)
            self.sightings = {**self.sightings, id_: (*self.sightings.get(id_, ()), seen)}
            if observation.verdict.reason is Reason.ALIVE:
                self.good[id_] = observation.verdict.facts

    @property
    def open(self) -> list[Incident]:
        return [each for each in self.incidents.values() if each.is_open]

    def phases(self) -> list[str]:
        return [str(state.phase) for state in self.states.values()]


STRICT = Policies(usual=PRESETS["strict"])


def place(n: int) -> Occurrence:
    position = Position(line=n + 1, column=1)
    return Occurrence(page=PAGE, position=position, element="a", attribute="href", text=f"Link {n}")


def _verdict(given: Reason | Verdict | None) -> Verdict | None:
    if given is None or isinstance(given, Verdict):
        return given
    return Verdict(reason=given, detail=f"It is {given}.")


def titled(reason: Reason, title: str) -> Verdict:
    return replace(_verdict(reason), facts={"title": title})

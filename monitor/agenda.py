"""What is due, and when the rest will be: worked out from the rows of past runs, kept nowhere.

So several daemons and cron jobs can share one history, and a run that was missed is made up
for once: by whichever looks first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.config import Config
from monitor.core.identify import identify, link_to
from monitor.core.model import Observation, Resource, ResourceId
from monitor.core.provider import Ask, Provider
from monitor.core.recurrence import Recurrence, pace
from monitor.core.schedule import (
    AHEAD,
    DAY,
    EARLY,
    Due,
    Planned,
    Standing,
    due,
    planned,
    spent_of,
)
from monitor.core.states import State
from monitor.core.urls import split
from monitor.store.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What is due at an instant, and when the rest will be.

    `pages` tells of each source when its pages are to be read next; `newest` is the newest that
    is known of each resource, those behind links too.
    """

    now: datetime
    plans: tuple[Planned, ...]
    due: Due
    pages: Mapping[str, datetime]
    newest: Mapping[ResourceId, Observation]

    @property
    def pages_due(self) -> tuple[str, ...]:
        """Return the sources whose time has come."""
        return tuple(name for name, at in self.pages.items() if at <= self.now)

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to do now."""
        return not self.due.now and not self.pages_due

    @property
    def next_at(self) -> datetime | None:
        """Return when there will be something to do, where there is nothing now; None for never."""
        waits = {plan.id for plan in self.due.waits}
        ahead = [plan.at for plan in self.plans if plan.id not in waits]
        return min((*ahead, *self.pages.values()), default=None)

    def fresh(self, providers: Sequence[Provider]) -> Mapping[ResourceId, Observation]:
        """Return what need not be asked now: neither due, nor behind what is due.

        What no link leads to, such as a repair that was looked for, is asked anew once a day.
        """
        linked = reached((plan.id for plan in self.plans), self.newest, providers)
        asked = reached((plan.id for plan in self.due.now), self.newest, providers)
        return {
            id_: seen
            for id_, seen in self.newest.items()
            if id_ not in asked and (id_ in linked or seen.at + EARLY * DAY > self.now)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the first questions to one service come to, by one of its probes.

    `questions` travel in `calls`; `key` is the credential that pays for them, `each` says in
    words what one costs.
    """

    provider: str
    title: str
    probe: str
    questions: int
    calls: int
    key: str | None
    each: str


def agenda(config: Config, history: History, now: datetime) -> Agenda:
    """Return what is due of the sources that are configured, and when the rest will be."""
    schedule, sources = config.schedule, [source.label for source in config.sources]
    newest = history.newest()
    standings = _standings(config, history, newest)
    plans = planned(standings, now)
    read = history.pages_read(sources)
    return Agenda(
        now=now,
        plans=tuple(plans),
        due=due(plans, now, budget=schedule.per_host_a_day, spent=spent_of(standings, now)),
        pages={name: _pages_at(schedule.of(name), read.get(name), now) for name in sources},
        newest=newest,
    )


def costs(
    resources: Sequence[Resource], providers: Sequence[Provider], keys: frozenset[str]
) -> Sequence[Cost]:
    """Return what asking after resources comes to at first; more questions may follow an answer."""
    found = []
    for provider in providers:
        usable = frozenset(
            name
            for name, probe in provider.probes.items()
            if probe.credential is None or probe.credential in keys
        )
        by_probe: dict[str, list[Resource]] = {}
        for resource in resources:
            if resource.provider == provider.name:
                first = provider.judge(resource, (), usable)
                if isinstance(first, Ask):
                    by_probe.setdefault(first.probe, []).append(resource)
        for name, asked in by_probe.items():
            probe, way = provider.probes[name], provider.ways.get(name)
            cost = Cost(
                provider=provider.name,
                title=provider.title,
                probe=name,
                questions=len(asked),
                calls=len(probe.cut(asked)),
                key=probe.credential,
                each=way.cost if way is not None else "",
            )
            found.append(cost)
    return found


def reached(
    ids: Iterable[ResourceId],
    newest: Mapping[ResourceId, Observation],
    providers: Sequence[Provider],
) -> frozenset[ResourceId]:
    """Return resources with all that they lead to, as it was when they were last asked."""
    found: set[ResourceId] = set()
    left = list(ids)
    while left:
        id_ = left.pop()
        if id_ in found:
            continue
        found.add(id_)
        seen = newest.get(id_)
        if seen is not None and seen.verdict.leads_to is not None:
            left.append(identify(link_to(seen.verdict.leads_to), providers).id)
    return frozenset(found)


def _standings(
    config: Config, history: History, newest: Mapping[ResourceId, Observation]
) -> Sequence[Standing]:
    linked = history.links_now()
    states = history.states(linked)
    wished = history.rechecks()
    policy_for = config.state_rules()
    found = []
    for id_, sources in linked.items():
        seen = newest.get(id_)
        if seen is None:
            found.append(Standing(id=id_, host=""))  # its run never came to it
            continue
        pages = [config.schedule.of(source) for source in sources] or [config.schedule.usual]
        standing = Standing(
            id=id_,
            host=split(seen.resource.url).host,
            pages=min(pages, key=pace),
            asked_at=seen.at,
            reason=seen.verdict.reason,
            retry_at=seen.verdict.retry_at,
            state=states.get(id_, State()),
            policy=policy_for(seen.resource, sources)[0],
            wished=id_ in wished,
        )
        found.append(standing)
    return found


def _pages_at(recurrence: Recurrence, read_at: datetime | None, now: datetime) -> datetime:
    """Return when the pages of a source are to be read: now, where nobody knows of a last time."""
    if read_at is None or read_at > now + AHEAD:
        return now
    return recurrence.next(read_at)

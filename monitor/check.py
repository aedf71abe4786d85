"""Drives providers until every resource has its verdict; knows no service.

A queue with a fixed number of workers, not rounds: a resource is judged again as soon as
its own answer is in. Only a probe that asks in batches waits, until its batch is full or
nothing else of its provider can join it. Memory holds one small case a resource, no task.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.case import Case, Job
from monitor.core.asking import answered, key_shown
from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import Link, Resource, ResourceId, Suggestion, Url, Verdict
from monitor.core.ports import OURS, Failure, FailureKind
from monitor.core.provider import Answer, Checked, Probe, Provider
from monitor.core.reasons import Status
from monitor.core.repairs import candidates
from monitor.core.verdicts import MOST_STEPS
from monitor.doors import Doors, Recorder
from monitor.memory import Memory

MOST_CANDIDATES = 3
"""How many repairs of one broken link are asked after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a check has come: resources done and known so far, how many of them broken.

    `asking` names the hosts that are being asked now, the busiest first.
    """

    done: int
    total: int
    broken: int
    asking: tuple[str, ...]


class Check:
    """One pass over a set of resources.

    `deliver` gets each resource as soon as it is finished. `refine` is the user's own say on
    a verdict (accepted statuses), before anything else is made of it. `memory` is what
    earlier runs know: what need not be asked again, and what may not be asked yet.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        doors: Doors,
        deliver: Callable[[Checked], Awaitable[None]],
        *,
        refine: Callable[[Resource, Verdict], Verdict] = lambda _resource, verdict: verdict,
        memory: Memory | None = None,
        workers: int = 64,
        per_host: int = 4,
    ) -> None:
        self._providers = providers
        self._doors = doors
        self._deliver = deliver
        self._refine = refine
        self._workers = workers
        self._per_host = per_host
        self._memory = memory or Memory()
        self._refused = self._memory.still_refused(providers, doors.marks)
        self._usable = {
            p.name: _askable(p, doors.keys)
            - {probe for name, probe in self._refused if name == p.name}
            for p in providers
        }
        self._cases: dict[ResourceId, Case] = {}
        self._pages: Mapping[str, Sequence[Link]] = {}
        self._jobs: dict[str, deque[Job]] = {}
        self._asking: Counter[str] = Counter()
        self._waiting: dict[tuple[str, str], list[Case]] = {}
        self._moving: Counter[str] = Counter()
        self._finished: deque[Case] = deque()
        self._undelivered = 0
        self._changed = asyncio.Condition()
        self._done = 0
        self._broken = 0

    @property
    def progress(self) -> Progress:
        """Return how far the check has come."""
        return Progress(
            done=self._done,
            total=len(self._cases),
            broken=self._broken,
            asking=tuple(host for host, jobs in self._asking.most_common() if jobs),
        )

    @property
    def refused(self) -> Mapping[tuple[str, str], Failure]:
        """Return the probes that our keys or quotas do not allow now, by provider and name."""
        return self._refused

    async def run(
        self, linked: Iterable[tuple[Resource, Sequence[Link]]], pages: Mapping[str, Sequence[Link]]
    ) -> None:
        """Check all resources, and what they lead to, and deliver each.

        `linked` are the resources with the links to them; `pages` all links by page name,
        from which repairs of the broken ones are guessed.
        """
        self._pages = pages
        opened = [self._case(resource, steps=0, links=links) for resource, links in linked]
        for case in opened:
            self._begin(case)
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(self._workers):
                    workers.create_task(self._work())
        except ExceptionGroup as group:
            raise group.exceptions[0] from None  # the others are the same trouble, told again

    # --- the queue ---

    async def _work(self) -> None:
        while (task := await self._taken()) is not None:
            if isinstance(task, Case):
                await self._deliver(task.checked(self._doors.now()))
                self._undelivered -= 1
            else:
                await self._ask(task)
                self._asking[task.lane] -= 1

    async def _taken(self) -> Case | Job | None:
        """Wait for something to do; None when all is done. Each taker wakes one more."""
        async with self._changed:
            while (task := self._next()) is None:
                if not (self._undelivered or self._asking.total()):
                    self._changed.notify_all()
                    return None
                await self._changed.wait()
            self._changed.notify()
            return task

    def _next(self) -> Case | Job | None:
        """Return what to do next, or None when there is nothing to be done just now."""
        if self._finished:
            return self._finished.popleft()
        self._release_waiting()
        lane = next(
            (lane for lane, jobs in self._jobs.items() if self._is_free(lane, jobs[0])), None
        )
        if lane is None:
            return None
        jobs = self._jobs.pop(lane)
        job = jobs.popleft()
        if jobs:
            self._jobs[lane] = jobs  # to the end: lanes take turns
        self._asking[lane] += 1
        return job

    def _is_free(self, lane: str, job: Job) -> bool:
        return self._asking[lane] < (1 if job.serial else self._per_host)

    def _release_waiting(self) -> None:
        """Turn waiting resources into jobs where the batch is full or nothing can join it."""
        for key in list(self._waiting):
            provider, probe_name = key
            waiting = self._waiting[key]
            probe = provider_named(provider, self._providers).probes[probe_name]
            if self._moving[provider] and len(waiting) < probe.size:
                continue
            del self._waiting[key]
            self._moving[provider] += len(waiting)
            cases = {case.resource.id: case for case in waiting}
            for batch in probe.cut([case.resource for case in waiting]):
                self._queue(Job(probe_name, [cases[resource.id] for resource in batch]))

    def _queue(self, job: Job) -> None:
        self._jobs.setdefault(job.lane, deque()).append(job)

    # --- a case, from opening to delivery ---

    def _case(self, resource: Resource, steps: int, links: Sequence[Link] = ()) -> Case:
        provider = provider_named(resource.provider, self._providers)
        case = Case(resource=resource, provider=provider, steps=steps, links=links)
        self._cases[resource.id] = case
        self._moving[provider.name] += 1
        return case

    def _open(self, url: Url, steps: int) -> Case:
        """Return the case of what a URL leads to, begun now unless it was known."""
        resource = identify(link_to(url), self._providers)
        known = self._cases.get(resource.id)
        if known is not None:
            return known
        case = self._case(resource, steps)
        self._begin(case)
        return case

    def _begin(self, case: Case) -> None:
        """Take what earlier runs know of a resource, and judge it by that or by asking."""
        provider = case.provider.name
        known = self._memory.known(case.resource)
        if known is not None:
            answers = self._memory.answers(case.resource.id)
            asked = replace(case.resource, needs=known.resource.needs)  # for which it was asked
            again = case.provider.judge(asked, answers, answered(case.provider, answers))
            if isinstance(again, Verdict):
                case.at, case.resource = known.at, asked
                self._moving[provider] -= 1
                self._decided(case, self._refine(case.resource, again))
                return
        case.answers = [
            self._silence(probe, refusal)
            for (name, probe), refusal in self._refused.items()
            if name == provider
        ]
        self._judge(case)

    def _judge(self, case: Case) -> None:
        provider = case.provider
        judged = provider.judge(case.resource, case.answers, self._usable[provider.name])
        if isinstance(judged, Verdict):
            self._moving[provider.name] -= 1
            self._decided(case, self._refine(case.resource, judged))
        elif provider.probes[judged.probe].size == 1:
            self._queue(Job(judged.probe, [case]))
        else:
            self._moving[provider.name] -= 1
            self._waiting.setdefault((provider.name, judged.probe), []).append(case)

    async def _ask(self, job: Job) -> None:
        provider = job.cases[0].provider
        probe = provider.probes[job.probe]
        heard = await self._heard(provider, probe, job)
        for case in job.cases:
            case.answers.append(heard[case.resource.id])
            self._judge(case)

    async def _heard(
        self, provider: Provider, probe: Probe, job: Job
    ) -> Mapping[ResourceId, Answer]:
        """Ask a batch; every resource of it gets an answer, if only that there was none."""
        refused = self._refused.get((provider.name, job.probe))
        if refused is not None:
            return {c.resource.id: self._silence(job.probe, refused) for c in job.cases}
        ports = Recorder(self._doors, self._providers)
        batch = [case.resource for case in job.cases]
        answers = dict(await probe.ask(batch, ports))
        for case in job.cases:
            unanswered = Failure(
                kind=FailureKind.UNANSWERED, detail="The answer to many said nothing of this one."
            )
            answer = answers.setdefault(case.resource.id, self._silence(job.probe, unanswered))
            case.exchanges |= {i: ports.exchanges[i] for i in answer.exchanges}
            if isinstance(answer.said, Failure) and answer.said.kind in OURS:
                key = self._doors.marks.get(key_shown(provider, job.probe))
                refusal = replace(answer.said, key=key)
                answers[case.resource.id] = replace(answer, said=refusal)
                self._take_out(provider, probe, job.probe, refusal)
        return answers

    def _take_out(self, provider: Provider, probe: Probe, name: str, why: Failure) -> None:
        """Ask no more by a probe that was refused, nor by those that share its allowance."""
        shared = {n for n, p in provider.probes.items() if p.allowance == probe.allowance}
        out = {name} | (shared if probe.allowance is not None else set())
        self._refused |= {(provider.name, each): why for each in out}
        self._usable[provider.name] -= out

    def _silence(self, probe: str, why: Failure) -> Answer:
        return Answer(probe=probe, at=self._doors.now(), said=why)

    def _decided(self, case: Case, verdict: Verdict) -> None:
        """Take a verdict, open what it leads to, and look for a repair of a broken link."""
        case.verdict = verdict
        self._undelivered += 1
        for repaired in case.would_repair:
            self._repair_answered(repaired)
        if verdict.leads_to is not None and case.steps < MOST_STEPS:
            self._open(verdict.leads_to, steps=case.steps + 1)
        if case.is_unexplained:
            page = self._pages.get(case.links[0].occurrence.page, ())
            self._look_for(case, candidates(case.links[0], page)[:MOST_CANDIDATES])
        self._conclude(case)

    def _look_for(self, case: Case, repairs: Sequence[Suggestion]) -> None:
        case.repairs += repairs
        for suggestion in repairs:
            self._await(case, suggestion.url)

    def _await(self, case: Case, url: Url) -> Case:
        """Return the case of a URL, whose verdict another one is to wait for."""
        other = self._open(url, steps=MOST_STEPS)
        if other.verdict is None:
            other.would_repair.append(case)
            case.unanswered_repairs += 1
        return other

    def _repair_answered(self, case: Case) -> None:
        case.unanswered_repairs -= 1
        self._conclude(case)

    def _conclude(self, case: Case) -> None:
        """Finish a case when nothing more can be learnt of it: no repair, no witness."""
        assert case.verdict is not None  # noqa: S101 - a case finishes after its verdict
        if not case.unanswered_repairs and case.is_unexplained and not self._repaired(case):
            self._hear(case)
        if case.unanswered_repairs:
            return
        alive = self._repaired(case)
        if alive is not None:
            case.verdict = replace(case.verdict, instead=alive)
        self._done += 1
        self._broken += case.verdict.status is Status.BROKEN and bool(case.links)
        self._finished.append(case)

    def _hear(self, case: Case) -> None:
        """Ask the witnesses of a broken page, one after the other until one is alive."""
        url = case.resource.url
        found = ((p, urls) for p in self._providers if (urls := p.witnesses(url)))
        provider, urls = next(found, (None, ()))
        if provider is None or case.testified:
            return
        heard = case.witnesses
        while len(heard) < len(urls) and not (heard and heard[-1].works):
            heard.append(self._await(case, urls[len(heard)]))
            if case.unanswered_repairs:
                return
        case.testified = True
        witness = heard[-1] if heard[-1].works else heard[0]
        assert case.verdict is not None  # noqa: S101 - it waits after its verdict
        assert witness.verdict is not None  # noqa: S101 - so does what it waited for
        told = provider.testified(url, case.verdict, witness.resource.url, witness.verdict)
        case.verdict = replace(told, instead=None)
        self._look_for(case, [told.instead] if told.instead is not None else [])

    def _repaired(self, case: Case) -> Suggestion | None:
        """Return the first repair of a broken link that is alive, or None."""
        return next((s for s in case.repairs if self._is_alive(s.url)), None)

    def _is_alive(self, url: Url) -> bool:
        return self._cases[identify(link_to(url), self._providers).id].works


def _askable(provider: Provider, keys: frozenset[str]) -> frozenset[str]:
    """Return the names of the probes that need no key, or one that is there."""
    return frozenset(
        name
        for name, probe in provider.probes.items()
        if probe.credential is None or probe.credential in keys
    )

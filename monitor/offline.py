"""Today's rules over yesterday's answers: judging a stored run again without asking anybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.config import Config
from monitor.core.asking import answered
from monitor.core.errors import ConfigError
from monitor.core.findings import findings
from monitor.core.identify import provider_named
from monitor.core.model import Observation, Resource, ResourceId, Verdict
from monitor.core.provider import Answer, Ask, Provider
from monitor.core.reasons import Reason
from monitor.providers import find
from monitor.refining import refining
from monitor.report.report import Report, build
from monitor.store.history import History


def rejudge(config: Config, history: History, now: datetime) -> Report:
    """Return the report of the newest run with every verdict made anew from stored answers.

    Nothing is stored: a run that asked nobody is no observation. Raises ConfigError when
    history holds no run.
    """
    runs = history.runs(most=1)
    record = history.load(runs[0].id) if runs else None
    if record is None:
        raise ConfigError(
            "--offline judges the last run again, and there is none yet: check once online."
        )
    providers = find()
    refined = refining(config, lambda: now)
    observations: dict[ResourceId, Observation] = {}
    for id_, stored in record.observations.items():
        answers = history.evidence(id_)
        if answers is None:
            continue
        provider = provider_named(stored.resource.provider, providers)
        again = judged_again(provider, stored.resource, answers[1], now)
        verdict = refined(stored.resource, again.verdict)
        observations[id_] = Observation(resource=stored.resource, verdict=verdict, at=again.at)
    judged = replace(record, observations=observations)
    return build(judged, findings(judged, providers), None, None)


def judged_again(
    provider: Provider, resource: Resource, answers: Sequence[Answer], now: datetime
) -> Observation:
    """Return what stored answers say today, without asking anybody.

    Where the judge would ask on, the verdict is that it was not asked.
    """
    judged = provider.judge(resource, answers, answered(provider, answers))
    if isinstance(judged, Ask):
        detail = f"Offline: the stored answers do not suffice, and “{judged.probe}” was not asked."
        judged = Verdict(reason=Reason.NOT_ASKED, detail=detail)
    at = max((answer.at for answer in answers), default=now)
    return Observation(resource=resource, verdict=judged, at=at)

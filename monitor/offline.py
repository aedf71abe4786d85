"""Today's rules over yesterday's answers: judging a stored run again without asking anybody."""

from datetime import datetime

from monitor.check import judged_again
from monitor.config import Config
from monitor.core.errors import ConfigError
from monitor.core.findings import findings
from monitor.core.identify import provider_named
from monitor.core.leave_alone import accepted
from monitor.core.model import Observation, Record, ResourceId
from monitor.providers import find
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
    rules = config.accept_rules()
    observations: dict[ResourceId, Observation] = {}
    for id_, stored in record.observations.items():
        answers = history.evidence(id_)
        if answers is None:
            continue
        provider = provider_named(stored.resource.provider, providers)
        again = judged_again(provider, stored.resource, answers[1], now)
        verdict = accepted(again.verdict, stored.resource.url, rules, now)
        observations[id_] = Observation(resource=stored.resource, verdict=verdict, at=again.at)
    judged = Record(
        run=record.run,
        pages=record.pages,
        references=record.references,
        skipped=record.skipped,
        resources=record.resources,
        observations=observations,
    )
    return build(judged, findings(judged, providers), None, None)

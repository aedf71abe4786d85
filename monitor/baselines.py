"""What was accepted of the things behind links: noted at first sight, then as a person says."""

from collections.abc import Mapping, Sequence

from monitor.core.drift import added, changes
from monitor.core.errors import ConfigError
from monitor.core.findings import Finding, findings, identities
from monitor.core.identify import identify, link_to, provider_named
from monitor.core.model import Json, Record, ResourceId, Url
from monitor.core.urls import normalise
from monitor.doors import utc_now
from monitor.providers import find
from monitor.store.history import History


def note(history: History, record: Record) -> None:
    """Accept what a run saw for the first time; nothing of a run that does not count.

    A fact that an earlier run could not see is added, but only where no other has changed.
    """
    if not record.run.valid:
        return
    providers = find()
    fresh = {}
    for id_, facts in identities(record, providers).items():
        accepted = record.baselines.get(id_, {})
        documented = provider_named(record.observations[id_].resource.provider, providers).facts
        joined = added(accepted, facts)
        if joined != accepted and not changes(accepted, facts, documented):
            fresh[id_] = joined
    if fresh:
        history.accept(record.run, fresh, utc_now())


def changed(history: History) -> Sequence[Finding]:
    """Return what differs from what was accepted, as the newest run that counts saw it."""
    found = findings(_newest(history), find())
    return [finding for finding in found if finding.changes]


def accept(history: History, named: Sequence[str] | None) -> Sequence[ResourceId]:
    """Accept what the newest run that counts saw, and return of which resources that was news.

    `named` are ids or addresses of resources, None means all; what they lead to is accepted with
    them. Raises ConfigError for one that the run did not see working.
    """
    record = _newest(history)
    seen = identities(record, find())
    chosen: list[ResourceId] = list(seen) if named is None else []
    for text in named or ():
        ids = _meant(text, record)
        if not any(id_ in seen for id_ in ids):
            raise ConfigError(
                f"“{text}” is nothing that the newest run ({record.run.id}) saw working and could"
                " know again: `linkwell changes` lists what can be accepted."
            )
        chosen += [id_ for id_ in ids if id_ in seen]
    new = {id_: _accepted(id_, record, seen[id_]) for id_ in chosen}
    news = {id_: facts for id_, facts in new.items() if facts != record.baselines.get(id_)}
    if news:
        history.accept(record.run, news, utc_now())
    return tuple(news)


def _accepted(id_: ResourceId, record: Record, seen: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what to go by from now on: what was seen, and what the same thing showed before.

    Of another thing the old facts say nothing, and would drift at the next look.
    """
    before = record.baselines.get(id_, {})
    documented = provider_named(record.observations[id_].resource.provider, find()).facts
    return seen if changes(before, seen, documented) else {**before, **seen}


def _newest(history: History) -> Record:
    """Return the newest run that counts; raises ConfigError where there is none."""
    for run in history.runs():
        record = history.load(run.id) if run.valid and run.finished_at is not None else None
        if record is not None:
            return record
    raise ConfigError("No run in history counts yet: run `linkwell check` first.")


def _meant(text: str, record: Record) -> Sequence[ResourceId]:
    """Return the resource that an id or an address names, and all that it leads to."""
    id_ = ResourceId(text)
    providers = find()
    if id_ not in record.observations:
        id_ = identify(link_to(normalise(text) or Url(text)), providers).id
    met: list[ResourceId] = []
    while id_ in record.observations and id_ not in met:
        met.append(id_)
        onward = record.observations[id_].verdict.leads_to
        if onward is None:
            break
        id_ = identify(link_to(onward), providers).id
    return met

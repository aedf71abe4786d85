"""Incidents of our own: a key that a service refuses. One key, one incident, told at once."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.causes import credential
from monitor.core.incidents import (
    Ending,
    Incident,
    IncidentTransition,
    IncidentTurn,
    Refused,
    Seen,
    identified,
    turned,
)
from monitor.core.ports import Failure, Response
from monitor.core.provider import Checked, Provider
from monitor.core.reasons import Reason, Status
from monitor.core.urls import split


def carry_on_keys(
    known: Sequence[Incident], seen: Seen
) -> tuple[Sequence[Incident], Sequence[IncidentTransition]]:
    """Return the incidents of refused keys that are not as they were, and what happened.

    `known` are those of keys alone, those closed of late too. One is over when a service answered
    by the key, and also when Linkwell was not given it any more. Where nobody asked by it, nothing
    is known of it.
    """
    incidents: list[Incident] = []
    happened: list[IncidentTransition] = []
    refused = {each.cause.key: each for each in sorted(seen.keys.refused, key=_sentence)}
    latest = {each.cause.key: each for each in sorted(known, key=_lately)}
    for key, one in sorted(refused.items()):
        before = latest.get(key)
        new = _refused(before, one, seen)
        if new != before:
            incidents.append(new)
        if before is None:
            happened.append(turned(new, IncidentTurn.OPENED, seen, one.sentence))
        elif not before.is_open:
            sentence = f"Again: {one.sentence}"
            happened.append(turned(new, IncidentTurn.REOPENED, seen, sentence))
    for each in sorted(known, key=lambda each: each.id):
        if each.is_open and each.cause.key not in refused:
            ending = _ending(each, seen)
            if ending is not None:
                new = replace(each, closed_at=seen.at, ending=ending)
                sentence = _SENTENCES[ending].format(each.cause.name)
                incidents.append(new)
                happened.append(turned(new, IncidentTurn.CLOSED, seen, sentence))
    return incidents, happened


def taken(provider: Provider, checked: Checked) -> frozenset[str]:
    """Return the keys by which a service answered when it was asked about a resource.

    A probe shows the key that it needs; another shows one only to the hosts that may see it. That
    a service is out of order says nothing of a key.
    """
    heard = {
        each.id: split(each.url).host
        for each in checked.exchanges
        if isinstance(each.said, Response) and each.said.status < _OUT_OF_ORDER
    }
    found: set[str] = set()
    for answer in checked.answers:
        hosts = {heard[id_] for id_ in answer.exchanges if id_ in heard}
        probe = provider.probes.get(answer.probe)
        if isinstance(answer.said, Failure) or probe is None or not hosts:
            continue
        if probe.credential is not None:
            found.add(probe.credential)
        else:
            found |= {name for name, use in provider.credentials.items() if hosts & use.hosts}
    return frozenset(found)


_OUT_OF_ORDER = 500

_SENTENCES = {
    Ending.RECOVERED: "The service takes {} again.",
    Ending.UNLINKED: "Linkwell is not given {} any more.",
}


def _sentence(refused: Refused) -> str:
    return refused.sentence


def _lately(incident: Incident) -> tuple[bool, float, str]:
    """Return an order in which the open one comes last, and before it the one closed last."""
    closed = incident.closed_at.timestamp() if incident.closed_at else 0
    return incident.is_open, closed, incident.id


def _refused(before: Incident | None, refused: Refused, seen: Seen) -> Incident:
    if before is not None:
        return replace(
            before,
            cause=refused.cause,
            detail=refused.sentence,
            closed_at=None,
            ending=None,
            into=None,
        )
    return Incident(
        id=identified(refused.cause.key, seen.at),
        cause=refused.cause,
        status=Status.UNKNOWN,
        reason=Reason.OWN_CREDENTIAL,
        opened_at=seen.at,
        members=(),
        detail=refused.sentence,
    )


def _ending(incident: Incident, seen: Seen) -> Ending | None:
    """Return how the incident of a key ends with a run, or None where it goes on."""

    def names(keys: frozenset[str]) -> bool:
        return incident.cause.key in {credential(key).key for key in keys}

    if seen.keys.had is not None and not names(seen.keys.had):
        return Ending.UNLINKED
    return Ending.RECOVERED if names(seen.keys.taken) else None

"""What a run says of keys and allowances that were refused: once each, by who must act."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.core import causes
from monitor.core.asking import key_shown
from monitor.core.identify import provider_named
from monitor.core.incidents import Refused
from monitor.core.ports import Failure, FailureKind
from monitor.core.provider import Provider
from monitor.report.wording import instant, joined, shown

MOST_WORDS = 200
"""Characters of a service's own words that are repeated."""


def refusals(
    refused: Mapping[tuple[str, str], Failure],
    providers: Sequence[Provider],
    keys: Mapping[str, str],
) -> tuple[str, ...]:
    """Return a sentence or two for each key, or service without one, that was refused.

    `refused` are the probes by provider and name, `keys` the credentials that are there, with
    the words by which the user knows them: {"github": "GITHUB_TOKEN"}.
    """
    groups: dict[tuple[str, FailureKind], list[tuple[Provider, Failure]]] = {}
    for (name, probe), failure in refused.items():
        provider = provider_named(name, providers)
        known = keys.get(key_shown(provider, probe), "")
        groups.setdefault((known or provider.title, failure.kind), []).append((provider, failure))
    return tuple(
        _said(subject, kind, group, by_key=subject in keys.values())
        for (subject, kind), group in groups.items()
    )


def refused_keys(
    refused: Mapping[tuple[str, str], Failure],
    providers: Sequence[Provider],
    keys: Mapping[str, str],
) -> tuple[Refused, ...]:
    """Return each key of ours that a service refused, for whoever keeps the incidents.

    The arguments are those of `refusals`. A spent quota is no refusal: it comes back by itself.
    """
    found: dict[str, Refused] = {}
    for (name, probe), failure in refused.items():
        credential = key_shown(provider_named(name, providers), probe)
        if failure.kind is FailureKind.CREDENTIAL and credential in keys:
            sentence = " ".join(refusals({(name, probe): failure}, providers, keys))
            cause = causes.credential(credential, keys[credential])
            found.setdefault(credential, Refused(cause=cause, sentence=sentence))
    return tuple(found.values())


def _said(
    subject: str, kind: FailureKind, group: Sequence[tuple[Provider, Failure]], *, by_key: bool
) -> str:
    """Return what is to be said of one key, or of a service that was asked without one."""
    detail = shown(group[0][1].detail, MOST_WORDS)
    titles = joined(list(dict.fromkeys(provider.title for provider, _ in group)))
    if kind is FailureKind.CREDENTIAL:
        return (
            f"{subject} was refused ({titles}): {detail} Set it right, `linkwell doctor` tells how;"
            " what needed it was asked without it, or is not known."
        )
    whole = max(filter(None, (failure.retry_at for _, failure in group)), default=None)
    more = "" if by_key else " A key of your own allows more: see `linkwell doctor`."
    return f"{subject}: {detail}{_again(whole)}{more}"


def _again(whole: datetime | None) -> str:
    if whole is None:
        return " What was left can be asked in a later run."
    return f" What was left can be asked again at {instant(whole)}."

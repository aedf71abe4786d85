"""The command `stats`: what your own history says of the numbers under `states:`.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.core.hindsight import ENOUGH_FAILURES, WITHIN, Hindsight, Share, Trial, look_back
from monitor.core.patience import PRESETS, StatePolicy
from monitor.options import ConfigOption, JsonOption, load_config, open_history

if TYPE_CHECKING:
    pass


def stats(
    config: ConfigOption = None,
    within: Annotated[
        int, typer.Option(min=1, max=100, help="A break was false that is over in so many checks.")
    ] = WITHIN,
    as_json: JsonOption = False,  # noqa: FBT002 - an option
) -> None:
    """Tell how many failures were blips, and what other numbers would have called broken."""
    from monitor.report.json_report import as_text

    loaded = load_config(config)
    prefixes = _providers()
    with open_history(loaded, read_only=True) as history:
        found = look_back(
            history.sightings(),
            _policies(loaded.states.policies().usual),
            lambda id_: prefixes.get(id_.partition(":")[0], id_.partition(":")[0]),
            within,
        )
    if as_json:
        typer.echo(as_text(fields(found, within)), nl=False)
        return
    for line in words(found, _titles(), within):
        typer.echo(line)


def words(found: Hindsight, titles: Mapping[str, str], within: int) -> tuple[str, ...]:
    """Return it for people; `titles` are what people call the providers."""
    from monitor.report.wording import count, day

    if found.since is None or found.until is None:
        return ("History holds no run that counts yet: run `linkwell check` on a few days.",)
    seen = f"{count(found.resources, 'resource was', 'resources were')} seen"
    spell = f"from {day(found.since.date())} to {day(found.until.date())}"
    told = [f"{seen} {count(found.sightings, 'time')} {spell}."]
    if not found.is_enough:
        told.append(
            "History is too short for these numbers to say much: they need"
            f" {ENOUGH_FAILURES} failures of what worked before, with two checks after each."
        )
    if found.from_the_first:
        told.append(
            f"{count(found.from_the_first, 'resource')} failed when first seen: when that began"
            " is not known, so the shares leave it out."
        )
    if found.blips:
        recovered = [
            (
                f"{titles.get(each.provider, each.provider)}, {_KINDS[each.hard]}",
                f"{each.failures:,}",
                _shown(each.by_second),
                _shown(each.by_third),
            )
            for each in found.blips
        ]
        told += [
            "",
            *_table(("First failures", "number", "well by 2nd check", "by 3rd check"), recovered),
        ]
    called = [
        (
            each.name,
            f"{each.called:,}",
            f"{each.false:,}",
            f"{each.early:,}",
            f"{each.flapping:,}",
            _delay(each.delay),
        )
        for each in found.trials
    ]
    head = ("Numbers", "breaks called", "false", "too early", "flapping", "median delay")
    checks = count(within, "check")
    legend = f"False: it worked again within {checks}. Too early: fewer have followed so far."
    return (*told, "", *_table(head, called), "", legend)


def fields(found: Hindsight, within: int) -> dict[str, Any]:
    """Return it for programs; delays are in seconds."""
    return {
        "resources": found.resources,
        "sightings": found.sightings,
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "enough": found.is_enough,
        "failed_when_first_seen": found.from_the_first,
        "first_failures": [
            {
                "provider": each.provider,
                "evidence": "hard" if each.hard else "soft",
                "failures": each.failures,
                "recovered_by_second": _parts(each.by_second),
                "recovered_by_third": _parts(each.by_third),
            }
            for each in found.blips
        ],
        "false_within": within,
        "policies": [_trial_fields(each) for each in found.trials],
    }


def _trial_fields(trial: Trial) -> dict[str, Any]:
    return {
        "name": trial.name,
        "called": trial.called,
        "false": trial.false,
        "too_early": trial.early,
        "flapping": trial.flapping,
        "median_delay": trial.delay.total_seconds() if trial.delay is not None else None,
    }


_KINDS = {True: "said by the service", False: "maybe passing"}


def _parts(share: Share) -> dict[str, int]:
    return {"recovered": share.part, "of": share.of}


def _shown(share: Share) -> str:
    return f"{share.part:,} of {share.of:,} ({share.part / share.of:.0%})" if share.of else "–"


def _delay(delay: timedelta | None) -> str:
    if delay is None:
        return "–"
    hours = delay / timedelta(hours=1)
    return f"{hours / 24:.1f} d" if hours >= 24 else f"{hours:.1f} h"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows under their heads, the first column to the left and the others to the right."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]


def _policies(yours: StatePolicy) -> dict[str, StatePolicy]:
    """Return what to try: yours, the presets, and yours with other numbers, each once."""
    tried: dict[StatePolicy, str] = {yours: "yours"}
    for name, policy in PRESETS.items():
        tried[policy] = f"{name} (yours)" if policy == yours else name
    for times in (1, 2, 3):
        hard = replace(yours, hard=replace(yours.hard, times=times))
        tried.setdefault(hard, f"hard: {times}")
    for times in (1, 2, 3):
        soft = replace(yours, soft=replace(yours.soft, times=times, span=timedelta(0)))
        tried.setdefault(soft, f"soft: {{times: {times}, span: 0}}")
    return {name: policy for policy, name in tried.items()}


def _titles() -> dict[str, str]:
    from monitor.providers import find

    return {provider.name: provider.title for provider in find()}


def _providers() -> dict[str, str]:
    """Return the providers by how the ids of their resources begin."""
    from monitor.core.identify import identify, link_to
    from monitor.core.model import Url
    from monitor.providers import find

    providers = find()
    examples = (Url(shape.example) for provider in providers for shape in provider.shapes)
    found = (identify(link_to(example), providers) for example in examples)
    return {resource.id.partition(":")[0]: resource.provider for resource in found}

"""What a run comes to, in numbers and in one sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.core.findings import Finding
from monitor.core.model import ResourceId, Run
from monitor.report.past import Past
from monitor.report.standing import Standing, worst_words
from monitor.report.wording import count, joined, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many of what. A resource counts once, as the readers of the page meet it."""

    pages: int
    links: int
    resources: int
    ok: int
    warning: int
    broken: int
    unknown: int
    skipped: int


def headline(
    run: Run,
    summary: Summary,
    suspects: Sequence[Finding],
    standings: Mapping[ResourceId, Standing],
    past: Past | None,
) -> str:
    """Return the verdict in one sentence; with a past it speaks of time, without it of now."""
    if run.invalid_reason is not None:
        reason = shown(run.invalid_reason, 300).rstrip(".")
        uncounted = "" if "nothing was counted" in reason else ", so nothing was counted"
        return f"{reason[:1].upper()}{reason[1:]}{uncounted}."
    if not summary.pages:
        return "No page was read, so nothing was checked."
    owner = "page" if summary.pages == 1 else "pages"
    if not summary.resources:
        return f"Your {owner} {_verb(summary.pages, 'hold')} no links to check."
    resources = count(summary.resources, "resource")
    behind = f"{resources} that your {owner} {_verb(summary.pages, 'link')} to"
    if past is None:
        troubles = _now(summary)
    else:
        troubles = worst_words(Counter(standings.values()), suspects, past)
    if troubles:
        return f"Of the {behind}, {troubles}."
    works = "it works" if summary.resources == 1 else "every one works"
    return f"All is well: of the {behind}, {works}."


def _now(summary: Summary) -> str:
    """Return what is wrong at this moment, as the rest of a sentence; "" where nothing is."""
    troubles = [
        text
        for number, text in (
            (summary.broken, f"{_are(summary.broken)} broken"),
            (summary.warning, f"{summary.warning:,} {_verb(summary.warning, 'need')} attention"),
            (summary.unknown, f"{summary.unknown:,} could not be checked"),
        )
        if number
    ]
    return joined(troubles)


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb

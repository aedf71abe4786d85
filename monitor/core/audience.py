"""Where the readers live: what is kept from other countries than theirs is no trouble of theirs."""

from collections.abc import Collection
from dataclasses import replace

from monitor.core.json_reading import dig, items_at
from monitor.core.model import Verdict
from monitor.core.reasons import Reason


def for_audience(verdict: Verdict, countries: Collection[str]) -> Verdict:
    """Return a verdict as it is for readers in these countries (ISO 3166-1: "DE"); none for all.

    Only a restriction by country changes, and only where the facts say which (`blocked_in`,
    `allowed_in`): it is none if no reader is kept out, else the detail names the countries.
    """
    known = {"blocked_in", "allowed_in"} & verdict.facts.keys()
    if verdict.reason is not Reason.REGION_RESTRICTED or not countries or not known:
        return verdict
    shut = set(countries) & set(map(str, items_at(verdict.facts, "blocked_in")))
    if dig(verdict.facts, "allowed_in") is not None:
        shut |= set(countries) - set(map(str, items_at(verdict.facts, "allowed_in")))
    if shut:
        detail = f"Its owner does not let it be watched in {', '.join(sorted(shut))}."
        return replace(verdict, detail=detail)
    detail = "Its owner keeps it from some countries, but from none of your readers'."
    return replace(verdict, reason=Reason.ALIVE, detail=detail)

"""What changed behind a link that still works: its facts against those that were accepted.

Only facts by which a resource is known again count (`Fact.identity`). Two ways of asking may
spell one fact differently, or know it not at all: neither is a change.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from monitor.core.domains import registrable
from monitor.core.model import Json, Resource, Url, Verdict
from monitor.core.provider import Fact
from monitor.core.reasons import Reason, Status
from monitor.core.urls import spelled_alike, split

TARGET = "target"
"""The fact that holds the address where a chain ends."""

ADDRESS, SECONDS = "URL", "s"
"""The units that are compared in their own way: see `Fact.unit`."""

_LEEWAY = {SECONDS: 1}
"""What two ways of asking differ by: YouTube's API rounds a duration, its page does not."""

_TITLE = frozenset({"title", "name"})
_ANOTHER = (
    (_TITLE, frozenset({"duration"})),
    (_TITLE, frozenset({"type", "mime_type"}), frozenset({"size"})),
    (frozenset({"repository_id"}),),
)
"""Where one fact of each of these sets changed, the resource is another one."""

DRIFTED = frozenset({Reason.CHANGED, Reason.REPLACED, Reason.RETARGETED})
"""The reasons of what works, but is not as it was accepted."""

_MOST_SAID = 120
_MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact that differs: what was accepted, and what it is now, in its unit."""

    name: str
    before: Json
    now: Json
    unit: str = ""


def identity(facts: Mapping[str, Json], documented: Mapping[str, Fact]) -> Mapping[str, Json]:
    """Return the facts by which a resource is known again, without those that say nothing."""
    return {
        name: facts[name]
        for name, fact in documented.items()
        if fact.identity and _says(facts.get(name), fact)
    }


def kept(facts: Mapping[str, Json], documented: Mapping[str, Fact]) -> Mapping[str, Json]:
    """Return what is noted of a resource: its identity, and what its links are judged by later."""
    others = {n: facts[n] for n, fact in documented.items() if fact.kept and facts.get(n)}
    return {**identity(facts, documented), **others}


def added(before: Mapping[str, Json], now: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what was noted, with what was not known then; of tables also each new entry.

    A table of too many entries is cut to those of now.
    """
    joined = {**now, **before}
    for name in before.keys() & now.keys():
        old, new = before[name], now[name]
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            whole = {**new, **old}
            few = len(whole) <= _MOST_ENTRIES
            joined[name] = whole if few else {key: whole[key] for key in new}
    return joined


def changes(
    baseline: Mapping[str, Json], facts: Mapping[str, Json], documented: Mapping[str, Fact]
) -> tuple[FactChange, ...]:
    """Return which identity facts differ from those accepted, by name.

    A fact that is missing on either side, or of another form there, is no change.
    """
    before, now = identity(baseline, documented), identity(facts, documented)
    return tuple(
        FactChange(name=name, before=before[name], now=now[name], unit=documented[name].unit)
        for name in sorted(before.keys() & now.keys())
        if not _alike(before[name], now[name], documented[name].unit)
    )


def drifted(verdict: Verdict, changed: Sequence[FactChange], resource: Resource) -> Verdict:
    """Return the verdict of a resource whose facts changed: another thing now, or a newer one.

    What is broken or unknown anyway stays as it is, and so does a warning of something else,
    unless the thing is another one.
    """
    if not changed or verdict.status not in {Status.OK, Status.WARNING}:
        return verdict
    reason = _reason(changed, resource)
    if reason is Reason.CHANGED and verdict.status is Status.WARNING:
        return verdict
    return replace(verdict, reason=reason, detail=_detail(changed), instead=None)


def _reason(changed: Sequence[FactChange], resource: Resource) -> Reason:
    names = {change.name for change in changed}
    if any(all(names & each for each in facts) for facts in _ANOTHER):
        return Reason.REPLACED
    # A DOI or handle exists to be moved from publisher to publisher.
    if resource.kind != "identifier" and any(map(_elsewhere, changed)):
        return Reason.RETARGETED
    return Reason.CHANGED


def _elsewhere(change: FactChange) -> bool:
    """Return whether a chain now ends at somebody else's."""
    if change.name != TARGET:
        return False
    hosts = (split(Url(str(url))).host for url in (change.before, change.now))
    return len({registrable(host) for host in hosts}) > 1


def _detail(changed: Sequence[FactChange]) -> str:
    return " ".join(
        f"It led to {_said(change.before)}, and leads to {_said(change.now)} now."
        if change.name == TARGET
        else f"Its {change.name.replace('_', ' ')} was {_quoted(change, change.before)},"
        f" and is {_quoted(change, change.now)} now."
        for change in changed
    )


def _quoted(change: FactChange, value: Json) -> str:
    if isinstance(value, str):
        return f"“{_said(value)}”"
    return f"{_said(value)} {change.unit}".strip()


def _said(value: Json) -> str:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    text = ", ".join(map(str, value)) if listed else str(value)  # type: ignore[arg-type]
    return text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID - 1]}…"


def _says(value: Json, fact: Fact) -> bool:
    """Return whether a fact tells anything; a length of 0 s is one that is not known yet."""
    if value is None or value in ("", [], (), {}):
        return False
    return not (fact.unit == SECONDS and value == 0)


def _alike(before: Json, now: Json, unit: str) -> bool:
    """Return whether two spellings of a fact mean the same, or cannot be compared."""
    if before == now:
        return True
    if unit == ADDRESS and isinstance(before, str) and isinstance(now, str):
        return spelled_alike(Url(before), Url(now))
    one, other = _number(before), _number(now)
    if one is not None and other is not None:
        return abs(one - other) <= _LEEWAY.get(unit, 0)
    if type(before) is not type(now):
        return True
    return _folded(before) == _folded(now)


def _number(value: Json) -> float | None:
    """Return a number, also where it is written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return None


def _folded(value: Json) -> Json:
    """Return a text as its words alone, a list as its texts in order; anything else as it is."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", unescape(value)).casefold()
        return " ".join(re.findall(r"\w+", text)) or text.strip()
    if isinstance(value, Sequence):
        return sorted(str(_folded(each)) for each in value)
    return value

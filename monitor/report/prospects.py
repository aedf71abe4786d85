"""What is to be expected of what fails now, in one sentence."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.outlook import Outlook, outlook
from monitor.core.states import Phase, State, StatePolicy
from monitor.report.standing import state_words
from monitor.report.wording import count, day, joined


def prospect(stands: Sequence[tuple[State, StatePolicy]], now: datetime) -> str:
    """Return where resources in one trouble stand over time, and when more is known of them.

    "" where nothing is known. Instants are told in UTC.
    """
    told = [state for state, _ in stands if state.phase is not Phase.UNKNOWN]
    soon = [found for each in stands if (found := outlook(*each)) is not None]
    if not told:
        return ""
    if len(soon) == len(stands):
        return _soon(soon, now)
    sentences = {state_words(*each) for each in stands}
    if len(sentences) == 1:
        return sentences.pop()
    phases = Counter(state.phase for state in told)
    return joined([f"{phases[phase]:,} {phase}" for phase in Phase if phases[phase]])


def _soon(found: Sequence[Outlook], now: datetime) -> str:
    first = min(found, key=lambda each: (each.at, each.checks))
    one = len(found) == 1
    which = "confirmed" if one or len(set(found)) == 1 else "the first confirmed"
    checks = "the next check" if first.checks == 1 else count(first.checks, "more check")
    at = f", at the earliest {_when(first.at, now)}" if first.at > now else ""
    return f"{'fails' if one else 'fail'} now; {which} after {checks}{at}"


def _when(at: datetime, now: datetime) -> str:
    at, today = at.astimezone(UTC), now.astimezone(UTC).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow"}
    return f"{near.get(at.date()) or f'on {day(at.date())}'} {at:%H:%M} UTC"

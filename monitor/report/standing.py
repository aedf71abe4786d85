"""Where each resource stands over time: one place for each, and what to say of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from monitor.core.findings import Finding, as_met
from monitor.core.mutes import Mute
from monitor.core.outlook import outlook
from monitor.core.reasons import Status
from monitor.core.states import Phase, Sign, State, StatePolicy, sign
from monitor.report.past import Past
from monitor.report.wording import count, day, joined, shown


class Standing(StrEnum):
    """Where a resource stands; each stands in one place, the first that fits."""

    MUTED = "muted"
    """It is in trouble, but the owner does not want to hear of it for a while."""
    CONFIRMED = "confirmed"
    FLAPPING = "flapping"
    SUSPECT = "suspect"
    """It fails now, but is not confirmed yet."""
    BROKEN = "broken"
    """It is broken now, and nothing is known of it over time."""
    RECOVERING = "recovering"
    WARNED = "warned"
    UNKNOWN = "unknown"
    """It could not be checked now, and is in no trouble that is known."""
    WELL = "well"


_BY_PHASE = {
    Phase.CONFIRMED: Standing.CONFIRMED,
    Phase.FLAPPING: Standing.FLAPPING,
    Phase.RECOVERING: Standing.RECOVERING,
}

_BY_STATUS = {
    Status.OK: Standing.WELL,
    Status.WARNING: Standing.WARNED,
    Status.BROKEN: Standing.BROKEN,
    Status.UNKNOWN: Standing.UNKNOWN,
}


def standing(finding: Finding, past: Past) -> Standing:
    """Return where a resource stands, by its state and by its verdict now."""
    verdict, state = as_met(finding), past.state(finding.resource.id)
    of_now = _BY_STATUS[verdict.status]
    if state.phase is Phase.SUSPECT and fails_now(finding):
        of_now = Standing.SUSPECT
    found = _BY_PHASE.get(state.phase, of_now)
    quiet = found in {Standing.WELL, Standing.UNKNOWN}
    return Standing.MUTED if not quiet and finding.resource.id in past.muted else found


def fails_now(finding: Finding) -> bool:
    """Return whether its verdict now speaks against it, be it that it only does not answer."""
    return sign(as_met(finding).reason) in {Sign.FAILS_HARD, Sign.FAILS_SOFTLY}


def state_words(state: State, policy: StatePolicy, mute: Mute | None = None) -> str:
    """Return a state for people: "confirmed broken since 12 November 2026"."""
    said = [_PHASE_WORDS[state.phase](state, policy)]
    if state.remark.is_told and state.remark.began is not None:
        said.append(f"warned since {day(state.remark.began.date())}")
    if mute is not None:
        said.append(mute_words(mute))
    return "; ".join(said)


def mute_words(mute: Mute) -> str:
    """Return a mute for people: until when, and why."""
    until = f"until {day(mute.until.date())}" if mute.until is not None else "for good"
    reason = shown(mute.reason, 200).rstrip(".")
    return f"muted {until}{f' ({reason})' if reason else ''}"


def _since(word: str, state: State) -> str:
    return f"{word} since {day(state.since.date())}" if state.since is not None else word


def _suspect(state: State, policy: StatePolicy) -> str:
    streak, patience = state.broken.soft, policy.soft
    if state.broken.hard.times:
        streak, patience = state.broken.hard, policy.hard
    enough = f"failure {streak.times} of the {patience.times} that confirm it"
    if streak.times >= patience.times:
        enough = f"{count(streak.times, 'failure')}, over too short a time to confirm it"
    return f"{_since('suspect', state)}: {enough}"


def _confirmed(state: State, _policy: StatePolicy) -> str:
    began = state.broken.began
    return f"confirmed broken since {day(began.date())}" if began else "confirmed broken"


def _recovering(state: State, _policy: StatePolicy) -> str:
    began = state.broken.began
    return (
        f"{_since('recovering', state)}{f', was broken since {day(began.date())}' if began else ''}"
    )


_PHASE_WORDS: dict[Phase, Callable[[State, StatePolicy], str]] = {
    Phase.UNKNOWN: lambda _state, _policy: "nothing counted yet",
    Phase.HEALTHY: lambda state, _policy: _since("works", state),
    Phase.SUSPECT: _suspect,
    Phase.CONFIRMED: _confirmed,
    Phase.RECOVERING: _recovering,
    Phase.FLAPPING: lambda state, _policy: _since("flapping", state),
}


_WORST = {
    Standing.CONFIRMED: ("is confirmed broken", "are confirmed broken"),
    Standing.BROKEN: ("is broken", "are broken"),
    Standing.FLAPPING: ("comes and goes", "come and go"),
}
_LESSER = {
    Standing.RECOVERING: ("is recovering", "are recovering"),
    Standing.WARNED: ("needs attention", "need attention"),
    Standing.UNKNOWN: ("could not be checked", "could not be checked"),
    Standing.MUTED: ("is muted", "are muted"),
}


def worst_words(numbers: Mapping[Standing, int], suspects: Sequence[Finding], past: Past) -> str:
    """Return how many stand where, the worst alone; "" where all is well.

    "3 are confirmed broken, 2 fail now for the first time: confirmed or not after the next check";
    where nothing fails, "29 need attention and 1 is muted".
    """
    worst = [count(n, *text) for each, text in _WORST.items() if (n := numbers[each])]
    if suspects:
        return ", ".join((*worst, suspected(suspects, past)))
    lesser = [count(n, *text) for each, text in _LESSER.items() if (n := numbers[each])]
    return joined(worst or lesser)


def over_time_words(standings: Iterable[Standing]) -> str:
    """Return how many resources are in which trouble over time: "3 confirmed broken, 2 suspect"."""
    numbers = Counter(standings)
    return ", ".join(f"{n:,} {word}" for each, word in _OVER_TIME.items() if (n := numbers[each]))


_OVER_TIME = {
    Standing.CONFIRMED: "confirmed broken",
    Standing.SUSPECT: "suspect",
    Standing.FLAPPING: "flapping",
    Standing.RECOVERING: "recovering",
    Standing.MUTED: "muted and counted apart",
}


def suspected(suspects: Sequence[Finding], past: Past) -> str:
    """Return how many suspects there are and when more is known; "" where there are none.

    "2 fail now for the first time: confirmed or not after the next check".
    """
    if not suspects:
        return ""
    states = [(past.state(id_), past.policy(id_)) for id_ in (s.resource.id for s in suspects)]
    first = all(state.broken.soft.times <= 1 for state, _ in states)
    close = all(_is_close(state, policy) for state, policy in states)
    number = count(len(suspects), "fails", "fail")
    new = "for the first time" if first else "without being confirmed yet"
    then = "the next check" if close else "further checks"
    return f"{number} now {new}: confirmed or not after {then}"


def _is_close(state: State, policy: StatePolicy) -> bool:
    seen = outlook(state, policy)
    return seen is not None and seen.checks == 1

"""One resource, or one trouble, over time: its state, strip, uptime and response times."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.core.model import ResourceId
from monitor.core.reasons import Status
from monitor.core.states import Phase, State
from monitor.report.drawing import spark_path, strip_paths
from monitor.report.grouping import Group
from monitor.report.past import Past
from monitor.report.standing import mute_words, state_words
from monitor.report.strips import Strip, uptime_words
from monitor.report.wording import day, duration


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """What a row tells of a resource over time, in words and as paths to be drawn."""

    state: str
    strip: Strip
    uptime: str
    times: str
    paths: tuple[tuple[Status, str], ...]
    spark: str


def over_time(id_: ResourceId, past: Past, made: Strip) -> OverTime:
    """Return a resource over time; `made` is its strip."""
    return OverTime(
        state=state_words(past.state(id_), past.policy(id_), past.muted.get(id_)),
        strip=made,
        uptime=uptime_words(made),
        times=times_words(made),
        paths=strip_paths(made),
        spark=spark_path(made),
    )


def times_words(made: Strip) -> str:
    """Return the response times for people, "" where none is known."""
    if made.typical is None or made.newest is None:
        return ""
    return f"answers in {duration(made.typical)}, last in {duration(made.newest)}"


_SAID = {
    Phase.CONFIRMED: "confirmed",
    Phase.FLAPPING: "flapping",
    Phase.RECOVERING: "recovering",
    Phase.SUSPECT: "suspect",
}


def trouble_words(group: Group, past: Past) -> str:
    """Return how a trouble stands over time, "" where that adds nothing."""
    ids = [member.resource.id for member in group.members]
    mutes = {past.muted.get(id_) for id_ in ids}
    mute = mutes.pop() if len(mutes) == 1 else None
    if len(ids) == 1:
        said = state_words(past.state(ids[0]), past.policy(ids[0]), mute)
        return said.replace("confirmed broken", "confirmed")  # the trouble says what it is
    states = [past.state(id_) for id_ in ids]
    said = _warned(states) if group.status is Status.WARNING else _failing(states)
    return "; ".join(filter(None, (said, mute_words(mute) if mute is not None else "")))


def is_known(group: Group, past: Past) -> bool:
    """Return whether a trouble is confirmed, whatever is met of it just now."""
    known = {Phase.CONFIRMED, Phase.FLAPPING}
    return all(past.state(member.resource.id).phase in known for member in group.members)


def _warned(states: Sequence[State]) -> str:
    began = [state.remark.began for state in states if state.remark.began is not None]
    return f"since {day(min(began).date())}" if began else ""


def _failing(states: Sequence[State]) -> str:
    numbers = Counter(state.phase for state in states)
    said = ", ".join(
        f"{numbers[phase]:,} {word}" for phase, word in _SAID.items() if numbers[phase]
    )
    began = [state.broken.began for state in states if state.broken.began is not None]
    first = f"the first failed on {day(min(began).date())}" if began else ""
    return "; ".join(filter(None, (said, first)))

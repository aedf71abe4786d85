"""What the report for machines says of time: states, days, incidents, mutes."""

from collections import Counter
from datetime import datetime
from typing import Any

from monitor.core.incidents import IncidentTransition, Member
from monitor.core.model import ResourceId
from monitor.core.mutes import Mute
from monitor.core.states import State
from monitor.report.past import Past
from monitor.report.report import Report
from monitor.report.standing import Standing
from monitor.report.stories import Story
from monitor.report.strips import Strip
from monitor.report.wording import iso


def standings_fields(report: Report) -> dict[str, int]:
    """Return how many resources stand where over time."""
    numbers = Counter(report.standings.values())
    return {each.value: numbers[each] for each in Standing}


def over_time_fields(id_: ResourceId, report: Report, past: Past) -> dict[str, Any]:
    """Return a resource over time: its state, its days run by run, its uptime and times."""
    state, mute = past.state(id_), past.muted.get(id_)
    made = report.strips[id_]
    stands = report.standings.get(id_)
    return {
        **({"standing": stands.value} if stands is not None else {}),
        **_state(state),
        "muted_until": _may(mute.until) if mute is not None else None,
        "muted_by": mute.id if mute is not None else None,
        "days": _days(made),
        "uptime": _share(made.uptime),
        "unknown": _share(made.unknown),
        "median_ms": round(made.typical.total_seconds() * 1000) if made.typical else None,
        "newest_ms": round(made.newest.total_seconds() * 1000) if made.newest else None,
    }


def incident_fields(story: Story) -> dict[str, Any]:
    """Return an incident with its story."""
    incident = story.incident
    return {
        "id": incident.id,
        "cause": {"kind": incident.cause.kind.name.lower(), "key": incident.cause.key},
        "subject": story.subject,
        "status": incident.status.value,
        "reason": incident.reason.value,
        "detail": incident.detail,
        "opened_at": iso(incident.opened_at),
        "closed_at": _may(incident.closed_at),
        "ending": incident.ending.value if incident.ending is not None else None,
        "into": incident.into,
        "flapping": incident.flapping,
        "muted_by": story.mute.id if story.mute is not None else None,
        "members": [_member(member) for member in incident.members],
        "story": [_turn(turn) for turn in story.turns],
    }


def mute_fields(mute: Mute) -> dict[str, Any]:
    """Return a mute that is in force."""
    return {
        "id": mute.id,
        "what": mute.what,
        "reason": mute.reason,
        "by": mute.by,
        "since": iso(mute.since),
        "until": _may(mute.until),
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "state": state.phase.value,
        "since": _may(state.since),
        "failing_since": _may(state.broken.began),
        "warned_since": _may(state.remark.began if state.remark.is_told else None),
        "last_good_at": _may(state.good_at),
    }


def _days(made: Strip) -> str:
    """Return the days run by run, oldest first, the last ending today: "ok*80 broken*9"."""
    return " ".join(f"{stretch.status.value}*{stretch.length}" for stretch in made.stretches)


def _member(member: Member) -> dict[str, Any]:
    return {
        "resource": member.resource.id,
        "reason": member.verdict.reason.value,
        "since": iso(member.since),
        "state": member.phase.value,
    }


def _turn(turn: IncidentTransition) -> dict[str, Any]:
    return {
        "id": turn.id,
        "turn": turn.turn.value,
        "at": iso(turn.at),
        "run": turn.run,
        "sentence": turn.sentence,
    }


def _may(at: datetime | None) -> str | None:
    return iso(at) if at is not None else None


def _share(part: float | None) -> float | None:
    return round(part, 4) if part is not None else None

"""The one rolling issue: all that is wrong in sections, with boxes to tick."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.config.issues import Issues
from monitor.core.findings import Finding, as_met
from monitor.core.incidents import Incident
from monitor.core.mutes import Mute
from monitor.core.reasons import Status, explain
from monitor.core.tracked import DASHBOARD, TrackedState
from monitor.issues.bodies import Tick, ticks
from monitor.issues.found import Issue
from monitor.issues.marker import Marker, short
from monitor.issues.rendering import MOST, Part, fitted, part
from monitor.issues.verbs import Verb
from monitor.issues.view import View
from monitor.issues.wanted import Wanted, cause_of, urgency
from monitor.report.wording import count, instant, title_of

TITLE = "Link health dashboard"

_ROOM = 1_000
"""What the marker takes at most, with some to spare."""

_QUIET_FOR = timedelta(days=30)
"""How long a dashboard that was deleted, or closed as not planned, is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: an incident with its issue's number, or a resource."""

    title: str
    name: str = ""
    url: str = ""
    links: int = 0
    number: int | None = None
    since: datetime | None = None
    note: str = ""
    boxes: Sequence[Tick] = ()


def wanted_dashboard(
    view: View, config: Issues, numbers: Mapping[str, int], waiting: Sequence[Incident]
) -> Wanted:
    """Return the dashboard as it should be now.

    `numbers` are the issues that incidents have, by id; `waiting` have none for want of room.
    """
    content = fitted(list(_parts(view, numbers, waiting)), MOST - _ROOM)
    marker = Marker(cause=DASHBOARD, state="open", title=short(TITLE), digest=short(content))
    return Wanted(
        key=DASHBOARD,
        title=TITLE,
        body=f"{marker}\n{content}",
        marker=marker,
        labels=config.labels,
    )


def has_news(view: View) -> bool:
    """Return whether there is anything that a dashboard is worth opening for."""
    return any(_is_loud(each, view) for each in view.incidents)


def is_unwanted(view: View) -> bool:
    """Return whether somebody has deleted the dashboard not long ago."""
    tracked = view.tracked.get(DASHBOARD)
    if tracked is None or tracked.state is not TrackedState.GONE or tracked.closed_at is None:
        return False
    return view.now < tracked.closed_at + _QUIET_FOR


def has_news_since(view: View, issue: Issue) -> bool:
    """Return whether a dashboard that somebody has closed has something new to say.

    Closed as not planned, it is quiet for 30 days.
    """
    closed = issue.closed_at
    if closed is None:
        return False
    if issue.reason != "completed" and view.now < closed + _QUIET_FOR:
        return False
    return any(each.opened_at > closed and _is_loud(each, view) for each in view.incidents)


def _is_loud(incident: Incident, view: View) -> bool:
    return incident.is_open and view.mute(incident) is None


def _parts(view: View, numbers: Mapping[str, int], waiting: Sequence[Incident]) -> Iterator[Part]:
    still = sorted((each for each in view.incidents if each.is_open), key=urgency)
    mutes = {each.id: view.mute_shown(each) for each in still}
    loud = [each for each in still if mutes[each.id] is None]
    late = {each.id for each in waiting}

    def rows(status: Status) -> Sequence[Row]:
        some = [each for each in loud if each.status is status]
        return [_of_incident(each, numbers, waits=each.id in late) for each in some]

    broken = rows(Status.BROKEN)
    yield Part(part("dashboard", "head", _sentence(len(broken), view.suspects)))
    yield from _section("Broken", broken, "broken thing")
    suspects = [_of_resource(each, view, Verb.RECHECK, Verb.MUTE) for each in view.suspects]
    yield from _section("Suspect, further checks will tell", suspects, "suspect")
    yield from _section("Warnings", rows(Status.WARNING), "warning")
    yield from _section("Linkwell itself needs you", rows(Status.UNKNOWN), "need of our own")
    drifted = [_of_resource(each, view, Verb.ACCEPT) for each in view.drifted]
    yield from _section("Changed behind your links", drifted, "change")
    unknown = [_of_resource(each, view, Verb.RECHECK) for each in view.unknown]
    yield from _section("Could not be checked", unknown, "unknown")
    silent = [_of_muted(each, mute, numbers) for each in still if (mute := mutes[each.id])]
    yield from _section("Muted", silent, "muted thing")
    yield Part(part("dashboard", "foot"))


def _section(title: str, rows: Sequence[Row], noun: str) -> Iterator[Part]:
    if not rows:
        return
    yield Part(part("dashboard", "title", title, len(rows)))
    for row in rows:
        macro = "resource" if row.url else "incident"
        yield Part(part("dashboard", macro, row), noun, f"{noun}s")


def _sentence(broken: int, suspects: Sequence[Finding]) -> str:
    told = f"{count(broken, 'thing')} {'is' if broken == 1 else 'are'} broken" if broken else ""
    more = (
        f"{len(suspects)} {'is' if len(suspects) == 1 else 'are'} suspect, further checks will tell"
    )
    both = "; ".join(filter(None, (told or "Nothing is broken", more if suspects else "")))
    return f"{both}."


def _of_incident(incident: Incident, numbers: Mapping[str, int], *, waits: bool) -> Row:
    return Row(
        title=f"{explain(incident.reason).title} – {incident.cause.name}",
        links=sum(len(member.links) for member in incident.members),
        number=numbers.get(incident.id),
        since=incident.opened_at,
        note="its issue waits for the next run" if waits else "",
        boxes=ticks(Verb.RECHECK, Verb.MUTE, of=cause_of(incident)),
    )


def _of_muted(incident: Incident, mute: Mute, numbers: Mapping[str, int]) -> Row:
    until = f"until {instant(mute.until)}" if mute.until else "for ever"
    return Row(
        title=f"{explain(incident.reason).title} – {incident.cause.name}",
        links=sum(len(member.links) for member in incident.members),
        number=numbers.get(incident.id),
        note=f"muted {until} by {mute.by}",
        boxes=ticks(Verb.UNMUTE, of=cause_of(incident)),
    )


def _of_resource(finding: Finding, view: View, *verbs: Verb) -> Row:
    verdict = as_met(finding)
    id_ = finding.resource.id
    return Row(
        title=explain(verdict.reason).title,
        name=title_of(verdict) or "",
        url=finding.resource.url,
        since=view.since.get(id_),
        boxes=ticks(*verbs, of=short(id_)),
    )

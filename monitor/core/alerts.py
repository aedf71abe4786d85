"""Who is to be told of what happened to incidents now, and what waits or goes without a word.

`due` is the whole decision, and pure. It speaks of transitions alone: what stays as it is is
never told again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.incidents import Incident, IncidentId, IncidentTransition, IncidentTurn
from monitor.core.leave_alone import fits
from monitor.core.quiet import Quiet
from monitor.core.reasons import Status

MOST_SINGLE = 5
"""So many messages a channel gets at once; of more things than that it hears in one."""

STALE = timedelta(days=7)
"""What ended is told within this time of its end, or never: it is no news any more."""

REMEMBERED = timedelta(days=400)
"""So long ago something may have begun that is told when its mute ends; mutes end before."""

_PAUSES = (timedelta(0), timedelta(hours=1), timedelta(hours=6))
"""How long after what happened the next try may come, by the number of those before; then daily."""

_BEGIN = frozenset({IncidentTurn.OPENED, IncidentTurn.REOPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Whom to tell, of what, and when.

    `turns`, `statuses`, `providers` (by name) and `pages` (a pattern of their names) choose
    what is told; empty or None chooses all.
    """

    name: str
    digest: bool = True
    quiet: Quiet | None = None
    turns: frozenset[IncidentTurn] = frozenset()
    statuses: frozenset[Status] = frozenset()
    providers: frozenset[str] = frozenset()
    pages: str | None = None

    @property
    def key(self) -> str:
        """Return the name by which history knows it."""
        return f"alert {self.name}"

    def hears_of(self, incident: Incident) -> bool:
        """Return whether it is told of an incident at all."""
        members = incident.members
        pages = [link.occurrence.page for member in members for link in member.links]
        pages += [page for member in members for page in member.stood]
        return (
            (not self.statuses or incident.status in self.statuses)
            and (
                not self.providers
                or any(member.resource.provider in self.providers for member in members)
            )
            and (self.pages is None or fits(self.pages, *pages))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is to be told of one incident: what happened to it, oldest first, at least one thing."""

    incident: Incident
    turns: tuple[IncidentTransition, ...]

    @property
    def turn(self) -> IncidentTurn:
        """Return what it comes to: the last that happened, or that it began where that is new."""
        began = (each.turn for each in reversed(self.turns) if each.turn in _BEGIN)
        last = self.turns[-1].turn
        return last if last is IncidentTurn.CLOSED else next(began, last)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of what happened."""
        return tuple(each.id for each in self.turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What to do about a channel now.

    `messages` are to be sent, each about its items. `silent` are the ids of transitions that
    need no telling, ever. `waiting` are the items that wait, until `until` where that is known
    (quiet hours, the pause after a failure). What is muted is in none of them: it comes back by
    itself.
    """

    messages: tuple[tuple[Item, ...], ...] = ()
    silent: tuple[str, ...] = ()
    waiting: tuple[Item, ...] = ()
    until: datetime | None = None


def due(
    untold: Sequence[IncidentTransition],
    incidents: Mapping[IncidentId, Incident],
    channel: Channel,
    muted: Collection[IncidentId],
    now: datetime,
    tries: Mapping[str, int],
) -> Due:
    """Return what to tell on a channel now of what it has not been told.

    `untold` is in the order in which it happened; `incidents` are those that it speaks of, as
    they are now. `tries` is how often somebody set out to tell a transition, by its id.
    """
    news: list[Item] = []
    for incident, turns in _by_incident(untold):
        known = incidents.get(incident)
        if known is None or not channel.hears_of(known):
            continue
        left = _without_episodes(turns, tries)
        if incident not in muted:
            left = [each for each in left if _is_news(each, known, channel, now)]
        if left:
            news.append(Item(incident=known, turns=tuple(left)))
    kept = {id_ for item in news for id_ in item.ids}
    silent = tuple(each.id for each in untold if each.id not in kept)
    items = tuple(sorted((i for i in news if i.incident.id not in muted), key=_urgency))
    if not items:
        return Due(silent=silent)
    until = _until(items, channel, now, tries)
    if until is not None:
        return Due(silent=silent, waiting=items, until=until)
    together = channel.digest or len(items) > MOST_SINGLE
    return Due(messages=(items,) if together else tuple((i,) for i in items), silent=silent)


def _by_incident(
    untold: Sequence[IncidentTransition],
) -> Sequence[tuple[IncidentId, Sequence[IncidentTransition]]]:
    found: dict[IncidentId, list[IncidentTransition]] = {}
    for each in untold:
        found.setdefault(each.incident, []).append(each)
    return tuple(found.items())


def _without_episodes(
    turns: Sequence[IncidentTransition], tries: Mapping[str, int]
) -> list[IncidentTransition]:
    """Leave out what began and ended before anybody was told of it.

    A beginning that somebody set out to tell may have been heard, so its end is told.
    """
    left: list[IncidentTransition] = []
    for each in turns:
        begun = [n for n, before in enumerate(left) if before.turn in _BEGIN]
        if each.turn is IncidentTurn.CLOSED and begun and not tries.get(left[begun[-1]].id):
            del left[begun[-1] :]
        else:
            left.append(each)
    return left


def _is_news(
    turned: IncidentTransition, incident: Incident, channel: Channel, now: datetime
) -> bool:
    wanted = not channel.turns or turned.turn in channel.turns
    return wanted and (incident.is_open or now - turned.at <= STALE)


def _until(
    items: Sequence[Item], channel: Channel, now: datetime, tries: Mapping[str, int]
) -> datetime | None:
    """Return until when all of it has to wait, or None where it has not.

    What was never tried, or has rested, takes the rest along.
    """
    quiet = channel.quiet.until(now) if channel.quiet is not None else None
    turns = (each for item in items for each in item.turns)
    rested = min(_rested(each, tries.get(each.id, 0)) for each in turns)
    return max((each for each in (quiet, rested) if each is not None and each > now), default=None)


def _rested(turned: IncidentTransition, times: int) -> datetime:
    """Return when what was tried so many times may be tried next."""
    daily = timedelta(days=times + 1 - len(_PAUSES))
    return turned.at + (_PAUSES[times] if times < len(_PAUSES) else daily)


_STATUSES = (Status.BROKEN, Status.UNKNOWN, Status.WARNING)


def _urgency(item: Item) -> tuple[bool, int, int, str]:
    """Return what to sort by: what begins before what is over, the worst and widest first."""
    links = sum(len(member.links) for member in item.incident.members)
    status = _STATUSES.index(item.incident.status)
    return item.turn is IncidentTurn.CLOSED, status, -links, item.incident.id

"""Which of yesterday's incidents and of today's troubles belong together: one strand each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from monitor.core.incidents import Ending, Incident, IncidentId
from monitor.core.model import ResourceId
from monitor.core.reasons import Status
from monitor.core.troubles import Group, warning_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """What is one incident from here on.

    `first` is the incident that goes on or comes back, None where one begins; `others` are open
    ones that turn out to be the same.
    """

    first: Incident | None = None
    others: tuple[Incident, ...] = ()
    groups: tuple[Group, ...] = ()


@dataclass(slots=True)
class _Making:
    incidents: list[Incident] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


class Weaver:
    """Joins incidents of one status with the groups of a run, by their keys and members.

    `known` are the open ones, and the closed ones that may come back.
    """

    def __init__(self, known: Iterable[Incident], groups: Iterable[Group]) -> None:
        ordered = sorted(known, key=_age)
        self._incidents = {each.id: each for each in ordered}
        self._closed = [each for each in ordered if not each.is_open]
        self._groups = {group.key: group for group in groups}
        self._at: dict[str, set[IncidentId]] = {}
        for each in ordered:
            if each.is_open:
                self._place(each)

    def strands(self) -> Sequence[Strand]:
        """Return the strands: every open incident is in one, and so is every group.

        A group that goes on in no open incident brings back the closed one that is nearest.
        """
        made, loose = self._joined()
        while back := [each for each in map(self._nearest, loose) if each is not None]:
            for each in back:
                self._place(each)
            made, loose = self._joined()
        return [*map(_strand, made), *(Strand(groups=(group,)) for group in loose)]

    def claim(self, incident: Incident) -> bool:
        """Have a known incident answer to its present key too; return whether that is news."""
        key = key_of(incident)
        answers = self._at.get(key, set())
        if incident.id not in self._incidents or incident.id in answers or key not in self._groups:
            return False
        self._at[key] = answers | {incident.id}
        return True

    def _place(self, incident: Incident) -> None:
        for token in (key_of(incident), *(_token(m.resource.id) for m in incident.members)):
            self._at.setdefault(token, set()).add(incident.id)

    def _joined(self) -> tuple[Iterable[_Making], list[Group]]:
        """Return what belongs together as far as it has a place, and the groups that have none."""
        root = {id_: id_ for ids in self._at.values() for id_ in ids}

        def rooted(id_: IncidentId) -> IncidentId:
            while root[id_] != id_:
                id_ = root[id_]
            return id_

        placed: list[tuple[Group, IncidentId]] = []
        loose: list[Group] = []
        for group in self._groups.values():
            tokens = (group.key, *map(_token, group.ids))
            touched = {rooted(id_) for token in tokens for id_ in self._at.get(token, ())}
            if not touched:
                loose.append(group)
                continue
            one, *others = sorted(touched)
            root |= dict.fromkeys(others, one)
            placed.append((group, one))
        made: dict[IncidentId, _Making] = {}
        for id_ in root:
            made.setdefault(rooted(id_), _Making()).incidents.append(self._incidents[id_])
        for group, id_ in placed:
            made[rooted(id_)].groups.append(group)
        return made.values(), loose

    def _nearest(self, group: Group) -> Incident | None:
        """Return the closed incident that comes back with a group, or None.

        It had the same cause, or all that suffers now. The one that ended last is the nearest.
        """
        found = (
            each
            for each in reversed(self._closed)
            if key_of(each) == group.key
            or {member.resource.id for member in each.members} >= set(group.ids)
        )

        def distance(each: Incident) -> tuple[bool, bool]:
            return each.ending is Ending.MERGED, key_of(each) != group.key

        return min(found, key=distance, default=None)


def key_of(incident: Incident) -> str:
    """Return by what an incident is the one of a group: its cause; of a warning the reason too."""
    warning = incident.status is Status.WARNING
    return warning_key(incident.cause, incident.reason) if warning else incident.cause.key


def _strand(made: _Making) -> Strand:
    """Return what was joined as a strand: the oldest open incident goes on.

    Where none is open, the oldest comes back; other closed ones stay as they are.
    """
    first, *others = sorted(made.incidents, key=lambda each: (not each.is_open, _age(each)))
    return Strand(
        first=first,
        others=tuple(each for each in others if each.is_open),
        groups=tuple(sorted(made.groups, key=lambda group: group.key)),
    )


def _age(incident: Incident) -> tuple[object, ...]:
    return incident.opened_at, incident.id


def _token(id_: ResourceId) -> str:
    return f"member {id_}"

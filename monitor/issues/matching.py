"""Which issue tells of which incident: by its number, else by what is hidden in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.incidents import COMES_BACK, Incident, IncidentId, IncidentTurn
from monitor.core.tracked import DASHBOARD, Tracked, TrackedState
from monitor.issues.found import Access, Comment, Issue, Repository
from monitor.issues.marker import Marker, find
from monitor.issues.view import View
from monitor.issues.wanted import cause_of, ids_of

REOPENED_WITHIN = COMES_BACK
"""How long a closed issue is the one to open again, rather than a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is there on GitHub: all of our issues that may matter, with what people may do.

    `gone` are tracked numbers behind which there is no issue any more. `names` are those by
    which the repository is known, in lower case; `access` is by login, in lower case.
    """

    repository: Repository
    issues: tuple[Issue, ...] = ()
    gone: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    access: Mapping[str, Access] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()

    def may_write(self, login: str) -> bool:
        """Return whether somebody has write access; who is not known has none.

        Where we may not ask, only the owner of a repository of their own surely has it: being
        a member or collaborator may mean no more than reading.
        """
        access = self.access.get(login.lower())
        owner = self.repository.full_name.partition("/")[0]
        return access is Access.WRITE or (
            access is Access.REFUSED and login.lower() == owner.lower()
        )

    def is_ours(self, comment: Comment, issue: Issue) -> bool:
        """Return whether what is hidden in a comment can be believed."""
        same = comment.author.lower() == issue.author.lower()
        return same or comment.by_app or self.may_write(comment.author)

    def is_here(self, tracked: Tracked) -> bool:
        """Return whether what is tracked is of this repository."""
        return tracked.repository.lower() in self.names


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The issue of one incident, and others that say the same.

    None is for an issue that was there, and that somebody has deleted or moved away; or, as
    `is_part` tells, for an incident all of which the issue of another tells of.
    """

    issue: Issue | None = None
    duplicates: tuple[Issue, ...] = ()
    is_part: bool = False


def to_ask(issues: Iterable[Issue], tracked: Mapping[str, Tracked]) -> frozenset[str]:
    """Return whose access decides whether an issue with a marker is one of ours.

    Anybody can write a marker into an issue of their own, and so pretend. The tracked ones need
    no asking, and an app has been installed by the owner.
    """
    ours = {each.number for each in tracked.values()}
    return frozenset(
        each.author.lower()
        for each in issues
        if each.number not in ours and not each.by_app and find(each.body) is not None
    )


def match(view: View, desk: Desk) -> Mapping[str, Match]:
    """Return the issue of each incident, and of the dashboard; each issue has one owner."""
    one = _Matching(view, desk)
    incidents = sorted(view.incidents, key=lambda each: (each.opened_at, each.id))
    still = [each for each in incidents if each.is_open]
    over = [each for each in incidents if not each.is_open]
    for incident in still:
        one.by_number(incident.id, cause_of(incident))
    one.by_number(DASHBOARD, DASHBOARD)
    for incident in still:
        one.by_merging(incident)
    for incident in still:
        one.by_marker(incident.id, cause_of(incident), ids_of(incident))
    one.by_marker(DASHBOARD, DASHBOARD, ())
    for incident in still:
        one.by_whole(incident)
    for incident in over:
        one.by_number(incident.id, "")
        one.by_remains(incident)
    return one.found


class _Matching:
    """The matches, while they are made."""

    def __init__(self, view: View, desk: Desk) -> None:
        self._view = view
        self._desk = desk
        self._by_number = {each.number: each for each in desk.issues}
        self._markers: dict[int, Marker] = {}
        self._taken: set[int] = set()
        self.found: dict[str, Match] = {}
        ours = {each.number for each in view.tracked.values() if desk.is_here(each)}
        for each in desk.issues:
            marker = find(each.body)
            trusted = each.number in ours or each.by_app or desk.may_write(each.author)
            if marker is not None and trusted:
                self._markers[each.number] = marker

    def by_number(self, key: str, cause: str) -> None:
        """Match by the number that is tracked."""
        tracked = self._view.tracked.get(key)
        if tracked is None or not self._desk.is_here(tracked):
            return
        issue = self._by_number.get(tracked.number)
        if issue is None:
            if tracked.number in self._desk.gone and tracked.state is not TrackedState.GONE:
                self.found[key] = Match()
        elif issue.number not in self._taken:
            self._take(key, cause, issue)

    def by_merging(self, incident: Incident) -> None:
        """Match by what was told of the incidents that turned out to be this one."""
        if incident.id in self.found:
            return
        parts = [each for each in self._view.incidents if each.into == incident.id]
        numbers = [t.number for each in parts if (t := self._tracked_here(each.id)) is not None]
        issues = [each for n in sorted(numbers) if (each := self._free(n)) and each.is_open]
        if issues:
            self._take(incident.id, cause_of(incident), issues[0])

    def by_marker(self, key: str, cause: str, ids: Sequence[str]) -> None:
        """Match by the marker in an issue's body, so that another's issue is not filed twice."""
        if key in self.found:
            return
        free = [each for n in sorted(self._markers) if (each := self._free(n))]
        same = [each for each in free if self._markers[each.number].cause == cause]
        alike = same or [each for each in free if _shares(self._markers[each.number], ids)]
        still = [each for each in alike if each.is_open]
        since = self._view.now - REOPENED_WITHIN
        closed = [each for each in same if each.closed_at is not None and each.closed_at >= since]
        newest = max(closed, key=lambda each: (each.closed_at, each.number), default=None)
        chosen = still[0] if still else newest
        if chosen is not None:
            self._take(key, cause, chosen)

    def by_whole(self, incident: Incident) -> None:
        """Note that an issue tells of all of an incident, and of more.

        So it is where another instance knew what belongs together, and we do not.
        """
        if incident.id in self.found:
            return
        ids = set(ids_of(incident))
        alike = (each.id for each in self._view.incidents if each.status is incident.status)
        issues = [m.issue for id_ in alike if (m := self.found.get(id_)) is not None]
        told = [self._markers.get(each.number) for each in issues if each and each.is_open]
        if ids and any(marker is not None and ids <= set(marker.ids) for marker in told):
            self.found[incident.id] = Match(is_part=True)

    def by_remains(self, incident: Incident) -> None:
        """Match what is over with an issue of which we never heard that it was made."""
        untold = [each for each in self._view.untold if each.incident == incident.id]
        if incident.id in self.found or IncidentTurn.OPENED not in {each.turn for each in untold}:
            return
        known = {each.number for each in self._view.tracked.values()}
        cause = cause_of(incident)
        same = [n for n, marker in sorted(self._markers.items()) if marker.cause == cause]
        left = [each for n in same if (each := self._free(n)) and each.is_open]
        unheard = [each for each in left if each.number not in known]
        if unheard:
            self._take(incident.id, "", unheard[0])

    def _take(self, key: str, cause: str, issue: Issue) -> None:
        """Note the issue of an incident, or in its place the oldest open one that says the same."""
        settled = not issue.is_open and issue.reason in {"not_planned", "duplicate"}
        twins = [
            each
            for n, marker in sorted(self._markers.items())
            if cause and marker.cause == cause and (each := self._free(n)) and each.is_open
        ]
        if settled or not twins:
            twins = [issue]
        elif issue.is_open and issue.number not in {each.number for each in twins}:
            twins = sorted([issue, *twins], key=lambda each: each.number)
        self._taken |= {each.number for each in twins}
        self._taken.add(issue.number)
        self.found[key] = Match(issue=twins[0], duplicates=tuple(twins[1:]))

    def _free(self, number: int) -> Issue | None:
        """Return an issue that nobody has taken, nor is tracked for another open incident."""
        if number in self._taken:
            return None
        return self._by_number.get(number)

    def _tracked_here(self, id_: IncidentId) -> Tracked | None:
        tracked = self._view.tracked.get(id_)
        return tracked if tracked is not None and self._desk.is_here(tracked) else None


def _shares(marker: Marker, ids: Sequence[str]) -> bool:
    """Return whether two incidents are one, seen by another: half of the smaller is the same."""
    common = len(set(ids) & set(marker.ids))
    return common > 0 and 2 * common >= min(len(ids), len(marker.ids))

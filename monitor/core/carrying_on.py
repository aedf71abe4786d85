"""From yesterday's incidents and what a run saw to today's: `carry_on` is the whole decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core import incident_words as words
from monitor.core.causes import Cause
from monitor.core.fates import Fate, after, fate_of
from monitor.core.incidents import (
    COMES_BACK,
    Ending,
    Incident,
    IncidentTransition,
    IncidentTurn,
    Member,
    Seen,
    identified,
    turned,
)
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason, Status
from monitor.core.refused_keys import carry_on_keys
from monitor.core.states import Phase, Sign, sign
from monitor.core.strands import Strand, Weaver
from monitor.core.troubles import Group, groups_of


def carry_on(
    known: Sequence[Incident], seen: Seen
) -> tuple[Sequence[Incident], Sequence[IncidentTransition]]:
    """Return the incidents that are not as they were, new ones among them, and what happened.

    `known` are the open incidents, and those closed of late. What is broken, what has a warning,
    and our own keys are incidents apart. Troubles of one root cause are one incident; once in
    it, a resource stays until all of it is well, so that what is half mended is not told anew.
    """
    known = [each for each in known if each.is_open or _may_come_back(each, seen)]
    broken = _Ward(Status.BROKEN, known, seen).done()
    told = {
        member.resource.id: incident
        for incident in broken.now
        if incident.is_open
        for member in incident.members
    }
    warnings = _Ward(Status.WARNING, known, seen, told).done()
    own = [each for each in known if each.status is Status.UNKNOWN]
    keys, turns = carry_on_keys(own, seen)
    changed = [*broken.changed, *warnings.changed, *keys]
    happened = [*broken.happened, *warnings.happened, *turns]
    opened = {each.id: each.opened_at for each in changed}
    return (
        tuple(sorted(changed, key=lambda each: (each.opened_at, each.id))),
        tuple(sorted(happened, key=lambda each: (opened[each.incident], each.incident, each.id))),
    )


def _may_come_back(incident: Incident, seen: Seen) -> bool:
    return incident.closed_at is not None and seen.at - incident.closed_at <= COMES_BACK


class _Ward:
    """All incidents of one status, broken or warning, while they are carried on.

    `now` are those that are open then, `changed` those that are not as they were.
    """

    def __init__(
        self,
        status: Status,
        known: Sequence[Incident],
        seen: Seen,
        told: Mapping[ResourceId, Incident] | None = None,
    ) -> None:
        self._status = status
        self._seen = seen
        self._told = told or {}
        self._watched = {each.id: each for each in sorted(seen.watched, key=lambda each: each.id)}
        self._known = [each for each in known if each.status is status]
        self.now: list[Incident] = []
        self.changed: list[Incident] = []
        self.happened: list[IncidentTransition] = []

    def done(self) -> "_Ward":
        """Return it with all of its incidents carried on.

        An incident may come to have another key than it had, by which one more group is its own.
        """
        weaver = Weaver(self._known, groups_of(self._status, self._watched))
        drafts = [self._draft(strand) for strand in weaver.strands()]
        while sum(weaver.claim(draft.new) for draft in drafts if draft.new):
            drafts = [self._draft(strand) for strand in weaver.strands()]
        for draft in drafts:
            self._note(draft)
        return self

    def _draft(self, strand: Strand) -> "_Draft":
        """Return what becomes of a strand."""
        members, fates = self._members(strand)
        lasting = [
            members[id_]
            for id_, fate in fates.items()
            if fate is Fate.AILS or (fate is Fate.UNSEEN and members[id_].ails)
        ]
        draft = _Draft(strand=strand, members=members, fates=fates, lasting=lasting)
        if not lasting:
            return draft
        first, groups = strand.first, strand.groups
        staying = [members[id_] for id_, fate in fates.items() if fate is not Fate.ELSEWHERE]
        new = Incident(
            id=first.id if first else identified(f"{self._status} {groups[0].key}", self._seen.at),
            cause=_cause(first, groups),
            status=self._status,
            reason=_worst(lasting),
            opened_at=first.opened_at if first else self._seen.at,
            members=tuple(sorted(staying, key=_place)),
            flapping=any(each.phase is Phase.FLAPPING for each in lasting),
        )
        return replace(draft, new=new)

    def _members(self, strand: Strand) -> tuple[dict[ResourceId, Member], dict[ResourceId, Fate]]:
        """Return the members of a strand as they are after the run, and what became of each."""
        befores = (*((strand.first,) if strand.first else ()), *strand.others)
        known = {each.resource.id: each for one in reversed(befores) for each in one.members}
        fates = {
            id_: fate_of(each, self._status, self._watched, self._seen)
            for id_, each in known.items()
        }
        members = {
            id_: after(each, fates[id_], self._watched, self._seen) for id_, each in known.items()
        }
        for id_ in (id_ for group in strand.groups for id_ in group.ids):
            trouble = self._watched[id_].trouble
            if id_ not in members and trouble is not None:
                members[id_], fates[id_] = trouble, Fate.AILS
        return members, fates

    def _note(self, draft: "_Draft") -> None:
        """Note what became of a strand, and what happened."""
        first, new = draft.strand.first, draft.new
        if new is not None:
            self._tell(first, new, draft.lasting)
        else:
            assert first is not None  # noqa: S101 - what begins has somebody who ails
            self._close(first, draft)
        for other in draft.strand.others:
            self._end(other, new)

    def _tell(self, first: Incident | None, new: Incident, lasting: Sequence[Member]) -> None:
        """Note an open incident, and what happened to it."""
        self.now.append(new)
        if new != first:
            self.changed.append(new)
        if first is None:
            self._happened(new, IncidentTurn.OPENED, words.opened(new))
        elif not first.is_open:
            self._happened(new, IncidentTurn.REOPENED, words.reopened(new))
        else:
            ailed = {each.resource.id for each in first.members if each.ails}
            more = [each for each in lasting if each.resource.id not in ailed]
            if more or new.cause != first.cause:
                self._happened(new, IncidentTurn.WORSENED, words.worsened(first, new, more))
        if new.flapping and not (first and first.is_open and first.flapping):
            self._happened(new, IncidentTurn.FLAPPING, words.COMES_AND_GOES)

    def _close(self, first: Incident, draft: "_Draft") -> None:
        """Note that an incident is over: well, not linked any more, or broken altogether."""
        gone = (id_ for id_, fate in sorted(draft.fates.items()) if fate is Fate.ELSEWHERE)
        into = next((self._told[id_] for id_ in gone if id_ in self._told), None)
        members = tuple(sorted(draft.members.values(), key=_place))
        self._end(replace(first, members=members), into)

    def _end(self, incident: Incident, into: Incident | None) -> None:
        """Note the end of an incident; `into` is the one in which it goes on."""
        well = any(each.phase is Phase.HEALTHY for each in incident.members)
        ending = Ending.RECOVERED if well else Ending.UNLINKED
        over = replace(
            incident,
            flapping=False,
            closed_at=self._seen.at,
            ending=ending if into is None else Ending.MERGED,
            into=None if into is None else into.id,
        )
        self.changed.append(over)
        self._happened(over, IncidentTurn.CLOSED, words.closed(over, into))

    def _happened(self, incident: Incident, turn: IncidentTurn, sentence: str) -> None:
        self.happened.append(turned(incident, turn, self._seen, sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What becomes of a strand: its members, and what each came to; `new` is None at its end."""

    strand: Strand
    members: Mapping[ResourceId, Member]
    fates: Mapping[ResourceId, Fate]
    lasting: Sequence[Member]
    new: Incident | None = None


def _cause(before: Incident | None, groups: Sequence[Group]) -> Cause:
    """Return an incident's cause: while it lasts it only widens; anew it is what is seen now."""
    seen = min((group.cause for group in groups), key=_width, default=None)
    if before is None or (len(groups) == 1 and not before.is_open):
        assert seen is not None  # noqa: S101 - what begins has a group
        return seen
    return min(before.cause, seen or before.cause, key=lambda cause: cause.kind)


def _width(cause: Cause) -> tuple[int, str]:
    return cause.kind, cause.key


_GRAVITY = (Sign.FAILS_HARD, Sign.FAILS_SOFTLY, Sign.REMARKED, Sign.NOTHING, Sign.WORKS)
_ORDER = {reason: n for n, reason in enumerate(Reason)}


def _worst(members: Sequence[Member]) -> Reason:
    """Return the gravest reason; of equals the most frequent, then the first of all reasons."""
    reasons = [each.verdict.reason for each in members]
    return min(
        reasons, key=lambda each: (_GRAVITY.index(sign(each)), -reasons.count(each), _ORDER[each])
    )


def _place(member: Member) -> tuple[object, ...]:
    """Return an order of members: that of the pages; those that are not linked come last."""
    if not member.links:
        return (True, "", 0, 0, member.resource.id)
    at = member.links[0].occurrence
    return (False, at.page, at.position.line, at.position.column, member.resource.id)

"""What is to be filed, said, closed and opened again in which nights, derived from the plan alone.

Nothing of Linkwell is used here: the rules are those of the documentation. Where GitHub has a bad
night, what was due may come as late as the next good one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.year.faring import Faring
from tests.year.plan import NEVER, Act, Plan, Visit
from tests.year.tellings import MUTED_FOR, Sight, Telling, Tellings, days, is_muted

DASHBOARD = Telling("dashboard", "dashboard", set(), datetime.max.replace(tzinfo=UTC))
MOST_NEW = 5
"""New issues of one night, where the configuration says nothing else."""


@dataclass(slots=True, kw_only=True, eq=False)
class Expected:
    """One deed that is wanted between two nights, of a telling with its links as of then."""

    what: str
    telling: Telling
    links: frozenset[str]
    earliest: int
    latest: int
    met: int | None = None


@dataclass(slots=True)
class Issue:
    """The issue of a telling as it should be. `state` is none, open, or how it was closed."""

    state: str = "none"
    closed: datetime | None = None
    muted_until: datetime | None = None
    shown_muted: bool = False
    labelled: bool = False
    unmuted: bool = False
    said_still: datetime | None = None
    wishes: list[tuple[Act, datetime]] = field(default_factory=list)


class Oracle:
    """Derives everything; `expected` is what is wanted, in order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._things: dict[str, Faring] = {}
        self._names: dict[str, str] = {}
        self._families = {name: key for key, names in plan.families.items() for name in names}
        self._tellings = Tellings(self._things, self._family)
        self._issues: dict[Telling, Issue] = {}
        self._accepted: dict[str, datetime] = {}
        self._checked: datetime | None = None
        self.expected: list[Expected] = []

    def foretell(self) -> Sequence[Expected]:
        """Return all that is wanted in the nights of the plan."""
        visits = [each for each in self._plan.visits() if not each.instance]
        for n, visit in enumerate(visits):
            if visit.night not in self._plan.ours:
                self._check(visit)
                bad = self._plan.bad.get(visit.night)
                if bad is None or bad.meets != "reads":
                    self._reconcile(visit, self._latest(visits[n:]))
            if n + 1 == len(visits) or visits[n + 1].night != visit.night:
                for act in self._plan.acts_of(visit.night):
                    self._act(act)
        return self.expected

    # --- what a run sees ---

    def _check(self, visit: Visit) -> None:
        plan, night = self._plan, visit.night
        read: set[str] = set()
        unread: set[str] = set()
        for page in plan.pages:
            there = {self._thing(name, night) for name in plan.on_page(page, night)}
            (unread if plan.is_unread(page, night) else read).update(there)
        for thing in sorted(read):
            self._things[thing].look(visit.at, self._sees(thing, visit))
        for thing in sorted(unread - read):
            self._things[thing].sees = ""
        keys = [each.key for each in plan.troubles if each.key and each.lasts(night)]
        sight = Sight(at=visit.at, linked=read, unread=unread - read, keys=keys)
        self._tellings.carry_on(sight)
        self._checked = visit.at

    def _thing(self, name: str, night: int) -> str:
        """Return what stands behind a link: by its address, which an edit may change."""
        address = self._plan.address(name, night)
        self._things.setdefault(address, Faring())
        self._names[address] = name
        return address

    def _family(self, thing: str) -> str:
        return self._families.get(self._names[thing], thing)

    def _sees(self, thing: str, visit: Visit) -> str:
        name, sees = self._names[thing], "works"
        if thing != self._plan.links[name]:  # the page names its new address
            return sees
        for trouble in self._plan.troubles:
            over = trouble.shows == "leads elsewhere" and name in self._accepted
            if trouble.lasts(visit.night) and name in trouble.links and not over:
                shown = self._plan.shows[trouble.shows]
                sees = sees if sees == "nothing" else shown  # nobody looks behind a wall
        return sees

    # --- what is to be done about it ---

    def _reconcile(self, visit: Visit, latest: int) -> None:
        self._want_dashboard(visit, latest)
        for telling in self._tellings.all:
            issue = self._issues.setdefault(telling, Issue())
            self._heed(telling, issue, visit.at)
            if not telling.is_open:
                self._end(telling, issue, visit, latest)
        fresh = []
        for telling in self._tellings.all:
            issue, muted = self._issues[telling], self._is_muted(telling, visit.at)
            if not telling.is_open:
                continue
            if issue.state == "none":
                fresh += [] if muted else [telling]
            elif muted:
                telling.news = []
                issue.shown_muted = issue.shown_muted or issue.state == "open"
            else:
                self._last(telling, issue, visit, latest)
            issue.unmuted = False
        for telling in fresh:
            late = self._later(latest, (len(fresh) - 1) // MOST_NEW)
            self._want("filed", telling, visit, late)
            telling.news = []
            self._issues[telling] = Issue(state="open")

    def _end(self, telling: Telling, issue: Issue, visit: Visit, latest: int) -> None:
        if issue.state == "open":
            if not self._is_muted(telling, visit.at):
                self._want("commented", telling, visit, latest)
            self._want("closed", telling, visit, latest)
            issue.state = "ours"

    def _last(self, telling: Telling, issue: Issue, visit: Visit, latest: int) -> None:
        """Want what tells that a trouble lasts."""
        match issue.state:
            case "open":
                if telling.news or (issue.shown_muted and not issue.unmuted):
                    self._want("commented", telling, visit, latest)
                telling.news, issue.shown_muted = [], False
                return
            case "completed":
                if not self._is_disputed(telling, issue):
                    return
                if issue.said_still is None:
                    self._want("commented", telling, visit, latest)
                    issue.said_still = visit.at
                    return
                if self._checked is None or self._checked <= issue.said_still:
                    return
            case _:
                self._want("commented", telling, visit, latest)
        self._want("reopened", telling, visit, latest)
        telling.news = []
        self._issues[telling] = Issue(state="open", muted_until=issue.muted_until)

    def _is_disputed(self, telling: Telling, issue: Issue) -> bool:
        """Return whether a run has seen it fail since somebody closed it."""
        seen = self._checked and issue.closed and self._checked > issue.closed
        return bool(seen) and any(self._things[each].fails for each in telling.members)

    def _want_dashboard(self, visit: Visit, latest: int) -> None:
        loud = any(
            each.is_open and not self._is_muted(each, visit.at) for each in self._tellings.all
        )
        if loud and DASHBOARD not in self._issues:
            self._issues[DASHBOARD] = Issue(state="open")
            self._want("filed", DASHBOARD, visit, latest)

    def _want(self, what: str, telling: Telling, visit: Visit, latest: int) -> None:
        names = {telling.key} if telling.status == "key" else set()
        links = frozenset(self._names[each] for each in telling.members) | names
        self.expected.append(
            Expected(what=what, telling=telling, links=links, earliest=visit.night, latest=latest)
        )

    # --- what people do ---

    def _act(self, act: Act) -> None:
        """Let somebody do something; what they wish for is heeded at the next look."""
        about = [
            each
            for each, issue in self._issues.items()
            if issue.state != "none" and any(self._names[m] == act.on for m in each.members)
        ]
        issue, at = self._issues[about[-1]], self._plan.noon(act.night)
        match act.does:
            case "close as not planned" | "close as completed":
                issue.state, issue.closed = act.does.removeprefix("close as "), at
                issue.said_still = None
            case "reopen":
                issue.state = "theirs"
            case "delete":
                issue.state = "none"
        issue.wishes.append((act, at))

    def _heed(self, telling: Telling, issue: Issue, now: datetime) -> None:
        wishes, issue.wishes = issue.wishes, []
        for act, at in wishes:
            until = self._mute(act, at, now)
            if until is not None and (telling.is_open or act.does == "comment"):
                issue.muted_until = max(until, issue.muted_until or until)
            if self._wishes(act, "/unmute", "End the mute"):
                issue.muted_until, issue.unmuted = None, True
            if self._wishes(act, "/accept", "Accept"):
                self._accepted[act.on] = now

    def _mute(self, act: Act, at: datetime, now: datetime) -> datetime | None:
        """Return until when an act mutes, or None where it does not."""
        match act.does:
            case "close as not planned":
                return at + MUTED_FOR
            case "delete" | "label":
                return now + MUTED_FOR
            case "tick" if act.says.startswith("Mute"):
                return now + MUTED_FOR
            case "comment" if act.says.startswith("/mute") and self._may_write(act):
                return at + days(act.says.removeprefix("/mute").strip())
        return None

    def _wishes(self, act: Act, command: str, box: str) -> bool:
        """Return whether an act is a command that counts, by a comment or by a ticked box."""
        if act.does == "tick":
            return act.says.startswith(box)
        return act.does == "comment" and act.says == command and self._may_write(act)

    def _may_write(self, act: Act) -> bool:
        return self._plan.people.get(act.by) in {"write", "maintain", "admin"}

    def _is_muted(self, telling: Telling, now: datetime) -> bool:
        issue = self._issues.get(telling)
        return issue is not None and is_muted(issue.muted_until, now)

    # --- how late it may come ---

    def _latest(self, visits: Sequence[Visit]) -> int:
        """Return the first night from the first visit on that counts, and GitHub is itself."""
        return next((each.night for each in visits if self._is_good(each.night)), NEVER)

    def _later(self, night: int, times: int) -> int:
        """Return the night that is so many good ones later."""
        while times and night != NEVER:
            night += 1
            times -= self._is_good(night)
        return night

    def _is_good(self, night: int) -> bool:
        plan = self._plan
        return not (night in plan.bad or night in plan.ours or plan.is_missed(night))

"""Incidents as small as a sentence, a history in memory, and a course to sync from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.config import Config, Network
from monitor.config.issues import Issues
from monitor.config.values import Secret
from monitor.core.causes import Cause, CauseKind
from monitor.core.incidents import (
    Ending,
    Incident,
    IncidentId,
    IncidentTransition,
    IncidentTurn,
    Member,
)
from monitor.core.model import (
    Json,
    Link,
    Occurrence,
    Position,
    Record,
    Resource,
    ResourceId,
    Run,
    RunId,
    Suggestion,
    Url,
    Verdict,
)
from monitor.core.mutes import Mute
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase, Sighting, State
from monitor.core.tracked import Tracked
from monitor.issues.view import View
from tests.world.server import World

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)
REPO = "meadow/course"
PAGE = "docs/it/index.md"


def member(
    path: str = "a",
    reason: Reason = Reason.NOT_FOUND,
    /,
    *,
    phase: Phase = Phase.CONFIRMED,
    links: int = 1,
    detail: str = "The server answered 404.",
    instead: str | None = None,
    text: str = "Slides",
    page: str = PAGE,
    since: datetime = NOON - 3 * DAY,
    context: tuple[str, ...] = ("Lezioni", "Settimana: 3"),
    known: Mapping[str, Json] | None = None,
    **facts: Json,
) -> Member:
    """A resource at https://site.example/<path> that fails, linked to from some lines."""
    url = Url(f"https://site.example/{path}")
    return Member(
        resource=Resource(id=ResourceId(f"web:{url}"), provider="web", kind="page", url=url),
        verdict=Verdict(
            reason=reason,
            detail=detail,
            instead=Suggestion(url=Url(instead), why="It moved there.", confidence=0.9)
            if instead
            else None,
            facts=facts,
        ),
        since=since,
        phase=phase,
        links=tuple(
            Link(
                written=url,
                url=url,
                occurrence=Occurrence(
                    page=page,
                    position=Position(line=10 + n, column=5),
                    element="a",
                    attribute="href",
                    text=text,
                    context=context,
                ),
            )
            for n in range(links)
        ),
        known=known or {},
    )


def incident(
    name: str = "a",
    *members: Member,
    id_: str = "",
    status: Status = Status.BROKEN,
    reason: Reason = Reason.NOT_FOUND,
    kind: CauseKind = CauseKind.RESOURCE,
    called: str = "",
    opened_at: datetime = NOON - DAY,
    closed_at: datetime | None = None,
    ending: Ending | None = None,
    into: str | None = None,
    flapping: bool = False,
    detail: str = "",
) -> Incident:
    """One that is open, of one member, unless more is said."""
    if closed_at is not None and ending is None:
        ending = Ending.RECOVERED
    return Incident(
        id=IncidentId(id_ or f"inc-{name}"),
        cause=Cause(kind=kind, key=f"resource:{name}", name=called or f"site.example/{name}"),
        status=status,
        reason=reason,
        opened_at=opened_at,
        members=members or (member(name, reason),),
        detail=detail,
        flapping=flapping,
        closed_at=closed_at,
        ending=ending,
        into=IncidentId(into) if into else None,
    )


def ended(before: Incident, ending: Ending = Ending.RECOVERED, at: datetime = NOON) -> Incident:
    """The same incident, over."""
    members = tuple(replace(each, phase=Phase.HEALTHY) for each in before.members)
    return replace(before, closed_at=at, ending=ending, members=members)


def turned(
    of: Incident, turn: IncidentTurn, sentence: str = "", at: datetime = NOON, run: str = "r1"
) -> IncidentTransition:
    """What happened to an incident."""
    return IncidentTransition(
        id=f"{of.id}:{turn}:{run}",
        incident=of.id,
        turn=turn,
        at=at,
        run=RunId(run),
        sentence=sentence or f"It {turn}.",
    )


def mute(
    what: str, *, until: datetime | None = NOON + 30 * DAY, id_: str = "m1", by: str = "ada"
) -> Mute:
    """A mute that began yesterday."""
    return Mute(id=id_, what=what, reason="term is over", by=by, since=NOON - DAY, until=until)


def view(*incidents: Incident, now: datetime = NOON, **more: object) -> View:
    """What our side knows, an hour after a check."""
    times: dict[str, object] = {
        "checked_from": now - timedelta(hours=2),
        "checked_at": now - timedelta(hours=1),
    }
    return View(incidents=incidents, now=now, **{**times, **more})  # type: ignore[arg-type]


@dataclass
class Books:
    """History in memory. `after` is called after each thing noted, and may raise."""

    known: dict[str, Incident] = field(default_factory=dict)
    happened: list[IncidentTransition] = field(default_factory=list)
    seen: dict[ResourceId, list[Sighting]] = field(default_factory=dict)
    tracks: dict[str, Tracked] = field(default_factory=dict)
    muted: dict[str, Mute] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    claims: dict[str, datetime] = field(default_factory=dict)
    again: set[ResourceId] = field(default_factory=set)
    passes: list[Run] = field(default_factory=list)
    record: Record | None = None
    fares: dict[ResourceId, State] = field(default_factory=dict)

    def knows(self, *incidents: Incident) -> None:
        """Let these be what is known."""
        self.known |= {each.id: each for each in incidents}

    def ran(self, at: datetime, sources: tuple[str, ...] = ("course",)) -> None:
        """Let a valid run have ended at an instant; one of no source is a check by hand."""
        run = Run(
            id=RunId(f"r{at:%d%H}"),
            started_at=at - timedelta(minutes=5),
            finished_at=at,
            sources=sources,
        )
        self.passes.insert(0, run)

    def incidents(self, closed_since: datetime | None = None) -> Sequence[Incident]:
        return [
            each
            for each in self.known.values()
            if each.closed_at is None or closed_since is None or each.closed_at >= closed_since
        ]

    def incident(self, id_: IncidentId) -> Incident | None:
        return self.known.get(id_)

    def fail(self, ids: Sequence[str], channel: str, why: str) -> None:
        for each in ids:
            self.claims.pop(each, None)

    def tracked(self) -> Mapping[str, Tracked]:
        return dict(self.tracks)

    def track(self, key: str, tracked: Tracked) -> None:
        self.tracks[key] = tracked

    def mutes(self) -> Sequence[Mute]:
        return list(self.muted.values())

    def mute(self, mute: Mute) -> None:
        self.muted[mute.id] = mute

    def unmute(self, id_: str, at: datetime) -> bool:
        return self.muted.pop(id_, None) is not None

    def untold(self, channel: str, since: datetime) -> Sequence[IncidentTransition]:
        return [each for each in self.happened if each.id not in self.told and each.at >= since]

    def claim(self, ids: Sequence[str], channel: str, at: datetime) -> Sequence[str]:
        ten = timedelta(minutes=10)
        free = [i for i in ids if i not in self.told and at - self.claims.get(i, at - ten) >= ten]
        self.claims |= dict.fromkeys(free, at)
        return free

    def tell(self, ids: Sequence[str], channel: str, at: datetime) -> None:
        self.told |= set(ids)

    def recheck(self, ids: Sequence[ResourceId]) -> None:
        self.again |= set(ids)

    def sightings(
        self, until: datetime | None = None, ids: Iterable[ResourceId] | None = None
    ) -> Iterator[tuple[ResourceId, Sequence[Sighting]]]:
        yield from ((id_, seen) for id_, seen in self.seen.items() if ids is None or id_ in ids)

    def states(self, ids: Iterable[ResourceId] | None = None) -> Mapping[ResourceId, State]:
        return self.fares

    def runs(self, most: int = 30) -> Sequence[Run]:
        return self.passes[:most]

    def load(self, run: RunId) -> Record | None:
        return self.record


def config(world: World, token: str | None, **issues: object) -> Config:
    """A configuration whose issues are kept in a world."""
    network = Network.model_validate(
        {
            "connect_timeout": "2s",
            "read_timeout": "2s",
            "link_budget": "5s",
            "attempts": 2,
            "longest_wait": "100ms",
            "starts_per_second": 1000,
            "http_proxy": world.proxy_url,
            "https_proxy": world.proxy_url,
            "ca_file": world.ca_file,
        }
    )
    return Config(
        network=network,
        issues=Issues.model_validate({"repository": REPO, **issues}),
        credentials={"github": Secret(token, variables=["GITHUB_TOKEN"])} if token else {},
    )

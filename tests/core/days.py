"""Days of incidents, as short as a sentence: what fails, what works, and what came of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.core.carrying_on import carry_on
from monitor.core.causes import Cause, CauseKind, cause, credential, hosts_of
from monitor.core.incidents import Incident, Keys, Member, Refused, Seen, Watched
from monitor.core.model import Link, Occurrence, Position, Resource, ResourceId, RunId, Url, Verdict
from monitor.core.reasons import Reason, Status, explain
from monitor.core.states import Phase

PAGE = "https://course.example/"
SOURCE = "course"
START = datetime(2026, 11, 1, 3, tzinfo=UTC)
EVERYTHING = frozenset({Status.BROKEN, Status.WARNING})

OWNER = cause(CauseKind.OWNER, "github:account:mabel", "the account mabel")
REPOSITORY = cause(
    CauseKind.REPOSITORY, "github:repository:mabel/deep", "the repository mabel/deep"
)
OTHER = cause(CauseKind.REPOSITORY, "github:repository:mabel/flat", "the repository mabel/flat")
BRANCH = cause(CauseKind.BRANCH, "github:branch:mabel/deep@main", "the branch main of mabel/deep")
SERVICE = cause(CauseKind.PROVIDER, "provider:github", "GitHub")


def link(url: str, page: str = PAGE, line: int = 1) -> Link:
    """Return a link on a line of a page."""
    place = Occurrence(
        page=page, position=Position(line=line, column=1), element="a", attribute="href"
    )
    return Link(written=url, url=Url(url), occurrence=place)


def resource(url: str) -> Resource:
    """Return the resource that is called as its address."""
    return Resource(id=ResourceId(url), provider="web", kind="page", url=Url(url))


def works(url: str, *causes: Cause) -> Watched:
    """Return a resource that works; its host is its cause where no other is named."""
    return Watched(
        id=ResourceId(url), causes=causes or hosts_of(Url(url)), works=True, well=EVERYTHING
    )


def suspect(url: str, *causes: Cause) -> Watched:
    """Return a resource that fails, of which nothing is to be told yet."""
    return Watched(id=ResourceId(url), causes=causes or hosts_of(Url(url)), works=False)


def fails(
    url: str,
    *causes: Cause,
    reason: Reason = Reason.NOT_FOUND,
    phase: Phase = Phase.CONFIRMED,
    since: datetime = START,
    links: tuple[Link, ...] | None = None,
    sources: tuple[str, ...] = (SOURCE,),
    detail: str = "It answered so.",
    **known: str,
) -> Watched:
    """Return a resource whose trouble is to be told: a break, or a warning, by its reason."""
    member = Member(
        resource=resource(url),
        verdict=Verdict(reason=reason, detail=detail),
        since=since,
        phase=phase,
        links=(link(url),) if links is None else links,
        sources=sources,
        known=known,
    )
    return Watched(
        id=member.resource.id,
        causes=causes or hosts_of(Url(url)),
        works=phase is Phase.RECOVERING or explain(reason).status == "warning",
        trouble=member,
        well=EVERYTHING - {member.status},
    )


def refused(name: str = "github", sentence: str = "GITHUB_TOKEN was refused.") -> Refused:
    """Return a key that was refused."""
    return Refused(cause=credential(name, f"{name.upper()}_TOKEN"), sentence=sentence)


def seen(
    *watched: Watched,
    day: float = 0,
    sources: tuple[str, ...] = (SOURCE,),
    unread: tuple[str, ...] = (),
    refused: tuple[Refused, ...] = (),
    keys: frozenset[str] | None = None,
    taken: tuple[str, ...] = (),
    gone: tuple[str, ...] = (),
) -> Seen:
    """Return what the run of a day saw."""
    return Seen(
        run=RunId(f"run of day {day}"),
        at=START + timedelta(days=day),
        sources=sources,
        unread=frozenset(unread),
        watched=watched,
        keys=Keys(had=keys, taken=frozenset(taken), refused=refused),
        gone=frozenset(gone),
    )


@dataclass
class Days:
    """Incidents over days, as history holds them: each run changes them, and tells."""

    known: dict[str, Incident] = field(default_factory=dict)
    day: float = -1
    opened_as: list[str] = field(default_factory=list)

    def run(self, *watched: Watched, after: float = 1, **more) -> list[str]:
        """Carry on by one run, and return what happened, as "opened: sentence"."""
        self.day += after
        changed, turned = carry_on(list(self.known.values()), seen(*watched, day=self.day, **more))
        self.known |= {incident.id: incident for incident in changed}
        return [f"{each.turn}: {each.sentence}" for each in turned]

    @property
    def open(self) -> list[Incident]:
        """Return the open incidents, oldest first."""
        found = (incident for incident in self.known.values() if incident.is_open)
        return sorted(found, key=lambda incident: (incident.opened_at, incident.id))

    @property
    def story(self) -> list[tuple[str, int]]:
        """Return the open incidents: what each is about, and how many members ail."""
        return [
            (incident.cause.name, sum(member.ails for member in incident.members))
            for incident in self.open
        ]

"""Troubles by their root cause: one repository renamed under 22 links is one trouble."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.core.findings import Finding, LinkFinding
from monitor.core.model import Link, Resource, Suggestion, Url, Verdict
from monitor.core.reasons import Explanation, Grade, Reason, Status, explain
from monitor.core.urls import site, split
from monitor.core.verdicts import severity
from monitor.report.wording import label, name_of, provider_title, shown, title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a link stands on the user's page, and what to call it."""

    label: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One resource within a trouble, with the verdict and places of the links concerned."""

    resource: Resource
    verdict: Verdict
    name: str
    places: tuple[Place, ...]

    @property
    def instead(self) -> Suggestion | None:
        """Return the better address, or None."""
        return self.verdict.instead

    @property
    def titled(self) -> bool:
        """Return whether its name is a title, and not its address again."""
        return title_of(self.verdict) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One trouble: a reason, who or what it is about, and the resources that share it.

    `key` is its name within the report, the same from run to run.
    """

    key: str
    reason: Reason
    subject: str
    members: tuple[Member, ...]

    @property
    def explanation(self) -> Explanation:
        """Return the texts of its reason."""
        return explain(self.reason)

    @property
    def status(self) -> Status:
        """Return the status of its reason."""
        return self.explanation.status

    @property
    def to_do(self) -> str:
        """Return what to do: use the better address, where there is one for each of them."""
        if all(member.instead for member in self.members):
            return USE_INSTEAD
        return self.explanation.do

    @property
    def now(self) -> str | None:
        """Return where everything in it has gone, or None where that is not one place."""
        find = _NOW.get(self.reason)
        found = {find(member) if find else None for member in self.members}
        return found.pop() if len(found) == 1 else None

    @property
    def links(self) -> int:
        """Return how many places on the user's pages are concerned."""
        return sum(len(member.places) for member in self.members)


USE_INSTEAD = "Put the address under “use instead” on the page: it works."


def as_met(finding: Finding) -> Verdict:
    """Return the verdict that the readers of the page meet: the worst of its links'.

    Among equals the resource's own goes first; without links it is the resource's own.
    """
    worst = max((found.verdict for found in finding.links), key=severity, default=finding.verdict)
    return finding.verdict if severity(worst) == severity(finding.verdict) else worst


def groups(found: Iterable[Finding], statuses: frozenset[Status]) -> tuple[Group, ...]:
    """Return the troubles of these statuses, worst first.

    Worse is: broken before unknown before warning, hard evidence before soft, more links
    before fewer; among equals the order of the page counts.
    """
    gathered: dict[tuple[Reason, str], list[tuple[str, Member]]] = {}
    for finding in found:
        for member in _members(finding):
            if member.verdict.status in statuses:
                cause, subject = _cause(member)
                key = (member.verdict.reason, cause)
                gathered.setdefault(key, []).append((subject, member))
    made = [
        Group(
            key=_name(f"{reason}\n{cause}"),
            reason=reason,
            subject=_subject(reason, [subject for subject, _ in entries]),
            members=tuple(member for _, member in entries),
        )
        for (reason, cause), entries in gathered.items()
    ]
    return tuple(sorted(made, key=_order))


def _subject(reason: Reason, subjects: Sequence[str]) -> str:
    """Return what a trouble is about, or how many addresses share a mistake."""
    if reason in _CAUSES or len(set(subjects)) == 1:
        return subjects[0]
    return f"{len(subjects)} addresses with the same mistake"


def _members(finding: Finding) -> Sequence[Member]:
    """Divide a resource by what its links meet; mostly all meet the same."""
    parts: list[tuple[Verdict, list[LinkFinding]]] = []
    for found in finding.links:
        part = next((links for verdict, links in parts if verdict == found.verdict), None)
        if part is None:
            parts.append((found.verdict, [found]))
        else:
            part.append(found)
    return [
        Member(
            resource=finding.resource,
            verdict=verdict,
            name=name_of(finding.resource, verdict),
            places=tuple(
                Place(label=label(found.link, finding.resource, verdict), link=found.link)
                for found in links
            ),
        )
        for verdict, links in parts
    ]


_GRADES = {Grade.HARD: 0, Grade.SOFT: 1, Grade.BLOCKED: 2, Grade.OWN: 3, Grade.NONE: 4}


def _order(group: Group) -> tuple[int, int, int]:
    verdict = group.members[0].verdict
    return -severity(verdict), _GRADES[verdict.grade], -group.links


def _place_of_trouble(member: Member) -> Url:
    """Return the address at which the trouble is: for a chain that fails, its end."""
    chain = member.verdict.facts.get("chain")
    failed = member.verdict.status in {Status.BROKEN, Status.UNKNOWN}
    if failed and isinstance(chain, Sequence) and chain and isinstance(chain[-1], str):
        return Url(chain[-1])
    return member.resource.url


def _of_host(member: Member) -> tuple[str, str] | None:
    host = site(_place_of_trouble(member))
    return (host, shown(host)) if host else None


def _of_repository(member: Member) -> tuple[str, str] | None:
    """Return owner and name, the first two parts of a repository's address."""
    parts = split(_place_of_trouble(member))
    if member.resource.provider != "github" or len(parts.segments) < 2:
        return None
    name = "/".join(parts.segments[:2])
    return f"{parts.host}/{name}".lower(), shown(name)


def _of_branch(member: Member) -> tuple[str, str] | None:
    """Return repository and branch: the fourth part of the address of a file or folder."""
    repository = _of_repository(member)
    segments = split(_place_of_trouble(member)).segments
    if repository is None or len(segments) < 4:
        return repository
    return f"{repository[0]}@{segments[3]}", shown(f"{repository[1]}, branch {segments[3]}")


def _of_provider(member: Member) -> tuple[str, str] | None:
    return member.resource.provider, provider_title(member.resource.provider)


def _of_run(_: Member) -> tuple[str, str] | None:
    return "", ""


_CAUSES: dict[Reason, Callable[[Member], tuple[str, str] | None]] = {
    Reason.MOVED: _of_host,
    Reason.RENAMED: _of_repository,
    Reason.ARCHIVED: _of_repository,
    Reason.NO_SUCH_HOST: _of_host,
    Reason.DELETED: _of_repository,
    Reason.PRIVATE: _of_repository,
    Reason.TAKEN_DOWN: _of_repository,
    Reason.BRANCH_GONE: _of_branch,
    Reason.TLS_INVALID: _of_host,
    Reason.NOT_ANSWERING: _of_host,
    Reason.SERVER_ERROR: _of_host,
    Reason.BLOCKED: _of_host,
    Reason.RATE_LIMITED: _of_host,
    Reason.LOGIN_REQUIRED: _of_host,
    Reason.OWN_NETWORK: _of_run,
    Reason.OWN_CREDENTIAL: _of_provider,
    Reason.OWN_QUOTA: _of_provider,
    Reason.NOT_ASKED: _of_run,
}
"""Which troubles have a cause beyond the one resource, and what it is."""


def _cause(member: Member) -> tuple[str, str]:
    """Return the cause's key, and its name for people ("" where the run itself is meant)."""
    find = _CAUSES.get(member.verdict.reason, _of_mistake)
    return find(member) or (member.resource.id, member.name)


def _new_repository(member: Member) -> str | None:
    segments = split(member.instead.url).segments if member.instead else ()
    return shown("/".join(segments[:2])) or None


def _new_origin(member: Member) -> str | None:
    return shown(split(member.instead.url).origin) if member.instead else None


_NOW: dict[Reason, Callable[[Member], str | None]] = {
    Reason.RENAMED: _new_repository,
    Reason.MOVED: _new_origin,
}
"""How to name the place to which something has gone."""


def _of_mistake(member: Member) -> tuple[str, str] | None:
    """Return the mistake that addresses of one site share: what mends one mends all."""
    if member.instead is None or member.verdict.status is not Status.BROKEN:
        return None
    return f"{site(member.resource.url)}\n{member.instead.why}", member.name


def _name(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def anchor(finding: Finding) -> str:
    """Return a resource's name within the report, the same from run to run."""
    return _name(finding.resource.id)

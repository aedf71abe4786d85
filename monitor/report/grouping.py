"""Troubles by their root cause: one repository renamed under 22 links is one trouble."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.core.causes import CauseKind
from monitor.core.findings import Finding, LinkFinding
from monitor.core.model import Link, Resource, Suggestion, Verdict
from monitor.core.reasons import Explanation, Grade, Reason, Status, explain
from monitor.core.root_causes import causes_of
from monitor.core.urls import site, split
from monitor.core.verdicts import severity
from monitor.providers import find
from monitor.report.wording import label, name_of, shown, title_of


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
    if reason in _KINDS or reason in _OF_THE_RUN or len(set(subjects)) == 1:
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


_GRADES = (Grade.HARD, Grade.SOFT, Grade.BLOCKED, Grade.OWN, Grade.NONE, Grade.GOOD)


def _order(group: Group) -> tuple[int, int, int]:
    verdict = group.members[0].verdict
    return -severity(verdict), _GRADES.index(verdict.grade), -group.links


_A_SITE = frozenset({CauseKind.HOST, CauseKind.PROVIDER})
_A_SERVICE = frozenset({CauseKind.PROVIDER})
_A_REPOSITORY = frozenset({CauseKind.REPOSITORY})
_KINDS: dict[Reason, frozenset[CauseKind]] = {
    Reason.MOVED: _A_SITE,
    Reason.RENAMED: _A_REPOSITORY,
    Reason.ARCHIVED: _A_REPOSITORY,
    Reason.INTERSTITIAL: _A_SITE,
    Reason.NO_SUCH_HOST: _A_SITE,
    Reason.DELETED: _A_REPOSITORY,
    Reason.PRIVATE: _A_REPOSITORY,
    Reason.TAKEN_DOWN: _A_REPOSITORY,
    Reason.BRANCH_GONE: _A_REPOSITORY | {CauseKind.BRANCH},
    Reason.TLS_INVALID: _A_SITE,
    Reason.NOT_ANSWERING: _A_SITE,
    Reason.SERVER_ERROR: _A_SITE,
    Reason.BLOCKED: _A_SITE,
    Reason.RATE_LIMITED: _A_SITE,
    Reason.LOGIN_REQUIRED: _A_SITE,
    Reason.OWN_CREDENTIAL: _A_SERVICE,
    Reason.OWN_QUOTA: _A_SERVICE,
}
"""Which troubles have a cause beyond the one resource at first sight, and of what kind."""

_OF_THE_RUN = frozenset({Reason.OWN_NETWORK, Reason.NOT_ASKED})


def _cause(member: Member) -> tuple[str, str]:
    """Return the cause's key, and its name for people ("" where the run itself is meant)."""
    reason = member.verdict.reason
    if reason in _OF_THE_RUN:
        return "", ""
    found = causes_of(member.resource, member.verdict, {}, find())
    fit = [cause for cause in found if cause.kind in _KINDS.get(reason, ())]
    if fit:
        cause = max(fit, key=lambda cause: cause.kind)  # the narrowest
        return cause.key, shown(cause.name)
    return _of_mistake(member) or (member.resource.id, member.name)


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

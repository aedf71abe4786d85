"""Reading all that is there on GitHub before anything is decided; it writes nothing.

A look-up that fails is not "there is nothing": it ends the whole of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import quote

from monitor.config.issues import Issues
from monitor.core.json_reading import text_at
from monitor.core.model import Json
from monitor.core.tracked import DASHBOARD, TrackedState
from monitor.issues.found import (
    Access,
    Issue,
    Repository,
    read_access,
    read_comment,
    read_issue,
    read_repository,
)
from monitor.issues.learning import speakers
from monitor.issues.matching import REOPENED_WITHIN, Desk, match, to_ask
from monitor.issues.view import View
from monitor.net.github_api import GitHubApi
from monitor.net.github_refusals import Refusal

_A_DAY = timedelta(days=1)


class LookUpError(Exception):
    """A look-up failed; holds why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


async def look(api: GitHubApi, config: Issues, view: View) -> Desk | Refusal:
    """Return what is there, or why that could not be found out."""
    try:
        return await _Look(api, config, view).desk()
    except LookUpError as error:
        return error.refusal


@dataclass(slots=True)
class _Look:
    """One look at everything."""

    api: GitHubApi
    config: Issues
    view: View
    name: str = ""
    access: dict[str, Access] = field(default_factory=dict)

    async def desk(self) -> Desk:
        """Return all of it; raises LookUpError where a part cannot be had."""
        asked_for = self.config.repository or ""
        repository = await self._repository(asked_for)
        self.name = repository.full_name
        names = frozenset({asked_for.lower(), self.name.lower()})
        if repository.archived or not repository.has_issues:
            return Desk(repository=repository, names=names)
        names |= await self._former_names(names)
        listed = await self._listed()
        gone = await self._tracked(listed, names)
        desk = Desk(
            repository=repository,
            issues=tuple(listed.values()),
            gone=frozenset(gone),
            names=names,
            labels=await self._labels(),
        )
        await self._ask(to_ask(desk.issues, self.view.tracked))
        desk = replace(desk, access=self.access)
        return await self._with_comments(desk)

    async def _repository(self, name: str) -> Repository:
        said = await self.api.get(f"/repos/{name}", name)
        if isinstance(said, Refusal):
            raise LookUpError(said)
        repository = read_repository(said)
        if repository is None:
            raise LookUpError(Refusal(detail=f"GitHub's answer about {name} could not be read."))
        return repository

    async def _former_names(self, names: frozenset[str]) -> frozenset[str]:
        """Return by which names that we tracked issues under the repository was known before."""
        others = {each.repository.lower() for each in self.view.tracked.values()} - names
        former: set[str] = set()
        for name in sorted(others):
            said = await self.api.get(f"/repos/{name}", self.name)
            if isinstance(said, Refusal):
                if said.limited or said.status not in {403, 404, 410, 451}:
                    raise LookUpError(said)
            elif (there := read_repository(said)) and there.full_name == self.name:
                former.add(name)
        return frozenset(former)

    async def _listed(self) -> dict[int, Issue]:
        """Return the open issues with our label, and those closed not long ago, by number."""
        label = quote(self.config.labels[0], safe="")
        since = (self.view.now - REOPENED_WITHIN - _A_DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        found: dict[int, Issue] = {}
        for state in ("state=open", f"state=closed&since={since}"):
            query = f"{state}&labels={label}&per_page=100"
            for each in await self._pages(f"/repos/{self.name}/issues?{query}"):
                if "pull_request" not in _fields(each):
                    issue = self._read(each)
                    found[issue.number] = issue
        return found

    async def _tracked(self, listed: dict[int, Issue], names: frozenset[str]) -> set[int]:
        """Add the issues that we know by number to those listed; return those that are gone."""
        gone: set[int] = set()
        keys = [DASHBOARD, *(incident.id for incident in self.view.incidents)]
        for tracked in filter(None, map(self.view.tracked.get, keys)):
            number = tracked.number
            known = tracked.repository.lower() in names and tracked.state is not TrackedState.GONE
            if not known or number in listed or number in gone:
                continue
            issue = await self._issue(number)
            if issue is None:
                gone.add(number)
            else:
                listed[number] = issue
        return gone

    async def _issue(self, number: int) -> Issue | None:
        """Return an issue, or None where it was deleted, or moved to another repository."""
        said = await self.api.get(f"/repos/{self.name}/issues/{number}", self.name)
        if isinstance(said, Refusal):
            if said.gone:
                return None
            raise LookUpError(said)
        issue = self._read(said)
        return issue if issue.repository.lower() in {"", self.name.lower()} else None

    def _read(self, said: Json) -> Issue:
        """Return an issue; one that cannot be read is no less there."""
        issue = read_issue(said)
        if issue is None:
            raise LookUpError(Refusal(detail=f"An issue in {self.name} could not be read."))
        return issue

    async def _labels(self) -> frozenset[str]:
        said = await self._pages(f"/repos/{self.name}/labels?per_page=100")
        return frozenset(name for each in said if (name := text_at(each, "name")))

    async def _with_comments(self, desk: Desk) -> Desk:
        """Return the desk with the comments of the issues that matter, and who wrote them."""
        matches = match(self.view, desk).values()
        ours = [
            issue
            for found in matches
            for issue in (found.issue, *found.duplicates)
            if issue is not None and issue.talks
        ]
        full = {issue.number: await self._talk(issue) for issue in ours}
        await self._ask(speakers(full.values(), desk, self.view.tracked))
        issues = tuple(full.get(each.number, each) for each in desk.issues)
        return replace(desk, issues=issues, access=self.access)

    async def _talk(self, issue: Issue) -> Issue:
        path = f"/repos/{self.name}/issues/{issue.number}/comments?per_page=100"
        said = await self._pages(path)
        comments = (comment for each in said if (comment := read_comment(each)) is not None)
        return replace(issue, comments=tuple(sorted(comments, key=lambda each: each.id)))

    async def _ask(self, logins: Iterable[str]) -> None:
        """Find out what people may do, of each once.

        That needs no more than the permission to read metadata, which every token has that
        may write issues; where it is refused all the same, that is noted.
        """
        for login in sorted(set(logins) - self.access.keys() - {""}):
            path = f"/repos/{self.name}/collaborators/{quote(login, safe='')}/permission"
            said = await self.api.get(path, self.name)
            if not isinstance(said, Refusal):
                self.access[login] = read_access(said)
            elif said.limited or said.status not in {403, 404}:
                raise LookUpError(said)
            else:
                self.access[login] = Access.REFUSED if said.status == 403 else Access.NONE

    async def _pages(self, path: str) -> Sequence[Json]:
        said = await self.api.pages(path, self.name)
        if isinstance(said, Refusal):
            raise LookUpError(said)
        return said


def _fields(said: Json) -> Mapping[str, Json]:
    return said if isinstance(said, Mapping) else {}


def refused(access: Mapping[str, Access]) -> bool:
    """Return whether we may not ask what people may do."""
    return Access.REFUSED in access.values()

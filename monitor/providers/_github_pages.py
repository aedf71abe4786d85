"""How GitHub's pages are asked: one by one, or a repository's once for all links into it.

Only whether a page is there counts, and where it leads; nothing of it is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.core.asking import by_address
from monitor.core.model import Resource, ResourceId, Url
from monitor.core.ports import Ports, Request
from monitor.core.provider import Answer, answer
from monitor.core.urls import split
from monitor.providers._github_places import NOWHERE, Place, place_of


class RepositoryPage:
    """One request for the page of a repository, which answers for all links into it."""

    credential: str | None = None
    allowance: str | None = None
    size = 1000

    def __init__(self, probe: str) -> None:
        self._probe = probe

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return the resources in batches, each of one repository."""
        return by_address(resources, lambda r: _home(r).repo.lower(), self.size)

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return the answer of the one page as that of each resource."""
        exchange = await ports.fetch(_request(_home(batch[0])))
        return {resource.id: answer(self._probe, exchange) for resource in batch}


def page_request(resource: Resource) -> Request:
    """Return the question for a resource's own page."""
    return _request(place_of(resource.url) or NOWHERE, resource.url)


def _request(old: Place, url: Url | None = None) -> Request:
    """Return the question for a page, which follows only a repository's new name.

    The page of an archive sends everybody on; only the next one knows whether it is there.
    """

    def follow(url: Url) -> bool:
        new = place_of(url)
        renamed = new is not None and new.repo != old.repo and replace(new, repo=old.repo) == old
        return renamed or (old.kind == "archive" and split(url).host == "codeload.github.com")

    return Request(url=url or old.url, follow=follow)


def _home(resource: Resource) -> Place:
    return Place(kind="repo", repo=(place_of(resource.url) or NOWHERE).repo)

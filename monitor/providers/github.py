"""GitHub: repositories and all that stands in them, gists, people, and pages that show them.

With a token all repositories, branches, paths, releases and issues of a page are asked for in a
few GraphQL queries; what those do not show, and everything without a token, by REST: one call
tells of a repository, one of all paths of a branch, and what has not changed since the last run
is not sent again. Where the API does not answer, the page itself is asked.
Facts: reference/providers.md, section C. Where that marks one as disputed: a wiki's page that
leads to the wiki's home is a warning; a branch, path or repository that the API does not show
is gone only if its page is not there either. Of a file, folder or archive in a repository that
is not shown, the repository's page is asked once for all of them, and none where GraphQL and
REST agree.
"""

from collections.abc import Mapping, Sequence

from monitor.core.asking import Get
from monitor.core.causes import Cause
from monitor.core.model import Json, Link, Resource, ResourceId, Url, Verdict
from monitor.core.provider import Answer, Ask, CredentialUse, Fact, Probe, Provider
from monitor.providers import _github_graphql as graphql
from monitor.providers import _github_history as history
from monitor.providers import _github_items as items
from monitor.providers import _github_links as links
from monitor.providers import _github_passages as passages
from monitor.providers import _github_repository as repository
from monitor.providers import _github_rest as rest
from monitor.providers import _github_sites as sites
from monitor.providers._github_about import CHECKUPS, SHAPES, WAYS
from monitor.providers._github_case import Case
from monitor.providers._github_facts import FACTS
from monitor.providers._github_pages import RepositoryPage, page_request
from monitor.providers._github_places import NOWHERE, Place, belongings, cloned, place_of


class GitHub(Provider):
    """What knows GitHub; see the module."""

    name = "github"
    title = "GitHub"
    credentials: Mapping[str, CredentialUse] = {
        "github": CredentialUse(
            header="Authorization", form="Bearer {}", hosts=frozenset({"api.github.com"})
        )
    }
    facts: Mapping[str, Fact] = FACTS
    checkups = CHECKUPS
    shapes = SHAPES
    ways = WAYS

    def __init__(self) -> None:
        self.probes: Mapping[str, Probe] = {
            "graphql": graphql.Graph("graphql", graphql.first_fields),
            "elsewhere": graphql.Graph("elsewhere", graphql.later_fields),
            "repository": rest.Rest("repository", lambda p: f"repos/{p.repo}", rest.repository),
            "tree": rest.Rest("tree", rest.tree_of, rest.tree),
            "refs": rest.Rest("refs", lambda p: rest.refs_of(p, "heads"), rest.refs),
            "tag_refs": rest.Rest("tag_refs", lambda p: rest.refs_of(p, "tags"), rest.refs),
            **{f"tree_{parts}": _longer_tree(parts) for parts in rest.LONGER},
            "default_tree": rest.Rest("default_tree", rest.default_tree_of, rest.tree),
            "branch": rest.Rest("branch", rest.branch_of, rest.item),
            "item": rest.Rest("item", lambda p: p.in_api, rest.item, size=1),
            history.PROBE: history.History(),
            "lines": Get("lines", rest.lines_request, rest.lines),
            "page": Get("page", page_request),
            "repo_page": RepositoryPage("repo_page"),
        }

    def identify(self, link: Link) -> Resource | None:
        """Return what is behind a link on GitHub, also as another site shows it, or None."""
        url = cloned(link.written) or link.url
        place = place_of(url)
        if place is None:
            return None
        return Resource(
            id=ResourceId(f"github:{place.kind}:{place.name}"),
            provider="github",
            kind=place.kind,
            url=place.url,
            needs=links.needs_of(place, url),
        )

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which probe to ask next; the API first, then the page."""
        place = place_of(resource.url) or NOWHERE
        case = Case(place, {a.probe: a for a in answers}, usable, resource.needs)
        return items.judge(case) if place.kind in items.KINDS else repository.judge(case)

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        """Return the verdict for what the link names besides, its suggestion in its own form."""
        return links.judge(link, verdict)

    def judge_link_since(
        self, link: Link, verdict: Verdict, accepted: Mapping[str, Json]
    ) -> Verdict:
        """Return the verdict of a link whose lines may have moved since they were accepted."""
        return passages.judge(link, verdict, accepted)

    def witnesses(self, url: Url) -> Sequence[Url]:
        """Return the repositories that a page on github.io may be made from."""
        return sites.witnesses(url)

    def testified(self, url: Url, broken: Verdict, witness: Url, known: Verdict) -> Verdict:
        """Return a broken page's verdict with what is known of its repository."""
        return sites.testified(url, broken, witness, known)

    def causes(self, resource: Resource, facts: Mapping[str, Json]) -> Sequence[Cause]:  # noqa: ARG002 - the address tells all
        """Return the account, repository and branch in which a resource stands."""
        return belongings(place_of(resource.url) or NOWHERE)


def _longer_tree(parts: int) -> Probe:
    """Return the probe for a branch whose name is so many parts of the address."""

    def path(place: Place) -> str:
        return rest.tree_of(place, parts)

    return rest.Rest(f"tree_{parts}", path, rest.tree_by(parts))


PROVIDER = GitHub()

"""All that is known of one resource of GitHub's, and what may still be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.core.json_reading import dig, number_at, text_at
from monitor.core.model import Json, Suggestion, Url, Verdict
from monitor.core.ports import OURS, Failure, FailureKind
from monitor.core.provider import Answer, Ask, Document
from monitor.core.reasons import Reason, Status
from monitor.core.urls import split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers import _github_rest as rest
from monitor.providers._github_places import FULL_NAME, Place, place_of

GRAPH = frozenset({"graphql", "elsewhere"})
"""The probes that ask by GraphQL; all others but these and the next ask by REST."""

_SITE = frozenset({"lines", "page", "repo_page"})

_DOUBTED = frozenset({Reason.DELETED, Reason.PATH_GONE})
"""What the API says of things whose page may nevertheless be there."""

NOT_ASKED = Verdict(reason=Reason.NOT_ASKED, detail="Its page was not asked.")

PRIVATE = Verdict(
    reason=Reason.PRIVATE,
    detail="The repository is private: your token may see it, your readers may not.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A resource's place, the answers by probe, and the probes that can be asked."""

    place: Place
    heard: Mapping[str, Answer]
    usable: frozenset[str]
    needs: frozenset[str]

    def may_ask(self, probe: str) -> bool:
        """Return whether a probe can tell something new: its allowance and key are good."""
        if probe not in self.usable or probe in self.heard:
            return False
        return probe in _SITE or not any(
            isinstance(heard.said, Failure) and self._forbids(heard.said, other, probe)
            for other, heard in self.heard.items()
        )

    def _forbids(self, said: Failure, by: str, probe: str) -> bool:
        """Return whether a refusal by one probe is also another's: one key, two allowances."""
        alike = (by in GRAPH) == (probe in GRAPH) and by not in _SITE
        return said.kind is FailureKind.CREDENTIAL or (said.kind in OURS and alike)

    def has_calls_to_spare(self) -> bool:
        """Return whether more than half of the hour's calls are left, as far as was told."""
        said = (heard.said for heard in self.heard.values())
        return all(rest.to_spare(each.headers) for each in said if isinstance(each, Document))

    def body(self, probe: str, *path: str) -> Json:
        """Return what stands at a path of what a probe brought, or None."""
        said = self.heard[probe].said if probe in self.heard else None
        return dig(said.body, *path) if isinstance(said, Document) else None

    def status(self, probe: str) -> int:
        """Return the status of a probe's answer, or 0 without one."""
        said = self.heard[probe].said if probe in self.heard else None
        return said.status if isinstance(said, Document) else 0

    # --- what GraphQL found ---

    def found(self, key: str, probe: str = "graphql") -> Mapping[str, Json] | None:
        """Return a thing that GraphQL was asked for, or None where it showed none."""
        thing = self.body(probe, "found", key)
        return thing if isinstance(thing, Mapping) else None

    def lacks(self, key: str, probe: str = "graphql") -> bool:
        """Return whether GraphQL says that there is no such thing."""
        told = self.body(probe, "found")
        return isinstance(told, Mapping) and key in told and told[key] is None

    def knows_repository(self) -> bool:
        """Return whether GraphQL showed the repository."""
        return text_at(self.body("graphql"), "repository", "full_name") is not None

    def lacks_repository(self) -> bool:
        """Return whether GraphQL says that there is no such repository."""
        told = self.body("graphql")
        return isinstance(told, Mapping) and "repository" in told and told["repository"] is None

    # --- the repository, by whoever told of it ---

    def repository(self) -> Json:
        """Return what is known of the repository, in the words of REST, or None for nothing."""
        by_rest = self.body("repository") if self.status("repository") == 200 else None
        return by_rest if isinstance(by_rest, Mapping) else self.body("graphql", "repository")

    def repository_facts(self) -> dict[str, Json]:
        """Return the facts that every verdict within a repository carries."""
        keys = ("full_name", "default_branch", "archived", "pushed_at", "license")
        known = self.repository()
        facts = {key: dig(known, key) for key in keys}
        return {"repository_id": number_at(known, "id"), **facts}

    # --- verdicts ---

    def by_api(self, probe: str) -> Verdict | None:
        """Return what is wrong by the API's answer, or None for a good one."""
        heard = self.heard.get(probe)
        if heard is None:
            refused = next(filter(None, map(self._refusal, self.heard)), None)
            return refused or Verdict(reason=Reason.NOT_ASKED, detail="GitHub's API was not asked.")
        if isinstance(heard.said, Failure):
            return of_failure(heard.said)
        status, blocked = heard.said.status, text_at(heard.said.body, "block", "reason")
        if blocked is not None:
            reason = Reason.TAKEN_DOWN if blocked == "tos" else Reason.LEGAL_BLOCK
            return Verdict(reason=reason, detail=f"GitHub has blocked it ({blocked[:40]}).")
        if status in {404, 410}:
            return self.deleted()
        return of_status(heard.said, heard.at)

    def _refusal(self, probe: str) -> Verdict | None:
        """Return how our key or allowance was refused by a probe of the API, or None."""
        said = self.heard[probe].said
        ours = isinstance(said, Failure) and said.kind in OURS and probe not in _SITE
        return of_failure(said) if isinstance(said, Failure) and ours else None

    def deleted(self) -> Verdict:
        """Return that it is gone, with what is known of its owner."""
        detail = "GitHub does not show it to the public: it is deleted, or private."
        owner = self.place.repo.partition("/")[0]
        if self.found("owner", "elsewhere") is not None:
            detail += f" Its owner, {owner}, is there."
        elif self.lacks("owner", "elsewhere"):
            detail += f" Nobody is called {owner} there any more."
        return Verdict(reason=Reason.DELETED, detail=detail)

    def by_page(self, otherwise: Verdict) -> Verdict | Ask:
        """Return the page's verdict, asked now if need be; `otherwise` where it has none.

        A page that tells nothing does not hide when to ask again.
        """
        if self.may_ask("page"):
            return Ask("page")
        page = self.heard.get("page")
        if page is None:
            return otherwise
        said = of_page(self.place, page)
        return otherwise if said.status is Status.UNKNOWN and otherwise.retry_at else said

    def confirmed(self, gone: Verdict) -> Verdict | Ask:
        """Return that a thing is gone, unless its page is there although the API knows it not.

        So it is with an address /pull/7 that is an issue's, an issue that became a discussion,
        paths in another spelling, and GitHub's own pages that look like a repository
        (/advisories/GHSA-…).
        """
        page = self.by_page(gone) if gone.reason in _DOUBTED else gone
        there = isinstance(page, Ask) or page.status in {Status.OK, Status.WARNING}
        return page if there else gone

    def confirmed_by_home(self, gone: Verdict) -> Verdict | Ask:
        """Return that a repository is gone, with all in it, unless its page is there.

        Then the API alone knows it not, such as behind a proxy, and the own page of what is
        within the repository tells of it.
        """
        if self.may_ask("repo_page"):
            return Ask("repo_page")
        home = self.heard.get("repo_page")
        said = of_page(Place(kind="repo", repo=self.place.repo), home) if home else gone
        if said.status not in {Status.OK, Status.WARNING}:
            return gone
        return self.by_page(NOT_ASKED) if self.place.is_within else said

    def asked_by_token(self) -> bool:
        """Return whether the API answered a token, which may see what the public does not."""
        said = self.heard["item"].said if "item" in self.heard else None
        limit = said.headers.get("x-ratelimit-limit") if isinstance(said, Document) else None
        return limit is not None and limit != rest.ANONYMOUS_LIMIT

    def renamed(self, judged: Verdict | Ask, name: str | None) -> Verdict | Ask:
        """Return the verdict, with the repository's new name where it has got another."""
        known = name is not None and FULL_NAME.fullmatch(name)
        new = name if name is not None and known else self.place.repo
        if isinstance(judged, Ask) or new.lower() == self.place.repo.lower():
            return judged
        if judged.reason not in {Reason.ALIVE, Reason.ARCHIVED}:
            return judged
        detail = f"The repository is now called {new}."
        instead = suggested(replace(self.place, repo=new), detail, 1.0)
        return replace(judged, reason=Reason.RENAMED, detail=detail, instead=instead)


def alive(facts: Mapping[str, Json]) -> Verdict:
    """Return that it is there, with those facts that are known."""
    known = {key: value for key, value in facts.items() if value is not None}
    return Verdict(reason=Reason.ALIVE, detail="GitHub shows it to everybody.", facts=known)


def suggested(place: Place, why: str, confidence: float) -> Suggestion:
    """Return a place as what to link to instead."""
    return Suggestion(url=place.url, why=why, confidence=confidence)


def of_page(place: Place, heard: Answer) -> Verdict:
    """Return what the page on the site says, whose redirects were not followed."""
    said = heard.said
    if isinstance(said, Failure):
        return of_failure(said)
    if said.location is not None:
        return _of_redirect(place, said.location)
    if said.status == 404 and place.kind in {"repo", "user", "gist"}:
        detail = "GitHub does not show it to the public: it is deleted, or private."
        return Verdict(reason=Reason.DELETED, detail=detail)
    refused = of_status(said, heard.at)
    if refused is not None:
        return refused
    return _of_redirect(place, said.url) if said.hops else alive({})


def _of_redirect(place: Place, target: Url) -> Verdict:
    there = place_of(target)
    if split(target).segments[:1] == ("login",):
        return Verdict(reason=Reason.LOGIN_REQUIRED, detail="GitHub asks readers to log in.")
    if there is None or not place.repo or there == place:
        return alive({})
    same = there.repo.lower() == place.repo.lower()
    if place.path.startswith("wiki/") and same:
        return _of_wiki(there)
    if there.kind != place.kind:
        return alive({})
    if not same:
        detail = f"The repository is now called {there.repo}."
        instead = Suggestion(url=target, why=detail, confidence=1.0)
        return Verdict(reason=Reason.RENAMED, detail=detail, instead=instead)
    instead = Suggestion(url=target, why="GitHub passes readers on to it.", confidence=0.9)
    return Verdict(reason=Reason.MOVED, detail=f"It is now at {target}.", instead=instead)


def _of_wiki(there: Place) -> Verdict:
    """Return what it means that a page of a wiki passes readers on within its repository.

    A page that is not there leads to the wiki's home, without a word; whether always, is not
    known (reference/providers.md C1), so that this is no more than a warning.
    """
    if there.path.startswith("wiki/"):
        instead = suggested(there, "GitHub passes readers on to it.", 0.9)
        return Verdict(reason=Reason.MOVED, detail=f"It is now at {there.url}.", instead=instead)
    detail = f"GitHub passes readers on to {there.url}, as it does where the page is gone."
    return Verdict(reason=Reason.PART_MISSING, detail=detail)

"""GitHub: repositories and all that stands in them, gists, people, and pages that show them.

REST first, cheaply: one call tells of a repository, one of all paths of a branch, however
many links lead there. Where the allowance of calls is spent, the page itself is asked.
Facts: reference/providers.md, section C.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.asking import Get
from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import Json, Link, Resource, ResourceId, Suggestion, Url, Verdict
from monitor.core.ports import OURS, Failure, Request
from monitor.core.provider import Answer, Ask, CredentialUse, Document, Probe, Provider
from monitor.core.reasons import Reason, Status
from monitor.core.urls import normalise, split
from monitor.core.verdicts import of_failure, of_status
from monitor.providers import _github_rest as rest
from monitor.providers._github_places import NOWHERE, Place, place_of

_LINE = re.compile(r"L(\d{1,9})(?:C\d+)?(?:-L?(\d{1,9})(?:C\d+)?)?")
_FULL_NAME = re.compile(r"[\w-]+/(?!\.)[\w.-]+", re.ASCII)


class GitHub(Provider):
    """What knows GitHub; see the module."""

    name = "github"
    title = "GitHub"
    credentials: Mapping[str, CredentialUse] = {
        "github": CredentialUse(
            header="Authorization", form="Bearer {}", hosts=frozenset({"api.github.com"})
        )
    }

    def __init__(self) -> None:
        self.probes: Mapping[str, Probe] = {
            "repository": rest.Rest("repository", lambda p: f"repos/{p.repo}", rest.repository),
            "tree": rest.Rest("tree", rest.tree_of, rest.tree),
            "default_tree": rest.Rest("default_tree", rest.default_tree_of, rest.tree),
            "item": rest.Rest("item", lambda p: p.in_api, rest.item, size=1),
            "lines": Get("lines", rest.lines_request, rest.lines),
            "page": Get("page", _page_request),
        }

    def identify(self, link: Link) -> Resource | None:
        """Return what is behind a link on GitHub, also as another site shows it, or None."""
        place = place_of(link.url)
        if place is None:
            return None
        lines = place.kind == "blob" and _LINE.fullmatch(split(link.url).fragment)
        return Resource(
            id=ResourceId(f"github:{place.kind}:{place.name}"),
            provider="github",
            kind=place.kind,
            url=place.url,
            needs=frozenset({"lines"}) if lines else frozenset(),
        )

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        """Return the verdict, or which probe to ask next; the API first, then the page."""
        place = place_of(resource.url) or NOWHERE
        case = _Case(place, {a.probe: a for a in answers}, usable, resource.needs)
        return case.of_item() if place.kind in _ITEMS else case.of_repository()

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        """Return the verdict for the lines that a link names, its suggestion in its own form."""
        named = _LINE.fullmatch(split(link.url).fragment)
        lines = number_at(verdict.facts, "lines")
        if verdict.reason is Reason.ALIVE and named is not None and lines is not None:
            line = max(int(number or 0) for number in named.groups())
            if line > lines:
                detail = f"The link names line {line}, but the file has only {lines}."
                return replace(verdict, reason=Reason.PART_MISSING, detail=detail)
        return _adapted(link, verdict)


_ITEMS = frozenset({"commit", "issue", "pull", "release", "asset", "user", "gist"})
"""Kinds of which one REST call tells all; for the others the repository is asked first."""


def _page_request(resource: Resource) -> Request:
    """Return the question for the page, which follows nothing but a repository's new name."""
    old = place_of(resource.url) or NOWHERE

    def is_renamed(url: Url) -> bool:
        new = place_of(url)
        return new is not None and new.repo != old.repo and replace(new, repo=old.repo) == old

    return Request(url=resource.url, follow=is_renamed)


# --- judging ---

_DOUBTED = frozenset({Reason.DELETED, Reason.PATH_GONE})
"""What the API says of things whose page may nevertheless be there."""


@dataclass(frozen=True, slots=True)
class _Case:
    """All that is known of one resource, and what may still be asked."""

    place: Place
    heard: Mapping[str, Answer]
    usable: frozenset[str]
    needs: frozenset[str]

    def of_item(self) -> Verdict | Ask:
        """Judge what the API tells of by itself: an issue, a commit, a release, a person."""
        if self.may_ask("item"):
            return Ask("item")
        verdict = self.by_api("item")
        if verdict is not None and verdict.reason is not Reason.DELETED:
            return self.by_page(verdict)
        if verdict is None and self.place.repo and self.asked_by_token():
            if self.may_ask("repository"):
                return Ask("repository")
            if self.body("repository", "private") is True:
                return _PRIVATE
        return self.of_seen_item(verdict)

    def of_seen_item(self, verdict: Verdict | None) -> Verdict | Ask:
        """Judge an item that the API shows, or that it says is deleted."""
        if verdict is None and (self.place.kind != "asset" or self.body("item", "has_asset")):
            title = self.body("item", "title") or self.body("item", "name")
            found = place_of(Url(str(self.body("item", "html_url"))))
            alive = _alive({"title": title, "state": self.body("item", "state")})
            return self.renamed(alive, found.repo if found is not None else None)
        gone = verdict or Verdict(reason=Reason.DELETED, detail="The release has no such file.")
        if self.place.kind == "release":  # a tag without a release has a page of this address
            return self.by_page(gone)
        return self.confirmed(gone) if self.status("item") != 410 else gone

    def of_repository(self) -> Verdict | Ask:
        """Judge a repository, or what stands in it."""
        if self.may_ask("repository"):
            return Ask("repository")
        verdict = self.by_api("repository")
        if verdict is not None:
            if verdict.status is not Status.BROKEN:
                return self.by_page(verdict)
            within = self.place.kind in {"tree", "blob"}
            return verdict if within else self.confirmed(verdict)
        if self.body("repository", "private") is True:
            return _PRIVATE
        keys = ("full_name", "default_branch", "archived", "pushed_at")
        facts = {key: self.body("repository", key) for key in keys}
        judged: Verdict | Ask
        if self.place.kind in {"tree", "blob"}:
            judged = self.of_path(facts)
        elif self.place.kind == "page" or self.body("repository", "disabled") is True:
            judged = self.by_page(
                Verdict(reason=Reason.NOT_ASKED, detail="Its page was not asked.")
            )
        else:
            judged = _alive({"title": facts["full_name"], **facts})
            if facts["archived"] is True:
                detail = "Its owner has archived the repository: it is read-only."
                judged = replace(judged, reason=Reason.ARCHIVED, detail=detail)
        return self.renamed(judged, text_at(facts, "full_name"))

    def of_path(self, facts: Mapping[str, Json]) -> Verdict | Ask:
        """Judge a file or folder by the tree of its branch."""
        if self.may_ask("tree"):
            return Ask("tree")
        status = self.status("tree")
        if status == 404:
            return self.branch_gone()
        if status == 409:
            return Verdict(reason=Reason.PATH_GONE, detail="The repository is empty.")
        if status != 200 or (self.body("tree", "truncated") and not self.body("tree", "entry")):
            return self.by_contents(facts)
        if not self.body("tree", "entry"):
            return self.confirmed(self.path_gone(items_at(self.body("tree"), "same_name")))
        return self.with_lines({**facts, "size": self.body("tree", "entry", "size")})

    def by_contents(self, facts: Mapping[str, Json]) -> Verdict | Ask:
        """Judge a file or folder by itself, where the branch has more paths than one answer."""
        tree = self.heard.get("tree")
        if tree is not None and isinstance(tree.said, Failure) and tree.said.kind in OURS:
            return self.by_page(of_failure(tree.said))
        if self.may_ask("item"):
            return Ask("item")
        verdict = self.by_api("item")
        if verdict is None:
            return self.with_lines(facts)
        if self.status("item") == 404 and self.status("tree") == 200:
            return self.confirmed(self.path_gone())
        return self.by_page(verdict)

    def branch_gone(self) -> Verdict | Ask:
        """Judge a branch that the API does not know: its name may hold a slash, or redirect."""
        page = self.by_page(Verdict(reason=Reason.NOT_ASKED, detail="Its page was not asked."))
        if isinstance(page, Ask) or page.reason is not Reason.NOT_FOUND:
            return page
        if self.may_ask("default_tree"):
            return Ask("default_tree")
        gone = Verdict(reason=Reason.BRANCH_GONE, detail=f"It has no branch “{self.place.ref}”.")
        default = text_at(self.body("repository"), "default_branch")
        if not default or self.body("default_tree", "entry") is None:
            return gone
        why = f"The same path stands on the default branch, {default}."
        return replace(gone, instead=_suggested(replace(self.place, ref=default), why, 0.9))

    def path_gone(self, alike: Sequence[Json] = ()) -> Verdict:
        """Return that the path is gone, with the one file of the same name elsewhere, if any."""
        detail = f"The branch “{self.place.ref}” has no “{self.place.path}”."
        gone = Verdict(reason=Reason.PATH_GONE, detail=detail)
        if len(alike) != 1 or not isinstance(alike[0], str):
            return gone
        why = "The only file of this name in the branch."
        return replace(gone, instead=_suggested(replace(self.place, path=alike[0]), why, 0.7))

    def with_lines(self, facts: Mapping[str, Json]) -> Verdict | Ask:
        if "lines" in self.needs and self.may_ask("lines"):
            return Ask("lines")
        lines = self.body("lines")
        return _alive({**facts, "lines": lines if isinstance(lines, int) else None})

    def by_page(self, otherwise: Verdict) -> Verdict | Ask:
        """Return the page's verdict, asked now if need be; `otherwise` where it has none."""
        if self.may_ask("page"):
            return Ask("page")
        page = self.heard.get("page")
        return _of_page(self.place, page) if page is not None else otherwise

    def confirmed(self, gone: Verdict) -> Verdict | Ask:
        """Return that a thing is gone, unless its page is there although the API knows it not.

        So it is with an address /pull/7 that is an issue's, an issue that became a discussion,
        paths in another spelling, and GitHub's own pages that look like a repository
        (/advisories/GHSA-…).
        """
        page = self.by_page(gone) if gone.reason in _DOUBTED else gone
        there = isinstance(page, Ask) or page.status in {Status.OK, Status.WARNING}
        return page if there else gone

    def asked_by_token(self) -> bool:
        """Return whether the API answered a token, which may see what the public does not."""
        said = self.heard["item"].said if "item" in self.heard else None
        limit = said.headers.get("x-ratelimit-limit") if isinstance(said, Document) else None
        return limit is not None and limit != rest.ANONYMOUS_LIMIT

    def renamed(self, judged: Verdict | Ask, name: str | None) -> Verdict | Ask:
        """Return the verdict, with the repository's new name where it has got another."""
        known = name is not None and _FULL_NAME.fullmatch(name)
        new = name if name is not None and known else self.place.repo
        if isinstance(judged, Ask) or new.lower() == self.place.repo.lower():
            return judged
        if judged.reason not in {Reason.ALIVE, Reason.ARCHIVED}:
            return judged
        detail = f"The repository is now called {new}."
        instead = _suggested(replace(self.place, repo=new), detail, 1.0)
        return replace(judged, reason=Reason.RENAMED, detail=detail, instead=instead)

    def may_ask(self, probe: str) -> bool:
        return probe in self.usable and probe not in self.heard

    def body(self, probe: str, *path: str) -> Json:
        said = self.heard[probe].said if probe in self.heard else None
        return dig(said.body, *path) if isinstance(said, Document) else None

    def status(self, probe: str) -> int:
        said = self.heard[probe].said if probe in self.heard else None
        return said.status if isinstance(said, Document) else 0

    def by_api(self, probe: str) -> Verdict | None:
        """Return what is wrong by the API's answer, or None for a good one."""
        heard = self.heard.get(probe)
        if heard is None:
            return Verdict(reason=Reason.NOT_ASKED, detail="GitHub's API was not asked.")
        if isinstance(heard.said, Failure):
            return of_failure(heard.said)
        status, blocked = heard.said.status, text_at(heard.said.body, "block", "reason")
        if blocked is not None:
            reason = Reason.TAKEN_DOWN if blocked == "tos" else Reason.LEGAL_BLOCK
            return Verdict(reason=reason, detail=f"GitHub has blocked it ({blocked[:40]}).")
        if status in {404, 410}:
            detail = "GitHub does not show it to the public: it is deleted, or private."
            return Verdict(reason=Reason.DELETED, detail=detail)
        return of_status(heard.said, heard.at)


def _alive(facts: Mapping[str, Json]) -> Verdict:
    known = {key: value for key, value in facts.items() if value is not None}
    return Verdict(reason=Reason.ALIVE, detail="GitHub shows it to everybody.", facts=known)


_PRIVATE = Verdict(
    reason=Reason.PRIVATE,
    detail="The repository is private: your token may see it, your readers may not.",
)


def _suggested(place: Place, why: str, confidence: float) -> Suggestion:
    return Suggestion(url=place.url, why=why, confidence=confidence)


def _of_page(place: Place, heard: Answer) -> Verdict:
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
    return _of_redirect(place, said.url) if said.hops else _alive({})


def _of_redirect(place: Place, target: Url) -> Verdict:
    there = place_of(target)
    if split(target).segments[:1] == ("login",):
        return Verdict(reason=Reason.LOGIN_REQUIRED, detail="GitHub asks readers to log in.")
    if there is None or not place.repo or there.kind != place.kind or there == place:
        return _alive({})
    if there.repo.lower() != place.repo.lower():
        detail = f"The repository is now called {there.repo}."
        instead = Suggestion(url=target, why=detail, confidence=1.0)
        return Verdict(reason=Reason.RENAMED, detail=detail, instead=instead)
    if place.path.startswith("wiki/"):
        return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail=f"The page passes on to {target}.")
    instead = Suggestion(url=target, why="GitHub passes readers on to it.", confidence=0.9)
    return Verdict(reason=Reason.MOVED, detail=f"It is now at {target}.", instead=instead)


def _adapted(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict with its suggestion in the link's own form: wrapper, #L10 and all."""
    old, instead = place_of(link.url), verdict.instead
    new = place_of(instead.url) if instead is not None else None
    if old is None or new is None or instead is None:
        return verdict
    fragment = split(link.url).fragment
    url = f"{instead.url}#{fragment}" if fragment else instead.url
    if verdict.reason is Reason.RENAMED and f"/{old.repo}" in link.url:
        url = link.url.replace(f"/{old.repo}", f"/{new.repo}", 1)
    return replace(verdict, instead=replace(instead, url=normalise(url) or instead.url))


PROVIDER = GitHub()

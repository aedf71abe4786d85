"""Which thing on GitHub an address names; also an address of a site that only shows it.

Shapes: reference/providers.md C1. Pure; nothing is asked.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, unquote

from monitor.core.causes import Cause, CauseKind, cause
from monitor.core.model import Url
from monitor.core.urls import UrlParts, normalise, split

_OWNER = re.compile(r"[A-Za-z0-9][\w-]{0,38}", re.ASCII)
FULL_NAME = re.compile(r"[\w-]+/(?!\.)[\w.-]+", re.ASCII)
_REPO = re.compile(r"(?!\.\.?$)[\w.-]{1,100}", re.ASCII)
_NO_OWNERS = re.compile(
    "about|account|apps|blog|business|codespaces|collections|contact|copilot|customer-stories"
    "|dashboard|enterprise|events|explore|features|issues|join|login|logout|marketplace|mobile|new"
    "|notifications|organizations|orgs|pricing|pulls|readme|resources|search|security|sessions"
    "|settings|signup|site|sponsors|stars|team|topics|trending|user-attachments|users",
    re.IGNORECASE,
)
_REF = r"(?:refs/(?:heads|tags)/)?(?P<ref>[^/]+)"
_WITHIN = tuple(
    (kind, re.compile(shape, re.ASCII))
    for kind, shape in (
        ("tree", rf"(?:blob|raw|blame|edit|tree)/{_REF}"),
        ("tree", rf"tree/{_REF}/(?P<path>.+)"),
        ("blob", rf"(?:blob|raw|blame|edit)/{_REF}/(?P<path>.+)"),
        ("commit", r"commit/(?P<ref>[^/]+)(?:/.*)?"),
        ("issue", r"issues/(?P<path>\d+)"),
        ("pull", r"pull/(?P<path>\d+)(?:/.*)?"),
        ("discussion", r"discussions/(?P<path>\d+)"),
        (
            "archive",
            r"archive/(?:refs/(?:heads|tags)/)?(?P<ref>.+)\.(?P<path>zip|tar\.gz)",
        ),
        ("release", r"releases/tag/(?P<ref>.+)"),
        ("asset", r"releases/download/(?P<ref>[^/]+)/(?P<path>[^/]+)"),
    )
)
"""Paths below a repository; what fits none is a page without a name of its own."""

_FORMS = {
    "repo": ("{repo}", "{repo}", ""),
    "tree": ("{repo}@{ref}:{path}", "{repo}/tree/{ref}/{path}", "contents/{path}?ref={ref}"),
    "blob": ("{repo}@{ref}:{path}", "{repo}/blob/{ref}/{path}", "contents/{path}?ref={ref}"),
    "commit": ("{repo}@{ref}", "{repo}/commit/{ref}", "commits/{ref}"),
    "issue": ("{repo}#{path}", "{repo}/issues/{path}", "issues/{path}"),
    "pull": ("{repo}#{path}", "{repo}/pull/{path}", "pulls/{path}"),
    "discussion": ("{repo}#{path}", "{repo}/discussions/{path}", ""),
    "archive": ("{repo}@{ref}.{path}", "{repo}/archive/{ref}.{path}", ""),
    "release": ("{repo}@{ref}", "{repo}/releases/tag/{ref}", "releases/tags/{ref}"),
    "asset": (
        "{repo}@{ref}:{path}",
        "{repo}/releases/download/{ref}/{path}",
        "releases/tags/{ref}",
    ),
    "page": ("{repo}/{path}", "{repo}/{path}", ""),
    "user": ("{path}", "{path}", "users/{path}"),
    "gist": ("{path}", "{path}", "gists/{path}"),
}
"""Kind: how its id is written, its address on the site, its address in the API."""

_GITHUB, _GIST = "https://github.com/", "https://gist.github.com/"
_WRAPPERS = tuple(
    (re.compile(shape), target)
    for shape, target in (
        (
            r"(?:www\.github\.com|github\.dev|githubtocolab\.com|codespaces\.new)/(.*)",
            _GITHUB + r"\1",
        ),
        (
            r"(?:nbviewer\.(?:jupyter\.)?org|colab\.research\.google\.com)/github/(.*)",
            _GITHUB + r"\1",
        ),
        (r"(?:nbviewer\.(?:jupyter\.)?org|colab\.research\.google\.com)/gist/(.*)", _GIST + r"\1"),
        (
            r"raw\.github(?:usercontent)?\.com/([^/]+/[^/]+)/(.*)",
            _GITHUB + r"\1/blob/\2",
        ),
        (
            r"media\.githubusercontent\.com/media/([^/]+/[^/]+)/(.*)",
            _GITHUB + r"\1/blob/\2",
        ),
        (
            r"nbviewer\.(?:jupyter\.)?org/urls/(raw\.githubusercontent\.com/.*)",
            r"https://\1",
        ),
        (r"gist\.githubusercontent\.com/([^/]+/[^/]+).*", _GIST + r"\1"),
        (r"mybinder\.org/v2/gist/([^/]+/[^/?]+).*", _GIST + r"\1"),
        (
            r"mybinder\.org/v2/gh/([^/]+/[^/]+)/([^/?]+)/?\?(?:.*&)?(?:lab|file)path=([^&]+).*",
            _GITHUB + r"\1/blob/\2/\3",
        ),
        (r"mybinder\.org/v2/gh/([^/]+/[^/]+)/([^/?]+).*", _GITHUB + r"\1/tree/\2"),
        (
            r"cdn\.jsdelivr\.net/gh/([^/]+/[^/@]+)@([^/@\d][^/@]*)/((?!.*\.min\.).+)",
            _GITHUB + r"\1/blob/\2/\3",
        ),
        (r"htmlpreview\.github\.(?:io|com)/\?(https?://.+)", r"\1"),
        (r"(?:www\.)?kaggle\.com/kernels/welcome\?(?:.*&)?src=([^&]+).*", r"\1"),
    )
)
"""Other sites' addresses that show what is on GitHub. jsDelivr's version ranges and minified
files are its own, so that the web provider takes those."""

_CLONED = re.compile(
    r"\s*(?:(?:git\+)?(?:ssh|git)://(?:[\w.-]+@)?(?:ssh\.|www\.)?github\.com(?::\d*)?/+"
    r"|git@github\.com:/*)(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
"""Addresses that git reads and browsers do not: ssh://, git://, and git@github.com:owner/name."""

COMMIT = re.compile(r"[0-9a-f]{40}")
"""The whole id of a commit or of a file's content."""

LINES = re.compile(r"L(\d{1,9})(?:C\d+)?(?:-L?(\d{1,9})(?:C\d+)?)?", re.ASCII)
"""The fragment that names lines of a file, with columns or without."""

_GIST_ID = re.compile(r"\d{1,9}|[0-9a-f]{20,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a GitHub address names. `repo` is "owner/name"; `path` also a number or a login."""

    kind: str
    repo: str = ""
    ref: str = ""
    path: str = ""

    def _written(self, form: str) -> str:
        """Return a form of _FORMS filled in with percent-encoded values."""
        path = self.path if self.kind == "page" else quote(self.path, safe="/")
        return form.format(repo=self.repo, ref=quote(self.ref, safe=""), path=path).rstrip("/:")

    @property
    def name(self) -> str:
        """Return what an id calls it: "owner/name@ref:path"."""
        form = _FORMS[self.kind][0]
        return form.format(repo=self.repo, ref=self.ref, path=self.path).rstrip(":")

    @property
    def url(self) -> Url:
        """Return the canonical address."""
        url = (_GIST if self.kind == "gist" else _GITHUB) + self._written(_FORMS[self.kind][1])
        return normalise(url) or Url(url)

    @property
    def in_api(self) -> str:
        """Return the address in the API of the thing itself."""
        home = f"repos/{self.repo}/" if self.repo else ""
        return (home + self._written(_FORMS[self.kind][2])).rstrip("/")

    @property
    def is_within(self) -> bool:
        """Return whether it stands in a branch, tag or commit of a repository."""
        return self.kind in {"tree", "blob", "archive"}

    @property
    def is_permanent(self) -> bool:
        """Return whether it is within one commit, so that it never changes."""
        return self.is_within and COMMIT.fullmatch(self.ref) is not None

    def with_longer_ref(self, parts: int) -> "Place":
        """Return it with a branch's name of so many parts of the address: feature/x, not feature.

        As it stands where the address has no more parts.
        """
        taken = self.path.split("/")[: parts - 1] if self.kind != "archive" else []
        if parts < 2 or len(taken) < parts - 1 or not self.path:
            return self
        rest = "/".join(self.path.split("/")[parts - 1 :])
        return replace(self, ref="/".join((self.ref, *taken)), path=rest)


NOWHERE = Place(kind="page")


@lru_cache(maxsize=4096)
def place_of(url: Url) -> Place | None:
    """Return what an address names, or None where it is not a matter of GitHub's."""
    url = cloned(url) or url
    for _ in range(3):
        url = _unwrapped(url)
    parts = split(url)
    if not parts.is_web or not parts.segments:
        return None
    if parts.host == "gist.github.com":
        found = (s for s in reversed(parts.segments[:2]) if _GIST_ID.fullmatch(s))
        id_ = next(found, None)
        return Place(kind="gist", path=id_) if id_ is not None else None
    owner, name = (*parts.segments, "")[:2]
    if owner == "orgs":
        owner, name = name, ""
    if parts.host != "github.com" or not _OWNER.fullmatch(owner) or _NO_OWNERS.fullmatch(owner):
        return None
    if not name:
        return Place(kind="user", path=owner)
    name = name.removesuffix(".git")
    return _within(f"{owner}/{name}", parts) if _REPO.fullmatch(name) else None


def belongings(place: Place) -> tuple[Cause, ...]:
    """Return the account, repository and branch in which a place is; upper case tells nothing."""
    account = place.repo.partition("/")[0] or (place.path if place.kind == "user" else "")
    found = [(CauseKind.OWNER, "account", account, account)] if account else []
    if place.repo:
        found.append((CauseKind.REPOSITORY, "repository", place.repo, place.repo))
    if place.is_within:
        key, name = f"{place.repo}@{place.ref}", f"{place.ref} of {place.repo}"
        found.append((CauseKind.BRANCH, "branch", key, name))
    return tuple(
        cause(kind, f"github:{what}:{key.lower()}", f"the {what} {name}")
        for kind, what, key, name in found
    )


def cloned(text: str) -> Url | None:
    """Return the address on the site of one by which git clones, or None for no such address."""
    found = _CLONED.fullmatch(text)
    return normalise(_GITHUB + found[1].strip()) if found is not None else None


def _unwrapped(url: Url) -> Url:
    address = url.partition("#")[0].partition("://")[2]
    for shape, target in _WRAPPERS:
        found = shape.fullmatch(address)
        if found is not None:
            inner = found.expand(target)
            return normalise(unquote(inner) if "://" not in inner else inner) or url
    return url


def _within(repo: str, parts: UrlParts) -> Place:
    path = "/".join(parts.path.strip("/").split("/")[2:])
    if not path:
        return Place(kind="repo", repo=repo)
    for kind, shape in _WITHIN:
        found = shape.fullmatch(path)
        if found is not None:
            named = {key: unquote(value) for key, value in found.groupdict().items()}
            return Place(kind=kind, repo=repo, **named)
    return Place(kind="page", repo=repo, path=f"{path}?{parts.search}" if parts.search else path)

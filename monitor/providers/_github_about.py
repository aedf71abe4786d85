"""GitHub in tables: what its token is worth, its addresses, its probes."""

from collections.abc import Mapping
from datetime import datetime

from monitor.core.checkup import Checkup, Health, Said, odd, of_failure
from monitor.core.json_reading import dig, instant_at, number_at, parse_json, text_at
from monitor.core.model import Json, Url
from monitor.core.ports import Failure, Request, Response
from monitor.core.provider import Way, shapes
from monitor.core.retry_after import retry_after

_ANONYMOUS = 60
"""Calls an hour without a token: docs.github.com, "Rate limits for the REST API"."""

_MAKE_NEW = "make a new one at github.com/settings/personal-access-tokens"
_READS_ONLY = frozenset({"gist", "read:org", "read:user", "public_repo", "user:email"})
"""Scopes with which a classic token can do little harm."""


def _token(said: Said, at: datetime) -> Health:
    """Return what GitHub says of a token, asked for its allowance, which costs nothing.

    Source: docs.github.com/rest/rate-limit, and "About authentication to GitHub" for the
    headers of scopes and expiry.
    """
    if isinstance(said, Failure):
        return of_failure(said)
    if not isinstance(said, Response):
        return odd(0, "GitHub")
    body = parse_json(said)
    message = text_at(body, "message") if not isinstance(body, Failure) else None
    if said.status in {401, 403, 429} and message is not None:
        return _refusal(said, message.lower(), at)
    if said.status == 200 and not isinstance(body, Failure):
        return _allowance(said, body)
    return odd(said.status, "GitHub")


def _refusal(said: Response, message: str, at: datetime) -> Health:
    if said.status == 401:
        says = f"GitHub refuses it (401): it is wrong, expired or revoked; {_MAKE_NEW}."
        return Health(works=False, says=says)
    if said.status == 429 or "rate limit" in message:
        says = "GitHub asks us to slow down, and tells nothing of it just now."
        wait = retry_after(said.headers.get("retry-after"), at)
        return Health(works=None, says=says, retry_at=wait)
    says = "GitHub does not let it ask (403): its owner's or organisation's rules forbid it"
    return Health(works=False, says=f"{says}; {_MAKE_NEW}, or have it allowed.")


def _allowance(said: Response, body: Json) -> Health:
    core = dig(body, "resources", "core")
    limit, left = number_at(core, "limit"), number_at(core, "remaining")
    if limit is None or left is None:
        return odd(said.status, "GitHub")
    if limit <= _ANONYMOUS:
        says = f"GitHub answers as to somebody without a token ({limit} calls an hour): does a"
        return Health(works=False, says=f"{says} proxy take it away?")
    whole = instant_at(core, "reset")
    if left == 0:
        says = f"It works, but its {limit:,} calls of this hour are spent."
        return Health(works=True, says=says, retry_at=whole)
    says = f"It works: {left:,} of {limit:,} calls of this hour are left"
    points = number_at(body, "resources", "graphql", "remaining")
    if points is not None:
        says += f", and {points:,} points for asking of many things at once"
    return Health(works=True, says=f"{says}. {_may(said.headers)}", retry_at=whole)


def _may(headers: Mapping[str, str]) -> str:
    """Return what a token may do, and until when, as far as GitHub's headers tell."""
    told = headers.get("x-oauth-scopes")
    scopes = [scope.strip() for scope in (told or "").split(",") if scope.strip()]
    if told is None:
        says = "It is fine-grained, or an app's: what it may do stands in its settings."
    elif not scopes:
        says = "It may read what is public, and nothing else: just right."
    elif set(scopes) <= _READS_ONLY:
        says = f"Its scopes: {', '.join(scopes)}; none is needed."
    else:
        says = (
            f"It may do more than Linkwell needs (scopes: {', '.join(scopes)}): one without any"
            " scope does, and would be safer here."
        )
    expires = headers.get("github-authentication-token-expiration")
    return f"{says} It expires on {expires[:10]}." if expires else says


CHECKUPS = {
    "github": Checkup(
        asks=Request(
            url=Url("https://api.github.com/rate_limit"),
            headers={
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
            read=65_536,
            credential="github",
        ),
        read=_token,
        better=(
            "5,000 calls an hour instead of 60, many repositories in one call, and pages that ask"
            " again what has not changed for nothing."
        ),
        get=(
            "Make a fine-grained token for public repositories at"
            " github.com/settings/personal-access-tokens and put it into GITHUB_TOKEN."
        ),
    )
}

SHAPES = shapes(
    {
        "repo": (
            "https://github.com/owner/name",
            "https://github.com/owner/name.git",
            "https://github.dev/owner/name",
            "https://codespaces.new/owner/name",
            "ssh://git@github.com/owner/name.git",
            "git://github.com/owner/name.git",
            "git@github.com:owner/name.git",
        ),
        "blob": (
            "https://github.com/owner/name/blob/main/a.py#L10-L20",
            "https://github.com/owner/name/raw/main/a.py",
            "https://github.com/owner/name/blame/main/a.py",
            "https://github.com/owner/name/edit/main/a.py",
            "https://raw.githubusercontent.com/owner/name/main/a.py",
            "https://nbviewer.org/github/owner/name/blob/main/a.ipynb",
            "https://colab.research.google.com/github/owner/name/blob/main/a.ipynb",
            "https://githubtocolab.com/owner/name/blob/main/a.ipynb",
            "https://mybinder.org/v2/gh/owner/name/main?filepath=a.ipynb",
            "https://htmlpreview.github.io/?https://github.com/owner/name/blob/main/a.html",
            "https://cdn.jsdelivr.net/gh/owner/name@main/a.js",
            "https://kaggle.com/kernels/welcome?src=https://github.com/owner/name/blob/main/a.ipynb",
        ),
        "tree": (
            "https://github.com/owner/name/tree/main/folder",
            "https://mybinder.org/v2/gh/owner/name/main",
        ),
        "archive": ("https://github.com/owner/name/archive/refs/heads/main.zip",),
        "commit": (
            "https://github.com/owner/name/commit/0123456789abcdef0123456789abcdef01234567",
        ),
        "issue": ("https://github.com/owner/name/issues/12",),
        "pull": ("https://github.com/owner/name/pull/7",),
        "discussion": ("https://github.com/owner/name/discussions/3",),
        "release": ("https://github.com/owner/name/releases/tag/v1.0",),
        "asset": ("https://github.com/owner/name/releases/download/v1.0/a.zip",),
        "page": (
            "https://github.com/owner/name/releases",
            "https://github.com/owner/name/wiki/Home",
            "https://github.com/owner/name/compare/a...b",
            "https://github.com/owner/name/actions",
        ),
        "user": ("https://github.com/owner", "https://github.com/orgs/owner/repositories"),
        "gist": (
            "https://gist.github.com/owner/0123456789abcdef0123#file-a-py",
            "https://gist.githubusercontent.com/owner/0123456789abcdef0123/raw/a.py",
            "https://mybinder.org/v2/gist/owner/0123456789abcdef0123/main",
        ),
    }
)

_CALL = "One of 60 calls an hour, of 5,000 with a token"
_TREE = Way(
    about="All paths of a branch whose name holds slashes.",
    cost=f"{_CALL}; only where the shorter name is no branch.",
)

WAYS = {
    "graphql": Way(
        about="GraphQL: repositories, branches, paths, issues, releases, people, all at once.",
        cost="One query for 100 addresses, of 5,000 points an hour; needs a token.",
    ),
    "elsewhere": Way(
        about="GraphQL: where else a path may be that is gone, such as on the default branch.",
        cost="One query for 100 addresses; only for what is not there.",
    ),
    "repository": Way(
        about="A repository: its name, default branch, whether it is archived.",
        cost=f"{_CALL}, whatever number of links lead into it.",
    ),
    "tree": Way(
        about="All paths of a branch, tag or commit.",
        cost=f"{_CALL}, whatever number of links lead into it.",
    ),
    "refs": Way(
        about="The branches whose names begin as the address does: a name may hold slashes.",
        cost=f"{_CALL}; only where the first part is no branch.",
    ),
    "tag_refs": Way(
        about="The tags whose names begin as the address does.",
        cost=f"{_CALL}; only where no branch does.",
    ),
    "tree_2": _TREE,
    "tree_3": _TREE,
    "tree_4": _TREE,
    "default_tree": Way(
        about="All paths of the default branch, to offer the same one there.",
        cost=f"{_CALL}; only where a branch is gone.",
    ),
    "branch": Way(
        about="A branch that is not there: whether it was renamed.",
        cost=f"{_CALL}; only where a branch is gone.",
    ),
    "item": Way(
        about="An issue, pull request, commit, release, gist or person.",
        cost=f"{_CALL}, each.",
    ),
    "history": Way(
        about="What git remembers of a path that is gone: where it was moved, when it was removed.",
        cost=(
            "At most three calls a path, asked last, and only while more than half of the hour's"
            " calls are left."
        ),
    ),
    "lines": Way(
        about="The file itself, where a link names a line of it.",
        cost="One request that GitHub does not count as a call; at most 1 MiB.",
    ),
    "page": Way(
        about="The page on the site, where the API cannot tell or may not be asked any more.",
        cost="One request that GitHub does not count as a call; nothing of it is read.",
    ),
    "repo_page": Way(
        about="The page of a repository that the API does not show: whether it is there.",
        cost="One request that GitHub does not count, whatever number of links lead into it.",
    ),
}

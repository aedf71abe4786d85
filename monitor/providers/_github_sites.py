"""Sites on github.io: which repository their pages were made from, and where it is by now.

A site is an ordinary one and is asked as such; of one that is broken GitHub knows more. Pages
are made from the repository `owner/name`, those of the owner's own site from
`owner/owner.github.io`: docs.github.com/pages, "About GitHub Pages".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.core.model import Json, Suggestion, Url, Verdict
from monitor.core.reasons import Reason, Status
from monitor.core.urls import normalise, split
from monitor.providers._github_places import Place, place_of

_HOST = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?)\.github\.io")
_NAME = re.compile(r"(?!\.\.?$)[\w.-]{1,100}", re.ASCII)
_SURE = 0.95


def witnesses(url: Url) -> Sequence[Url]:
    """Return the repositories that a page on github.io may be made from, the likeliest first."""
    parts = split(url)
    found = _HOST.fullmatch(parts.host)
    if found is None or not parts.is_web:
        return ()
    owner = found[1]
    names = [f"{owner}.github.io"]
    if parts.segments and _NAME.fullmatch(parts.segments[0]):
        names.insert(0, parts.segments[0])
    return tuple(Place(kind="repo", repo=f"{owner}/{name}").url for name in names)


def testified(url: Url, broken: Verdict, repository: Url, known: Verdict) -> Verdict:
    """Return a broken page's verdict with what GitHub says of its repository.

    Where that has another name, `instead` is the same page on the site of that name: a guess,
    until it has been asked.
    """
    if known.status is Status.UNKNOWN:
        return broken
    place = place_of(repository)
    name = place.repo if place is not None else ""
    facts: dict[str, Json] = {
        "repository": known.facts.get("full_name"),
        "repository_archived": known.facts.get("archived"),
    }
    return replace(
        broken,
        detail=f"{broken.detail} Its repository {name}: {known.detail}",
        facts={**broken.facts, **{key: fact for key, fact in facts.items() if fact is not None}},
        instead=_moved(url, name, known) if known.reason is Reason.RENAMED else broken.instead,
    )


def _moved(url: Url, name: str, renamed: Verdict) -> Suggestion | None:
    """Return the same page on the site of the repository's new name, or None for no such site."""
    new = place_of(renamed.instead.url) if renamed.instead is not None else None
    if new is None:
        return None
    parts, there = split(url), _root(new.repo)
    rest = f"{parts.path}/".removeprefix(_root(name).partition(".github.io")[2])
    tail = f"?{parts.search}" if parts.search else ""
    moved = f"https://{there}{rest.removesuffix('/').lstrip('/')}{tail}"
    why = f"The site's repository is now called {new.repo}."
    return Suggestion(url=normalise(moved) or Url(moved), why=why, confidence=_SURE)


def _root(repo: str) -> str:
    """Return host and path of a repository's site, with a slash at the end."""
    owner, _, name = repo.partition("/")
    host = f"{owner.lower()}.github.io"
    return f"{host}/" if name.lower() == host else f"{host}/{name}/"

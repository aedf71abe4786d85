"""How GitHub is asked: one REST call for many resources, and what is kept of its answer.

Facts: reference/providers.md C2.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from monitor.core.asking import by_address
from monitor.core.json_reading import dig, instant_at, items_at, number_at, parse_json, text_at
from monitor.core.model import Json, Resource, ResourceId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Ports, Request, Response
from monitor.core.provider import Answer, answers
from monitor.core.retry_after import retry_after
from monitor.core.urls import split
from monitor.providers import _github_passages as passages
from monitor.providers._github_places import NOWHERE, Place, place_of

API = "https://api.github.com"

_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
ANONYMOUS_LIMIT = "60"
"""Calls an hour without a token, as the header `x-ratelimit-limit` tells."""

LONGER = (4, 3, 2)
"""How many parts of an address a branch's name with slashes may be, the longest first."""

_LONGEST_NAME, _MOST_GIST_FILES = 255, 300
"""A gist's further files are not told: docs.github.com/rest/gists, "Truncation"."""

_MOST_LINES = 1024 * 1024
_MOST_ALIKE = 3
_SECONDARY = timedelta(minutes=1)
"""How long to wait at least after a secondary limit that names no instant."""

_MOST_TREE = 8 * 1024 * 1024
"""GitHub cuts a tree at 7 MB: docs.github.com/rest/git/trees."""


class Rest:
    """One REST call for all resources of which it tells; each gets only its own part."""

    credential: str | None = None
    allowance: str | None = "github-rest"

    def __init__(
        self,
        probe: str,
        path: Callable[[Place], str],
        own: Callable[[Json], Callable[[Place], Json]],
        size: int = 1000,
    ) -> None:
        self._probe, self._path, self._own, self.size = probe, path, own, size

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        def address(resource: Resource) -> str:
            place = place_of(resource.url) or NOWHERE
            return self._path(replace(place, repo=place.repo.lower()))  # its names know no case

        return by_address(resources, address, self.size)

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        exchange = await ports.fetch(request(self._path(place_of(batch[0].url) or NOWHERE)))
        parsed = read(exchange)
        if isinstance(parsed, Failure):
            return answers(self._probe, exchange, batch, lambda _: parsed)
        own = self._own(parsed)
        return answers(self._probe, exchange, batch, lambda r: own(place_of(r.url) or NOWHERE))


def request(path: str) -> Request:
    """Return the question for a path of the API; what has not changed is not sent again."""
    return Request(
        url=Url(f"{API}/{path}"),
        headers=_HEADERS,
        read=_MOST_TREE,
        follow=lambda target: split(target).host == "api.github.com",
        credential="github",
        revalidate=True,
    )


def to_spare(headers: Mapping[str, str]) -> bool:
    """Return whether more than half of the hour's calls are left, by an answer's headers."""
    limit = number_at(headers, "x-ratelimit-limit")
    left = number_at(headers, "x-ratelimit-remaining")
    return limit is None or left is None or 2 * left > limit


def tree_of(place: Place, parts: int = 1) -> str:
    """Return the address of all paths of a branch whose name is so many parts of the address."""
    ref = place.with_longer_ref(parts).ref
    return f"repos/{place.repo}/git/trees/{quote(ref, safe='')}?recursive=1"


def default_tree_of(place: Place) -> str:
    """Return the address of all paths of the default branch."""
    return f"repos/{place.repo}/git/trees/HEAD?recursive=1"


def refs_of(place: Place, kind: str) -> str:
    """Return the address of all branches ("heads") or tags whose names begin as the ref does."""
    return f"repos/{place.repo}/git/matching-refs/{kind}/{quote(place.ref, safe='')}"


def branch_of(place: Place) -> str:
    """Return the address of a branch, which redirects where the branch was renamed."""
    return f"repos/{place.repo}/branches/{quote(place.ref, safe='')}"


def read(exchange: Exchange) -> Json | Failure:
    """Return the JSON of an answer; a Failure where our allowance or key is at fault.

    Limits: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
    """
    said, at = exchange.said, exchange.at + exchange.elapsed
    if isinstance(said, Failure):
        return said
    parsed = parse_json(said)
    message = (text_at(None if isinstance(parsed, Failure) else parsed, "message") or "").lower()
    spent = said.status == 429 or said.headers.get("x-ratelimit-remaining") == "0"
    if said.status in {403, 429} and (spent or "rate limit" in message or "abuse" in message):
        reset = instant_at(said.headers, "x-ratelimit-reset") or at + _SECONDARY
        retry_at = retry_after(said.headers.get("retry-after"), at) or max(reset, at)
        return spent_until(retry_at)
    if said.status == 401:
        return Failure(kind=FailureKind.CREDENTIAL, detail="GitHub refuses the token.")
    return None if isinstance(parsed, Failure) and said.status >= 300 else parsed


def spent_until(retry_at: datetime) -> Failure:
    """Return that our allowance is spent, and when it is whole again."""
    detail = (
        "GitHub's allowance of calls for this checker is spent;"
        f" ask again at {retry_at.astimezone(UTC):%H:%M} UTC."
    )
    return Failure(kind=FailureKind.QUOTA, detail=detail, retry_at=retry_at)


def repository(parsed: Json) -> Callable[[Place], Json]:
    """Keep what a judge reads of a repository."""
    keys = ("id", "full_name", "default_branch", "archived", "disabled", "private", "pushed_at")
    kept = {key: dig(parsed, key) for key in (*keys, "description", "message", "block")}
    kept["license"] = dig(parsed, "license", "spdx_id")
    return lambda _place: kept


def item(parsed: Json) -> Callable[[Place], Json]:
    """Keep what a judge reads of an issue, release, commit, person, gist or file."""
    keys = ("html_url", "title", "name", "state", "type", "message", "block")
    kept = {key: dig(parsed, key) for key in keys}
    files = dig(parsed, "files")
    if isinstance(files, Mapping) and dig(parsed, "truncated") is not True:  # a gist's, by name
        kept["files"] = [name[:_LONGEST_NAME] for name in files][:_MOST_GIST_FILES]
    assets = [text_at(asset, "name") for asset in items_at(parsed, "assets")]
    return lambda place: {**kept, "has_asset": place.path in assets}


def refs(parsed: Json) -> Callable[[Place], Json]:
    """Keep for each place how many parts of its address the longest name of a branch has."""
    names = [text_at(each, "ref") or "" for each in items_at(parsed)]
    known = {name.split("/", 2)[2] for name in names if name.count("/") >= 2}

    def own(place: Place) -> Json:
        longer = (n for n in LONGER if place.with_longer_ref(n).ref in known - {place.ref})
        return {"parts": next(longer, 0)}

    return own


def tree_by(parts: int) -> Callable[[Json], Callable[[Place], Json]]:
    """Return what keeps of a tree what `tree` does, for a branch's name of so many parts."""

    def longer(parsed: Json) -> Callable[[Place], Json]:
        own = tree(parsed)
        return lambda place: own(place.with_longer_ref(parts))

    return longer


def tree(parsed: Json) -> Callable[[Place], Json]:
    """Keep for each place its own entry of the tree, and where files of its name stand."""
    entries = {text_at(e, "path") or "": e for e in items_at(parsed, "tree")}
    named: dict[str, list[Json]] = {}
    for path in entries:
        named.setdefault(path.rpartition("/")[2].lower(), []).append(path)
    rest = {key: dig(parsed, key) for key in ("truncated", "message", "block")}

    def own(place: Place) -> Json:
        top = not place.path or place.kind == "archive"
        entry = {"type": "tree"} if top else entries.get(place.path)
        kept = {key: dig(entry, key) for key in ("type", "size", "sha")} if entry else None
        alike = named.get(place.path.rpartition("/")[2].lower(), [])[:_MOST_ALIKE]
        return {"entry": kept, "same_name": alike, **rest}

    return own


def lines_request(resource: Resource) -> Request:
    """Return the request for a file itself, to count its lines."""
    place = place_of(resource.url) or NOWHERE
    path = f"{place.repo}/{quote(place.ref, safe='')}/{quote(place.path)}"
    return Request(url=Url(f"https://raw.githubusercontent.com/{path}"), read=_MOST_LINES)


def lines(response: Response, _ports: Ports) -> Json:
    """Return the number of a file's lines and their digests, or None where not all of it came."""
    whole = response.status == 200 and not response.truncated
    return passages.read(response.body) if whole else None

"""How GitHub is asked of many things at once: one GraphQL query for a hundred resources.

It needs a token. What it shows is there; what it does not show may have a reason that it does
not tell (a block, a transfer), so that REST has the next word. It follows a repository's new
name without saying so. Facts: reference/providers.md C3.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from monitor.core.json_reading import dig, instant_at, items_at, number_at, text_at
from monitor.core.model import Json, Resource, ResourceId, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Ports, Request
from monitor.core.provider import Answer, answers
from monitor.providers import _github_passages as passages
from monitor.providers import _github_rest as rest
from monitor.providers._github_places import NOWHERE, Place, place_of

ADDRESS = Url(f"{rest.API}/graphql")

SIZE = 100
"""Resources a query: GitHub gives up after 10 seconds, and names no limit of its own."""

_MOST_TEXTS = 20
"""Files a query whose text comes along; each is at most 512 KB (`isTruncated`)."""

_MOST_READ = 24 * 1024 * 1024
_LARGEST_NUMBER = 9
"""Digits. A larger one is no Int of GraphQL, and would spoil the whole query."""

_HOUR = timedelta(hours=1)

Fields = Mapping[str, str]
"""What to ask of one resource: a name of ours, and the field in GraphQL's words."""

_REPOSITORY = (
    "databaseId nameWithOwner isArchived isDisabled isPrivate pushedAt url"
    " defaultBranchRef{name} licenseInfo{spdxId}"
)
_OWNER = "owner"


def first_fields(place: Place, *, lines: bool) -> Fields:
    """Return what to ask of a place first: whether it is there."""
    if place.is_within:
        fields = {"ref": _object(place.ref)}
        if place.path and place.kind != "archive":
            fields["object"] = _object(f"{place.ref}:{place.path}", lines=lines)
        return fields if ":" not in place.ref else {}
    assets = f"releaseAssets(first:1,name:{_text(place.path)}){{nodes{{name}}}}"
    by_kind: Mapping[str, Fields] = {
        "commit": {"ref": _object(place.ref)},
        "issue": _numbered("issueOrPullRequest", place, _ISSUE),
        "pull": _numbered("issueOrPullRequest", place, _ISSUE),
        "discussion": _numbered("discussion", place, "{title url}"),
        "release": {"item": _release(place.ref, "")},
        "asset": {"item": _release(place.ref, assets)},
        "user": {_OWNER: _owner(place.path)},
    }
    return by_kind.get(place.kind, {})


def later_fields(place: Place, *, lines: bool) -> Fields:
    """Return where else a place may be: in a branch whose name has slashes, or in the default.

    Of a repository that is not there: whether its owner is.
    """
    if place.kind in {"repo", "page"} and place.repo:
        return {_OWNER: _owner(place.repo.partition("/")[0])}
    if not place.is_within or not place.path or ":" in place.ref:
        return {}
    fields = {"head": _object("HEAD" if place.kind == "archive" else f"HEAD:{place.path}")}
    for parts in rest.LONGER:
        other = place.with_longer_ref(parts)
        if other != place:
            fields[f"ref{parts}"] = _object(other.ref)
            at = f"{other.ref}:{other.path}" if other.path else other.ref
            fields[f"object{parts}"] = _object(at, lines=lines)
    return fields


class Graph:
    """One query for many resources; each gets only its own part of what it says."""

    credential: str | None = "github"
    allowance: str | None = "github-graphql"
    size = SIZE

    def __init__(self, probe: str, fields: Callable[..., Fields]) -> None:
        self._probe, self._fields = probe, fields

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return full batches in which the resources of one repository stand together."""
        batches: list[list[Resource]] = []
        texts = 0
        for resource in sorted(resources, key=_repository_of):
            wants_text = "lines" in resource.needs
            full = not batches or len(batches[-1]) == self.size
            if full or (wants_text and texts == _MOST_TEXTS):
                batches.append([])
                texts = 0
            batches[-1].append(resource)
            texts += wants_text
        return batches

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Ask of all in one query; a part that is missing loses no other."""
        query = Query(batch, self._fields)
        request = Request(
            url=ADDRESS,
            method="POST",
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            body=json.dumps({"query": query.text}).encode(),
            read=_MOST_READ,
            credential="github",
        )
        exchange = await ports.fetch(request)
        said = _read(exchange)
        if isinstance(said, Failure):
            return answers(self._probe, exchange, batch, lambda _: said)
        return answers(self._probe, exchange, batch, lambda r: query.own(r, said))


class Query:
    """A query, and where in its answer each resource has its part.

    Texts stand in it as JSON strings, which are GraphQL's too, so that nothing that a page
    holds can end one.
    """

    def __init__(self, batch: Sequence[Resource], fields: Callable[..., Fields]) -> None:
        self._homes: dict[str, str] = {}
        self._asked: dict[ResourceId, dict[str, tuple[str, ...]]] = {}
        within: dict[str, list[str]] = {}
        above: list[str] = []
        for number, resource in enumerate(batch):
            place = place_of(resource.url) or NOWHERE
            home = self._home(place)
            if home:
                within.setdefault(home, [f"{_opened(place)}{{{_REPOSITORY}"])
            paths = self._asked[resource.id] = {}
            for key, field in fields(place, lines="lines" in resource.needs).items():
                alias = f"{key}_{number}"
                outside = key == _OWNER
                paths[key] = (alias,) if outside else (home, alias)
                (above if outside else within[home]).append(f"{alias}:{field}")
        parts = [f"{home}:{' '.join(asked)}}}" for home, asked in within.items()]
        self.text = "{" + " ".join(("rateLimit{cost remaining resetAt}", *parts, *above)) + "}"

    def _home(self, place: Place) -> str:
        """Return the alias of a place's repository, or "" where it has none."""
        name = place.repo.lower()
        return self._homes.setdefault(name, f"r{len(self._homes)}") if name else ""

    def own(self, resource: Resource, said: Json) -> Json:
        """Return a resource's part: its repository, and what was found of what was asked.

        What is null without an error, or because there is none of it (NOT_FOUND), is known to be
        missing; what another error kept back is not in the part at all.
        """
        place = place_of(resource.url) or NOWHERE
        told = dict(self._told(self._asked.get(resource.id, {}), said))
        if not place.repo:
            return {"found": told}
        home = (self._home(place),)
        part: dict[str, Json] = {"found": told}
        if _is_told(said, home):
            shown = dig(said, "data", *home)
            repository = _repository(shown)
            if shown is None or repository is not None:
                part["repository"] = repository
        return part

    def _told(self, paths: Mapping[str, tuple[str, ...]], said: Json) -> Iterator[tuple[str, Json]]:
        for key, path in paths.items():
            if _is_told(said, path):
                yield key, _thing(dig(said, "data", *path))


def _is_told(said: Json, path: tuple[str, ...]) -> bool:
    """Return whether an answer tells of a path that it is there, or that it is not."""
    above = dig(said, "data", *path[:-1])
    if not isinstance(above, Mapping) or path[-1] not in above:
        return False
    if above[path[-1]] is not None:
        return isinstance(above[path[-1]], Mapping)
    errors = items_at(said, "errors")
    about = [error for error in errors if tuple(items_at(error, "path")) in (path, ())]
    return all(text_at(error, "type") == "NOT_FOUND" and items_at(error, "path") for error in about)


def _read(exchange: Exchange) -> Json | Failure:
    """Return an answer that holds something; a Failure where our allowance or key is at fault."""
    parsed = rest.read(exchange)
    said = exchange.said
    if isinstance(said, Failure) or isinstance(parsed, Failure):
        return said if isinstance(said, Failure) else parsed
    kinds = {text_at(error, "type") for error in items_at(parsed, "errors")}
    if kinds & {"RATE_LIMIT", "RATE_LIMITED"}:
        at = exchange.at + exchange.elapsed
        reset = instant_at(said.headers, "x-ratelimit-reset") or at + _HOUR
        return rest.spent_until(max(reset, at))
    if said.status != 200 or not isinstance(dig(parsed, "data"), Mapping):
        detail = f"GitHub answered {said.status} to a query, without what was asked for."
        return Failure(kind=FailureKind.UNREADABLE, detail=detail)
    return parsed


def _repository(found: Json) -> Json:
    """Return a repository in the words of REST, or None for none."""
    if not isinstance(found, Mapping) or text_at(found, "nameWithOwner") is None:
        return None
    return {
        "id": number_at(found, "databaseId"),
        "full_name": text_at(found, "nameWithOwner"),
        "default_branch": text_at(found, "defaultBranchRef", "name"),
        "archived": dig(found, "isArchived"),
        "disabled": dig(found, "isDisabled"),
        "private": dig(found, "isPrivate"),
        "pushed_at": text_at(found, "pushedAt"),
        "license": text_at(found, "licenseInfo", "spdxId"),
    }


def _thing(found: Json) -> Json:
    """Return what a judge reads of a thing, or None for none; of a text only its lines."""
    if not isinstance(found, Mapping):
        return None
    text = None if dig(found, "isTruncated") is True else text_at(found, "text")
    assets = [text_at(node, "name") for node in items_at(found, "releaseAssets", "nodes")]
    return {
        "type": text_at(found, "__typename"),
        "size": number_at(found, "byteSize"),
        **({} if text is None else passages.read(text.encode("utf-8", "replace"))),
        "title": text_at(found, "title") or text_at(found, "name") or text_at(found, "login"),
        "state": text_at(found, "state"),
        "html_url": text_at(found, "url"),
        "assets": assets,
    }


def _repository_of(resource: Resource) -> str:
    return (place_of(resource.url) or NOWHERE).repo.lower()


# --- GraphQL's words ---

_ISSUE = "{__typename ... on Issue{title state url} ... on PullRequest{title state url}}"


def _text(value: str) -> str:
    return json.dumps(value)


def _opened(place: Place) -> str:
    owner, _, name = place.repo.partition("/")
    return f"repository(owner:{_text(owner)},name:{_text(name)})"


def _object(expression: str, *, lines: bool = False) -> str:
    blob = "byteSize isBinary isTruncated text" if lines else "byteSize"
    return f"object(expression:{_text(expression)}){{__typename ... on Blob{{{blob}}}}}"


def _numbered(field: str, place: Place, what: str) -> Fields:
    number = place.path
    known = len(number) <= _LARGEST_NUMBER and number.isascii() and number.isdigit()
    return {"item": f"{field}(number:{int(number)}){what}"} if known else {}


def _release(tag: str, more: str) -> str:
    return f"release(tagName:{_text(tag)}){{name url {more}}}"


def _owner(login: str) -> str:
    return f"repositoryOwner(login:{_text(login)}){{login url}}"

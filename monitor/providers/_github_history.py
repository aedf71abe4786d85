"""What git remembers of a path that is gone: where it was moved, or when it was removed.

At most three calls a path: the last commit that touched it, what that commit did, and then what
became of the new name since (a comparison joins all later renames into one), or, where the file
was removed, all paths of the branch, among which its very content may stand. It makes a verdict
more useful, not another one, so that it is asked last, and only while half of the hour's calls
is left to other links.
Facts: docs.github.com/rest/commits; `files` of a commit and of a comparison, at most 300 of them,
are entries of one form, with `previous_filename` where git sees a rename; `sha` is the content's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from monitor.core.json_reading import dig, items_at, text_at
from monitor.core.model import ExchangeId, Json, Resource, ResourceId, Verdict
from monitor.core.ports import Exchange, Failure, FailureKind, Ports, Response
from monitor.core.provider import Answer, Ask, Document
from monitor.providers import _github_rest as rest
from monitor.providers._github_case import Case, suggested
from monitor.providers._github_places import COMMIT, NOWHERE, Place, place_of

PROBE = "history"

_EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
"""The id of a file without content, as git makes it: many files are empty."""

_MOST_FILES = 300
_MOVED = ("Git says that it was moved there.", 0.95)
_SAME = ("The very content of the removed file stands there.", 0.85)


class History:
    """Asks after paths that are gone, each by itself."""

    credential: str | None = None
    allowance: str | None = "github-rest"
    size = 100

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        """Return full batches, those of one branch together: what moved, moved together.

        The calls that are left are watched over a whole batch, so that many make one.
        """

        def branch(resource: Resource) -> tuple[str, str]:
            place = place_of(resource.url) or NOWHERE
            return place.repo.lower(), place.ref

        ordered = sorted(resources, key=branch)
        return [ordered[n : n + self.size] for n in range(0, len(ordered), self.size)]

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        """Return what git remembers of each, as far as our calls last."""
        calls = _Calls(ports)
        return {resource.id: await _answer(resource, calls) for resource in batch}


def judge(case: Case, gone: Verdict) -> Verdict | Ask:
    """Return that a path is gone, with where git says that it is now, or when it went."""
    if case.may_ask(PROBE) and case.has_calls_to_spare():
        return Ask(PROBE)
    commit, day = text_at(case.body(PROBE), "commit"), text_at(case.body(PROBE), "date")
    if commit is None:
        return gone
    on = f" on {day[:10]}" if day else ""
    detail = f"{gone.detail} Commit {commit[:10]} took it away{on}."
    facts = {"removed_by": commit, "removed_at": day} if day else {"removed_by": commit}
    gone = replace(gone, detail=detail, facts={**gone.facts, **facts})
    name, now = text_at(case.body(PROBE), "name"), text_at(case.body(PROBE), "now")
    if now:
        why, confidence = _SAME if name is None else _MOVED
        return replace(gone, instead=suggested(replace(case.place, path=now), why, confidence))
    return (
        replace(gone, detail=f"{detail} It became “{name}”, which is not there.") if name else gone
    )


class _Calls:
    """The calls of one batch: each address once, and no more once our calls come to an end."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.over: Failure | None = None
        self._heard: dict[str, Exchange] = {}

    async def get(self, path: str, used: list[ExchangeId]) -> Json:
        """Return what the API says, or None where it says nothing, or may not be asked."""
        if path not in self._heard:
            if self.over is not None:
                return None
            self._heard[path] = await self.ports.fetch(rest.request(path))
        exchange = self._heard[path]
        used.append(exchange.id)
        parsed = rest.read(exchange)
        if isinstance(parsed, Failure):
            self.over = parsed
            return None
        if isinstance(exchange.said, Response) and not rest.to_spare(exchange.said.headers):
            detail = "What is left of the hour's calls is left to other links."
            self.over = self.over or Failure(kind=FailureKind.STOPPED, detail=detail)
        return parsed


async def _answer(resource: Resource, calls: _Calls) -> Answer:
    place = place_of(resource.url) or NOWHERE
    used: list[ExchangeId] = []
    body = await _remembered(place, calls, used)
    said: Document | Failure = Document(status=200, url=resource.url, body=body)
    if not body and calls.over is not None:
        said = calls.over
    return Answer(probe=PROBE, at=calls.ports.now(), said=said, exchanges=tuple(used))


async def _remembered(place: Place, calls: _Calls, used: list[ExchangeId]) -> dict[str, Json]:
    """Return the commit that took a path away, the name it gave it, and where it is by now."""
    home, ref = f"repos/{place.repo}", quote(place.ref, safe="")
    asked = f"sha={ref}&path={quote(place.path, safe='')}&per_page=1"
    last = dig(await calls.get(f"{home}/commits?{asked}", used), 0)
    commit = text_at(last, "sha") or ""
    if not COMMIT.fullmatch(commit):
        return {}
    body: dict[str, Json] = {"commit": commit, "date": text_at(last, "commit", "committer", "date")}
    files = items_at(await calls.get(f"{home}/commits/{commit}", used), "files")
    name = _renamed(files, place)
    if name is not None and place.kind == "blob":
        since = await calls.get(f"{home}/compare/{commit}...{ref}?per_page=1", used)
        return {**body, "name": name, "now": _later(since, name)}
    content = _content(files, place.path)
    if name is None and content is None:
        return body
    entries = items_at(await calls.get(rest.tree_of(place), used), "tree")
    if name is not None:
        there = any(text_at(entry, "path") == name for entry in entries)
        return {**body, "name": name, "now": name if there else None}
    same = [text_at(entry, "path") for entry in entries if text_at(entry, "sha") == content]
    return {**body, "now": same[0] if len(same) == 1 else None}


def _renamed(files: Sequence[Json], place: Place) -> str | None:
    """Return the new name of a file, or of a folder whose files all moved alike; else None."""
    moved = {
        text_at(file, "previous_filename") or "": text_at(file, "filename") or "" for file in files
    }
    if place.kind == "blob":
        return moved.get(place.path) or None
    inside = [(old, new) for old, new in moved.items() if old.startswith(f"{place.path}/")]
    tails = [old.removeprefix(place.path) for old, _ in inside]
    alike = all(new.endswith(tail) for (_, new), tail in zip(inside, tails, strict=True))
    folders = {new.removesuffix(tail) for (_, new), tail in zip(inside, tails, strict=True)}
    return (folders.pop() or None) if alike and len(folders) == 1 else None


def _later(since: Json, name: str) -> str | None:
    """Return what a file is called after all later commits; None where it is gone, or unsure."""
    files = items_at(since, "files")
    for file in files:
        if text_at(file, "previous_filename") == name:
            return text_at(file, "filename")
        if text_at(file, "filename") == name and text_at(file, "status") == "removed":
            return None
    named = {text_at(file, "filename") for file in files}
    told = dig(since, "files") is not None and (len(files) < _MOST_FILES or name in named)
    return name if told else None


def _content(files: Sequence[Json], path: str) -> str | None:
    """Return the id of the content that a removed file had, or None."""
    removed = (f for f in files if text_at(f, "filename") == path)
    content = next((text_at(f, "sha") for f in removed if text_at(f, "status") == "removed"), None)
    return content if content != _EMPTY else None

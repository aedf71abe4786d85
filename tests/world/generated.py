"""A world in which everything is alive that the links of a folder name.

`generated(Source(folder=…, base_url=…, variables=…))` reads the pages as Linkwell does, and
makes of every link what its host would need to have: a video long enough for its `t=`, a file, a
repository with this path in this branch and so many lines, a page with this heading. What stands
behind a short link nobody knows here: a folder of Drive, always the same; nor what a playlist
holds: one video.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn

from monitor.config import Limits, Source
from monitor.core.model import Link, Page
from monitor.core.ports import Request
from monitor.core.urls import UrlParts, split
from monitor.crawl.reading import pages
from monitor.extract.links import extract
from tests.world.scenario import merged

BEHIND_SHORT_LINKS = "1BehindEveryShortLink000000000000"
IN_PLAYLISTS = "In_Playlist"

_SHORTENERS = frozenset(
    "bit.ly bitly.com tinyurl.com goo.gl t.co is.gd v.gd ow.ly git.io forms.gle lnkd.in".split()  # noqa: SIM905
)
_VIDEO_PATHS = frozenset({"embed", "v", "e", "shorts", "live"})
_SECONDS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
_LINE = re.compile(r"L(\d+)")


def generated(source: Source, *, published: bool = False) -> dict[str, Any]:
    """Return the state of a world made from the links of a source on this disk.

    `published` tells that the source's own site has the pages of the folder and no others: what
    its links name wrongly is then missing. Its pictures and other files are there all the same.
    """
    read = asyncio.run(_read(source))
    links = [link for page in read for link in extract(page, source.variables).links]
    own = split(source.base_url).host if published and source.base_url else ""
    state: dict[str, Any] = merged([])
    for page in read if own else ():
        if page.url is not None:
            _publish(state, split(page.url))
    for link in links:
        parts = split(link.url)
        if parts.host != own or _suffix(parts) in _TYPES or _is_published(state, parts):
            _maker(parts.host)(state, parts, link)
    return state


def _publish(state: dict[str, Any], parts: UrlParts) -> None:
    """Make a page as GitHub Pages has it: without the slash at its end it redirects."""
    _page(state, parts, None)
    if parts.path.endswith("/") and parts.path != "/":
        moved = {"status": 301, "to": parts.path}
        state["sites"][parts.host]["pages"][parts.path.rstrip("/")] = moved


def _is_published(state: Mapping[str, Any], parts: UrlParts) -> bool:
    return parts.path in state["sites"].get(parts.host, {"pages": {}})["pages"]


async def _read(source: Source) -> Sequence[Page]:
    async def fetch(request: Request) -> NoReturn:
        raise AssertionError(f"a source on this disk needs no network: {request.url}")

    def now() -> datetime:
        return datetime.now(UTC)

    carry: Callable[[Request], Any] = fetch
    return [page async for page in pages(source, carry, now, Limits()) if isinstance(page, Page)]


Maker = Callable[[dict[str, Any], UrlParts, Link | None], None]


def _maker(host: str) -> Maker:
    if host in _SHORTENERS:
        return _short_link
    if host.endswith(("youtube.com", "youtu.be", "youtube-nocookie.com", "ytimg.com")):
        return _video
    return _MAKERS.get(host, _page)


def _video(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    query, words = dict(parts.query), parts.segments
    youtube = state["youtube"]
    if "list" in query:
        playlist = {"title": "All lectures", "items": [IN_PLAYLISTS]}
        youtube.setdefault("playlists", {})[query["list"]] = playlist
        youtube.setdefault("videos", {})[IN_PLAYLISTS] = {"seconds": 600}
    if words[:1] and (words[0].startswith("@") or words[0] in {"channel", "c", "user"}):
        name = words[0] if words[0].startswith("@") else words[1]
        youtube.setdefault("channels", {})[name] = "Somebody"
    by_path = words[:1] if parts.host == "youtu.be" else words[1:2]
    elsewhere = parts.host in {"www.youtube.com", "youtube.com", "m.youtube.com"}
    inside = not elsewhere or (words and words[0] in _VIDEO_PATHS)
    id_ = query.get("v", by_path[0] if inside and by_path else "")
    if len(id_) != 11:
        return
    videos = youtube.setdefault("videos", {})
    known = videos.setdefault(id_, {"title": f"Lecture {id_}", "seconds": 600})
    named = [_seconds(query.get(name, "")) + 60 for name in ("t", "start", "end")]
    known["seconds"] = max(known["seconds"], *named)


def _seconds(written: str) -> int:
    matched = _SECONDS.fullmatch(written)
    hours, minutes, seconds = (int(n or 0) for n in matched.groups()) if matched else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _file(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    query, words = dict(parts.query), parts.segments
    if parts.host == "colab.research.google.com" and words[:1] != ("drive",):
        _wrapped(state, parts, link)
        return
    after = [n for n, word in enumerate(words[:-1]) if word in {"d", "folders", "drive"}]
    behind = words[after[-1] + 1 :] if after else ()
    id_ = query.get("id", "".join(behind[1:2] if behind[:1] == ("e",) else behind[:1]))
    if len(id_) < 10:
        return
    kind = "folder" if "folders" in words or "folder" in parts.path else "file"
    if parts.host == "docs.google.com" and words[0] != "uc":
        kind = next((w for w in words if w in _EDITORS), "document")
    if parts.host == "colab.research.google.com":
        kind = "colab"
    key = {"key": query["resourcekey"]} if "resourcekey" in query else {}
    state["drive"].setdefault("files", {})[id_] = {"kind": kind, "name": f"{id_[:8]}.pdf", **key}


_EDITORS = frozenset({"document", "spreadsheets", "presentation", "forms", "drawings"})


def _wrapped(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    """Make the page of a viewer, and what it shows."""
    _page(state, parts, link)
    words = list(parts.segments)
    if "gh" in words or "github" in words:
        at = words.index("gh" if "gh" in words else "github")
        owner, name, *rest = words[at + 1 :] or ("", "")
        if parts.host == "mybinder.org":
            rest = ["tree", *rest]
        _repository(state, owner, name, rest, "")


def _github(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    words = list(parts.segments)
    if parts.host == "raw.githubusercontent.com":
        words[2:2] = ["blob"]
    if len(words) < 2:
        state["github"].setdefault("users", []).extend(words)
        return
    _repository(state, words[0], words[1].removesuffix(".git"), words[2:], parts.fragment)


def _repository(
    state: dict[str, Any], owner: str, name: str, rest: Sequence[str], fragment: str
) -> None:
    repos = state["github"].setdefault("repos", {})
    names = {known.lower(): known for known in repos}
    name = names.get(f"{owner}/{name}".lower(), f"{owner}/{name}")
    new = {"default_branch": "master", "branches": {"master": ["README.md"]}, "lines": {}}
    known = repos.setdefault(name, new)
    match rest:
        case (("blob" | "tree" | "raw" | "blame" | "edit") as kind, ref, *path):
            files = known["branches"].setdefault(ref, ["README.md"])
            where = "/".join(path) if kind != "tree" else "/".join((*path, "README.md"))
            if where and where not in files:
                files.append(where)
            lines = [int(n) for n in _LINE.findall(fragment)]
            known["lines"][where] = max([known["lines"].get(where, 40), *lines])
        case (("issues" | "pull" | "discussions") as kind, number, *_) if number.isdigit():
            kinds = {"issues": "issues", "pull": "pulls", "discussions": "discussions"}
            known.setdefault(kinds[kind], []).append(int(number))
        case "wiki", page, *_:
            known.setdefault("wiki", ["Home"]).append(page)
        case "releases", "tag", tag:
            known.setdefault("releases", {}).setdefault(tag, [])
        case "releases", "download", tag, asset:
            known.setdefault("releases", {}).setdefault(tag, []).append(asset)


def _gist(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    owner, id_, *_ = (*parts.segments, "", "")
    state["github"].setdefault("gists", {})[id_ or owner] = {"owner": owner, "files": ["a.py"]}


def _short_link(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    to = f"https://drive.google.com/drive/folders/{BEHIND_SHORT_LINKS}"
    state["short"].setdefault(parts.host, {})["/".join(parts.segments)] = to
    folder = {"name": "Slides", "kind": "folder", "entries": 3}
    state["drive"].setdefault("files", {})[BEHIND_SHORT_LINKS] = folder


def _page(state: dict[str, Any], parts: UrlParts, link: Link | None) -> None:
    site = state["sites"].setdefault(parts.host, {"pages": {}})
    search = f"?{parts.search}" if parts.search else ""
    target = f"{parts.path}{search}" or "/"
    known = site["pages"].setdefault(target, {"title": f"The page {parts.path}", "ids": []})
    known = site["pages"][known["to"]] if "to" in known else known
    if (suffix := _suffix(parts)) in _TYPES:
        known |= {"type": _TYPES[suffix], "body": "content"}
    elif parts.fragment and parts.fragment not in known["ids"]:
        known["ids"].append(parts.fragment)


def _suffix(parts: UrlParts) -> str:
    return parts.path.rpartition(".")[2].lower()


_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "zip": "application/zip",
    "ipynb": "application/json",
    "mp4": "video/mp4",
}

_MAKERS: Mapping[str, Maker] = {
    "drive.google.com": _file,
    "docs.google.com": _file,
    "colab.research.google.com": _file,
    "github.com": _github,
    "raw.githubusercontent.com": _github,
    "gist.github.com": _gist,
    "nbviewer.org": _wrapped,
    "nbviewer.jupyter.org": _wrapped,
    "mybinder.org": _wrapped,
}

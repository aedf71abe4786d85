"""What a link into GitHub names besides the thing itself: lines, a gist's file, a form of address.

Facts: reference/providers.md C1. That GitHub serves no git:// since 2022 stands there too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from monitor.core.anchors import missing
from monitor.core.json_reading import dig, items_at
from monitor.core.model import Json, Link, Suggestion, Url, Verdict
from monitor.core.reasons import Reason, Status
from monitor.core.urls import normalise, split, without_fragment
from monitor.providers import _github_passages as passages
from monitor.providers._github_places import COMMIT, Place, cloned, place_of

_OF_GIST_FILE = re.compile(r"file-.+")
_LINES_OF_FILE = re.compile(r"-L\d+(?:-L?\d+)?$")
_RENDERED = re.compile(
    r".*\.(?:md|markdown|mkdn?|rst|adoc|asciidoc|org|textile|rdoc|mediawiki|creole|pod|ipynb)",
    re.IGNORECASE,
)
"""Files that GitHub shows as pages, whose headings have anchors of their own: "File sizes"."""
_ENDS_AS_FILE = re.compile(
    r".+-(?:cc|cpp|cs|css|csv|go|hpp|html|ipynb|java|jl|json|jsx?|kt|lua|md|php|pl|py|rb|rs|sh|sql"
    r"|swift|tex|toml|tsx?|txt|xml|ya?ml)"
)
"""What no heading is likely to end with."""

_RAW, _FILE = "raw ", "#file-"
_SAME_FILE = 0.6


def needs_of(place: Place, url: Url) -> frozenset[str]:
    """Return what a link wants looked up besides: the lines of a file, a file of a gist."""
    named = _gist_file(url) if place.kind == "gist" else None
    return frozenset({named}) if named else passages.wanted(place, split(url).fragment)


def missing_of(needs: frozenset[str], names: Json) -> dict[str, Json]:
    """Return which files that links name a gist lacks, as facts; `names` are all that it has.

    None of a gist whose files are not all known, nor of names in other scripts, whose anchors
    are not documented.
    """
    files = [name for name in (names if isinstance(names, list) else ()) if isinstance(name, str)]
    if not files:
        return {}
    wanted = sorted(need.removeprefix(_RAW) for need in needs if need.startswith(_RAW))
    raw: list[Json] = [name for name in wanted if name not in files]
    anchors: dict[str, Json] = {}
    if all(map(str.isascii, files)):
        for need in sorted(need for need in needs if need.startswith(_FILE)):
            anchors.update(_anchor_missing(need.removeprefix("#"), files))
    return {"files_missing": raw or None, "anchors_missing": anchors or None}


def judge(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict of this very link, its suggestion in the link's own form."""
    if verdict.reason is Reason.ALIVE:
        verdict = passages.beyond(link, _of_gist_file(link, verdict))
    return _of_git(link, _adapted(link, verdict))


# --- a gist's files ---


def _gist_file(url: Url) -> str | None:
    """Return the need that a link to one file of a gist has, or None for another link."""
    parts = split(url)
    if parts.host == "gist.github.com" and _OF_GIST_FILE.fullmatch(parts.fragment):
        return f"#{parts.fragment}"
    raw = parts.host == "gist.githubusercontent.com" and parts.segments[2:3] == ("raw",)
    file = parts.segments[3:]
    # With a commit before it the file is of that day.
    return f"{_RAW}{file[0]}" if raw and len(file) == 1 and not COMMIT.fullmatch(file[0]) else None


def _anchor_missing(fragment: str, files: Sequence[str]) -> Mapping[str, Json]:
    """Return a fragment that names no file, with the nearest that does; empty where one may."""
    told = unquote(fragment)
    there = [_folded(name) for name in files]
    wanted = _folded(told.removeprefix("file-"))
    of_file = _folded(_LINES_OF_FILE.sub("", told).removeprefix("file-"))
    a_heading = any(map(_RENDERED.fullmatch, files)) and not _ENDS_AS_FILE.fullmatch(wanted)
    if not told.isascii() or {wanted, of_file} & set(there) or a_heading:
        return {}
    near = missing([wanted], there).get(wanted)
    return {fragment: f"file-{near}" if near else None}


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def _of_gist_file(link: Link, verdict: Verdict) -> Verdict:
    named = _gist_file(link.url) or ""
    if named.removeprefix(_RAW) in items_at(verdict.facts, "files_missing"):
        detail = f"The gist is there, but it has no file “{named.removeprefix(_RAW)}”."
        return replace(verdict, reason=Reason.PATH_GONE, detail=detail)
    lacking = dig(verdict.facts, "anchors_missing")
    fragment = named.removeprefix("#")
    if not isinstance(lacking, Mapping) or fragment not in lacking:
        return verdict
    detail = f"The gist is there, but no file of it is called “{fragment}” in its address."
    verdict = replace(verdict, reason=Reason.PART_MISSING, detail=detail)
    near = lacking[fragment]
    url = normalise(f"{without_fragment(link.url)}#{near}") if isinstance(near, str) else None
    if url is None:
        return verdict
    why = "A file of the gist has a similar name."
    return replace(verdict, instead=Suggestion(url=url, why=why, confidence=_SAME_FILE))


# --- forms of address ---


def _adapted(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict with its suggestion in the link's own form: wrapper, #L10 and all."""
    old, instead = place_of(link.url), verdict.instead
    new = place_of(instead.url) if instead is not None else None
    if old is None or new is None or instead is None or "#" in instead.url:
        return verdict
    fragment = split(link.url).fragment
    url = f"{instead.url}#{fragment}" if fragment else instead.url
    if verdict.reason is Reason.RENAMED and f"/{old.repo}" in link.url:
        url = link.url.replace(f"/{old.repo}", f"/{new.repo}", 1)
    return replace(verdict, instead=replace(instead, url=normalise(url) or instead.url))


def _of_git(link: Link, verdict: Verdict) -> Verdict:
    """Return the verdict of an address that is git's: some of them nobody serves or reads."""
    home = cloned(link.written) or cloned(link.url)
    place = place_of(home) if home is not None else None
    if place is None or verdict.status not in {Status.OK, Status.WARNING}:
        return verdict
    new = place_of(verdict.instead.url) if verdict.instead is not None else None
    instead = Suggestion(url=(new or place).url, why="Git and browsers read it.", confidence=0.95)
    if split(link.url).scheme in {"git", "git+git"}:
        detail = "GitHub does not serve addresses with git:// any more, since 2022."
        return replace(verdict, reason=Reason.MOVED, detail=detail, instead=instead)
    # A list of addresses may be one for git; on a page somebody clicks on them.
    if link.occurrence.element and link.written.strip().lower().startswith("git@"):
        detail = "Git reads it; browsers take it for a page beside the one that it stands on."
        return replace(verdict, reason=Reason.MALFORMED_URL, detail=detail, instead=instead)
    return verdict

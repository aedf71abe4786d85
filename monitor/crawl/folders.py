"""The files of a folder that are pages, in order; what is hidden or ignored is left out."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.crawl.patterns import IgnoreLine, ignore_lines, included, left_out
from monitor.crawl.permalinks import HTML_SUFFIXES, MARKDOWN_SUFFIXES, is_pretty

NO_PAGES = frozenset({"_site", "_build", "node_modules", "vendor", "__pycache__", "venv"})
"""Folders of built sites and of other people's files: a copy of a page is no second page."""

SITE_CONFIGURATION = "_config.yml"
"""Jekyll's; beside it folders that begin with an underscore hold no pages."""

_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFile:
    """A file of a folder: its path relative to it, and what its address depends on."""

    path: str
    pretty: bool
    has_index: bool


def files(folder: Path, include: Sequence[str]) -> Iterator[FolderFile]:
    """Yield the Markdown and HTML files of a folder and all beneath, sorted by path.

    `include` are patterns of the paths to take; with them the suffix does not matter. Links to
    folders are not followed.
    """
    site = folder / SITE_CONFIGURATION
    pretty = is_pretty(beginning(site))
    jekyll = site.is_file()
    above = _above(folder)
    found: list[FolderFile] = []
    lines: dict[str, tuple[IgnoreLine, ...]] = {}
    for where, folders, names in os.walk(folder):
        relative = Path(where).relative_to(folder).as_posix()
        base = "" if relative == "." else f"{relative}/"
        parent = base.rstrip("/").rpartition("/")[0]
        inherited = lines.get(f"{parent}/" if parent else "", ()) if base else above
        lines[base] = inherited + ignore_lines(beginning(Path(where) / ".gitignore"), base)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and name not in NO_PAGES
            and not (jekyll and name.startswith("_"))
            and not left_out(f"{base}{name}", lines[base], folder=True)
        ]
        has_index = any(name.lower().startswith("index.") for name in names)
        found += (
            FolderFile(path=base + name, pretty=pretty, has_index=has_index)
            for name in names
            if not name.startswith(".")
            and (include or name.lower().endswith(MARKDOWN_SUFFIXES + HTML_SUFFIXES))
            and included(base + name, include)
            and not left_out(base + name, lines[base], folder=False)
            and (Path(where) / name).is_file()
        )
    yield from sorted(found, key=lambda file: file.path)


def _above(folder: Path) -> tuple[IgnoreLine, ...]:
    """Return what the .gitignore files above a folder say of it, up to the checkout's root."""
    here = folder.resolve()
    if (here / ".git").exists():
        return ()
    found: tuple[IgnoreLine, ...] = ()
    for parent in here.parents:
        steps = here.relative_to(parent).as_posix() + "/"
        found = (*_seen_from(steps, ignore_lines(beginning(parent / ".gitignore"), "")), *found)
        if (parent / ".git").exists():
            return found
    return ()  # no checkout: whatever .gitignore lies above concerns something else


def _seen_from(steps: str, lines: Sequence[IgnoreLine]) -> Iterator[IgnoreLine]:
    """Yield the lines of a folder above as one of its folders sees them.

    A pattern of names counts as it is; one of paths counts where it begins with the steps
    that lead down here.
    """
    for line in lines:
        pattern = line.pattern.removeprefix("/")
        if "/" not in line.pattern or pattern.startswith("**/"):
            seen = line.pattern
        elif pattern.startswith(steps):
            seen = "/" + pattern.removeprefix(steps)
        else:
            continue
        yield IgnoreLine(
            base="", pattern=seen, negated=line.negated, folders_only=line.folders_only
        )


def beginning(path: Path) -> str:
    """Return the text of a file, of a large one its beginning; "" where there is none to read."""
    try:
        with path.open("rb") as opened:
            return opened.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""

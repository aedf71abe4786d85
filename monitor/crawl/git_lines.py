"""Which file of a git checkout a page is, and what a branch changes in it: the door to git."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from monitor.config import STANDARD_INPUT, Source
from monitor.core.checkout import EVERY_LINE, Change, Lines, moved_files, touched_lines
from monitor.core.errors import ConfigError
from monitor.core.model import PageRecord
from monitor.crawl.folders import files
from monitor.extract.decode import decode

_SECONDS = 120
"""How long git may take; a diff of a large repository takes seconds."""

_QUIETLY = ("--no-pager", "--no-optional-locks", "-c", "core.quotePath=false")
"""Git writes nothing and draws nothing; paths come as they are, as far as they can."""

_DIFF = (
    *("diff", "--unified=0", "--inter-hunk-context=0", "--find-renames", "-l0", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--text", "--no-relative", "--ignore-submodules"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--diff-algorithm=myers"),
    *("-O/dev/null", "--indent-heuristic"),
)
"""Whatever the user has set for himself (colours, prefixes, filters, limits) does not count."""

_NO_PAGES = (
    *("png", "jpg", "jpeg", "gif", "webp", "ico", "bmp", "tif", "tiff", "avif", "heic", "psd"),
    *("mp3", "m4a", "ogg", "wav", "flac", "mp4", "m4v", "mov", "mkv", "avi", "webm", "pdf"),
    *("zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "whl", "exe", "dll"),
    *("so", "dylib", "bin", "iso", "woff", "woff2", "ttf", "otf", "eot", "sqlite", "sqlite3"),
    *("parquet", "npy", "npz", "pt", "pth", "onnx", "safetensors"),
)
"""Endings of files that are large and no text: with `--text` git would write them all out."""

_BUT_NO_MEDIA = (":/", *(f":(top,exclude,icase)*.{ending}" for ending in _NO_PAGES))

_NOT_HEARD = re.compile(r"GIT_(DIFF_OPTS|EXTERNAL_DIFF|(LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS)")
"""Variables that would change what git says (git-scm.com/docs/git, "Environment Variables")."""

_LONE = re.compile(r"\r(?!\n)")


def files_of(
    sources: Sequence[Source], pages: Iterable[PageRecord], top: Path
) -> Mapping[str, str]:
    """Return the pages that are files below `top`, by name, each with its path from there."""
    by_label = {source.label: source for source in sources}
    found: dict[str, str] = {}
    for page in pages:
        source = by_label.get(page.source)
        file = _file(source, page.name) if source is not None else None
        path = _below(top, file) if file is not None else None
        if path is not None:
            found[page.name] = path
    return found


def top_of(sources: Sequence[Source]) -> Path | None:
    """Return the top folder of the checkout that the sources stand in, None where they do not.

    Of several checkouts it is that of the first source.
    """
    for folder in (folder for source in sources if (folder := _folder(source)) is not None):
        here = folder.resolve()
        for each in (here, *here.parents):
            if (each / ".git").exists():
                return each
    return None


def change_since(sources: Sequence[Source], base: str) -> Change:
    """Return what the branch does to the checkout's files since it left `base`.

    What is not committed yet counts, files that git does not know yet as a whole. Renames are
    followed: of a file that only moved no line is touched. Lines are counted as those of a page
    are. Raises ConfigError where a source is no file in one git checkout, where git ignores a
    page of it, where git is missing, and where `base` cannot be told.
    """
    top = _only_top(sources)
    fork = _fork(top, base)
    _none_ignored(top, sources)
    diff = _said(top, *_DIFF, fork, "--", *_BUT_NO_MEDIA)
    lines = {path: _as_read(top / path, some) for path, some in touched_lines(diff).items()}
    unknown = _listed(top, "ls-files", "--others", "--exclude-standard", "-z", "--full-name")
    lines |= dict.fromkeys(unknown, EVERY_LINE)
    before = _listed(top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", fork)
    now = _listed(top, "ls-files", "-z", "--full-name") | unknown
    return Change(touched=lines, new=frozenset(now - before), moved=moved_files(diff))


def _as_read(file: Path, lines: Lines) -> Lines:
    """Return the lines of a file that git counts as those that reading counts.

    For git a carriage return alone ends no line, for HTML and Markdown it does.
    """
    try:
        text = decode(file.read_bytes(), None).text if lines else ""
    except OSError:
        return lines
    if _LONE.search(text) is None:
        return lines
    counts = [1 + line.removesuffix("\r").count("\r") for line in text.split("\n")]
    starts = list(accumulate(counts, initial=1))
    last = len(counts)
    return [
        range(starts[min(some.start - 1, last)], starts[min(some.stop - 1, last)]) for some in lines
    ]


def _none_ignored(top: Path, sources: Sequence[Source]) -> None:
    """Raise ConfigError where git ignores a page: nothing of it would ever be new."""
    for source in sources:
        place = source.folder or source.path
        within = _below(top, place) if place is not None else None
        if place is None or within is None:
            continue
        pages = [place / each.path for each in files(place, source.include)]
        read = {_below(top, page): page for page in pages or [place]}
        tell = ("--others", "--ignored", "--exclude-standard", "-z", "--full-name")
        ignored = _listed(top, "--literal-pathspecs", "ls-files", *tell, "--", within)
        first = next((page for path, page in read.items() if path in ignored), None)
        if first is not None:
            raise ConfigError(
                f"--diff-base: git ignores {first}, so that nothing can tell what is new in it:"
                f" check {source.label} without --diff-base, or leave that file out (`include`)."
            )


def _listed(top: Path, *arguments: str) -> set[str]:
    return set(_said(top, *arguments).split("\0")) - {""}


def _only_top(sources: Sequence[Source]) -> Path:
    tops: dict[Path, None] = {}
    for source in sources:
        if _folder(source) is None:
            what = "a web page" if source.url is not None else "standard input"
            raise ConfigError(
                f"--diff-base is for files in a git checkout, and {source.label} is {what}:"
                " name the files that the page is made of as the SOURCE."
            )
        top = top_of([source])
        if top is None:
            raise ConfigError(
                f"--diff-base needs a git checkout, and {source.label} stands in none:"
                " run it where the repository was cloned to."
            )
        tops[top] = None
    if len(tops) != 1:
        raise ConfigError("--diff-base needs all sources in one git checkout; check them apart.")
    return next(iter(tops))


def _fork(top: Path, base: str) -> str:
    """Return the commit at which the branch left `base`."""
    shallow = _said(top, "rev-parse", "--is-shallow-repository").strip() == "true"
    advice = (
        "the clone is shallow: fetch all of it (in GitHub Actions: `fetch-depth: 0` of"
        " actions/checkout; in GitLab: GIT_DEPTH: 0)"
        if shallow
        else f"fetch it (git fetch origin {base.removeprefix('origin/')}), or correct the name"
    )
    known = not base.startswith("-") and _git(
        top, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}"
    )
    if not known or known.returncode:
        raise ConfigError(f"--diff-base: git knows no commit “{base}” here; {advice}.")
    forks = _git(top, "merge-base", base, "HEAD")
    if forks.returncode:
        why = advice if shallow else "the two share no commit: name the branch that this one left"
        raise ConfigError(f"--diff-base: “{base}” has nothing in common with HEAD; {why}.")
    return forks.stdout.decode().split()[0]


def _said(top: Path, *arguments: str) -> str:
    done = _git(top, *arguments)
    if done.returncode:
        raise ConfigError(f"git cannot tell what has changed: {_words(done.stderr)}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _git(top: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell; `base` begins with no dash
            ["git", *_QUIETLY, "-c", "core.fsmonitor=false", *arguments],  # noqa: S607 - the user's
            cwd=top,
            env={name: value for name, value in os.environ.items() if not _NOT_HEARD.match(name)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigError("--diff-base needs git, which is not installed here.") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"git took longer than {_SECONDS} s to tell what has changed.") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"git cannot be run in {top}: {error}.") from None
    if b"safe.directory" in done.stderr:  # whatever language it speaks
        raise ConfigError(
            f"git does not trust {top}, which belongs to another user; if it is yours:"
            f" git config --global --add safe.directory {top}"
        )
    return done


def _words(error: bytes) -> str:
    text = " ".join(error.decode("utf-8", "replace").split())
    return text[:300] or "it gives no reason."


def _folder(source: Source) -> Path | None:
    """Return the folder that a source is or stands in; None for the web and standard input."""
    if source.folder is not None:
        return source.folder
    if source.path is None or source.path == STANDARD_INPUT:
        return None
    return source.path if source.path.is_dir() else source.path.parent


def _file(source: Source, page: str) -> Path | None:
    """Return the file that a page of a source is; the names are those that reading gives."""
    place = source.folder or source.path
    if place is None or place == STANDARD_INPUT:
        return None
    if source.folder is None and not place.is_dir():
        return place
    if source.name and page.startswith(f"{source.name}/"):
        return place / page.removeprefix(f"{source.name}/")
    return Path(page)


def _below(top: Path, file: Path) -> str | None:
    try:
        return file.resolve().relative_to(top.resolve()).as_posix()
    except (OSError, ValueError):
        return None

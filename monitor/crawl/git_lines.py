"""Which file of a git checkout a page is, and what a branch changes in it: the door to git."""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from monitor.config import STANDARD_INPUT, Source
from monitor.core.checkout import EVERY_LINE, Lines, touched_lines
from monitor.core.errors import ConfigError
from monitor.core.model import PageRecord

_SECONDS = 120
"""How long git may take; a diff of a large repository takes seconds."""

_QUIETLY = ("--no-pager", "--no-optional-locks", "-c", "core.quotePath=false")
"""Git writes nothing and draws nothing; paths come as they are, as far as they can."""

_DIFF = (
    *("diff", "--unified=0", "--inter-hunk-context=0", "--find-renames", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
"""Whatever the user has set for himself (colours, prefixes, filters) does not count."""


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


def touched(sources: Sequence[Source], base: str) -> Mapping[str, Lines]:
    """Return the lines that the branch adds or touches since it left `base`, by path.

    What is not committed yet counts, files that git does not know yet as a whole. Renames are
    followed: of a file that only moved nothing is touched. Raises ConfigError where a source
    is no file in one git checkout, where git is missing, and where `base` cannot be told.
    """
    top = _only_top(sources)
    fork = _fork(top, base)
    lines = dict(touched_lines(_said(top, *_DIFF, fork, "--")))
    new = _said(top, "ls-files", "--others", "--exclude-standard", "-z", "--full-name")
    lines |= {path: EVERY_LINE for path in new.split("\0") if path}
    return lines


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

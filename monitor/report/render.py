"""A report as files: written whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from monitor.core.errors import OutputError
from monitor.report.badge import badge_json, badge_svg
from monitor.report.code_quality import code_quality
from monitor.report.feed import feed
from monitor.report.html import html
from monitor.report.json_report import to_json
from monitor.report.junit import junit
from monitor.report.markdown import markdown
from monitor.report.report import Report
from monitor.report.sarif import sarif

__all__ = ["FORMATS", "html", "markdown", "publish", "write", "write_files"]

FORMATS: Mapping[str, Mapping[str, Callable[[Report], str]]] = {
    "html": {"index.html": html},
    "md": {"report.md": markdown},
    "json": {"report.json": to_json},
    "atom": {"feed.xml": feed},
    "badge": {"badge.json": badge_json, "badge.svg": badge_svg},
    "junit": {"junit.xml": junit},
    "sarif": {"results.sarif": sarif},
    "code-quality": {"code-quality.json": code_quality},
}
"""The formats by name, each with its files, the first the foremost, and what writes them."""

EVERYDAY = ("html", "md", "json", "atom", "badge")
"""What is written where nobody says anything: all but what only a pipeline reads."""


def write(report: Report, directory: Path, formats: Iterable[str] = EVERYDAY) -> Mapping[str, Path]:
    """Write a report into a directory and return the path of each format, its foremost file.

    The directory is made where it is missing. Each file is replaced whole: a reader sees the
    old or the new one. Raises OutputError where the place cannot be written.
    """
    wanted = list(formats)
    made = [(file, do(report)) for name in wanted for file, do in FORMATS[name].items()]
    for file, text in made:
        _replace(directory / file, text.encode("utf-8", "replace"))
    return {name: directory / next(iter(FORMATS[name])) for name in wanted}


def write_files(directory: Path, files: Mapping[str, str]) -> None:
    """Write texts by their names below a directory, each whole or not at all.

    Raises OutputError where the place cannot be written.
    """
    for name, text in files.items():
        _replace(directory / name, text.encode("utf-8", "replace"))


def publish(directory: Path, latest: Path) -> None:
    """Copy the report of one directory into another, where people look for the newest.

    A format that the first does not hold is removed from the second, for it would be of an
    older run. Raises OutputError where the place cannot be written.
    """
    for file in (file for files in FORMATS.values() for file in files):
        try:
            content = (directory / file).read_bytes()
        except FileNotFoundError:
            _remove(latest / file)
        except OSError as error:
            raise _output_error(directory / file, error) from error
        else:
            _replace(latest / file, content)


def _replace(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)  # mkstemp's file is for its owner alone
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise _output_error(path, error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return
    except OSError as error:
        raise _output_error(path, error) from error


def _output_error(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"The report cannot be written to {path}: {error.strerror or error}."
        " Make the folder writable, free some space, or name another with --output."
    )

"""A report as files: written whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from monitor.core.errors import OutputError
from monitor.report.html import html
from monitor.report.json_report import to_json
from monitor.report.markdown import markdown
from monitor.report.report import Report

__all__ = ["FORMATS", "html", "markdown", "publish", "write"]

FORMATS: Mapping[str, tuple[str, Callable[[Report], str]]] = {
    "html": ("index.html", html),
    "md": ("report.md", markdown),
    "json": ("report.json", to_json),
}
"""The formats by name, each with its file and what writes it."""


def write(
    report: Report, directory: Path, formats: Iterable[str] = tuple(FORMATS)
) -> Mapping[str, Path]:
    """Write a report into a directory and return the path of each format.

    The directory is made where it is missing. Each file is replaced whole: a reader sees the
    old or the new one. Raises OutputError where the place cannot be written.
    """
    made = [(name, directory / FORMATS[name][0], FORMATS[name][1](report)) for name in formats]
    for _, path, text in made:
        _replace(path, text.encode("utf-8", "replace"))
    return {name: path for name, path, _ in made}


def publish(directory: Path, latest: Path) -> None:
    """Copy the report of one directory into another, where people look for the newest.

    A format that the first does not hold is removed from the second, for it would be of an
    older run. Raises OutputError where the place cannot be written.
    """
    for file, _ in FORMATS.values():
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

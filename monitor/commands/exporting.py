"""All of history as one file for other programs: CSV, JSON or Parquet."""

import csv
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from monitor.commands.history import day_fields, life_fields
from monitor.commands.incidents import fields as incident_fields
from monitor.core.errors import ConfigError, OutputError
from monitor.core.model import Resource
from monitor.store.history import History

COLUMNS = (
    *("resource", "url", "provider", "kind"),
    *("day", "worst", "ok", "warning", "broken", "unknown", "took_ms"),
)
"""Of CSV and Parquet: one row a resource and day (UTC) on which it was seen; milliseconds."""

_END = date(9999, 12, 30)
_AT_ONCE = 200
_Row = Mapping[str, object]


def write(known: History, form: str, since: date, output: Path | None) -> None:
    """Write what history knows since a day, to a file or to standard output.

    Raises ConfigError for a form that there is not, or whose library is missing, and
    OutputError where the file cannot be written.
    """
    forms: dict[str, Callable[[History, date, BinaryIO], None]] = {
        "csv": _csv,
        "json": _json,
        "parquet": _parquet,
    }
    if form not in forms:
        raise ConfigError(f"--export takes csv, json or parquet; found “{form}”.")
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise ConfigError("Parquet is nothing to read: name a file with --output.")
    if output is None:
        forms[form](known, since, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with _replacing(output) as file:
        forms[form](known, since, file)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Source: owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


def _csv(known: History, since: date, file: BinaryIO) -> None:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for some in _rows(known, since):
        for row in some:
            cells = (row[name] for name in COLUMNS)
            rows.writerow([harmless(each) if isinstance(each, str) else each for each in cells])
    text.detach()


def _json(known: History, since: date, file: BinaryIO) -> None:
    def put(text: str) -> None:
        file.write(text.encode("utf-8", "replace"))

    def listed(name: str, values: Iterable[object]) -> None:
        put(f'"{name}": [')
        for number, value in enumerate(values):
            put(("\n " if number == 0 else ",\n ") + json.dumps(value, ensure_ascii=False))
        put("\n]")

    put("{")
    listed("resources", _lives(known, since))
    put(",\n")
    began = datetime.combine(since, datetime.min.time(), UTC)
    told = ((each, known.story(each.id)) for each in known.incidents(began))
    listed("incidents", (incident_fields(each, story, None) for each, story in told))
    put("}\n")


def _parquet(known: History, since: date, file: BinaryIO) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise ConfigError(
            "Parquet needs a library that is not installed: `pip install 'linkwell[parquet]'`,"
            " or export csv or json."
        ) from None
    kinds = {
        **dict.fromkeys(COLUMNS, pa.string()),
        "day": pa.date32(),
        **dict.fromkeys(("ok", "warning", "broken", "unknown"), pa.int32()),
        "took_ms": pa.int64(),
    }
    schema = pa.schema(list(kinds.items()))
    with parquet.ParquetWriter(file, schema) as writer:
        for some in _rows(known, since):
            rows = [{**row, "day": date.fromisoformat(str(row["day"]))} for row in some]
            if rows:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _rows(known: History, since: date) -> Iterator[Sequence[_Row]]:
    for some in _in_pieces(known):
        days = known.days([each.id for each in some], since, _END)
        yield [
            {
                "resource": each.id,
                "url": each.url,
                "provider": each.provider,
                "kind": each.kind,
                **day_fields(day),
            }
            for each in some
            for day in days.get(each.id, ())
        ]


def _lives(known: History, since: date) -> Iterator[_Row]:
    began = datetime.combine(since, datetime.min.time(), UTC)
    for some in _in_pieces(known):
        ids = [each.id for each in some]
        days, states = known.days(ids, since, _END), known.states(ids)
        for each in some:
            turns = [turn for turn in known.transitions(each.id) if turn.at >= began]
            yield life_fields(each, states.get(each.id), turns, days.get(each.id, ()))


def _in_pieces(known: History) -> Iterator[list[Resource]]:
    left = known.resources()
    while some := list(islice(left, _AT_ONCE)):
        yield some


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes the place of another once it is whole."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        made.chmod(0o666 & ~_umask())
        made.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written ({error.strerror}): name another file with --output."
    )

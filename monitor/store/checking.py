"""Looking through a whole history for what is damaged, row by row."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

from monitor.core.incidents import Incident
from monitor.core.model import Verdict
from monitor.core.mutes import Mute
from monitor.core.reasons import Reason
from monitor.core.states import State, Turn
from monitor.core.tracked import Tracked
from monitor.store.codec import DamagedError, mapping, words
from monitor.store.columns import Instant, Plain, Words
from monitor.store.plain import from_plain
from monitor.store.reading import read_answer, read_exchange, read_resource, read_run
from monitor.store.tables import (
    ANSWERS,
    BASELINES,
    EXCHANGES,
    INCIDENT_VERSIONS,
    INCIDENTS,
    LINKS,
    METADATA,
    MUTES,
    OBSERVATIONS,
    PAGES,
    RESOURCES,
    RUNS,
    SKIPPED,
    STATES,
    TRACKED,
    TRANSITIONS,
)

_AT_ONCE = 1_000
_Row = Mapping[str, Any]


def damaged_rows(connection: Connection) -> Iterator[str]:
    """Give a sentence for each row that Linkwell did not write so, by its table and its key."""
    for table in METADATA.sorted_tables:
        yield from _of_table(connection, table)


def orphans(connection: Connection) -> Iterator[str]:
    """Give a sentence for each row of SQLite that hangs on another one which is not there."""
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table}, row {row}: it hangs on a row of {parent} that is not there"


def broken_pages(connection: Connection) -> Iterator[str]:
    """Give what SQLite itself finds wrong in the file."""
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(100)"):
        if said != "ok":
            yield f"the file: {said}"


def _of_table(connection: Connection, table: Table) -> Iterator[str]:
    read = {column.name: _reader(connection, column) for column in table.columns}
    whole = _WHOLE.get(table.name)
    raw = select(*(type_coerce(column, NullType()).label(column.name) for column in table.columns))
    with connection.execute(raw, execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows.mappings():
            column = ""
            stored: dict[str, Any] = {}
            try:
                for column, read_value in read.items():
                    stored[column] = read_value(row[column])
                column = ""
                if whole is not None:
                    whole(stored)
            except (DamagedError, TypeError, ValueError, OverflowError, KeyError) as error:
                key = ", ".join(str(row[each.name])[:60] for each in table.primary_key.columns)
                where = f"{table.name}.{column}" if column else table.name
                yield f"{where}, row {key}: {error}"


def _reader(connection: Connection, column: Column[Any]) -> Callable[[Any], Any]:
    """Return what reads a raw value of a column, and raises DamagedError where it is none."""
    kind: Any = column.type
    process = kind.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
    wanted = next((python for own, python in _KINDS if isinstance(kind, own)), None)
    wanted = wanted or kind.python_type

    def read(raw: Any) -> Any:
        if raw is None:
            if column.nullable:
                return None
            raise DamagedError("it is empty")
        value = process(raw) if process is not None else raw
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise DamagedError(f"no {wanted.__name__}: {str(value)[:80]!r}")
        return value

    return read


_KINDS: tuple[tuple[type, type], ...] = ((Instant, date), (Words, str), (Plain, object))


def _observation(row: _Row) -> None:
    verdict = mapping(row["verdict"])
    from_plain(Verdict, verdict)
    for reason in filter(None, (row["reason"], row["met"])):
        from_plain(Reason, reason)


def _transition(row: _Row) -> None:
    from_plain(Turn, row["turn"])
    from_plain(Reason, row["reason"])


_WHOLE: Mapping[str, Callable[[_Row], object]] = {
    RUNS.name: read_run,
    RESOURCES.name: read_resource,
    PAGES.name: lambda row: words(row["notes"]),
    LINKS.name: lambda row: words(row["context"]),
    SKIPPED.name: lambda row: words(row["context"]),
    OBSERVATIONS.name: _observation,
    ANSWERS.name: read_answer,
    EXCHANGES.name: read_exchange,
    BASELINES.name: lambda row: mapping(row["facts"]),
    STATES.name: lambda row: from_plain(State, row["state"]),
    TRANSITIONS.name: _transition,
    INCIDENT_VERSIONS.name: lambda row: from_plain(Incident, row["incident"]),
    INCIDENTS.name: lambda row: from_plain(Incident, row["incident"]),
    MUTES.name: lambda row: from_plain(Mute, row["mute"]),
    TRACKED.name: lambda row: from_plain(Tracked, row["tracked"]),
}
"""What reads a whole row of a table, and raises DamagedError where it cannot."""

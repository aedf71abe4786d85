"""Many rows at once, in the place of those with the same key, in each database's own words.

SQLAlchemy writes the statement; the rows then go straight to the database's driver, for making
each of them ready by itself would take longer than writing it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, or_
from sqlalchemy.engine import Dialect

Rows = Iterable[Mapping[str, Any]]

_AT_ONCE = 5_000
"""How many rows are made ready at once: some megabytes."""


def put(connection: Connection, table: Table, rows: Rows) -> None:
    """Write rows; one that is there already becomes as the new one says."""
    _run(connection, _statement(connection.dialect, table, replaces=True), rows)


def put_new(connection: Connection, table: Table, rows: Rows) -> None:
    """Write those rows of which there is none with the same key."""
    _run(connection, _statement(connection.dialect, table, replaces=False), rows)


class _Statement(NamedTuple):
    """A statement for the driver, and for each of its parameters what makes a value ready."""

    sql: str
    parameters: tuple[tuple[str, Callable[[Any], Any]], ...]
    positional: bool


@lru_cache(maxsize=64)
def _statement(dialect: Dialect, table: Table, *, replaces: bool) -> _Statement:
    insert: Any = _insert(dialect)(table)
    key = list(table.primary_key.columns)
    rest = [column for column in table.columns if not column.primary_key]
    if replaces and rest:
        statement = insert.on_conflict_do_update(
            index_elements=key,
            set_={column.name: insert.excluded[column.name] for column in rest},
            where=or_(*(c.is_distinct_from(insert.excluded[c.name]) for c in rest)),
        )
    else:
        statement = insert.on_conflict_do_nothing(index_elements=key)
    compiled = statement.compile(dialect=dialect, column_keys=[c.name for c in table.columns])
    names = compiled.positiontup if compiled.positional else list(compiled.params)
    return _Statement(
        sql=str(compiled),
        parameters=tuple((name, _ready(dialect, table.c[name].type)) for name in names),
        positional=compiled.positional,
    )


def _insert(dialect: Dialect) -> Any:
    """Return the insert of a dialect; the other one is not even imported."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as into_postgresql

        return into_postgresql
    from sqlalchemy.dialects.sqlite import insert as into_sqlite

    return into_sqlite


def _ready(dialect: Dialect, kind: Any) -> Callable[[Any], Any]:
    process: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process or (lambda value: value)


def _run(connection: Connection, statement: _Statement, rows: Rows) -> None:
    sql, parameters, positional = statement
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        if positional:
            ready: Any = [tuple([go(row[name]) for name, go in parameters]) for row in some]
        else:
            ready = [{name: go(row[name]) for name, go in parameters} for row in some]
        connection.exec_driver_sql(sql, ready)

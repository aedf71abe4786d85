"""A history in a PostgreSQL server, 13 or newer, which more than one host may use."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from monitor.core.errors import HistoryError
from monitor.store.advice import ELSEWHERE, SERVERS_ADVICE
from monitor.store.place import Place

OLDEST = 130_000
"""The first version that we know to work, as the server numbers it."""

_TO_CONNECT = 10
"""Seconds until a server that does not answer counts as gone; it would be for ever."""

RIGHT_TO_WRITE = 0x6C_69_6E_6B
"""The number of the lock that a writer holds, for there is no other way to say "of our tables"."""


def server(place: Place, patience: timedelta) -> Engine:
    """Return an engine for a database of a server, which it does not ask yet.

    As with SQLite one writes at a time, in whichever host, so that nobody waits for each other
    in a circle; and who reads sees one moment. Raises HistoryError.
    """
    assert place.url is not None  # noqa: S101 - a place is a file or a URL
    given = place.url.query
    ours: dict[str, Any] = {"connect_timeout": _TO_CONNECT, "application_name": "linkwell"}
    try:
        engine = create_engine(
            place.url,
            pool_pre_ping=True,
            connect_args={name: value for name, value in ours.items() if name not in given},
        )
    except (SQLAlchemyError, ImportError) as error:
        raise HistoryError(
            f"{place.name} needs a driver that is not installed ({error}): install it with"
            f" `pip install 'linkwell[postgresql]'`, {ELSEWHERE}"
        ) from error
    wait = int(patience.total_seconds() * 1000)
    before = (
        f"SELECT set_config('lock_timeout', '{wait}', true),"
        f" pg_advisory_xact_lock({RIGHT_TO_WRITE})"
    )

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        if connection.get_execution_options().get("linkwell_writes", False):
            connection.exec_driver_sql(before)

    return engine


def must_be_written(connection: Connection, place: Place) -> None:
    """Raise HistoryError where a server lets nobody write, as a standby does."""
    if connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on":
        raise HistoryError(SERVERS_ADVICE["25006"].format(name=place.name))


def must_fit(connection: Connection, place: Place) -> None:
    """Raise HistoryError where a server is too old, or a database cannot hold every text."""
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < OLDEST:
        raise HistoryError(
            f"PostgreSQL at {place.name} is older than 13: upgrade the server, {ELSEWHERE}"
        )
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise HistoryError(
            f"{place.name} holds texts as {encoding}: make a database for Linkwell with"
            " `createdb -E UTF8 -T template0 NAME`"
        )

"""What another program does to the database of a history, whichever it is."""

import sqlite3
from contextlib import closing, contextmanager

import psycopg

from monitor.store.postgresql import RIGHT_TO_WRITE


def is_server(place):
    return "://" in str(place)


def url_of(place):
    """Return the URL by which SQLAlchemy knows a place."""
    text = str(place)
    return text.replace("://", "+psycopg://", 1) if is_server(place) else f"sqlite:///{text}"


def connected(place):
    """Connect as another program does; what it does counts at once."""
    if is_server(place):
        return closing(psycopg.connect(place, autocommit=True))
    return closing(sqlite3.connect(place, isolation_level=None))


def change(place, *statements):
    with connected(place) as other:
        for statement in statements:
            other.execute(statement)


@contextmanager
def another_program_writes(place):
    """Hold the right to write, so that our writer must wait."""
    with connected(place) as other:
        if is_server(place):
            other.execute("BEGIN")
            other.execute("SELECT pg_advisory_xact_lock(%s)", [RIGHT_TO_WRITE])
        else:
            other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def broken_tables(place):
    change(place, "ALTER TABLE observations RENAME TO gone")
    try:
        yield
    finally:
        change(place, "ALTER TABLE gone RENAME TO observations")

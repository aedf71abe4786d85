"""A PostgreSQL server of our own for tests: on loopback, in a folder that goes with it."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

PASSWORD = "s3cr3t-of-tests"
_FOLDERS = sorted(
    Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name)
)
"""Where Debian keeps the servers, one folder a version."""

_QUICK = "-c fsync=off -c full_page_writes=off -c max_connections=60"
"""What is committed outlives the server, though not the machine."""


class Cluster:
    """A server that runs, with a database whose tables are made, to be copied."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._number = count()
        self._blank = ""
        self.port = _free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if self._user:
            for each in (folder, secret):
                shutil.chown(each, self._user)
        self._run(
            "initdb", "-D", folder / "base", "-U", "linkwell", "-A", "scram-sha-256",
            "--pwfile", secret, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.start()
        from monitor.store.history import History  # heavy, and most tests need no server

        History.open(self.fresh("template1", "made")).close()

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self._folder} {_QUICK}"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._folder / "base", "-o", options, "-l", log, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server: `fast` ends its sessions, `immediate` is as if it was killed."""
        self._run("pg_ctl", "-D", self._folder / "base", "-m", how, "-w", "stop")

    def url(self, database: str, user: str = "linkwell", password: str = PASSWORD) -> str:
        """Return how a database is named in a configuration."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def fresh(self, copied: str = "made", name: str | None = None) -> str:
        """Return the URL of a new database, a copy of one; ours has all tables, and no rows."""
        name = name or f"test{next(self._number)}"
        self.do("postgres", f"CREATE DATABASE {name} TEMPLATE {copied}")
        return self.url(name)

    def emptied(self) -> str:
        """Return the URL of the one database that is used again and again, without rows.

        It is ten times as quick as to make another one.
        """
        from monitor.store.tables import METADATA

        tables = [each.name for each in METADATA.sorted_tables]
        self.do("made", *(f"DELETE FROM {name}" for name in reversed(tables)))
        return self.url("made")

    def blank(self) -> str:
        """Return the URL of a database without any table, used again and again too."""
        if not self._blank:
            self._blank = self.fresh("template1", "blank")
        self.do("blank", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return self._blank

    def do(self, database: str, *statements: str) -> None:
        """Run statements, each by itself."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for each in statements:
                connection.execute(each)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        ran = subprocess.run(
            command,
            user=self._user,
            group=self._user,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        log = self._folder / "log"
        said = log.read_text() if log.exists() else ""
        assert ran.returncode == 0, f"{program} ended with {ran.returncode}: {said[-2000:]}"


@contextmanager
def running() -> Iterator[Cluster]:
    """Give a server that runs; skips the test where none is installed."""
    if not _FOLDERS:
        pytest.skip("there is no PostgreSQL under /usr/lib/postgresql: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="linkwell-postgresql-") as name:
        cluster = Cluster(Path(name), _FOLDERS[-1])
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port

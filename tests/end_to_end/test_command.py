"""The commands as a user meets them: right and wrong input, bad networks, Ctrl-C."""

import json
import signal
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.model import Run, RunId
from monitor.store.history import History
from tests.end_to_end.command import begun, linkwell, report_in, wait_for
from tests.world.thread import WorldThread

SITE = {
    "sites": {
        "site.example": {
            "pages": {
                "/": {"title": "Home", "body": '<h1>Home</h1><a href="/a">A</a><a href="/b">B</a>'},
                "/a": "A",
                "/empty": {"body": ""},
                "/picture": {"type": "image/png", "body": "\x89PNG\r\n"},
                "/latin": {
                    "type": "text/html; charset=utf-8",
                    "body": '<h1>Caff\udce8</h1><a href="/a">A</a>',
                },
            }
        }
    }
}
HOME = "https://site.example/"


@pytest.fixture
def world():
    with WorldThread(SITE) as world:
        yield world


def test_a_page_with_a_broken_link_ends_with_one(world, tmp_path):
    done = linkwell("check", HOME, cwd=tmp_path, world=world)

    assert done.code == 1, done.err
    report = report_in(tmp_path)
    assert report["summary"] == {
        "pages": 1,
        "links": 2,
        "resources": 2,
        "ok": 1,
        "warning": 0,
        "broken": 1,
        "unknown": 0,
        "skipped": 0,
    }
    (run,) = (tmp_path / "reports").glob("2*")
    for name in ("index.html", "report.md", "report.json"):
        assert (run / name).read_bytes() == (tmp_path / "reports/latest" / name).read_bytes()


def test_a_page_without_a_broken_link_ends_with_none(world, tmp_path):
    (tmp_path / "page.md").write_text("[A](https://site.example/a)")

    assert linkwell("check", "page.md", cwd=tmp_path, world=world).code == 0


def test_a_document_on_standard_input_is_checked(world, tmp_path):
    page = "[A](/a) [B](/b)"

    done = linkwell(
        "check", "-", "--base-url", HOME, "--json", cwd=tmp_path, world=world, stdin=page
    )

    assert done.code == 1, done.err
    assert [r["url"] for r in done.json["resources"]] == [f"{HOME}a", f"{HOME}b"]


def test_addresses_on_standard_input_are_checked(world, tmp_path):
    addresses = f"{HOME}a\n{HOME}b\n"

    done = linkwell("check", "-", "--json", cwd=tmp_path, world=world, stdin=addresses)

    assert [link["line"] for r in done.json["resources"] for link in r["links"]] == [1, 2]


@pytest.mark.parametrize("trouble", ["dark", "captive"])
def test_without_the_internet_nothing_is_called_broken_and_nothing_is_poisoned(
    world, tmp_path, trouble
):
    assert linkwell("check", HOME, cwd=tmp_path, world=world).code == 1
    setattr(world, trouble, True)

    done = linkwell("check", HOME, cwd=tmp_path, world=world)

    assert done.code == 3
    assert "No network" in done.out
    report = report_in(tmp_path)
    assert report["run"]["valid"] is False
    assert "no network" in report["run"]["invalid_reason"]
    assert report["summary"]["broken"] == 0
    assert "no network" in (tmp_path / "reports/latest/index.html").read_text("utf-8")
    world.mend()
    assert linkwell("check", HOME, cwd=tmp_path, world=world).code == 1
    text = (tmp_path / "reports/latest/report.md").read_text("utf-8")
    assert "newly broken" not in text.lower()  # compared with the good run, not the bad one


def test_with_no_network_at_all_the_run_is_invalid(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "network: {proxy: 'http://127.0.0.1:9', attempts: 1, connect_timeout: 1s}\n"
    )
    (tmp_path / "page.md").write_text("[A](https://site.example/a)")

    done = linkwell("check", "page.md", cwd=tmp_path)

    assert done.code == 3, done.err
    assert report_in(tmp_path)["summary"]["broken"] == 0


def test_a_network_lost_in_the_middle_takes_back_what_was_seen_after(tmp_path):
    """The world goes dark once the page was read: the last look at the sentinels tells."""
    with WorldThread(SITE, latency=timedelta(milliseconds=300)) as world:
        process = begun("check", HOME, cwd=tmp_path, world=world)
        wait_for(process, lambda: world.count("site.example", "/"))
        world.dark = True
        process.communicate(timeout=60)

    assert process.returncode == 3
    assert report_in(tmp_path)["summary"]["broken"] == 0


def test_ctrl_c_ends_soon_and_writes_the_report_of_what_was_done(tmp_path):
    links = "".join(f"[{n}](https://site.example/{n}) " for n in range(400))
    (tmp_path / "page.md").write_text(f"[A](https://site.example/a) {links}")
    with WorldThread(SITE, latency=timedelta(milliseconds=100)) as world:
        process = begun("check", "page.md", cwd=tmp_path, world=world)
        wait_for(process, lambda: world.count("site.example") >= 12)
        process.send_signal(signal.SIGINT)
        pressed = time.monotonic()
        output, _ = process.communicate(timeout=30)
        took = time.monotonic() - pressed

    assert took < 2 * 2  # two seconds, and as much again for a busy machine
    assert "Traceback" not in output
    report = report_in(tmp_path)
    assert report["run"]["valid"] is True
    assert 0 < report["summary"]["broken"] < 400
    unasked = [r for r in report["resources"] if r["verdict"]["reason"] == "not-asked"]
    assert unasked


def test_a_run_that_is_killed_is_marked_unfinished_and_keeps_what_it_had(tmp_path):
    links = "".join(f"[{n}](https://site.example/{n}) " for n in range(400))
    (tmp_path / "page.md").write_text(links)
    with WorldThread(SITE, latency=timedelta(milliseconds=100)) as world:
        process = begun("check", "page.md", cwd=tmp_path, world=world)
        wait_for(process, lambda: world.count("site.example") >= 60)
        process.kill()
        process.communicate(timeout=30)

    history = sqlite3.connect(tmp_path / ".linkwell/history.sqlite3")
    assert history.execute("select finished_at from runs").fetchall() == [(None,)]
    (kept,) = history.execute("select count(*) from observations").fetchone()
    history.close()
    assert 0 < kept < 400


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        pytest.param("gone", 1, "404", id="a page that is not there is itself broken"),
        pytest.param("empty", 0, "empty", id="an empty page is told"),
        pytest.param(
            "picture",
            3,
            "neither html nor markdown",
            id="a picture is no page, and nothing was checked",
        ),
    ],
)
def test_a_page_that_cannot_be_read_is_no_silent_success(world, tmp_path, path, code, says):
    done = linkwell("check", f"{HOME}{path}", cwd=tmp_path, world=world)

    assert done.code == code, done.out + done.err
    assert says in done.out.lower()
    assert "Traceback" not in done.err


def test_a_page_of_an_unknown_host_is_no_silent_success(world, tmp_path):
    done = linkwell("check", "https://nowhere.example/", cwd=tmp_path, world=world)

    assert done.code == 3, done.out
    assert "nowhere.example" in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "missing.md"], "missing.md"),
        (["check", "--config", "missing.yaml", "page.md"], "missing.yaml"),
        (["check", "page.md", "--provider", "vimeo"], "vimeo"),
        (["check", "page.md", "--format", "pdf"], "pdf"),
        (["check", "page.md", "--var", "nonsense"], "NAME=VALUE"),
        (["check"], "Nothing to check"),
        (["check", "--base-url", "https://site.example/"], "need a SOURCE"),
        (["check", "page.md", "--base-url", "nonsense"], "--base-url"),
        (["check", "page.md", "--limit", "0"], "--limit"),
        (["check", "page.md", "--offline"], "takes no SOURCE"),
        (["check", "--offline"], "check"),
        (["report"], "check"),
        (["report", "20200101-000000-abcd"], "20200101-000000-abcd"),
        (["extract", "missing.md"], "missing.md"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_wrong_word_is_explained_and_ends_with_two(tmp_path, arguments, says):
    (tmp_path / "page.md").write_text("[A](https://site.example/a)")
    if arguments[:2] == ["report", "20200101-000000-abcd"]:
        History.open(tmp_path / ".linkwell/history.sqlite3").close()

    done = linkwell(*arguments, cwd=tmp_path)

    assert done.code == 2, done.out + done.err
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_wrong_configuration_is_explained_with_its_place(tmp_path):
    (tmp_path / "config.yaml").write_text("source:\n  - https://site.example/\n")

    done = linkwell("config", "check", cwd=tmp_path)

    assert done.code == 2
    assert "config.yaml" in done.err
    assert "1" in done.err
    assert "did you mean `sources`?" in done.err


def test_a_history_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / ".linkwell").mkdir()
    foreign = sqlite3.connect(tmp_path / ".linkwell/history.sqlite3")
    foreign.execute("create table bookmarks (url text)")
    foreign.close()
    (tmp_path / "page.md").write_text("[A](https://site.example/a)")

    done = linkwell("check", "page.md", cwd=tmp_path)

    assert done.code == 2
    assert "history.sqlite3" in done.err


def test_a_place_that_cannot_be_written_is_named(world, tmp_path):
    (tmp_path / "page.md").write_text("[A](https://site.example/a)")
    (tmp_path / "file").write_text("in the way")

    done = linkwell("check", "page.md", "--output", "file/reports", cwd=tmp_path, world=world)

    assert done.code == 2
    assert "file/reports" in done.err
    assert "Traceback" not in done.err


def test_only_one_provider_and_only_some_links(world, tmp_path):
    (tmp_path / "page.md").write_text(
        "[A](https://site.example/a) [B](https://site.example/b) [V](https://youtu.be/abcdefghijk)"
    )

    done = linkwell(
        *("check", "page.md", "--provider", "web", "--limit", "1", "--json"),
        cwd=tmp_path,
        world=world,
    )

    assert done.code == 0
    assert [r["url"] for r in done.json["resources"]] == ["https://site.example/a"]
    assert [(s["url"], s["why"]) for s in done.json["skipped"]] == [
        ("https://site.example/b", "left out by --limit 1"),
        ("https://youtu.be/abcdefghijk", "left out by --provider web"),
    ]


def test_what_the_user_wants_left_alone_is_left_alone(world, tmp_path):
    (tmp_path / "config.yaml").write_text(
        """\
sources: [https://site.example/]
ignore: [{url: 'https://site.example/a', reason: our own}]
accept: [{url: 'https://site.example/b', statuses: [404], reason: a decoy}]
"""
    )

    done = linkwell("check", "--json", cwd=tmp_path, world=world)

    assert done.code == 0, done.err
    assert [s["why"] for s in done.json["skipped"]] == ["ignored: our own"]
    (resource,) = done.json["resources"]
    assert resource["verdict"]["reason"] == "alive"
    assert "a decoy" in resource["verdict"]["detail"]


def test_extract_prints_the_links_and_asks_nobody(tmp_path):
    (tmp_path / "page.md").write_text("# Week\n\n[A](a) <!-- linkwell-ignore --> [B](mailto:x@y)\n")

    done = linkwell(
        "extract", "page.md", "--base-url", "https://site.example/x/", "--json", cwd=tmp_path
    )

    assert done.code == 0, done.err
    assert done.json["links"] == [
        {
            "url": "a",
            "resolved": "https://site.example/x/a",
            "page": "page.md",
            "line": 3,
            "column": 5,
            "element": "a",
            "attribute": "href",
            "text": "A",
            "context": ["Week"],
        }
    ]
    assert [s["url"] for s in done.json["skipped"]] == ["mailto:x@y"]
    plain = linkwell("extract", "page.md", "--base-url", "https://site.example/", cwd=tmp_path)
    assert "3:5" in plain.out
    assert "1 link, 1 skipped." in plain.out


def test_explain_tells_the_whole_story_of_a_url(world, tmp_path):
    done = linkwell("explain", "https://site.example/b", cwd=tmp_path, world=world)

    assert done.code == 1
    for part in ("web:https://site.example/b", "asked by “get”", "404", "not found"):
        assert part in done.out


def test_init_writes_a_configuration_checks_and_prints_the_line_for_cron(world, tmp_path):
    done = linkwell("init", HOME, cwd=tmp_path, world=world)

    assert done.code == 1, done.err
    assert f"cd {tmp_path} && {sys.executable} -m monitor check --config config.yaml" in done.out
    assert report_in(tmp_path)["summary"]["links"] == 2
    assert linkwell("config", "check", cwd=tmp_path).code == 0
    again = linkwell("init", HOME, cwd=tmp_path, world=world)
    assert again.code == 2
    assert "config.yaml" in again.err


def test_a_wrong_token_is_our_own_trouble(tmp_path):
    """GitHub refuses the token: the API is out for this run, and the pages are asked instead."""
    state = {"github": {"tokens": ["the good one"], "repos": {"meadow-university/notebooks": {}}}}
    (tmp_path / "page.md").write_text("[R](https://github.com/meadow-university/notebooks)")
    with WorldThread(state) as world:
        done = linkwell(
            "check", "page.md", "--json", cwd=tmp_path, world=world, GITHUB_TOKEN="ghp_secret0"
        )

    (resource,) = done.json["resources"]
    assert resource["verdict"]["status"] != "broken", resource["verdict"]
    assert "ghp_secret0" not in done.out + done.err
    assert b"ghp_secret0" not in (tmp_path / ".linkwell/history.sqlite3").read_bytes()


def test_the_contracts_are_printed(tmp_path):
    for arguments in (["schema", "report"], ["config", "schema"]):
        done = linkwell(*arguments, cwd=tmp_path)
        assert done.code == 0
        assert json.loads(done.out)["$schema"]


def test_a_run_that_was_ended_early_does_not_say_that_all_is_well(tmp_path):
    (tmp_path / "config.yaml").write_text("limits: {run_budget: 1s}\n")
    (tmp_path / "page.md").write_text("[A](https://site.example/slow) [B](https://site.example/a)")
    slow = {**SITE, "faults": [{"kind": "hang", "host": "site.example", "path": "/slow"}]}
    with WorldThread(slow) as world:
        done = linkwell("check", "page.md", cwd=tmp_path, world=world)

    assert done.code == 3, done.out
    assert report_in(tmp_path)["run"]["valid"] is True


def test_a_page_that_a_script_fills_is_told(world, tmp_path):
    (tmp_path / "page.html").write_text(
        "<div id=root></div><script src=https://site.example/a></script>"
    )

    done = linkwell("check", "page.html", cwd=tmp_path, world=world)

    assert "a script may make its links" in done.out


def test_what_is_older_than_the_user_wants_to_keep_is_forgotten(world, tmp_path):
    (tmp_path / "config.yaml").write_text("sources: [https://site.example/]\nstore: {keep: 30d}\n")
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with History.open(tmp_path / ".linkwell/history.sqlite3") as history:
        history.begin(Run(id=RunId("old"), started_at=long_ago))
        history.finish(Run(id=RunId("old"), started_at=long_ago, finished_at=long_ago))

    linkwell("check", cwd=tmp_path, world=world)

    with History.open(tmp_path / ".linkwell/history.sqlite3") as history:
        runs = history.runs()
    assert len(runs) == 1
    assert runs[0].id != "old"

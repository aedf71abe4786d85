"""The real command with its history in PostgreSQL."""

import psycopg
import pytest

from tests.end_to_end.command import begun, linkwell, report_in, wait_for
from tests.postgresql import PASSWORD
from tests.world.thread import WorldThread

MANY = 300
HOME = "https://site.example/"
SITE = {
    "sites": {
        "site.example": {
            "pages": {
                "/": {
                    "title": "Home",
                    "body": "".join(f'<a href="/p{n}">{n}</a>' for n in range(MANY + 1)),
                },
                **{f"/p{n}": f"Page {n}" for n in range(MANY)},
            }
        }
    }
}


@pytest.fixture(scope="module")
def world():
    with WorldThread(SITE) as world:
        yield world


@pytest.fixture
def place(cluster):
    return cluster.emptied()


@pytest.fixture
def folder(tmp_path, place):
    secret = place.replace(PASSWORD, "${DATABASE_PASSWORD}")
    (tmp_path / "config.yaml").write_text(
        f"sources: {HOME}\nstore:\n  url: {secret}\nnetwork: {{starts_per_second: 1000}}\n"
    )
    return tmp_path


def runs(place):
    with psycopg.connect(place) as connection:
        return connection.execute(
            "SELECT finished_at IS NOT NULL, invalid_reason,"
            " (SELECT count(*) FROM observations WHERE run_id = id) FROM runs ORDER BY started_at"
        ).fetchall()


def test_a_run_its_report_and_its_history(world, folder, place):
    secret = {"DATABASE_PASSWORD": PASSWORD}
    done = linkwell("check", cwd=folder, world=world, **secret)

    assert done.code == 1, done.err
    assert report_in(folder)["summary"]["broken"] == 1
    assert runs(place) == [(True, None, MANY + 1)]
    again = linkwell("report", "--output", "again", cwd=folder, **secret)
    assert again.code == 0, again.err
    assert (folder / "again/index.html").read_bytes() == (
        folder / "reports/latest/index.html"
    ).read_bytes()
    told = linkwell("history", f"{HOME}p{MANY}", cwd=folder, **secret)
    assert "broken: Not found" in told.out
    assert linkwell("db", "check", cwd=folder, **secret).out.startswith("All rows are as")
    assert PASSWORD not in done.out + done.err + again.out + again.err


def test_a_wrong_password_is_told_and_not_shown(world, folder):
    done = linkwell("check", cwd=folder, world=world, DATABASE_PASSWORD="wrong-canary")
    assert done.code == 2
    assert "refuses this user or password: correct them in store.url" in done.err
    assert "canary" not in done.err


def test_a_server_that_is_restarted_in_mid_run_loses_nothing(
    world, folder, place, cluster, monkeypatch
):
    monkeypatch.setenv("DATABASE_PASSWORD", PASSWORD)
    process = begun("check", cwd=folder, world=world)
    wait_for(process, lambda: runs(place) and runs(place)[0][2] > 0)
    cluster.stop("immediate")
    was_running = process.poll() is None
    cluster.start()
    said = process.communicate(timeout=60)[0]

    assert was_running
    assert process.returncode == 1, said
    assert runs(place) == [(True, None, MANY + 1)]
    assert report_in(folder)["summary"]["broken"] == 1


def test_two_hosts_that_check_at_once_both_come_to_an_end(world, folder, place, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", PASSWORD)
    hosts = [begun("check", "--wait", "60s", cwd=folder, world=world) for _ in range(2)]
    said = [each.communicate(timeout=120)[0] for each in hosts]
    assert [each.returncode for each in hosts] == [1, 1], said
    assert runs(place) == [(True, None, MANY + 1)] * 2

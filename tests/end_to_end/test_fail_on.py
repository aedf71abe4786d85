"""`linkwell check --fail-on`, and what the terminal says of time."""

import pytest

from tests.end_to_end.command import linkwell
from tests.world.thread import WorldThread

SITE = {
    "sites": {
        "site.example": {
            "pages": {
                "/": {"title": "Home", "body": '<a href="/a">A</a><a href="/b">B</a>'},
                "/a": "A",
            }
        }
    }
}
HOME = "https://site.example/"
CLOSE = "confirmed after the next check, at the earliest"


@pytest.fixture
def world():
    with WorldThread(SITE) as world:
        yield world


@pytest.mark.parametrize(
    ("states", "fail_on", "code"),
    [
        pytest.param("patient", "broken-now", 1, id="broken now"),
        pytest.param("patient", "suspect", 1, id="a first failure is suspect"),
        pytest.param("patient", "confirmed", 0, id="but not confirmed"),
        pytest.param("strict", "confirmed", 1, id="unless one is strict"),
        pytest.param("patient", "new", 1, id="it is new"),
        pytest.param("patient", "never", 0, id="never"),
    ],
)
def test_the_first_check_of_a_broken_link(world, tmp_path, states, fail_on, code):
    (tmp_path / "config.yaml").write_text(f"sources: {HOME}\nstates: {states}\n")

    done = linkwell("check", "--fail-on", fail_on, cwd=tmp_path, world=world)

    assert done.code == code, done.out + done.err
    line = next(line for line in done.out.splitlines() if line.startswith("✗ Not found"))
    assert (CLOSE in line) is (states == "patient")
    assert ("confirmed broken since" in line) is (states == "strict")


def test_what_was_broken_in_the_last_run_is_not_new(world, tmp_path):
    assert linkwell("check", HOME, "--fail-on", "new", cwd=tmp_path, world=world).code == 1
    assert linkwell("check", HOME, "--fail-on", "new", cwd=tmp_path, world=world).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--fail-on", "sometimes"], "sometimes", id="no such word"),
        pytest.param(
            ["--offline", "--fail-on", "new"], "knows no past", id="offline there is no past"
        ),
    ],
)
def test_a_wrong_word_is_explained(tmp_path, arguments, says):
    done = linkwell("check", *arguments, cwd=tmp_path)

    assert done.code == 2
    assert says in done.err

"""The history on a branch, as docs/examples/nightly-branch.yml keeps it: its scripts tried."""

import sqlite3
import subprocess
from pathlib import Path

import yaml

from tests.test_ci_files import EXAMPLES, bash, step


def test_the_history_comes_back_from_its_branch_which_holds_one_commit(tmp_path):
    workflow = yaml.safe_load((EXAMPLES / "nightly-branch.yml").read_text("utf-8"))
    steps = workflow["jobs"]["check"]["steps"]
    fetch, keep = (step(steps, name)["run"] for name in ("Fetch the history", "Keep the history"))

    def git(*arguments: str, cwd: Path = tmp_path) -> str:
        who = ["-c", "user.name=mabel", "-c", "user.email=mabel@course.example"]
        command = ["git", *who, *arguments]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git("clone", "--quiet", "origin.git", "first")
    git("commit", "--quiet", "--allow-empty", "--message=page", cwd=tmp_path / "first")
    git("push", "--quiet", "origin", "HEAD:main", cwd=tmp_path / "first")
    for night in range(1, 4):
        git("clone", "--quiet", (tmp_path / "origin.git").as_uri(), f"night{night}")
        clone = tmp_path / f"night{night}"
        done = bash(fetch, clone, BRANCH="linkwell-history")
        assert done.returncode == 0, done.stderr
        (clone / ".linkwell").mkdir(exist_ok=True)
        with sqlite3.connect(clone / ".linkwell/history.sqlite3") as history:
            history.execute("CREATE TABLE IF NOT EXISTS nights (n)")
            history.execute("INSERT INTO nights VALUES (?)", [night])
            seen = [n for (n,) in history.execute("SELECT n FROM nights ORDER BY n")]
        assert seen == list(range(1, night + 1))
        done = bash(keep, clone, BRANCH="linkwell-history")
        assert done.returncode == 0, done.stderr

    origin = tmp_path / "origin.git"
    assert git("rev-list", "--count", "linkwell-history", cwd=origin) == "1\n"
    assert git("ls-tree", "--name-only", "linkwell-history", cwd=origin) == "history.sqlite3.gz\n"
    assert git("rev-list", "--count", "main", cwd=origin) == "1\n"


def test_a_history_that_cannot_be_reached_is_not_taken_for_none(tmp_path):
    """Else the push that follows would put an empty one in its place."""
    steps = yaml.safe_load((EXAMPLES / "nightly-branch.yml").read_text("utf-8"))
    fetch = step(steps["jobs"]["check"]["steps"], "Fetch the history")["run"]
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    gone = (tmp_path / "gone.git").as_uri()
    subprocess.run(["git", "remote", "add", "origin", gone], cwd=tmp_path, check=True)

    assert bash(fetch, tmp_path, BRANCH="linkwell-history").returncode == 128

"""The double of what git remembers, as GitHub's API tells it."""

import pytest

from tests.world.github_repository import Repository

STATE = {
    "branches": {"main": ["new/a.py", "kept.py", "copy.py"]},
    "history": {"a.py": "b.py", "b.py": "new/a.py", "old/x.py": "in/x.py", "old/y.py": "in/y.py"},
    "removed": ["gone.py", "in/y.py"],
    "same_content": {"copy.py": "gone.py"},
}
NOTES = Repository("meadow/notes", STATE)


def last(path):
    """Return the last commit that touched a path, or None."""
    commits, status = NOTES.rest(["commits"], {"path": path, "sha": "main", "per_page": "1"})
    assert status == 200
    return commits[0]["sha"] if commits else None


def changed(path):
    """Return what the last commit that touched a path did: from where to where."""
    commit, status = NOTES.rest(["commits", last(path)], {})
    assert status == 200
    return [(f.get("previous_filename"), f["filename"], f["status"]) for f in commit["files"]]


def since(path):
    """Return what became of what that commit made."""
    compared, status = NOTES.rest(["compare", f"{last(path)}...main"], {})
    assert status == 200
    return [(f.get("previous_filename"), f["filename"], f["status"]) for f in compared["files"]]


def test_a_move_is_a_commit_and_later_ones_are_joined():
    assert changed("a.py") == [("a.py", "b.py", "renamed")]
    assert since("a.py") == [("b.py", "new/a.py", "renamed")]
    assert since("b.py") == []


def test_a_folder_moves_in_one_commit():
    moved = [("old/x.py", "in/x.py", "renamed"), ("old/y.py", "in/y.py", "renamed")]
    assert changed("old") == moved
    assert since("old") == [(None, "in/y.py", "removed")]


def test_a_removed_file_has_the_content_that_another_may_have():
    commit, _ = NOTES.rest(["commits", last("gone.py")], {})
    (file,) = commit["files"]
    assert (file["filename"], file["status"]) == ("gone.py", "removed")
    tree, _ = NOTES.rest(["git", "trees", "main"], {"recursive": "1"})
    assert [e["path"] for e in tree["tree"] if e["sha"] == file["sha"]] == ["copy.py"]


def test_of_what_is_there_a_commit_is_known_and_of_what_never_was_none():
    assert last("kept.py")
    assert last("never.py") is None


@pytest.mark.parametrize(
    ("parts", "query", "status"),
    [
        (["commits"], {"sha": "no-branch", "path": "a.py"}, 404),
        (["commits", "0" * 40], {}, 422),
        (["compare", f"{'0' * 40}...main"], {}, 404),
        (["compare", "main...no-branch"], {}, 404),
        (["compare", "main...main"], {}, 200),
    ],
)
def test_what_is_not_there_is_said_as_github_says_it(parts, query, status):
    assert NOTES.rest(parts, query)[1] == status


def test_lines_come_and_go():
    state = {"lines": {"a": 3}, "inserted": {"a": 1}, "removed_lines": {"a": 1}}
    assert Repository("o/r", state).file("a") == b"new line 1\nline 2\nline 3\n"

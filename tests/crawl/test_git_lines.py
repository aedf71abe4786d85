"""What a branch touches, asked of a real git in repositories of our own."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import Source
from monitor.core.checkout import EVERY_LINE
from monitor.core.errors import ConfigError
from monitor.core.model import PageRecord, Url
from monitor.crawl import git_lines
from monitor.crawl.git_lines import change_since, files_of, top_of

AT = datetime(2026, 3, 14, tzinfo=UTC)


def git(folder: Path, *arguments: str) -> str:
    """Run git there as somebody, with nothing of this machine's own settings."""
    who = {f"GIT_{role}_{what}": "mabel" for role in ("AUTHOR", "COMMITTER") for what in ("NAME",)}
    mail = {f"GIT_{role}_EMAIL": "mabel@course.example" for role in ("AUTHOR", "COMMITTER")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **who, **mail, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def commit(folder: Path, message: str = "more") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def repository(tmp_path):
    """A repository with a page of ten lines on main, and a branch that left it."""
    folder = tmp_path / "repository"
    (folder / "docs").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "docs/a.md").write_text("".join(f"line {n}\n" for n in range(1, 11)))
    commit(folder)
    git(folder, "checkout", "--quiet", "-b", "branch")
    return folder


def change(folder: Path, line: int, text: str, name: str = "docs/a.md") -> None:
    lines = (folder / name).read_text().splitlines()
    lines[line - 1 : line] = text.split("\n")
    (folder / name).write_text("\n".join(lines) + "\n")


def lines(folder: Path, base: str = "main") -> dict[str, list[int]]:
    found = change_since([Source(folder=folder / "docs")], base).touched
    return {
        path: [n for some in spans for n in (some if some.stop < 1000 else [-1])]
        for path, spans in found.items()
    }


def test_what_is_committed_on_the_branch_is_touched(repository):
    change(repository, 3, "new 3\nnew 4")
    commit(repository)

    assert lines(repository) == {"docs/a.md": [3, 4]}


def test_what_is_not_committed_yet_is_touched_too(repository):
    change(repository, 3, "new")
    commit(repository)
    change(repository, 7, "staged")
    git(repository, "add", "--all")
    change(repository, 9, "not even staged")

    assert lines(repository) == {"docs/a.md": [3, 7, 9]}


def test_a_file_that_git_does_not_know_yet_is_new_as_a_whole(repository):
    (repository / "docs/b ü.md").write_text("new\n")
    (repository / ".gitignore").write_text("*.html\n")
    (repository / "docs/c.html").write_text("ignored\n")

    found = change_since([Source(folder=repository / "docs")], "main").touched

    assert found == {"docs/b ü.md": EVERY_LINE, ".gitignore": EVERY_LINE}


def test_what_main_has_done_since_is_not_the_branch_s(repository):
    change(repository, 3, "of the branch")
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    change(repository, 8, "of main")
    commit(repository)
    git(repository, "checkout", "--quiet", "branch")

    assert lines(repository) == {"docs/a.md": [3]}


def test_the_merge_that_a_pull_request_is_checked_as_touches_the_same(repository):
    """GitHub checks out a merge of the branch into the newest main."""
    change(repository, 3, "of the branch")
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    change(repository, 8, "of main\nand more")
    commit(repository)
    git(repository, "checkout", "--quiet", "--detach")
    git(repository, "merge", "--quiet", "branch", "--message", "merge")

    assert lines(repository) == {"docs/a.md": [3]}


def test_a_rename_touches_nothing_and_is_followed(repository):
    git(repository, "mv", "docs/a.md", "docs/b.md")
    change(repository, 5, "new", "docs/b.md")
    commit(repository)

    assert lines(repository) == {"docs/b.md": [5]}


def test_lines_that_are_taken_away_touch_none(repository):
    (repository / "docs/a.md").write_text("line 1\nline 2\n")
    commit(repository)

    assert lines(repository) == {"docs/a.md": []}


def test_the_user_s_own_settings_do_not_matter(repository):
    for name, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("color.diff", "always"),
        ("diff.external", "false"),
        ("diff.interHunkContext", "10"),
        ("diff.orderFile", "missing"),
        ("diff.submodule", "log"),
        ("diff.algorithm", "patience"),
        ("diff.renames", "false"),
        ("core.quotePath", "true"),
        ("core.fsmonitor", "exit 1"),
    ):
        git(repository, "config", name, value)
    change(repository, 3, "new")
    change(repository, 6, "new")

    assert lines(repository) == {"docs/a.md": [3, 6]}


@pytest.mark.parametrize(
    ("base", "says"),
    [
        pytest.param(
            "nowhere", "knows no commit “nowhere”.*git fetch origin nowhere", id="unknown"
        ),
        pytest.param("origin/nowhere", "git fetch origin nowhere", id="not fetched"),
        pytest.param("--upload-pack=x", "knows no commit", id="an option is no name"),
        pytest.param("", "knows no commit", id="nothing"),
        pytest.param("a..b", "knows no commit", id="two"),
    ],
)
def test_a_base_that_is_not_there_is_said_with_advice(repository, base, says):
    with pytest.raises(ConfigError, match=says):
        lines(repository, base)


def test_a_base_that_shares_nothing_is_said_with_advice(repository):
    git(repository, "checkout", "--quiet", "--orphan", "island")
    commit(repository, "another beginning")

    with pytest.raises(ConfigError, match="nothing in common with HEAD; the two share no commit"):
        lines(repository)


def test_a_shallow_clone_is_said_with_advice(repository, tmp_path):
    change(repository, 3, "new")
    commit(repository)
    shallow = tmp_path / "shallow"
    address = repository.as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=branch", address, "shallow")

    with pytest.raises(ConfigError, match=r"the clone is shallow.*fetch-depth: 0"):
        lines(shallow, "origin/main")
    git(shallow, "fetch", "--quiet", "--depth=1", "origin", "main:main")
    with pytest.raises(ConfigError, match="nothing in common with HEAD; the clone is shallow"):
        lines(shallow, "main")


def test_without_a_commit_there_is_no_change(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch=main")

    with pytest.raises(ConfigError, match="knows no commit"):
        change_since([Source(path=tmp_path)], "main")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        pytest.param(Source(url="https://a.example/"), "a.example/ is a web page", id="a page"),
        pytest.param(Source(path="-"), "- is standard input", id="standard input"),
    ],
)
def test_a_source_that_is_no_file_is_said_with_advice(repository, source, says):
    with pytest.raises(ConfigError, match=says):
        change_since([Source(folder=repository), source], "main")


def test_a_source_outside_of_any_checkout_is_said_with_advice(tmp_path):
    with pytest.raises(ConfigError, match="needs a git checkout"):
        change_since([Source(folder=tmp_path)], "main")


def test_sources_of_two_checkouts_are_said_with_advice(repository, tmp_path):
    git(tmp_path, "init", "--quiet", "other")

    with pytest.raises(ConfigError, match="one git checkout"):
        change_since([Source(folder=repository), Source(folder=tmp_path / "other")], "main")


def test_without_git_that_is_said(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))

    with pytest.raises(ConfigError, match="git, which is not installed"):
        lines(repository)


def script(folder: Path, text: str) -> None:
    """Put a git of our own into a folder."""
    (folder / "git").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "git").chmod(0o755)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("exec sleep 30", "took longer than", id="it hangs"),
        pytest.param("echo 'fatal: bad  index' >&2; exit 128", "fatal: bad index$", id="it fails"),
        pytest.param("exit 1", "it gives no reason", id="it fails without a word"),
        pytest.param(
            "echo 'git config --global --add safe.directory x' >&2; exit 128",
            "belongs to another user.*safe.directory",
            id="the folder is another user's",
        ),
    ],
)
def test_a_git_that_cannot_tell_is_said(repository, tmp_path, monkeypatch, text, says):
    script(tmp_path, text)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(git_lines, "_SECONDS", 1)

    with pytest.raises(ConfigError, match=says):
        lines(repository)


def test_a_git_that_cannot_be_run_is_said(repository, tmp_path, monkeypatch):
    script(tmp_path, "")
    (tmp_path / "git").write_bytes(b"\x7fELF no program")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ConfigError, match="git cannot be run in"):
        lines(repository)


def page(name: str, source: str) -> PageRecord:
    return PageRecord(name=name, url=Url("https://a.example/"), read_at=AT, source=source)


def test_which_file_a_page_is(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").touch()
    outside = tmp_path.parent / "elsewhere.md"
    sources = [
        Source(folder=tmp_path / "docs"),
        Source(folder=tmp_path / "docs", name="Course"),
        Source(path=tmp_path / "docs/a.md", name="One page"),
        Source(path=tmp_path / "docs", name="As a path"),
        Source(path=outside),
        Source(url="https://a.example/"),
        Source(path="-"),
    ]
    pages = [
        page(str(tmp_path / "docs/it/b.md"), str(tmp_path / "docs")),
        page("Course/it/b.md", "Course"),
        page("One page", "One page"),
        page("As a path/c.md", "As a path"),
        page(str(outside), str(outside)),
        page("https://a.example/", "https://a.example/"),
        page("standard input", "-"),
        page("of no source", "unknown"),
    ]

    assert files_of(sources, pages, tmp_path) == {
        str(tmp_path / "docs/it/b.md"): "docs/it/b.md",
        "Course/it/b.md": "docs/it/b.md",
        "One page": "docs/a.md",
        "As a path/c.md": "docs/c.md",
    }


def test_the_top_is_that_of_the_first_source_that_has_one(repository, tmp_path):
    web, file = Source(url="https://a.example/"), Source(path=repository / "docs/a.md")

    assert top_of([web, file]) == repository.resolve()
    assert top_of([web]) is None
    assert top_of([Source(path=tmp_path / "missing.md")]) is None


def test_a_page_that_git_takes_for_binary_has_lines_all_the_same(repository):
    (repository / ".gitattributes").write_text("*.md -diff\n")
    (repository / "docs/b.md").write_bytes(b"one\ntwo\0\n")
    commit(repository, "on the branch")
    git(repository, "branch", "--force", "main")
    change(repository, 3, "new")
    (repository / "docs/b.md").write_bytes(b"one\ntwo\0\nnew\n")
    (repository / "docs/film.MP4").write_bytes(b"\n" * 9)
    commit(repository)

    assert lines(repository) == {"docs/a.md": [3], "docs/b.md": [3]}


def test_no_number_of_renames_is_too_large(repository):
    for n in range(9):
        (repository / f"docs/{n}.md").write_text("".join(f"{n} {m}\n" for m in range(20)))
    commit(repository)
    git(repository, "branch", "--force", "main")
    git(repository, "config", "diff.renameLimit", "2")
    (repository / "moved").mkdir()
    for n in range(9):
        git(repository, "mv", f"docs/{n}.md", f"moved/new-{n}.md")
        change(repository, 5, "new", f"moved/new-{n}.md")
    commit(repository)

    assert lines(repository) == {f"moved/new-{n}.md": [5] for n in range(9)}


def test_what_the_environment_tells_git_does_not_matter(repository, monkeypatch):
    change(repository, 3, "new")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=5")
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")

    assert lines(repository) == {"docs/a.md": [3]}


@pytest.mark.parametrize("how", ["folder", "path", "file"])
def test_a_source_that_git_ignores_is_said_with_advice(repository, how):
    (repository / ".gitignore").write_text("/built/\n")
    (repository / "built").mkdir()
    (repository / "built/x.html").write_text("<a href=x>")
    (repository / "built/y.html").write_text("<a href=x>")
    source = {
        "folder": Source(folder=repository / "built"),
        "path": Source(path=repository / "built"),
        "file": Source(path=repository / "built/x.html"),
    }[how]

    with pytest.raises(ConfigError, match=r"git ignores .*x.html.*check .* without --diff-base"):
        change_since([Source(folder=repository / "docs"), source], "main")
    git(repository, "add", "--force", "built")
    assert "built/x.html" in change_since([source], "main").touched


def test_a_page_that_git_ignores_for_reasons_of_its_own_is_said_too(repository):
    (repository / ".git/info/exclude").write_text("b.md\n")
    (repository / "docs/b.md").write_text("b")

    with pytest.raises(ConfigError, match=r"git ignores .*b\.md"):
        change_since([Source(folder=repository)], "main")


def test_what_is_ignored_beside_the_pages_does_not_matter(repository):
    (repository / ".gitignore").write_text("*.log\n/docs/drafts/\n")
    (repository / "docs/x.log").write_text("x")
    (repository / "docs/drafts").mkdir()
    (repository / "docs/drafts/x.md").write_text("x")

    assert lines(repository) == {".gitignore": [-1]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("a\rb\nc\n\nold\n", "a\rb\nc\n\nold\nnew\n", [6], id="below one"),
        pytest.param("a\rb\nc\n", "a\rx\nc\n", [1, 2], id="the whole of git's line"),
        pytest.param("a\r\nb\rc\r\nd\r\n", "a\r\nb\rc\r\nnew\r\n", [4], id="among windows' own"),
        pytest.param("a\rb\n", "a\rb\nc\rd", [3, 4], id="on the last, without an end"),
        pytest.param("a\r\r\nb\n", "a\r\r\nnew\n", [3], id="one before a whole end"),
        pytest.param("a\nb\n", "a\nnew\n", [2], id="none"),
    ],
)
def test_lines_are_those_that_reading_counts_though_git_knows_no_lone_carriage_return(
    repository, before, after, expected
):
    (repository / "docs/cr.md").write_bytes(before.encode())
    commit(repository)
    git(repository, "branch", "--force", "main")
    (repository / "docs/cr.md").write_bytes(after.encode())

    assert lines(repository) == {"docs/cr.md": expected}


def test_what_is_new_and_what_has_moved_is_told(repository):
    (repository / "docs/b.md").write_text("b\n" * 30)
    commit(repository)
    git(repository, "branch", "--force", "main")
    git(repository, "mv", "docs/b.md", "docs/c ü.md")
    (repository / "docs/committed.png").write_bytes(b"\x89PNG\0")
    commit(repository)
    (repository / "docs/not committed.md").write_text("new\n")
    (repository / "docs/staged.md").write_text("new\n")
    git(repository, "add", "docs/staged.md")
    change(repository, 3, "new")

    found = change_since([Source(folder=repository / "docs")], "main")

    assert found.moved == {"docs/c ü.md": "docs/b.md"}
    assert found.new == {
        "docs/c ü.md",
        "docs/committed.png",
        "docs/not committed.md",
        "docs/staged.md",
    }

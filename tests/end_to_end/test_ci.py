"""`linkwell check --ci` and `--diff-base`, as pipelines run them."""

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest

from tests.end_to_end.command import linkwell, report_in
from tests.report import test_code_quality, test_junit, test_sarif
from tests.world.thread import WorldThread

SITE = {"sites": {"site.example": {"pages": {"/": "Home", "/a": "A", "/b": "B"}}}}
OLD = "".join(f"[{n}](https://site.example/old/{n})\n\n" for n in range(10))
MACHINES = {"junit.xml", "results.sarif", "code-quality.json"}


@pytest.fixture
def world():
    with WorldThread(SITE) as world:
        yield world


def git(folder: Path, *arguments: str) -> None:
    name = {"GIT_CONFIG_GLOBAL": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        name |= {f"GIT_{role}_NAME": "mabel", f"GIT_{role}_EMAIL": "mabel@course.example"}
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **name}, check=True)


@pytest.fixture
def clone(tmp_path):
    """A clone with a page of ten broken links on main, on a branch of its own."""
    folder = tmp_path / "clone"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/index.md").write_text(OLD)
    (folder / ".gitignore").write_text(".linkwell\nreports\n")
    (folder / "config.yaml").write_text("sources: {folder: docs, name: Course}\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=page")
    git(folder, "checkout", "--quiet", "-b", "branch")
    return folder


def on_github(folder: Path) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(folder.parent / "summary.md"),
        "GITHUB_WORKSPACE": str(folder),
        "FORCE_COLOR": "1",
    }


def pull_request(world, folder, added: str):
    with (folder / "docs/index.md").open("a") as page:
        page.write(added)
    git(folder, "commit", "--quiet", "--all", "--message=more")
    return linkwell(
        *("check", "--ci", "--diff-base", "main"), cwd=folder, world=world, **on_github(folder)
    )


def commands(out: str, kind: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith(f"::{kind} ")]


def test_a_pull_request_with_one_new_broken_link_fails_for_that_alone(world, clone):
    done = pull_request(
        world, clone, "[new](https://site.example/gone) [A](https://site.example/a)\n"
    )

    assert done.code == 1, done.out + done.err
    (error,) = commands(done.out, "error")
    assert error.startswith(
        "::error file=docs/index.md,line=21,col=7,title=Not found (new in this change)%3A new::"
        "https://site.example/gone: "
    )
    assert len(commands(done.out, "warning")) == 10
    assert "In this change: 2 links added or touched, of which 1 is broken." in done.out
    summary = (clone.parent / "summary.md").read_text("utf-8")
    assert summary.startswith("## In this change\n\n2 links added or touched")
    latest = clone / "reports/latest"
    assert {file.name for file in latest.iterdir()} >= MACHINES | {"index.html", "report.md"}
    jsonschema.validate(
        json.loads((latest / "code-quality.json").read_text()), test_code_quality.SCHEMA
    )
    written = json.loads((latest / "results.sarif").read_text())
    test_sarif.validator().validate(written)
    new = [r for r in written["runs"][0]["results"] if r["properties"]["newInThisChange"]]
    assert [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in new] == [
        "docs/index.md"
    ]
    junit = test_junit.etree.parse(latest / "junit.xml")
    test_junit.schema().assertValid(junit)
    assert junit.getroot().get("failures") == "1"
    assert "new in this change" in (latest / "index.html").read_text("utf-8")


def test_a_pull_request_without_one_passes_whatever_is_old(world, clone):
    done = pull_request(world, clone, "[A](https://site.example/a)\n")

    assert done.code == 0, done.out + done.err
    assert commands(done.out, "error") == []
    assert "In this change: 1 link added or touched, of which 0 are broken." in done.out


def test_what_a_branch_adds_is_told_to_nobody(world, clone):
    with (clone / "config.yaml").open("a") as config:
        config.write("issues: meadow/course\nstates: strict\n")
    pull_request(world, clone, "[new](https://site.example/gone)\n")
    assert not any("issues" in note for note in report_in(clone)["run"].get("notes", ()))

    linkwell("check", cwd=clone, world=world)  # for comparison: without a token it cannot
    assert any("No token for issues" in note for note in report_in(clone)["run"].get("notes", ()))


def test_what_is_not_committed_yet_counts(world, clone):
    with (clone / "docs/index.md").open("a") as page:
        page.write("[new](https://site.example/gone)\n")

    assert linkwell("check", "--diff-base", "main", cwd=clone, world=world).code == 1


def test_a_link_to_a_page_that_the_change_itself_adds_does_not_fail_it(world, clone):
    (clone / "config.yaml").write_text(
        "sources: {folder: docs, name: Course, base_url: 'https://site.example/'}\n"
    )
    (clone / "docs/new.md").write_text("# New\n")
    git(clone, "add", "--all")
    done = pull_request(world, clone, "[new](new.md) [more](new.html)\n")

    assert done.code == 0, done.out + done.err
    assert commands(done.out, "error") == []
    done = pull_request(world, clone, "[no](no-such.md)\n")
    assert done.code == 1
    assert len(commands(done.out, "error")) == 1


def test_a_page_that_moved_answers_for_its_relative_links(world, clone):
    (clone / "config.yaml").write_text(
        "sources: {folder: docs, name: Course, base_url: 'https://site.example/'}\n"
    )
    (clone / "docs/index.md").write_text(OLD + "[a](a)\n")
    git(clone, "commit", "--quiet", "--all", "--message=relative")
    git(clone, "branch", "--force", "main")
    (clone / "docs/deep").mkdir()
    git(clone, "mv", "docs/index.md", "docs/deep/index.md")
    done = linkwell("check", "--ci", "--diff-base", "main", cwd=clone, world=world)

    assert done.code == 1, done.out + done.err
    assert "In this change: 1 link added or touched, of which 1 is broken." in done.out


def test_what_git_ignores_cannot_be_compared(world, clone):
    (clone / ".gitignore").write_text(".linkwell\nreports\n/built/\n")
    (clone / "built").mkdir()
    (clone / "built/x.md").write_text("[new](https://site.example/gone)\n")
    done = linkwell("check", "built", "--diff-base", "main", cwd=clone, world=world)

    assert done.code == 2
    assert "git ignores built/x.md" in done.err


def test_without_a_change_asked_about_the_old_ones_fail(world, clone):
    done = linkwell("check", "--ci", cwd=clone, world=world, **on_github(clone))

    assert done.code == 1
    assert len(commands(done.out, "error")) == 10


def test_what_a_page_says_is_no_command(world, tmp_path):
    """Between the two lines nothing is taken for a command by GitHub's runner."""
    (tmp_path / "page.md").write_text(
        "[x](<::add-mask::o>) [y](::stop-commands::x)\n\n[::error::z](https://site.example/gone)\n"
    )
    done = linkwell("check", "page.md", "--ci", cwd=tmp_path, world=world, **on_github(tmp_path))

    lines = done.out.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) == 32
    end = lines.index(f"::{token}::")
    told = [line for line in lines[end + 1 :] if line]
    assert told
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in told)
    assert all("::add-mask::" not in line.split("::")[1] for line in told)


def test_no_progress_is_drawn_over_whatever_the_terminal_promises(world, clone):
    done = linkwell("check", "--ci", cwd=clone, world=world, **on_github(clone))

    assert "\x1b" not in done.out


def test_on_gitlab_the_files_are_written_and_no_command_is_printed(world, clone):
    variables = {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(clone)}
    done = linkwell("check", "--ci", cwd=clone, world=world, **variables)

    assert done.code == 1
    assert "::" not in done.out
    assert {file.name for file in (clone / "reports/latest").iterdir()} >= MACHINES


def test_standard_output_is_still_json_where_that_is_asked_for(world, clone):
    done = linkwell("check", "--ci", "--json", cwd=clone, world=world, **on_github(clone))

    assert done.json["summary"]["broken"] == 10
    assert len(commands(done.err, "error")) == 10


def test_the_formats_asked_for_are_the_only_ones(world, clone):
    done = linkwell("check", "--ci", "--format", "sarif", cwd=clone, world=world)

    assert done.code == 1
    assert [f.name for f in (clone / "reports/latest").iterdir()] == ["results.sarif"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--diff-base", "nowhere"], "knows no commit “nowhere”", id="no such base"),
        pytest.param(
            ["https://site.example/", "--diff-base", "main"], "is a web page", id="no file"
        ),
        pytest.param(
            ["--offline", "--diff-base", "main"], "--var or --diff-base", id="offline as well"
        ),
    ],
)
def test_what_cannot_be_told_is_said_before_anybody_is_asked(world, clone, arguments, says):
    done = linkwell("check", *arguments, cwd=clone, world=world)

    assert done.code == 2
    assert says in done.err
    assert not (clone / "reports").exists()


def test_without_a_network_the_run_is_neither(world, clone):
    world.dark = True
    done = pull_request(world, clone, "[new](https://site.example/gone)\n")

    assert done.code == 3
    assert commands(done.out, "error") == []
    assert len(commands(done.out, "warning")) == 1

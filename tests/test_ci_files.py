"""The files by which others run Linkwell in their pipelines: valid, and their scripts tried."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
WORKFLOWS = tuple(sorted(p for p in EXAMPLES.glob("*.yml") if p.name != "gitlab-ci.yml"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
OURS = "linkwell/linkwell@main"
ON = True  # what `on:` is in YAML 1.1


def step(steps, name: str):
    return next(each for each in steps if each.get("name") == name)


def bash(script: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a script as the runner does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=cwd,
        env={"PATH": f"{cwd / 'bin'}:{os.environ['PATH']}", "HOME": str(cwd), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def fake(tmp_path):
    """A command `linkwell` that writes down what it is called with, and ends as CODE says."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/linkwell"
    command.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > called\nexit "${CODE:-0}"\n')
    command.chmod(0o755)
    return tmp_path


def called(folder: Path) -> list[str]:
    return (folder / "called").read_text("utf-8").splitlines()


# --- schemas ---


@pytest.mark.parametrize(
    ("schema", "file", "more"),
    [
        pytest.param("vendor.github-actions", ROOT / "action.yml", (), id="action.yml"),
        *(
            pytest.param(schema, file, (), id=f"{file.name} by {schema}")
            for file in WORKFLOWS
            for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout")
        ),
        pytest.param(
            "vendor.gitlab-ci",
            EXAMPLES / "gitlab-ci.yml",
            ("--data-transform", "gitlab-ci"),
            id="gitlab-ci.yml",
        ),
    ],
)
def test_it_fits_the_schema_of_its_service(schema, file, more):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more]
    done = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def actionlint() -> str:
    """Return the program, or skip aloud: its package is for Linux on x86-64."""
    found = shutil.which("actionlint", path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"no actionlint for {sys.platform} on {platform.machine()}")
    return found


def lint(folder: Path) -> str:
    done = subprocess.run(
        [actionlint(), "-no-color"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture
def repository(tmp_path):
    """A repository that holds nothing but the action."""
    (tmp_path / ".github/workflows").mkdir(parents=True)
    shutil.copy(ROOT / "action.yml", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("file", [pytest.param(file, id=file.name) for file in WORKFLOWS])
def test_a_workflow_passes_actionlint_with_the_action_s_inputs_as_they_are(repository, file):
    text = file.read_text("utf-8").replace(OURS, "./")
    (repository / ".github/workflows/links.yml").write_text(text)

    assert lint(repository) == ""


def test_actionlint_would_see_a_wrong_input(repository):
    text = (EXAMPLES / "nightly.yml").read_text("utf-8").replace(OURS, "./")
    wrong = text.replace("sync-issues:", "sink-issues:")
    (repository / ".github/workflows/links.yml").write_text(wrong)

    assert "sink-issues" in lint(repository)


def test_the_action_s_own_steps_pass_actionlint(repository):
    """It reads workflows alone, so the steps are put into one that has the same inputs."""
    inputs = {
        name: {"type": "string", "description": each["description"]}
        for name, each in ACTION["inputs"].items()
    }
    job = {"runs-on": "ubuntu-latest", "steps": ACTION["runs"]["steps"]}
    workflow = {"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"check": job}}
    (repository / ".github/workflows/steps.yml").write_text(yaml.safe_dump(workflow))

    assert lint(repository) == ""


# --- what they say of each other ---


def test_no_script_of_the_action_holds_an_expression():
    """What an input says reaches a script as a variable, so that it cannot be a command."""
    for each in ACTION["runs"]["steps"]:
        assert "${{" not in each.get("run", "")


def test_each_step_with_a_script_says_by_which_shell():
    assert all(each["shell"] == "bash" for each in ACTION["runs"]["steps"] if "run" in each)


@pytest.mark.parametrize("file", [pytest.param(file, id=file.name) for file in WORKFLOWS])
def test_a_workflow_has_no_more_rights_than_it_says(file):
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow[ON]


def test_the_page_on_ci_names_every_input_with_its_default():
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (.*?) ?\|$", page, re.MULTILINE))
    table = {name: told[name].strip("`") for name in ACTION["inputs"]}
    plain = {n: d["default"] for n, d in ACTION["inputs"].items() if "${{" not in d["default"]}
    by_words = {"sources": "", "config": "", "diff-base": "", "site": "", "version": ""}

    assert set(told) == set(ACTION["inputs"])
    assert {n: table[n] for n in plain if n not in by_words} == {
        n: d for n, d in plain.items() if n not in by_words
    }


@pytest.mark.parametrize(
    "file", [pytest.param(f, id=f.name) for f in EXAMPLES.iterdir() if f.is_file()]
)
def test_the_page_on_ci_leads_to_every_example(file):
    assert f"](examples/{file.name})" in (ROOT / "docs" / "ci.md").read_text("utf-8")


# --- the scripts of the action ---

CHECK = step(ACTION["runs"]["steps"], "Check the links")["run"]
PLAIN = {"SOURCES": "", "CONFIG": "", "FAIL_ON": "broken-now", "DIFF_BASE": ""}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, "check --ci --fail-on broken-now --", id="nothing asked for"),
        pytest.param(
            {"SOURCES": "docs\n\nhttps://a.example/\n"},
            "check --ci --fail-on broken-now -- docs https://a.example/",
            id="sources",
        ),
        pytest.param(
            {"CONFIG": "a.yaml", "DIFF_BASE": "origin/main", "FAIL_ON": "never"},
            "check --ci --fail-on never --config a.yaml --diff-base origin/main --",
            id="all the rest",
        ),
    ],
)
def test_with_what_the_action_calls_the_command(fake, given, expected):
    done = bash(CHECK, fake, GITHUB_OUTPUT=str(fake / "output"), **{**PLAIN, **given})

    assert done.returncode == 0, done.stderr
    assert " ".join(called(fake)) == expected


def test_a_hostile_input_is_a_word_and_no_command(fake):
    hostile = "$(touch hacked) `touch hacked`; touch hacked"
    given = dict.fromkeys(PLAIN, hostile)
    done = bash(CHECK, fake, GITHUB_OUTPUT=str(fake / "output"), **given)

    assert done.returncode == 0
    assert not (fake / "hacked").exists()
    assert called(fake).count(hostile) == 4


@pytest.mark.parametrize(
    ("code", "goes_on"), [(0, True), (1, True), (3, True), (2, False), (127, False)]
)
def test_after_what_the_rest_of_the_steps_still_makes_sense(fake, code, goes_on):
    output = fake / "output"
    done = bash(CHECK, fake, GITHUB_OUTPUT=str(output), CODE=str(code), **PLAIN)

    assert (done.returncode == 0) is goes_on
    assert output.read_text() == f"exit-code={code}\n"


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        pytest.param("Bring the issues up to date", {}, ["issues", "sync"], id="issues"),
        pytest.param(
            "Bring the issues up to date",
            {"CONFIG": "a b.yaml"},
            ["issues", "sync", "--config", "a b.yaml"],
            id="issues by a configuration",
        ),
        pytest.param("Build the site", {"SITE": "a b"}, ["site", "a b"], id="site"),
    ],
)
def test_with_what_the_other_steps_call_it(fake, name, given, expected):
    script = step(ACTION["runs"]["steps"], name)["run"]
    done = bash(script, fake, **{"CONFIG": "", **given})

    assert done.returncode == 0, done.stderr
    assert called(fake) == expected


def test_what_the_issues_are_called_is_no_command_to_the_runner(fake):
    """GitHub heeds `##[` anywhere in a line, `::` at its start, on both outputs."""
    hostile = "Not found: ##[add-path]/tmp\n::add-mask::a"
    (fake / "bin/linkwell").write_text(f"#!/bin/sh\necho '{hostile}'\necho '{hostile}' >&2\nexit 3")
    script = step(ACTION["runs"]["steps"], "Bring the issues up to date")["run"]

    first, second = (bash(script, fake, CONFIG="") for _ in range(2))

    assert first.returncode == 3
    assert first.stderr == ""
    token = first.stdout.splitlines()[0].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert first.stdout == f"::stop-commands::{token}\n{hostile}\n{hostile}\n\n::{token}::\n"
    assert token not in second.stdout


@pytest.mark.parametrize("name", ["Leave out what is mended", "Upload to code scanning"])
def test_a_run_that_is_not_to_be_believed_closes_no_alert(name):
    """Whatever an upload lacks is mended to code scanning."""
    condition = step(ACTION["runs"]["steps"], name)["if"]
    assert condition.split(" && ") == [
        "inputs.code-scanning == 'true'",
        "steps.check.outputs.exit-code != ''",
        "steps.check.outputs.exit-code != '3'",
    ]


def test_the_job_ends_as_the_check_did(fake):
    script = step(ACTION["runs"]["steps"], "Say how it ended")["run"]
    assert [bash(script, fake, CODE=str(code)).returncode for code in (1, 3)] == [1, 3]


# --- GitLab and pre-commit ---


def test_a_merge_request_adds_nothing_to_the_caches_of_gitlab():
    job = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text("utf-8"))["links"]
    policies = {rule["if"]: rule["variables"]["CACHES"] for rule in job["rules"]}

    assert policies == {
        '$CI_PIPELINE_SOURCE == "schedule"': "pull-push",
        '$CI_PIPELINE_SOURCE == "merge_request_event"': "pull",
    }
    assert [cache["policy"] for cache in job["cache"]] == ["$CACHES", "$CACHES"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("schedule", ["site", "public"], id="every night"),
        pytest.param(
            "merge_request_event",
            ["check", "--ci", "docs", "--diff-base", "0123abc"],
            id="in a merge request",
        ),
    ],
)
def test_what_gitlab_runs(fake, source, expected):
    job = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text("utf-8"))["links"]
    variables = {"CI_PIPELINE_SOURCE": source, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "0123abc"}
    done = bash("\n".join(job["script"]), fake, **variables)

    assert done.returncode == 0, done.stderr
    assert called(fake) == expected


HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_the_hook_has_what_pre_commit_asks_for():
    """Source: pre-commit.com, "Creating new hooks"."""
    for hook in HOOKS:
        assert {"id", "name", "entry", "language"} <= set(hook)
        assert re.fullmatch(r"\d+\.\d+\.\d+", hook["minimum_pre_commit_version"])
        assert set(hook["stages"]) <= {"pre-commit", "pre-push", "manual"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(0, 0, id="nothing is broken on these lines"),
        pytest.param(1, 1, id="something is"),
        pytest.param(2, 1, id="it is set up wrongly"),
        pytest.param(3, 0, id="there is no network: that is no reason not to commit"),
    ],
)
def test_how_the_hook_ends(fake, code, expected):
    done = bash(f"{HOOKS[0]['entry']} 'docs/a b.md' docs/c.md", fake, CODE=str(code))

    assert done.returncode == expected
    words = ["check", "--diff-base", "HEAD", "--", "docs/a b.md", "docs/c.md"]
    assert called(fake) == words

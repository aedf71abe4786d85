"""The Dockerfile: it is well written, small, runs as nobody, and names what there is."""

import json
import re
import tomllib

import pytest

from tests.deploy.places import DEPLOY, ROOT, run, said, understood

DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(scope="module")
def stages():
    """Return the instructions of each stage, as pairs of a word and the rest."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    pairs = [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]
    starts = [n for n, (word, _) in enumerate(pairs) if word == "FROM"]
    return [pairs[a:b] for a, b in zip([0, *starts], [*starts, len(pairs)], strict=True)]


def of(stage, word):
    return [" ".join(rest.split()) for found, rest in stage if found == word]


def test_hadolint_finds_nothing():
    assert said(run("hadolint", DOCKERFILE)) == (0, "")


def test_shellcheck_finds_nothing_in_the_script_that_tries_the_image():
    assert said(run("shellcheck", DEPLOY / "try_image.sh")) == (0, "")


def test_both_stages_stand_on_the_base_that_may_be_chosen(stages):
    before, build, last = stages

    assert of(before, "ARG") == ["BASE=docker.io/library/python:3.13-slim"]
    assert of(build, "FROM") == ["${BASE} AS build"]
    assert of(last, "FROM") == ["${BASE}"]


def test_the_last_stage_installs_nothing(stages):
    assert not re.search(r"\b(pip|apt|apt-get|venv|curl|wget)\b", " ".join(of(stages[-1], "RUN")))
    assert of(stages[-1], "COPY") == ["--from=build /opt/linkwell /opt/linkwell"]


def test_it_runs_as_a_user_by_number_who_is_not_root(stages):
    assert of(stages[-1], "USER") == ["10001:10001"]


def test_what_it_runs_is_a_command_of_ours(stages):
    (entry,), (command,) = of(stages[-1], "ENTRYPOINT"), of(stages[-1], "CMD")

    understood([*json.loads(entry), *json.loads(command)])


def test_its_health_check_is_the_file_that_is_copied(stages):
    (check,) = of(stages[-1], "HEALTHCHECK")

    assert json.loads(check.partition("CMD ")[2])[1] == "/opt/linkwell/healthy.py"
    assert "deploy/healthy.py /opt/linkwell/healthy.py" in of(stages[1], "COPY")


def test_what_is_copied_is_there_and_nothing_else_goes_to_the_builder(stages):
    copied = {name for line in of(stages[1], "COPY") for name in line.split()[:-1]}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()

    assert all((ROOT / name).exists() for name in copied)
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert "*" in ignored


def test_of_googles_library_the_descriptions_stay_that_are_asked_for(stages):
    text = "".join(f.read_text("utf-8") for f in (ROOT / "monitor").rglob("*.py"))
    asked = set(re.findall(r'api="(\w+)",\s*version="(\w+)"', text))
    kept = set(re.findall(r"! -name (\w+)\.(\w+)\.json", " ".join(of(stages[1], "RUN"))))

    assert kept == asked == {("youtube", "v3"), ("drive", "v3")}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_a_lock_has_a_hash_for_everything_and_names_no_host(name):
    text = (ROOT / name).read_text("utf-8")

    assert "://" not in text
    for entry in re.split(r"\n(?=\w)", text):
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param(
            "requirements.lock",
            lambda p: (
                p["project"]["dependencies"] + p["project"]["optional-dependencies"]["postgresql"]
            ),
            id="what runs, PostgreSQL's driver too",
        ),
        pytest.param(
            "requirements-build.lock", lambda p: p["build-system"]["requires"], id="what builds"
        ),
    ],
)
def test_a_lock_has_all_that_the_project_names(name, wanted):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    names = {re.match(r"[\w.-]+", each).group() for each in wanted(project)}
    assert names <= locked

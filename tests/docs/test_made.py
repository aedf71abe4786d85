"""The pages that are made from the code are as the code, and leave nothing out."""

import re
import runpy
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from monitor.config import Config, load
from monitor.config.sections import Section
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.core.exits import Exit, FailOn
from monitor.daemon.status import OUTCOMES, Process, Status, metrics
from tests.daemon.test_status import NOW

DOCS = Path(__file__).parents[2] / "docs"


def made_by(name: str) -> dict[str, Any]:
    return runpy.run_path(str(DOCS / f"make_{name}.py"))


def said(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def _text(page: Path) -> str:
    return page.read_text("utf-8") if page.suffix in {".md", ".yaml"} else ""


COMMANDS, CONFIG = made_by("commands"), made_by("config")


@pytest.mark.parametrize(
    ("page", "maker"),
    [
        ("commands.md", COMMANDS),
        ("configuration.md", CONFIG),
        ("credentials.md", made_by("credentials")),
    ],
    ids=["commands", "configuration", "credentials"],
)
def test_a_page_is_as_it_is_made(page, maker):
    assert said(page) == maker["page"](), "run `make docs`"


# --- commands ---


@pytest.mark.parametrize(
    ("name", "command"), [pytest.param(*each, id=each[0]) for each in COMMANDS["commands"]()]
)
def test_every_command_is_explained_with_an_example_and_each_of_its_options(name, command):
    section = said("commands.md").split(f"## linkwell {name}\n")[1].split("\n## ")[0]

    assert name in COMMANDS["EXAMPLES"], "write one into docs/make_commands.py"
    assert f"linkwell {name}" in section
    for option in COMMANDS["shown"](command):
        assert option.help, f"{option.name} has no words of help"
        if option.param_type_name == "option":
            assert all(f"`{each}`" in section for each in option.opts)


def test_every_exit_code_and_every_reason_to_fail_is_explained():
    page = said("exit-codes.md")

    assert all(f"| {code.value} | " in page for code in Exit)
    assert all(f"| `{each.value}`" in page for each in FailOn)


# --- configuration ---


def sections(model: type[Section]) -> dict[str, type[Section]]:
    """Return the sections within one, by the names of their keys."""
    found = ((name, CONFIG["section_of"](f.annotation)) for name, f in CONFIG["keys"](model))
    return {name: section for name, section in found if section is not None}


def keys_in(model: type[Section], value: Any) -> set[str]:
    """Return the keys that a value of a file uses, those below as "issues.app"."""
    found: set[str] = set()
    for one in value if isinstance(value, list) else [value]:
        for name, below in (one if isinstance(one, dict) else {}).items():
            found.add(name)
            if name in sections(model):
                found |= {f"{name}.{key}" for key in keys_in(sections(model)[name], below)}
    return found


def all_keys(model: type[Section], seen: tuple[type[Section], ...] = ()) -> set[str]:
    """Return the keys that there are; a section that stands in several places once."""
    found: set[str] = set()
    told = list(seen)
    for name, _ in CONFIG["keys"](model):
        found.add(name)
        inner = sections(model).get(name)
        if inner is not None and inner not in told:
            told.append(inner)
            found |= {f"{name}.{key}" for key in all_keys(inner, tuple(told))}
    return found


NAMED = {name for page in DOCS.rglob("*.*") for name in re.findall(r"\$\{([A-Z_]+)\}", _text(page))}
ENVIRONMENT = dict.fromkeys(NAMED, "x") | {"LIBRARY_LOGIN": "user:password"}
"""All variables that the pages name, set to something."""

TOP = [name for name, _ in CONFIG["keys"](Config)]


@pytest.mark.parametrize("name", TOP)
def test_every_key_has_an_example_that_is_right(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("campus-ca.pem").touch()
    used: set[str] = set()
    for text in CONFIG["examples"](name):
        load(None, ENVIRONMENT, text)
        section = sections(Config).get(name)
        used |= keys_in(section, yaml.safe_load(text)[name]) if section else set()

    section = sections(Config).get(name)
    assert used >= (all_keys(section) if section else set())


def test_every_key_stands_on_the_page():
    page = said("configuration.md")

    for name in TOP:
        part = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        section = sections(Config).get(name)
        for key in all_keys(section) if section else ():
            assert f"| `{key.rpartition('.')[2]}` | " in part, f"{name}.{key}"


def test_every_credential_is_explained():
    page = said("credentials.md")

    for name, variable in KNOWN_CREDENTIALS.items():
        assert f"\n## {name}\n" in page
        assert f"`{variable}`" in page
    assert set(made_by("credentials")["RIGHTS"]) == set(KNOWN_CREDENTIALS)


# --- the daemon ---


def test_every_metric_and_every_outcome_of_the_daemon_is_explained():
    page = said("daemon.md")
    status = Status(version="1", started_at=NOW, good_at=0, links={"ok": 1})
    status.ended_at = status.succeeded_at = status.next_at = NOW
    lines = metrics(status, Process(memory=1, files=1, cpu=1.0), healthy=True).splitlines()
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}

    assert names
    assert {name for name in names if f"`{name}`" not in page} == set()
    assert all(f"`{each}`" in page for each in OUTCOMES)


def test_the_page_on_alerts_names_every_turn():
    from monitor.config.alerts import Turn

    assert all(f"| `{turn}` | " in said("alerts.md") for turn in get_args(Turn))

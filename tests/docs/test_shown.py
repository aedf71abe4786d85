"""What the pages show and nothing runs: commands that there are, configurations that are right."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml

from monitor.cli import app
from monitor.config import Config, load
from tests.docs.blocks import blocks
from tests.docs.test_made import ENVIRONMENT, TOP

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
ALL = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES]


def lines(page: Path) -> Iterator[str]:
    """Yield the command lines of a page that call linkwell, from `linkwell` on."""
    text = page.read_text(encoding="utf-8")
    shown = [line for block in blocks(text) for line in block.commands]
    shown += re.findall(r"`(linkwell [a-z][^`\n]*)`", text)
    for line in shown:
        found = re.search(r"(?:^|.*(?:/|&& |linkwell ))linkwell ((?:[a-z-]|--).*)", line)
        if found and "COMMAND" not in line:
            yield re.split(r" (?:#|>|&&|&|\||2>) ?", found[1] + " ")[0].strip(" ,")


@pytest.mark.parametrize("page", ALL)
def test_every_command_that_a_page_names_is_there_with_its_options(page):
    for line in lines(page):
        words = shlex.split(line)
        if words[0].startswith("-"):
            continue
        command = typer.main.get_command(app)
        while hasattr(command, "commands") and words:
            word = words.pop(0).rstrip(".,;:")
            assert word in command.commands, line
            command = command.commands[word]
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert given <= known | {"--help"}, line


@pytest.mark.parametrize("page", ALL)
def test_every_configuration_that_a_page_shows_is_right(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("campus-ca.pem").touch()
    Path("company-ca.pem").touch()
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language == "yaml" and _is_ours(block.text):
            load(None, ENVIRONMENT, block.text)


def _is_ours(text: str) -> bool:
    value = yaml.safe_load(text)
    return isinstance(value, dict) and set(value) <= set(TOP)


def test_a_typing_error_in_a_configuration_that_is_shown_would_be_seen():
    shown = ("sources", "issues", "states", "alerts")
    assert set(shown) <= set(TOP)
    assert Config.model_config["extra"] == "forbid"


def test_the_messages_under_troubleshooting_are_those_that_are_said():
    said = [text for file in (ROOT / "monitor").rglob("*.py") for text in _texts(file)]
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    messages = re.findall(r"^### `+ ?(.*?) ?`+$", page, re.MULTILINE)

    assert len(messages) > 15
    for message in messages:
        pieces = [piece.strip() for piece in message.split("…") if piece.strip()]
        pattern = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL)
        assert any(pattern.search(text) for text in said), message


def _texts(file: Path) -> Iterator[str]:
    """Yield the texts of a file of code, with … for what is put into them."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{\w*\}", "…", node.value)

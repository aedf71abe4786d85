"""Writes docs/commands.md: every command with its arguments and options, from the code itself."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from monitor.cli import app

HEAD = """# Commands

All commands of `linkwell`, with all their options. Made from the commands themselves by
`make docs`. What their exit codes tell stands on [a page of its own](exit-codes.md).

`linkwell --help` and `linkwell COMMAND --help` say the same on the terminal.
"""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "check": (
        "linkwell check",
        "linkwell check https://example.org/course/",
        "linkwell check docs --base-url https://example.org/course/ --var site.baseurl=/course",
        "linkwell check --due --wait 10m",
        "linkwell check --ci docs --diff-base origin/main",
    ),
    "extract": ("linkwell extract docs/index.md",),
    "explain": ("linkwell explain https://youtu.be/0bMe_vCZo30",),
    "report": ("linkwell report", "linkwell report --at 2026-11-12 --output then"),
    "init": ("linkwell init https://example.org/course/",),
    "changes": ("linkwell changes",),
    "accept": ("linkwell accept https://bit.ly/course", "linkwell accept --all"),
    "stats": ("linkwell stats",),
    "doctor": ("linkwell doctor",),
    "plan": ("linkwell plan",),
    "watch": ("linkwell watch --config /etc/linkwell/config.yaml",),
    "site": ("linkwell site public",),
    "incidents": ("linkwell incidents", "linkwell incidents 3cdbfbd3a304"),
    "mute": ('linkwell mute "*.example.org/*" --for 14d --reason "they are moving house"',),
    "unmute": ('linkwell unmute "*.example.org/*"',),
    "mutes": ("linkwell mutes",),
    "history": ("linkwell history https://example.org/notes.pdf",),
    "config check": ("linkwell config check",),
    "config schema": ("linkwell config schema > config.schema.json",),
    "schema report": ("linkwell schema report > report.schema.json",),
    "alerts test": ("linkwell alerts test mail",),
    "alerts pending": ("linkwell alerts pending",),
    "alerts send": ("linkwell alerts send",),
    "issues plan": ("linkwell issues plan",),
    "issues sync": ("linkwell issues sync",),
    "db upgrade": ("linkwell db upgrade",),
    "db check": ("linkwell db check",),
    "db backup": ("linkwell db backup history-2026-11-24.sqlite3",),
    "db compact": ("linkwell db compact",),
}
"""How each command is called."""

_KINDS = {int: "number", str: "text", Path: "path", datetime: "a day, such as `2026-11-12`"}


def page() -> str:
    """Return the page on all commands."""
    lines = [HEAD]
    for name, command in commands():
        lines += [*_command(name, command), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command that is called by itself, with its name as it is typed."""
    yield from _within(typer.main.get_command(app), "")


def shown(command: Any) -> list[Any]:
    """Return the parameters of a command that people see, --help apart."""
    return [each for each in command.params if not getattr(each, "hidden", False)]


def _within(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _within(command, f"{prefix}{name} ")
        elif not command.hidden:
            yield f"{prefix}{name}", command


def _command(name: str, command: Any) -> Iterator[str]:
    yield from (f"## linkwell {name}", "", " ".join((command.help or "").split()), "")
    yield from ("```sh", *EXAMPLES.get(name, (f"linkwell {name}",)), "```", "")
    parameters = shown(command)
    if not parameters:
        yield "It takes no option."
        return
    yield from ("| argument or option | takes | what it does |", "|---|---|---|")
    for each in sorted(parameters, key=lambda each: each.param_type_name != "argument"):
        yield f"| {_called(each)} | {_takes(each)} | {_says(each)} |"


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
        name = name if parameter.required else f"[{name}]"
        return f"`{name}{'…' if parameter.nargs == -1 else ''}`"
    names = sorted([*parameter.opts, *parameter.secondary_opts], key=len)
    return ", ".join(f"`{name}`" for name in names)


def _takes(parameter: Any) -> str:
    if parameter.param_type_name == "argument" or getattr(parameter, "is_flag", False):
        return ""
    kind = parameter.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{each.value}`" for each in kind)
    metavar = parameter.metavar if not (parameter.metavar or "").startswith("[") else None
    words = f"`{metavar}`" if metavar else _KINDS.get(kind, getattr(kind, "__name__", "text"))
    if parameter.min is not None:
        words += f", at least {parameter.min}"
    if parameter.max is not None:
        words += f", at most {parameter.max:,}"
    return f"{words}; more than once" if parameter.multiple else words


def _says(parameter: Any) -> str:
    words = " ".join((parameter.help or "").split())
    default = parameter.default
    default = getattr(default, "value", default)
    if default is None or default is False or default == [] or callable(default):
        return _cell(words)
    return _cell(f"{words} Default: `{default}`.")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(__file__).with_name("commands.md").write_text(page(), encoding="utf-8")

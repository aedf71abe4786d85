"""The options that commands share: how they are written, and what is made of them.

Typer reads the types at once; all that is heavy is imported when an option is used.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config import Ci, Config, Source
    from monitor.store.history import History

DEFAULT_CONFIG = Path("config.yaml")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration; config.yaml here, when it exists."),
]
BaseUrlOption = Annotated[
    str | None, typer.Option(help="Where readers find the document: the base of its links.")
]
VarOption = Annotated[
    list[str] | None,
    typer.Option("--var", metavar="NAME=VALUE", help="A template variable, as site.baseurl=/x."),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", help="Which to write: html,md,json,atom,badge,junit,sarif,code-quality."
    ),
]
CiOption = Annotated[
    bool,
    typer.Option("--ci", help="In a pipeline: annotations, job summary, files for machines."),
]
DiffBaseOption = Annotated[
    str | None,
    typer.Option(
        metavar="REF", help="Fail only for links on lines that the branch adds since it left REF."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def load_config(path: Path | None, text: str | None = None) -> "Config":
    """Return the configuration of a path, or of config.yaml where that is, or the defaults.

    `text` is what to take for the file's, where it has been read before.
    """
    from monitor.config import load

    if path is None and DEFAULT_CONFIG.exists():
        path = DEFAULT_CONFIG
    config = load(path, os.environ, text)
    for rule in config.ignore:
        must_be_provider(rule.provider)
    for override in config.states.overrides:
        must_be_provider(override.provider)
    for name in (name for alert in config.alerts for name in alert.only.providers):
        must_be_provider(name)
    return config


def ci_here() -> "Ci":
    """Return the pipeline that this runs in; one of which nothing is known, where it is none."""
    from monitor.config import ci_of

    return ci_of(os.environ)


def open_history(config: "Config", *, read_only: bool = False) -> "History":
    """Open the history of a configuration; `read_only` needs one that is there."""
    from monitor.store.history import History

    return History.open(config.store.url or config.store.path, read_only=read_only)


def chosen_sources(
    config: "Config", named: list[str] | None, base_url: str | None, var: list[str] | None
) -> "tuple[Source, ...]":
    """Return the sources named on the command line, or else those of the configuration."""
    from monitor.config import source_of

    variables: dict[str, str] = {}
    for pair in var or ():
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ConfigError(f"--var takes NAME=VALUE, as site.baseurl=/course; found “{pair}”.")
        variables[name.strip()] = value
    if named:
        return tuple(source_of(text, base_url=base_url, variables=variables) for text in named)
    if base_url is not None or variables:
        raise ConfigError("--base-url and --var need a SOURCE; or write them under `sources:`.")
    if not config.sources:
        raise ConfigError(
            "Nothing to check: name a page (`linkwell check https://example.org/`),"
            " or write it under `sources:` in config.yaml."
        )
    return config.sources


def must_be_provider(name: str | None) -> None:
    """Raise ConfigError where a provider is named that is not there."""
    from monitor.providers import find

    known = [provider.name for provider in find()]
    if name is not None and name not in known:
        raise ConfigError(f"There is no provider “{name}”; there are: {', '.join(known)}.")


def chosen_formats(text: str | None) -> tuple[str, ...]:
    """Return the formats that a text names, separated by commas; none where there is no text."""
    from typing import get_args

    from monitor.config import Format

    chosen = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    formats = get_args(Format)
    joined = f"{', '.join(formats[:-1])} and {formats[-1]}"
    if set(chosen) - set(formats) or (text is not None and not chosen):
        raise ConfigError(f"--format takes {joined}; found “{text}”.")
    return chosen

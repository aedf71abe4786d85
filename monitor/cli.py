"""The commands: they print, and end with 0, 1, 2 or 3.

0 nothing broken now · 1 something broken now · 2 usage or configuration · 3 run invalid.
Whatever is heavy is imported when a command needs it, so that --help stays instant.
"""

import os
import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.core.errors import ConfigError, OutputError, SetUpError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Config, Source
    from monitor.core.model import Observation, Run
    from monitor.report.report import Report
    from monitor.store.history import History


class Exit(IntEnum):
    """What the exit code tells."""

    WELL = 0
    BROKEN = 1
    SET_UP = 2
    INVALID = 3


app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it would import a Markdown parser for --help
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Tells which links of your pages still work, which broke, and what to do about it.",
)
config_app = typer.Typer(no_args_is_help=True, help="Look at the configuration.")
schema_app = typer.Typer(no_args_is_help=True, help="Print the contracts of Linkwell's files.")
app.add_typer(config_app, name="config")
app.add_typer(schema_app, name="schema")

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
    str | None, typer.Option("--format", help="Which to write: html,md,json or some of them.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def main() -> None:
    """Run the command line; trouble in the set-up is a message and exit code 2."""
    try:
        app()
    except SetUpError as error:
        typer.echo(f"linkwell: {error}", err=True)
        sys.exit(Exit.SET_UP)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"linkwell {version('linkwell')}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tells which links of your pages still work, which broke, and what to do about it."""


@app.command()
def check(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="A URL, a file, a folder, or - for standard input."),
    ] = None,
    config: ConfigOption = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the report straight into this folder.")
    ] = None,
    formats: FormatOption = None,
    as_json: JsonOption = False,
    provider: Annotated[str | None, typer.Option(help="Check only this provider's.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Check at most so many.")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Judge the last run's answers again; ask nobody.")
    ] = False,
    base_url: BaseUrlOption = None,
    var: VarOption = None,
) -> None:
    """Check all links of the sources now, and write the report."""
    loaded = _load(config)
    wish_sources = _sources(loaded, sources, base_url, var)
    _known_provider(provider)
    chosen = _formats(formats) or loaded.report.formats
    from monitor.display import Display, console_for, summarise
    from monitor.gather import Wish
    from monitor.run import report_of, run

    console = console_for(to_error=as_json)
    wish = Wish(sources=wish_sources, provider=provider, limit=limit)
    with _history(loaded, read_only=offline) as history:
        if offline:
            from monitor.doors import utc_now
            from monitor.offline import rejudge

            report = rejudge(loaded, history, utc_now())
        else:
            with Display(console) as display:
                run_id = run(loaded, wish, history, display)
            report = report_of(history, run_id)
    paths = _write(report, loaded, output, chosen)
    summarise(console, report, paths)
    _print_json(report, as_json)
    raise typer.Exit(_exit_code(report))


@app.command()
def extract(
    source: Annotated[str, typer.Argument(help="A URL, a file, a folder, or -.")],
    config: ConfigOption = None,
    base_url: BaseUrlOption = None,
    var: VarOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the links of a source with their places, and check none."""
    import asyncio

    from monitor.display import console_for, list_links
    from monitor.gather import Wish, links_of
    from monitor.report.json_report import as_text, link_fields, skipped_fields

    loaded = _load(config)
    wish = Wish(sources=_sources(loaded, [source], base_url, var))
    pages = asyncio.run(links_of(loaded, wish)).pages
    if as_json:
        links = [link_fields(r.link) for page in pages for r in page.references]
        skipped = [skipped_fields(skip) for page in pages for skip in page.skipped]
        typer.echo(as_text({"links": links, "skipped": skipped}), nl=False)
    else:
        list_links(console_for(to_error=False), pages)
    unread = [page for page in pages if not page.read]
    for page in unread:
        typer.echo(f"linkwell: {page.page.name}: {' '.join(page.page.notes)}", err=True)
    raise typer.Exit(Exit.INVALID if unread and len(unread) == len(pages) else Exit.WELL)


@app.command()
def explain(url: str, config: ConfigOption = None) -> None:
    """Tell how a URL is recognised, what each probe says of it, and why this verdict."""
    import asyncio

    from monitor import explain as about
    from monitor.display import console_for, explain_url

    loaded = _load(config)
    explanation = asyncio.run(about.explain(loaded, url))
    past: Sequence[tuple[Run, Observation]] = ()
    if loaded.store.url is not None or loaded.store.path.exists():
        with _history(loaded, read_only=True) as history:
            past = history.observations(explanation.resource.id)
    explain_url(console_for(to_error=False), explanation, past)
    raise typer.Exit(_code_of(explanation.verdict.status.value))


@app.command()
def report(
    run: Annotated[str | None, typer.Argument(help="The run's id; the newest, if none.")] = None,
    config: ConfigOption = None,
    output: Annotated[Path | None, typer.Option(help="Write into this folder.")] = None,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report of a past run again, from history."""
    from monitor.core.model import RunId
    from monitor.run import report_of

    loaded = _load(config)
    chosen = _formats(formats) or loaded.report.formats
    with _history(loaded, read_only=True) as history:
        runs = history.runs(most=1)
        if run is None and not runs:
            raise ConfigError("There is no run in history yet: run `linkwell check` first.")
        made = report_of(history, RunId(run) if run is not None else runs[0].id)
    for path in _write(made, loaded, output, chosen, latest=False):
        typer.echo(f"Report: {path}", err=as_json)
    _print_json(made, as_json)


@app.command()
def init(
    url: str,
    config: Annotated[Path, typer.Option("--config", "-c", help="Where to write it.")] = (
        DEFAULT_CONFIG
    ),
) -> None:
    """Write a configuration for a page, check it once, and print the line for cron."""
    from monitor.config import SCHEMA_NAME, schema, starter

    try:
        with config.open("x", encoding="utf-8") as file:
            file.write(starter(url))
        config.with_name(SCHEMA_NAME).write_text(schema(), encoding="utf-8")
    except FileExistsError:
        raise ConfigError(
            f"{config} is there already: edit it, or name another file with --config."
        ) from None
    except OSError as error:
        raise OutputError(f"{config} cannot be written ({error.strerror}).") from None
    typer.echo(f"Wrote {config}, and {SCHEMA_NAME} by which editors complete it.")
    typer.echo("To check every night at 3:17, put this line into `crontab -e`:")
    typer.echo(f"  17 3 * * * cd {Path.cwd()} && {_command()} check --config {config}")
    check(config=config)


@config_app.command("check")
def config_check(config: ConfigOption = None) -> None:
    """Tell whether the configuration is right, and what it means."""
    from datetime import UTC, datetime

    from monitor.config import describe

    for line in describe(_load(config), datetime.now(UTC).date()):
        typer.echo(line)


@config_app.command("schema")
def config_schema() -> None:
    """Print the JSON Schema of config.yaml, for completion in editors."""
    from monitor.config import schema

    typer.echo(schema(), nl=False)


@schema_app.command("report")
def schema_report() -> None:
    """Print the JSON Schema of report.json."""
    from monitor.report.json_report import schema

    typer.echo(schema(), nl=False)


# --- what the commands share ---


def _load(path: Path | None) -> "Config":
    from monitor.config import load

    if path is None and DEFAULT_CONFIG.exists():
        path = DEFAULT_CONFIG
    config = load(path, os.environ)
    for rule in config.ignore:
        _known_provider(rule.provider)
    return config


def _sources(
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


def _known_provider(name: str | None) -> None:
    from monitor.providers import find

    known = [provider.name for provider in find()]
    if name is not None and name not in known:
        raise ConfigError(f"There is no provider “{name}”; there are: {', '.join(known)}.")


def _formats(text: str | None) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    if set(chosen) - {"html", "md", "json"} or (text is not None and not chosen):
        raise ConfigError(f"--format takes html, md and json; found “{text}”.")
    return chosen


def _history(config: "Config", *, read_only: bool = False) -> "History":
    from monitor.store.history import History

    return History.open(config.store.url or config.store.path, read_only=read_only)


def _write(
    report: "Report",
    config: "Config",
    output: Path | None,
    formats: tuple[str, ...],
    *,
    latest: bool = True,
) -> list[Path]:
    from monitor.report.render import publish, write

    directory = output or config.report.directory / report.run.id
    paths = write(report, directory, formats)
    if output is None and latest:
        publish(directory, config.report.directory / "latest")
    return list(paths.values())


def _print_json(report: "Report", wanted: bool) -> None:
    if wanted:
        from monitor.report.json_report import to_json

        typer.echo(to_json(report), nl=False)


def _exit_code(report: "Report") -> Exit:
    if not report.run.valid:
        return Exit.INVALID
    return Exit.BROKEN if report.summary.broken else Exit.WELL


def _code_of(status: str) -> Exit:
    return Exit.BROKEN if status == "broken" else Exit.WELL


def _command() -> str:
    """Return how this very command can be called from cron, which knows no PATH."""
    return str(Path(sys.argv[0]).resolve())

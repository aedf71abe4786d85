"""The commands: they print, and end with 0, 1, 2 or 3.

0 nothing broken now · 1 something broken now, or what --fail-on says · 2 usage or configuration ·
3 run invalid, or ended early with nothing broken so far.
Whatever is heavy is imported when a command needs it, so that --help stays instant.
"""

import shlex
import signal
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands import (
    accepting,
    alerts,
    contracts,
    database,
    history,
    incidents,
    issues,
    keys,
    muting,
    planning,
    site,
    stats,
    watching,
)
from monitor.commands.ci import pipeline
from monitor.core.errors import ConfigError, OutputError, SetUpError
from monitor.core.exits import Exit, FailOn
from monitor.core.reasons import Status
from monitor.options import (
    DEFAULT_CONFIG,
    BaseUrlOption,
    CiOption,
    ConfigOption,
    DiffBaseOption,
    FormatOption,
    JsonOption,
    VarOption,
    chosen_formats,
    chosen_sources,
    load_config,
    must_be_provider,
    open_history,
)

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.report.report import Report
    from monitor.store.history import History


app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it would import a Markdown parser for --help
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Tells which links of your pages still work, which broke, and what to do about it.",
)
app.add_typer(contracts.config_app, name="config")
app.add_typer(contracts.schema_app, name="schema")
app.add_typer(alerts.app, name="alerts")
app.add_typer(issues.app, name="issues")
app.add_typer(database.app, name="db")


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
    fail_on: Annotated[
        FailOn, typer.Option(help="What it takes to end with 1, rather than what is broken now.")
    ] = FailOn.BROKEN_NOW,
    ci: CiOption = False,
    diff_base: DiffBaseOption = None,
    due: planning.DueOption = False,
    wait: planning.WaitOption = None,
    by_daemon: planning.ByDaemonOption = None,
) -> None:
    """Check all links of the sources now, and write the report."""
    call = planning.Call.of(by_daemon)
    loaded = load_config(config, call.text)
    if offline and (sources or provider or limit or base_url or var or diff_base):
        raise ConfigError(
            "--offline judges the whole last run again: it takes no SOURCE, --provider, --limit,"
            " --base-url, --var or --diff-base."
        )
    if offline and fail_on not in {FailOn.BROKEN_NOW, FailOn.NEVER}:
        raise ConfigError(
            "--offline knows no past: with it --fail-on is broken-now or never, not"
            f" {fail_on.value}."
        )
    wish_sources = () if offline else chosen_sources(loaded, sources, base_url, var)
    if due:
        parts = {"SOURCE": sources, "--provider": provider, "--limit": limit, "--offline": offline}
        planning.refuse_with_due(parts)
        planning.end_unless_due(loaded, call)
    must_be_provider(provider)
    line = pipeline(wish_sources, ci=ci, diff_base=diff_base, to_error=as_json)
    chosen = line.formats(chosen_formats(formats), loaded.report.formats)
    from monitor.display import Display, console_for, summarise
    from monitor.gather import Wish
    from monitor.past import report_of, rules_of
    from monitor.report.exits import exit_of
    from monitor.run import run

    console = console_for(to_error=as_json, live=not ci)
    # What a branch adds is nobody's to read yet: it opens, closes and tells nothing.
    whole = not sources and diff_base is None
    wish = Wish(sources=wish_sources, provider=provider, limit=limit, configured=whole, due=due)
    with (
        line.hushed(),
        open_history(loaded, read_only=offline) as history,
        planning.my_turn(history, wait, call, needed=not offline) as turn,
    ):
        if offline:
            from monitor.doors import utc_now
            from monitor.offline import rejudge

            report = rejudge(loaded, history, utc_now())
        else:
            if due:  # somebody else may have asked it meanwhile
                planning.end_unless_due(loaded, call, history)
            with Display(console) as display:
                run_id = run(loaded, wish, history, display, turn=turn)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # writing the report takes no second
            report = report_of(history, run_id, rules_of(loaded))
        report = line.located(report)
        paths = _write(report, loaded, output, chosen)
        summarise(console, report, paths)
    line.tell(report)
    call.say_report(report)
    _print_json(report, as_json)
    raise typer.Exit(exit_of(report, fail_on))


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

    loaded = load_config(config)
    wish = Wish(sources=chosen_sources(loaded, [source], base_url, var))
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
def explain(
    url: Annotated[str, typer.Argument(help="An address, as it stands on your page.")],
    config: ConfigOption = None,
) -> None:
    """Tell how a URL is recognised, what each probe says of it, and why this verdict."""
    import asyncio

    from monitor import explain as about
    from monitor.display import console_for, explain_url

    loaded = load_config(config)
    with ExitStack() as stack:
        history: History | None = None
        if loaded.store.url is not None or loaded.store.path.exists():
            history = stack.enter_context(open_history(loaded, read_only=True))
        account = asyncio.run(about.explain(loaded, url))
        past = history.observations(account.resource.id) if history is not None else ()
    explain_url(console_for(to_error=False), account, past)
    broken = account.verdict.status is Status.BROKEN
    raise typer.Exit(Exit.BROKEN if broken else Exit.WELL)


@app.command()
def report(
    run: Annotated[str | None, typer.Argument(help="The run's id; the newest, if none.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="As things stood at the end of this day, in UTC."),
    ] = None,
    config: ConfigOption = None,
    output: Annotated[Path | None, typer.Option(help="Write into this folder.")] = None,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report of a past run or day again, from history; always the same bytes."""
    from monitor.core.model import RunId
    from monitor.past import report_at, report_of, rules_of

    if run is not None and at is not None:
        raise ConfigError("A run's id or --at, not both.")
    loaded = load_config(config)
    chosen = chosen_formats(formats) or loaded.report.formats
    rules = rules_of(loaded)
    with open_history(loaded, read_only=True) as history:
        runs = history.runs(most=1)
        if run is None and not runs and at is None:
            raise ConfigError("There is no run in history yet: run `linkwell check` first.")
        if at is not None:
            made = report_at(history, at.date(), rules)
            output = output or loaded.report.directory / f"at-{at:%Y-%m-%d}"
        else:
            made = report_of(history, RunId(run) if run is not None else runs[0].id, rules)
    for path in _write(made, loaded, output, chosen, latest=False):
        typer.echo(f"Report: {path}", err=as_json)
    _print_json(made, as_json)


@app.command()
def init(
    url: Annotated[str, typer.Argument(help="The page to watch.")],
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
    again = shlex.join([*_command(), "check", "--config", str(config)])
    typer.echo(f"  17 3 * * * cd {shlex.quote(str(Path.cwd()))} && {again}")
    check(config=config)


app.command()(accepting.changes)
app.command()(accepting.accept)
app.command()(stats.stats)
app.command()(keys.doctor)
app.command()(planning.plan)
app.command()(watching.watch)
app.command()(site.site)
app.command()(incidents.incidents)
app.command()(history.history)
app.command()(muting.mute)
app.command()(muting.unmute)
app.command()(muting.mutes)


# --- what the commands share ---


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


def _command() -> list[str]:
    """Return how this very command can be called from cron, which knows no PATH."""
    program = Path(sys.argv[0]).resolve()
    return [sys.executable, "-m", "monitor"] if program.name == "__main__.py" else [str(program)]

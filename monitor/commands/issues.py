"""The commands `issues plan` and `issues sync`: what is broken, as issues on GitHub.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from typing import TYPE_CHECKING

import typer

from monitor.core.exits import Exit
from monitor.options import ConfigOption, load_config, open_history

if TYPE_CHECKING:
    from monitor.issues.sync import Synced

app = typer.Typer(no_args_is_help=True, help="Keep what is broken as issues on GitHub.")


@app.command()
def plan(config: ConfigOption = None) -> None:
    """Print exactly what `issues sync` would write now; write nothing."""
    from monitor.issues.sync import planned

    loaded = load_config(config)
    with open_history(loaded, read_only=True) as history:
        synced = planned(loaded, history)
    for line in synced.plan.lines() if synced.plan is not None else ():
        typer.echo(line)
    _end(synced)


@app.command()
def sync(config: ConfigOption = None) -> None:
    """Bring the issues up to date: file, update, comment, close, reopen."""
    from monitor.issues.sync import accepting
    from monitor.issues.sync import sync as bring

    loaded = load_config(config)
    with open_history(loaded) as history:
        synced = bring(loaded, history, accept=accepting(history))
    for action in synced.plan.actions if synced.plan is not None else ():
        typer.echo(action.words())
    for line in synced.plan.more() if synced.plan is not None else ():
        typer.echo(line)
    typer.echo(f"{synced.done} written, {synced.left} left for the next time.")
    _end(synced)


def _end(synced: "Synced") -> None:
    for note in synced.notes:
        typer.echo(f"linkwell: {note}", err=True)
    raise typer.Exit(Exit.INVALID if synced.failed else Exit.WELL)

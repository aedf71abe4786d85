"""The commands `db …`: what the database of history needs now and then.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from pathlib import Path
from typing import Annotated

import typer

from monitor.core.exits import Exit
from monitor.options import ConfigOption, load_config

app = typer.Typer(no_args_is_help=True, help="Upgrade, check, back up and compact history.")


@app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Bring history to this version of Linkwell, after a backup of the file."""
    from monitor.store import maintenance

    done = maintenance.upgrade(_where(config))
    if done.before is None:
        typer.echo(f"{done.name}: made, of version {done.after}.")
    elif done.before == done.after:
        typer.echo(f"{done.name}: it is of version {done.after} already.")
    else:
        typer.echo(f"{done.name}: upgraded from version {done.before} to {done.after}.")
        if done.backup is not None:
            typer.echo(f"As it was before: {done.backup}")


@app.command()
def check(config: ConfigOption = None) -> None:
    """Look for damage: in the file, in rows that hang on others, in each single row."""
    from monitor.store import maintenance

    found = maintenance.check(_where(config))
    for each in found:
        typer.echo(each)
    if not found:
        typer.echo("All rows are as Linkwell wrote them.")
        return
    more = " or more" if len(found) == maintenance.MOST_DAMAGE else ""
    typer.echo(
        f"{len(found)}{more} damaged: put a backup in its place, or delete these rows.", err=True
    )
    raise typer.Exit(Exit.BROKEN)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    config: ConfigOption = None,
) -> None:
    """Copy history to a file, also while a run writes to it; for PostgreSQL say how."""
    from monitor.store import maintenance

    maintenance.backup(_where(config), file)
    typer.echo(f"Backup: {file}")


@app.command()
def compact(config: ConfigOption = None) -> None:
    """Give the room that is free within history back to the disk; no run may write meanwhile."""
    from monitor.store import maintenance

    done = maintenance.compact(_where(config))
    typer.echo(f"{done.name}: {done.before / 1e6:.1f} MB before, {done.after / 1e6:.1f} MB now.")


def _where(config: Path | None) -> str | Path:
    store = load_config(config).store
    return store.url or store.path

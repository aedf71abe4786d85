"""The commands about what changed behind the links: `changes` lists, `accept` accepts.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.core.errors import ConfigError
from monitor.options import ConfigOption, JsonOption, load_config, open_history

if TYPE_CHECKING:
    pass


def changes(config: ConfigOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002 - an option
    """List what stands behind your links and is not any more what you accepted."""
    from monitor import baselines
    from monitor.report.drift import drifts
    from monitor.report.json_report import as_text, changes_fields

    with open_history(load_config(config), read_only=True) as history:
        found = baselines.changed(history)
    if as_json:
        listed = [
            {"id": each.resource.id, "url": each.resource.url, "changes": changes_fields(each)}
            for each in found
        ]
        typer.echo(as_text({"changes": listed}), nl=False)
        return
    for drift in drifts(found):
        typer.echo(f"{drift.name}: {drift.title}")
        for line in drift.lines:
            typer.echo(f"  {line.name}: {line.before} → {line.now}")
        typer.echo(f"  To accept it: {drift.accept}")
    if not found:
        typer.echo("Behind your links is what you accepted.")


def accept(
    resources: Annotated[
        list[str] | None,
        typer.Argument(metavar="RESOURCE", help="An id or an address, as `changes` lists them."),
    ] = None,
    every: Annotated[  # noqa: FBT002 - an option
        bool, typer.Option("--all", help="Accept all that the newest run saw.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Accept what now stands behind links, so that it counts as right from here on."""
    from monitor import baselines

    if bool(resources) == every:
        raise ConfigError("Name what to accept, as `linkwell changes` lists it, or give --all.")
    with open_history(load_config(config)) as history:
        accepted = baselines.accept(history, None if every else resources)
    for id_ in accepted:
        typer.echo(f"Accepted: {id_}")
    if not accepted:
        typer.echo("That was accepted already.")

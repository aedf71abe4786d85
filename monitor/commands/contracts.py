"""The commands `config` and `schema`: what the configuration means, and what files look like.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

import typer

from monitor.options import ConfigOption, load_config

config_app = typer.Typer(no_args_is_help=True, help="Look at the configuration.")
schema_app = typer.Typer(no_args_is_help=True, help="Print the contracts of Linkwell's files.")


@config_app.command("check")
def config_check(config: ConfigOption = None) -> None:
    """Tell whether the configuration is right, and what it means."""
    from datetime import UTC, datetime

    from monitor.config import describe

    for line in describe(load_config(config), datetime.now(UTC).date()):
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

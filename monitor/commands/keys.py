"""The command `doctor`: which keys are there, and what they are good for.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

import typer

from monitor.core.exits import Exit
from monitor.options import ConfigOption, load_config


def doctor(config: ConfigOption = None) -> None:
    """Tell which keys are there, whether they work, and what they would be good for."""
    import asyncio

    from monitor.doctor import examine, words

    diagnosis = asyncio.run(examine(load_config(config)))
    for line in words(diagnosis):
        typer.echo(line)
    right = Exit.INVALID if diagnosis.unsure else Exit.WELL
    raise typer.Exit(Exit.SET_UP if diagnosis.wrong and diagnosis.network is None else right)

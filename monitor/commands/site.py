"""The command `site`: all that history knows as plain files, for a host without a server.

Typer reads the signatures at once; whatever is heavy is imported when the command is used.
"""

import re
from pathlib import Path
from typing import Annotated

import typer

from monitor.core.errors import ConfigError
from monitor.options import ConfigOption, load_config, open_history

_LOOKED_AT = 10_000
_RESOURCE_PAGE = re.compile(r"[0-9a-f]{12}\.html")


def site(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to build it.")],
    runs: Annotated[int, typer.Option(min=1, max=_LOOKED_AT, help="How many runs to list.")] = 400,
    config: ConfigOption = None,
) -> None:
    """Build a site of plain files: all runs, the newest report, a page for each resource."""
    from monitor.past import report_of, rules_of
    from monitor.report.render import EVERYDAY, write, write_files
    from monitor.report.site import REPORT, RESOURCES, reported
    from monitor.report.site import site as files_of

    loaded = load_config(config)
    with open_history(loaded, read_only=True) as history:
        known = history.runs(_LOOKED_AT)
        newest = reported(known)
        if newest is None:
            raise ConfigError("There is no run in history yet: run `linkwell check` first.")
        listed = known[:runs]
        report = report_of(history, newest.id, rules_of(loaded))
        tallies = history.tallies([run.id for run in listed])
        files = files_of(report, listed, tallies, history.transitions)
    write(report, directory / REPORT, EVERYDAY)
    write_files(directory, files)
    folder = directory / RESOURCES
    for old in folder.iterdir() if folder.is_dir() else ():
        if _RESOURCE_PAGE.fullmatch(old.name) and f"{RESOURCES}/{old.name}" not in files:
            old.unlink(missing_ok=True)  # its resource is on no page any more
    typer.echo(f"Site: {directory / 'index.html'}")

"""The command `watch`: the daemon.

Typer reads the signature at once; whatever is heavy is imported when the command is used.
"""

import typer

from monitor.options import DEFAULT_CONFIG, ConfigOption, chosen_sources, load_config


def watch(config: ConfigOption = None) -> None:
    """Check whenever something is due, until it is told to stop; SIGHUP reads the config again."""
    import asyncio
    import os
    from importlib.metadata import version

    from monitor.config import read_text
    from monitor.daemon.log import Log
    from monitor.daemon.service import Daemon
    from monitor.daemon.surroundings import Accepted, Surroundings

    path = DEFAULT_CONFIG if config is None and DEFAULT_CONFIG.exists() else config

    def read() -> Accepted:
        text = "" if path is None else read_text(path)
        loaded = load_config(path, text)
        chosen_sources(loaded, None, None, None)  # without any there is nothing to watch
        return Accepted(config=loaded, text=text)

    async def live() -> None:
        log = Log()
        try:
            world = Surroundings(environment=dict(os.environ))
            await Daemon(path, read, log, world, version("linkwell")).live()
        finally:
            log.close()

    asyncio.run(live())
    raise typer.Exit

"""Telling people what a run came to: the issue tracker, then the channels of alerts.

Both go by what history holds, so that whatever a crash leaves untold is told next time.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from monitor.config import Config
from monitor.core.errors import ConfigError
from monitor.core.model import Run
from monitor.doors import opened
from monitor.store.history import History


def tell(
    config: Config,
    history: History,
    run: Run,
    clock: Callable[[], datetime],
    written: Callable[[str, int], None],
) -> None:
    """Tell of a run that has ended; its notes get what whoever must act should hear.

    Of one that does not count, and of one of a part only, nobody is told. `written` hears to which
    repository's issues how much was written. Never raises for what a tracker or a channel does.
    """
    if not run.valid or not run.sources:
        return
    notes = (*_sync(config, history, clock, written), *asyncio.run(_alert(config, history, clock)))
    if notes:
        history.finish(replace(run, notes=(*run.notes, *notes)))


def _sync(
    config: Config,
    history: History,
    clock: Callable[[], datetime],
    written: Callable[[str, int], None],
) -> tuple[str, ...]:
    if not config.issues.wanted:
        return ()
    from monitor.issues.sync import accepting, sync  # its libraries take a third of a start

    try:
        synced = sync(config, history, clock, accept=accepting(history))
    except ConfigError as error:  # the run itself is worth its report
        return (str(error),)
    if synced.plan is not None and synced.done:
        written(synced.plan.repository, synced.done)
    return synced.notes


async def _alert(
    config: Config, history: History, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    if not config.alerts and not config.heartbeat:
        return ()
    from monitor.alerts.telling import tell as alert

    async with opened(config) as doors:
        return await alert(config, history, doors.fetch, clock)

"""The commands `alerts test`, `alerts pending` and `alerts send`.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.core.errors import ConfigError
from monitor.core.exits import Exit
from monitor.options import ConfigOption, load_config, open_history

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.config.alerts import Alert
    from monitor.core.alerts import Due, Item

app = typer.Typer(no_args_is_help=True, help="Try alerts out, and see what waits to be told.")


@app.command("test")
def try_out(
    name: Annotated[str | None, typer.Argument(help="The channel; all, if none.")] = None,
    config: ConfigOption = None,
) -> None:
    """Send a test message to each channel, and say what came of it."""
    import asyncio

    from monitor.alerts import telling

    loaded = load_config(config)
    failed = False
    for alert in _chosen(loaded, name):
        outcome = asyncio.run(telling.try_out(alert, telling.sender(loaded)))
        failed = failed or not outcome.sent
        typer.echo(f"{alert.name}: {'sent' if outcome.sent else f'not sent. {outcome.why}'}")
    raise typer.Exit(Exit.BROKEN if failed else Exit.WELL)


@app.command()
def pending(config: ConfigOption = None) -> None:
    """List what is to be told on each channel, and what waits; send nothing."""
    from monitor.alerts import telling
    from monitor.doors import utc_now

    loaded = load_config(config)
    now = utc_now()
    with open_history(loaded, read_only=True) as history:
        for alert in _chosen(loaded, None):
            found = telling.pending(history, alert.channel(), now, loaded.mutes(now))
            for line in words(alert.name, found, now):
                typer.echo(line)


@app.command()
def send(config: ConfigOption = None) -> None:
    """Send what waits, such as after quiet hours; as the end of each run does."""
    import asyncio

    from monitor.alerts import telling
    from monitor.doors import utc_now

    loaded = load_config(config)
    _chosen(loaded, None)
    with open_history(loaded) as history:
        around = telling.Around(send=telling.sender(loaded), now=utc_now)
        notes = asyncio.run(telling.tell_due(loaded, history, around))
    for note in notes:
        typer.echo(note)
    raise typer.Exit(Exit.BROKEN if notes else Exit.WELL)


def words(name: str, found: "Due", now: datetime) -> Iterator[str]:
    """Yield what is due and what waits on a channel, for people."""
    from monitor.report.wording import count, instant

    items = [item for message in found.messages for item in message]
    if not items and not found.waiting:
        yield f"{name}: nothing to tell."
    if items:
        yield f"{name}: {count(len(items), 'thing')} to tell, in {_messages(found)}."
        yield from map(_line, items)
    if found.waiting:
        until = found.until or now
        yield f"{name}: {count(len(found.waiting), 'thing')} to tell, not before {instant(until)}."
        yield from map(_line, found.waiting)


def _messages(found: "Due") -> str:
    from monitor.report.wording import count

    return count(len(found.messages), "message")


def _line(item: "Item") -> str:
    from monitor.report.wording import shown

    return f"  {item.turn}: {shown(item.turns[-1].sentence, 200)}"


def _chosen(config: "Config", name: str | None) -> "tuple[Alert, ...]":
    known = ", ".join(alert.name for alert in config.alerts)
    if not config.alerts:
        raise ConfigError(
            "There is nobody to tell: write a channel under `alerts:` in config.yaml,"
            " such as `alerts: [{name: mail, url: ${MAIL_URL}}]`."
        )
    chosen = tuple(alert for alert in config.alerts if name in {None, alert.name})
    if not chosen:
        raise ConfigError(f"There is no alert channel “{name}”; there are: {known}.")
    return chosen

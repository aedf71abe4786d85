"""Telling what is due on each channel, once; and the sign of life after a run that counts.

A claim is taken before a message is sent and turned into "told" after: a crash in between loses
nothing. What was sent in the very moment of a crash is sent again when the claim has run out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.alerts.rendering import message, trial
from monitor.config import Config
from monitor.config.alerts import Alert
from monitor.core.alerts import REMEMBERED, Channel, Due, Item, due
from monitor.core.errors import ConfigError
from monitor.core.incidents import Incident, IncidentId, IncidentTransition
from monitor.core.model import Run, Url
from monitor.core.mutes import Mute, muted_of
from monitor.core.ports import Exchange, Failure, Request
from monitor.core.urls import normalise, split
from monitor.net.alerts import Message, Outcome, send
from monitor.report.wording import count, instant

Send = Callable[[str, Message], Awaitable[Outcome]]
FetchOne = Callable[[Request], Awaitable[Exchange]]
Sleep = Callable[[float], Awaitable[None]]

AGAIN_AFTER = timedelta(seconds=5)
"""How long to wait before a message is tried a second time in one run."""

LONG = timedelta(hours=26)
"""What has waited so long for the end of quiet hours waits because every run falls into them."""


class Books(Protocol):
    """What is read and noted: history."""

    def incident(self, incident: IncidentId) -> Incident | None:
        """Return an incident, or None where it is not known."""

    def untold(self, channel: str, since: datetime) -> Sequence[IncidentTransition]:
        """Return what has happened and was not told on a channel."""

    def tries(self, channel: str, since: datetime) -> Mapping[str, int]:
        """Return how often it was tried to tell what was not told yet."""

    def claim(self, ids: Iterable[str], channel: str, at: datetime) -> Sequence[str]:
        """Return which of them nobody else has claimed or told; they are ours now."""

    def tell(self, ids: Iterable[str], channel: str, at: datetime) -> None:
        """Note that they were told."""

    def fail(self, ids: Iterable[str], channel: str, why: str) -> None:
        """Give them back, and note why they could not be told."""

    def mutes(self) -> Sequence[Mute]:
        """Return the mutes."""

    def runs(self, most: int = 30) -> Sequence[Run]:
        """Return the newest runs, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What telling needs of the world around it: how messages are sent, one clock, and patience."""

    send: Send
    now: Callable[[], datetime]
    sleep: Sleep = asyncio.sleep


async def tell(
    config: Config,
    history: Books,
    fetch: FetchOne,
    now: Callable[[], datetime],
) -> tuple[str, ...]:
    """Tell what is due, and where the newest run counts give the sign of life.

    Returns sentences for whoever must act. Never raises for anything that a channel does.
    """
    notes = await tell_due(config, history, Around(send=sender(config), now=now))
    newest = next(iter(history.runs(most=1)), None)
    if newest is None or not newest.valid or newest.finished_at is None:
        return notes
    return (*notes, *await beat(config, fetch))


def sender(config: Config) -> Send:
    """Return what sends messages by the configuration's network."""

    async def by_network(url: str, what: Message) -> Outcome:
        return await send(url, what, config.network)

    return by_network


async def tell_due(config: Config, history: Books, around: Around) -> tuple[str, ...]:
    """Tell on every channel what is due now, and return what whoever must act should hear."""
    notes: list[str] = []
    for alert in config.alerts:
        mutes = config.mutes(around.now())
        notes += await _Telling(alert.channel(), history, around).go(alert, mutes)
    return tuple(notes)


def pending(history: Books, channel: Channel, now: datetime, mutes: Sequence[Mute] = ()) -> Due:
    """Return what is due on a channel at an instant, and what waits; nothing is noted.

    `mutes` are those of the configuration; history knows the others.
    """
    since = now - REMEMBERED
    untold = history.untold(channel.key, since)
    found = {each.incident: history.incident(each.incident) for each in untold}
    known = {id_: incident for id_, incident in found.items() if incident is not None}
    muted = muted_of(known.values(), [*history.mutes(), *mutes], now)
    return due(untold, known, channel, muted, now, history.tries(channel.key, since))


async def try_out(alert: Alert, send_one: Send) -> Outcome:
    """Send a test message to a channel, and return what came of it."""
    try:
        url = alert.address()
    except ConfigError as error:
        return Outcome(sent=False, why=str(error))
    return await send_one(url, trial(alert.name))


async def beat(config: Config, fetch: FetchOne) -> tuple[str, ...]:
    """Call the address that waits for a sign of life, and say so where it was not taken."""
    if config.heartbeat is None:
        return ()
    why = await _refusal(config, fetch)
    return () if why is None else (f"The heartbeat was not taken: {why}.",)


async def _refusal(config: Config, fetch: FetchOne) -> str | None:
    """Return why the sign of life was not taken, or None; the address is secret."""
    assert config.heartbeat is not None  # noqa: S101 - see `beat`
    if config.heartbeat.missing:
        return f"{config.heartbeat.missing[0]} is not set in the environment"
    url = normalise(config.heartbeat.get_secret_value())
    if url is None or not split(url).is_web:
        return f"{config.heartbeat.variables[0]} holds no web address"
    said = (await fetch(Request(url=Url(url), follow=lambda _: True))).said
    if isinstance(said, Failure):
        return said.kind.value.replace("-", " ")
    return None if 200 <= said.status < 300 else f"it was answered with {said.status}"


class _Telling:
    """The telling on one channel, while it lasts."""

    def __init__(self, channel: Channel, history: Books, around: Around) -> None:
        self._channel = channel
        self._history = history
        self._around = around

    async def go(self, alert: Alert, mutes: Sequence[Mute]) -> Sequence[str]:
        """Tell what is due, until the channel fails."""
        now, key = self._around.now(), self._channel.key
        found = pending(self._history, self._channel, now, mutes)
        if found.silent:
            self._history.tell(found.silent, key, now)
        if not found.messages:
            return self._waiting(found, now)
        name = f"The alert channel “{self._channel.name}”"
        try:
            url = alert.address()
        except ConfigError as error:
            return [f"{name} has no address: {error}"]
        left = sum(map(len, found.messages))
        for items in found.messages:
            outcome = await self._tell(items, url)
            if not outcome.sent:
                why = outcome.why.rstrip(".")
                waits = count(left, "thing is", "things are")
                return [f"{name} fails: {why}. {waits} not told; a later run tries again."]
            left -= len(items)
        return ()

    async def _tell(self, items: Sequence[Item], url: str) -> Outcome:
        """Claim, send, and note what came of it; what another has claimed is left to it."""
        key = self._channel.key
        ids = [id_ for item in items for id_ in item.ids]
        mine = frozenset(self._history.claim(ids, key, self._around.now()))
        ours = [replace(i, turns=tuple(t for t in i.turns if t.id in mine)) for i in items]
        ours = [item for item in ours if item.turns]
        if not ours:
            return Outcome(sent=True)
        what = message(ours)
        outcome = await self._around.send(url, what)
        if outcome.passing:
            await self._around.sleep(AGAIN_AFTER.total_seconds())
            outcome = await self._around.send(url, what)
        if outcome.sent:
            self._history.tell(mine, key, self._around.now())
        else:
            self._history.fail(mine, key, outcome.why)
        return outcome

    def _waiting(self, found: Due, now: datetime) -> Sequence[str]:
        quiet = self._channel.quiet
        oldest = min((item.turns[0].at for item in found.waiting), default=now)
        if quiet is None or quiet.until(now) is None or now - oldest < LONG:
            return ()
        waits = count(len(found.waiting), "thing waits", "things wait")
        every = f"Every run falls into the quiet hours of the alert channel “{self._channel.name}”"
        return [
            f"{every}: {waits} since {instant(oldest)}. Let cron call `linkwell alerts send` after."
        ]

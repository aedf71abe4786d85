"""What each key is worth: whether it is there, works, what it may do, and what it would better.

Every key is tried with one cheap question that its provider describes (`Provider.checkups`);
what the key itself is, is never said.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from monitor.config import Config
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.core.checkup import Checkup, Health
from monitor.core.ports import Exchange, Request
from monitor.core.provider import Provider
from monitor.core.validity import Sight, answers_as_known, sight
from monitor.doors import Doors, Recorder, opened
from monitor.net.discretion import Discretion
from monitor.providers import find
from monitor.report.wording import instant, shown
from monitor.watch import Lookout

_MOST_WORDS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it was found.

    `titles` are the services that it is for, `origin` says by what it is there, or why not.
    `health` is None where it is not there, or was not asked about. `missing` tells that the
    configuration names it, but its variable is not set.
    """

    name: str
    titles: tuple[str, ...]
    origin: str
    there: bool
    missing: bool = False
    health: tuple[Health, ...] = ()
    better: tuple[str, ...] = ()
    get: str = ""

    @property
    def works(self) -> bool | None:
        """Return False where something must be set right, True where all is well, else None."""
        said = {each.works for each in self.health}
        if self.missing or False in said:
            return False
        return said == {True} or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All keys, and what is wrong with the network (None: nothing)."""

    keys: tuple[Key, ...]
    network: str | None = None

    @property
    def wrong(self) -> bool:
        """Return whether the user must set something right."""
        return any(key.works is False for key in self.keys)

    @property
    def unsure(self) -> bool:
        """Return whether some key could not be asked about."""
        asked = (key for key in self.keys if key.there and key.better)
        return self.network is not None or any(key.works is None for key in asked)


async def examine(
    config: Config,
    open_doors: Callable[[Config], AbstractAsyncContextManager[Doors]] = opened,
) -> Diagnosis:
    """Ask about every key that is there, all at once; without a network about none."""
    providers = find()
    async with open_doors(config) as doors:
        network = await _network(config, doors)
        names = dict.fromkeys([*KNOWN_CREDENTIALS, *config.credentials])
        keys = [_key(name, config, doors, providers) for name in names]
        if network is None:
            asked = (_asked(key, doors, providers) for key in keys)
            keys = await asyncio.gather(*asked)
    discretion = Discretion(config.secret_texts())
    return Diagnosis(keys=tuple(_discreet(key, discretion) for key in keys), network=network)


def words(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield what there is to say, line by line."""
    if diagnosis.network is not None:
        yield f"✗ {diagnosis.network}"
    for key in diagnosis.keys:
        yield from _of_key(key)


# --- finding out ---


async def _network(config: Config, doors: Doors) -> str | None:
    """Return what is wrong with the network in a sentence, or None where it is there."""
    said: list[Exchange] = []

    async def fetch(request: Request) -> Exchange:
        exchange = await doors.fetch(request)
        said.append(exchange)
        return exchange

    lookout = Lookout(config.sentinels, fetch, doors.now)
    await lookout.look()
    if lookout.is_online():
        return None
    known = {sentinel.url: sentinel for sentinel in config.sentinels}
    another = any(
        sight(each) is Sight.SEEN and not answers_as_known(known[each.url], each) for each in said
    )
    if another:
        return (
            "No network: something else answers in the place of well-known addresses. Does a"
            " log-in page of this network want you first? The keys were not tried."
        )
    return (
        "No network: well-known addresses do not answer. Look at the connection and at"
        " `network.proxy`; the keys were not tried."
    )


def _key(name: str, config: Config, doors: Doors, providers: Sequence[Provider]) -> Key:
    """Return a key as the configuration and the environment have it, not asked about yet."""
    checkups = _checkups(name, providers)
    secret = config.credentials.get(name)
    missing = secret is not None and bool(secret.missing)
    there = name in doors.keys if checkups else secret is not None and not missing
    if secret is not None:
        variables = ", ".join(secret.variables)
        origin = f"`credentials: {name}`, {variables}" if secret.by_file else variables
        if name in doors.left_out:
            origin = doors.left_out[name].rstrip(".")
        elif missing:
            origin = f"the configuration names {', '.join(secret.missing)}, which is not set"
    elif there:
        origin = f"{config.key_words()[name]}, for want of {KNOWN_CREDENTIALS[name]}"
    else:
        origin = f"{KNOWN_CREDENTIALS.get(name, name)} is not set"
    return Key(
        name=name,
        titles=tuple(provider.title for provider, _ in checkups) or tuple(_sites(name, config)),
        origin=origin,
        there=there,
        missing=missing,
        better=tuple(checkup.better for _, checkup in checkups),
        get=next((checkup.get for _, checkup in checkups), ""),
    )


def _checkups(name: str, providers: Iterable[Provider]) -> list[tuple[Provider, Checkup]]:
    return [(p, p.checkups[name]) for p in providers if name in p.checkups]


def _sites(name: str, config: Config) -> Iterator[str]:
    """Yield the sites to which the configuration sends a key."""
    for entry in config.headers:
        if name in {entry.basic, entry.bearer}:
            yield entry.origin


async def _asked(key: Key, doors: Doors, providers: Sequence[Provider]) -> Key:
    """Return a key with what the services say of it; one that is not there is not asked about."""
    if not key.there:
        return key
    checkups = _checkups(key.name, providers)
    said = [await _health(checkup, Recorder(doors, providers)) for _, checkup in checkups]
    return replace(key, health=tuple(said))


async def _health(checkup: Checkup, ports: Recorder) -> Health:
    if isinstance(checkup.asks, Request):
        exchange = await ports.fetch(checkup.asks)
        return checkup.read(exchange.said, exchange.at + exchange.elapsed)
    ((said, _),) = await ports.google([checkup.asks])
    return checkup.read(said, ports.now())


def _discreet(key: Key, discretion: Discretion) -> Key:
    """Return a key with what services said of it as it may be shown."""
    said = (
        replace(each, says=shown(discretion.text(each.says, {}), _MOST_WORDS))
        for each in key.health
    )
    return replace(key, health=tuple(said))


# --- telling ---

_SIGNS: Mapping[bool | None, str] = {True: "✓", False: "✗", None: "?"}


def _of_key(key: Key) -> Iterator[str]:
    services = f" ({', '.join(key.titles)})" if key.titles else ""
    sign = _SIGNS[key.works] if key.missing or (key.better and key.there) else "–"
    there = f"there, by {key.origin}" if key.there else f"not there: {key.origin}"
    yield f"{sign} {key.name}{services}: {there}."
    for health in key.health:
        whole = f" Whole again at {instant(health.retry_at)}." if health.retry_at else ""
        yield f"    {health.says}{whole}"
    if key.there and not key.better:
        yield "    It is sent as it is; no question is known that would tell whether it works."
    for better in key.better:
        yield f"    With it: {better}"
    if key.get and not key.there:
        yield f"    To get one: {key.get}"

"""The sections of config.yaml about time: when links are checked, and how the daemon is seen."""

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from monitor.config.mutes import Zone, read_zone
from monitor.config.sections import Section
from monitor.config.values import Duration, read_duration
from monitor.core.recurrence import Cron, Every, Recurrence, pace

EVERY_NIGHT = "17 3 * * *"
"""When links are checked where nothing is said: not on the hour, when everybody's jobs begin."""

LEAST = timedelta(seconds=1)
"""The steadiest pace that makes sense, if only to try it out."""

_LISTEN = re.compile(r"(?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]{1,253}):)?(\d{1,5})")


def read_when(value: Any) -> str:
    """Return a cron expression or a duration as written, known to mean something."""
    text = value.strip() if isinstance(value, str) else ""
    _recurrence(text, UTC)
    return text


def read_listen(value: Any) -> tuple[str, int]:
    """Return the host and port to listen on; without a host, on this machine alone."""
    if isinstance(value, tuple):
        return value
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    match = _LISTEN.fullmatch(text.strip())
    if match is None or not 1 <= int(match.group(2)) <= 65535:
        raise ValueError("a port, or an address and a port such as 127.0.0.1:9100")
    return (match.group(1) or "127.0.0.1").strip("[]"), int(match.group(2))


def _recurrence(text: str, zone: tzinfo) -> Recurrence:
    if " " in text or text.startswith("@"):
        return Cron.read(text, zone)
    try:
        every = read_duration(text)
    except ValueError:
        every = timedelta(0)
    if every < LEAST:
        raise ValueError(
            "when, as crontab says it, such as 17 3 * * *, or how often, such as 6h or 7d"
        )
    return Every(pace=every)


When: TypeAlias = Annotated[
    str,
    BeforeValidator(read_when),
    WithJsonSchema({"type": "string", "examples": ["17 3 * * *", "@weekly", "6h"]}),
]
Listen: TypeAlias = Annotated[
    tuple[str, int],
    PlainValidator(read_listen),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["127.0.0.1:9100", 9100]}),
]


class Schedule(Section):
    """When links are checked, by `linkwell watch` and `check --due`; a cron line is enough."""

    when: When = EVERY_NIGHT
    """As crontab says it, such as 17 3 * * *, or how often, such as 6h."""
    zone: Zone = read_zone("UTC")
    """The zone of the clock that it goes by, such as Europe/Rome."""
    sources: Mapping[str, When] = Field(default_factory=dict)
    """Another time for some sources, by their names."""
    rechecks: Annotated[Duration, Field(ge=LEAST)] = timedelta(hours=1)
    """How often to look whether something is to be asked sooner: suspects, wishes, premieres."""
    jitter: Duration = timedelta(minutes=5)
    """Within so long after its time the daemon begins; always as long on one machine."""
    per_host_a_day: int | None = Field(default=1_000, ge=1, strict=True)
    """How many links of one host are asked again a day; the least urgent wait. null for all."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - the same for every text
        return "when"

    @property
    def usual(self) -> Recurrence:
        """Return when the sources are checked that have no time of their own."""
        return _recurrence(self.when, self.zone)

    def of(self, source: str) -> Recurrence:
        """Return when a source is checked."""
        given = self.sources.get(source)
        return self.usual if given is None else _recurrence(given, self.zone)

    @property
    def spread(self) -> timedelta:
        """Return within how long after its time a run may begin: not the whole of a schedule."""
        shortest = min(pace(self.of(name)) for name in ("", *self.sources))
        return min(self.jitter, shortest / 2)


class Daemon(Section):
    """How `linkwell watch` is seen from outside; the port is enough."""

    listen: Listen | None = None
    """Where /healthz and /metrics answer, such as 127.0.0.1:9100; nowhere, if nothing is said."""
    drain: Annotated[Duration, Field(ge=LEAST, le=timedelta(seconds=28))] = timedelta(seconds=25)
    """How long a run may take to end early when the daemon is told to stop."""
    longest_run: Annotated[Duration, Field(ge=LEAST)] = timedelta(hours=12)
    """How long a run may take at all; then it is ended, with what it has."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - the same for every text
        return "listen"

    @model_validator(mode="before")
    @classmethod
    def _port(cls, given: Any) -> Any:
        return {"listen": given} if isinstance(given, int) else given

"""The section of config.yaml about alerts: who is told of what, and when."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from monitor.config.mutes import read_zone
from monitor.config.sections import Name, Section, as_list
from monitor.config.values import Credential, Pattern, Place
from monitor.core.alerts import Channel
from monitor.core.errors import ConfigError
from monitor.core.incidents import IncidentTurn
from monitor.core.quiet import Quiet
from monitor.core.reasons import Status

Turn = Literal["opened", "worsened", "flapping", "closed", "reopened"]
Standing = Literal["broken", "warning", "own"]

STANDINGS = {"broken": Status.BROKEN, "warning": Status.WARNING, "own": Status.UNKNOWN}
"""How the file calls what an incident is; own is a trouble of ours, such as a refused key."""

MOST_BYTES = 10_000
"""How large a file with an address may be."""

_QUIET = re.compile(
    r"(\d{1,2}):(\d\d)\s*[-\u2013]\s*(\d{1,2}):(\d\d)(?:\s+([A-Za-z][A-Za-z0-9_+/-]{0,60}))?"
)
_EXPECTED = "hours and a zone such as 22:00-07:00 Europe/Rome; without a zone they are in UTC"


def read_quiet(value: Any) -> Quiet:
    """Return the quiet hours that a text names: from, to, and the zone of the clock."""
    match = _QUIET.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(_EXPECTED)
    *numbers, name = match.groups()
    from_hour, from_minute, to_hour, to_minute = map(int, numbers)
    try:
        start, end = time(from_hour, from_minute), time(to_hour, to_minute)
    except ValueError:
        raise ValueError(_EXPECTED) from None
    if start == end:
        raise ValueError("hours that begin and end at different times, such as 22:00-07:00")
    return Quiet(start=start, end=end, zone=read_zone(name or "UTC"))


QuietHours: TypeAlias = Annotated[
    Quiet,
    PlainValidator(read_quiet),
    WithJsonSchema({"type": "string", "examples": ["22:00-07:00 Europe/Rome"]}),
]


class Only(Section):
    """What a channel is told of; all, where nothing is said."""

    turns: Annotated[tuple[Turn, ...], BeforeValidator(as_list)] = ()
    """What happened: opened, worsened, flapping, closed, reopened."""
    status: Annotated[tuple[Standing, ...], BeforeValidator(as_list)] = ()
    """broken, warning, or own: a trouble of Linkwell itself, such as a refused key."""
    providers: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()
    """Providers by name, such as youtube or google_drive."""
    pages: Pattern | None = None
    """A pattern of the names of the pages that the links stand on, as the report shows them."""


class Alert(Section):
    """One channel: a mailbox, a chat, a program."""

    name: Name = "alert"
    """What to call it in reports."""
    url: Credential | None = None
    """Where to, as an address of apprise: the name of a variable that holds it, ${MAIL_URL}."""
    file: Place | None = None
    """A file that holds that address and nothing else, in the place of a variable."""
    digest: bool = Field(default=True, strict=True)
    """Whether one message tells of all that a run brought; else each thing gets its own."""
    quiet: QuietHours | None = None
    """Hours without messages, such as 22:00-07:00 Europe/Rome; what happens then waits."""
    only: Only = Only()
    """What it is told of."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:
        del text
        return "url"

    @field_validator("name")
    @classmethod
    def _short(cls, given: str) -> str:
        if len(given) > 40:
            raise ValueError("a name of at most 40 characters")
        return given

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.url is None) is (self.file is None):
            raise ValueError("exactly one of `url` and `file`")
        return self

    def channel(self) -> Channel:
        """Return it as the value that decides what is told."""
        return Channel(
            name=self.name,
            digest=self.digest,
            quiet=self.quiet,
            turns=frozenset(map(IncidentTurn, self.only.turns)),
            statuses=frozenset(STANDINGS[name] for name in self.only.status),
            providers=frozenset(self.only.providers),
            pages=self.only.pages,
        )

    def address(self) -> str:
        """Return where to, in clear: for the network alone.

        Raises ConfigError with what to do where it is not there.
        """
        if self.file is not None:
            text = _text(self.file)
            if not text or not text.isprintable():
                raise ConfigError(f"{self.file} must hold one address, on one line.")
            return text
        assert self.url is not None  # noqa: S101 - there is exactly one of them
        if self.url.missing:
            raise ConfigError(f"{self.url.missing[0]} is not set in the environment.")
        return self.url.get_secret_value()


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8").strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(f"{path} cannot be read ({why}).") from None

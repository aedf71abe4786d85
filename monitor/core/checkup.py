"""What a key is worth: one cheap question, and how to read what is said to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.core.model import Json
from monitor.core.ports import Failure, FailureKind, GoogleCall, Request, Response

Said: TypeAlias = Response | Json | Failure
"""What a question brings: the response of a request, the JSON of a Google call, or neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What one question told of a key.

    `works` is False where the user must set something right, None where nothing can be said.
    `says` are sentences for people; `retry_at` is when a spent allowance is whole again.
    """

    works: bool | None
    says: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """How to find out, with one cheap question, what a key is worth.

    `read` is pure: it is given what was said, and the instant. `better` tells what Linkwell
    does better with such a key, `get` how to come by one: a sentence each.
    """

    asks: Request | GoogleCall
    read: Callable[[Said, datetime], Health]
    better: str
    get: str


def of_failure(said: Failure) -> Health:
    """Return what it says of a key that the answer was none, or is known by its kind."""
    works = {FailureKind.CREDENTIAL: False, FailureKind.QUOTA: True}.get(said.kind)
    return Health(works=works, says=said.detail, retry_at=said.retry_at)


def odd(status: int, service: str) -> Health:
    """Return that an answer is not the service's own: of a proxy, a log-in page, a bad day."""
    says = (
        f"What answered ({status}) does not speak as {service} does: look at your proxy if that"
        " stays so."
    )
    return Health(works=None, says=says)

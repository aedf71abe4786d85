"""Scenarios: what the world is like, as data, with the verdict that it should bring.

A file in `scenarios/` has a name (a sentence), the URL that is checked, the expected reason,
and the state of the services, each in the form that its own file describes.
"""

import copy
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from monitor.core.reasons import Reason, Status, explain

FOLDER = Path(__file__).parent / "scenarios"

SECTIONS = ("youtube", "drive", "github", "short", "sites", "network")
"""The tables of a state; `network` may say `dark = true` or `captive = true`."""


class Entrance(StrEnum):
    """How a client comes into the world."""

    PROXY = "proxy"
    RESOLVER = "resolver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One case: the state of the world, the URL to check, and what should come of it.

    `reason` is that of the resource's settled verdict, `also` others that would be as right.
    `link_reason` is the verdict of the link where it differs from the resource's; `status` is
    that of the link. `element` is where the URL stands: "a", or "iframe" for an embed.
    `valid` is False where the whole run is not to be believed.
    """

    id: str
    name: str
    url: str
    provider: str
    reason: Reason
    status: Status
    state: Mapping[str, Any]
    also: frozenset[Reason] = frozenset()
    link_reason: Reason | None = None
    element: str = "a"
    instead: str | None = None
    valid: bool = True
    entrances: frozenset[Entrance] = frozenset(Entrance)


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return all scenarios, in the order of their files' names."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.toml")))


def scenario(id_: str) -> Scenario:
    """Return the scenario of a file's name, without ".toml"."""
    return _read(FOLDER / f"{id_}.toml")


def merged(states: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return states laid over each other, the later over the earlier; tables are joined."""
    whole: dict[str, Any] = {**{service: {} for service in SECTIONS}, "faults": []}
    for state in states:
        strange = set(state) - set(whole)
        if strange:
            raise ValueError(f"no such service: {', '.join(sorted(strange))}")
        _lay(copy.deepcopy(dict(state)), whole)
    return whole


def _lay(upper: Mapping[str, Any], lower: dict[str, Any]) -> None:
    for key, value in upper.items():
        below = lower.get(key)
        if isinstance(value, Mapping) and isinstance(below, dict):
            _lay(value, below)
        elif isinstance(value, list) and isinstance(below, list):
            lower[key] = below + value
        else:
            lower[key] = value


def _read(file: Path) -> Scenario:
    content = tomllib.loads(file.read_text("utf-8"))
    try:
        reason = Reason(content.pop("reason"))
        link_reason = content.pop("link_reason", None)
        status = Status(content.pop("status"))
        also = frozenset(map(Reason, content.pop("also", ())))
        _check_status(status, [Reason(link_reason)] if link_reason else [reason, *also])
        return Scenario(
            id=file.stem,
            name=content.pop("name"),
            url=content.pop("url"),
            provider=content.pop("provider"),
            reason=reason,
            status=status,
            also=also,
            link_reason=Reason(link_reason) if link_reason else None,
            element=content.pop("element", "a"),
            instead=content.pop("instead", None),
            valid=content.pop("valid", True),
            entrances=frozenset(map(Entrance, content.pop("entrances", list(Entrance)))),
            state=merged([content]),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def _check_status(status: Status, reasons: Iterable[Reason]) -> None:
    for reason in reasons:
        if explain(reason).status is not status:
            raise ValueError(f"{reason} is not {status}")

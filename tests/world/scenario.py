"""Scenarios: what the world is like, as data, with the verdict that it should bring.

A file in `scenarios/` has a name (a sentence), the URL that is checked, the expected reason, the
row of providers.md or design.md that it is written from, and the state of the services, each in
the form that its own file describes. `credentials` says in which mode it is meant: true, false,
or "both" (the default); `reason_without`, `also_without`, `link_reason_without` and
`instead_without` stand for what is less without keys. `independent = true` marks those that were
written from the two documents alone, by a reader who had not seen the providers.
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
from tests.world import keys

FOLDER = Path(__file__).parent / "scenarios"

SECTIONS = ("youtube", "drive", "github", "bitly", "short", "sites", "network")
"""The tables of a state; `network` may say `dark = true` or `captive = true`."""


class Entrance(StrEnum):
    """How a client comes into the world."""

    PROXY = "proxy"
    RESOLVER = "resolver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What should come of a scenario in one mode.

    `reason` is that of the resource's settled verdict, `also` others that would be as right.
    `link_reason` is the verdict of the link where it differs from the resource's; `status` is
    that of the link by the first of its reasons.
    """

    reason: Reason
    status: Status
    also: frozenset[Reason] = frozenset()
    link_reason: Reason | None = None
    instead: str | None = None

    @property
    def reasons(self) -> frozenset[Reason]:
        """Return every reason of the resource that is right."""
        return self.also | {self.reason}

    @property
    def statuses(self) -> frozenset[Status]:
        """Return every status of the link that is right."""
        link = {self.link_reason} if self.link_reason is not None else self.reasons
        return frozenset(explain(reason).status for reason in link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One case: the state of the world, the URL to check, and what should come of it.

    `reason`, `also`, `link_reason`, `status` and `instead` are those of `expected`, for the mode
    with keys where the two differ. `element` is where the URL stands: "a", or "iframe" for an
    embed. `valid` is False where the whole run is not to be believed. `modes` holds True where
    it is meant for clients with keys, False for those without.
    """

    id: str
    name: str
    row: str
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
    modes: tuple[bool, ...] = (False, True)
    without: Expected | None = None
    independent: bool = False

    def expected(self, *, credentials: bool) -> Expected:
        """Return what should come of it for a client with all keys, or with none."""
        if not credentials and self.without is not None:
            return self.without
        return Expected(
            reason=self.reason,
            status=self.status,
            also=self.also,
            link_reason=self.link_reason,
            instead=self.instead,
        )

    def world(self, *, credentials: bool) -> dict[str, Any]:
        """Return the state of its world: with keys that are good, or without any."""
        return merged([keys.STATE, self.state] if credentials else [self.state])


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
        expected = _expected(content, "")
        without = _without(content, expected)
        status = Status(content.pop("status"))
        if status is not expected.status:
            raise ValueError(f"{expected.link_reason or expected.reason} is not {status}")  # noqa: TRY301
        return Scenario(
            id=file.stem,
            name=content.pop("name"),
            row=content.pop("row"),
            url=content.pop("url"),
            provider=content.pop("provider"),
            reason=expected.reason,
            status=status,
            also=expected.also,
            link_reason=expected.link_reason,
            element=content.pop("element", "a"),
            instead=expected.instead,
            valid=content.pop("valid", True),
            entrances=frozenset(map(Entrance, content.pop("entrances", list(Entrance)))),
            modes=_MODES[content.pop("credentials", "both")],
            without=without,
            independent=content.pop("independent", False),
            state=merged([content]),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{file.name}: {error}") from error


_MODES: Mapping[Any, tuple[bool, ...]] = {True: (True,), False: (False,), "both": (False, True)}


def _expected(content: dict[str, Any], mode: str) -> Expected:
    reason = Reason(content.pop(f"reason{mode}"))
    link = content.pop(f"link_reason{mode}", None)
    link_reason = Reason(link) if link else None
    return Expected(
        reason=reason,
        status=explain(link_reason or reason).status,
        also=frozenset(map(Reason, content.pop(f"also{mode}", ()))),
        link_reason=link_reason,
        instead=content.pop(f"instead{mode}", None),
    )


def _without(content: dict[str, Any], with_keys: Expected) -> Expected | None:
    """Return what is expected without keys, where a file says anything of it."""
    names = ("reason", "also", "link_reason", "instead")
    if not any(f"{name}_without" in content for name in names):
        return None
    if "reason_without" not in content:
        content["reason_without"] = with_keys.reason
        content.setdefault("also_without", sorted(with_keys.also))
        if with_keys.link_reason is not None:
            content.setdefault("link_reason_without", with_keys.link_reason)
    return _expected(content, "_without")

"""The plan of a simulated year as values: what there is, and what happens in which night."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self

NOON = timedelta(hours=9)
"""How long after three o'clock at night people do what they do."""

NEVER = 1_000_000

QUIET_FOR = 5
"""After so many nights in which all was the same nothing is in the air any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One trouble: of links, or of a key of ours; seen from a night on, until another."""

    links: tuple[str, ...]
    shows: str
    begins: int
    ends: int = NEVER
    key: str = ""

    def lasts(self, night: int) -> bool:
        """Return whether a night's run meets it."""
        return self.begins <= night < self.ends

    @property
    def words(self) -> str:
        """Return what it is, in one line."""
        return f"{', '.join(self.links) or self.key}: {self.shows}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody does at noon with the newest issue about a link."""

    night: int
    by: str
    on: str
    does: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNight:
    """A night on which GitHub is not itself. `meets` is reads, writes, or lists."""

    night: int
    meets: str
    kind: str
    how: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What the owner changes on the pages before a night's run."""

    night: int
    takes: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    renames: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Another instance: from which night on, until which, and how long after the first."""

    begins: int
    ends: int
    later: timedelta


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """One run: when, in which night, of the first instance or the second."""

    at: datetime
    night: int
    instance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All of it. `pages` names the links that stand on each page at the beginning."""

    first: datetime
    nights: int
    jitter: tuple[timedelta, ...]
    missed: tuple[tuple[int, int], ...]
    twice: Mapping[int, timedelta]
    second: Second | None
    tracker: str
    people: Mapping[str, str]
    renamed: Mapping[int, str]
    links: Mapping[str, str]
    pages: Mapping[str, tuple[str, ...]]
    families: Mapping[str, tuple[str, ...]]
    shows: Mapping[str, str]
    troubles: tuple[Trouble, ...]
    ours: Mapping[int, str]
    unread: Mapping[str, tuple[tuple[int, int], ...]]
    edits: tuple[Edit, ...]
    acts: tuple[Act, ...]
    bad: Mapping[int, BadNight]
    world: Mapping[str, Any] = field(repr=False)

    @classmethod
    def read(cls, file: Path, nights: int | None = None) -> Self:
        """Return the plan of a file, or as many of its first nights as asked for."""
        told = tomllib.loads(file.read_text("utf-8"))
        links: dict[str, str] = told["links"]

        def named(patterns: Sequence[str]) -> tuple[str, ...]:
            return tuple(name for each in patterns for name in links if fnmatchcase(name, each))

        second = told.get("second")
        return cls(
            first=told["first"],
            nights=min(told["nights"], nights or NEVER),
            jitter=tuple(timedelta(minutes=each) for each in told["jitter"]),
            missed=_pairs(told.get("missed", ())),
            twice={
                each["night"]: timedelta(minutes=each["later"]) for each in told.get("twice", ())
            },
            second=Second(
                begins=second["from"],
                ends=second["until"],
                later=timedelta(minutes=second["later"]),
            )
            if second
            else None,
            tracker=told["tracker"]["name"],
            people=told["tracker"]["people"],
            renamed={each["night"]: each["to"] for each in told["tracker"].get("renamed", ())},
            links=links,
            pages={page: named(names) for page, names in told["pages"].items()},
            families={name: named(names) for name, names in told.get("families", {}).items()},
            shows=told["shows"],
            troubles=tuple(_trouble(each, named) for each in _listed(told, "troubles")),
            ours={each["night"]: each["what"] for each in _listed(told, "ours")},
            unread=_unread(_listed(told, "unread")),
            edits=tuple(_edit(each, named) for each in _listed(told, "edits")),
            acts=tuple(Act(**each) for each in _listed(told, "acts")),
            bad={each["night"]: _bad(dict(each)) for each in _listed(told, "github")},
            world=told["world"],
        )

    def visits(self) -> Iterator[Visit]:
        """Yield all runs of both instances, in order."""
        yield from sorted([*self._first(), *self._second()])

    def at(self, night: int) -> datetime:
        """Return when a night's run begins."""
        return self.first + timedelta(days=night) + self.jitter[night % len(self.jitter)]

    def noon(self, night: int) -> datetime:
        """Return when people do what they do after a night."""
        return self.first + timedelta(days=night) + NOON

    def acts_of(self, night: int) -> Sequence[Act]:
        """Return what people do at noon after a night."""
        return [each for each in self.acts if each.night == night]

    def on_page(self, page: str, night: int) -> tuple[str, ...]:
        """Return the links that stand on a page in a night's run."""
        there = list(self.pages[page])
        for edit in self.edits:
            if edit.night <= night:
                there = [each for each in there if each not in edit.takes]
                there += edit.adds if page == next(iter(self.pages)) else ()
        return tuple(there)

    def address(self, link: str, night: int) -> str:
        """Return a link's address as it stands on the pages in a night's run."""
        url = self.links[link]
        for edit in self.edits:
            if edit.renames is not None and edit.night <= night:
                url = url.replace(*edit.renames)
        return url

    def is_unread(self, page: str, night: int) -> bool:
        """Return whether a page cannot be read in a night."""
        return any(begins <= night < ends for begins, ends in self.unread.get(page, ()))

    def is_missed(self, night: int) -> bool:
        """Return whether there is no run in a night."""
        return any(begins <= night < ends for begins, ends in self.missed)

    def is_quiet(self, night: int) -> bool:
        """Return whether nothing has happened for a while, so that there is nothing to write."""
        lately = range(night - QUIET_FOR + 1, night + 1)
        second = self.second
        stirs = {
            *(night for each in self.troubles for night in (each.begins, each.ends)),
            *(night for each in self.unread.values() for some in each for night in some),
            *(each.night for each in (*self.edits, *self.acts)),
            *(
                *self.ours,
                *self.bad,
                *self.renamed,
                *(night for some in self.missed for night in some),
            ),
            *(range(second.begins, second.ends + 1) if second else ()),
        }
        return night >= QUIET_FOR and stirs.isdisjoint(lately)

    def _first(self) -> Iterator[Visit]:
        for night in range(self.nights):
            if not self.is_missed(night):
                yield Visit(self.at(night), night)
                if night in self.twice:
                    yield Visit(self.at(night) + self.twice[night], night)

    def _second(self) -> Iterator[Visit]:
        second = self.second
        if second is not None:
            for night in range(second.begins, min(second.ends, self.nights)):
                yield Visit(self.at(night) + second.later, night, 1)


def _listed(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the entries of a table, or of several of its name."""
    tables = told.get(name, {"at": []})
    return [
        each for table in (tables if isinstance(tables, list) else [tables]) for each in table["at"]
    ]


def _pairs(told: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((begins, ends) for begins, ends in told)


def _trouble(told: Mapping[str, Any], named: Any) -> Trouble:
    begins, *ends = told["nights"]
    return Trouble(
        links=named(told.get("links", ())),
        key=told.get("key", ""),
        shows=told["shows"],
        begins=begins,
        ends=ends[0] if ends else NEVER,
    )


def _unread(told: Sequence[Mapping[str, Any]]) -> dict[str, tuple[tuple[int, int], ...]]:
    return {
        each["page"]: _pairs([one["nights"] for one in told if one["page"] == each["page"]])
        for each in told
    }


def _edit(told: Mapping[str, Any], named: Any) -> Edit:
    renames = told.get("renames")
    return Edit(
        night=told["night"],
        takes=named(told.get("takes", ())),
        adds=named(told.get("adds", ())),
        renames=(renames[0], renames[1]) if renames else None,
    )


def _bad(told: dict[str, Any]) -> BadNight:
    night, meets, kind = told.pop("night"), told.pop("meets"), told.pop("kind")
    return BadNight(night=night, meets=meets, kind=kind, how=told)

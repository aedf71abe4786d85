"""Which troubles belong together over time, by the documented rules; nothing of Linkwell is used.

What fails of one family, while nothing of it works, is one trouble; once together it stays so
until all of it is well. Within 30 days of its end it is the same one that comes back.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.year.faring import DAY, Faring

COMES_BACK = 30 * DAY


@dataclass(slots=True, eq=False)
class Telling:
    """One trouble that people are to hear of. `members` are the ailing and those that did."""

    status: str
    key: str
    members: set[str]
    opened: datetime
    closed: datetime | None = None
    merged: bool = False
    flaps: bool = False
    news: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Return whether it lasts."""
        return self.closed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one run saw: `linked` stands on the pages that were read, `unread` elsewhere."""

    at: datetime
    linked: Collection[str]
    unread: Collection[str]
    keys: Collection[str] = ()


class Tellings:
    """All troubles so far; `family` returns that of a thing, or the thing itself."""

    def __init__(self, things: Mapping[str, Faring], family: Callable[[str], str]) -> None:
        self._things = things
        self._family = family
        self.all: list[Telling] = []

    def carry_on(self, sight: Sight) -> None:
        """Take in what a run saw."""
        for status in ("broken", "warning"):
            groups = list(self._groups(status, sight))
            for telling in [each for each in self.all if each.is_open and each.status == status]:
                if telling.is_open:
                    self._last(telling, groups, sight)
            for group in groups:
                self._begin(status, group, sight)
        self._keys(sight)

    def _groups(self, status: str, sight: Sight) -> Iterator[set[str]]:
        ailing = {each for each in sight.linked if self._things[each].trouble == status}
        works = {self._family(each) for each in sight.linked if self._things[each].works}
        families: dict[str, set[str]] = {}
        for each in sorted(ailing):
            families.setdefault(self._family(each), set()).add(each)
        for family, members in families.items():
            if len(members) > 1 and (family not in works or status == "warning"):
                yield members
            else:
                yield from ({each} for each in members)

    def _last(self, telling: Telling, groups: list[set[str]], sight: Sight) -> None:
        """Let a trouble go on, or end."""
        ailed = {each for each in telling.members if self._ails(each, telling.status)}
        mine = [group for group in groups if group & telling.members]
        others = [
            each
            for each in self.all
            if each is not telling and each.is_open and any(group & each.members for group in mine)
        ]
        for group in mine:
            groups.remove(group)
        now: set[str] = set().union(*mine)
        lasting = now | {each for each in ailed if each in sight.unread}
        if not lasting:
            telling.closed = sight.at
            return
        new = now - telling.members - set().union(*(each.members for each in others))
        if new or others:
            telling.news.append("worse")
        for other in others:  # it was opened later: it goes on in this one
            other.closed, other.merged = sight.at, True
            now |= other.members
        telling.members |= now
        telling.members -= {each for each in telling.members if self._is_unlinked(each, sight)}
        self._flap(telling, lasting)

    def _begin(self, status: str, group: set[str], sight: Sight) -> None:
        """Begin a trouble, or the one that was there not long ago."""
        key = self._family(min(group)) if len(group) > 1 else min(group)
        for before in reversed(self.all):
            if before.status != status or before.closed is None or before.merged:
                continue
            known = before.key == key or before.members >= group
            if known and sight.at - before.closed <= COMES_BACK:
                before.closed, before.members = None, before.members | group
                before.news = []
                self._flap(before, group)
                return
        telling = Telling(status, key, set(group), sight.at)
        self._flap(telling, group)
        telling.news = []
        self.all.append(telling)

    def _flap(self, telling: Telling, lasting: Iterable[str]) -> None:
        flaps = any(self._things[each].flaps for each in lasting)
        if flaps and not telling.flaps:
            telling.news.append("comes and goes")
        telling.flaps = flaps

    def _keys(self, sight: Sight) -> None:
        """Let troubles of our keys begin and end: they are told, and over, at once."""
        still = {each.key: each for each in self.all if each.status == "key" and each.is_open}
        for key in set(sight.keys) - still.keys():
            self.all.append(Telling("key", key, set(), sight.at))
        for key in still.keys() - set(sight.keys):
            still[key].closed = sight.at

    def _ails(self, thing: str, status: str) -> bool:
        return self._things[thing].trouble == status

    def _is_unlinked(self, thing: str, sight: Sight) -> bool:
        return thing not in sight.linked and thing not in sight.unread


MUTED_FOR = 30 * DAY


def is_muted(until: datetime | None, now: datetime) -> bool:
    """Return whether a mute holds."""
    return until is not None and now < until


def days(text: str) -> timedelta:
    """Return how long a mute is to last, of "20d for a reason"; 30 days where it does not say."""
    number = text.partition("d")[0]
    return int(number) * DAY if number.isdigit() else MUTED_FOR

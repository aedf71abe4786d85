"""Ninety days of a resource: as stretches, as a share, as a line, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from monitor.core.days import Day
from monitor.core.reasons import Status
from monitor.core.states import Phase, State
from monitor.report.past import WINDOW
from monitor.report.wording import count, day_and_month, share

_OK, _WARNING, _BROKEN, _UNKNOWN = Status.OK, Status.WARNING, Status.BROKEN, Status.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in a row that were alike: what they were, the first counted from 0, how many."""

    status: Status
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A resource over the window that ends with the run.

    `stretches` hold every day since the first of which anything is known, without gaps.
    `uptime` is the share of checks that worked, of known days alone, each day alike; None
    where none is known. `unknown` is the share of the days since the first that say nothing.
    `times` are its response times, where known, as the day's number and how long it took.
    """

    stretches: tuple[Stretch, ...]
    uptime: float | None
    unknown: float
    words: str
    times: tuple[tuple[int, timedelta], ...]

    @property
    def typical(self) -> timedelta | None:
        """Return the median response time, or None where none is known."""
        return median_low(took for _, took in self.times) if self.times else None

    @property
    def newest(self) -> timedelta | None:
        """Return the newest response time, or None where none is known."""
        return self.times[-1][1] if self.times else None


def strip(days: Sequence[Day], state: State, until: date) -> Strip:
    """Return the strip of a resource's days up to `until`; what lies outside is left out.

    A day without an answer counts as broken only where just that has been confirmed since then.
    """
    first = until.toordinal() - WINDOW + 1
    failing = _failing_since(state, first)
    looks: dict[int, Status] = {}
    times: list[tuple[int, timedelta]] = []
    known, worked = 0, 0.0
    for day in days:
        number = day.day.toordinal() - first
        if not 0 <= number < WINDOW:
            continue
        look = looks[number] = _look(day, failing=number >= failing)
        if look is not _UNKNOWN:
            known += 1
            worked += _worked(day) if look is _BROKEN else 1
        if day.took is not None:
            times.append((number, day.took))
    stretches = _stretches(looks)
    watched = WINDOW - stretches[0].start if stretches else 0
    return Strip(
        stretches=stretches,
        uptime=worked / known if known else None,
        unknown=1 - known / watched if watched else 1.0,
        words=_words(stretches, until),
        times=tuple(sorted(times)),
    )


def uptime_words(made: Strip) -> str:
    """Return the uptime for people: of known time alone, with the share that is not known."""
    if made.uptime is None:
        return "uptime not known"
    of = f" ({share(made.unknown)} of the time not known)" if made.unknown else ""
    return f"{share(made.uptime)} up{of}"


def _failing_since(state: State, first: int) -> int:
    """Return the number of the day since which silence counts: where that alone confirmed it."""
    broken = state.broken
    if broken.phase is not Phase.CONFIRMED or broken.began is None or broken.hard.times:
        return WINDOW
    return broken.began.date().toordinal() - first


def _look(day: Day, *, failing: bool) -> Status:
    """Return as what a day counts: as the worst that is known of it."""
    if day.broken:
        return _BROKEN
    if day.warning or day.ok:
        return _WARNING if day.warning else _OK
    return _BROKEN if day.unknown and failing else _UNKNOWN


def _worked(day: Day) -> float:
    well = day.ok + day.warning
    return well / (well + day.broken) if well else 0.0


def _stretches(looks: Mapping[int, Status]) -> tuple[Stretch, ...]:
    """Return the days run by run; one that is missing is not known."""
    if not looks:
        return ()
    made: list[Stretch] = []
    start = min(looks)
    before = looks[start]
    for number in range(start + 1, WINDOW):
        look = looks.get(number, _UNKNOWN)
        if look is not before:
            made.append(Stretch(status=before, start=start, length=number - start))
            start, before = number, look
    return (*made, Stretch(status=before, start=start, length=WINDOW - start))


_SAID = ((_OK, "fine"), (_WARNING, "with a warning"), (_BROKEN, "broken"), (_UNKNOWN, "unknown"))


def _words(stretches: Sequence[Stretch], until: date) -> str:
    """Return the strip in words: "87 days fine, broken since 12 November, 1 day unknown"."""
    if all(stretch.status is _UNKNOWN for stretch in stretches):
        return "nothing known of these days"
    tail = _tail(stretches)
    said = []
    for status, word in _SAID:
        alike = [stretch for stretch in stretches if stretch.status is status]
        if status is _BROKEN and tail:
            alike = [stretch for stretch in alike if stretch.start < tail[0].start]
        if number := sum(stretch.length for stretch in alike):
            said.append(f"{count(number, 'day')} {word}")
        if status is _BROKEN and tail:
            began = until - timedelta(days=WINDOW - 1 - tail[0].start)
            said.append(f"broken since {day_and_month(began)}")
    return ", ".join(said)


def _tail(stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """Return the broken stretches at the end, with nothing that worked between or after."""
    found: list[Stretch] = []
    for stretch in reversed(stretches):
        if stretch.status in {_OK, _WARNING}:
            break
        if stretch.status is _BROKEN:
            found.insert(0, stretch)
    return found

"""What an answer is worth, and how many of which a checker gave; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.reasons import Status

ALL = "all"
"""The name under which the figures of all providers are added up."""


class Truth(StrEnum):
    """How things stand for the readers, as the scenario says it.

    Disputed is what the sources of the scenario contradict each other about.
    """

    GOOD = "good"
    BROKEN = "broken"
    UNKNOWABLE = "unknowable"
    DISPUTED = "disputed"


class Said(StrEnum):
    """What a checker said of the link."""

    FINE = "fine"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """What it was worth.

    A guess is "fine" where nobody can know, and any word on what is disputed; it is neither
    praised nor blamed.
    """

    RIGHT = "right"
    FALSE_ALARM = "false alarm"
    FALSE_OK = "false OK"
    NEEDLESS = "unknown, though it can be known"
    GUESS = "guess"


SINS = frozenset({Mark.FALSE_ALARM, Mark.FALSE_OK})
"""The two ways of being wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one checker said of one scenario.

    `name` is the scenario's sentence; `expected` and `got` are words for the list of misses.
    `as_written` tells whether it did all that the scenario's file expects of Linkwell, reason
    included. `trouble` is what went wrong with the checking itself, or empty.
    """

    checker: str
    scenario: str
    name: str
    provider: str
    truth: Truth
    said: Said
    requests: int
    expected: str = ""
    got: str = ""
    as_written: bool = True
    independent: bool = False
    trouble: str = ""

    @property
    def mark(self) -> Mark:
        """Return what it was worth."""
        return mark(self.truth, self.said)

    @property
    def sin(self) -> bool:
        """Return whether it is a false alarm or a false OK."""
        return self.mark in SINS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The figures of one checker for one provider.

    `alarms_on_good` are a part of `false_alarms`, `needless` a part of `unknowns`.
    """

    cases: int
    false_alarms: int
    alarms_on_good: int
    false_oks: int
    unknowns: int
    needless: int
    guesses: int
    requests: int


def truth_of(status: Status, *others: Status, valid: bool = True) -> Truth:
    """Return how things stand, by the status that a scenario expects, and others as right.

    Where the run is not to be believed nothing can be known, whatever was seen.
    """
    if not valid:
        return Truth.UNKNOWABLE
    accepted = {_TRUTHS[each] for each in (status, *others)}
    return Truth.DISPUTED if {Truth.GOOD, Truth.BROKEN} <= accepted else _TRUTHS[status]


def said_by(status: Status) -> Said:
    """Return what a status of Linkwell's says; a warning is a link that works."""
    return _SAID[status]


def mark(truth: Truth, said: Said) -> Mark:
    """Return what an answer is worth."""
    return _MARKS[truth, said]


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Return the figures of some outcomes."""
    kept = tuple(outcomes)
    marks = [each.mark for each in kept]
    return Tally(
        cases=len(kept),
        false_alarms=marks.count(Mark.FALSE_ALARM),
        alarms_on_good=sum(
            each.mark is Mark.FALSE_ALARM and each.truth is Truth.GOOD for each in kept
        ),
        false_oks=marks.count(Mark.FALSE_OK),
        unknowns=sum(each.said is Said.UNKNOWN for each in kept),
        needless=marks.count(Mark.NEEDLESS),
        guesses=marks.count(Mark.GUESS),
        requests=sum(each.requests for each in kept),
    )


def tallies(outcomes: Sequence[Outcome]) -> Mapping[str, Mapping[str, Tally]]:
    """Return the figures by provider, then by checker, both in the order of the outcomes.

    The last provider is ALL.
    """
    providers = dict.fromkeys(each.provider for each in outcomes)
    checkers = dict.fromkeys(each.checker for each in outcomes)
    return {
        provider: {
            checker: tally(
                each
                for each in outcomes
                if each.checker == checker and provider in {each.provider, ALL}
            )
            for checker in checkers
        }
        for provider in (*providers, ALL)
    }


_TRUTHS: Mapping[Status, Truth] = {
    Status.OK: Truth.GOOD,
    Status.WARNING: Truth.GOOD,
    Status.BROKEN: Truth.BROKEN,
    Status.UNKNOWN: Truth.UNKNOWABLE,
}

_SAID: Mapping[Status, Said] = {
    Status.OK: Said.FINE,
    Status.WARNING: Said.FINE,
    Status.BROKEN: Said.BROKEN,
    Status.UNKNOWN: Said.UNKNOWN,
}

_MARKS: Mapping[tuple[Truth, Said], Mark] = {
    (Truth.GOOD, Said.FINE): Mark.RIGHT,
    (Truth.GOOD, Said.BROKEN): Mark.FALSE_ALARM,
    (Truth.GOOD, Said.UNKNOWN): Mark.NEEDLESS,
    (Truth.BROKEN, Said.FINE): Mark.FALSE_OK,
    (Truth.BROKEN, Said.BROKEN): Mark.RIGHT,
    (Truth.BROKEN, Said.UNKNOWN): Mark.NEEDLESS,
    (Truth.UNKNOWABLE, Said.FINE): Mark.GUESS,
    (Truth.UNKNOWABLE, Said.BROKEN): Mark.FALSE_ALARM,
    (Truth.UNKNOWABLE, Said.UNKNOWN): Mark.RIGHT,
    (Truth.DISPUTED, Said.FINE): Mark.GUESS,
    (Truth.DISPUTED, Said.BROKEN): Mark.GUESS,
    (Truth.DISPUTED, Said.UNKNOWN): Mark.RIGHT,
}

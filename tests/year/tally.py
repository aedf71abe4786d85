"""What was wanted against what came: missed, false, doubled, each with its night."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.year.ledger import OPENED, Deed
from tests.year.oracle import Expected
from tests.year.tellings import Telling


@dataclass(slots=True)
class Tally:
    """The count. `came` holds each deed that was wanted, with what wanted it."""

    wanted: Sequence[Expected]
    came: list[tuple[Expected, Deed]] = field(default_factory=list)
    missed: list[Expected] = field(default_factory=list)
    false: list[Deed] = field(default_factory=list)
    doubled: list[Deed] = field(default_factory=list)

    @classmethod
    def of(cls, wanted: Sequence[Expected], deeds: Iterable[Deed], last: int) -> "Tally":
        """Return the count of all deeds up to a night."""
        tally = cls(wanted)
        of_number: dict[int, Telling] = {}
        for deed in deeds:
            telling = of_number.get(deed.number)
            match = next((each for each in wanted if _fits(each, deed, telling)), None)
            if match is not None:
                match.met = deed.night
                of_number[deed.number] = match.telling
                tally.came.append((match, deed))
            elif tally._is_again(deed):
                tally.doubled.append(deed)
            else:
                tally.false.append(deed)
        tally.missed = [each for each in wanted if each.met is None and each.latest <= last]
        return tally

    @property
    def is_clean(self) -> bool:
        """Return whether all came that was wanted, and nothing else."""
        return not (self.missed or self.false or self.doubled)

    def lines(self) -> Iterable[str]:
        """Yield what was wanted beside what came, in the order of the nights."""
        for each in self.wanted:
            nights = str(each.earliest)
            nights += f"-{each.latest}" if each.latest != each.earliest else ""
            number = next((f"#{deed.number}" for want, deed in self.came if want is each), "")
            came = f"night {each.met}" if each.met is not None else "MISSED"
            links = ", ".join(sorted(each.links)) or "the dashboard"
            yield f"  {nights:>9}  {each.what:<9}  {links[:56]:<56}  {came} {number}"
        for what, deeds in (("FALSE", self.false), ("DOUBLED", self.doubled)):
            for deed in deeds:
                yield f"  {what}: {deed} {sorted(deed.shows)} {deed.text[:200]!r}"

    def totals(self) -> str:
        """Return the numbers, in one line."""
        came = Counter(want.what for want, _ in self.came)
        return (
            f"filed {came[OPENED]}, commented {came['commented']}, closed {came['closed']},"
            f" reopened {came['reopened']}; missed {len(self.missed)}, false {len(self.false)},"
            f" doubled {len(self.doubled)}"
        )

    def _is_again(self, deed: Deed) -> bool:
        """Return whether a deed repeats one that was wanted."""
        return any(
            deed.what == before.what
            and before.night <= deed.night
            and (
                (deed.what == OPENED and deed.shows & want.links)
                or (deed.number == before.number and deed.night - before.night <= 2)
            )
            for want, before in self.came
        )


def _fits(want: Expected, deed: Deed, telling: Telling | None) -> bool:
    """Return whether a deed is what was wanted; an issue is known by the links in it."""
    if want.met is not None or want.what != deed.what:
        return False
    if not want.earliest <= deed.night <= want.latest:
        return False
    return want.links == deed.shows if deed.what == OPENED else want.telling is telling

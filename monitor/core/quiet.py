"""The hours of the day in which nobody wants to be told of anything."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours by the clock on the wall of a zone, from `start` up to `end`, maybe over midnight."""

    start: time
    end: time
    zone: tzinfo

    def until(self, now: datetime) -> datetime | None:
        """Return when the quiet that holds at an instant ends, in UTC; None where none holds.

        The clock on the wall decides, also on the days on which it is put forward or back.
        """
        local = now.astimezone(self.zone)
        clock = local.time()
        over_midnight = self.start > self.end
        if over_midnight:
            holds = clock >= self.start or clock < self.end
        else:
            holds = self.start <= clock < self.end
        if not holds:
            return None
        tomorrow = over_midnight and clock >= self.start
        day = local.date() + timedelta(days=1) if tomorrow else local.date()
        # An hour that comes twice: it is the one in which we are that ends.
        end = datetime.combine(day, self.end.replace(fold=local.fold), self.zone)
        return end.astimezone(UTC)

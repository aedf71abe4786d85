"""How much evidence makes a break: the numbers, and those that have a name."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much of one kind of evidence is enough: `times`, each so far `apart`, over a `span`."""

    times: int
    apart: timedelta = timedelta(0)
    span: timedelta = timedelta(0)


_NEARLY_A_DAY = timedelta(hours=20)
"""So that of two nightly runs the second counts, even where it came some hours early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePolicy:
    """How much evidence makes a break, a remark, a recovery; and when coming and going flaps.

    `flaps` turns (breaks, recoveries, blips gone by) within `flap_window` are flapping, which
    ends when there was none for `calm`. The defaults are the preset `patient`; their source is
    what bots for large sites do (three checks over days) and the jitter of nightly schedules:
    68 hours are three nights less four hours, as 20 are one night.
    """

    hard: Patience = Patience(times=2, apart=_NEARLY_A_DAY)
    soft: Patience = Patience(times=3, apart=_NEARLY_A_DAY, span=timedelta(hours=68))
    remark: Patience = Patience(times=2, apart=_NEARLY_A_DAY)
    recovery: Patience = Patience(times=2, apart=timedelta(hours=6))
    flaps: int = 4
    flap_window: timedelta = timedelta(days=14)
    calm: timedelta = timedelta(days=7)


_ONCE = Patience(times=1)
PRESETS: dict[str, StatePolicy] = {
    "patient": StatePolicy(),
    "nightly": StatePolicy(
        soft=Patience(times=3, apart=_NEARLY_A_DAY, span=timedelta(hours=44)), recovery=_ONCE
    ),
    "strict": StatePolicy(hard=_ONCE, soft=_ONCE, remark=_ONCE, recovery=_ONCE),
}
"""The policies that have a name."""

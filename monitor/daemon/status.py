"""How the daemon is: for its own log, for a health check, for Prometheus.

Names follow prometheus.io/docs/practices/naming: base units, a prefix, `_total` for counters;
nothing that a stranger could make long, such as an address, is a label.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OUTCOMES = ("done", "idle", "busy", "stopped", "invalid", "failed", "killed")
"""What a run can come to; idle: nothing was due; busy: somebody else was running."""

GOOD = frozenset({"done", "idle", "busy", "stopped"})
"""The outcomes after which all is well with the daemon and its database."""

STATUSES = ("ok", "warning", "broken", "unknown")


@dataclass(slots=True, kw_only=True)
class Status:
    """How the daemon is. Instants are of the wall's clock; `good_at` is in seconds that only grow.

    `good_at` is when a run last came to something good; at first, when the daemon began.
    """

    version: str
    started_at: datetime
    good_at: float
    running_since: float | None = None
    outcomes: Counter[str] = field(default_factory=Counter)
    ended_at: datetime | None = None
    succeeded_at: datetime | None = None
    took: timedelta | None = None
    next_at: datetime | None = None
    links: Mapping[str, int] = field(default_factory=dict)
    pages: int | None = None
    reloads: Counter[str] = field(default_factory=Counter)
    reloaded_well: bool = True
    dropped: int = 0

    def health(self, now: float, schedule: timedelta, longest: timedelta) -> str | None:
        """Return what is wrong, or None while all is well.

        `schedule` is how often runs begin, `longest` how long one may take.
        """
        if self.running_since is not None:
            if now - self.running_since > longest.total_seconds():
                return "a run does not end"
            return None
        if now - self.good_at > 2 * schedule.total_seconds():
            return "no run came to its end for more than twice the schedule"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What the operating system says of a process; None for what it does not say."""

    memory: int | None = None
    files: int | None = None
    cpu: float | None = None


def metrics(status: Status, process: Process, *, healthy: bool) -> str:
    """Return all numbers in Prometheus' text format, version 0.0.4."""
    return "".join(f"{line}\n" for line in _lines(status, process, healthy=healthy))


def _lines(status: Status, process: Process, *, healthy: bool) -> Iterator[str]:
    yield from _metric(
        "linkwell_build_info",
        "gauge",
        "Which version this is.",
        [(f'{{version="{_escaped(status.version)}"}}', 1)],
    )
    yield from _metric("linkwell_healthy", "gauge", "1 while /healthz answers 200.", _one(healthy))
    yield from _metric(
        "linkwell_runs_total",
        "counter",
        "Runs that were started, by what they came to.",
        [(f'{{outcome="{each}"}}', status.outcomes[each]) for each in OUTCOMES],
    )
    yield from _metric(
        "linkwell_run_in_progress",
        "gauge",
        "1 while a run goes on.",
        _one(status.running_since is not None),
    )
    instants = (
        ("last_run_end", "When the newest run ended.", status.ended_at),
        ("last_run_success", "When a run last counted, or nothing was due.", status.succeeded_at),
        ("next_run", "When the next run is to begin.", status.next_at),
    )
    for name, about, at in instants:
        value = at.timestamp() if at is not None else None
        yield from _metric(f"linkwell_{name}_timestamp_seconds", "gauge", about, _one(value))
    took = status.took.total_seconds() if status.took is not None else None
    yield from _metric(
        "linkwell_last_run_duration_seconds", "gauge", "How long the newest run took.", _one(took)
    )
    yield from _metric(
        "linkwell_pages", "gauge", "Pages that the newest run read.", _one(status.pages)
    )
    yield from _metric(
        "linkwell_links",
        "gauge",
        "What the pages link to, by how the newest run found it.",
        [(f'{{status="{each}"}}', status.links[each]) for each in STATUSES if each in status.links],
    )
    yield from _metric(
        "linkwell_config_reloads_total",
        "counter",
        "How often the configuration was to be read again.",
        [(f'{{outcome="{each}"}}', status.reloads[each]) for each in ("done", "refused")],
    )
    yield from _metric(
        "linkwell_config_last_reload_successful",
        "gauge",
        "0 where the newest configuration was refused, and the one before it is in force.",
        _one(status.reloaded_well),
    )
    yield from _metric(
        "linkwell_log_lines_dropped_total",
        "counter",
        "Lines of the log that nobody took.",
        _one(status.dropped),
    )
    yield from _metric(
        "process_start_time_seconds",
        "gauge",
        "When the process began.",
        _one(status.started_at.timestamp()),
    )
    yield from _metric(
        "process_resident_memory_bytes", "gauge", "Memory in use.", _one(process.memory)
    )
    yield from _metric("process_open_fds", "gauge", "Open files.", _one(process.files))
    yield from _metric(
        "process_cpu_seconds_total", "counter", "Time on the processor.", _one(process.cpu)
    )


_Samples = Iterable[tuple[str, float]]


def _metric(name: str, kind: str, about: str, samples: _Samples) -> Iterator[str]:
    lines = [f"{name}{labels} {_number(value)}" for labels, value in samples]
    if lines:
        yield f"# HELP {name} {about}"
        yield f"# TYPE {name} {kind}"
        yield from lines


def _one(value: float | None) -> _Samples:
    return [] if value is None else [("", value)]


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

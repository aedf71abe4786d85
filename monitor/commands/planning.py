"""The command `plan`, and what `check` does besides for whoever calls it again and again.

Typer reads the signatures at once; whatever is heavy is imported when a command is used.
"""

import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from monitor.core.errors import ConfigError
from monitor.core.exits import Exit
from monitor.options import ConfigOption, JsonOption, chosen_sources, load_config, open_history

if TYPE_CHECKING:
    from monitor.agenda import Agenda
    from monitor.alone import Turn
    from monitor.config import Config
    from monitor.core.schedule import Planned
    from monitor.report.report import Report
    from monitor.store.history import History

DueOption = Annotated[
    bool, typer.Option("--due", help="Ask only what is due; end at once where nothing is.")
]
WaitOption = Annotated[
    str | None,
    typer.Option(metavar="DURATION", help="Wait so long for the end of another run: 10m."),
]
ByDaemonOption = Annotated[str | None, typer.Option("--by-daemon", hidden=True)]

AHEAD = timedelta(days=7)
"""How far ahead `plan` looks."""


@dataclass(frozen=True, slots=True)
class Call:
    """How a check was called: the text of its configuration, and whom to tell what it came to."""

    text: str | None = None
    tell: int | None = None

    @classmethod
    def of(cls, by_daemon: str | None) -> "Call":
        """Return what the daemon hands over, as "3,4": a file to read, a pipe to write to."""
        if by_daemon is None:
            return cls()
        read, write = map(int, by_daemon.split(","))
        sys.stdout, sys.stderr = (_spoken_into_the_void(number) for number in (1, 2))
        with os.fdopen(read, "rb") as file:
            file.seek(0)
            return cls(text=file.read().decode("utf-8"), tell=write)

    def say(self, **what: Any) -> None:
        """Tell the daemon, if there is one still."""
        if self.tell is not None:
            with suppress(OSError), os.fdopen(self.tell, "w", encoding="utf-8") as pipe:
                pipe.write(json.dumps(what))

    def say_report(self, report: "Report") -> None:
        """Tell the daemon what a run came to."""
        run, summary = report.run, report.summary
        statuses = ("ok", "warning", "broken", "unknown")
        self.say(
            run=run.id,
            valid=run.valid,
            stopped=run.stopped,
            pages=summary.pages,
            links={status: getattr(summary, status) for status in statuses},
        )


class _Void(io.RawIOBase):
    """A place to write to, whether anybody reads there or not: a killed daemon does not."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, text: Any) -> int:
        """Write, if somebody reads."""
        with suppress(OSError):
            return os.write(self._number, text)
        return len(text)


def _spoken_into_the_void(number: int) -> TextIO:
    buffered = io.BufferedWriter(_Void(number))
    return io.TextIOWrapper(buffered, "utf-8", "replace", line_buffering=True)


@contextmanager
def my_turn(
    history: "History", wait: str | None, call: Call, *, needed: bool
) -> Iterator["Turn | None"]:
    """Lend the right to run; says who has it, and ends with 3, where it cannot be had."""
    from monitor.alone import BusyError, alone

    if not needed:
        yield None
        return
    with ExitStack() as stack:
        try:
            turn = stack.enter_context(alone(history, "linkwell check", _waits(wait)))
        except BusyError as error:
            typer.echo(f"linkwell: {error}", err=True)
            call.say(busy=True)
            raise typer.Exit(Exit.INVALID) from None
        yield turn


def end_unless_due(config: "Config", call: Call, history: "History | None" = None) -> None:
    """Say when something will be due, and end with 0, where nothing is."""
    from monitor.agenda import agenda
    from monitor.report.wording import instant

    if history is None:
        with open_history(config) as opened:
            end_unless_due(config, call, opened)
        return
    found = agenda(config, history, _now())
    if not found.is_empty:
        return
    at = f"; the next is on {instant(found.next_at)}" if found.next_at is not None else ""
    waits = f" {len(found.due.waits)} wait for tomorrow's budget." if found.due.waits else ""
    typer.echo(f"Nothing is due{at}.{waits}")
    call.say(due=False, next_at=found.next_at.isoformat() if found.next_at is not None else None)
    raise typer.Exit(Exit.WELL)


def refuse_with_due(given: Mapping[str, object]) -> None:
    """Raise ConfigError where `--due` stands beside what names a part."""
    wrong = [name for name, value in given.items() if value]
    if wrong:
        raise ConfigError(
            f"--due asks what is due of all that the configuration names: it takes no"
            f" {' and no '.join(wrong)}."
        )


def plan(config: ConfigOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002 - an option
    """Tell what `check --due` and the daemon will ask when, of whom, and what that costs."""
    from monitor.agenda import agenda
    from monitor.report.json_report import as_text

    loaded = load_config(config)
    chosen_sources(loaded, None, None, None)
    with open_history(loaded, read_only=True) as history:
        found = agenda(loaded, history, _now())
    if as_json:
        typer.echo(as_text(fields(found, loaded)), nl=False)
        return
    for line in words(found, loaded):
        typer.echo(line)


def words(found: "Agenda", config: "Config") -> Iterator[str]:
    """Give the plan in lines, for people."""
    from monitor.report.wording import count, instant, shown

    for name, at in found.pages.items():
        when = "now" if at <= found.now else f"on {instant(at)}"
        yield f"The pages of {shown(name)} are read {when}; new links on them are asked then."
    if found.due.waits:
        most = config.schedule.per_host_a_day
        yield f"{count(len(found.due.waits), 'link')} wait: schedule.per_host_a_day is {most:,}."
    for on, plans in _occasions(found):
        yield ""
        when = "Now" if on is None else f"On {instant(on)}"
        yield f"{when}: {count(len(plans), 'link')}."
        for host, of_host in _by_host(plans).items():
            whys = Counter(str(plan.why) for plan in of_host)
            told = ", ".join(f"{number} {why}" for why, number in whys.most_common())
            yield f"  {shown(host) or '(no host)'}: {told}"
        for cost in _costs(found, config, plans):
            calls = f"{count(cost.questions, 'question')} in {count(cost.calls, 'call')}"
            key = f", with the key {cost.key}" if cost.key else ""
            yield f"  {cost.title}, {cost.probe}: {calls}{key}. {cost.each}".rstrip()
    if not found.plans:
        yield "No link is known yet: the first run asks all."


def fields(found: "Agenda", config: "Config") -> Mapping[str, Any]:
    """Return the plan as JSON."""
    from monitor.report.wording import iso

    return {
        "now": iso(found.now),
        "pages": [{"source": name, "at": iso(at)} for name, at in found.pages.items()],
        "occasions": [
            {
                "at": iso(at or found.now),
                "due": at is None,
                "links": [
                    {"id": plan.id, "host": plan.host, "at": iso(plan.at), "why": str(plan.why)}
                    for plan in plans
                ],
                "costs": [
                    {
                        "provider": cost.provider,
                        "probe": cost.probe,
                        "questions": cost.questions,
                        "calls": cost.calls,
                        "key": cost.key,
                        "each": cost.each,
                    }
                    for cost in _costs(found, config, plans)
                ],
            }
            for at, plans in _occasions(found)
        ],
        "waits": [plan.id for plan in found.due.waits],
    }


def _occasions(found: "Agenda") -> Iterator[tuple[datetime | None, Sequence["Planned"]]]:
    """Give what is asked together: now, which is None, and hour by hour in the days ahead."""
    if found.due.now:
        yield None, found.due.now
    by_hour: dict[datetime, list[Planned]] = {}
    for plan in found.plans:
        if found.now < plan.at <= found.now + AHEAD:
            by_hour.setdefault(plan.at.replace(minute=0, second=0, microsecond=0), []).append(plan)
    for plans in by_hour.values():
        yield plans[0].at, plans


def _by_host(plans: Sequence["Planned"]) -> Mapping[str, Sequence["Planned"]]:
    found: dict[str, list[Planned]] = {}
    for plan in plans:
        found.setdefault(plan.host, []).append(plan)
    return dict(sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0])))


def _costs(found: "Agenda", config: "Config", plans: Sequence["Planned"]) -> Sequence[Any]:
    from monitor.agenda import costs
    from monitor.providers import find

    seen = [found.newest[plan.id].resource for plan in plans if plan.id in found.newest]
    return costs(seen, find(), frozenset(config.key_words()))


def _waits(text: str | None) -> timedelta:
    from monitor.config.values import read_duration

    if text is None:
        return timedelta(0)
    try:
        return read_duration(text)
    except ValueError as error:
        raise ConfigError(f"--wait takes {error}; found “{text}”.") from None


def _now() -> datetime:
    return datetime.now(UTC)

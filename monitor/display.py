"""What a person sees while a run goes on, and when it is over."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from monitor.check import Progress
from monitor.core.model import Observation, Run, Verdict
from monitor.core.ports import Exchange, Failure
from monitor.core.provider import Answer
from monitor.core.reasons import Status, explain
from monitor.explain import Account
from monitor.gather import PageLinks
from monitor.report.grouping import Group
from monitor.report.prospects import prospect
from monitor.report.report import Report
from monitor.report.wording import count, shown, shown_url

SIGNS = {
    Status.OK: ("✓", "green"),
    Status.WARNING: ("!", "yellow"),
    Status.BROKEN: ("✗", "red"),
    Status.UNKNOWN: ("?", "cyan"),
}
PLAIN_EVERY = 10.0
"""Seconds between two lines of progress where no terminal is."""


class Display:
    """Draws a run: a live line on a terminal, plain lines elsewhere. A `run.Listener`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._progress: Callable[[], Progress] | None = None
        self._began = self._said = monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self._line,
                refresh_per_second=8,
                transient=True,
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def page_read(self, page: PageLinks) -> None:
        """Say that a page was read, and what it holds, or why it could not be."""
        name = shown(page.page.name)
        if page.read:
            notes = "".join(f" ({shown(note)})" for note in page.page.notes)
            self._say(f"{name}: {count(len(page.references), 'link')}{notes}")
        else:
            self._say(f"{name}: {shown(' '.join(page.page.notes))}", "red")

    def checking(self, progress: Callable[[], Progress]) -> None:
        """Begin to draw the progress of the check."""
        self._progress = progress
        self._began = monotonic()

    def checked(self, observation: Observation) -> None:
        """Say what is broken as soon as it is found; on no terminal also how far it is."""
        verdict = observation.verdict
        if verdict.status is Status.BROKEN:
            self._say(f"{shown(observation.resource.url)}: {shown(verdict.detail)}", "red")
        if self._live is None and monotonic() - self._said > PLAIN_EVERY:
            self._said = monotonic()
            self._console.print(self._line())

    def issues_written(self, repository: str, changes: int) -> None:
        """Say that issues were brought up to date."""
        self._say(f"Issues of {shown(repository)}: {count(changes, 'change')} written.")

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style), soft_wrap=True)

    def _line(self) -> Text:
        if self._progress is None:
            return Text("Reading …", style="dim")
        progress = self._progress()
        spent = monotonic() - self._began
        left = spent / progress.done * (progress.total - progress.done) if progress.done else None
        parts = [f"{progress.done} of {progress.total} checked"]
        if progress.broken:
            parts.append(f"{progress.broken} broken so far")
        if progress.asking:
            more = f" and {len(progress.asking) - 2} more" if len(progress.asking) > 2 else ""
            parts.append(f"waiting for {', '.join(progress.asking[:2])}{more}")
        if left is not None and progress.done < progress.total:
            parts.append(f"about {max(1, round(left))} s left")
        return Text(" · ".join(parts))


def summarise(console: Console, report: Report, files: Sequence[Path], most: int = 15) -> None:
    """Print what a run found: the sentence, the worst with their places, where to read on."""
    console.print()
    sign, colour = SIGNS[report.status] if report.status is not None else ("–", "magenta")
    console.print(Text(f"{sign} {report.headline}", style=f"bold {colour}"), soft_wrap=True)
    if report.run.valid:  # else the headline has said it
        for sentence in report.health:
            console.print(Text(sentence), soft_wrap=True)
    listed = (*report.broken, *report.suspects, *report.warned)
    usual = _usual(_over_time(group, report) for group in listed[:most])
    for group in listed[:most]:
        sign, colour = SIGNS[group.status]
        what = f"{group.explanation.title}: {group.subject}"
        told = _over_time(group, report)
        aside = " · ".join(filter(None, (_places(group, report), "" if told == usual else told)))
        console.print(
            Text.assemble((f"{sign} ", colour), what, (f"  {aside}", "dim")), soft_wrap=True
        )
    if usual:
        console.print(
            Text(f"Of what fails, where nothing else is said: {usual}.", style="dim"),
            soft_wrap=True,
        )
    if len(listed) > most:
        console.print(f"… and {len(listed) - most} more in the report.")
    for n, file in enumerate(files):
        console.print(Text(f"{'Report: ' if n == 0 else '        '}{file}"), soft_wrap=True)


def _usual(told: Iterable[str]) -> str:
    """Return what is said of three or more troubles alike, to be said once; "" where none is."""
    ((words, times),) = Counter(filter(None, told)).most_common(1) or [("", 0)]
    return words if times > 2 else ""


def _places(group: Group, report: Report) -> str:
    """Return where a trouble stands first, and in how many places besides."""
    first = group.members[0].places[0].link.occurrence
    line = first.position.line
    place = f"line {line}" if len(report.pages) < 2 else f"{shown_url(first.page)}:{line}"
    more = f" and {count(group.links - 1, 'more place')}" if group.links > 1 else ""
    return f"{place}{more}"


def _over_time(group: Group, report: Report) -> str:
    """Return how a trouble stands beyond this moment; "" of a mere warning."""
    past = report.past
    if past is None or group.status is Status.WARNING:
        return ""
    ids = [member.resource.id for member in group.members]
    return prospect([(past.state(id_), past.policy(id_)) for id_ in ids], report.checked_at)


def list_links(console: Console, pages: Sequence[PageLinks]) -> None:
    """Print every link with its place, page by page, and what is left alone and why."""
    for page in pages:
        console.print(Text(shown(page.page.name), style="bold"), soft_wrap=True)
        for note in page.page.notes:
            console.print(Text(f"  {shown(note)}", style="yellow"), soft_wrap=True)
        for reference in page.references:
            at = reference.link.occurrence.position
            place = Text(f"  {at.line}:{at.column}  ", style="dim")
            console.print(place + Text(shown_url(reference.link.written)), soft_wrap=True)
            context = " › ".join(
                (*reference.link.occurrence.context, reference.link.occurrence.text)
            )
            console.print(Text(f"      {shown(context)}", style="dim"), soft_wrap=True)
        for skip in page.skipped:
            line = (
                f"  {skip.occurrence.position.line}  {shown_url(skip.written)}: {shown(skip.why)}"
            )
            console.print(Text(line, style="dim"), soft_wrap=True)
    links = sum(len(page.references) for page in pages)
    skipped = sum(len(page.skipped) for page in pages)
    console.print(f"{count(links, 'link')}, {skipped} skipped.")


def explain_url(
    console: Console, account: Account, past: Sequence[tuple[Run, Observation]]
) -> None:
    """Print how a URL is recognised, what each probe said, the verdict, and its history."""
    resource, verdict = account.resource, account.verdict
    _pair(console, "Recognised as", f"{resource.id} ({resource.provider}, {resource.kind})")
    _pair(console, "Address", resource.url)
    for step in account.steps:
        console.print()
        console.print(Text(shown_url(step.observation.resource.id), style="bold"), soft_wrap=True)
        for answer in step.answers:
            _pair(console, f"  asked by “{answer.probe}”", _said(answer))
        for exchange in step.exchanges:
            _pair(console, f"    {exchange.method}", f"{exchange.url} → {_outcome(exchange)}")
        _pair(console, "  so it is", _verdict(step.observation.verdict))
    explanation = explain(verdict.reason)
    sign, colour = SIGNS[verdict.status]
    console.print()
    console.print(Text(f"{sign} {_verdict(verdict)}", style=f"bold {colour}"), soft_wrap=True)
    for sentence in (explanation.what, explanation.why, explanation.do):
        console.print(Text(f"  {sentence}"), soft_wrap=True)
    if verdict.instead is not None:
        _pair(console, "  Instead", f"{verdict.instead.url} ({verdict.instead.why})")
    for name, value in sorted(verdict.facts.items()):
        parts = value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
        _pair(console, f"  {name}", " → ".join(map(str, parts)))
    for run, observation in past:
        _pair(console, f"  {run.started_at:%Y-%m-%d %H:%M}", _verdict(observation.verdict))


def _pair(console: Console, name: str, value: str) -> None:
    console.print(Text(f"{name}: ", style="dim") + Text(shown(value, 400)), soft_wrap=True)


def _verdict(verdict: Verdict) -> str:
    return f"{verdict.status.value}, {explain(verdict.reason).title.lower()}: {verdict.detail}"


def _said(answer: Answer) -> str:
    said = answer.said
    if isinstance(said, Failure):
        return f"no answer ({said.kind.value}): {said.detail}"
    return f"{said.status or 'answered'} from {said.url}"


def _outcome(exchange: Exchange) -> str:
    said = exchange.said
    spent = f"{exchange.elapsed.total_seconds() * 1000:.0f} ms"
    if isinstance(said, Failure):
        return f"{said.kind.value} ({spent})"
    hops = f" after {count(len(exchange.hops), 'redirect')}" if exchange.hops else ""
    return f"{said.status}{hops} ({spent})"


def console_for(*, to_error: bool, live: bool = True) -> Console:
    """Return the console to draw on; standard error where standard output is for programs.

    Without `live` nothing is ever drawn over, whatever the environment promises.
    """
    return Console(stderr=to_error, highlight=False, force_terminal=None if live else False)

"""What must hold after all the killing, and how often what may happen did."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config import Config
from monitor.core.incidents import Incident, IncidentTransition, IncidentTurn
from monitor.core.states import replay
from monitor.past import report_of, rules_of
from monitor.store.history import History
from tests.kill_loop.post import Letter
from tests.kill_loop.story import LINKS, Break
from tests.world.github_tracker import Issue, IssueTracker

CHANNEL = "alert post"
_WORDS = {IncidentTurn.OPENED: "New", IncidentTurn.CLOSED: "Over"}
_ALL_RUNS = 1_000_000


@dataclass(slots=True)
class Found:
    """What was found. `wrong` are sentences, none where all is well; the rest are counts."""

    wrong: list[str] = field(default_factory=list)
    runs: int = 0
    finished: int = 0
    incidents: int = 0
    transitions: int = 0
    issues: int = 0
    letters: int = 0
    again: int = 0
    """Letters that came a second time, because a kill fell between sending and noting."""
    never: int = 0
    """Incidents that were over before anybody could be told."""


class Checks:
    """All checks of one loop; `whole` are the rounds in which a start came to its end."""

    def __init__(
        self,
        config: Config,
        tracker: IssueTracker,
        letters: Sequence[Letter],
        breaks: Mapping[str, Break],
        whole: Sequence[int],
    ) -> None:
        self._config = config
        self._tracker = tracker
        self._letters = letters
        self._breaks = breaks
        self._whole = whole
        self.found = Found()

    def all(self) -> Found:
        """Return what was found."""
        path = Path(self._config.store.path)
        self.found.wrong += _integrity(path)
        with History.open(path) as history:
            self.found.wrong += self._history(history)
            self.found.wrong += self._told(history, path)
        return self.found

    def _history(self, history: History) -> Iterator[str]:
        runs = history.runs(_ALL_RUNS)
        self.found.runs = len(runs)
        for run in runs:
            record = history.load(run.id)
            assert record is not None
            if run.finished_at is None:
                continue
            self.found.finished += 1
            if not run.valid:
                yield f"the run {run.id} does not count: {run.invalid_reason}"
            if len(record.observations) != LINKS or len(record.references) != LINKS:
                yield f"the run {run.id} holds {len(record.observations)} of {LINKS} observations"
        rules = rules_of(self._config)
        newest = next(run for run in runs if run.finished_at is not None)
        report_of(history, newest.id, rules)
        states = dict(history.states())
        policy = self._config.states.policies().usual
        for id_, seen in history.sightings(ids=states):
            if replay(seen, policy)[0] != states[id_]:
                yield f"replaying {id_} gives another state than the stored one"

    def _told(self, history: History, path: Path) -> Iterator[str]:
        incidents = history.incidents(next(iter(history.runs(_ALL_RUNS)[::-1])).started_at)
        self.found.incidents = len(incidents)
        self.found.letters = len(self._letters)
        self.found.issues = len(self._tracker.issues)
        tellings = _tellings(path)
        by_url: dict[str, list[Incident]] = {}
        for incident in incidents:
            (member,) = incident.members
            by_url.setdefault(member.resource.url, []).append(incident)
            story = history.story(incident.id)
            self.found.transitions += len(story)
            yield from _noted(story, tellings)
            yield from self._in_letters(incident, story, tellings)
        for url, how in self._breaks.items():
            yield from self._in_history(url, how, by_url.get(url, []))
            yield from self._in_issues(url, by_url.get(url, []))

    def _in_history(self, url: str, how: Break, found: Sequence[Incident]) -> Iterator[str]:
        """Hold what history knows of a link against what was planted."""
        last = self._whole[-1]
        met = any(how.lasts(n) for n in self._whole)
        if len(found) > 1:
            yield f"{url} has {len(found)} incidents"
        if met and not found:
            yield f"{url} was broken in a whole round, and there is no incident"
        if any(each.is_open is not how.lasts(last) for each in found):
            yield f"{url} is {'broken' if how.lasts(last) else 'well'}, and its incident is not so"

    def _in_issues(self, url: str, found: Sequence[Incident]) -> Iterator[str]:
        """Hold the issues about a link against history."""
        issues = [each for each in self._tracker.issues.values() if url in (each.body or "")]
        if len(issues) > 1:
            yield f"{url} has the issues {[each.number for each in issues]}"
        if not found and issues:
            yield f"{url} has an issue, and no incident"
        for incident in found:
            if not issues and incident.is_open:
                yield f"{url} is broken, and has no issue"
            self.found.never += not issues
        for issue in issues:
            yield from _talk(url, issue)
            if found and (issue.state == "open") is not found[0].is_open:
                yield f"{url}: the issue {issue.number} is {issue.state}, the incident is not"

    def _in_letters(
        self,
        incident: Incident,
        story: Sequence[IncidentTransition],
        tellings: Mapping[tuple[str, str], tuple[str, int]],
    ) -> Iterator[str]:
        """Hold the letters about an incident against what happened to it.

        What was over before anybody set out to tell of it needs no letter. More letters than one
        there are only where more than one set out to tell: the first was killed before it noted.
        """
        told = {each.turn: tellings.get((each.id, CHANNEL), ("", 0)) for each in story}
        silent = IncidentTurn.CLOSED in told and not told[IncidentTurn.OPENED][1]
        name = incident.cause.name
        for turn, (_, tries) in told.items():
            times = sum(each.tells(_WORDS[turn], name) for each in self._letters)
            if times == 0 and not silent:
                yield f"{name}: nobody was told that it {turn}"
            if times > max(tries, 1) or (times and silent):
                yield f"{name}: {times} letters say that it {turn}, in {tries} tries"
            self.found.again += max(times - 1, 0)


def _talk(url: str, issue: Issue) -> Iterator[str]:
    """Yield what is said more than once under an issue."""
    said = Counter(each.body.split("\n")[1:2][0] for each in issue.comments)
    for text, times in said.items():
        if times > 1:
            yield f"{url}: issue {issue.number} says {times} times: {text}"


def _noted(
    story: Sequence[IncidentTransition], tellings: Mapping[tuple[str, str], tuple[str, int]]
) -> Iterator[str]:
    for each in story:
        for channel in ("github", CHANNEL):
            telling = tellings.get((each.id, channel))
            if telling is None or not telling[0]:
                yield f"{each.sentence!r} ({each.turn}) was never noted as told on {channel}"


def _tellings(path: Path) -> Mapping[tuple[str, str], tuple[str, int]]:
    """Return when each transition was told on each channel, and in how many tries."""
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT transition_id, channel, told_at, tries FROM tellings")
        return {(id_, channel): (told or "", tries) for id_, channel, told, tries in rows}


def _integrity(path: Path) -> Iterator[str]:
    with sqlite3.connect(path) as database:
        (said,) = database.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            yield f"SQLite finds: {said}"
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            yield f"SQLite finds {len(broken)} rows that name what is not there"

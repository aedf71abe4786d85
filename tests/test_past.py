"""What history tells of the time before a run, over many nights of a real history."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from monitor.cli import app
from monitor.core.conclusion import conclude, digests
from monitor.core.errors import ConfigError
from monitor.core.findings import findings
from monitor.core.identify import identify, link_to
from monitor.core.model import (
    Link,
    Observation,
    Occurrence,
    PageRecord,
    Position,
    Reference,
    ResourceId,
    Run,
    RunId,
    Url,
    Verdict,
)
from monitor.core.mutes import Mute, of_incident
from monitor.core.policies import Policies, PolicyRule
from monitor.core.provider import Checked
from monitor.core.reasons import Reason
from monitor.core.states import PRESETS, Phase
from monitor.past import Rules, report_at, report_of
from monitor.providers import find
from monitor.report.badge import badge_svg
from monitor.report.feed import feed
from monitor.report.html import html
from monitor.report.json_report import to_json
from monitor.report.markdown import markdown
from monitor.report.report import Report
from monitor.report.standing import Standing
from monitor.store.history import History
from tests.histories import made

PAGE = "https://course.example/"
A, B = "https://a.example/x", "https://b.example/y"
FIRST = datetime(2026, 3, 1, 3, tzinfo=UTC)
OK, GONE, MOVED = Reason.ALIVE, Reason.NOT_FOUND, Reason.MOVED
WELL = Standing.WELL
RULES = Rules()


class Nights:
    """A history that grows by one run a night."""

    def __init__(self, path: Path) -> None:
        self.history = History.open(path)
        self.runs: list[RunId] = []

    def night(
        self, *, valid: bool = True, after: int = 1, source: str = "course", **met: Reason
    ) -> "Nights":
        """Run once: `a` and `b` are met as told; what is not named is not on the page."""
        number = len(self.runs)
        at = FIRST + timedelta(days=number) if after == 1 else FIRST + timedelta(days=after)
        links = [_link(url, n) for n, url in enumerate({"a": A, "b": B}[name] for name in met)]
        resources = [identify(link_to(link.url), find()) for link in links]
        run = Run(id=RunId(f"run-{number:03}"), started_at=at, sources=(source,))
        page = PageRecord(name=PAGE, url=Url(PAGE), read_at=at, source=source)
        references = [
            Reference(link=link, resource=resource.id)
            for link, resource in zip(links, resources, strict=True)
        ]
        self.history.begin(run)
        self.history.add_page(run.id, page, references, (), resources)
        for resource, reason in zip(resources, met.values(), strict=True):
            verdict = Verdict(reason=reason, detail="It answered so.")
            seen = Observation(resource=resource, verdict=verdict, at=at + timedelta(minutes=1))
            checked = Checked(observation=seen, answers=(), exchanges=())
            asyncio.run(self.history.record(run.id, checked))
        self._conclude(run, at + timedelta(minutes=2), valid=valid)
        self.runs.append(run.id)
        return self

    def _conclude(self, run: Run, end: datetime, *, valid: bool) -> None:
        why = None if valid else "no network"
        ended = replace(run, finished_at=end, invalid_reason=why)
        self.history.finish(ended)
        record = replace(self.history.load(run.id), run=ended)
        found = findings(record, find())
        rules = Policies().policy_for
        self.history.conclude(
            ended,
            lambda known: conclude(known, record, found, find(), rules),
            digests(record, found, rules),
        )

    def newest(self, rules: Rules = RULES) -> Report:
        return report_of(self.history, self.runs[-1], rules)

    def at(self, day: int) -> Report:
        return report_at(self.history, date(2026, 3, day), RULES)


def _link(url: str, n: int) -> Link:
    place = Occurrence(
        page=PAGE, position=Position(line=n + 1, column=1), element="a", attribute="href", text="T"
    )
    return Link(written=url, url=Url(url), occurrence=place)


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    grown = Nights(made(tmp_path / "history.sqlite3"))
    yield grown
    grown.history.close()


def id_of(url: str) -> ResourceId:
    return identify(link_to(Url(url)), find()).id


def written(report: Report) -> tuple[str, ...]:
    return tuple(do(report) for do in (html, markdown, to_json, feed, badge_svg))


def broken_for_a_week(nights: Nights) -> Nights:
    """Break on 4 March, confirmed on the 5th, well again from the 9th, recovered on the 10th."""
    for _ in range(3):
        nights.night(a=OK, b=OK)
    for _ in range(5):
        nights.night(a=GONE, b=OK)
    for _ in range(4):
        nights.night(a=OK, b=OK)
    return nights


def test_the_first_night_fails_for_the_first_time(nights: Nights) -> None:
    report = nights.night(a=GONE, b=OK).newest()
    assert report.headline == (
        "Of the 2 resources that your page links to, 1 fails now for the first time:"
        " confirmed or not after the next check."
    )
    assert report.standings == {id_of(A): Standing.SUSPECT, id_of(B): Standing.WELL}
    assert (len(report.suspects), report.needs, report.stories) == (1, (), ())


def test_the_second_night_confirms_it_and_opens_an_incident(nights: Nights) -> None:
    report = nights.night(a=GONE, b=OK).night(a=GONE, b=OK).newest()
    assert "1 is confirmed broken" in report.headline
    assert (len(report.suspects), len(report.needs)) == (0, 1)
    (story,) = report.stories
    assert story.incident.is_open
    assert [turn.turn.value for turn in story.turns] == ["opened"]


def test_the_report_of_a_day_is_the_same_whenever_it_is_asked_for(nights: Nights) -> None:
    for _ in range(3):
        nights.night(a=OK, b=OK)
    nights.night(a=GONE, b=OK).night(a=GONE, b=OK)
    then = written(nights.at(5))
    for _ in range(5):
        nights.night(a=OK, b=GONE)
    assert written(nights.at(5)) == then
    assert written(nights.newest()) != then


def unmuted(nights: Nights) -> None:
    nights.history.unmute("m1", FIRST + timedelta(days=6))
    nights.history.mute(mute(B, since=FIRST + timedelta(days=7)))


def met(**reasons: Reason) -> Callable[[Nights], None]:
    """Return what lets six more nights be so."""

    def later(nights: Nights) -> None:
        for _ in range(6):
            nights.night(**reasons)

    return later


def relapsed(nights: Nights) -> None:
    met(a=OK, b=OK)(nights)
    met(a=Reason.GONE, b=GONE)(nights)


def renamed(nights: Nights) -> None:
    for _ in range(6):
        nights.night(source="lectures", a=GONE, b=OK)


LATER = [
    pytest.param(met(a=Reason.GONE, b=MOVED), id="another reason"),
    pytest.param(met(b=MOVED), id="the link was taken off the page"),
    pytest.param(met(a=OK, b=OK), id="it recovered"),
    pytest.param(relapsed, id="it recovered and broke again"),
    pytest.param(met(a=GONE, b=GONE), id="what had a warning broke, by which incidents merge"),
    pytest.param(unmuted, id="it was unmuted, and something else is muted instead"),
    pytest.param(renamed, id="its source has another name"),
]


def a_past(nights: Nights) -> Nights:
    """Let A be broken and muted, and B have a warning, from the night of the 4th on."""
    for _ in range(3):
        nights.night(a=OK, b=OK)
    for _ in range(3):
        nights.night(a=GONE, b=MOVED)
    nights.history.mute(mute(A, since=FIRST + timedelta(days=4)))
    return nights


@pytest.mark.parametrize("later", LATER)
def test_the_report_of_a_day_is_the_same_whatever_happens_later(
    nights: Nights, later: Callable[[Nights], None]
) -> None:
    a_past(nights)
    then = [written(nights.at(day)) for day in (3, 4, 5, 6)]
    later(nights)
    assert [written(nights.at(day)) for day in (3, 4, 5, 6)] == then


@pytest.mark.parametrize("later", LATER)
def test_it_is_the_same_too_where_the_runs_are_kept_no_more(
    nights: Nights, later: Callable[[Nights], None]
) -> None:
    a_past(nights).night(after=20, a=OK, b=OK)
    nights.history.purge(FIRST + timedelta(days=20))
    then = [written(nights.at(day)) for day in (4, 5, 6)]
    later(nights)
    assert [written(nights.at(day)) for day in (4, 5, 6)] == then


def test_where_the_runs_before_it_are_kept_no_more_it_says_so(nights: Nights) -> None:
    met(a=GONE, b=OK)(broken_for_a_week(nights))
    before = nights.at(14)
    nights.history.purge(FIRST + timedelta(days=13))
    report = nights.at(14)
    (note,) = report.health
    assert note == (
        "The runs of the days before are kept no more: how resources fared until then is told by"
        " the stored changes of state."
    )
    assert report.compared == (
        "The runs before this one are kept no more, so what changed cannot be told."
    )
    assert [story.incident for story in report.stories] == [
        story.incident for story in before.stories
    ]
    assert before.past is not None
    assert report.past is not None
    assert report.standings == before.standings == {id_of(A): Standing.CONFIRMED, id_of(B): WELL}
    was, now = before.past.state(id_of(A)), report.past.state(id_of(A))
    assert (now.phase, now.since, now.broken.began) == (was.phase, was.since, was.broken.began)
    then = written(report)
    met(a=OK)(nights)
    assert written(nights.at(14)) == then


def test_a_failure_that_is_kept_no_more_still_counts(nights: Nights) -> None:
    nights.night(a=OK).night(a=GONE).night(a=GONE).night(a=GONE)
    nights.history.purge(FIRST + timedelta(days=2))
    assert nights.at(3).standings == {id_of(A): Standing.CONFIRMED}


@pytest.mark.parametrize(
    ("day", "phase", "stories"),
    [
        pytest.param(3, Phase.HEALTHY, [], id="before"),
        pytest.param(4, Phase.SUSPECT, [], id="on the first night that failed"),
        pytest.param(5, Phase.CONFIRMED, ["open"], id="on the second"),
        pytest.param(9, Phase.RECOVERING, ["open"], id="when it worked again"),
        pytest.param(10, Phase.HEALTHY, ["closed"], id="when that was sure"),
    ],
)
def test_states_and_incidents_are_as_of_then(
    nights: Nights, day: int, phase: Phase, stories: list[str]
) -> None:
    report = broken_for_a_week(nights).at(day)
    assert report.past is not None
    assert report.past.state(id_of(A)).phase is phase
    told = ["open" if story.incident.is_open else "closed" for story in report.stories]
    assert told == stories
    ends = [turn.at for story in report.stories for turn in story.turns]
    assert all(end.date() <= date(2026, 3, day) for end in ends)


def test_an_older_run_is_told_as_of_its_end_and_the_newest_by_its_stored_states(
    nights: Nights,
) -> None:
    broken_for_a_week(nights)
    assert report_of(nights.history, nights.runs[3], RULES) == nights.at(4)
    newest = nights.newest()
    replayed = report_of(nights.history, nights.runs[-1], RULES, as_of_then=True)
    assert newest == replayed


def test_a_day_without_a_run_is_that_of_the_last_run_before_it(nights: Nights) -> None:
    nights.night(a=OK).night(a=GONE, after=4)
    assert nights.at(3).run.id == "run-000"
    assert nights.at(31).run.id == "run-001"


def test_a_run_that_does_not_count_is_no_day_s_last(nights: Nights) -> None:
    nights.night(a=OK).night(a=GONE, valid=False)
    assert nights.at(2).run.id == "run-000"
    newest = nights.newest()
    assert (newest.standings, newest.needs) == ({}, ())
    assert newest.past is not None
    assert newest.past.state(id_of(A)).phase is Phase.HEALTHY


def test_before_the_first_run_nothing_is_known(nights: Nights) -> None:
    with pytest.raises(ConfigError, match=r"nothing of 2026-02-28: there was no run\."):
        report_at(nights.history, date(2026, 2, 28), RULES)
    nights.night(a=OK)
    with pytest.raises(ConfigError, match="the first run that counts is of 1 March 2026"):
        report_at(nights.history, date(2026, 2, 28), RULES)


def test_a_day_whose_runs_are_kept_no_more_is_retold_from_what_happened(nights: Nights) -> None:
    broken_for_a_week(nights)
    nights.history.purge(FIRST + timedelta(days=60))
    report = nights.at(6)
    assert report.headline == (
        "As far as is still known of 6 March 2026, 1 resource was in trouble:"
        " 1 is confirmed broken."
    )
    assert "The runs of that day are kept no more." in report.health[0]
    (row,) = report.found
    assert (row.resource.url, row.links[0].link.occurrence.page) == (A, PAGE)
    assert [group.reason for group in report.needs] == [GONE]
    then = written(report)
    nights.night(a=GONE, b=GONE, after=20)
    nights.history.purge(FIRST + timedelta(days=61))
    assert written(nights.at(6)) == then


@pytest.mark.parametrize(
    ("day", "standings"),
    [
        pytest.param(4, [Standing.SUSPECT], id="a suspect, known by its name alone"),
        pytest.param(9, [Standing.RECOVERING], id="recovering"),
        pytest.param(10, [], id="what had recovered is not listed"),
    ],
)
def test_what_is_retold_stands_as_it_did(
    nights: Nights, day: int, standings: list[Standing]
) -> None:
    broken_for_a_week(nights).history.purge(FIRST + timedelta(days=60))
    assert list(nights.at(day).standings.values()) == standings


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("https://a.example/x", id="its address"),
        pytest.param("https://a.example/*", id="a pattern"),
        pytest.param("the id", id="its id"),
        pytest.param("the incident", id="its incident"),
    ],
)
def test_what_is_muted_is_visible_and_counted_apart(nights: Nights, what: str) -> None:
    nights.night(a=GONE, b=OK).night(a=GONE, b=OK)
    (story,) = nights.newest().stories
    named = {"the id": id_of(A), "the incident": of_incident(story.incident.id)}.get(what, what)
    nights.history.mute(mute(named))
    report = nights.newest()
    assert report.headline == ("Of the 2 resources that your page links to, 1 is muted.")
    assert (report.needs, len(report.muted)) == ((), 1)
    assert report.number(Standing.MUTED) == 1
    (story,) = report.stories
    assert story.mute is not None


def test_a_mute_is_over_by_itself_and_the_configuration_mutes_too(nights: Nights) -> None:
    nights.night(a=GONE, b=OK).night(a=GONE, b=OK)
    nights.history.mute(mute(A, until=FIRST + timedelta(hours=20)))
    assert len(nights.at(1).past.mutes) == 1
    over = nights.newest().past
    assert over is not None
    assert not over.muted
    wish = mute("*.example/*", until=None)
    report = nights.newest(Rules(mutes=lambda _now: [wish]))
    assert report.standings[id_of(A)] is Standing.MUTED


def test_the_policy_is_that_of_the_source(nights: Nights) -> None:
    nights.night(a=GONE)
    strict = Policies(rules=(PolicyRule(policy=PRESETS["strict"], source="course"),))
    report = report_of(
        nights.history, nights.runs[0], Rules(policy_for=strict.policy_for), as_of_then=True
    )
    assert report.standings == {id_of(A): Standing.CONFIRMED}


def mute(
    what: str, until: datetime | None = FIRST + timedelta(days=30), since: datetime = FIRST
) -> Mute:
    return Mute(id="m1", what=what, reason="Later.", by="mabel", since=since, until=until)


@pytest.fixture
def command(nights: Nights, tmp_path: Path) -> Callable[..., Result]:
    config = tmp_path / "config.yaml"
    config.write_text(
        f"store: {tmp_path / 'history.sqlite3'}\nreport: {{directory: {tmp_path / 'reports'}}}\n"
    )

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["report", *arguments, "--config", str(config)])

    return run


def test_the_command_writes_the_report_of_a_day_the_same_bytes_each_time(
    nights: Nights, command: Callable[..., Result], tmp_path: Path
) -> None:
    nights.night(a=OK, b=OK).night(a=GONE, b=OK).night(a=GONE, b=OK)
    folder = tmp_path / "reports/at-2026-03-03"

    def written_files() -> dict[str, bytes]:
        done = command("--at", "2026-03-03")
        assert done.exit_code == 0, done.output
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    first = written_files()
    assert {"index.html", "report.md", "report.json", "feed.xml", "badge.svg"} <= set(first)
    nights.night(a=OK, b=GONE).night(a=OK, b=GONE)
    assert written_files() == first
    assert not (tmp_path / "reports/latest").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run-000", "--at", "2026-03-01"), "not both"),
        (("--at", "2026-02-01"), "History knows nothing of 2026-02-01"),
        (("run-x",), "History holds no run"),
    ],
)
def test_the_command_says_what_is_wrong(
    nights: Nights, command: Callable[..., Result], arguments: tuple[str, ...], says: str
) -> None:
    nights.night(a=OK)
    assert says in str(command(*arguments).exception)


def test_a_day_that_is_none_is_refused(nights: Nights, command: Callable[..., Result]) -> None:
    nights.night(a=OK)
    assert command("--at", "yesterday").exit_code == 2

"""Ninety days of our own making behind a page: what was seen each night, and what came of it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from monitor.core.causes import Cause, CauseKind
from monitor.core.days import Day
from monitor.core.findings import Finding, as_met
from monitor.core.incidents import (
    Ending,
    Incident,
    IncidentId,
    IncidentTransition,
    IncidentTurn,
    Member,
)
from monitor.core.model import RunId
from monitor.core.mutes import Mute
from monitor.core.reasons import Reason, Status, explain
from monitor.core.states import Phase, Sighting, State, StatePolicy, replay
from monitor.report.past import Past
from monitor.report.report import Report, build
from tests.report.build import FINISHED, Course

Nights = Mapping[int, Reason]
"""What was met how many nights ago; a night that is missing was not known."""

NIGHTS = 90
_ORDER = (Status.BROKEN, Status.WARNING, Status.UNKNOWN, Status.OK)


def at(nights_ago: int) -> datetime:
    """Return the instant of a nightly run."""
    return FINISHED - timedelta(days=nights_ago)


def nights(*stretches: tuple[int, Reason | None], since: int = NIGHTS - 1) -> Nights:
    """Return nights from stretches, oldest first; the last goes on until today."""
    found, ago = {}, since
    for number, reason in stretches:
        for _ in range(number):
            if reason is not None and ago >= 0:
                found[ago] = reason
            ago -= 1
    return found


def state_of(seen: Nights, policy: StatePolicy | None = None) -> State:
    sightings = (Sighting(at(ago), reason) for ago, reason in seen.items())
    return replay(sightings, policy or StatePolicy())[0]


def days_of(seen: Nights, took: Callable[[int], timedelta | None] | None = None) -> list[Day]:
    made = []
    for ago in sorted(seen, reverse=True):
        status = explain(seen[ago]).status
        made.append(
            Day(
                day=at(ago).date(),
                worst=status,
                ok=int(status is Status.OK),
                warning=int(status is Status.WARNING),
                broken=int(status is Status.BROKEN),
                unknown=int(status is Status.UNKNOWN),
                took=took(ago) if took is not None and status is not Status.UNKNOWN else None,
            )
        )
    return made


def past_of(
    found: Sequence[Finding],
    seen: Callable[[Finding], Nights],
    took: Callable[[int], timedelta | None] | None = None,
    **more: object,
) -> Past:
    """Return the past in which each resource was met as `seen` says."""
    lives = {finding.resource.id: seen(finding) for finding in found}
    past = Past(
        until=FINISHED.date(),
        states={id_: state_of(life) for id_, life in lives.items()},
        days={id_: days_of(life, took) for id_, life in lives.items()},
    )
    return replace(past, **more)  # type: ignore[arg-type]


def report_of(course: Course, past: Past, previous: Course | None = None) -> Report:
    before = previous.findings() if previous is not None else None
    run = previous.run if previous is not None else None
    return build(course.record(), course.findings(), before, run, past)


def incident(
    name: str = "the repository mabel/deep",
    *,
    kind: CauseKind = CauseKind.OWNER,
    reason: Reason = Reason.RENAMED,
    opened: int = 30,
    closed: int | None = None,
    members: Sequence[Member] = (),
    flapping: bool = False,
    detail: str = "",
) -> Incident:
    return Incident(
        id=IncidentId(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]),
        cause=Cause(kind=kind, key=name, name=name),
        status=explain(reason).status,
        reason=reason,
        opened_at=at(opened),
        members=tuple(members),
        detail=detail,
        flapping=flapping,
        closed_at=at(closed) if closed is not None else None,
        ending=Ending.RECOVERED if closed is not None else None,
    )


def turn(of: Incident, kind: IncidentTurn, ago: int, sentence: str) -> IncidentTransition:
    run = RunId(f"run-{ago}")
    return IncidentTransition(
        id=f"{of.id}:{kind}:{run}",
        incident=of.id,
        turn=kind,
        at=at(ago),
        run=run,
        sentence=sentence,
    )


def member(finding: Finding, since: int, phase: Phase = Phase.CONFIRMED) -> Member:
    return Member(
        resource=finding.resource,
        verdict=as_met(finding),
        since=at(since),
        phase=phase,
        links=tuple(found.link for found in finding.links),
    )


def mute(what: str, reason: str = "The term is over.", days: int | None = 30) -> Mute:
    until = FINISHED + timedelta(days=days) if days is not None else None
    return Mute(id="m1", what=what, reason=reason, by="mabel", since=at(3), until=until)


def lived(course: Course) -> Past:
    """Return a past with something of everything for a page such as `build.sample`."""
    found, random = course.findings(), Random(7)
    fails = [f for f in found if as_met(f).status is Status.BROKEN]
    lives = {f.resource.id: _life(f, n, random) for n, f in enumerate(found)}
    base = random.random() * 0.4 + 0.2

    def took(ago: int) -> timedelta:
        return timedelta(seconds=base + 0.3 * ((ago * 37 % 11) / 11) + (2 if ago == 40 else 0))

    renamed = [f for f in found if as_met(f).reason is Reason.RENAMED][:22]
    gone = [f for f in fails if as_met(f).reason is Reason.NOT_FOUND][:3]
    quiet = mute(fails[-1].resource.id) if fails else None
    one = incident(members=[member(f, 31) for f in renamed])
    two = incident(
        "course.example",
        kind=CauseKind.HOST,
        reason=Reason.NOT_FOUND,
        opened=11,
        members=[member(f, 12) for f in gone[:-1]] + [member(gone[-1], 3)],
    )
    old = incident(
        "slides.example", kind=CauseKind.HOST, reason=Reason.NOT_ANSWERING, opened=60, closed=52
    )
    told = {
        one.id: (
            turn(one, IncidentTurn.OPENED, 30, "22 links lead to the old name of the repository."),
        ),
        two.id: (
            turn(two, IncidentTurn.OPENED, 11, "2 pages of the site are gone."),
            turn(two, IncidentTurn.WORSENED, 2, "3 pages of the site are gone now."),
        ),
        old.id: (
            turn(old, IncidentTurn.OPENED, 60, "The host did not answer for three days."),
            turn(old, IncidentTurn.CLOSED, 52, "It answered in two checks in a row."),
        ),
    }
    past = past_of(found, lambda f: lives[f.resource.id], took)
    if quiet is None:
        return past
    return replace(
        past,
        incidents=(one, two, old),
        stories=told,
        mutes=(quiet,),
        muted={fails[-1].resource.id: quiet},
    )


def _life(finding: Finding, n: int, random: Random) -> Nights:
    now, ok = as_met(finding).reason, Reason.ALIVE
    if as_met(finding).status is Status.OK:
        life = dict(nights((NIGHTS, ok)))
        for _ in range(random.choice((0, 0, 1, 3))):
            life[random.randrange(5, NIGHTS)] = random.choice(
                (Reason.NOT_ANSWERING, Reason.SERVER_ERROR)
            )
        if n % 9 == 0:
            life = {ago: reason for ago, reason in life.items() if not 30 < ago < 37}
        if n % 13 == 0:
            life = {ago: reason for ago, reason in life.items() if ago < 20}
        if n % 17 == 0:
            life |= dict(nights((6, Reason.GONE), since=50))
        return life
    if as_met(finding).status is Status.BROKEN:
        spell = (1, 13, 1, 40, 5)[n % 5]
        return nights((NIGHTS - spell, ok), (spell, now))
    spell = 31 if as_met(finding).status is Status.WARNING else 4
    return nights((NIGHTS - spell, ok), (spell, now))


def utc(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

"""The issues of a repository brought up to date, from what history knows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from monitor import baselines
from monitor.config import Config
from monitor.config.issues import Issues
from monitor.core.errors import ConfigError
from monitor.core.findings import Finding, as_met, findings
from monitor.core.incidents import Incident, IncidentId, IncidentTransition
from monitor.core.model import Record, ResourceId, Run, RunId, Url
from monitor.core.mutes import Mute
from monitor.core.reasons import Status
from monitor.core.states import Phase, Sighting, State
from monitor.core.tracked import DASHBOARD, Tracked, TrackedState
from monitor.core.urls import split
from monitor.issues.actions import Plan
from monitor.issues.looking import look, refused
from monitor.issues.matching import Desk
from monitor.issues.reconcile import plan as make_plan
from monitor.issues.tracker import CHANNEL, Accept, Notebook, Tracker
from monitor.issues.view import View, fared
from monitor.net.credentials import Credential
from monitor.net.discretion import Discretion
from monitor.net.fetch import Fetch
from monitor.net.github_api import AppKey, GitHubApi, Sleep
from monitor.net.github_refusals import Refusal
from monitor.providers import find
from monitor.store.history import History

TOLD_WITHIN = timedelta(days=31)
"""How far back incidents and what happened to them are looked at."""

MOST_RUNS = 200
"""So many runs back the newest that checked all is looked for: others by hand may lie between."""

TOKEN = "github_issues"  # noqa: S105 - the name of a key, not a key
"""The credential that writes issues; without it the one named `github` does."""


class Books(Notebook, Protocol):
    """What is read and noted: history."""

    def incidents(self, closed_since: datetime | None = None) -> Sequence[Incident]:
        """Return the open incidents, and those closed since an instant."""

    def incident(self, incident: IncidentId, /) -> Incident | None:
        """Return an incident, or None where it is not known."""

    def tracked(self) -> Mapping[str, Tracked]:
        """Return which issue tells of what."""

    def mutes(self) -> Sequence[Mute]:
        """Return the mutes."""

    def untold(self, channel: str, since: datetime) -> Sequence[IncidentTransition]:
        """Return what has happened and was not told on a channel."""

    def sightings(
        self, until: datetime | None = None, ids: Iterable[ResourceId] | None = None
    ) -> Iterator[tuple[ResourceId, Sequence[Sighting]]]:
        """Yield what was seen of resources, as far as it counts."""

    def states(self, ids: Iterable[ResourceId] | None = None) -> Mapping[ResourceId, State]:
        """Return how resources fare."""

    def runs(self, most: int = 30) -> Sequence[Run]:
        """Return the newest runs, newest first."""

    def load(self, run: RunId, /) -> Record | None:
        """Return all that is stored of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What came of it. `failed` tells that nothing could be looked up, or that steps are left.

    `plan` is what was to be done, None where nothing could be looked up; `done` counts what was
    written, `left` what is left for the next time. `notes` are sentences for whoever must act.
    """

    plan: Plan | None = None
    done: int = 0
    left: int = 0
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Return whether something is left undone for other reasons than `max_new_issues`."""
        return self.plan is None or self.left > 0


def utc_now() -> datetime:
    """Return the present instant, aware, UTC."""
    return datetime.now(UTC)


def sync(
    config: Config,
    history: Books,
    now: Callable[[], datetime] = utc_now,
    *,
    accept: Accept,
    sleep: Sleep = asyncio.sleep,
) -> Synced:
    """Bring the issues up to date and return what came of it; may be called at any time.

    `accept` accepts what a resource is now, and returns why it cannot; see `accepting`. Raises
    ConfigError where the configuration names no repository, or no token is there.
    """
    return asyncio.run(_synced(config, history, now, accept, sleep, write=True))


def planned(
    config: Config,
    history: Books,
    now: Callable[[], datetime] = utc_now,
    *,
    sleep: Sleep = asyncio.sleep,
) -> Synced:
    """Return what `sync` would do at this moment; nothing is written, there or here."""
    return asyncio.run(_synced(config, history, now, lambda _: None, sleep, write=False))


async def _synced(
    config: Config,
    history: Books,
    now: Callable[[], datetime],
    accept: Accept,
    sleep: Sleep,
    *,
    write: bool,
) -> Synced:
    issues = config.issues
    view = view_of(history, config, now())
    async with opened(config, now, sleep) as api:
        desk = await look(api, issues, view)
        if isinstance(desk, Refusal):
            note = f"The issues in {issues.repository} were left alone: {desk.detail}"
            return Synced(notes=(note,))
        plan = make_plan(view, desk, issues)
        told = _told(desk, issues)
        if not write:
            return Synced(plan=plan, notes=told)
        tracker = Tracker(
            api=api,
            notebook=history,
            desk=desk,
            tracked=view.tracked,
            now=now,
            accept=accept,
        )
        await tracker.do(plan)
    return Synced(plan=plan, done=tracker.done, left=tracker.left, notes=(*told, *tracker.notes))


def _told(desk: Desk, issues: Issues) -> tuple[str, ...]:
    """Return what the user should hear of the repository and the token."""
    notes = []
    name, wanted = desk.repository.full_name, issues.repository or ""
    if name.lower() != wanted.lower():
        notes.append(
            f"{wanted} is called {name} now: write that under issues.repository in config.yaml."
        )
    if refused(desk.access):
        notes.append(
            f"The token may not read who has write access to {name}, so only its owner's"
            " commands in comments count."
        )
    return tuple(notes)


def view_of(history: Books, config: Config, now: datetime) -> View:
    """Return what history knows, as far as issues need it."""
    tracked = history.tracked()
    incidents = _incidents(history, tracked, now)
    members = {member.resource.id for each in incidents for member in each.members}
    run = next((r for r in history.runs(MOST_RUNS) if _counts(r)), None)
    view = View(
        incidents=incidents,
        now=now,
        checked_from=run.started_at if run else None,
        checked_at=run.finished_at if run else None,
        mutes=(*history.mutes(), *config.mutes(now)),
        tracked=tracked,
        untold=history.untold(CHANNEL, now - TOLD_WITHIN),
        fared={id_: fared(seen) for id_, seen in history.sightings(ids=members)},
    )
    if run is None or "dashboard" not in config.issues.mode:
        return view
    return _with_shelf(view, history, run)


def _counts(run: Run) -> bool:
    """Return whether a run checked all: one of a part, by hand, says nothing of the rest."""
    return run.valid and run.finished_at is not None and bool(run.sources)


def _incidents(history: Books, tracked: Mapping[str, Tracked], now: datetime) -> Sequence[Incident]:
    """Return the incidents that matter: also old ones whose issue could not be closed in time."""
    found = list(history.incidents(now - TOLD_WITHIN))
    known = {str(each.id) for each in found}
    for key, each in tracked.items():
        if each.state is TrackedState.OPEN and key not in known and key != DASHBOARD:
            late = history.incident(IncidentId(key))
            found += [late] if late is not None else []
    return found


def _with_shelf(view: View, history: Books, run: Run) -> View:
    """Return a view with what stands on the dashboard beside incidents."""
    record = history.load(run.id)
    found = findings(record, find()) if record is not None else ()
    states = history.states([finding.resource.id for finding in found])
    told = {
        member.resource.id
        for incident in view.incidents
        if incident.is_open
        for member in incident.members
    }

    def phase(finding: Finding) -> Phase:
        return states.get(finding.resource.id, State()).phase

    rest = [each for each in found if each.resource.id not in told]
    suspects = [each for each in rest if phase(each) is Phase.SUSPECT]
    unknown = [
        each
        for each in rest
        if as_met(each).status is Status.UNKNOWN and phase(each) is not Phase.SUSPECT
    ]
    since = {id_: state.broken.began for id_, state in states.items() if state.broken.began}
    return replace(
        view,
        suspects=suspects,
        unknown=unknown,
        drifted=[each for each in found if each.changes],
        since=since,
    )


@asynccontextmanager
async def opened(
    config: Config, now: Callable[[], datetime], sleep: Sleep = asyncio.sleep
) -> AsyncIterator[GitHubApi]:
    """Lend the API as the configuration has it; raises ConfigError where it cannot be."""
    issues = config.issues
    if issues.repository is None:
        raise ConfigError("No repository for issues: write `issues: owner/name` into config.yaml.")
    app = None
    credentials: dict[str, Credential] = {}
    if issues.app is not None:
        app = AppKey.read(issues.app.id, issues.app.private_key_file, issues.app.installation)
    else:
        credentials = {TOKEN: _credential(config, issues.base_url)}
    async with Fetch(
        config.network, credentials=credentials, discretion=Discretion(config.secret_texts())
    ) as fetch:
        yield GitHubApi(
            fetch.fetch,
            now,
            base_url=issues.base_url,
            credential=None if app else TOKEN,
            app=app,
            sleep=sleep,
        )


def _credential(config: Config, base_url: Url) -> Credential:
    """Return the token that writes issues; it goes to the API's host alone."""
    secrets = config.secrets()
    token = secrets.get(TOKEN) or secrets.get("github")
    if not token:
        raise ConfigError(
            "No token for issues: set GITHUB_TOKEN to one that may write issues in"
            f" {config.issues.repository}, or name a variable of your own under credentials:"
            f" {TOKEN}: ${{…}}."
        )
    hosts = frozenset({split(base_url).host})
    return Credential(header="authorization", value=f"Bearer {token}", hosts=hosts)


def accepting(history: History) -> Accept:
    """Return what accepts as `linkwell accept` does."""

    def accept(id_: ResourceId) -> str | None:
        try:
            baselines.accept(history, [id_])
        except ConfigError as error:
            return str(error)
        return None

    return accept

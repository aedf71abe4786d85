"""GitHub's issues, as they stand and change: repositories, people, tokens, limits, bad days.

For tests, in a world (all of it over HTTPS, through the proxy, at `https://api.github.com`):

    tracker = world.tracker("meadow/course", collaborators={"ada": "write", "eve": "read"})
    token = world.issues.actions_token("meadow/course")          # github-actions[bot]
    token = world.issues.personal_token("ada", "meadow/course")  # fine-grained
    app = world.issues.app("linkwell", "meadow/course")          # .id, .client_id, .private_key
    world.issues.now = lambda: noon                              # the clock of all that happens

    tracker.issues[1].title, .body, .state, .state_reason, .labels, .comments; tracker.open
    tracker.human("ada").close(1, not_planned=True)              # .comment, .tick, .delete …
    tracker.rename("meadow/lessons"); tracker.archived = True; tracker.has_issues = False
    tracker.lag = 2                                              # new issues miss two lists

    world.issues.fail("bad-gateway", times=3)                    # see github_issue_faults.Fail
    world.issues.fail("cut-after", after=4, writes=True)         # the fifth write is done, unheard
    [(each.method, each.path, each.status) for each in world.issues.calls]; world.issues.writes

GitHub Enterprise: `world.tracker("meadow/course", host="github.example.edu")` is served at
`https://github.example.edu/api/v3`; its tokens, calls and faults are those of
`world.enterprise("github.example.edu")`, which is like `world.issues`, without limits.

As state, for a world in another process: `[github.trackers."<owner>/<name>"]` with `collaborators`
(login = role), `labels`, `private`, `archived`, `has_issues`; a token of `[github] tokens` writes
there as "somebody", an admin.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any, ClassVar
from urllib.parse import urlsplit

from tests.world.github_callers import App, Caller, Callers, looks_like_jwt
from tests.world.github_issue_calls import Answered
from tests.world.github_issue_checks import Refused
from tests.world.github_issue_entry import as_app, called
from tests.world.github_issue_faults import Fail, Faults
from tests.world.github_issue_json import Wording
from tests.world.github_repository import number
from tests.world.github_tracker import IssueTracker
from tests.world.wire import NO_ANSWER, Asked, Reply, as_json, text

_ACTIONS_LIMIT = 1000
"""Requests an hour of Actions' token, per repository.

Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
"""

_HOUR = timedelta(hours=1)
_SERIAL = count(1)
"""Numbers tokens, so that no two are the same whatever their host."""

_OURS = frozenset({"", "issues", "labels", "collaborators", "assignees", "installation"})
"""The parts of a repository that are answered here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call as it was made, and what came of it.

    `path` is without the query and without an Enterprise's /api/v3; `status` is None where no
    answer was heard. `done` tells whether the call was carried out, heard or not. `fault` is
    what was in its way.
    """

    method: str
    path: str
    query: str
    body: Any
    status: int | None
    answer: Any
    by: str
    at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    done: bool = True
    fault: Fail | None = None


class GitHubIssues:
    """The issues of one host: GitHub's own, or an Enterprise's.

    `trackers` are by name; `calls` holds every call in order. `after_call` is told of each, before
    it is heard, and may act: as another instance, say, between a look and a write. `watchers` are
    told of each call of every host.
    """

    watchers: ClassVar[list[Callable[["GitHubIssues", Made], None]]] = []

    def __init__(
        self, host: str = "api.github.com", state: Mapping[str, Any] | None = None
    ) -> None:
        self.host = host
        self.enterprise = host != "api.github.com"
        self.hosts = frozenset({host})
        site = host if self.enterprise else "github.com"
        self.prefix = "/api/v3" if self.enterprise else ""
        self.wording = Wording(f"https://{host}{self.prefix}", f"https://{site}")
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.trackers: dict[str, IssueTracker] = {}
        self.callers = Callers()
        self.faults = Faults()
        self.calls: list[Made] = []
        self.after_call: Callable[[Made], None] | None = None
        self._spent: dict[str, tuple[int, datetime]] = {}
        for name, how in (state or {}).get("trackers", {}).items():
            self.tracker(name, **how).collaborators.setdefault("somebody", "admin")
        if self.trackers:
            for token in (state or {}).get("tokens", ()):
                self.personal_token("somebody", value=token)

    @property
    def writes(self) -> Sequence[Made]:
        """Return the calls that would change something, in order."""
        return [each for each in self.calls if each.method != "GET"]

    def tracker(self, name: str, **how: Any) -> IssueTracker:
        """Return the tracker of a repository, made with IssueTracker's options if new."""
        for each in self.trackers.values():
            if each.name.lower() == name.lower():
                return each
        made = IssueTracker(name, self._by_the_clock, **how)
        self.trackers[name] = made
        return made

    def actions_token(self, repository: str, issues: str | None = "write") -> str:
        """Return a token as Actions gives it to a job of a repository."""
        caller = Caller(
            login="github-actions[bot]",
            issues=issues,
            repositories=frozenset({repository}),
            limit=_ACTIONS_LIMIT,
        )
        return self.callers.add(caller, f"ghs_actions{next(_SERIAL):012}")

    def personal_token(
        self, login: str, *repositories: str, issues: str | None = "write", value: str | None = None
    ) -> str:
        """Return a person's fine-grained token, for some repositories or, without names, all."""
        named = frozenset(repositories) or None
        token = value or f"github_pat_world{next(_SERIAL):012}"
        return self.callers.add(Caller(login=login, issues=issues, repositories=named), token)

    def app(self, slug: str, *repositories: str, issues: str | None = "write") -> App:
        """Return a GitHub App, with one more installation on some repositories."""
        return self.callers.install(slug, repositories, issues)

    def fail(self, kind: str, **how: Any) -> Fail:
        """Let calls fail from now on; see Fail for the kinds and options."""
        return self.faults.add(kind, **how)

    def mend(self) -> None:
        """Let nothing fail any more."""
        self.faults.clear()

    def revoke(self, token: str) -> None:
        """Let a token be good for nothing from now on."""
        del self.callers.tokens[token]

    def spend(self, token: str, *, left: int = 0) -> None:
        """Leave a token so many requests of its hour."""
        caller = self.callers.of(token, self.now())
        assert caller is not None
        self._spent[token] = (caller.limit - left, self.now() + _HOUR)

    def misused(self, asked: Asked) -> Iterator[str]:
        """Yield what a request does with tokens that it must not, one sentence each."""
        for token in self.callers.tokens:
            if token in asked.target:
                yield f"a token of {self.host} stands in the URL of a request to {asked.host}"
            if any(token in value for value in asked.headers.values()):
                if asked.host != self.host:
                    yield f"a token of {self.host} was sent to {asked.host}"
                if asked.scheme != "https":
                    yield f"a token of {self.host} was sent without encryption"

    def takes(self, asked: Asked, others: Collection[str] = ()) -> bool:
        """Return whether a request is for the trackers, and not for the rest of GitHub.

        `others` are the repositories of the rest, in small letters; one that both know is ours
        where its issues, its labels, its people or it as a whole are asked for.
        """
        parts, token = self.parts(asked), _token(asked)
        known = token in self.callers.tokens or looks_like_jwt(token)
        match parts:
            case _ if self.enterprise:
                return True
            case ("repos", owner, name, *rest):
                whole = f"{owner}/{name}".lower()
                ours = self.named(whole) is not None or (known and whole not in others)
                return ours and (rest or [""])[0] in _OURS
            case ("repositories", id_, *rest):
                ours = any(str(each.id) == id_ for each in self.trackers.values())
                return ours and (rest or [""])[0] in _OURS
            case ("user",) | ("rate_limit",):
                return known
        return parts[:1] == ("app",)

    def answer(self, asked: Asked) -> Reply:
        """Return what GitHub says, and note the call."""
        writes = asked.method not in {"GET", "HEAD"}
        fault = self.faults.take(asked.method, urlsplit(f"//h{asked.target}").path, writes=writes)
        reply = self._answered(asked) if fault is None or fault.carried_out else None
        if fault is not None:
            reply = fault.reply(self._rates(_token(asked)), int(self.now().timestamp()))
        assert reply is not None
        self._note(asked, reply, fault)
        return reply

    def _answered(self, asked: Asked) -> Reply:
        """Return the answer of a good day, and count it against the token's hour."""
        if "user-agent" not in asked.headers:
            return text("Request forbidden by administrative rules.", 403)
        token = _token(asked)
        if looks_like_jwt(token):
            return self._reply(asked, _heard(lambda: as_app(self, asked, token)))
        caller = self.callers.of(token, self.now())
        if caller is None:
            return self._reply(asked, _refusal(Refused(401, "Bad credentials")))
        free = self.parts(asked) == ("rate_limit",)
        used, reset = self.window(token)
        if not free and not self.enterprise and used >= caller.limit:
            words = f"API rate limit exceeded for user ID {number(caller.login)}."
            return self._reply(asked, _refusal(Refused(403, words)))
        said = _heard(lambda: called(self, asked, caller))
        etag = _etag(token, said.value)
        same = said.status == 200 and etag in asked.headers.get("if-none-match", "")
        if not free and not (same and token):
            self._spent[token] = (used + 1, reset)
        if asked.method == "GET" and said.status == 200:
            known = (*said.headers, ("ETag", etag))
            unchanged = Answered(status=304, headers=known)
            said = unchanged if same else replace(said, headers=known)
        return self._reply(asked, said)

    def _reply(self, asked: Asked, said: Answered) -> Reply:
        """Return an answer with the headers that all of them carry."""
        headers = (
            *said.headers,
            *self._rates(_token(asked)),
            ("Date", format_datetime(self.now(), usegmt=True)),
            ("X-GitHub-Media-Type", "github.v3; format=json"),
            ("X-GitHub-Request-Id", f"WORLD:{len(self.calls):06X}"),
        )
        if said.value is None:
            return Reply(status=said.status, headers=headers)
        return as_json(said.value, said.status, *headers)

    def _rates(self, token: str) -> tuple[tuple[str, str], ...]:
        """Return the headers that tell what is left of a token's hour; an Enterprise has none."""
        caller = self.callers.of(token, self.now()) if not looks_like_jwt(token) else None
        if caller is None or self.enterprise:
            return ()
        told = self.rate(token, caller)
        named = tuple((f"X-RateLimit-{name.title()}", str(n)) for name, n in told.items())
        return (*named, ("X-RateLimit-Resource", "core"))

    def rate(self, token: str, caller: Caller) -> dict[str, int]:
        """Return what is left of a token's hour, as the API tells it."""
        used, reset = self.window(token)
        left = max(caller.limit - used, 0)
        ends = int(reset.timestamp())
        return {"limit": caller.limit, "remaining": left, "used": used, "reset": ends}

    def window(self, token: str) -> tuple[int, datetime]:
        """Return how many requests a token has used, and when that is forgotten."""
        used, reset = self._spent.get(token, (0, self.now() + _HOUR))
        return (used, reset) if self.now() < reset else (0, self.now() + _HOUR)

    def parts(self, asked: Asked) -> tuple[str, ...]:
        """Return the path's parts, without those of an Enterprise's API; empty for another path."""
        parts, before = asked.segments, tuple(self.prefix.split("/")[1:])
        return parts[len(before) :] if parts[: len(before)] == before else ()

    def named(self, name: str) -> IssueTracker | None:
        """Return a tracker by its name of today or before, or None."""
        for tracker in self.trackers.values():
            names = {tracker.name, *tracker.former_names}
            if name.lower() in map(str.lower, names):
                return tracker
        return None

    def _by_the_clock(self) -> datetime:
        return self.now()  # whatever `now` is by then

    def _note(self, asked: Asked, reply: Reply, fault: Fail | None) -> None:
        caller = self.callers.of(_token(asked), self.now())
        target = urlsplit(f"//h{asked.target}")
        made = Made(
            method=asked.method,
            path=target.path.removeprefix(self.prefix),
            query=target.query,
            body=_json(asked.body),
            status=None if reply is NO_ANSWER else reply.status,
            answer=_json(reply.body),
            by=caller.login if caller else "",
            at=self.now(),
            headers=reply.headers,
            done=fault is None or fault.carried_out,
            fault=fault,
        )
        self.calls.append(made)
        for watcher in self.watchers:
            watcher(self, made)
        if self.after_call is not None:
            self.after_call(made)


def _heard(calling: Callable[[], Answered]) -> Answered:
    """Return what a call brings; a refusal is an answer too."""
    try:
        return calling()
    except Refused as refused:
        return _refusal(refused)


def _refusal(refused: Refused) -> Answered:
    more = {"documentation_url": "https://docs.github.com/rest", "status": str(refused.status)}
    return Answered(value={**refused.value, **more}, status=refused.status)


def _token(asked: Asked) -> str:
    return asked.headers.get("authorization", "").rpartition(" ")[2]


def _etag(token: str, value: Any) -> str:
    content = hashlib.sha256(f"{token}{json.dumps(value)}".encode()).hexdigest()
    return f'W/"{content}"'


def _json(raw: bytes) -> Any:
    """Return what bytes say in JSON, or None where they are none."""
    try:
        return json.loads(raw)
    except ValueError:
        return None

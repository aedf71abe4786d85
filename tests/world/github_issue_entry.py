"""The doors of GitHub's API: what is not about one repository, and the way to the one that is."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.world.github_callers import App, Caller
from tests.world.github_issue_calls import Answered, Call, answer
from tests.world.github_issue_checks import Refused, missing
from tests.world.github_issue_json import instant
from tests.world.github_repository import number
from tests.world.github_tracker import IssueTracker
from tests.world.wire import COMPLAINT, Asked

if TYPE_CHECKING:
    from tests.world.github_issues import GitHubIssues

_VERSIONS = ("2022-11-28", "2026-03-10")
"""The versions of the API that can be asked for; docs.github.com/rest/about-the-rest-api."""

_INSTALLATION = timedelta(hours=1)


def called(host: "GitHubIssues", asked: Asked, caller: Caller) -> Answered:
    """Return what comes of a call by a person, an installation, or nobody. Raises Refused."""
    version = asked.headers.get("x-github-api-version", _VERSIONS[0])
    if version not in _VERSIONS:
        raise Refused(400, f"{version} is not a supported API version.")
    tail: Sequence[str]
    match host.parts(asked):
        case ("user",):
            return _user(host, caller)
        case ("rate_limit",):
            return _rate_limit(host, asked, caller)
        case ("repos", owner, name, *tail):
            tracker = host.named(f"{owner}/{name}")
            renamed = tracker is not None and tracker.name.lower() != f"{owner}/{name}".lower()
        case ("repositories", id_, *tail):
            tracker = next((t for t in host.trackers.values() if str(t.id) == id_), None)
            renamed = False
        case _:
            return _unknown(asked)
    if tracker is None or not caller.sees(tracker):
        raise missing()
    query = urlsplit(f"//h{asked.target}").query
    if renamed:
        return _moved(host, asked, tracker, tail, query)
    call = Call(
        method=asked.method,
        rest=tuple(tail),
        query=query,
        sent=_sent(asked),
        caller=caller,
        tracker=tracker,
        wording=host.wording,
    )
    said = answer(call)
    return said if said is not None else _unknown(asked)


def as_app(host: "GitHubIssues", asked: Asked, assertion: str) -> Answered:
    """Return what comes of a call by an App itself, with a JSON web token. Raises Refused."""
    app = host.callers.app_of(assertion)
    if isinstance(app, str):
        raise Refused(401, app)
    match asked.method, host.parts(asked):
        case "GET", ("repos", owner, name, "installation"):
            tracker = host.named(f"{owner}/{name}")
            for id_, names in app.installations.items():
                if tracker is not None and names & {tracker.name, *tracker.former_names}:
                    return Answered(value=_installation(host, app, id_, tracker.owner))
        case "POST", ("app", "installations", id_, "access_tokens"):
            if id_.isdigit() and int(id_) in app.installations:
                if app.suspended:
                    raise Refused(403, "This installation has been suspended")
                return _installed(host, app, int(id_), _sent(asked))
    raise missing()


def _unknown(asked: Asked) -> Answered:
    """Return the 404 for a call that the double does not know; the world complains of it."""
    what = f"{asked.method} {asked.host}{asked.path}"
    return Answered(value={"message": "Not Found"}, status=404, headers=((COMPLAINT, what),))


def _user(host: "GitHubIssues", caller: Caller) -> Answered:
    if not caller.login:
        raise Refused(401, "Requires authentication")
    if caller.integration:
        raise Refused(403, "Resource not accessible by integration")
    return Answered(value=host.wording.myself(caller.login))


def _rate_limit(host: "GitHubIssues", asked: Asked, caller: Caller) -> Answered:
    if host.enterprise:
        raise Refused(404, "Rate limiting is not enabled.")
    core = host.rate(asked.headers.get("authorization", "").rpartition(" ")[2], caller)
    search = {**core, "limit": 30, "remaining": 30, "used": 0}
    return Answered(value={"resources": {"core": core, "search": search}, "rate": core})


def _moved(
    host: "GitHubIssues", asked: Asked, tracker: IssueTracker, tail: Sequence[str], query: str
) -> Answered:
    """Return the way to a renamed repository: 301 for reading, 307 for writing."""
    url = "/".join((host.wording.api, "repositories", str(tracker.id), *tail))
    url += f"?{query}" if query else ""
    status = 301 if asked.method == "GET" else 307
    value = {"message": "Moved Permanently", "url": url}
    return Answered(value=value, status=status, headers=(("Location", url),))


def _installed(host: "GitHubIssues", app: App, id_: int, sent: Mapping[str, Any]) -> Answered:
    """Return a new token of an installation, good for an hour; less may be asked for, not more."""
    held, asked = app.permissions(), sent.get("permissions") or app.permissions()
    rights = {None: 0, "read": 1, "write": 2}
    if any(rights[word] > rights[held.get(name)] for name, word in asked.items()):
        words = "The permissions requested are not granted to this installation."
        raise Refused(422, words)
    token, caller = host.callers.installed(app, id_, host.now(), asked.get("issues"))
    assert caller.ends is not None
    value = {
        "token": token,
        "expires_at": instant(caller.ends),
        "permissions": asked,
        "repository_selection": "selected",
    }
    return Answered(value=value, status=201)


def _installation(host: "GitHubIssues", app: App, id_: int, owner: str) -> Mapping[str, Any]:
    since = instant(host.now() - timedelta(days=30))
    at = f"{host.wording.api}/app/installations/{id_}"
    return {
        "id": id_,
        "app_id": app.id,
        "app_slug": app.slug,
        "client_id": app.client_id,
        "account": host.wording.user(owner),
        "target_id": number(owner),
        "target_type": "User",
        "repository_selection": "selected",
        "access_tokens_url": f"{at}/access_tokens",
        "repositories_url": f"{host.wording.api}/installation/repositories",
        "html_url": f"{host.wording.site}/settings/installations/{id_}",
        "permissions": app.permissions(),
        "events": [],
        "single_file_name": None,
        "created_at": since,
        "updated_at": since,
        "suspended_by": None,
        "suspended_at": None,
    }


def _sent(asked: Asked) -> Mapping[str, Any]:
    """Return the JSON that was sent; a bare list stands for labels, as GitHub takes it."""
    if not asked.body:
        return {}
    try:
        sent = json.loads(asked.body)
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None
    if isinstance(sent, list):
        return {"labels": sent}
    if not isinstance(sent, dict):
        raise Refused(400, "Body should be a JSON object")
    return sent

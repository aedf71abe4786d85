"""What GitHub's API does with calls about one repository's issues, labels and people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.world.github_callers import Caller
from tests.world.github_issue_checks import (
    Refused,
    assignees,
    body,
    invalid,
    label_fields,
    label_names,
    missing,
    title,
)
from tests.world.github_issue_json import Wording
from tests.world.github_tracker import Comment, Issue, IssueTracker, Label

_MOST_PER_PAGE = 100
_PER_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a call brings: JSON (None for no body), status, and headers of its own."""

    value: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call about a repository: `rest` is the path behind its name."""

    method: str
    rest: tuple[str, ...]
    query: str
    sent: Mapping[str, Any]
    caller: Caller
    tracker: IssueTracker
    wording: Wording

    @property
    def asked(self) -> dict[str, str]:
        """Return the parameters of the query."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


def answer(call: Call) -> Answered | None:
    """Return what comes of a call, or None where the double knows no such call.

    Raises Refused.
    """
    tracker, wording = call.tracker, call.wording
    match call.method, call.rest:
        case "GET", ():
            role = "write" if call.caller.integration else tracker.role(call.caller.login)
            return Answered(value=wording.repository(tracker, role))
        case "GET", ("collaborators", login, "permission"):
            return _permission(call, login)
        case "GET", ("assignees", login):
            if not tracker.assignable(login):
                raise missing()
            return Answered(status=204)
        case _, ("labels", *_):
            return _labels(call)
        case _, ("issues", *_):
            return _issues(call)
    return None


def _permission(call: Call, login: str) -> Answered:
    if not call.caller.integration and not call.caller.may(call.tracker, "write"):
        raise Refused(403, "Must have push access to view collaborator permission.")
    if login.endswith("[bot]"):
        raise Refused(404, f"{login} is not a user")
    return Answered(value=call.wording.permission(call.tracker, login))


def _labels(call: Call) -> Answered | None:
    tracker, wording = call.tracker, call.wording
    if call.method != "GET":
        _writable(call, "write")
    match call.method, call.rest[1:]:
        case "GET", ():
            shown = sorted(tracker.labels.values(), key=lambda each: each.name.lower())
            return _paged(call, [wording.label(tracker, each) for each in shown])
        case "POST", ():
            name, color, description = label_fields(call.sent)
            if name.lower() in tracker.labels:
                raise invalid("Label", "name", "already_exists")
            made = tracker.make_label(name, color, description)
            return _created(wording.label(tracker, made))
        case "GET", (name,):
            return Answered(value=wording.label(tracker, _label(tracker, name)))
        case "PATCH", (name,):
            label = _label(tracker, name)
            sent = {"name": label.name, "color": label.color, **call.sent}
            _, label.color, description = label_fields(sent)
            label.description = description if "description" in sent else label.description
            return Answered(value=wording.label(tracker, label))
        case "DELETE", (name,):
            tracker.remove_label(_label(tracker, name).name)
            return Answered(status=204)
    return None


def _issues(call: Call) -> Answered | None:
    tracker, wording = call.tracker, call.wording
    if not tracker.has_issues:
        words = "Issues has been disabled in this repository."
        raise Refused(410, "Issues are disabled for this repo" if call.method == "GET" else words)
    match call.method, call.rest[1:]:
        case "GET", ():
            return _paged(call, [wording.issue(tracker, each) for each in _listed(call)])
        case "POST", ():
            return _create(call)
        case "GET", ("comments",):
            found = [each for issue in tracker.issues.values() for each in issue.comments]
            found.sort(key=lambda each: each.created_at)
            return _comments(call, found)
        case _, ("comments", id_):
            return _comment(call, id_)
        case _, (number, *below):
            return _one(call, _issue(tracker, number), tuple(below))
    return None


def _create(call: Call) -> Answered:
    tracker, sent, who = call.tracker, call.sent, call.caller.login
    _writable(call, "none")
    fields = title(sent.get("title")), body(sent.get("body"))
    wanted, people = label_names(sent.get("labels")), assignees(sent, tracker)
    pushes = call.caller.may(tracker, "write")  # who cannot push: silently without them
    made = tracker.create(who, *fields, wanted if pushes else (), people if pushes else ())
    value = call.wording.issue(tracker, made)
    return _created(value)


def _one(call: Call, issue: Issue, below: Sequence[str]) -> Answered | None:
    tracker, wording = call.tracker, call.wording
    match call.method, below:
        case "GET", ():
            return Answered(value=wording.issue(tracker, issue))
        case "PATCH", ():
            return _change(call, issue)
        case "GET", ("comments",):
            return _comments(call, issue.comments)
        case "POST", ("comments",):
            _writable(call, "none")
            if issue.locked and (call.caller.integration or not call.caller.may(tracker, "write")):
                raise Refused(403, "Unable to create comment because issue is locked.")
            words = body(call.sent.get("body"), of="IssueComment", needed=True)
            made = tracker.comment(issue, call.caller.login, words or "")
            return _created(wording.comment(tracker, made))
        case "GET", ("events",):
            return _paged(call, [wording.event(tracker, each) for each in issue.events])
        case "GET", ("timeline",):
            told = [(each.at, each.id, wording.happened(tracker, each)) for each in issue.events]
            told += [(c.created_at, c.id, wording.commented(tracker, c)) for c in issue.comments]
            told.sort(key=lambda each: each[:2])
            return _paged(call, [value for *_, value in told])
        case _, ("labels", *names):
            return _issue_labels(call, issue, names)
        case ("POST" | "DELETE") as method, ("assignees",):
            _writable(call, "write")
            act = tracker.assign if method == "POST" else tracker.unassign
            act(issue, call.caller.login, call.sent.get("assignees") or ())
            value = wording.issue(tracker, issue)
            return _created(value) if method == "POST" else Answered(value=value)
    return None


def _change(call: Call, issue: Issue) -> Answered:
    tracker, sent, who = call.tracker, call.sent, call.caller.login
    _writable(call, "none")
    pushes = call.caller.may(tracker, "triage")
    if not pushes and issue.user != who:
        raise Refused(403, "Must have admin rights to Repository.")
    if sent.get("state") not in {None, "open", "closed"}:
        raise invalid("Issue", "state", "invalid", value=sent["state"])
    new_title = issue.title if sent.get("title") is None else title(sent["title"])
    new_body = body(sent["body"]) if "body" in sent else issue.body
    wanted, people = label_names(sent.get("labels")), assignees(sent, tracker)
    tracker.retitle(issue, who, new_title)
    tracker.rewrite(issue, new_body)
    if pushes and sent.get("labels") is not None:
        tracker.relabel(issue, who, wanted)
    if pushes and sent.get("assignees") is not None:
        tracker.unassign(issue, who, [each for each in issue.assignees if each not in people])
        tracker.assign(issue, who, people)
    if sent.get("state") == "closed":
        tracker.close(issue, who, sent.get("state_reason") or "completed")
    elif sent.get("state") == "open":
        tracker.reopen(issue, who)
    return Answered(value=call.wording.issue(tracker, issue))


def _issue_labels(call: Call, issue: Issue, names: Sequence[str]) -> Answered | None:
    tracker, who = call.tracker, call.caller.login
    if call.method != "GET":
        _writable(call, "triage")
    match call.method, names:
        case "GET", ():
            pass
        case "POST", ():
            tracker.label(issue, who, label_names(call.sent.get("labels")))
        case "PUT", ():
            tracker.relabel(issue, who, label_names(call.sent.get("labels")))
        case "DELETE", ():
            tracker.relabel(issue, who, ())
            return Answered(status=204)
        case "DELETE", (name,):
            if name.lower() not in map(str.lower, issue.labels):
                raise Refused(404, "Label does not exist")
            tracker.unlabel(issue, who, [name])
        case _:
            return None
    held = [tracker.labels[each.lower()] for each in issue.labels]
    return Answered(value=[call.wording.label(tracker, each) for each in held])


def _comment(call: Call, id_: str) -> Answered | None:
    tracker = call.tracker
    found = tracker.found_comment(int(id_)) if id_.isdigit() else None
    if found is None:
        raise missing()
    if call.method in {"PATCH", "DELETE"}:
        _writable(call, "none" if found.user == call.caller.login else "write")
    if call.method == "DELETE":
        tracker.remove_comment(found)
        return Answered(status=204)
    if call.method == "PATCH":
        words = body(call.sent.get("body"), of="IssueComment", needed=True)
        tracker.rewrite_comment(found, words or "")
    known = call.method in {"GET", "PATCH"}
    return Answered(value=call.wording.comment(tracker, found)) if known else None


def _comments(call: Call, found: Sequence[Comment]) -> Answered:
    since = _since(call.asked)
    shown = [each for each in found if since is None or each.updated_at >= since]
    return _paged(call, [call.wording.comment(call.tracker, each) for each in shown])


def _listed(call: Call) -> Sequence[Issue]:
    """Return what a list shows, filtered and in order; the newest first where nothing is asked."""
    asked, since = call.asked, _since(call.asked)
    state, creator = asked.get("state", "open"), asked.get("creator")
    if state not in {"open", "closed", "all"}:
        raise invalid("Issue", "state", "invalid", value=state)
    wanted = {each.strip().lower() for each in asked.get("labels", "").split(",") if each.strip()}
    found = [
        each
        for each in call.tracker.listed()
        if state in {"all", each.state}
        and wanted <= set(map(str.lower, each.labels))
        and creator in {None, each.user}
        and (since is None or each.updated_at >= since)
        and _assigned(each, asked.get("assignee"))
    ]
    keys = {
        "updated": lambda each: (each.updated_at, each.number),
        "comments": lambda each: (len(each.comments), each.number),
    }
    order = keys.get(asked.get("sort", ""), lambda each: (each.created_at, each.number))
    return sorted(found, key=order, reverse=asked.get("direction") != "asc")


def _assigned(issue: Issue, to: str | None) -> bool:
    some = bool(issue.assignees)
    return {None: True, "*": some, "none": not some}.get(to, to in issue.assignees)


def _since(asked: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(asked["since"]) if "since" in asked else None
    except ValueError:
        raise invalid("Issue", "since", "invalid", value=asked["since"]) from None


def _paged(call: Call, every: Sequence[Any]) -> Answered:
    """Return one page, and the Link header that leads to the others (RFC 8288)."""
    asked = call.asked
    size = min(max(_whole(asked.get("per_page"), _PER_PAGE), 1), _MOST_PER_PAGE)
    page, last = max(_whole(asked.get("page"), 1), 1), max(-(-len(every) // size), 1)
    there = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    if page >= last:
        del there["next"], there["last"]
    if page == 1:
        del there["prev"], there["first"]
    base = "/".join((call.wording.api, "repositories", str(call.tracker.id), *call.rest))
    kept = [(k, v) for k, v in parse_qsl(call.query, keep_blank_values=True) if k != "page"]
    links = [
        f'<{base}?{urlencode([*kept, ("page", n)])}>; rel="{name}"' for name, n in there.items()
    ]
    shown = every[(page - 1) * size : page * size]
    return Answered(value=shown, headers=(("Link", ", ".join(links)),) if links else ())


def _whole(word: str | None, default: int) -> int:
    return int(word) if word is not None and word.isdigit() else default


def _created(value: Mapping[str, Any]) -> Answered:
    return Answered(value=value, status=201, headers=(("Location", value["url"]),))


def _writable(call: Call, role: str) -> None:
    """Refuse a write that the repository or the caller does not allow."""
    caller, tracker = call.caller, call.tracker
    if not caller.login:
        raise Refused(401, "Requires authentication")
    if tracker.archived:
        raise Refused(403, "Repository was archived so is read-only.")
    if caller.issues != "write" or not caller.reaches(tracker):
        kind = "integration" if caller.integration else "personal access token"
        raise Refused(403, f"Resource not accessible by {kind}")
    if not caller.may(tracker, role):
        raise Refused(403, "Must have admin rights to Repository.")


def _label(tracker: IssueTracker, name: str) -> Label:
    if name.lower() not in tracker.labels:
        raise missing()
    return tracker.labels[name.lower()]


def _issue(tracker: IssueTracker, number: str) -> Issue:
    if number.isdigit() and int(number) in tracker.deleted:
        raise Refused(410, "This issue was deleted")
    if not number.isdigit() or int(number) not in tracker.issues:
        raise missing()
    return tracker.issues[int(number)]

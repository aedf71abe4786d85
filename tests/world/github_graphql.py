"""GitHub's GraphQL API over the repositories of github.py's state.

Strict: a field, argument or fragment that the schema (as far as it is here) does not have is an
error without data, as at GitHub. What is missing: a repository or an issue is null with an error
in `errors`; an object, a ref, a release is null without one. Renames are followed silently.
Source of the facts: providers.md C3 of the project's reference; that a blocked repository is
null with an error of the type FORBIDDEN is our guess.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.world.github_history import sha
from tests.world.github_repository import Repository, folders
from tests.world.graphql_parsing import Field

Found = Mapping[str, Any] | None
"""An object: its fields, each a value, or a function of the arguments; `__typename` among them."""


class SchemaError(ValueError):
    """What the schema does not have."""


@dataclass(slots=True)
class Answered:
    """What came of a query so far: the errors that go beside the data."""

    errors: list[dict[str, Any]] = field(default_factory=list)

    def missing(self, kind: str, words: str, path: Sequence[str]) -> None:
        """Note that something was not there."""
        place = [{"line": 1, "column": 1}]
        self.errors.append({"type": kind, "path": [*path], "locations": place, "message": words})


def execute(
    fields: Sequence[Field],
    repository: Callable[[str], Repository | None],
    users: Mapping[str, str],
    rate: Mapping[str, Any],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return data and errors of a query; raises SchemaError."""
    answered = Answered()
    root = {
        "__typename": "Query",
        "viewer": {"__typename": "User", "login": "somebody", "databaseId": 1},
        "rateLimit": {"__typename": "RateLimit", **rate, "cost": 1, "nodeCount": len(fields)},
        "repository": _Missing(
            ("owner", "name", "followRenames"),
            lambda a: _repository(repository(f"{a['owner']}/{a['name']}"), answered),
            lambda a: (
                f"Could not resolve to a Repository with the name '{a['owner']}/{a['name']}'."
            ),
        ),
        "repositoryOwner": _Plain(("login",), lambda a: _owner(users.get(a["login"].lower()))),
        "user": _Missing(
            ("login",),
            lambda a: _owner(users.get(a["login"].lower())),
            lambda a: f"Could not resolve to a User with the login of '{a['login']}'.",
        ),
    }
    return _pick(root, fields, answered, ()), answered.errors


@dataclass(frozen=True, slots=True)
class _Plain:
    """A field with arguments; null without a word where there is nothing."""

    arguments: Sequence[str]
    value: Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class _Missing(_Plain):
    """A field with arguments that says what it did not find."""

    words: Callable[[Mapping[str, Any]], str]


class _BlockedError(Exception):
    """A repository under a takedown."""


def _pick(
    found: Mapping[str, Any], fields: Sequence[Field], answered: Answered, path: Sequence[str]
) -> dict[str, Any]:
    picked: dict[str, Any] = {}
    kind = found["__typename"]
    for wanted in fields:
        if wanted.on is not None and wanted.on != kind:
            if wanted.on not in _TYPES:
                raise SchemaError(f"No such type {wanted.on}, so it can't be a fragment condition")
            continue
        if wanted.name not in found:
            raise SchemaError(f"Field '{wanted.name}' doesn't exist on type '{kind}'")
        here = (*path, wanted.alias)
        value = _value(found[wanted.name], wanted, answered, here)
        picked[wanted.alias] = _shaped(value, wanted, answered, here)
    return picked


def _value(found: Any, wanted: Field, answered: Answered, path: Sequence[str]) -> Any:
    if not isinstance(found, _Plain):
        if wanted.arguments:
            raise SchemaError(f"Field '{wanted.name}' doesn't accept argument")
        return found
    strange = set(wanted.arguments) - set(found.arguments)
    if strange:
        raise SchemaError(f"Field '{wanted.name}' doesn't accept argument '{strange.pop()}'")
    try:
        value = found.value(wanted.arguments)
    except KeyError as error:
        raise SchemaError(f"Field '{wanted.name}' is missing required argument {error}") from None
    except _BlockedError:
        answered.missing("FORBIDDEN", "Repository access blocked", path)
        return None
    if value is None and isinstance(found, _Missing):
        answered.missing("NOT_FOUND", found.words(wanted.arguments), path)
    return value


def _shaped(value: Any, wanted: Field, answered: Answered, path: Sequence[str]) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [_shaped(each, wanted, answered, (*path, str(n))) for n, each in enumerate(value)]
    if isinstance(value, Mapping):
        if not wanted.inside:
            raise SchemaError(f"Field must have selections (field '{wanted.name}')")
        return _pick(value, wanted.inside, answered, path)
    if wanted.inside and value is not None and value != []:
        raise SchemaError(f"Selections can't be made on scalars (field '{wanted.name}')")
    return value


_TYPES = frozenset(
    [
        "Blob",
        "Tree",
        "Commit",
        "Tag",
        "Issue",
        "PullRequest",
        "Discussion",
        "User",
        "Organization",
        "Repository",
    ]
)


def _owner(login: str | None) -> Found:
    if login is None:
        return None
    url = f"https://github.com/{login}"
    return {"__typename": "User", "login": login, "url": url, "id": f"U_{login}"}


def _repository(found: Repository | None, answered: Answered) -> Found:
    if found is None:
        return None
    if found.blocked is not None:
        raise _BlockedError
    described = found.described()
    branch = None if found.empty else _ref(found.default_branch, "heads")
    return {
        "__typename": "Repository",
        "id": f"R_{found.number}",
        "databaseId": found.number,
        "name": described["name"],
        "nameWithOwner": found.name,
        "owner": _owner(described["owner"]["login"]),
        "url": described["html_url"],
        "description": described["description"],
        "homepageUrl": None,
        "visibility": "PUBLIC",
        "isArchived": described["archived"],
        "isDisabled": described["disabled"],
        "isPrivate": False,
        "isFork": False,
        "isEmpty": found.empty,
        "isLocked": False,
        "isMirror": False,
        "isTemplate": False,
        "hasWikiEnabled": True,
        "hasIssuesEnabled": True,
        "hasDiscussionsEnabled": True,
        "pushedAt": described["pushed_at"],
        "updatedAt": described["updated_at"],
        "createdAt": described["created_at"],
        "stargazerCount": described["stargazers_count"],
        "diskUsage": described["size"],
        "licenseInfo": None,
        "defaultBranchRef": branch,
        "object": _Plain(("expression", "oid"), lambda a: _object(found, a["expression"])),
        "ref": _Plain(("qualifiedName",), lambda a: _qualified(found, a["qualifiedName"])),
        "refs": _Plain(("refPrefix", "first", "last", "query", "after"), lambda a: _refs(found, a)),
        "release": _Plain(("tagName",), lambda a: _release(found, a["tagName"])),
        "latestRelease": _release(found, next(iter(found.releases), "")),
        "releases": _Plain(
            ("first", "last"), lambda _: _connection(map(_partial(found), found.releases))
        ),
        "issue": _issue_field("issue", lambda n: _issue(found, n, "Issue")),
        "pullRequest": _issue_field("pull request", lambda n: _issue(found, n, "PullRequest")),
        "discussion": _issue_field("discussion", lambda n: _issue(found, n, "Discussion")),
        "issueOrPullRequest": _issue_field(
            "issue or pull request",
            lambda n: _issue(found, n, "Issue") or _issue(found, n, "PullRequest"),
        ),
    }


def _issue_field(kind: str, value: Callable[[int], Found]) -> _Missing:
    return _Missing(
        ("number",),
        lambda a: value(a["number"]),
        lambda a: f"Could not resolve to an {kind} with the number of {a['number']}.",
    )


def _issue(found: Repository, number: int, kind: str) -> Found:
    numbers = {"Issue": found.issues, "PullRequest": found.pulls, "Discussion": found.discussions}
    if number not in numbers[kind]:
        return None
    url = f"https://github.com/{found.name}/issues/{number}"
    return {
        "__typename": kind,
        "number": number,
        "title": "A question",
        "url": url,
        "state": "OPEN",
    }


def _partial(found: Repository) -> Callable[[str], Found]:
    return lambda tag: _release(found, tag)


def _release(found: Repository, tag: str) -> Found:
    if tag not in found.releases:
        return None
    base = f"https://github.com/{found.name}/releases"
    assets = [
        {"__typename": "ReleaseAsset", "name": name, "downloadUrl": f"{base}/download/{tag}/{name}"}
        for name in found.releases[tag]
    ]
    return {
        "__typename": "Release",
        "tagName": tag,
        "name": tag,
        "url": f"{base}/tag/{tag}",
        "isDraft": False,
        "isPrerelease": False,
        "releaseAssets": _Plain(
            ("first", "name"),
            lambda a: _connection(each for each in assets if a.get("name") in {None, each["name"]}),
        ),
    }


def _connection(nodes: Any) -> Mapping[str, Any]:
    listed = list(nodes)
    return {
        "__typename": "Connection",
        "nodes": listed,
        "totalCount": len(listed),
        "pageInfo": {"__typename": "PageInfo", "hasNextPage": False, "endCursor": None},
    }


def _ref(name: str, where: str) -> Found:
    target = {"__typename": "Commit", "oid": sha(name), "abbreviatedOid": sha(name)[:7]}
    return {"__typename": "Ref", "name": name, "prefix": f"refs/{where}/", "target": target}


def _qualified(found: Repository, name: str) -> Found:
    for where, there in (("heads", found.branches), ("tags", found.tags)):
        short = name.removeprefix(f"refs/{where}/")
        if short in there and (short != name or "/" not in name or not name.startswith("refs/")):
            return _ref(short, where)
    return None


def _refs(found: Repository, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    prefix = arguments["refPrefix"]
    if not 1 <= arguments.get("first", arguments.get("last", 0)) <= 100:
        raise SchemaError("You must provide a `first` or `last` value from 1 to 100 for `refs`")
    where, _, begin = prefix.removeprefix("refs/").partition("/")
    there = {"heads": found.branches, "tags": found.tags}.get(where, {})
    word = arguments.get("query", "")
    names = [n for n in there if n.startswith(begin) and word.lower() in n.lower()]
    return _connection(_ref(n, where) for n in names[: arguments.get("first", 100)])


def _object(found: Repository, expression: str) -> Found:
    ref, colon, path = expression.partition(":")
    paths = found.paths(ref)
    if paths is None:
        return None
    if not colon:
        return {"__typename": "Commit", "oid": sha(ref), "abbreviatedOid": sha(ref)[:7]}
    if path in paths:
        raw = found.file(path)
        blob = {
            "oid": found.blob(path),
            "byteSize": len(raw),
            "isBinary": False,
            "isTruncated": False,
        }
        return {"__typename": "Blob", **blob, "text": raw.decode()}
    if path in {"", *folders(paths)}:
        return {"__typename": "Tree", "oid": sha(f"{path}/"), "entries": _entries(paths, path)}
    return None


def _entries(paths: Sequence[str], folder: str) -> list[Mapping[str, Any]]:
    start = f"{folder}/" if folder else ""
    inside = dict.fromkeys(p[len(start) :].split("/")[0] for p in paths if p.startswith(start))
    return [
        {
            "__typename": "TreeEntry",
            "name": name,
            "path": f"{start}{name}",
            "type": "blob" if f"{start}{name}" in paths else "tree",
            "oid": sha(f"{start}{name}"),
        }
        for name in inside
    ]

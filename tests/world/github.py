"""GitHub: the REST API, the pages, raw files; renames, limits, blocks.

State: `[github.repos."<owner>/<name>"]` with `default_branch` ("main"), `branches` (name = list of
paths), `tags` (the same), `renamed_branches` (old = new), `lines` (path = number of lines),
`inserted` (path = number of new lines before its first), `removed_lines` (path = how many of its
first lines are gone), `history` (path that was = path that is), `removed` (paths that were),
`same_content` (path = another whose content it has), `archived`, `disabled`, `empty`, `renamed_to`,
`number` (which stays under a new name), `blocked` ("dmca", "tos"), `truncated` (its trees are cut
off after so many entries), `releases` (tags, or tag = names of assets), `issues`, `pulls`,
`discussions`, `deleted_issues`, `transferred` (number = "owner/name#number"), `wiki` (names of
pages); `[github]` with `users`, `gists` (id = {owner, files}), `remaining` (requests left this hour
without a token, 60), `remaining_with_token` (5,000), `remaining_graphql` (5,000),
`secondary_limit`, `tokens` (those that are good), `token_trouble` ("bad", "sso": what is said to
every token), `graphql_says` ("RATE_LIMITED", "timeout"), `trackers` (see github_issues.py, which
has the issues that can be written to).
Source of the facts: providers.md C2 and C3 of the project's reference.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.world.github_graphql import SchemaError, execute
from tests.world.github_issues import GitHubIssues
from tests.world.github_pages import GitHubPages
from tests.world.github_repository import API, Repository, number
from tests.world.graphql_parsing import ParseError, parse
from tests.world.wire import Asked, Reply, as_json, complaint, text

_ANONYMOUS, _WITH_TOKEN = 60, 5000
"""The hourly limits."""

_PRIMARY = "API rate limit exceeded for 192.0.2.1. (But here's the good news: ...)"
_SECONDARY = "You have exceeded a secondary rate limit. Please wait before you try again."


class GitHub:
    """GitHub's API, and the pages behind its other hosts."""

    def __init__(self, state: Mapping[str, Any], issues: GitHubIssues | None = None) -> None:
        self._issues = issues or GitHubIssues()
        repos = state.get("repos", {})
        self._repos = {name.lower(): Repository(name, each) for name, each in repos.items()}
        self._gists: Mapping[str, Mapping[str, Any]] = state.get("gists", {})
        owners = {name.partition("/")[0] for name in repos}
        owners |= {gist.get("owner", "somebody") for gist in self._gists.values()}
        self._users = {user.lower(): user for user in {*state.get("users", ()), *owners}}
        self._state = state
        self._tokens: Sequence[str] = state.get("tokens", ())
        self._left = {
            "core": int(state.get("remaining", _ANONYMOUS)),
            "core with token": int(state.get("remaining_with_token", _WITH_TOKEN)),
            "graphql": int(state.get("remaining_graphql", _WITH_TOKEN)),
        }
        self._reset_at = int(time.time()) + 1800
        self._pages = GitHubPages(self._repos, self._users, self._gists)
        self.hosts = frozenset({"api.github.com", *self._pages.hosts})

    def answer(self, asked: Asked) -> Reply:
        """Return what GitHub says; a REST request takes one off what remains."""
        if asked.host != "api.github.com":
            return self._pages.answer(asked)
        if self._issues.takes(asked, self._repos):
            return self._issues.answer(asked)
        if "access_token" in asked.query:
            return complaint(f"a token in the URL of a request to {asked.host}")
        if asked.segments == ("graphql",):
            return self._graphql(asked)
        bucket = "core with token" if _token(asked) else "core"
        return self._refusal(asked, bucket) or self._rest(asked, bucket)

    def _refusal(self, asked: Asked, bucket: str) -> Reply | None:
        """Return why the API does not answer, or None where it does."""
        if "user-agent" not in asked.headers:
            return text("Request forbidden by administrative rules.", 403)
        token = _token(asked)
        if token and (token not in self._tokens or self._state.get("token_trouble") == "bad"):
            return self._json(bucket, {"message": "Bad credentials"}, 401)
        if token and self._state.get("token_trouble") == "sso":
            words = "Resource protected by organization SAML enforcement."
            return self._json(bucket, {"message": words}, 403, ("X-GitHub-SSO", "required"))
        if asked.segments == ("rate_limit",):
            return None
        if self._state.get("secondary_limit"):
            extra = (("gh-limited-by", "rest"), ("Retry-After", "60"))
            return self._json(bucket, {"message": _SECONDARY}, 403, *extra)
        if self._left[bucket] == 0:
            return self._json(bucket, {"message": _PRIMARY}, 403)
        return None

    def _rest(self, asked: Asked, bucket: str) -> Reply:
        match asked.segments:
            case _ if asked.method not in {"GET", "HEAD"}:
                return complaint(f"{asked.method} {asked.host}{asked.path}")
            case ("rate_limit",):
                core = self._rate(bucket)
                found = {"core": core, "graphql": self._rate("graphql")}
                return as_json({"resources": found, "rate": core}, 200, *_scopes(asked))
            case ("user",) if _token(asked):
                return as_json({"login": "somebody", "id": 1, "type": "User"}, 200, *_scopes(asked))
            case "repos", owner, name, *rest:
                repository = self._repos.get(f"{owner}/{name}".lower())
            case "repositories", asked_number, *rest:
                numbered = (r for r in self._repos.values() if str(r.number) == asked_number)
                repository = next(numbered, None)
            case (("users" | "gists") as kind, name):
                item = self._user(name) if kind == "users" else self._gist(name)
                return self._spent(asked, bucket, item) if item else self._missing(asked, bucket)
            case _:
                return complaint(f"{asked.method} {asked.host}{asked.path}")
        if repository is None:
            return self._missing(asked, bucket)
        return self._about(repository, rest, asked, bucket)

    def _about(
        self, repository: Repository, rest: Sequence[str], asked: Asked, bucket: str
    ) -> Reply:
        to = repository.moved_to(rest)
        if repository.renamed_to is not None:
            there = self._repos.get(repository.renamed_to.lower())
            at = there.number if there is not None else number(repository.renamed_to)
            to = "/".join(("/repositories", str(at), *rest))
        if to is not None:
            query = asked.target.partition("?")
            url = f"{API}{to}{query[1]}{query[2]}"
            moved = {"message": "Moved Permanently", "url": url}
            return self._spent(asked, bucket, moved, 301, ("Location", url))
        said = repository.rest(rest, asked.query)
        return self._spent(asked, bucket, *said) if said else complaint(f"REST {asked.path}")

    def _user(self, name: str) -> Mapping[str, Any] | None:
        login = self._users.get(name.lower())
        return {"login": login, "id": number(login), "type": "User"} if login else None

    def _gist(self, id_: str) -> Mapping[str, Any] | None:
        gist = self._gists.get(id_)
        if gist is None:
            return None
        files = {name: {"filename": name} for name in gist.get("files", ())}
        owner = {"login": gist.get("owner", "somebody")}
        return {"id": id_, "owner": owner, "files": files, "public": True}

    def _missing(self, asked: Asked, bucket: str) -> Reply:
        return self._spent(asked, bucket, {"message": "Not Found"}, 404)

    def _spent(
        self, asked: Asked, bucket: str, value: Any, status: int = 200, *headers: tuple[str, str]
    ) -> Reply:
        """Return an answer that costs one of what remains; the unchanged is free for a token."""
        content = hashlib.sha256(f"{_token(asked)}{json.dumps(value)}".encode()).hexdigest()
        etag = ("ETag", f'W/"{content}"')
        same = status == 200 and etag[1] in asked.headers.get("if-none-match", "")
        if not (same and _token(asked)):
            self._left[bucket] -= 1
        if same:
            unchanged = self._json(bucket, None, 304, etag)
            return Reply(status=304, headers=unchanged.headers)
        return self._json(bucket, value, status, *headers, *([etag] if status == 200 else []))

    def _rate(self, bucket: str) -> dict[str, int]:
        limit = _ANONYMOUS if bucket == "core" else _WITH_TOKEN
        left = self._left[bucket]
        return {"limit": limit, "remaining": left, "used": limit - left, "reset": self._reset_at}

    def _json(self, bucket: str, value: Any, status: int = 200, *headers: tuple[str, str]) -> Reply:
        if status >= 300 and isinstance(value, dict):
            value = {**value, "documentation_url": "https://docs.github.com/rest"}
        rate = {f"X-RateLimit-{name.title()}": str(n) for name, n in self._rate(bucket).items()}
        resource = ("X-RateLimit-Resource", bucket.partition(" ")[0])
        return as_json(value, status, *rate.items(), resource, *headers)

    def _graphql(self, asked: Asked) -> Reply:
        if asked.method != "POST":
            return complaint(f"{asked.method} {asked.host}{asked.path}")
        if not _token(asked):
            words = "This endpoint requires you to be authenticated."
            return self._json("graphql", {"message": words}, 401)
        if (refusal := self._refusal(asked, "core with token")) and self._left["core with token"]:
            return refusal
        says = self._state.get("graphql_says")
        if self._left["graphql"] == 0 or says == "RATE_LIMITED":
            words = "API rate limit exceeded for user ID 1."
            return self._json("graphql", {"errors": [{"type": "RATE_LIMITED", "message": words}]})
        if says == "timeout":
            words = "Something went wrong while executing your query."
            return self._json("graphql", {"data": None, "errors": [{"message": words}]}, 502)
        self._left["graphql"] -= 1
        try:
            sent = json.loads(asked.body)
            fields = parse(sent["query"], sent.get("variables") or {})
            rate = self._rate("graphql")
            reset = datetime.fromtimestamp(rate.pop("reset"), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            data, errors = execute(fields, self._following, self._users, rate | {"resetAt": reset})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            known = isinstance(error, (ParseError, SchemaError))
            words = str(error) if known else "Problems parsing JSON"
            refused = self._json("graphql", {"errors": [{"message": words}]}, 200 if known else 400)
            noted = complaint(f"GraphQL: {words}").headers[-1]
            return Reply(
                status=refused.status, headers=(*refused.headers, noted), body=refused.body
            )
        return self._json("graphql", {"data": data, **({"errors": errors} if errors else {})})

    def _following(self, name: str) -> Repository | None:
        """Return a repository by its name of today or before."""
        found = self._repos.get(name.lower())
        while found is not None and found.renamed_to is not None:
            found = self._repos.get(found.renamed_to.lower())
        return found


def _token(asked: Asked) -> str:
    return asked.headers.get("authorization", "").rpartition(" ")[2]


def _scopes(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the header that tells a token's rights (a classic one's, without any)."""
    return (("X-OAuth-Scopes", ""),) if _token(asked) else ()

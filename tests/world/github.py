"""GitHub: the REST API, the pages, raw files; renames, limits, blocks.

State: `[github.repos."<owner>/<name>"]` with `default_branch` ("main"), `branches` (name = list of
paths), `tags` (the same), `lines` (path = number of lines), `archived`, `disabled`, `empty`,
`renamed_to`, `blocked` ("dmca", "tos"), `truncated` (its trees are cut off after so many entries),
`releases`, `issues`; `[github]` with `users`, `remaining` (requests left this hour, 60),
`secondary_limit`, `tokens` (those that are good).
Source of the facts: providers.md C2 of the project's reference.
"""

import time
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tests.world.github_repository import API, Repository, number
from tests.world.wire import Asked, Reply, as_json, html, page, redirect, text

_ANONYMOUS, _WITH_TOKEN = 60, 5000
"""The hourly limits."""

_PRIMARY = "API rate limit exceeded for 192.0.2.1. (But here's the good news: ...)"
_SECONDARY = "You have exceeded a secondary rate limit. Please wait before you try again."


class GitHub:
    """GitHub's hosts, over the repositories of its state."""

    hosts = frozenset(
        {"github.com", "www.github.com", "api.github.com", "raw.githubusercontent.com"}
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        repos = state.get("repos", {})
        self._repos = {name.lower(): Repository(name, each) for name, each in repos.items()}
        owners = {name.partition("/")[0] for name in repos}
        self._users = {user.lower(): user for user in {*state.get("users", ()), *owners}}
        self._limit = _WITH_TOKEN if state.get("tokens") else _ANONYMOUS
        self._remaining = int(state.get("remaining", self._limit))
        self._secondary = bool(state.get("secondary_limit", False))
        self._tokens: Sequence[str] = state.get("tokens", ())
        self._reset_at = int(time.time()) + 1800

    def answer(self, asked: Asked) -> Reply:
        """Return what GitHub says; a REST request takes one off what remains."""
        if asked.host == "api.github.com":
            return self._refusal(asked) or self._rest(asked)
        if asked.host == "www.github.com":
            return redirect(f"https://github.com{asked.target}", 301)
        if asked.host == "raw.githubusercontent.com":
            return self._raw(asked.segments)
        return self._page(asked)

    def _refusal(self, asked: Asked) -> Reply | None:
        """Return why the API does not answer, or None where it does."""
        if "user-agent" not in asked.headers:
            return text("Request forbidden by administrative rules.", 403)
        token = asked.headers.get("authorization", "").rpartition(" ")[2]
        if token and token not in self._tokens:
            return self._json({"message": "Bad credentials"}, 401)
        if asked.segments == ("rate_limit",):
            return None
        if self._secondary:
            extra = (("gh-limited-by", "rest"), ("Retry-After", "60"))
            return self._json({"message": _SECONDARY}, 403, *extra)
        if self._remaining == 0:
            return self._json({"message": _PRIMARY}, 403)
        return None

    def _rest(self, asked: Asked) -> Reply:
        match asked.segments:
            case ("rate_limit",):
                core = {"limit": self._limit, "remaining": self._remaining}
                core["reset"] = self._reset_at
                return as_json({"resources": {"core": core}, "rate": core})
            case "repos", owner, name, *rest:
                repository = self._repos.get(f"{owner}/{name}".lower())
            case "repositories", asked_number, *rest:
                numbered = (r for r in self._repos.values() if str(r.number) == asked_number)
                repository = next(numbered, None)
            case "users", name if name.lower() in self._users:
                login = self._users[name.lower()]
                return self._spent({"login": login, "id": number(login), "type": "User"})
            case _:
                repository, rest = None, []
        if repository is None:
            return self._spent({"message": "Not Found"}, 404)
        if repository.renamed_to is not None:
            path = "/".join((str(number(repository.renamed_to)), *rest))
            query = asked.target.partition("?")
            to = f"{API}/repositories/{path}{query[1]}{query[2]}"
            moved = {"message": "Moved Permanently", "url": to}
            return self._spent(moved, 301, ("Location", to))
        return self._spent(*repository.rest(rest, asked.query))

    def _spent(self, value: Any, status: int = 200, *headers: tuple[str, str]) -> Reply:
        self._remaining -= 1
        return self._json(value, status, *headers)

    def _json(self, value: Any, status: int = 200, *headers: tuple[str, str]) -> Reply:
        if status >= 300 and isinstance(value, dict):
            value = {**value, "documentation_url": "https://docs.github.com/rest"}
        return as_json(
            value,
            status,
            ("X-RateLimit-Limit", str(self._limit)),
            ("X-RateLimit-Remaining", str(self._remaining)),
            ("X-RateLimit-Used", str(self._limit - self._remaining)),
            ("X-RateLimit-Reset", str(self._reset_at)),
            ("X-RateLimit-Resource", "core"),
            *headers,
        )

    def _raw(self, parts: Sequence[str]) -> Reply:
        repository = self._repos.get("/".join(parts[:2]).lower())
        while repository is not None and repository.renamed_to is not None:
            repository = self._repos.get(repository.renamed_to.lower())
        rest = "/".join(parts[2:]).removeprefix("refs/heads/")
        place = repository.place(rest) if repository is not None else None
        if repository is None or place is None or not repository.has(*place):
            return text("404: Not Found", 404)
        return text(repository.file(place[1]).decode())

    def _page(self, asked: Asked) -> Reply:
        parts = asked.segments
        if len(parts) < 2:
            found = not parts or parts[0].lower() in self._users
            return html(page(escape("".join(parts) or "GitHub"))) if found else _missing()
        repository = self._repos.get("/".join(parts[:2]).lower().removesuffix(".git"))
        if repository is None:
            return _missing()
        if repository.renamed_to is not None:
            rest = asked.path.split("/", 3)[3:]
            return redirect("/".join(("https://github.com", repository.renamed_to, *rest)), 301)
        if repository.blocked is not None:
            return html(page("Repository unavailable due to DMCA takedown."), 451)
        match parts[2:]:
            case ("blob" | "tree" | "raw" | "blame" | "edit") as kind, *rest:
                return _file_page(repository, kind, "/".join(rest))
            case (("issues" | "pull"), issue) if issue not in map(str, repository.issues):
                return _missing()
        return html(page(f"GitHub - {escape(repository.name)}"))


def _file_page(repository: Repository, kind: str, rest: str) -> Reply:
    place = repository.place(rest)
    if place is None or not repository.has(*place, folder=kind == "tree"):
        return _missing()
    ref, path = place
    if kind == "raw":
        return redirect(f"https://raw.githubusercontent.com/{repository.name}/{ref}/{path}")
    return html(page(f"{escape(path or repository.name)} at {escape(ref)}"))


def _missing() -> Reply:
    return html(page("Page not found · GitHub · GitHub"), 404)

"""One repository as GitHub's REST API describes it; the state's form stands in github.py."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.world.github_history import History, committed, sha

API = "https://api.github.com"

Said = tuple[Any, int]
"""The JSON of an answer, and its status."""

_NOT_FOUND: Said = ({"message": "Not Found"}, 404)


class Repository:
    """A repository with its branches and tags, each a list of paths."""

    def __init__(self, name: str, state: Mapping[str, Any]) -> None:
        self.name = name
        self.number = int(state.get("number", number(name)))
        self.renamed_to: str | None = state.get("renamed_to")
        self.blocked: str | None = state.get("blocked")
        self.issues: Sequence[int] = state.get("issues", ())
        self.pulls: Sequence[int] = state.get("pulls", ())
        self.discussions: Sequence[int] = state.get("discussions", ())
        self.transferred: Mapping[str, str] = state.get("transferred", {})
        self.wiki: Sequence[str] = state.get("wiki", ("Home",))
        self.empty = bool(state.get("empty", False))
        self.renamed_branches: Mapping[str, str] = state.get("renamed_branches", {})
        self._state = state
        self.history = History(state.get("history", {}), state.get("removed", ()), self.blob)
        self.default_branch: str = state.get("default_branch", "main")
        self.branches = state.get("branches", {self.default_branch: ["README.md"]})
        self.tags = state.get("tags", {})
        self.refs: dict[str, Sequence[str]] = {} if self.empty else {**self.branches, **self.tags}
        releases = state.get("releases", {})
        self.releases: Mapping[str, Sequence[str]] = (
            releases if isinstance(releases, Mapping) else dict.fromkeys(releases, ())
        )

    def rest(self, parts: Sequence[str], query: Mapping[str, str]) -> Said | None:
        """Return what the API says to /repos/<owner>/<name>/<parts>; None where it is not known."""
        if self.blocked is not None:
            return self._takedown()
        first, last = (parts or ("",))[0], "/".join(parts[1:])
        answers: dict[str, Callable[[], Said]] = {
            "": lambda: (self.described(), 200),
            "git": lambda: self._git(parts[1:], query),
            "branches": lambda: self._branch(last),
            "contents": lambda: self._contents(query.get("ref", self.default_branch), last),
            "commits": lambda: self._commits(last, query),
            "compare": lambda: self._compared(*last.partition("...")[::2]),
            "tags": lambda: ([{"name": name} for name in self.tags], 200),
            "releases": lambda: self._release(parts[1:]),
            "issues": lambda: self._issue(last, {*self.issues, *self.pulls}),
            "pulls": lambda: self._issue(last, {*self.issues, *self.pulls}),
        }
        if first not in answers:
            return None
        return answers[first]()

    def paths(self, ref: str) -> Sequence[str] | None:
        """Return what a branch, tag or commit holds, or None where there is none such."""
        plain = self._plain(ref)
        named = {sha(name): name for name in self.refs}
        known = named.get(plain) or next(
            (name for full, name in named.items() if len(plain) >= 7 and full.startswith(plain)), ""
        )
        return self.refs.get(plain, self.refs.get(known))

    def moved_to(self, parts: Sequence[str]) -> str | None:
        """Return where an issue was transferred ("owner/name", number) or a branch renamed."""
        match parts:
            case (("issues" | "pulls"), issue) if issue in self.transferred:
                repository, _, to = self.transferred[issue].partition("#")
                return f"/repositories/{number(repository)}/issues/{to}"
            case ("branches", *names) if "/".join(names) in self.renamed_branches:
                to = self.renamed_branches["/".join(names)]
                return f"/repositories/{self.number}/branches/{to}"
        return None

    def file(self, path: str) -> bytes:
        """Return the content of a file: as many lines as the state says, 40 by default."""
        lines = int(self._state.get("lines", {}).get(path, 40))
        new = int(self._state.get("inserted", {}).get(path, 0))
        gone = int(self._state.get("removed_lines", {}).get(path, 0))
        text = [b"new line %d\n" % (n + 1) for n in range(new)]
        return b"".join((text + [b"line %d\n" % (n + 1) for n in range(gone, lines)])[:lines])

    def blob(self, path: str) -> str:
        """Return the id of a file's content."""
        return sha(self._state.get("same_content", {}).get(path, path))

    def place(self, rest: str) -> tuple[str, str] | None:
        """Return branch and path of "branch/path", where there is such a branch; else None."""
        for ref in self.refs:
            if rest == ref or rest.startswith(f"{ref}/"):
                return ref, rest.removeprefix(ref).strip("/")
        commit, _, path = rest.partition("/")
        return next(((ref, path) for ref in self.refs if sha(ref) == commit), None)

    def has(self, ref: str, path: str, *, folder: bool = False) -> bool:
        """Return whether a branch has a file, or a folder."""
        paths = self.refs[ref]
        return path in ({"", *folders(paths)} if folder else paths)

    def _when(self, there: bool, value: Any) -> Said:
        return (value, 200) if there else _NOT_FOUND

    def _takedown(self) -> Said:
        block = {
            "reason": self.blocked,
            "created_at": "2024-01-02T03:04:05Z",
            "html_url": "https://github.com/github/dmca/blob/master/notice.md",
        }
        status = 451 if self.blocked == "dmca" else 403
        return {"message": "Repository access blocked", "block": block}, status

    def _git(self, parts: Sequence[str], query: Mapping[str, str]) -> Said:
        kind, rest = parts[0] if parts else "", "/".join(parts[1:])
        if kind == "trees":
            return self._tree(rest, recursive="recursive" in query)
        if kind in {"ref", "matching-refs"}:
            where, _, name = rest.partition("/")
            return self._reference(where, name, exactly=kind == "ref")
        return _NOT_FOUND

    def _tree(self, ref: str, *, recursive: bool) -> Said:
        if self.empty:
            return {"message": "Git Repository is empty."}, 409
        paths = self.paths(ref)
        if paths is None:
            return _NOT_FOUND
        entries: list[dict[str, Any]] = [
            {"path": path, "mode": "040000", "type": "tree", "sha": sha(path)}
            for path in sorted(folders(paths))
        ]
        entries += [
            {"path": path, "mode": "100644", "type": "blob", "size": 1000, "sha": self.blob(path)}
            for path in sorted(paths)
        ]
        entries = [entry for entry in entries if recursive or "/" not in entry["path"]]
        most = self._state.get("truncated", len(entries))
        return {"sha": sha(ref), "tree": entries[:most], "truncated": most < len(entries)}, 200

    def _branch(self, name: str) -> Said:
        if not name:
            return [{"name": each} for each in self.branches], 200
        if name not in self.branches:
            return {"message": "Branch not found"}, 404
        return {"name": name, "commit": {"sha": sha(name)}}, 200

    def _commits(self, ref: str, query: Mapping[str, str]) -> Said:
        """Return a commit, or the commits that touched a path; a move is one commit of its own."""
        if self.empty:
            return {"message": "Git Repository is empty."}, 409
        if not ref:
            there = self.paths(query.get("sha", self.default_branch))
            if there is None:
                return _NOT_FOUND
            return self.history.touching(query.get("path", ""), there), 200
        changed = self.history.files(ref)
        if changed is not None:
            return {**committed(ref), "files": changed}, 200
        if self.paths(ref) is None:
            return {"message": f"No commit found for SHA: {ref}"}, 422
        return {**committed(sha(ref)), "files": []}, 200

    def _compared(self, base: str, head: str) -> Said:
        """Return what changed from a commit to a later one: of each file only where it ended."""
        changed = self.history.since(base)
        known = changed is not None or self.paths(base) is not None
        there = known and self.paths(head) is not None
        return self._when(there, {"status": "ahead", "files": changed or []})

    def _release(self, parts: Sequence[str]) -> Said:
        match parts:
            case ():
                return [self._released(tag) for tag in self.releases], 200
            case ("latest",) if self.releases:
                return self._released(next(iter(self.releases))), 200
            case ("tags", *names) if "/".join(names) in self.releases:
                return self._released("/".join(names)), 200
        return _NOT_FOUND

    def _released(self, tag: str) -> dict[str, Any]:
        base = f"https://github.com/{self.name}/releases"
        assets = [
            {"name": name, "state": "uploaded", "size": 1000}
            | {"browser_download_url": f"{base}/download/{tag}/{name}"}
            for name in self.releases[tag]
        ]
        return {"tag_name": tag, "html_url": f"{base}/tag/{tag}", "draft": False, "assets": assets}

    def _issue(self, issue: str, there: set[int]) -> Said:
        if issue in map(str, self._state.get("deleted_issues", ())):
            return {"message": "This issue was deleted"}, 410
        url = f"https://github.com/{self.name}/issues/{issue}"
        title = {"title": "A question", "state": "open"}
        return self._when(issue in map(str, there), {"number": issue, "html_url": url, **title})

    def _reference(self, kind: str, name: str, *, exactly: bool) -> Said:
        found = [
            {"ref": f"refs/{kind}/{each}", "object": {"sha": sha(each), "type": "commit"}}
            for each in (self.branches if kind == "heads" else self.tags)
            if each == name or (not exactly and each.startswith(name))
        ]
        if exactly:
            return (found[0], 200) if found else _NOT_FOUND
        return found, 200

    def _contents(self, ref: str, path: str) -> Said:
        paths = self.paths(ref)
        if self.empty:
            return {"message": "This repository is empty."}, 404
        if paths is None:
            return {"message": f"No commit found for the ref {ref}"}, 404
        if path in paths:
            raw = self.file(path)
            entry = {"type": "file", "path": path, "name": path.rpartition("/")[2]}
            content = {"encoding": "base64", "content": base64.b64encode(raw).decode()}
            return {**entry, "size": len(raw), "sha": sha(path), **content}, 200
        if path in {"", *folders(paths)}:
            inside = [each for each in paths if each.startswith(f"{path}/" if path else "")]
            return [{"type": "file", "path": each} for each in inside], 200
        return _NOT_FOUND

    def _plain(self, ref: str) -> str:
        plain = ref.removeprefix("refs/heads/").removeprefix("heads/")
        return self.default_branch if plain == "HEAD" else plain

    def described(self) -> dict[str, Any]:
        owner, _, name = self.name.partition("/")
        return {
            "id": self.number,
            "name": name,
            "full_name": self.name,
            "owner": {"login": owner, "id": number(owner), "type": "User"},
            "private": False,
            "html_url": f"https://github.com/{self.name}",
            "description": self._state.get("description", "Notebooks of a course"),
            "fork": False,
            "url": f"{API}/repos/{self.name}",
            "created_at": "2019-09-01T08:00:00Z",
            "updated_at": "2026-01-01T08:00:00Z",
            "pushed_at": "2026-01-01T08:00:00Z",
            "size": 4096,
            "stargazers_count": 42,
            "archived": bool(self._state.get("archived", False)),
            "disabled": bool(self._state.get("disabled", False)),
            "visibility": "public",
            "has_issues": True,
            "license": None,
            "default_branch": self.default_branch,
        }


def folders(paths: Sequence[str]) -> set[str]:
    """Return the folders that hold some paths, without the top."""
    parts = (path.split("/") for path in paths)
    return {"/".join(each[:n]) for each in parts for n in range(1, len(each))}


def number(name: str) -> int:
    """Return a number for a repository or owner, always the same for the same name."""
    return int(sha(name.lower())[:7], 16)

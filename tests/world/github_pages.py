"""What GitHub shows browsers: pages, raw files, gists, wikis, downloads; state in github.py."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tests.world.github_repository import Repository
from tests.world.wire import Asked, Reply, html, page, redirect, text

_STORES = {
    "release-assets.githubusercontent.com",
    "objects.githubusercontent.com",
    "codeload.github.com",
}


class GitHubPages:
    """GitHub's hosts, but for the API."""

    hosts = frozenset(
        {
            "github.com",
            "www.github.com",
            "raw.githubusercontent.com",
            "gist.github.com",
            "gist.githubusercontent.com",
            *_STORES,
        }
    )

    def __init__(
        self,
        repos: Mapping[str, Repository],
        users: Mapping[str, str],
        gists: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._repos = repos
        self._users = users
        self._gists = gists

    def answer(self, asked: Asked) -> Reply:
        """Return what a browser is shown."""
        if asked.host in _STORES:
            return Reply(headers=(("Content-Type", "application/octet-stream"),), body=bytes(100))
        match asked.host:
            case "www.github.com":
                return redirect(f"https://github.com{asked.target}", 301)
            case "raw.githubusercontent.com":
                return self._raw(asked.segments)
            case "gist.github.com" | "gist.githubusercontent.com":
                return self._gist(asked)
        return self._page(asked)

    def _raw(self, parts: Sequence[str]) -> Reply:
        repository = self._repos.get("/".join(parts[:2]).lower())
        while repository is not None and repository.renamed_to is not None:
            repository = self._repos.get(repository.renamed_to.lower())
        rest = "/".join(parts[2:]).removeprefix("refs/heads/")
        place = repository.place(rest) if repository is not None else None
        if repository is None or place is None or not repository.has(*place):
            return text("404: Not Found", 404)
        return text(repository.file(place[1]).decode())

    def _gist(self, asked: Asked) -> Reply:
        ids = [part for part in asked.segments if part in self._gists]
        if not ids:
            return _missing()
        if asked.host == "gist.githubusercontent.com":
            return text("one\ntwo\n")
        return html(page(f"gist {escape(ids[0])}"))

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
        return _inside(repository, parts[2:])


def _inside(repository: Repository, parts: Sequence[str]) -> Reply:
    base = f"https://github.com/{repository.name}"
    there = html(page(f"GitHub - {escape(repository.name)}"))
    numbers = {*map(str, repository.issues), *map(str, repository.pulls)}
    match parts:
        case ("blob" | "tree" | "raw" | "blame" | "edit") as kind, *rest:
            return _file_page(repository, kind, "/".join(rest))
        case (("issues" | "pull"), issue) if issue in repository.transferred:
            to = repository.transferred[issue].replace("#", "/issues/")
            return redirect(f"https://github.com/{to}", 301)
        case (("issues" | "pull"), issue):
            return there if issue in numbers else _missing()
        case "discussions", talk:
            return there if talk in map(str, repository.discussions) else _missing()
        case "wiki", name:  # a page that is missing sends readers to the wiki's home
            return there if name in repository.wiki else redirect(f"{base}/wiki")
        case "commit", commit:
            return there if repository.paths(commit) is not None else _missing()
        case "releases", *rest:
            return _release_page(repository, rest, there)
        case "archive", *_:
            return redirect(f"https://codeload.github.com/{repository.name}/zip")
    return there


def _release_page(repository: Repository, parts: Sequence[str], there: Reply) -> Reply:
    base = f"https://github.com/{repository.name}"
    match parts:
        case ("latest",):
            tag = next(iter(repository.releases), None)
            return redirect(f"{base}/releases/tag/{tag}" if tag else f"{base}/releases")
        case "tag", tag:
            return there if tag in repository.releases else _missing()
        case "download", tag, asset:
            known = asset in repository.releases.get(tag, ())
            store = "https://release-assets.githubusercontent.com/github-production/1"
            return redirect(store) if known else _missing()
    return there


def _file_page(repository: Repository, kind: str, rest: str) -> Reply:
    for old, new in repository.renamed_branches.items():
        if rest == old or rest.startswith(f"{old}/"):
            to = rest.replace(old, new, 1)
            return redirect(f"https://github.com/{repository.name}/{kind}/{to}", 302)
    place = repository.place(rest)
    if place is None or not repository.has(*place, folder=kind == "tree"):
        return _missing()
    ref, path = place
    if kind == "raw":
        return redirect(f"https://raw.githubusercontent.com/{repository.name}/{ref}/{path}")
    return html(page(f"{escape(path or repository.name)} at {escape(ref)}"))


def _missing() -> Reply:
    return html(page("Page not found · GitHub · GitHub"), 404)

"""What git remembers of a repository's paths: which commit moved or removed them.

A move is one commit of its own, that of a folder moves all in it; commits come in the order in
which a file went from name to name. Facts: docs.github.com/rest/commits (`files` of a commit and
of a comparison are entries of one form; a file that was renamed has `previous_filename`).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Files = list[dict[str, Any]]


class History:
    """The moves (old path = new path) and removals of a repository."""

    def __init__(
        self, moves: Mapping[str, str], removed: Sequence[str], blob: Callable[[str], str]
    ) -> None:
        self._moves, self._removed, self._blob = moves, removed, blob

    def touching(self, path: str, there: Sequence[str]) -> Files:
        """Return the last commit that touched a path, as a list; of nothing, none."""
        if path in self._moves:
            return [committed(sha(f"move {path}"))]
        if any(old.startswith(f"{path}/") for old in self._moves):
            return [committed(sha(f"move {path}/"))]
        if path in self._removed:
            return [committed(sha(f"remove {path}"))]
        return [committed(sha(f"make {path}"))] if path in there else []

    def files(self, commit: str) -> Files | None:
        """Return what a commit changed, or None where it is none of these."""
        for path in self._removed:
            if commit == sha(f"remove {path}"):
                return [{"filename": path, "status": "removed", "sha": self._blob(path)}]
        moved = self._moved(commit)
        return [self._renamed(old, self._moves[old]) for old in moved] if moved else None

    def since(self, commit: str) -> Files | None:
        """Return what became of the files that a commit moved, or None where it moved none."""
        moved = self._moved(commit)
        return [e for old in moved for e in self._later(self._moves[old])] if moved else None

    def _moved(self, commit: str) -> Sequence[str]:
        for old in self._moves:
            if commit == sha(f"move {old}"):
                return [old]
            parts = old.split("/")
            for n in range(1, len(parts)):
                folder = "/".join(parts[:n])
                if commit == sha(f"move {folder}/"):
                    return [each for each in self._moves if each.startswith(f"{folder}/")]
        return []

    def _later(self, path: str) -> Files:
        end = path
        while end in self._moves:
            end = self._moves[end]
        if end in self._removed:
            return [{"filename": path, "status": "removed", "sha": self._blob(path)}]
        return [self._renamed(path, end)] if end != path else []

    def _renamed(self, old: str, new: str) -> dict[str, Any]:
        status = {"status": "renamed", "previous_filename": old}
        return {"filename": new, "sha": self._blob(new), **status}


def committed(commit: str) -> dict[str, Any]:
    """Return a commit as lists of them show it."""
    by = {"name": "Somebody", "date": "2024-03-05T08:00:00Z"}
    return {"sha": commit, "commit": {"message": "Tidy up", "author": by, "committer": by}}


def sha(word: str) -> str:
    """Return an id as git makes them, always the same for the same word."""
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()

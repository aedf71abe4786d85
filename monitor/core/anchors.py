"""Places within a page: which fragments name one, and which of them a page lacks."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from urllib.parse import unquote

_LINES = re.compile(r"L\d+(C\d+)?(-L?\d+(C\d+)?)?")
"""Lines of a source file, as GitHub and GitLab write them; scripts lead there."""

_SHELLS = frozenset({"___gatsby", "__next", "__nuxt", "app", "app-root", "root", "svelte"})
"""The ids in which script frameworks build the page, headings included (their templates)."""

_CLOSE = 0.8
_MOST_COMPARED = 500


def names_place(fragment: str) -> bool:
    """Return whether a fragment names an element of the page.

    Not the top, a text fragment, a route that scripts handle, nor parameters for a viewer.
    """
    return not (
        fragment.lower() in {"", "top"}
        or fragment.startswith(("!", "/"))
        or ":~:" in fragment
        or "=" in fragment
        or _LINES.fullmatch(fragment)
    )


def missing(fragments: Iterable[str], ids: Iterable[str]) -> Mapping[str, str | None]:
    """Return the fragments that a page with these ids lacks, each with the nearest id it has.

    Empty when it lacks none, or when nothing can be said: there are no ids at all, or scripts
    build the page. Fragments may be percent encoded. GitHub and its like put "user-content-"
    before the ids of what users write, and lead there by script.
    """
    there = frozenset(ids)
    if not there or there & _SHELLS:
        return {}
    return {
        fragment: _nearest(unquote(fragment), there)
        for fragment in sorted(fragments)
        if not there & _spellings(fragment)
    }


def _spellings(fragment: str) -> frozenset[str]:
    plain = (fragment, unquote(fragment))
    return frozenset((*plain, *(f"user-content-{spelling}" for spelling in plain)))


def _nearest(fragment: str, ids: frozenset[str]) -> str | None:
    """Return the id most like a fragment, or None; comparing is slow, so not with thousands."""
    found = get_close_matches(fragment, sorted(ids)[:_MOST_COMPARED], n=1, cutoff=_CLOSE)
    return found[0] if found else None
